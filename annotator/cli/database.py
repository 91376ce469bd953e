"""annotator db: upgrade, check, backup, restore."""

import typer

from annotator.cli.common import DatabaseOption, opened, out

app = typer.Typer(help="Look after the database.", no_args_is_help=True, rich_markup_mode=None)


@app.command(epilog="Example: annotator db upgrade --database work.db")
def upgrade(database: DatabaseOption = None) -> None:
    """Bring the database to this program's schema, with a backup first."""
    from db import migrate  # as in opened()

    with opened(database, upgrade=True) as db:
        out(f"schema {migrate.current(db)}")
