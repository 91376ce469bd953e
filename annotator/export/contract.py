"""Our own format: articles.jsonl, sentences.jsonl, manifest.json; canonical bytes, the same for the same state.

Streams: a batch of articles is read and written at a time, all of it on one snapshot of the database.
"""

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sqlmodel import Session

from annotator.export import filters, lines, rows
from annotator.export.agreement import Pooled
from annotator.export.manifest import Tally, manifest
from annotator.export.rows import Batch, Head, Row
from db import canonical
from db.queries import export
from db.queries.selection import EVERYTHING, Selection

ARTICLES, SENTENCES, MANIFEST = "articles.jsonl", "sentences.jsonl", "manifest.json"
Progress = Callable[[int], None]
Put = Callable[[str, bytes], object]


def article_lines(session: Session, selection: Selection = EVERYTHING) -> Iterator[bytes]:
    """The lines of articles.jsonl, each with its line end."""
    for batch, article in _articles(session, rows.head(session, selection)):
        yield encode(lines.article(batch, article))


def sentence_lines(session: Session, selection: Selection = EVERYTHING) -> Iterator[bytes]:
    """The lines of sentences.jsonl, each with its line end."""
    for batch, article in _articles(session, rows.head(session, selection)):
        for line in lines.sentences(batch, article):
            yield encode(line)


def works(session: Session, selection: Selection = EVERYTHING) -> Iterator[tuple[lines.Line, list[lines.Line]]]:
    """The article line and the sentence lines of every article, as dictionaries: what other formats are made from."""
    for batch, article in _articles(session, rows.head(session, selection)):
        yield lines.article(batch, article), list(lines.sentences(batch, article))


def lines_of(session: Session, keys: list[int]) -> Iterator[tuple[bytes, list[bytes]]]:
    """The article line and the sentence lines of each of some articles, by their keys in the database."""
    batch = rows.load(session, keys, rows.head(session))
    for article in batch.articles:
        yield encode(lines.article(batch, article)), [encode(line) for line in lines.sentences(batch, article)]


def encode(line: Mapping[str, Any]) -> bytes:
    """Canonical bytes of a line whose fractions are rounded."""
    return canonical.encode(line) + b"\n"


def _articles(session: Session, head: Head) -> Iterator[tuple[Batch, Row]]:
    for keys in export.batches(session, head.selection):
        batch = rows.load(session, keys, head)
        for article in batch.articles:
            yield batch, article


def write(
    session: Session, folder: Path, progress: Progress | None = None, selection: Selection = EVERYTHING
) -> dict[str, Any]:
    """Export what is selected, as the session's snapshot has it, into a folder and return the manifest.

    The three files appear under their names only when all of them are whole. `progress` is told of sentences written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with whole_files(folder, ARTICLES, SENTENCES, MANIFEST) as files:
        found = summary(session, lambda name, data: files[name].write(data), progress, selection)
        files[MANIFEST].write(encode(found))
    return found


def summary(
    session: Session,
    put: Put | None = None,
    progress: Progress | None = None,
    selection: Selection = EVERYTHING,
    pooled: Pooled | None = None,
) -> dict[str, Any]:
    """The manifest of what an export holds now; `put` is given each line with the name of its file.

    `pooled` gathers the agreement of all of it.
    """
    head, tally = rows.head(session, selection), Tally(pooled=pooled)
    hashes = {name: hashlib.sha256() for name in (ARTICLES, SENTENCES)}

    def add(name: str, line: Mapping[str, Any]) -> None:
        data = encode(line)
        hashes[name].update(data)
        if put is not None:
            put(name, data)

    for batch, article in _articles(session, head):
        line = lines.article(batch, article)
        tally.article(line)
        add(ARTICLES, line)
        for sentence in lines.sentences(batch, article):
            tally.sentence(sentence)
            add(SENTENCES, sentence)
        if progress is not None:
            progress(len(line["sentence_ids"]))
    return manifest(
        project=head.project,
        guideline={"sha256": head.guideline_sha256, "version": head.guideline_version},
        counts=tally.counts(),
        files={name: digest.hexdigest() for name, digest in hashes.items()},
        filters=filters.named(selection),
    )


@contextmanager
def whole_files(folder: Path, *names: str) -> Iterator[dict[str, BinaryIO]]:
    """Files that get their names when the block ends well and leave nothing behind when it does not."""
    unfinished = {name: folder / f"{name}.{os.getpid()}.part" for name in names}
    files: dict[str, BinaryIO] = {}
    try:
        for name, path in unfinished.items():
            files[name] = path.open("wb")
        yield files
        for file in files.values():
            file.flush()
            os.fsync(file.fileno())
            file.close()
        for name, path in unfinished.items():
            path.replace(folder / name)
    finally:
        for name, file in files.items():
            file.close()
            unfinished[name].unlink(missing_ok=True)
