"""The command line: one small file a command group. Modules import what is heavy only when a command runs."""

import typer

from annotator.cli import database
from annotator.cli.common import DatabaseOption
from annotator.settings import choose_database

app = typer.Typer(
    name="annotator",
    help="Label sentences of news text, say who speaks and what proves it, measure disagreement, export a corpus.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


app.add_typer(database.app, name="db")


@app.callback()
def root(named: DatabaseOption = None) -> None:
    if named is not None:
        choose_database(named)


def main() -> None:
    app()
