"""The command line: one small file a command group. Modules import what is heavy only when a command runs."""

import os
import sys

import typer

from annotator.cli import (
    agreement,
    articles,
    assign,
    database,
    demo,
    diff,
    export,
    guidelines,
    import_,
    projects,
    release,
    report,
    reviewers,
    segment,
    sentences,
    serve,
    split,
    suggest,
    validate,
)
from annotator.cli.common import FINDINGS, DatabaseOption
from annotator.settings import choose_database

app = typer.Typer(
    name="annotator",
    help="Label sentences of news text, say who speaks and what proves it, measure disagreement, export a corpus.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


app.command(epilog=agreement.EXAMPLE)(agreement.agreement)
app.command(epilog=demo.EXAMPLE)(demo.demo)
app.command(epilog=serve.EXAMPLE)(serve.serve)
app.add_typer(articles.app, name="article")
app.add_typer(database.app, name="db")
app.add_typer(reviewers.app, name="reviewer")
app.add_typer(projects.app, name="project")
app.add_typer(sentences.app, name="sentence")
app.add_typer(guidelines.app, name="guideline")
app.add_typer(release.app, name="release")
app.command(epilog=assign.EXAMPLE)(assign.assign)
app.command(epilog=report.EXAMPLE)(report.report)
app.command("import", epilog=import_.EXAMPLE)(import_.import_)
app.command(epilog=segment.EXAMPLE)(segment.segment)
app.command(epilog=suggest.EXAMPLE)(suggest.suggest)
app.command(epilog=export.EXAMPLE)(export.export)
app.command(epilog=validate.EXAMPLE)(validate.validate)
app.command(epilog=diff.EXAMPLE)(diff.diff)
app.command(epilog=split.EXAMPLE)(split.split)


@app.callback()
def root(named: DatabaseOption = None) -> None:
    if named is not None:
        choose_database(named)


def main() -> None:
    """Run a command; who reads its output and has seen enough, as `head` has, ends it without a word, exit code 1."""
    try:
        app()
    finally:
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            # Python flushes once more when it ends, and would complain again
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(FINDINGS)
