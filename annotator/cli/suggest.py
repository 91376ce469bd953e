"""annotator suggest: attributions and scores of texts, without a database."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from annotator.cli.common import FINDINGS, refusals, say
from annotator.cli.documents import STDIN, Documents, write

if TYPE_CHECKING:
    from annotator.domain.spans import Span
    from annotator.nlp.suggest import Attribution, Scores

EXAMPLE = "Example: annotator suggest --jsonl articles.jsonl"


def suggest(
    file: Annotated[str, typer.Argument(metavar="[FILE|-]", help="Lines with doc_id and text; - is stdin.")] = STDIN,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Lines in and out: the only form there is.")] = False,
    language: Annotated[str, typer.Option(help="Language of the text; there are suggestions for English only.")] = "en",
) -> None:
    """Suggest who says what, and how likely each sentence holds a claim, a quote, an opinion: one JSON line a document.

    Offsets are code points of the text of that line; the scores go from 0 to 1.
    """
    if not jsonl:
        raise typer.BadParameter("Say --jsonl: documents come as lines with doc_id and text.", param_hint="--jsonl")
    with refusals():
        if file == STDIN:
            _documents(sys.stdin.buffer, "stdin", language)
        else:
            with Path(file).open("rb") as opened:
                _documents(opened, file, language)


def _documents(file: BinaryIO, name: str, language: str) -> None:
    """Streams: a document is out before the last one is in, and those before a bad line are."""
    from annotator.nlp.suggest import engine, suggest_many  # spaCy: only commands that read text wait for it

    engine()  # says what is missing before a line is read
    reading = Documents(file)
    for found in suggest_many((text, language) for text in reading.texts()):
        write(
            {
                "doc_id": reading.ids.pop(0),
                "attributions": [_attribution(one) for one in found.attributions],
                "sentences": [_sentence(one) for one in found.sentences],
            }
        )
    if reading.problem is not None:
        say(f"{name}, {reading.problem}")
        raise typer.Exit(FINDINGS)


def _attribution(one: "Attribution") -> dict[str, Any]:
    return {
        "speaker": _pairs(one.speaker),
        "cue": _pairs(one.cue),
        "content": _pairs(one.content),
        "type": one.type,
        "mode": one.mode,
        "naming": one.naming,
        "negated": one.negated,
        "parent": one.parent,
        "reason": one.reason,
    }


def _sentence(one: "Scores") -> dict[str, Any]:
    return {**vars(one), "why": list(one.why)}


def _pairs(spans: "tuple[Span, ...]") -> list[list[int]]:
    return [[span.start, span.end] for span in spans]
