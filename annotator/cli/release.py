"""annotator release: freeze an export under a name, list releases, get one again."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from annotator.cli.common import DatabaseOption, opened, out
from annotator.cli.progress import progress
from annotator.domain.words import counted
from db.vocabulary import Label

if TYPE_CHECKING:
    from annotator.services.releases import Released

MAKE = "make"


class Named(TyperGroup):
    """`release NAME` is `release make NAME`: every first word that is no command of the group is a name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = [MAKE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    help="Freeze an export under a name: annotator release NAME. The same name gives the same bytes ever after.",
    cls=Named, no_args_is_help=True, rich_markup_mode=None,
)  # fmt: skip


@app.command(MAKE, epilog="Example: annotator release v1 --complete-only")
def make(
    name: Annotated[str, typer.Argument(help="Letters, digits, dots, hyphens, underscores.", show_default=False)],
    article: Annotated[list[str] | None, typer.Option(help="As for export; repeatable.")] = None,
    label: Annotated[list[Label] | None, typer.Option(help="As for export; repeatable.")] = None,
    reviewer: Annotated[list[str] | None, typer.Option(help="As for export; repeatable.")] = None,
    gold_only: Annotated[bool, typer.Option("--gold-only", help="As for export.")] = False,
    complete_only: Annotated[bool, typer.Option("--complete-only", help="As for export.")] = False,
    published_from: Annotated[str | None, typer.Option(metavar="DAY", help="As for export.")] = None,
    published_to: Annotated[str | None, typer.Option(metavar="DAY", help="As for export.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Freeze what the database holds now, or a part of it, under a name."""
    from annotator.services import exports, releases  # as in opened()

    with opened(database) as db, progress("release", "sentences") as told:
        with db.read() as session:
            kept = exports.selection(
                session, articles=article or (), labels=label or (), reviewers=reviewer or (), gold_only=gold_only,
                complete_only=complete_only, published_from=published_from, published_to=published_to,
            )  # fmt: skip
        made = releases.make(db, name, selection=kept, progress=told)
    out(_line(made))


@app.command("list", epilog="Example: annotator release list")
def list_(database: DatabaseOption = None) -> None:
    """Name, event number, time, counts and hash of each release, the newest first."""
    from annotator.services import releases  # as in opened()

    with opened(database) as db, db.read() as session:
        for found in releases.listed(session):
            out(_line(found))


@app.command("get", epilog="Example: annotator release get v1 corpus-v1")
def get(
    name: Annotated[str, typer.Argument(help="The name of a release.", show_default=False)],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made when it is not there.", file_okay=False)],
    database: DatabaseOption = None,
) -> None:
    """Write the files of a release into a folder."""
    from annotator.services import releases  # as in opened()

    with opened(database) as db, db.read() as session:
        out(_line(releases.get(session, name, folder)))


def _line(found: "Released") -> str:
    counts, sha256 = found.manifest["counts"], found.manifest["files"]["sentences.jsonl"]["sha256"]
    numbers = ", ".join(counted(counts[name], name) for name in ("articles", "sentences", "annotations", "gold"))
    return "\t".join((found.name, f"event {found.event}", found.at, numbers, sha256))
