"""annotator suggest: attributions and scores of texts; with --store for articles of the database; --turn off or on."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from annotator.cli.common import FINDINGS, DatabaseOption, opened, out, refusals, say
from annotator.cli.documents import STDIN, Documents, write
from annotator.cli.progress import progress

if TYPE_CHECKING:
    from annotator.domain.spans import Span
    from annotator.nlp.suggest import Attribution, Scores

EXAMPLE = "Examples: annotator suggest --jsonl articles.jsonl; annotator suggest --store"


class Turn(StrEnum):
    ON = "on"
    OFF = "off"


def suggest(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE|-|ARTICLE…]",
            help="With --jsonl one file, - or nothing for stdin; with --store ids of articles, nothing for all.",
            show_default=False,
        ),
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Lines with doc_id and text in, one line a document out.")] = (
        False
    ),
    store: Annotated[
        bool, typer.Option("--store", help="Suggest for articles of the database; annotate pages then propose it.")
    ] = False,
    turn: Annotated[
        Turn | None, typer.Option("--turn", help="Show stored suggestions to reviewers, or to nobody.")
    ] = None,
    language: Annotated[
        str, typer.Option(help="Language of --jsonl texts; there are suggestions for English only.")
    ] = "en",
    database: DatabaseOption = None,
) -> None:
    """Suggest who says what, and how likely each sentence holds a claim, a quote, an opinion: one JSON line a document.

    Offsets are code points of the text of that line; the scores go from 0 to 1. A reviewer sees a stored suggestion
    only after their own label, and on a fifth of the sentences never, so that its effect can be told.
    """
    if jsonl == (store or turn is not None):
        raise typer.BadParameter(
            "Say --jsonl for lines with doc_id and text, or --store or --turn for the database.", param_hint="--jsonl"
        )
    if not jsonl:
        _database(database, names or [], store=store, turn=turn)
    elif len(names or []) > 1:
        raise typer.BadParameter("One file at a time.", param_hint="FILE")
    else:
        _lines(names[0] if names else STDIN, language)


def _lines(file: str, language: str) -> None:
    with refusals():
        if file == STDIN:
            _documents(sys.stdin.buffer, "stdin", language)
        else:
            with Path(file).open("rb") as stream:
                _documents(stream, file, language)


def _database(name: str | None, articles: list[str], *, store: bool, turn: Turn | None) -> None:
    """Store suggestions of the named articles, of all where none is named; turn them off or on."""
    from annotator.services import suggestions  # as in opened()

    with opened(name) as db:
        if turn is not None:
            with db.write() as session:
                suggestions.turn(session, turn is Turn.ON)
            out(f"Suggestions are {turn}.")
        if store:
            with db.read() as session:
                chosen = articles or suggestions.articles(session)
            with progress("Suggesting", "articles", len(chosen)) as tell:
                for article in chosen:
                    out(f"{article}\t{suggestions.make(db, article)} sentences")
                    tell(1)


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
        "antecedent": _pairs(one.antecedent),
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
