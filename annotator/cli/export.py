"""annotator export: the corpus into a folder."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out, say
from annotator.cli.progress import progress
from annotator.domain.words import counted
from db.vocabulary import Label

EXAMPLE = "Example: annotator export corpus-2024 --format csv"


class Format(StrEnum):
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    DOCBIN = "docbin"
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
    article: Annotated[list[str] | None, typer.Option(help="Only this one: id or external id; repeatable.")] = None,
    label: Annotated[
        list[Label] | None, typer.Option(help="Judgements only of sentences that somebody gave it; repeatable.")
    ] = None,
    reviewer: Annotated[
        list[str] | None, typer.Option(help="No annotations of others: name or id; repeatable.")
    ] = None,
    gold_only: Annotated[bool, typer.Option("--gold-only", help="No reviewers' annotations.")] = False,
    complete_only: Annotated[
        bool, typer.Option("--complete-only", help="No unsure or unfinished annotations.")
    ] = False,
    published_from: Annotated[str | None, typer.Option(metavar="DAY", help="Articles of this day or later.")] = None,
    published_to: Annotated[str | None, typer.Option(metavar="DAY", help="Articles of this day or earlier.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Write articles.jsonl, sentences.jsonl and manifest.json, or another format into DIR/FORMAT.

    The same work always gives the same bytes. Filters are named in the manifest: articles come whole, an article that
    keeps no judgement is left out. losses.json counts what a format cannot carry.
    """
    from annotator.export import contract, formats  # as in opened()
    from annotator.services import exports

    with opened(database) as db, db.read() as session, progress("export", "sentences") as told:
        kept = exports.selection(
            session, articles=article or (), labels=label or (), reviewers=reviewer or (), gold_only=gold_only,
            complete_only=complete_only, published_from=published_from, published_to=published_to,
        )  # fmt: skip
        if format_ is Format.JSONL:
            manifest = contract.write(session, folder, told, kept)
            out(", ".join(counted(number, name) for name, number in manifest["counts"].items()))
            return
        ledger = formats.write(session, folder, formats.named(format_), told, kept)
    out(", ".join(counted(number, name) for name, number in ledger["written"].items()) or "nothing to write")
    for name, lost in ledger["losses"].items():
        if lost["count"]:
            say(f"Not carried, {lost['count']} {name.replace('_', ' ')}: {lost['what']}.")
