"""Sign-in links and sessions, found by the hashes of their tokens."""

from sqlalchemy import update
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


def open_session(session: Session, token_hash: str, now: str, seen_after: str) -> tuple[Reviewer, WebSession] | None:
    """A session that neither ended nor was revoked nor lay idle since `seen_after`, with its active person."""
    statement = (
        select(Reviewer, WebSession)
        .join(WebSession, col(WebSession.reviewer_id) == Reviewer.id)
        .where(WebSession.token_hash == token_hash, col(WebSession.revoked_at).is_(None), col(Reviewer.active))
        .where(WebSession.expires_at > now, WebSession.last_seen_at > seen_after)
    )
    found = session.exec(statement).first()
    return (found[0], found[1]) if found else None


def by_token(session: Session, token_hash: str) -> WebSession | None:
    return session.exec(select(WebSession).where(WebSession.token_hash == token_hash)).first()
