"""CSV of articles: RFC 4180, the headers of JSONL; a cell `byline` may name several people, parted by semicolons."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from annotator.errors import Invalid
from annotator.intake import limits, record
from annotator.intake.clean import BOM, decode
from annotator.intake.incoming import Incoming, Rejected
from db.vocabulary import ImportFormat

QUOTES = {
    "unexpected end of data": "a quotation mark opens a cell that never ends",
    "',' expected after '\"'": "something stands behind the closing quotation mark of a cell",
}


def read(data: bytes) -> Iterator[Incoming | Rejected]:
    """The articles of a file in order; a record that is none is rejected with the line it begins in."""
    try:
        text = decode(data).removeprefix(BOM)
    except Invalid as error:
        yield Rejected(None, error.field, error.message)
        return
    csv.field_size_limit(limits.FILE_BYTES)  # Python's own limit is shorter than an article; always the same number
    lines = list(io.StringIO(text, newline=""))
    rows = csv.reader(lines, strict=True)
    header: list[str] | None = None
    found, first = False, 1
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            reason = QUOTES.get(str(error), "the quotation marks or line ends of this record are wrong")
            yield Rejected(first, None, f"{reason}; nothing is read from here on", "".join(lines[first - 1 :]))
            return
        if cells is None:
            break
        line, first = first, rows.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = [cell.strip() for cell in cells]
            if problem := _problem(header):
                yield Rejected(line, None, problem)
                return
            continue
        found = True
        yield _record(header, cells, line, "".join(lines[line - 1 : rows.line_num]))
    if not found:
        yield Rejected(None, None, "there is no record in it")


def _problem(header: Sequence[str]) -> str | None:
    """Why the first line cannot name the columns."""
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice is not None:
        return f"the column {twice} comes twice"
    if not {"text", "html"} & set(header):
        return "the first line must name the columns, and one of them must be text or html"
    return None


def _record(header: Sequence[str], cells: Sequence[str], line: int, raw: str) -> Incoming | Rejected:
    try:
        if len(cells) != len(header):
            raise Invalid(f"has {len(cells)} cells, the first line has {len(header)}")
        return record.incoming(_fields(header, cells), ImportFormat.CSV, line)
    except Invalid as error:
        return Rejected(line, error.field, error.message, raw)


def _fields(header: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """The cells by name; an empty one that we know is none, a column without a name is called by its number."""
    found: dict[str, Any] = {}
    for number, (name, cell) in enumerate(zip(header, cells, strict=True), start=1):
        found[name or f"column {number}"] = cell if cell.strip() or name not in record.KNOWN else None
    if found.get("byline"):
        found["byline"] = found["byline"].split(";")
    return found
