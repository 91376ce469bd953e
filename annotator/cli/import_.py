"""annotator import: articles and our own exports into the database."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import FINDINGS, DatabaseOption, opened, out, say
from annotator.cli.progress import progress
from annotator.errors import Refused

if TYPE_CHECKING:
    from annotator.intake.incoming import Rejected
    from annotator.services.articles import ImportReport
    from db.engine import Database

EXAMPLE = "Example: annotator import news/*.txt page.html wire.jsonl --partial"


class Format(StrEnum):
    AUTO = "auto"
    TXT = "txt"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    CONTRACT = "contract"


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…",
            help=".txt, .md, .html, .jsonl, .csv, or a folder that annotator exported.",
            show_default=False,
        ),
    ],
    format_: Annotated[Format, typer.Option("--format", help="What the files are; auto goes by their names.")] = (
        Format.AUTO
    ),
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good records; the others go to FILE.rejects.jsonl.")
    ] = False,
    database: DatabaseOption = None,
) -> None:
    """Store articles with their sentences. A file is taken whole or not at all; the same text again changes nothing.

    Prints a line an article: accepted or duplicate, id, title; then the counts. Rejected records go to stderr with
    line, field and reason.
    """
    refused = False
    total: dict[str, int] = {}
    with opened(database, make=True) as db:
        for path in paths:
            try:
                report = _one(db, path, format_, partial=partial)
            except (Refused, OSError) as error:
                say(str(error) if isinstance(error, Refused) else f"{path}: {error.strerror or error}")
                refused = True
                continue
            _print(path, report)
            if partial and report.rejected and path.is_file():
                _write_rejects(path, report.rejected)
            refused = refused or bool(report.rejected)
            total = {name: total.get(name, 0) + number for name, number in report.counts().items()}
    out(", ".join(f"{total.get(name, 0)} {name}" for name in ("accepted", "duplicate", "rejected")))
    if refused:
        raise typer.Exit(FINDINGS)


def _one(db: "Database", path: Path, format_: Format, *, partial: bool) -> "ImportReport":
    from annotator.intake import formats  # as in opened()
    from annotator.services import articles, exports, storing
    from db import canonical
    from db.vocabulary import ImportFormat

    kind = formats.format_of(path) if format_ is Format.AUTO else ImportFormat(format_)
    if kind is ImportFormat.CONTRACT:
        with progress(path.name, "sentences") as told:
            return exports.restore(db, formats.export_folder(path) or path, progress=told)
    data = formats.file_bytes(path)
    file = storing.File(kind, path.name, canonical.sha256(data))
    with progress(path.name, "articles") as told:
        return articles.import_articles(db, formats.READERS[kind](data), file, partial=partial, progress=told)


def _print(path: Path, report: "ImportReport") -> None:
    for name in ("accepted", "duplicate"):
        for stored in getattr(report, name):
            out("\t".join((name, stored.uid, stored.title or "")))
    for rejected in report.rejected:
        say(f"{path}: {rejected}")
    for name, lines in report.unknown.items():
        say(f"{path}: field {name} is not known and was left out{_places(lines)}")
    if report.rejected and report.batch is None:
        say(f"{path}: nothing was stored.")


def _places(lines: "list[int | None]") -> str:
    """The first lines of a field; a file that is one article has none."""
    numbers = ", ".join(str(line) for line in lines[:5] if line is not None)
    return f" (line {numbers}{' …' if len(lines) > 5 else ''})" if numbers else ""


def _write_rejects(path: Path, rejected: "list[Rejected]") -> None:
    from db import canonical  # orjson: only needed here

    rows = [{"line": r.line, "field": r.field, "reason": r.reason, "record": r.raw} for r in rejected]
    target = path.with_name(path.name + ".rejects.jsonl")
    target.write_bytes(b"".join(canonical.encode(row) + b"\n" for row in rows))
    say(f"{path}: the rejected records are in {target}")
