"""annotator sentence: mend boundaries: split, merge, move, undo; each says first what becomes of the labels."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out

if TYPE_CHECKING:
    from sqlmodel import Session

    from annotator.services.carrying import Cut

app = typer.Typer(
    help="Mend sentence boundaries; labels follow their words.", no_args_is_help=True, rich_markup_mode=None
)

SentenceArgument = Annotated[str, typer.Argument(help="The sentence's id, sen_….", show_default=False)]
AtArgument = Annotated[int, typer.Argument(min=1, help="Code point of the article before which the cut goes.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would become of the labels.")]


@app.command(epilog="Example: annotator sentence split sen_3f0a61c2b9d47e58 214 --dry-run")
def split(sentence: SentenceArgument, at: AtArgument, dry_run: DryRun = False, database: DatabaseOption = None) -> None:
    """Cut a sentence in two; both halves inherit its labels for review."""
    from annotator.services import sentences  # as in opened()

    _cut(lambda session: sentences.splitting(session, sentence, at), dry_run, database)


@app.command(epilog="Example: annotator sentence merge sen_3f0a61c2b9d47e58")
def merge(sentence: SentenceArgument, dry_run: DryRun = False, database: DatabaseOption = None) -> None:
    """Join a sentence with the next one of its paragraph; equal labels stand, others wait for review."""
    from annotator.services import sentences  # as in opened()

    _cut(lambda session: sentences.merging(session, sentence), dry_run, database)


@app.command(epilog="Example: annotator sentence move sen_3f0a61c2b9d47e58 214")
def move(sentence: SentenceArgument, at: AtArgument, dry_run: DryRun = False, database: DatabaseOption = None) -> None:
    """Move the boundary between a sentence and the next one of its paragraph."""
    from annotator.services import sentences  # as in opened()

    _cut(lambda session: sentences.moving(session, sentence, at), dry_run, database)


@app.command(epilog="Example: annotator sentence undo art_508ed8dde749df69")
def undo(
    article: Annotated[str, typer.Argument(help="The article's id, art_….")], database: DatabaseOption = None
) -> None:
    """Take the last change of boundaries in an article back, unless work on the new sentences rests on it."""
    from annotator.services import sentences  # as in opened()
    from annotator.services.history import Actor

    with opened(database) as db, db.write() as session:
        version = sentences.version(session, article)
        for sentence in sentences.undo(session, Actor(None), article, version=version):
            out(sentence.uid)


def _cut(make: "Callable[[Session], Cut]", dry_run: bool, database: str | None) -> None:
    from annotator.services import sentences  # as in opened()
    from annotator.services.history import Actor

    with opened(database) as db:
        with db.read() as session:
            cut = make(session)
            found = sentences.preview(session, cut)
        for text in found.texts:
            out(text)
        out(f"Labelled by {found.reviewers} reviewers; {found.needs_review} labels need a look afterwards.")
        if not dry_run:
            with db.write() as session:
                new = sentences.apply(session, Actor(None), make(session), version=found.version)
            out(" ".join(sentence.uid for sentence in new))
