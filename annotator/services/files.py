"""Files of articles, opened one after the other; small ones are read, and cut into sentences, before their turn."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from annotator.errors import Refused
from annotator.intake import formats
from annotator.intake.formats import Kind, Lines
from annotator.intake.incoming import Incoming, Rejected
from annotator.intake.labelled import Reading, Tool
from annotator.services import articles
from annotator.services.storing import File
from annotator.spread import Spread
from db import canonical
from db.engine import Database
from db.vocabulary import ImportFormat

TOGETHER = 100_000  # bytes of files that are read together
Records: TypeAlias = tuple[Incoming | Rejected, ...]
Given: TypeAlias = tuple[Kind, bytes, Mapping[str, str], str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file and its articles: all of them, or as JSON lines; none of an export of ours, or with the error."""

    path: Path
    kind: Kind | None = None
    sha256: str = ""
    data: bytes = field(default=b"", repr=False)
    records: Records | Lines = ()
    error: Refused | OSError | None = None

    @property
    def file(self) -> File:
        """What is kept of it with its articles."""
        assert self.kind is not None
        tool = self.kind if isinstance(self.kind, Tool) else None
        return File(formats.stored_as(self.kind), self.path.name, self.sha256, tool)


@dataclass(frozen=True, slots=True)
class Files:
    """How files are read: their format where it is said, the map of their labels, and where the work is done."""

    kind: Kind | None
    names: Mapping[str, str]
    spread: Spread

    def opened(self, paths: Iterable[Path]) -> Iterator[Opened]:
        """Each file with its articles, in their order; some are read ahead where the work is spread."""
        waiting: deque[list[Opened]] = deque()

        def given() -> Iterator[list[Given]]:
            for group in _groups(self._open(path) for path in paths):
                waiting.append(group)
                yield [(one.kind, one.data, self.names, one.path.name) for one in group if one.kind and one.data]

        for found in self.spread(read, given()):
            each = iter(found)
            for one in waiting.popleft():
                yield _with(one, next(each)) if one.kind and one.data else one

    def _open(self, path: Path) -> Opened:
        try:
            kind = self.kind or formats.format_of(path)
            if kind is ImportFormat.CONTRACT:
                return Opened(path, kind)
            if self.kind is None:
                kind = formats.looked_into(kind, formats.beginning(path), Reading(self.names))
            if kind is ImportFormat.JSONL:
                return Opened(path, kind, formats.sha256(path), records=Lines(path, self.spread))
            data = formats.file_bytes(path)
            records: Records = () if data else tuple(formats.read(kind, data, Reading(self.names), path.name))
            return Opened(path, kind, canonical.sha256(data), data, records)
        except (Refused, OSError) as error:
            return Opened(path, error=error)


def _groups(files: Iterable[Opened]) -> Iterator[list[Opened]]:
    group: list[Opened] = []
    size = 0
    for one in files:
        group.append(one)
        size += len(one.data)
        if size >= TOGETHER or len(group) == articles.AT_ONCE:
            yield group
            group, size = [], 0
    if group:
        yield group


def read(given: Sequence[Given]) -> list[Records | Refused]:
    """The articles of each file, or why it is none."""
    return [_read(*one) for one in given]


def _read(kind: Kind, data: bytes, names: Mapping[str, str], name: str) -> Records | Refused:
    try:
        return tuple(formats.read(kind, data, Reading(names), name))
    except Refused as error:
        return error


def _with(one: Opened, found: Records | Refused) -> Opened:
    bare = replace(one, data=b"")
    return replace(bare, error=found) if isinstance(found, Refused) else replace(bare, records=found)


def outlined(database: Database, files: Iterable[Opened], spread: Spread) -> Iterator[Opened]:
    """The files with the sentences of new articles, found before their turn; those of JSON lines are found in it."""
    waiting: deque[Opened] = deque()

    def records() -> Iterator[Incoming | Rejected]:
        for one in files:
            waiting.append(one)
            if isinstance(one.records, tuple):
                yield from one.records

    found: list[Incoming | Rejected] = []
    for record in articles.outlined(database, records(), spread):
        yield from _complete(waiting, found)
        found.append(record)
    yield from _complete(waiting, found)


def _complete(waiting: deque[Opened], found: list[Incoming | Rejected]) -> Iterator[Opened]:
    """The files in front whose articles are all there."""
    while waiting:
        wanted = waiting[0].records
        number = len(wanted) if isinstance(wanted, tuple) else 0
        if len(found) < number:
            return
        one = waiting.popleft()
        yield replace(one, records=tuple(found[:number])) if number else one
        del found[:number]
