"""annotator validate: check an export against its schemas and the rules beyond them."""

from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.common import FINDINGS, out, refusals
from annotator.cli.progress import progress
from annotator.domain.words import counted

EXAMPLE = "Example: annotator validate corpus-2024"


def validate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="A folder of an export.")],
) -> None:
    """Print each finding with file, line and place; needs no database. Exit code 1 when there are any."""
    from annotator.export import validate as checking  # the rules need numpy: not every command waits for it

    number = 0
    with refusals(), progress("validate", "sentences") as told:
        for finding in checking.validate(folder, told):
            number += 1
            out(str(finding))
    out(counted(number, "findings"))
    if number:
        raise typer.Exit(FINDINGS)
