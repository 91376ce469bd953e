"""Speakers: by name, their other names, what counts for them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as rows
from sqlmodel import Session, col, func, select

from db.models import Attribution, Speaker, SpeakerAlias
from db.queries.annotations import seen_here, seen_lately
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
    """Names of the speakers in annotations that a reviewer may see, the latest first: of one article, or of late."""
    statement = _names_used(seen_lately if article_id is None else seen_here)
    found = session.connection().execute(statement, {"reviewer": reviewer_id, "article": article_id})
    return list(found.scalars())


@cache
def _names_used(seen: Callable[[], Select[Any]]) -> Select[Any]:
    """An outer join, so that SQLite begins with the annotations, not with all that each speaker ever said."""
    statement: Select[Any] = rows(col(Speaker.name)).select_from(Attribution)
    return (
        statement.outerjoin(Speaker, col(Speaker.id) == Attribution.speaker_id)
        .where(col(Attribution.annotation_id).in_(seen()), col(Attribution.speaker_id).is_not(None))
        .group_by(col(Speaker.name))
        .order_by(func.max(col(Attribution.id)).desc())
    )
