"""People: add, deactivate, give a way in. A link signs in once, a token is for scripts."""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence

from sqlmodel import Session

from annotator.domain import ids
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.services import clock, history
from annotator.services.history import Actor
from db.models import ApiToken, Reviewer, SignInLink
from db.queries import reviewers
from db.vocabulary import ReviewerKind, ReviewerRole

LONGEST_NAME = 80


def add(
    session: Session,
    actor: Actor,
    name: str,
    *,
    role: str = ReviewerRole.REVIEWER,
    kind: str = ReviewerKind.HUMAN,
) -> Reviewer:
    """A new person under a name that nobody has, whatever its case. Raises Invalid."""
    name = clean_name(name)
    if role not in list(ReviewerRole):
        raise Invalid(_("A role is reviewer or lead, not “{role}”.").format(role=role), field="role")
    uid = ids.reviewer_id(name)
    there = reviewers.by_uid(session, uid)
    if there is not None:
        raise Invalid(_("There is already a reviewer named {name}.").format(name=there.name), field="name")
    reviewer = Reviewer(uid=uid, name=name, role=role, kind=kind, created_at=actor.at)
    session.add(reviewer)
    session.flush()
    history.log(session, actor, "create", "reviewer", uid, detail={"role": role, "kind": kind})
    return reviewer


def clean_name(name: str) -> str:
    """A name in composed form without white space round it. Raises Invalid."""
    name = unicodedata.normalize("NFC", name).strip()
    kinds = [unicodedata.category(character) for character in name]
    if not any(kind[0] in "LNPS" for kind in kinds):
        raise Invalid(_("A name needs at least one visible character."), field="name")
    if any(kind in ("Cc", "Cs", "Zl", "Zp") for kind in kinds):
        raise Invalid(_("A name is one line without control characters."), field="name")
    if len(name) > LONGEST_NAME:
        raise Invalid(
            _("A name has at most {most} characters, this one has {n}.").format(most=LONGEST_NAME, n=len(name)),
            field="name",
        )
    return name


def listed(session: Session) -> Sequence[Reviewer]:
    """Everybody, also who is deactivated, by name."""
    return reviewers.everybody(session)


def find(session: Session, name: str) -> Reviewer:
    """The person of a name, written in any case, or of an id. Raises Invalid."""
    found = reviewers.by_uid(session, name) or reviewers.by_uid(session, ids.reviewer_id(name))
    if found is None:
        raise Invalid(_("There is no reviewer named “{name}”.").format(name=name), field="name")
    return found


def named(session: Session, name: str) -> Reviewer | None:
    """The person of a name, written in any case; None for a name that nobody has."""
    return reviewers.by_uid(session, ids.reviewer_id(name))


def find_active(session: Session, name: str) -> Reviewer:
    """As `find`; raises Invalid for somebody who is deactivated, too."""
    found = find(session, name)
    if not found.active:
        raise Invalid(_("{name} is deactivated.").format(name=found.name), field="name")
    return found


def deactivate(session: Session, actor: Actor, name: str) -> Reviewer:
    """Shut a person out at once; their work stays. Raises Invalid for the last lead."""
    leads = reviewers.active_leads(session)
    reviewer = find(session, name)
    if not reviewer.active:
        return reviewer
    if [lead.id for lead in leads] == [reviewer.id]:
        raise Invalid(
            _("{name} is the last active lead: add another lead first.").format(name=reviewer.name), field="name"
        )
    assert reviewer.id is not None
    reviewer.active, reviewer.secret_hash = False, None
    reviewers.revoke_all(session, reviewer.id, actor.at)
    return _changed(session, actor, reviewer, "deactivate")


def activate(session: Session, actor: Actor, name: str) -> Reviewer:
    """Let a deactivated person in again; they need a new link, their password is gone."""
    reviewer = find(session, name)
    if reviewer.active:
        return reviewer
    reviewer.active = True
    return _changed(session, actor, reviewer, "activate")


def _changed(session: Session, actor: Actor, reviewer: Reviewer, action: str) -> Reviewer:
    session.add(reviewer)
    session.flush()
    history.log(session, actor, action, "reviewer", reviewer.uid)
    return reviewer


def link(session: Session, actor: Actor, name: str, *, days: int) -> str:
    """The token of a new link that signs a person in once within so many days. Only its hash is stored."""
    reviewer = find_active(session, name)
    assert reviewer.id is not None
    token = new_token()
    session.add(
        SignInLink(
            reviewer_id=reviewer.id,
            token_hash=token_hash(token),
            created_at=actor.at,
            expires_at=clock.later(actor.at, days=days),
        )
    )
    _changed(session, actor, reviewer, "link")
    return token


def token(session: Session, actor: Actor, name: str, *, days: int | None = None) -> str:
    """A new token for scripts, shown this once: only its hash is stored. It ends after `days`, if given."""
    reviewer = find_active(session, name)
    assert reviewer.id is not None
    secret = new_token()
    session.add(
        ApiToken(
            reviewer_id=reviewer.id,
            token_hash=token_hash(secret),
            created_at=actor.at,
            revoked_at=clock.later(actor.at, days=days) if days else None,
        )
    )
    _changed(session, actor, reviewer, "token")
    return secret


def tokens(session: Session, name: str) -> Sequence[ApiToken]:
    """A person's tokens for scripts, the void ones too."""
    reviewer = find(session, name)
    assert reviewer.id is not None
    return reviewers.api_tokens(session, reviewer.id)


def revoke_token(session: Session, actor: Actor, name: str, number: int) -> Reviewer:
    """End one of a person's tokens, by its number in their list; one that has ended stays as it is. Raises Invalid."""
    reviewer = find(session, name)
    found = next((one for one in tokens(session, name) if one.id == number), None)
    if found is None:
        raise Invalid(_("{name} has no token {number}.").format(name=reviewer.name, number=number), field="number")
    if found.revoked_at is not None and found.revoked_at <= actor.at:
        return reviewer
    found.revoked_at = actor.at
    session.add(found)
    return _changed(session, actor, reviewer, "token_revoked")


def of_token(session: Session, secret: str, *, now: str) -> tuple[Reviewer, ApiToken] | None:
    """The active person whom a script's token stands for, and the token."""
    return reviewers.of_api_token(session, token_hash(secret), now)


def token_used(session: Session, token: ApiToken, *, now: str) -> None:
    """Note that a token is in use."""
    token.last_used_at = now
    session.add(token)
    session.flush()


def new_token() -> str:
    """256 random bits for a link, a session or a script."""
    return secrets.token_urlsafe(32)


def token_hash(secret: str) -> str:
    """What is stored of a token. It is random, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
