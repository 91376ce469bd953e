"""Rows `item, annotator, label` of any label file, JSONL or CSV, for `annotator agreement`."""

import csv
import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from annotator.domain.ratings import NONE, Value, name_of, read_number
from annotator.errors import Invalid

NEVER_COUNTED = ("gold", "adjudicator", "machine")
REQUIRED = ("item", "annotator", "label")
OPTIONAL = ("revision", "role", "deleted")
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no", "")


@dataclass(frozen=True)
class LabelFile:
    """The labels that count, how many rows were left out for which reason, and the fields nobody reads."""

    rows: list[tuple[str, str, Value]]
    left_out: dict[str, int]
    unknown: tuple[str, ...]


@dataclass(slots=True)
class _Row:
    """One row as it stands in the file."""

    line: int
    item: str
    annotator: str
    label: Value | None
    revision: int
    role: str
    deleted: bool


@dataclass
class _Reading:
    path: Path
    declared: frozenset[str]
    unknown: set[str] = field(default_factory=set)

    def refuse(self, line: int, name: str, reason: str) -> Invalid:
        return Invalid(f"{self.path}:{line}: {name}: {reason}", field=name)


def read_labels(path: Path, *, declared: Sequence[str] = ()) -> LabelFile:
    """Read a label file; raises Invalid with file, line and field for the first row that cannot be read.

    Only the highest revision of an item and annotator counts: a deleted or empty one withdraws the earlier ones.
    Rows of gold, adjudicators and machines never count. Two different rows of one revision are refused.
    """
    reading = _Reading(path, frozenset(name_of(read_number(name) or name) for name in declared) | {*declared})
    left_out: Counter[str] = Counter()
    latest: dict[tuple[str, str], _Row] = {}
    for row in _rows(reading):
        if row.role.strip().casefold() in NEVER_COUNTED:
            left_out[f"role {row.role.strip().casefold()}"] += 1
            continue
        key = row.item, row.annotator
        known = latest.setdefault(key, row)
        if known is row:
            continue
        if known.revision == row.revision and (known.label, known.deleted) != (row.label, row.deleted):
            reason = f"{row.annotator} has another label for {row.item} of the same revision in line {known.line}"
            raise reading.refuse(row.line, "revision", reason)
        left_out["superseded" if known.revision != row.revision else "repeated"] += 1
        if row.revision > known.revision:
            latest[key] = row
    left_out["deleted"] = sum(row.deleted for row in latest.values())
    left_out["missing"] = sum(row.label is None and not row.deleted for row in latest.values())
    counted = [
        (item, annotator, row.label)
        for (item, annotator), row in latest.items()
        if row.label is not None and not row.deleted
    ]
    return LabelFile(
        counted, {reason: n for reason, n in sorted(left_out.items()) if n}, tuple(sorted(reading.unknown))
    )


def _rows(reading: _Reading) -> Iterator[_Row]:
    lines = _lines(reading)
    if _is_csv(reading.path):
        yield from _csv_rows(reading, lines)
    else:
        yield from _jsonl_rows(reading, lines)


def _is_csv(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in (".csv", ".jsonl", ".ndjson", ".json"):
        return suffix == ".csv"
    with path.open("rb") as stream:
        return not stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _lines(reading: _Reading) -> Iterator[str]:
    """Lines decoded one by one, so that a damaged byte is refused with its line and place."""
    start = 0
    with reading.path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if b"\0" in line:
                raise reading.refuse(number, "row", f"NUL at byte {start + line.index(0)}")
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise reading.refuse(number, "row", f"not UTF-8 at byte {start + error.start}") from error
            yield text.removeprefix("\ufeff") if number == 1 else text
            start += len(line)


def _jsonl_rows(reading: _Reading, lines: Iterable[str]) -> Iterator[_Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise reading.refuse(number, "row", f"no JSON: {error}") from error
        if not isinstance(record, dict):
            raise reading.refuse(number, "row", "no JSON object")
        yield _row(reading, number, record, _label_of_json(reading, number, record))


def _csv_rows(reading: _Reading, lines: Iterable[str]) -> Iterator[_Row]:
    """Cells are text: labels are numbers if every one is, a cell that holds a JSON list is a list."""
    records = list(_csv_records(reading, lines))
    texts = {record["label"] for _, record in records} - {""}
    numeric = bool(texts) and all(read_number(text) is not None for text in texts)
    for number, record in records:
        text = record["label"]
        label: object = float(text) if numeric and text else text or None
        if text.startswith("["):
            try:
                label = orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise reading.refuse(number, "label", f"no JSON list: {error}") from error
        yield _row(reading, number, record, _label(reading, number, label))


def _csv_records(reading: _Reading, lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str]]]:
    table = csv.reader(lines, strict=True)
    names: list[str] = []
    while True:
        number = table.line_num + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            raise reading.refuse(number, "row", f"no CSV: {error}") from error
        if cells is None:
            break
        if not cells:
            continue
        if not names:
            names = _header(reading, number, cells)
        elif len(cells) != len(names):
            raise reading.refuse(number, "row", f"{len(cells)} cells under {len(names)} headers")
        else:
            yield number, dict(zip(names, cells, strict=True))


def _header(reading: _Reading, line: int, cells: list[str]) -> list[str]:
    names = [cell.strip() for cell in cells]
    for name in REQUIRED:
        if name not in names:
            raise reading.refuse(line, name, "the header has no such column")
    for name in names:
        if names.count(name) > 1:
            raise reading.refuse(line, name, "the header has this column twice")
    return names


def _row(reading: _Reading, line: int, record: Mapping[str, object], label: Value | None) -> _Row:
    reading.unknown |= record.keys() - {*REQUIRED, *OPTIONAL}
    role = record.get("role") or ""
    if not isinstance(role, str):
        raise reading.refuse(line, "role", "must be text")
    return _Row(
        line=line,
        item=_name(reading, line, "item", record),
        annotator=_name(reading, line, "annotator", record),
        label=label,
        revision=_revision(reading, line, record.get("revision")),
        role=role,
        deleted=_deleted(reading, line, record.get("deleted")),
    )


def _name(reading: _Reading, line: int, name: str, record: Mapping[str, object]) -> str:
    value = record.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise reading.refuse(line, name, "is missing" if value in (None, "") else "must be text or a whole number")
    return value


def _revision(reading: _Reading, line: int, value: object) -> int:
    if value is None or value == "":
        return 0
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise reading.refuse(line, "revision", "must be a whole number from 0 up")
    return value


def _deleted(reading: _Reading, line: int, value: object) -> bool:
    word = "" if value is None else json.dumps(value) if not isinstance(value, str) else value.strip().casefold()
    if word not in (*TRUE, *FALSE):
        raise reading.refuse(line, "deleted", "must be true or false")
    return word in TRUE


def _label_of_json(reading: _Reading, line: int, record: dict[str, object]) -> Value | None:
    if "label" not in record:
        raise reading.refuse(line, "label", "is missing; null means not labelled")
    return _label(reading, line, record["label"])


def _label(reading: _Reading, line: int, value: object) -> Value | None:
    """A string, a number or a list of either; an empty list is the set of none."""
    if value is None:
        return None
    if isinstance(value, list):
        parts = [_single(reading, line, part) for part in value]
        label: Value = frozenset(name_of(part) for part in parts) or frozenset({NONE})
        names: Iterable[str] = frozenset(name_of(part) for part in parts)
    else:
        label = _single(reading, line, value)
        names = (name_of(label),)
    for name in names:
        if reading.declared and name not in reading.declared:
            raise reading.refuse(line, "label", f"{name!r} is not among the declared labels")
    return label


def _single(reading: _Reading, line: int, value: object) -> str | float:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise reading.refuse(line, "label", "must be text, a number, a list of these, or null")
    if not math.isfinite(value):
        raise reading.refuse(line, "label", "must be a finite number")
    return float(value)
