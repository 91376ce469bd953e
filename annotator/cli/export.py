"""annotator export: the corpus into a folder."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out, say
from annotator.cli.progress import progress

EXAMPLE = "Example: annotator export corpus-2024 --format csv"


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"
    CLAIMREVIEW = "claimreview"
    WEBANNOTATION = "webannotation"
    CONLL = "conll"
    BRAT = "brat"
    LABELSTUDIO = "labelstudio"


HELP = "jsonl: our own format, everything in it; the others in a folder of their own, with losses.json."


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Made when it is not there.", file_okay=False)],
    format_: Annotated[Format, typer.Option("--format", help=HELP)] = Format.JSONL,
    database: DatabaseOption = None,
) -> None:
    """Write articles.jsonl, sentences.jsonl and manifest.json, or another format into DIR/FORMAT.

    The same work always gives the same bytes. losses.json counts what a format cannot carry.
    """
    from annotator.export import contract, formats  # as in opened()

    with opened(database) as db, db.read() as session, progress("export", "sentences") as told:
        if format_ is Format.JSONL:
            manifest = contract.write(session, folder, told)
            out(", ".join(f"{number} {name}" for name, number in manifest["counts"].items()))
            return
        chosen = formats.named(format_)
        ledger = formats.write(session, folder, chosen, told)
    out(", ".join(f"{number} {name}" for name, number in ledger["written"].items()) or "nothing to write")
    for name, lost in ledger["losses"].items():
        if lost["count"]:
            say(f"Not carried, {lost['count']} {name.replace('_', ' ')}: {lost['what']}.")
