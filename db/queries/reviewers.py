"""People: who they are, who may sign in, what lets them."""

from collections.abc import Sequence

from sqlalchemy import update
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


def of_api_token(session: Session, token_hash: str) -> Reviewer | None:
    """The active person whom a token that was not revoked stands for."""
    statement = (
        select(Reviewer)
        .join(ApiToken, col(ApiToken.reviewer_id) == Reviewer.id)
        .where(ApiToken.token_hash == token_hash, col(ApiToken.revoked_at).is_(None), col(Reviewer.active))
    )
    return session.exec(statement).first()


def revoke_all(session: Session, reviewer_id: int, at: str) -> None:
    """End a person's sessions and tokens, and let their unused links expire."""
    for table in (WebSession, ApiToken):
        mine = (col(table.reviewer_id) == reviewer_id, col(table.revoked_at).is_(None))
        session.execute(update(table).where(*mine).values(revoked_at=at))
    unused = (col(SignInLink.reviewer_id) == reviewer_id, col(SignInLink.used_at).is_(None))
    session.execute(update(SignInLink).where(*unused, col(SignInLink.expires_at) > at).values(expires_at=at))
