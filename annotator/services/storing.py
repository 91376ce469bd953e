"""New articles go into the database in short transactions, unseen, and all of them appear in the last one.

A hundred thousand sentences in one transaction would keep everybody else's saves waiting for seconds. So the rows are
written five hundred at a time under a batch that is marked as unfinished and under articles that are marked as deleted,
which no query shows. The last transaction takes both marks away and logs the events: all or nothing. What an import
leaves behind that was killed is removed before the next one begins; nothing can rest on it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col

from annotator.domain import ids
from annotator.intake.incoming import Incoming
from annotator.nlp import segment
from annotator.nlp.segment import Segmented
from annotator.services import history, projects
from annotator.services.history import Actor, Entry
from db import canonical
from db.bulk import add_rows, insert_rows
from db.engine import Database
from db.lock import importing
from db.models import Article, Block, ImportBatch, Segmentation, Sentence
from db.queries import articles
from db.queries.articles import UNFINISHED
from db.vocabulary import ImportFormat, SentenceOrigin

PACKAGE = "claim-annotator"
PIECE = 500  # rows a transaction: some 30 ms on the machine of README's figures
# as long as the piece before took, within these: a waiting SQLite connection tries again in steps of up to 0.1 s;
# PostgreSQL hands its lock to those who wait in their order, so there is no pause
LEAST_PAUSE, MOST_PAUSE = 0.02, 0.11
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class File:
    """Where articles come from; a pasted text has no name, and the hash of its bytes."""

    format: ImportFormat
    name: str | None = None
    sha256: str | None = None
    tool: str | None = None  # that labelled the texts


@dataclass(frozen=True, slots=True)
class Draft:
    """An article ready to be stored."""

    incoming: Incoming
    segmented: Segmented
    title: str | None
    pipeline: str | None

    @property
    def uid(self) -> str:
        return ids.article_id(self.incoming.text)


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """The only import that stores now, in a database without remains of one that was killed."""
    with importing(database):
        clear(database)
        yield


def store(
    database: Database,
    actor: Actor,
    file: File,
    groups: Iterable[Sequence[Draft]],
    counts: dict[str, int],
    report: str,
    *,
    also: Callable[[Session], None] | None = None,
) -> str:
    """Store articles that are not there yet, while this import is `alone`; returns the batch's id.

    Only one group is in memory at a time. `report` is kept with the batch, `counts` go into its event; `also` is done
    in the transaction in which everything appears.
    """
    with database.write() as session:
        batch = _batch(session, actor, file)
    try:
        stored: list[tuple[str, str]] = []
        for group in groups:
            if stored and database.sqlite:
                time.sleep(LEAST_PAUSE)
            _stage(database, actor, batch, group)
            stored += [(draft.uid, canonical.sha256(draft.incoming.text)) for draft in group]
        with database.write() as session:
            _reveal(session, actor, batch, stored, counts, report)
            if also is not None:
                session.flush()
                also(session)
    except BaseException:
        with suppress(DBAPIError):  # a full disk may refuse this too: then the next import does it
            clear(database)
        raise
    return batch.uid


def _batch(session: Session, actor: Actor, file: File) -> ImportBatch:
    project = projects.get(session)
    assert project.id is not None
    batch = ImportBatch(
        project_id=project.id,
        uid=ids.import_id(project.slug, file.sha256, actor.at),
        format=file.format,
        file_name=file.name,
        file_sha256=file.sha256,
        imported_at=actor.at,
        importer_version=version(PACKAGE),
        options=UNFINISHED,
    )
    session.add(batch)
    session.flush()
    return batch


def _stage(database: Database, actor: Actor, batch: ImportBatch, drafts: Sequence[Draft]) -> None:
    """Write the rows in bulk: no object is made of a block or a sentence."""
    keys = _insert(database, Article, [_article(batch, draft) for draft in drafts])
    used = {(draft.incoming.language, draft.pipeline) for draft in drafts}
    engines = {one: segment.engine(one[0], installed=one[1]) for one in used}
    segmentations = _insert(
        database,
        Segmentation,
        [
            _segmentation(key, engines[draft.incoming.language, draft.pipeline], actor)
            for key, draft in zip(keys, drafts, strict=True)
        ],
    )
    blocks = _insert(
        database, Block, [row for key, draft in zip(keys, drafts, strict=True) for row in _blocks(key, draft)]
    )
    rows: Rows = []
    start = 0
    for key, segmentation, draft in zip(keys, segmentations, drafts, strict=True):
        number = len(draft.segmented.blocks)
        rows += _sentences(key, segmentation, blocks[start : start + number], draft)
        start += number
    for piece in _pieces(database, rows):
        with database.write() as session:
            add_rows(session, Sentence, piece)


def _insert(database: Database, table: type[Any], rows: Rows) -> list[int]:
    """Insert a piece at a time and give the keys in the order of the rows."""
    keys: list[int] = []
    for piece in _pieces(database, rows):
        with database.write() as session:
            keys += insert_rows(session, table, piece)
    return keys


def _pieces(database: Database, rows: Rows) -> Iterator[Rows]:
    """As many rows as one transaction takes; between two the others have their turn."""
    took = 0.0
    for start in range(0, len(rows), PIECE):
        if start and database.sqlite:
            time.sleep(min(max(took, LEAST_PAUSE), MOST_PAUSE))
        began = time.monotonic()
        yield rows[start : start + PIECE]
        took = time.monotonic() - began


def _reveal(
    session: Session,
    actor: Actor,
    batch: ImportBatch,
    stored: Sequence[tuple[str, str]],
    counts: dict[str, int],
    report: str,
) -> None:
    """Everything of a batch appears at once, with its events; `stored` has the id and hash of each text."""
    here = session.connection()
    here.execute(update(Article).where(col(Article.batch_id) == batch.id).values(deleted_at=None))
    here.execute(update(ImportBatch).where(col(ImportBatch.id) == batch.id).values(options="{}", report=report))
    keys = articles.of_batch(session, batch.id or 0)
    detail = {"batch": batch.uid}
    entries = [Entry("import", "import_batch", batch.uid, detail=counts)]
    entries += [
        Entry("import", "article", uid, article_id=keys[uid], after=after, detail=detail) for uid, after in stored
    ]
    history.log_many(session, actor, entries)


def clear(database: Database) -> None:
    """Remove what imports that did not finish have left. Only while this import is `alone`."""
    with database.read() as session:
        batches = articles.unfinished_batches(session)
    for batch in batches:
        with database.read() as session:
            keys = list(articles.of_batch(session, batch).values())
        for table in (Sentence, Block, Segmentation):
            for article in keys:
                _delete(database, table, article)
        for start in range(0, len(keys), articles.MOST_PARAMETERS):
            chosen = col(Article.id).in_(keys[start : start + articles.MOST_PARAMETERS])
            with database.write() as session:
                session.connection().execute(delete(Article).where(chosen))
        with database.write() as session:
            session.connection().execute(delete(ImportBatch).where(col(ImportBatch.id) == batch))


def _delete(database: Database, table: type[Sentence] | type[Block] | type[Segmentation], article: int) -> None:
    """Rows of an article, a piece at a time."""
    while True:
        with database.write() as session:
            some = articles.some_rows(session, table, article, limit=PIECE)
            if some:
                session.connection().execute(delete(table).where(col(table.id).in_(some)))
        if len(some) < PIECE:
            return
        time.sleep(MOST_PAUSE)


def _article(batch: ImportBatch, draft: Draft) -> dict[str, Any]:
    incoming = draft.incoming
    return {
        "project_id": batch.project_id,
        "batch_id": batch.id,
        "uid": draft.uid,
        "external_id": incoming.external_id,
        "title": draft.title,
        "url": incoming.url,
        "canonical_url": incoming.canonical_url,
        "publisher": incoming.publisher,
        "byline": canonical.text(list(incoming.byline)),
        "published": incoming.published,
        "language": incoming.language,
        "license": incoming.license,
        "rights_note": incoming.rights_note,
        "deleted_at": batch.imported_at,
        "text": incoming.text,
        "text_sha256": canonical.sha256(incoming.text),
        "text_length": len(incoming.text),
    }


def _segmentation(article: int, engine: str, actor: Actor) -> dict[str, Any]:
    return {
        "article_id": article,
        "version": 1,
        "engine": engine,
        "created_by": actor.reviewer_id,
        "created_at": actor.at,
    }


def _blocks(article: int, draft: Draft) -> Iterable[dict[str, Any]]:
    for ordinal, block in enumerate(draft.segmented.blocks):
        yield {
            "article_id": article,
            "ordinal": ordinal,
            "kind": block.kind,
            "level": block.level,
            "start_cp": block.start,
            "end_cp": block.end,
        }


def _sentences(article: int, segmentation: int, blocks: Sequence[int], draft: Draft) -> Iterable[dict[str, Any]]:
    uid = draft.uid
    for sentence in draft.segmented.sentences:
        yield {
            "article_id": article,
            "block_id": blocks[sentence.block],
            "uid": ids.sentence_id(uid, sentence.start, sentence.end),
            "start_cp": sentence.start,
            "end_cp": sentence.end,
            "created_in": segmentation,
            "origin": SentenceOrigin.AUTO,
        }
