"""Sign-in links and sessions, found by the hashes of their tokens."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, update
from sqlalchemy import select as rows
from sqlmodel import Session, col, select

from db.models import Reviewer, SignInLink, WebSession


def link_owner(session: Session, token_hash: str, now: str) -> Reviewer | None:
    """The active person whom an unused link that has not expired would sign in."""
    statement = (
        select(Reviewer)
        .join(SignInLink, col(SignInLink.reviewer_id) == Reviewer.id)
        .where(SignInLink.token_hash == token_hash, col(SignInLink.used_at).is_(None))
        .where(SignInLink.expires_at > now, col(Reviewer.active))
    )
    return session.exec(statement).first()


def use_link(session: Session, token_hash: str, now: str) -> bool:
    """Mark a link as used; True for exactly one of several who try at once."""
    unused = (col(SignInLink.token_hash) == token_hash, col(SignInLink.used_at).is_(None))
    marked = update(SignInLink).where(*unused, col(SignInLink.expires_at) > now).values(used_at=now)
    return bool(session.connection().execute(marked).rowcount)


class OpenSession(NamedTuple):
    """Whose a session is, since when, and its last sign of life; `reviewer` is a copy that belongs to no session."""

    reviewer: Reviewer
    created_at: str
    last_seen_at: str


def open_session(session: Session, token_hash: str, now: str, seen_after: str) -> OpenSession | None:
    """A session that neither ended nor was revoked nor lay idle since `seen_after`, of an active person."""
    given = {"token": token_hash, "now": now, "seen_after": seen_after}
    found = session.connection().execute(_open_session(), given).first()
    if found is None:
        return None
    created_at, last_seen_at, *person = found
    return OpenSession(Reviewer(**dict(zip(_person(), person, strict=True))), created_at, last_seen_at)


def _person() -> list[str]:
    return list(Reviewer.__table__.columns.keys())  # type: ignore[attr-defined]  # SQLModel does not say that it has one


@cache
def _open_session() -> Select[Any]:
    """Built once, past the ORM: every request asks for it."""
    person = [getattr(Reviewer, name) for name in _person()]
    columns: list[Any] = [WebSession.created_at, WebSession.last_seen_at, *person]
    statement: Select[Any] = rows(*columns).join(WebSession, col(WebSession.reviewer_id) == Reviewer.id)
    alive = (col(WebSession.expires_at) > bindparam("now"), col(WebSession.last_seen_at) > bindparam("seen_after"))
    mine = (col(WebSession.token_hash) == bindparam("token"), col(WebSession.revoked_at).is_(None))
    return statement.where(*mine, *alive, col(Reviewer.active))


def by_token(session: Session, token_hash: str) -> WebSession | None:
    return session.exec(select(WebSession).where(WebSession.token_hash == token_hash)).first()


def end_all(session: Session, reviewer_id: int, at: str) -> None:
    """End every session of a person."""
    mine = (col(WebSession.reviewer_id) == reviewer_id, col(WebSession.revoked_at).is_(None))
    session.connection().execute(update(WebSession).where(*mine).values(revoked_at=at))
