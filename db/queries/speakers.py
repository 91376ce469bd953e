"""Speakers: by name, their other names, what counts for them."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from db.models import Attribution, Speaker, SpeakerAlias
from db.queries.annotations import seen_in, seen_lately
from db.vocabulary import SpeakerKind


def by_uid(session: Session, project_id: int, uid: str) -> Speaker | None:
    return session.exec(select(Speaker).where(Speaker.project_id == project_id, Speaker.uid == uid)).first()


def named(session: Session, project_id: int, name_key: str, kind: SpeakerKind | None) -> Sequence[Speaker]:
    """All whose own name this is, of one kind or of any."""
    statement = select(Speaker).where(Speaker.project_id == project_id, Speaker.name_key == name_key)
    if kind is not None:
        statement = statement.where(Speaker.kind == kind)
    return session.exec(statement.order_by(col(Speaker.id))).all()


def called(session: Session, project_id: int, alias_key: str, kind: SpeakerKind | None) -> Sequence[Speaker]:
    """All who are also called so, of one kind or of any."""
    statement = select(Speaker).join(SpeakerAlias, col(SpeakerAlias.speaker_id) == Speaker.id)
    statement = statement.where(Speaker.project_id == project_id, SpeakerAlias.alias_key == alias_key)
    if kind is not None:
        statement = statement.where(Speaker.kind == kind)
    return session.exec(statement.order_by(col(Speaker.id))).all()


def aliases(session: Session, speaker_id: int | None) -> Sequence[SpeakerAlias]:
    statement = select(SpeakerAlias).where(SpeakerAlias.speaker_id == speaker_id)
    return session.exec(statement.order_by(col(SpeakerAlias.id))).all()


def names_used(session: Session, reviewer_id: int, *, article_id: int | None = None) -> list[str]:
    """Names of the speakers in annotations that a reviewer may see, the latest used first: of one article, or lately.

    An outer join, so that SQLite begins with the annotations, not with all that each speaker ever said.
    """
    seen = seen_lately(session, reviewer_id) if article_id is None else seen_in(article_id, reviewer_id)
    statement = (
        select(Speaker.name)
        .select_from(Attribution)
        .outerjoin(Speaker, col(Speaker.id) == Attribution.speaker_id)
        .where(col(Attribution.annotation_id).in_(seen), col(Attribution.speaker_id).is_not(None))
    )
    return list(session.exec(statement.group_by(Speaker.name).order_by(func.max(Attribution.id).desc())))
