"""Documents of a JSONL file or stdin, a portion after the other, and JSON lines out, for commands that stream."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import typer

from annotator.cli.common import FINDINGS, say
from annotator.errors import Invalid
from annotator.spread import Spread

STDIN = "-"
PORTION = 100_000  # bytes of lines that are read together: a document is out before so many more are in
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Portion:
    """Lines of a file, the first of them with this number, in this language."""

    first: int
    lines: Sequence[bytes]
    language: str


@dataclass(frozen=True, slots=True)
class Answered:
    """JSON lines for the documents of a portion; the problem of the first line that is none ends it."""

    lines: bytes
    problem: str | None


def stream(file: BinaryIO, name: str, language: str, spread: Spread, answer: Callable[[Portion], Answered]) -> None:
    """Write the answers for all documents of a file; those before a bad line are out when it is named."""
    for answered in spread(answer, _portions(file, language)):
        sys.stdout.buffer.write(answered.lines)
        if answered.problem is not None:
            say(f"{name}, {answered.problem}")
            raise typer.Exit(FINDINGS)


def _portions(file: BinaryIO, language: str) -> Iterator[Portion]:
    lines: list[bytes] = []
    first, size = 1, 0
    for line in file:
        lines.append(line)
        size += len(line)
        if size >= PORTION:
            yield Portion(first, lines, language)
            first, lines, size = first + len(lines), [], 0
    if lines:
        yield Portion(first, lines, language)


def answered(portion: Portion, rows: Callable[[Iterable[tuple[str, str]]], Iterable[Row]]) -> Answered:
    """What `rows` says of each (text, language) of a portion, with the id of its document in front."""
    ids: list[Any] = []
    texts: list[tuple[str, str]] = []
    problem = None
    for number, line in enumerate(portion.lines, start=portion.first):
        if not line.strip():
            continue
        try:
            id_, text = _document(line)
        except Invalid as error:
            place = f"line {number}" + (f", field {error.field}" if error.field else "")
            problem = f"{place}: {error.message}"
            break
        ids.append(id_)
        texts.append((text, portion.language))
    found = (encoded({"doc_id": id_, **row}) for id_, row in zip(ids, rows(texts), strict=True))
    return Answered(b"".join(found), problem)


def _document(line: bytes) -> tuple[str | int, str]:
    """The id and text of a line. Raises Invalid with the field."""
    from annotator.intake import jsonl  # as in opened()
    from annotator.intake.clean import decode, refuse_unstorable

    record = jsonl.parse(decode(line))
    id_, text = record.get("doc_id"), record.get("text")
    if type(id_) not in (str, int):
        raise Invalid("must be text or a whole number", field="doc_id")
    if not isinstance(text, str):
        raise Invalid("must be text", field="text")
    for name in ("doc_id", "text"):
        refuse_unstorable(str(record[name]), field=name)
    assert isinstance(id_, str | int)
    return id_, text


def encoded(row: Row) -> bytes:
    """One JSON line: UTF-8 whatever the terminal's language."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
