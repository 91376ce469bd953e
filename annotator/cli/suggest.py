"""annotator suggest: attributions and scores of texts; with --store for articles of the database; --turn off or on."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli import spreading
from annotator.cli.common import DatabaseOption, opened, out, refusals
from annotator.cli.documents import STDIN, Answered, Portion, answered, stream
from annotator.cli.progress import progress
from annotator.cli.spreading import SchedulerOption, WorkersOption
from annotator.domain.words import counted

if TYPE_CHECKING:
    from annotator.domain.spans import Span
    from annotator.nlp.suggest import Attribution, Scores

EXAMPLE = "Examples: annotator suggest --jsonl articles.jsonl; annotator suggest --store"


class Turn(StrEnum):
    ON = "on"
    OFF = "off"


# long because its options stand in its head
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
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
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
    spreading.check(workers, scheduler)
    if len(names or []) > 1 and jsonl:
        raise typer.BadParameter("One file at a time.", param_hint="FILE")
    if turn is not None:
        _turn(database, turn)
    if store:
        _store(database, names or [], workers, scheduler)
    if jsonl:
        _lines(names[0] if names else STDIN, language, workers, scheduler)


def _lines(file: str, language: str, workers: int | None, scheduler: str | None) -> None:
    """Streams: a document is out before the last one is in, and those before a bad line are."""
    from annotator.nlp.suggest import engine  # spaCy: only commands that read text wait for it
    from annotator.nlp.versions import Versions

    with refusals():
        engine()  # says what is missing before a line is read
        with spreading.spread(workers, scheduler, Versions(suggesting=True)) as spread:
            if file == STDIN:
                stream(sys.stdin.buffer, "stdin", language, spread, documents)
            else:
                with Path(file).open("rb") as opened_file:
                    stream(opened_file, file, language, spread, documents)


def _turn(name: str | None, turn: Turn) -> None:
    """Show the stored suggestions, or none."""
    from annotator.services import suggestions  # as in opened()

    with opened(name) as db:
        with db.write() as session:
            suggestions.turn(session, turn is Turn.ON)
        out(f"Suggestions are {turn}.")


def _store(name: str | None, articles: list[str], workers: int | None, scheduler: str | None) -> None:
    """Store suggestions of the named articles, of all where none is named."""
    from annotator.nlp.versions import Versions  # as in opened()
    from annotator.services import suggestions

    with opened(name) as db, spreading.spread(workers, scheduler, Versions(suggesting=True)) as spread:
        with db.read() as session:
            chosen = articles or suggestions.articles(session)
        with progress("Suggesting", "articles", len(chosen)) as tell:
            for article, number in zip(chosen, suggestions.make_all(db, chosen, spread=spread), strict=True):
                out(f"{article}\t{counted(number, 'sentences')}")
                tell(1)


def documents(portion: Portion) -> Answered:
    """One line of suggestions a document."""
    from annotator.nlp.suggest import suggest_many  # as in _lines()

    return answered(
        portion,
        lambda texts: (
            {
                "attributions": [_attribution(one) for one in found.attributions],
                "sentences": [_sentence(one) for one in found.sentences],
            }
            for found in suggest_many(texts)
        ),
    )


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
