"""The annotate page: an article with one reviewer's own work on it. Nobody else's annotation is ever selected here.

The page is asked for at every key, so each statement is built once and kept; only its parameters differ.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Result, Select, bindparam, func
from sqlalchemy import select as rows
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col

from db.models import (
    Annotation,
    AnnotationRevision,
    Article,
    Assignment,
    Attribution,
    AttributionSpan,
    Block,
    Claim,
    Event,
    Evidence,
    Segmentation,
    Sentence,
    Source,
    Speaker,
)
from db.queries.labelling import OF_REVIEWERS


class Outlined(NamedTuple):
    """One live sentence with its block and the reviewer's own answer; None where there is none yet."""

    id: int
    uid: str
    start_cp: int
    end_cp: int
    block_id: int
    kind: str
    level: int | None
    annotation_id: int | None
    status: str | None
    is_claim: bool | None
    is_quote: bool | None
    is_opinion: bool | None
    none_reason: str | None
    confidence: str | None
    attributions: int
    claims: int


class Answer(NamedTuple):
    """The reviewer's part of `Outlined`."""

    annotation_id: int
    status: str
    is_claim: bool
    is_quote: bool
    is_opinion: bool
    none_reason: str | None
    confidence: str | None
    attributions: int
    claims: int


class Said(NamedTuple):
    """An attribution of a sentence, with the name and title of what it refers to."""

    sentence_id: int
    attribution: Attribution
    speaker: str | None
    source: str | None


class Proof(NamedTuple):
    """One piece of evidence of a claim, with its source."""

    claim_id: int
    evidence: Evidence
    source: Source


class Changed(NamedTuple):
    """What a revision says, with the sentence it is of."""

    sentence_uid: str
    action: str
    snapshot: str


class Opened(NamedTuple):
    """An article that is not deleted, and what tells whether a reviewer's view of it is still true.

    `state` is that of the reviewer's assignment, None where they have none. `version` is that of the segmentation;
    `event`, `changed` and `detail` are the reviewer's last change of an annotation in the article: the event's id, what
    it is of and what it says.
    """

    id: int
    uid: str
    title: str | None
    publisher: str | None
    language: str
    state: str | None
    finished_at: str | None
    version: int
    event: int
    changed: str | None
    detail: str | None


def article(session: Session, uid: str, reviewer_id: int) -> Opened | None:
    """An article by its id."""
    return _opened(session, _article_by_uid(), uid, reviewer_id)


def article_of(session: Session, sentence_uid: str, reviewer_id: int) -> Opened | None:
    """The article that a live sentence stands in."""
    return _opened(session, _article_of(), sentence_uid, reviewer_id)


def _opened(session: Session, statement: Select[Any], uid: str, reviewer_id: int) -> Opened | None:
    found = _columns(session, statement, {"uid": uid, "reviewer": reviewer_id}).first()
    return Opened(*found) if found else None


def _columns(session: Session, statement: Select[Any], given: dict[str, Any]) -> Result[*tuple[Any, ...]]:
    """Rows of columns, past the ORM: where there are no objects to make, it only costs three times as much."""
    return session.connection().execute(statement, given)


@cache
def _article() -> Select[Any]:
    """The reviewer's last change is found by the index on actor and article, however many changes there are."""
    mine = and_(col(Assignment.article_id) == Article.id, col(Assignment.reviewer_id) == bindparam("reviewer"))
    version = rows(func.max(col(Segmentation.version))).where(col(Segmentation.article_id) == Article.id)
    of_all = aliased(Event)
    own = (col(of_all.actor_id) == bindparam("reviewer"), col(of_all.article_id) == Article.id)
    last: Select[Any] = rows(col(of_all.id)).where(*own, col(of_all.entity) == "annotation")
    newest = last.order_by(col(of_all.id).desc()).limit(1)
    columns: list[Any] = [
        Article.id, Article.uid, Article.title, Article.publisher, Article.language,
        Assignment.state, Assignment.finished_at,
        func.coalesce(version.scalar_subquery(), 0), func.coalesce(Event.id, 0), Event.entity_uid, Event.detail,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    opened = statement.select_from(Article).outerjoin(Assignment, mine)
    return opened.outerjoin(Event, col(Event.id) == newest.correlate(Article).scalar_subquery()).where(
        col(Article.deleted_at).is_(None)
    )


@cache
def _article_by_uid() -> Select[Any]:
    return _article().where(col(Article.uid) == bindparam("uid"))


@cache
def _article_of() -> Select[Any]:
    here = (col(Sentence.uid) == bindparam("uid"), col(Sentence.retired_in).is_(None))
    return _article().join(Sentence, col(Sentence.article_id) == Article.id).where(*here)


def text(session: Session, article_id: int) -> str:
    """The text of an article, which never changes."""
    return str(_columns(session, _text(), {"article": article_id}).scalar())


@cache
def _text() -> Select[Any]:
    return rows(col(Article.text)).where(col(Article.id) == bindparam("article"))


def once_at(session: Session, sentence_uid: str) -> tuple[str, int] | None:
    """The uid of the article in which a sentence stands, or stood before it was retired, and where it starts."""
    statement = rows(col(Article.uid), col(Sentence.start_cp)).join(Sentence, col(Sentence.article_id) == Article.id)
    found = session.execute(statement.where(col(Sentence.uid) == sentence_uid, col(Article.deleted_at).is_(None)))
    row = found.first()
    return (row[0], row[1]) if row else None


def _mine() -> ColumnElement[bool]:
    return and_(
        col(Annotation.sentence_id) == Sentence.id,
        col(Annotation.reviewer_id) == bindparam("reviewer"),
        col(Annotation.role) == OF_REVIEWERS,
    )


def outline(session: Session, article_id: int, reviewer_id: int) -> list[Outlined]:
    """The live sentences of an article in their order."""
    found = _columns(session, _outline(), {"article": article_id, "reviewer": reviewer_id})
    return [Outlined(*row) for row in found]


@cache
def _outline() -> Select[Any]:
    columns: list[Any] = [
        Sentence.id, Sentence.uid, Sentence.start_cp, Sentence.end_cp, Sentence.block_id, Block.kind, Block.level,
        *_answer(),
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    return (
        statement.select_from(Sentence)
        .join(Block, col(Block.id) == Sentence.block_id)
        .outerjoin(Annotation, _mine())
        .where(col(Sentence.article_id) == bindparam("article"), col(Sentence.retired_in).is_(None))
        .order_by(col(Sentence.start_cp))
    )


def changed_since(session: Session, article_id: int, reviewer_id: int, event: int) -> list[tuple[int, Answer]]:
    """The answers that the reviewer changed after an event, by the row id of their sentence."""
    given = {"article": article_id, "reviewer": reviewer_id, "event": event}
    return [(row[0], Answer(*row[1:])) for row in _columns(session, _changed_since(), given)]


@cache
def _changed_since() -> Select[Any]:
    own = (col(Event.actor_id) == bindparam("reviewer"), col(Event.article_id) == bindparam("article"))
    changed = rows(col(Event.entity_uid)).where(
        *own, col(Event.entity) == "annotation", col(Event.id) > bindparam("event")
    )
    columns: list[Any] = [Annotation.sentence_id, *_answer()]
    mine = (col(Annotation.reviewer_id) == bindparam("reviewer"), col(Annotation.role) == OF_REVIEWERS)
    statement: Select[Any] = rows(*columns)
    return statement.where(col(Annotation.uid).in_(changed), *mine)


def _answer() -> list[Any]:
    """The columns of `Answer`."""
    said, claimed = (
        rows(func.count()).where(col(table.annotation_id) == Annotation.id).scalar_subquery()
        for table in (Attribution, Claim)
    )
    return [
        Annotation.id, Annotation.status, Annotation.is_claim, Annotation.is_quote, Annotation.is_opinion,
        Annotation.none_reason, Annotation.confidence, said, claimed,
    ]  # fmt: skip


def annotation(session: Session, sentence_id: int, reviewer_id: int) -> Annotation | None:
    return session.execute(_annotation(), {"sentence": sentence_id, "reviewer": reviewer_id}).scalar()


@cache
def _annotation() -> Select[Any]:
    statement = rows(Annotation).join(Sentence, _mine())
    return statement.where(col(Sentence.id) == bindparam("sentence"))


def attributions(session: Session, reviewer_id: int, sentence_ids: Sequence[int]) -> list[Said]:
    """The reviewer's attributions of these sentences, in the order they were made."""
    return [Said(*row) for row in session.execute(_attributions(), _of(reviewer_id, sentence_ids))]


def _of(reviewer_id: int, sentence_ids: Sequence[int]) -> dict[str, Any]:
    return {"reviewer": reviewer_id, "sentences": sentence_ids}


def _own(statement: Select[Any]) -> Select[Any]:
    """Only what hangs on the reviewer's own annotations of the sentences that are asked for."""
    of_them = col(Sentence.id).in_(bindparam("sentences", expanding=True))
    return statement.join(Sentence, _mine()).where(of_them)


@cache
def _attributions() -> Select[Any]:
    columns: list[Any] = [Sentence.id, Attribution, Speaker.name, Source.title]
    statement: Select[Any] = rows(*columns)
    return _own(
        statement.select_from(Attribution)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .outerjoin(Speaker, col(Speaker.id) == Attribution.speaker_id)
        .outerjoin(Source, col(Source.id) == Attribution.source_id)
        .order_by(col(Attribution.id))
    )


def spans(session: Session, reviewer_id: int, sentence_ids: Sequence[int]) -> Sequence[AttributionSpan]:
    """Cue and content of the reviewer's attributions of these sentences."""
    return session.execute(_spans(), _of(reviewer_id, sentence_ids)).scalars().all()


@cache
def _spans() -> Select[Any]:
    return _own(
        rows(AttributionSpan)
        .join(Attribution, col(Attribution.id) == AttributionSpan.attribution_id)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .order_by(col(AttributionSpan.attribution_id), col(AttributionSpan.part), col(AttributionSpan.n))
    )


def claims(session: Session, reviewer_id: int, sentence_ids: Sequence[int]) -> list[tuple[int, Claim]]:
    """The reviewer's claims by sentence; kept, but not to be shown, while the claim label is not set."""
    found = session.execute(_claims(), _of(reviewer_id, sentence_ids))
    return [(sentence_id, claim) for sentence_id, claim in found]


@cache
def _claims() -> Select[Any]:
    columns: list[Any] = [Sentence.id, Claim]
    statement: Select[Any] = rows(*columns)
    return _own(
        statement.select_from(Claim)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .order_by(col(Claim.id))
    )  # fmt: skip


def evidence(session: Session, reviewer_id: int, sentence_ids: Sequence[int]) -> list[Proof]:
    """What the reviewer's claims of these sentences rest on."""
    return [Proof(*row) for row in session.execute(_evidence(), _of(reviewer_id, sentence_ids))]


@cache
def _evidence() -> Select[Any]:
    columns: list[Any] = [Evidence.claim_id, Evidence, Source]
    statement: Select[Any] = rows(*columns)
    return _own(
        statement.join(Source, col(Source.id) == Evidence.source_id)
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .order_by(col(Evidence.id))
    )


def revisions(session: Session, annotation_id: int, *, limit: int) -> Sequence[AnnotationRevision]:
    """The last changes of one annotation, newest first."""
    return session.execute(_revisions(), {"annotation": annotation_id, "most": limit}).scalars().all()


@cache
def _revisions() -> Select[Any]:
    statement = rows(AnnotationRevision).where(col(AnnotationRevision.annotation_id) == bindparam("annotation"))
    return statement.order_by(col(AnnotationRevision.number).desc()).limit(bindparam("most", type_=Integer()))


def changes(session: Session, annotation_uid: str, reviewer_id: int, number: int) -> list[Changed]:
    """A revision of an annotation of this reviewer and the one before it, newest first."""
    given = {"annotation": annotation_uid, "reviewer": reviewer_id, "newest": number, "oldest": number - 1}
    return [Changed(*row) for row in _columns(session, _changes(), given)]


@cache
def _changes() -> Select[Any]:
    number = col(AnnotationRevision.number)
    columns: list[Any] = [Sentence.uid, AnnotationRevision.action, AnnotationRevision.snapshot]
    statement: Select[Any] = rows(*columns)
    return (
        statement.select_from(Annotation)
        .join(Sentence, _mine())
        .join(AnnotationRevision, col(AnnotationRevision.annotation_id) == Annotation.id)
        .where(col(Annotation.uid) == bindparam("annotation"))
        .where(number.between(bindparam("oldest"), bindparam("newest")))
        .order_by(number.desc())
    )


class Past(NamedTuple):
    """A revision with the sentence it is of, and the snapshot of the one before it."""

    sentence_uid: str
    revision: AnnotationRevision
    before: str | None


def past(session: Session, article_id: int, reviewer_id: int, *, before: int, limit: int) -> list[Past]:
    """The revisions of a reviewer's annotations in an article, newest first, from those older than row id `before`."""
    given = {"article": article_id, "reviewer": reviewer_id, "before": before, "most": limit}
    return [Past(*row) for row in session.execute(_past(), given)]


@cache
def _past() -> Select[Any]:
    earlier = aliased(AnnotationRevision)
    columns: list[Any] = [Sentence.uid, AnnotationRevision, earlier.snapshot]
    statement: Select[Any] = rows(*columns)
    one_before = and_(
        col(earlier.annotation_id) == AnnotationRevision.annotation_id,
        col(earlier.number) == AnnotationRevision.number - 1,
    )
    return (
        statement.select_from(AnnotationRevision)
        .join(Annotation, col(Annotation.id) == AnnotationRevision.annotation_id)
        .join(Sentence, _mine())
        .outerjoin(earlier, one_before)
        .where(col(Sentence.article_id) == bindparam("article"), col(AnnotationRevision.id) < bindparam("before"))
        .order_by(col(AnnotationRevision.id).desc())
        .limit(bindparam("most", type_=Integer()))
    )
