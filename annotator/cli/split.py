"""annotator split: parts of an export for training and testing that share no article and no near-duplicate."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.common import FINDINGS, out, refusals, say

EXAMPLE = "Example: annotator split corpus-2024 corpus-2024-split --seed 7"


def split(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="An export.")],
    target: Annotated[Path, typer.Argument(metavar="TARGET", file_okay=False, help="Made when it is not there.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same split.")] = 1,
    ratios: Annotated[str, typer.Option(help="Names of the parts with their share.")] = "train=80,dev=10,test=10",
) -> None:
    """Write each part into a folder of its own, an export that validates, and split.json; needs no database.

    Articles go whole, and those that are nearly the same go together: nothing leaks between the parts.
    """
    from annotator.export import split as splitting  # as in validate()
    from annotator.export.validate import validate

    shares = _shares(ratios)
    with refusals():
        finding = next(validate(folder), None)
        if finding is not None:
            say(f"{folder} is no sound export: {finding}")
            raise typer.Exit(FINDINGS)
        found = splitting.write(folder, target, shares, seed=seed)
    sizes = Counter(found["articles"].values())
    out(", ".join(f"{name} {sizes[name]}" for name in shares))
    for group in found["near_duplicates"]["clusters"]:
        out("together: " + " ".join(group))


def _shares(words: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for word in words.split(","):
        name, sign, share = word.strip().partition("=")
        if not sign or not name.isidentifier() or not (share.isascii() and share.isdigit()) or name in found:
            raise typer.BadParameter(f"“{word}” is not a new name with a share, like train=80", param_hint="--ratios")
        found[name] = int(share)
    return found
