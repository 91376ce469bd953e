"""People: who they are, who may sign in, what lets them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, func, select

from db.models import ApiToken, Reviewer, SignInLink, WebSession
from db.vocabulary import ReviewerKind, ReviewerRole


def by_uid(session: Session, uid: str) -> Reviewer | None:
    return session.exec(select(Reviewer).where(Reviewer.uid == uid)).first()


def everybody(session: Session) -> Sequence[Reviewer]:
    """All people and machines, by name."""
    return session.exec(select(Reviewer).order_by(func.lower(Reviewer.name), col(Reviewer.id))).all()


def active_reviewers(session: Session) -> Sequence[Reviewer]:
    """People who label, by id: no leads, no machines, nobody deactivated."""
    statement = select(Reviewer).where(Reviewer.role == ReviewerRole.REVIEWER, Reviewer.kind == ReviewerKind.HUMAN)
    return session.exec(statement.where(col(Reviewer.active)).order_by(Reviewer.uid)).all()


def active_leads(session: Session) -> Sequence[Reviewer]:
    """Leads who can sign in; locked, so that two who deactivate each other at once cannot both succeed."""
    statement = select(Reviewer).where(Reviewer.role == ReviewerRole.LEAD, col(Reviewer.active))
    return session.exec(statement.order_by(col(Reviewer.id)).with_for_update()).all()


def of_api_token(session: Session, token_hash: str, now: str) -> tuple[Reviewer, ApiToken] | None:
    """The active person whom a token stands for that is not void yet, and the token."""
    statement = select(Reviewer, ApiToken).join(ApiToken, col(ApiToken.reviewer_id) == Reviewer.id)
    found = session.exec(statement.where(ApiToken.token_hash == token_hash, _valid(now), col(Reviewer.active))).first()
    return (found[0], found[1]) if found else None


def api_tokens(session: Session, reviewer_id: int) -> Sequence[ApiToken]:
    """A person's tokens, the void ones too, oldest first."""
    return session.exec(select(ApiToken).where(ApiToken.reviewer_id == reviewer_id).order_by(col(ApiToken.id))).all()


def _valid(now: str) -> ColumnElement[bool]:
    """A token is void from the moment in `revoked_at`, which may be set beforehand: that is how one expires."""
    return or_(col(ApiToken.revoked_at).is_(None), col(ApiToken.revoked_at) > now)


def set_secret(session: Session, reviewer_id: int, secret: str | None, *, before: str | None) -> bool:
    """Store a password's hash; False when it is no longer the one `before`."""
    same = col(Reviewer.secret_hash).is_not_distinct_from(before)
    changed = update(Reviewer).where(col(Reviewer.id) == reviewer_id, same).values(secret_hash=secret)
    return bool(session.connection().execute(changed).rowcount)


def revoke_all(session: Session, reviewer_id: int, at: str) -> None:
    """End a person's sessions and tokens, and let their unused links expire."""
    sessions = (col(WebSession.reviewer_id) == reviewer_id, col(WebSession.revoked_at).is_(None))
    session.execute(update(WebSession).where(*sessions).values(revoked_at=at))
    session.execute(update(ApiToken).where(col(ApiToken.reviewer_id) == reviewer_id, _valid(at)).values(revoked_at=at))
    unused = (col(SignInLink.reviewer_id) == reviewer_id, col(SignInLink.used_at).is_(None))
    session.execute(update(SignInLink).where(*unused, col(SignInLink.expires_at) > at).values(expires_at=at))
