"""JSON lines: one article a line, `text` or `html` and what is said about it."""

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

from annotator.errors import Invalid
from annotator.intake import limits, record
from annotator.intake.clean import decode
from annotator.intake.incoming import Incoming, Rejected
from annotator.spread import Spread, one_by_one
from db.vocabulary import ImportFormat

BOM = b"\xef\xbb\xbf"
PORTION = 100_000  # bytes of lines that are read together


def read(data: bytes) -> Iterator[Incoming | Rejected]:
    """The articles of a file in order; a line that is none is rejected by itself."""
    return records(io.BytesIO(data))


def records(file: BinaryIO, *, spread: Spread = one_by_one) -> Iterator[Incoming | Rejected]:
    """As `read`, from an open file of any length: a portion is read at a time, and a line has a file's limit."""
    found = False
    for portion in spread(_records, _portions(file)):
        found = found or bool(portion)
        yield from portion
    if not found:
        yield Rejected(None, None, "there is no record in it")


Numbered = tuple[int, int, bytes]  # the number of a line, the place of its first byte, the line


def _portions(file: BinaryIO) -> Iterator[list[Numbered]]:
    """Lines that hold something, until they have the size of what is read together."""
    portion: list[Numbered] = []
    size = 0
    for number, (offset, line) in enumerate(_lines(file), start=1):
        if len(line) <= limits.FILE_BYTES and not line.strip():
            continue
        portion.append((number, offset, line))
        size += len(line)
        if size >= PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _records(portion: Sequence[Numbered]) -> list[Incoming | Rejected]:
    return [_record(*line) for line in portion]


def count(file: BinaryIO) -> int:
    """How many records there are, about: none of them is read."""
    return sum(1 for _, line in _lines(file) if line.strip())


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
    if len(line) > limits.FILE_BYTES:
        return Rejected(number, None, f"more than {limits.FILE_BYTES // 2**20} MiB, which is the most for a line")
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
