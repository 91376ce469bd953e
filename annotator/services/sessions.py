"""Signing in by a one-time link or a password, staying signed in, signing out. Tokens are known to the browser only."""

import hashlib
import hmac

from sqlmodel import Session

from annotator.errors import SignedOut
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import clock, history
from annotator.services.history import Actor
from annotator.services.reviewers import new_token, token_hash
from db.models import Reviewer, WebSession
from db.queries import sessions
from db.queries.sessions import OpenSession

FORM_LABEL = b"annotator form token 1"
WRONG = later("The name or the password is not right, or this name has no password. A link works, too.")
USED_UP = later("This link was used, has expired or was never valid. Ask the lead for a new one.")


def link_owner(session: Session, token: str, *, now: str) -> Reviewer | None:
    """Whom a link would sign in; looking does not use it up."""
    return sessions.link_owner(session, token_hash(token), now)


def redeem(session: Session, token: str, *, now: str, days: int) -> str:
    """Use a link up and open a session that ends after so many days; returns the session's token.

    Raises SignedOut for a link that was used, has expired, or belongs to somebody who is deactivated.
    """
    reviewer = sessions.link_owner(session, token_hash(token), now)
    if reviewer is None or not sessions.use_link(session, token_hash(token), now):
        raise SignedOut(_(USED_UP))
    return enter(session, reviewer, now=now, days=days)


def enter(session: Session, reviewer: Reviewer, *, now: str, days: int) -> str:
    """Open a session under a new id; returns its token."""
    assert reviewer.id is not None
    secret = new_token()
    session.add(
        WebSession(
            reviewer_id=reviewer.id,
            token_hash=token_hash(secret),
            created_at=now,
            last_seen_at=now,
            expires_at=clock.later(now, days=days),
        )
    )
    session.flush()
    history.log(session, Actor(reviewer.id, None, now), "sign_in", "reviewer", reviewer.uid)
    return secret


def enter_by_password(session: Session, reviewer: Reviewer, *, now: str, days: int) -> str:
    """Open a session for somebody whose password was right a moment ago.

    Raises SignedOut when they were deactivated or have another password since.
    """
    session.expire_all()
    found = session.get_one(Reviewer, reviewer.id)
    if not found.active or found.secret_hash is None or found.secret_hash != reviewer.secret_hash:
        raise SignedOut(_(WRONG))
    return enter(session, found, now=now, days=days)


def reviewer_of(session: Session, token: str, *, now: str, idle_hours: int) -> OpenSession | None:
    """Who holds a session's token, unless it ended, lay idle too long, or the person is deactivated. Only reads."""
    seen_after = clock.later(now, hours=-idle_hours)
    return sessions.open_session(session, token_hash(token), now, seen_after)


def is_due(found: OpenSession, *, now: str) -> bool:
    """Whether the session's last sign of life is more than a minute old, so that `touch` is worth a write."""
    return found.last_seen_at < clock.later(now, minutes=-1)


def touch(session: Session, token: str, *, now: str) -> None:
    """Note that a session is in use."""
    found = sessions.by_token(session, token_hash(token))
    if found is not None and found.last_seen_at < now:
        found.last_seen_at = now
        session.add(found)
        session.flush()


def sign_out(session: Session, token: str, *, now: str) -> None:
    """End a session; one that has ended stays as it is."""
    found = sessions.by_token(session, token_hash(token))
    if found is None or found.revoked_at is not None:
        return
    found.revoked_at = now
    session.add(found)
    session.flush()
    reviewer = session.get_one(Reviewer, found.reviewer_id)
    history.log(session, Actor(reviewer.id, None, now), "sign_out", "reviewer", reviewer.uid)


def form_token(token: str) -> str:
    """What every form of a session carries; it cannot be turned back into the session's token."""
    return hmac.new(token.encode(), FORM_LABEL, hashlib.sha256).hexdigest()


def is_form_token(token: str, given: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(form_token(token).encode(), given.encode())
