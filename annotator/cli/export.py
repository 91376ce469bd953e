"""annotator export: the corpus into a folder."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out
from annotator.cli.progress import progress

EXAMPLE = "Example: annotator export corpus-2024"


class Format(StrEnum):
    JSONL = "jsonl"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made when it is not there.", file_okay=False)],
    format_: Annotated[Format, typer.Option("--format", help="The contract's JSONL files with their manifest.")] = (
        Format.JSONL
    ),
    database: DatabaseOption = None,
) -> None:
    """Write articles.jsonl, sentences.jsonl and manifest.json; the same work always gives the same bytes."""
    from annotator.export import contract  # as in opened()

    assert format_ is Format.JSONL
    with opened(database) as db, db.read() as session, progress("export", "sentences") as told:
        manifest = contract.write(session, folder, told)
    out(", ".join(f"{number} {name}" for name, number in manifest["counts"].items()))
