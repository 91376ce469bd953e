"""Our own export: each article line with its sentence lines, streaming."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from db import canonical

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """One article of an export with its sentences."""

    article: Line
    sentences: list[Line]


def manifest(folder: Path) -> Line:
    """The manifest of an export."""
    found: Line = canonical.decode((folder / "manifest.json").read_bytes())
    return found


def records(folder: Path) -> Iterator[Record]:
    """The articles of an export that was validated, in order; only one article is in memory at a time."""
    with (folder / "articles.jsonl").open("rb") as articles, (folder / "sentences.jsonl").open("rb") as sentences:
        for line in articles:
            article = canonical.decode(line)
            yield Record(article, list(_take(sentences, len(article["sentence_ids"]))))


def _take(file: BinaryIO, number: int) -> Iterator[Line]:
    for _ in range(number):
        yield canonical.decode(file.readline())


def groups(found: Iterator[Record], *, sentences: int = 2_000) -> Iterator[list[Record]]:
    """Records gathered until they hold so many sentences, to be stored together."""
    group: list[Record] = []
    size = 0
    for record in found:
        group.append(record)
        size += len(record.sentences) + 1
        if size >= sentences:
            yield group
            group, size = [], 0
    if group:
        yield group
