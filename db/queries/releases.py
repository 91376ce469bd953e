"""Releases: what was frozen under which name, and its bytes a piece at a time."""

import zlib
from collections.abc import Iterator, Sequence

from sqlalchemy import func
from sqlalchemy import select as rows
from sqlmodel import Session, col, select

from db.models import Event, Release, ReleasePart, Reviewer


def by_key(session: Session, project_id: int, name_key: str) -> Release | None:
    statement = select(Release).where(Release.project_id == project_id, Release.name_key == name_key)
    return session.exec(statement).first()


def all_of(session: Session, project_id: int) -> Sequence[tuple[Release, str | None]]:
    """Every release with the name of whoever made it, the newest first."""
    statement = select(Release, Reviewer.name).outerjoin(Reviewer, col(Reviewer.id) == Release.actor_id)
    return session.exec(statement.where(Release.project_id == project_id).order_by(col(Release.id).desc())).all()


def content(session: Session, release_id: int, file: str) -> Iterator[bytes]:
    """A file of a release, one piece in memory at a time. Raises zlib.error where it is damaged."""
    mine = (col(ReleasePart.release_id) == release_id, col(ReleasePart.file) == file)
    connection = session.connection()
    number = connection.execute(rows(func.count()).select_from(ReleasePart).where(*mine)).scalar_one()
    for n in range(number):
        one = rows(col(ReleasePart.data)).where(*mine, col(ReleasePart.n) == n)
        yield zlib.decompress(connection.execute(one).scalar_one())


def last_event(session: Session) -> int | None:
    """The number of the newest event."""
    return session.connection().execute(rows(func.max(Event.id))).scalar()
