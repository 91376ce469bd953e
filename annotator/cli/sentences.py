"""annotator sentence: split, merge, move, resegment, undo; each says first what becomes of the labels."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out
from annotator.cli.progress import progress
from annotator.domain.words import counted
from db.vocabulary import Lineage

if TYPE_CHECKING:
    from sqlmodel import Session

    from annotator.services.carrying import Cut
    from annotator.services.resegmentation import Carried, Plan
    from db.engine import Database

app = typer.Typer(
    help="Mend sentence boundaries; labels follow their words.", no_args_is_help=True, rich_markup_mode=None
)

SentenceArgument = Annotated[str, typer.Argument(help="The sentence's id, sen_….", show_default=False)]
AtArgument = Annotated[int, typer.Argument(min=1, help="Code point of the article before which the cut goes.")]
SAID = {Lineage.SPLIT: "split", Lineage.MERGE: "merged", Lineage.MOVE: "moved"}
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

    with opened(database) as db:
        with db.write() as session:
            version = sentences.version(session, article)
            back = [sentence.uid for sentence in sentences.undo(session, Actor(None), article, version=version)]
        for uid in back:
            out(uid)


@app.command(epilog="Example: annotator sentence resegment --all --dry-run")
def resegment(
    articles: Annotated[
        list[str] | None, typer.Argument(metavar="[ARTICLE…]", help="Ids of articles, art_….", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All articles.")] = False,
    mended: Annotated[bool, typer.Option("--mended", help="Also boundaries that a person has mended.")] = False,
    dry_run: DryRun = False,
    database: DatabaseOption = None,
) -> None:
    """Find the sentences of stored articles anew, say what differs, and cut each article anew in one step.

    Labels go along as in a split or merge; sentence undo takes it back. Nothing happens where nothing differs.
    """
    if bool(articles) == every:
        raise typer.BadParameter("Name articles, or say --all.", param_hint="ARTICLE")
    from annotator.services import suggestions  # as in opened()

    with opened(database) as db:
        with db.read() as session:
            chosen = suggestions.articles(session) if every else articles or []
        with progress("Segmenting", "articles", len(chosen)) as tell:
            for article in chosen:
                _resegment(db, article, mended=mended, dry_run=dry_run)
                tell(1)


def _resegment(db: "Database", uid: str, *, mended: bool, dry_run: bool) -> None:
    from annotator.services import resegmentation  # as in opened()
    from annotator.services.history import Actor

    found = resegmentation.find(db, uid)
    with db.read() as session:
        plan = resegmentation.plan(session, found, mended=mended)
        people = resegmentation.preview(session, plan)
    _tell(plan, people)
    if plan.cuts and not dry_run:
        with db.write() as session:
            resegmentation.apply(
                session, Actor(None), found, version=plan.version, plan_key=plan.key, mended=mended
            )  # fmt: skip


def _tell(plan: "Plan", people: "Sequence[Carried]") -> None:
    """The counts of an article, each difference with - before what goes and + before what comes, whose labels."""
    counts = ", ".join(f"{plan.count(kind)} {said}" for kind, said in SAID.items() if plan.count(kind))
    left = f", {plan.mended} left as mended by hand" if plan.mended else ""
    out(f"{plan.article.uid}\t{plan.stay} stay{left}, {counts or 'nothing differs'}")
    for cut in plan.cuts:
        for sentence in cut.old:
            out(f"- {_line(plan.article.text[sentence.start_cp : sentence.end_cp])}")
        for text in cut.texts:
            out(f"+ {_line(text)}")
    for one in people:
        as_before = "it was" if one.equal == 1 else "they were"
        out(f"{one.name}: {one.equal} carried as {as_before}, {one.needs_review} to be reviewed")


def _line(text: str) -> str:
    return " ".join(text.split())


def _cut(make: "Callable[[Session], Cut]", dry_run: bool, database: str | None) -> None:
    from annotator.services import sentences  # as in opened()
    from annotator.services.history import Actor

    with opened(database) as db:
        with db.read() as session:
            cut = make(session)
            found = sentences.preview(session, cut)
        for text in found.texts:
            out(text)
        people, labels = counted(found.reviewers, "reviewers"), counted(found.needs_review, "labels")
        out(f"Labelled by {people}; to be reviewed afterwards: {labels}.")
        if not dry_run:
            with db.write() as session:
                new = sentences.apply(session, Actor(None), make(session), version=found.version)
            out(" ".join(sentence.uid for sentence in new))
