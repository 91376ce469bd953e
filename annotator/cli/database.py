"""annotator db: upgrade, check, backup, restore, copy."""

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import FINDINGS, DatabaseOption, opened, out, refusals, say, settings
from annotator.domain.words import counted
from annotator.errors import Refused

if TYPE_CHECKING:
    from db.engine import Database

app = typer.Typer(help="Look after the database.", no_args_is_help=True, rich_markup_mode=None)


@app.command(epilog="Example: annotator db upgrade --database work.db")
def upgrade(database: DatabaseOption = None) -> None:
    """Bring the database to this program's schema, with a backup first."""
    from db import migrate  # as in opened()

    with opened(database, upgrade=True) as db:
        out(f"schema {migrate.current(db)}")


@app.command(epilog="Example: annotator db check --database work.db")
def check(database: DatabaseOption = None) -> None:
    """Print every finding: integrity, orphans, overlaps, spans, ids, the hash chain; or 0 findings."""
    from db import integrity  # as in opened()

    count = 0
    with opened(database) as db:
        for finding in integrity.check(db):
            out(str(finding))
            count += 1
    out(counted(count, "findings"))
    if count:
        raise typer.Exit(FINDINGS)


@app.command(epilog="Example: annotator db backup work-monday.db")
def backup(
    file: Annotated[Path, typer.Argument(help="The copy; it must not exist yet.")], database: DatabaseOption = None
) -> None:
    """Copy an SQLite database, also while people work on it; the copy is checked."""
    from annotator.services import backups  # as in opened()

    with opened(database) as db:
        backups.backup(db, file)
    out(f"The database was copied to {file}.")


@app.command(epilog="Example: annotator db restore work-monday.db --database work.db")
def restore(file: Annotated[Path, typer.Argument(help="The copy.")], database: DatabaseOption = None) -> None:
    """Put a copy in the database's place: it is checked first, and the old file is kept beside it."""
    from annotator.services import backups  # as in opened()
    from db.engine import parse_url

    with refusals():
        try:
            url = parse_url(settings(database=database).database)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        sqlite = url.get_backend_name() == "sqlite" and url.database
        restored = backups.restore(Path(url.database) if sqlite and url.database else None, file)
    if restored.kept is not None:
        say(f"The old file is kept as {restored.kept}.")
    out(f"The database was restored from {file}, schema {restored.schema}.")


@app.command(epilog="Example: annotator db copy work.db postgresql+psycopg://name@host/corpus")
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="File or URL of the database.", show_default=False)],
    target: Annotated[str, typer.Argument(metavar="TO", help="File or URL of an empty one.", show_default=False)],
) -> None:
    """Copy a database into an empty one, also from SQLite to PostgreSQL and back; every row is compared."""
    from db import copying  # as in opened()
    from db.lock import serving

    with ExitStack() as stack:
        stack.enter_context(refusals())
        one, other = (stack.enter_context(closing(_open(name))) for name in (source, target))
        if one.path is not None and not one.path.exists():
            raise Refused(f"There is no database {one.path}.")
        for db in (one, other):
            stack.enter_context(serving(db.path))
        counts = copying.copy(one, other)
        for name, number in counts.items():
            out(f"{name}\t{number}")
        say(f"{counted(sum(counts.values()), 'rows')} in {other.name}, each as in {one.name}.")


def _open(name: str) -> "Database":
    from db.engine import open_database  # as in opened()

    try:
        return open_database(name)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
