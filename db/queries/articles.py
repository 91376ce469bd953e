"""Articles: which are stored already, by their text and by the id their owner gave them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from db.models import Article, Block, ImportBatch, Segmentation, Sentence, Source, Speaker

UNFINISHED = '{"unfinished":true}'  # options of a batch whose articles are still being written
MOST_PARAMETERS = 500  # well below what either database takes in one statement


@dataclass(frozen=True, slots=True)
class Known:
    """What tells a stored article from another."""

    id: int
    uid: str
    external_id: str | None
    title: str | None
    text_sha256: str
    deleted: bool


def by_text(session: Session, project_id: int, sha256s: Sequence[str]) -> dict[str, Known]:
    """Stored articles by the SHA-256 of their text."""
    found = _known(session, project_id, col(Article.text_sha256), sha256s)
    return {known.text_sha256: known for known in found}


def by_external_id(session: Session, project_id: int, external_ids: Sequence[str]) -> dict[str, Known]:
    """Stored articles by the id their owner gave them."""
    found = _known(session, project_id, col(Article.external_id), external_ids)
    return {known.external_id: known for known in found if known.external_id is not None}


def _known(session: Session, project_id: int, column: Any, values: Sequence[str]) -> Iterator[Known]:
    for start in range(0, len(values), MOST_PARAMETERS):
        wanted: ColumnElement[bool] = column.in_(values[start : start + MOST_PARAMETERS])
        statement = select(Article.id, Article.uid, Article.external_id, Article.title).add_columns(
            col(Article.text_sha256), col(Article.deleted_at)
        )
        there = statement.where(col(Article.project_id) == project_id, wanted, finished())
        rows = session.connection().execute(there)
        for id_, uid, external_id, title, sha256, deleted_at in rows:
            yield Known(id_, uid, external_id, title, sha256, deleted_at is not None)


def live(session: Session) -> Sequence[Article]:
    """Articles of the corpus, in the order in which they came in."""
    return session.exec(select(Article).where(col(Article.deleted_at).is_(None)).order_by(col(Article.id))).all()


def finished() -> ColumnElement[bool]:
    """Whether an article came in whole, for a WHERE: others belong to an import that still runs, or was killed."""
    return col(Article.batch_id).not_in(_unfinished())


def _unfinished() -> Any:
    return select(ImportBatch.id).where(ImportBatch.options == UNFINISHED)


def unfinished_batches(session: Session) -> Sequence[int]:
    return [key for key in session.exec(_unfinished()) if key is not None]


def of_batch(session: Session, batch_id: int) -> dict[str, int]:
    """Keys of the articles of an import by their ids."""
    found = session.exec(select(Article.uid, Article.id).where(Article.batch_id == batch_id))
    return {uid: key for uid, key in found if key is not None}


def some_rows(
    session: Session, table: type[Sentence] | type[Block] | type[Segmentation], article_id: int, *, limit: int
) -> Sequence[int]:
    """Keys of rows of an article, so many at most."""
    found = session.exec(select(table.id).where(table.article_id == article_id).limit(limit))
    return [key for key in found if key is not None]


def is_empty(session: Session) -> bool:
    """Whether no article was ever stored, nor a speaker or source that an article brings."""
    return all(session.exec(select(table.id).limit(1)).first() is None for table in (Article, Speaker, Source))


def newest_texts(session: Session, most: int) -> Iterator[tuple[str, str | None, str]]:
    """Id, title and text of the articles that came in last, the oldest of them first."""
    newest = select(Article.id).where(col(Article.deleted_at).is_(None)).order_by(col(Article.id).desc()).limit(most)
    statement = select(Article.uid, Article.title, Article.text).where(col(Article.id).in_(newest))
    yield from session.exec(statement.order_by(col(Article.id)).execution_options(yield_per=100))
