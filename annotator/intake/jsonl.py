"""JSON lines: one article a line, `text` or `html` and what is said about it."""

import io
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from annotator.errors import Invalid
from annotator.intake import limits, record
from annotator.intake.clean import decode
from annotator.intake.incoming import Incoming, Rejected
from db.vocabulary import ImportFormat

BOM = b"\xef\xbb\xbf"


def read(data: bytes) -> Iterator[Incoming | Rejected]:
    """The articles of a file in order; a line that is none is rejected by itself."""
    return records(io.BytesIO(data))


def records(file: BinaryIO) -> Iterator[Incoming | Rejected]:
    """As `read`, from an open file of any length: one line is in memory at a time, and has a file's limit."""
    found = False
    for number, (offset, line) in enumerate(_lines(file), start=1):
        if len(line) > limits.FILE_BYTES:
            yield Rejected(number, None, f"more than {limits.FILE_BYTES // 2**20} MiB, which is the most for a line")
        elif line.strip():
            found = True
            yield _record(number, offset, line)
    if not found:
        yield Rejected(None, None, "there is no record in it")


def lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every line with the place of its first byte; only LF ends a line, U+2028 does not."""
    return _lines(io.BytesIO(data))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while line := file.readline(limits.FILE_BYTES + 1):
        start = len(BOM) if offset == 0 and line.startswith(BOM) else 0
        long = len(line) > limits.FILE_BYTES and not line.endswith(b"\n")
        yield offset + start, line if long else line[start:].removesuffix(b"\n")
        offset += len(line)
        while long and line and not line.endswith(b"\n"):  # the rest of what is refused
            line = file.readline(limits.FILE_BYTES + 1)
            offset += len(line)


def _record(number: int, offset: int, line: bytes) -> Incoming | Rejected:
    raw = None
    try:
        raw = decode(line, offset=offset)
        return record.incoming(parse(raw), ImportFormat.JSONL, number)
    except Invalid as error:
        return Rejected(number, error.field, error.message, raw)


def parse(line: str) -> dict[str, Any]:
    """One JSON object. Raises Invalid for what is none, and for a field that comes twice."""
    try:
        value = json.loads(line, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise Invalid(f"not JSON: {error.msg} at character {error.pos}") from error
    except ValueError as error:  # Python refuses to read whole numbers of thousands of digits
        raise Invalid("not a record: a number in it is too long") from error
    except RecursionError as error:
        raise Invalid("not a record: it is nested too deeply") from error
    if not isinstance(value, dict):
        raise Invalid("must be a JSON object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid("comes twice", field=twice)
    return found
