"""Attributions: one reviewer's, with their spans, and what hangs on them."""

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from db.models import Annotation, Attribution, AttributionSpan, Claim, Sentence
from db.vocabulary import SpanPart


def of_reviewer(session: Session, uid: str, reviewer_id: int) -> tuple[Attribution, Sentence] | None:
    """A reviewer's attribution by its uid, with its sentence."""
    return session.exec(
        select(Attribution, Sentence)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(Attribution.uid == uid, Annotation.reviewer_id == reviewer_id, Annotation.role == "reviewer")
    ).first()


def of_annotation(session: Session, annotation_id: int | None) -> Sequence[Attribution]:
    """In the order they were made."""
    statement = select(Attribution).where(Attribution.annotation_id == annotation_id)
    return session.exec(statement.order_by(col(Attribution.seq))).all()


def spans(session: Session, attribution_id: int | None, part: SpanPart) -> Sequence[AttributionSpan]:
    mine = (AttributionSpan.attribution_id == attribution_id, AttributionSpan.part == part)
    return session.exec(select(AttributionSpan).where(*mine).order_by(col(AttributionSpan.n))).all()


def all_spans(session: Session, attribution_id: int | None) -> Sequence[AttributionSpan]:
    return session.exec(select(AttributionSpan).where(AttributionSpan.attribution_id == attribution_id)).all()


def resting_on(session: Session, attribution_id: int | None) -> Sequence[Attribution]:
    """The attributions that this one reports (it is their parent) or that continue it."""
    either = or_(Attribution.parent_id == attribution_id, Attribution.continues_id == attribution_id)
    return session.exec(select(Attribution).where(either).order_by(col(Attribution.id))).all()


def claims_of(session: Session, attribution_id: int | None) -> Sequence[Claim]:
    return session.exec(select(Claim).where(Claim.attribution_id == attribution_id)).all()


def by_uid(session: Session, uid: str) -> Attribution | None:
    return session.exec(select(Attribution).where(Attribution.uid == uid)).first()
