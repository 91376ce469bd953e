"""Sign-in attempts of an account or an address."""

from collections.abc import Sequence

from sqlalchemy import delete, text, update
from sqlmodel import Session, col, select

from db.models import SignInAttempt

ATTEMPT_LOCK = 7_213_002  # one number for everybody who counts attempts on PostgreSQL


def lock(session: Session) -> None:
    """Wait for whoever is counting, so that nobody counts the same attempts twice; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ATTEMPT_LOCK})


def failed(session: Session, subject: str, *, since: str, most: int) -> Sequence[str]:
    """When the last failed attempts of a subject were, newest first, at most so many."""
    statement = select(SignInAttempt.at).where(SignInAttempt.subject == subject, SignInAttempt.at > since)
    newest = statement.where(col(SignInAttempt.succeeded).is_(False)).order_by(col(SignInAttempt.at).desc())
    return session.exec(newest.limit(most)).all()


def mark_succeeded(session: Session, keys: Sequence[int]) -> None:
    session.connection().execute(update(SignInAttempt).where(col(SignInAttempt.id).in_(keys)).values(succeeded=True))


def prune(session: Session, *, before: str) -> None:
    """Forget attempts that count for nothing any more."""
    session.connection().execute(delete(SignInAttempt).where(col(SignInAttempt.at) < before))
