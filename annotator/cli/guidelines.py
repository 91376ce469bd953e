"""annotator guideline: show, set, list: the text that reviewers read, and its versions."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.common import DatabaseOption, fail, opened, out, refusals

app = typer.Typer(help="The guidelines and their versions.", no_args_is_help=True, rich_markup_mode=None)

File = Annotated[str, typer.Argument(help="A Markdown file in UTF-8, or - for standard input.", show_default=False)]
Version = Annotated[str | None, typer.Option("--version", help="Name of the version.", show_default=False)]


@app.command(epilog="Example: annotator guideline show --version 1.0")
def show(version: Version = None, database: DatabaseOption = None) -> None:
    """Print the guidelines in force, or another version of them."""
    from annotator.services import guidelines  # as in opened()

    with opened(database) as db, db.read() as session:
        body = guidelines.get(session, version or "").body
    sys.stdout.write(body if body.endswith("\n") else body + "\n")


@app.command("set", epilog="Example: annotator guideline set guidelines.md --version 1.1")
def set_(file: File, version: Version = None, database: DatabaseOption = None) -> None:
    """Put a text in force as a new version; labels and decisions that are there keep theirs."""
    from annotator.domain.guidelines import next_version  # as in opened()
    from annotator.services import guidelines
    from annotator.services.history import Actor
    from db.queries import guidelines as stored

    body = _read(file)
    with opened(database) as db, db.write() as session:
        before = guidelines.get(session, "").version
        made = guidelines.change(session, Actor(None), body, version or next_version(before), based_on=before)
        name = made.version
        labels = sum(found.labels for found in stored.versions(session) if found.guideline.id != made.id)
    out(f"Guidelines {name} are in force. Labels that keep an earlier version: {labels}.")


def _read(file: str) -> str:
    with refusals():
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(f"{file}: byte {error.start} is not UTF-8.")


@app.command("list", epilog="Example: annotator guideline list")
def list_(database: DatabaseOption = None) -> None:
    """Print every version, the newest first: name, since, labels, decisions, in force or not; separated by tabs."""
    from annotator.services import guidelines  # as in opened()
    from db.queries import guidelines as stored

    with opened(database) as db, db.read() as session:
        current = guidelines.get(session, "").id
        for found in stored.versions(session):
            state = "in force" if found.guideline.id == current else "older"
            line = (found.guideline.version, found.guideline.active_from, found.labels, found.decisions, state)
            out("\t".join(map(str, line)))
