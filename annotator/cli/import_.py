"""annotator import: articles and our own exports into the database."""

from collections.abc import Iterator
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli import spreading
from annotator.cli.common import FINDINGS, DatabaseOption, opened, out, say
from annotator.cli.progress import progress
from annotator.cli.spreading import SchedulerOption, WorkersOption
from annotator.domain.words import counted
from annotator.errors import Refused
from annotator.spread import Spread

if TYPE_CHECKING:
    from annotator.intake.incoming import Rejected
    from annotator.nlp.versions import Versions
    from annotator.services.articles import ImportReport
    from annotator.services.files import Opened
    from db.engine import Database

NOT_READ = "not read"
EXAMPLE = "Example: annotator import news/*.txt page.html wire.jsonl --partial"


class Format(StrEnum):
    AUTO = "auto"
    TXT = "txt"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    LABELSTUDIO = "labelstudio"
    DOCCANO = "doccano"
    CONTRACT = "contract"


# long because its options stand in its head
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…",
            help=".txt, .md, .html, .jsonl, .csv, .json of Label Studio, or a folder that annotator exported.",
            show_default=False,
        ),
    ],
    format_: Annotated[Format, typer.Option("--format", help="What the files are; auto goes by their names.")] = (
        Format.AUTO
    ),
    partial: Annotated[
        bool, typer.Option("--partial", help="Take the good records; the others go to FILE.rejects.jsonl.")
    ] = False,
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="THEIRS=OURS", help="A label of Label Studio or doccano, such as “Factual=claim”."
        ),
    ] = None,
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
    database: DatabaseOption = None,
) -> None:
    """Store articles with their sentences. A file is taken whole or not at all; the same text again changes nothing.

    Prints a line an article: accepted or duplicate, id, title; then the counts. Rejected records go to stderr with
    line, field and reason. After Ctrl-C the same command goes on: files that are done are there, a file that was not
    done is not, with --partial the part of it that is done.
    """
    spreading.check(workers, scheduler)
    refused = False
    total: dict[str, int] = {}
    with (
        opened(database, make=True) as db,
        spreading.spread(workers, scheduler, _versions(db)) as spread,
        progress("import", "files", len(paths), least=2) as done,
    ):
        each = _Each(db, format_, partial, map_ or [], spread, several=len(paths) > 1)
        here: Path | None = None
        try:
            for file in each.files(paths):
                here = file.path
                report = each.bring_in(file)
                done(1)
                refused = refused or report is None or bool(report.rejected)
                for name, number in ({NOT_READ: 1} if report is None else report.counts()).items():
                    total[name] = total.get(name, 0) + number
                here = None
        except KeyboardInterrupt:
            _stopped(here, total, partial=partial)
            raise
    said = [f"{total.get(name, 0)} {name}" for name in ("accepted", "duplicate", "rejected")]
    out(", ".join([*said, *([f"{counted(total[NOT_READ], 'files')} {NOT_READ}"] if NOT_READ in total else [])]))
    if refused:
        raise typer.Exit(FINDINGS)


def _versions(db: "Database") -> "Versions":
    """What sentences of this project depend on."""
    from annotator.nlp.versions import Versions  # as in opened()
    from annotator.services import projects

    with db.read() as session:
        return Versions(projects.options(session).pipelines)


def _stopped(path: Path | None, total: dict[str, int], *, partial: bool) -> None:
    """What is stored after Ctrl-C, in words."""
    here = "What was stored of it stays" if partial else "Nothing of it was stored"
    say(
        (f"Stopped in {path}. {here}" if path is not None else "Stopped between two files")
        + f"; stored of the files before it: {counted(total.get('accepted', 0), 'articles')}."
        " The same command goes on from there."
    )


class _Each:
    """Brings in one file after another; what one is very like may be in another."""

    def __init__(
        self, db: "Database", format_: Format, partial: bool, said: list[str], spread: Spread, *, several: bool
    ) -> None:
        from annotator.intake import formats  # as in opened()
        from annotator.intake.labelled import parse_map
        from annotator.services.files import Files
        from annotator.services.near import Lookout

        self.db, self.partial, self.spread, self.several = db, partial, spread, several
        kind = None if format_ is Format.AUTO else formats.kind_of(format_)
        self.reading, self.lookout = Files(kind, parse_map(said), spread), Lookout()

    def files(self, paths: list[Path]) -> "Iterator[Opened]":
        from annotator.services import files  # as in opened()

        found = self.reading.opened(paths)
        return files.outlined(self.db, found, self.spread) if self.several else found

    def bring_in(self, opened: "Opened") -> "ImportReport | None":
        """What became of the records of a file, printed; None when it was refused as a whole, in words."""
        path = opened.path
        try:
            if opened.error is not None:
                raise opened.error
            report = self._store(opened)
        except (Refused, OSError) as error:
            say(str(error) if isinstance(error, Refused) else f"{path}: {error.strerror or error}")
            return None
        _print(path, report)
        if self.partial and report.rejected and path.is_file():
            _write_rejects(path, report.rejected)
        return report

    def _store(self, opened: "Opened") -> "ImportReport":
        from annotator.intake import formats  # as in opened()
        from annotator.services import articles, exports
        from db.vocabulary import ImportFormat

        path, records = opened.path, opened.records
        if opened.kind is ImportFormat.CONTRACT:
            with progress(path.name, "sentences") as told:
                return exports.restore(self.db, formats.export_folder(path) or path, progress=told)
        total = records.count() if isinstance(records, formats.Lines) else len(records)
        with progress(path.name, "articles", total) if not self.several else nullcontext() as told:
            return articles.import_articles(
                self.db,
                records,
                opened.file,
                partial=self.partial,
                progress=told,
                lookout=self.lookout,
                spread=self.spread,
            )


def _print(path: Path, report: "ImportReport") -> None:
    for name in ("accepted", "duplicate"):
        for stored in getattr(report, name):
            out("\t".join((name, stored.uid, stored.title or "")))
    for person, number in sorted(report.labels.items()):
        out(f"labelled\t{number}\t{person}")
    for words, number in sorted(report.lost.items()):
        out(f"lost\t{number}\t{words}")
    for rejected in report.rejected:
        say(f"{path}: {rejected}")
    for near in report.near:
        say(f"{path}: {_line(near.line)}article {near.uid} is {near}")
    for language, found in sorted(report.languages.items()):
        if language != "en":
            say(f"{path}: the language of {counted(len(found), 'articles')} was found to be {language}")
    for name, lines in report.unknown.items():
        say(f"{path}: field {name} is not known and was left out{_places(lines)}")
    if report.rejected and report.batch is None:
        say(f"{path}: nothing was stored.")


def _line(number: int | None) -> str:
    return "" if number is None else f"line {number}: "


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
