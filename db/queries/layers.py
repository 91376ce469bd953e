"""What a disagreement report reads beside the labels: attributions, times of changes, where a sentence stands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, func
from sqlalchemy import select as rows
from sqlmodel import Session, col, select

from db import canonical
from db.models import (
    Annotation,
    AnnotationRevision,
    Article,
    Attribution,
    AttributionSpan,
    Block,
    Claim,
    Evidence,
    Guideline,
    Project,
    Reviewer,
    Sentence,
    Source,
    Speaker,
    Suggestion,
)
from db.vocabulary import AnnotationRole, Origin, ReviewerKind, Status

Plain: TypeAlias = Sequence[Any]


def attributions(session: Session, article_ids: Sequence[int] | None) -> Sequence[Plain]:
    """The attributions in complete answers of human reviewers to live sentences, a row a span, at least one each.

    Columns: sentence uid, reviewer uid, attribution id, speaker id, type, part, start and end of the span.
    """
    columns: list[Any] = [
        Sentence.uid, Reviewer.uid, Attribution.id, Attribution.speaker_id, Attribution.type,
        AttributionSpan.part, AttributionSpan.start_cp, AttributionSpan.end_cp,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Attribution)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Reviewer, and_(col(Reviewer.id) == Annotation.reviewer_id, col(Reviewer.kind) == ReviewerKind.HUMAN))
        .outerjoin(AttributionSpan, col(AttributionSpan.attribution_id) == Attribution.id)
        .where(col(Annotation.role) == AnnotationRole.REVIEWER, col(Annotation.status) == Status.COMPLETE)
        .order_by(col(Attribution.id), col(AttributionSpan.part), col(AttributionSpan.n))
    )
    return _inside(session, statement, article_ids)


def merged_speakers(session: Session) -> dict[int, int]:
    """Into which speaker each merged one went, by id."""
    columns: list[Any] = [Speaker.id, Speaker.merged_into_id]
    statement: Select[Any] = rows(*columns)
    return dict(
        tuple(row) for row in session.connection().execute(statement.where(col(Speaker.merged_into_id).is_not(None)))
    )


def claims(session: Session, article_ids: Sequence[int] | None) -> Sequence[Plain]:
    """The claims in complete answers of human reviewers to live sentences, a row a piece of evidence, one at least.

    Columns: sentence uid, reviewer uid, start and end of the claim, its seq, verdict, then source id and stance.
    """
    columns: list[Any] = [
        Sentence.uid, Reviewer.uid, Claim.start_cp, Claim.end_cp, Claim.seq, Claim.verdict,
        Evidence.source_id, Evidence.stance,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Claim)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Reviewer, and_(col(Reviewer.id) == Annotation.reviewer_id, col(Reviewer.kind) == ReviewerKind.HUMAN))
        .outerjoin(Evidence, col(Evidence.claim_id) == Claim.id)
        .where(col(Annotation.role) == AnnotationRole.REVIEWER, col(Annotation.status) == Status.COMPLETE)
        .order_by(col(Claim.annotation_id), col(Claim.seq), col(Evidence.seq))
    )
    return _inside(session, statement, article_ids)


def addresses(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """By source id the canonical address, or for a source without one the key by which it is known, after merges."""
    columns: list[Any] = [Source.id, Source.merged_into_id, func.coalesce(col(Source.canonical_url), Source.dedup_key)]
    statement: Select[Any] = rows(*columns)
    known = {id_: (into, address) for id_, into, address in session.connection().execute(statement)}
    found = {}
    for id_ in ids:
        left = id_
        while (into := known[left][0]) is not None:
            left = into
        found[id_] = known[left][1]
    return found


def seen(session: Session, article_ids: Sequence[int] | None) -> Sequence[Plain]:
    """What human reviewers have labelled themselves in articles of which a merge or split has retired sentences.

    Columns: article uid, reviewer uid, start and end of the sentence, whether it is live; the newest sentences first.
    """
    cut = select(Sentence.article_id).where(col(Sentence.retired_in).is_not(None))
    if article_ids is not None:
        cut = cut.where(col(Sentence.article_id).in_(article_ids))
    live = col(Sentence.retired_in).is_(None)
    columns: list[Any] = [Article.uid, Reviewer.uid, Sentence.start_cp, Sentence.end_cp, live]
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Annotation)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .join(Reviewer, and_(col(Reviewer.id) == Annotation.reviewer_id, col(Reviewer.kind) == ReviewerKind.HUMAN))
        .where(col(Annotation.role) == AnnotationRole.REVIEWER, col(Annotation.status) == Status.COMPLETE)
        .where(col(Annotation.origin) != Origin.CARRIED_OVER, col(Sentence.article_id).in_(cut))
        .where(col(Article.deleted_at).is_(None))
        .order_by(live.desc(), col(Sentence.id).desc(), col(Reviewer.uid))
    )
    if article_ids is not None:
        statement = statement.where(col(Sentence.article_id).in_(article_ids))
    return session.connection().execute(statement).all()


def suggested(session: Session, article_ids: Sequence[int] | None) -> Sequence[str]:
    """The uids of the live sentences for which something is suggested."""
    columns: list[Any] = [Sentence.uid]
    statement: Select[Any] = rows(*columns)
    statement = statement.where(col(Sentence.id).in_(select(Suggestion.sentence_id)))
    return [uid for (uid,) in _inside(session, statement, article_ids)]


def options(session: Session) -> Mapping[str, Any]:
    """The project's options."""
    found = session.exec(select(Project.options)).first()
    return {} if found is None else canonical.decode(found)


def guidelines(session: Session) -> Sequence[tuple[str, str]]:
    """Version and time from which it was in force, of every version of the guidelines, the oldest first."""
    statement = select(Guideline.version, Guideline.active_from)
    return session.exec(statement.order_by(col(Guideline.active_from), col(Guideline.id))).all()


def moments(session: Session, article_ids: Sequence[int] | None) -> Sequence[Plain]:
    """When human reviewers saved changes to their own annotations of live sentences.

    Columns: reviewer uid, article id, sentence id, time.
    """
    columns: list[Any] = [
        Reviewer.uid, Sentence.article_id, Sentence.id, AnnotationRevision.at, AnnotationRevision.actor_id, Reviewer.id
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(AnnotationRevision)
        .join(Annotation, col(Annotation.id) == AnnotationRevision.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Reviewer, and_(col(Reviewer.id) == Annotation.reviewer_id, col(Reviewer.kind) == ReviewerKind.HUMAN))
        .where(col(Annotation.role) == AnnotationRole.REVIEWER)
    )
    # compared here: SQLite would take the index of actors and read all that each has ever done, once an annotation
    return [row[:4] for row in _inside(session, statement, article_ids) if row[4] == row[5]]


def latest(session: Session, article_ids: Sequence[int] | None) -> Sequence[Plain]:
    """When a human reviewer last changed an answer of each status: sentence uid, status, time."""
    columns: list[Any] = [Sentence.uid, Annotation.status, func.max(Annotation.updated_at)]
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Annotation)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Reviewer, and_(col(Reviewer.id) == Annotation.reviewer_id, col(Reviewer.kind) == ReviewerKind.HUMAN))
        .where(col(Annotation.role) == AnnotationRole.REVIEWER)
        .group_by(col(Sentence.uid), col(Annotation.status))
    )
    return _inside(session, statement, article_ids)


def places(session: Session, article_ids: Sequence[int] | None) -> Sequence[Plain]:
    """Every live sentence with the block it stands in, in the order of the text.

    Columns: sentence uid, article id, start, end, then of the block id, kind, start and end.
    """
    columns: list[Any] = [
        Sentence.uid, Sentence.article_id, Sentence.start_cp, Sentence.end_cp,
        Block.id, Block.kind, Block.start_cp, Block.end_cp,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Sentence)
        .join(Block, col(Block.id) == Sentence.block_id)
        .order_by(col(Sentence.article_id), col(Sentence.start_cp))
    )
    return _inside(session, statement, article_ids)


def _inside(session: Session, statement: Select[Any], article_ids: Sequence[int] | None) -> Sequence[Plain]:
    """The rows about live sentences of the named articles, or of all that are in the corpus."""
    statement = statement.where(col(Sentence.retired_in).is_(None))
    if article_ids is None:
        statement = statement.join(Article, col(Article.id) == Sentence.article_id).where(
            col(Article.deleted_at).is_(None)
        )
    else:
        statement = statement.where(col(Sentence.article_id).in_(article_ids))
    return session.connection().execute(statement).all()  # plain rows: the session would pass each through its mapping
