"""Everything an export holds, a batch of articles at a time, as plain rows: no objects, memory stays flat.

Only live sentences of articles that are not deleted; no gold that waits to be decided again; claims only while the
claim label is set; of that what a Selection keeps.
"""

from collections import namedtuple
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Executable, FromClause, Select, func
from sqlalchemy import select as rows
from sqlmodel import Session, SQLModel, col

from db.models import (
    Annotation,
    Article,
    Assignment,
    Attribution,
    AttributionSpan,
    Block,
    Claim,
    Evidence,
    Guideline,
    ImportBatch,
    Project,
    Reviewer,
    Segmentation,
    Sentence,
    SentenceLineage,
    Source,
    Speaker,
    SpeakerAlias,
)
from db.queries.selection import EVERYTHING, Selection
from db.vocabulary import AnnotationRole

Found = Sequence[Any]
ANNOTATION = (
    "id", "uid", "sentence_id", "role", "method", "status", "is_claim", "is_quote", "is_opinion", "claim_voice",
    "opinion_voice", "none_reason", "loaded_language", "confidence", "note", "origin", "revision", "created_at",
    "updated_at",
)  # fmt: skip
ROWS = 250  # fetched in one go
MOST_ARTICLES = 100
MOST_SENTENCES = 1_000  # more are slower: the collector goes through all that is alive again and again


def _all(session: Session, statement: Executable) -> Found:
    """Rows through the connection, as named tuples: SQLAlchemy's own rows take ten times as long to read by name."""
    found = session.connection().execute(statement)
    make = _named(tuple(found.keys()))._make
    return [make(row) for part in found.partitions(ROWS) for row in part]


@lru_cache(maxsize=64)  # one for each statement here
def _named(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)


def _columns(table: type[SQLModel]) -> FromClause:
    """All columns of a table, and no object made of them."""
    found: FromClause = table.__table__  # type: ignore[attr-defined]  # SQLModel makes it at run time
    return found


class Amounts(NamedTuple):
    """What an export holds."""

    articles: int
    sentences: int
    annotations: int
    gold: int


def amounts(session: Session, selection: Selection = EVERYTHING) -> Amounts:
    """Articles that are selected, their live sentences, and what is kept of what was said about them."""
    articles = rows(col(Article.id)).where(selection.keeps_articles())
    live = rows(col(Sentence.id)).where(col(Sentence.article_id).in_(articles), col(Sentence.retired_in).is_(None))
    judged = rows(col(Annotation.role), func.count().label("number")).where(
        col(Annotation.sentence_id).in_(live), selection.keeps()
    )
    of_role = dict(_all(session, judged.group_by(col(Annotation.role))))
    return Amounts(
        _number(session, articles), _number(session, live),
        of_role.get(AnnotationRole.REVIEWER, 0), of_role.get(AnnotationRole.GOLD, 0),
    )  # fmt: skip


def _number(session: Session, statement: Select[Any]) -> int:
    return int(session.connection().execute(rows(func.count()).select_from(statement.subquery())).scalar_one())


def batches(session: Session, selection: Selection = EVERYTHING) -> Iterator[list[int]]:
    """Article keys in the order of their public ids, so many at a time that their rows fit in memory."""
    statement = (
        rows(col(Article.uid), col(Article.id), func.count(col(Sentence.id)))
        .outerjoin(Sentence, (col(Sentence.article_id) == Article.id) & col(Sentence.retired_in).is_(None))
        .where(selection.keeps_articles())
        .group_by(col(Article.uid), col(Article.id))
    )
    batch: list[int] = []
    size = 0
    # sorted here: a database may collate by the rules of a language
    found: list[tuple[str, int, int]] = sorted(map(tuple, _all(session, statement)))
    for _, key, sentences in found:
        if batch and (len(batch) == MOST_ARTICLES or size + sentences > MOST_SENTENCES):
            yield batch
            batch, size = [], 0
        batch.append(key)
        size += sentences
    if batch:
        yield batch


def project(session: Session) -> tuple[str, str, str]:
    """The project's name, and version and hash of its active guideline."""
    statement = rows(col(Project.slug), col(Guideline.version), col(Guideline.sha256)).join(
        Guideline, col(Guideline.id) == Project.active_guideline_id
    )
    slug, version, sha256 = _all(session, statement.order_by(col(Project.id)).limit(1))[0]
    return slug, version, sha256


def articles(session: Session, keys: Sequence[int]) -> Found:
    """Articles with their import batch."""
    statement = rows(
        _columns(Article),
        col(ImportBatch.uid).label("batch_uid"),
        col(ImportBatch.format),
        col(ImportBatch.file_name),
        col(ImportBatch.file_sha256),
        col(ImportBatch.imported_at),
        col(ImportBatch.importer_version),
    ).join(ImportBatch, col(ImportBatch.id) == Article.batch_id)
    return _all(session, statement.where(col(Article.id).in_(keys)))


def blocks(session: Session, keys: Sequence[int]) -> Found:
    statement = rows(_columns(Block)).where(col(Block.article_id).in_(keys))
    return _all(session, statement.order_by(col(Block.article_id), col(Block.ordinal)))


def segmentations(session: Session, keys: Sequence[int]) -> Found:
    """(article, version, engine), the newest last."""
    statement = rows(col(Segmentation.article_id), col(Segmentation.version), col(Segmentation.engine))
    found = statement.where(col(Segmentation.article_id).in_(keys)).order_by(col(Segmentation.version))
    return _all(session, found)


def sentences(session: Session, keys: Sequence[int]) -> Found:
    """Live sentences in their order, with the version of the segmentation that made them."""
    statement = rows(
        col(Sentence.id),
        col(Sentence.article_id),
        col(Sentence.uid),
        col(Sentence.block_id),
        col(Sentence.start_cp),
        col(Sentence.end_cp),
        col(Sentence.origin),
        col(Segmentation.version),
    ).join(Segmentation, col(Segmentation.id) == Sentence.created_in)
    found = statement.where(*_live(keys)).order_by(col(Sentence.article_id), col(Sentence.start_cp))
    return _all(session, found)


def _live(keys: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return col(Sentence.article_id).in_(keys), col(Sentence.retired_in).is_(None)


def lineage(session: Session, keys: Sequence[int]) -> Found:
    """(sentence, public id of a sentence it comes from)."""
    old = _columns(Sentence).alias("old")
    statement = (
        rows(col(SentenceLineage.new_id), old.c.uid)
        .join(Sentence, col(Sentence.id) == SentenceLineage.new_id)
        .join(old, old.c.id == SentenceLineage.old_id)
    )
    return _all(session, statement.where(*_live(keys)).order_by(old.c.uid))


def annotations(session: Session, keys: Sequence[int], selection: Selection = EVERYTHING) -> Found:
    """Reviewers' and gold annotations, each with its reviewer and the version of its guideline."""
    statement = (
        rows(
            *(getattr(Annotation, name) for name in ANNOTATION),
            col(Reviewer.uid).label("reviewer"),
            col(Reviewer.kind).label("kind"),
            col(Guideline.version).label("guideline"),
        )
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Guideline, col(Guideline.id) == Annotation.guideline_id)
        .outerjoin(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
    )
    return _all(session, statement.where(*_live(keys), selection.keeps()))


def attributions(session: Session, keys: Sequence[int], selection: Selection = EVERYTHING) -> Found:
    statement = (
        rows(_columns(Attribution))
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(*_live(keys), selection.keeps())
        .order_by(col(Attribution.annotation_id), col(Attribution.seq))
    )
    return _all(session, statement)


def spans(session: Session, keys: Sequence[int], selection: Selection = EVERYTHING) -> Found:
    """(attribution, part, start, end) in their order."""
    part = AttributionSpan
    statement = (
        rows(col(part.attribution_id), col(part.part), col(part.start_cp), col(part.end_cp))
        .join(Attribution, col(Attribution.id) == part.attribution_id)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(*_live(keys), selection.keeps())
        .order_by(col(part.attribution_id), col(part.part), col(part.n))
    )
    return _all(session, statement)


def claims(session: Session, keys: Sequence[int], selection: Selection = EVERYTHING) -> Found:
    statement = (
        rows(_columns(Claim))
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(*_live(keys), selection.keeps(), col(Annotation.is_claim).is_(True))
        .order_by(col(Claim.annotation_id), col(Claim.seq))
    )
    return _all(session, statement)


def evidence(session: Session, keys: Sequence[int], selection: Selection = EVERYTHING) -> Found:
    statement = (
        rows(_columns(Evidence))
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(*_live(keys), selection.keeps(), col(Annotation.is_claim).is_(True))
        .order_by(col(Evidence.claim_id), col(Evidence.seq))
    )
    return _all(session, statement)


def assigned(session: Session, keys: Sequence[int]) -> Found:
    """(article, public id of a reviewer)."""
    statement = rows(col(Assignment.article_id), col(Reviewer.uid)).join(
        Reviewer, col(Reviewer.id) == Assignment.reviewer_id
    )
    return _all(session, statement.where(col(Assignment.article_id).in_(keys)))


def reviewers(session: Session) -> Found:
    """(public id, name, kind) of everybody."""
    statement = rows(col(Reviewer.uid), col(Reviewer.name), col(Reviewer.kind))
    return _all(session, statement)


def merged(session: Session, table: type[Speaker] | type[Source]) -> dict[int, int]:
    """Where each merged speaker or source went in the end."""
    statement = rows(col(table.id), col(table.merged_into_id)).where(col(table.merged_into_id).is_not(None))
    step: dict[int, int] = dict(map(tuple, _all(session, statement)))
    ends = {}
    for key, target in step.items():
        seen = {key}
        while target in step and target not in seen:
            seen.add(target)
            target = step[target]
        ends[key] = target
    return ends


def speakers(session: Session, keys: Sequence[int]) -> Found:
    statement = rows(_columns(Speaker)).where(col(Speaker.id).in_(keys))
    return _all(session, statement)


def aliases(session: Session, keys: Sequence[int]) -> Found:
    """(speaker, alias, its key), the longest known first."""
    statement = rows(col(SpeakerAlias.speaker_id), col(SpeakerAlias.alias), col(SpeakerAlias.alias_key))
    found = statement.where(col(SpeakerAlias.speaker_id).in_(keys)).order_by(col(SpeakerAlias.id))
    return _all(session, found)


def sources(session: Session, keys: Sequence[int]) -> Found:
    statement = rows(_columns(Source)).where(col(Source.id).in_(keys))
    return _all(session, statement)
