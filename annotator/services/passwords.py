"""Passwords: optional beside sign-in links, hashed with Argon2id, bounded before they are hashed, two at a time."""

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import Session

from annotator.domain import ids
from annotator.errors import Conflict, Invalid, Unavailable
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import history
from annotator.services.history import Actor
from annotator.services.reviewers import new_token
from db.models import Reviewer
from db.queries import reviewers, sessions

SHORTEST, LONGEST = 12, 256
FEWEST_DIFFERENT = 5
AT_ONCE = 2  # a hash takes 64 MiB for a moment
WAIT_SECONDS = 5
BUSY = later("Many people sign in at this moment. Try again in a few seconds.")
CHANGED = later("Your password was changed in another window. Load the page again.")


class Passwords:
    """Hashes and compares; whoever finds two hashes under way waits, five seconds at most."""

    def __init__(self) -> None:
        self._hash = PasswordHash((Argon2Hasher(),))
        self._room = threading.BoundedSemaphore(AT_ONCE)

    @cached_property
    def _nobody(self) -> str:
        """What the password of a name without one is compared with, so that it takes as long."""
        return self._hash.hash(new_token())

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Room for a hash. Raises Unavailable."""
        if not self._room.acquire(timeout=WAIT_SECONDS):
            raise Unavailable(_(BUSY))
        try:
            yield
        finally:
            self._room.release()

    def hash(self, password: str) -> str:
        """The hash of a password that fits the rules; call it in a turn."""
        return self._hash.hash(_composed(password))

    def check(self, password: str, stored: str | None) -> tuple[bool, str | None]:
        """Whether it is the password, and a new hash where the stored one is weaker than today's; call it in a turn.

        None (nobody, or nobody with a password) takes as long as a wrong password.
        """
        nobody = self._nobody
        if len(password) > LONGEST:
            return False, None
        right, renewed = self._hash.verify_and_update(_composed(password), stored or nobody)
        return right and stored is not None, renewed


def _composed(password: str) -> str:
    """One form for what looks the same, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", password)


def refuse_weak(password: str, name: str) -> None:
    """Raises Invalid for a password that is too short, too long, or too easy to guess from the name."""
    if len(password) < SHORTEST:
        raise Invalid(
            _("A password has at least {n} characters. Several words are easy to keep.").format(n=SHORTEST), field="new"
        )
    if len(password) > LONGEST:
        raise Invalid(_("A password has at most {n} characters.").format(n=LONGEST), field="new")
    plain = ids.name_key(password)
    if len(set(plain)) < FEWEST_DIFFERENT or not set(plain.split()) - set(ids.name_key(name).split()):
        raise Invalid(_("This password is too easy to guess: it repeats a few characters or your name."), field="new")


def store(session: Session, actor: Actor, reviewer_id: int, secret: str | None, *, before: str | None) -> Reviewer:
    """Set a person's hash, or remove it (None), and end all their sessions.

    Raises Conflict when it is no longer the one `before` that the change rests on.
    """
    if not reviewers.set_secret(session, reviewer_id, secret, before=before):
        raise Conflict(_(CHANGED))
    sessions.end_all(session, reviewer_id, actor.at)
    session.expire_all()
    reviewer = session.get_one(Reviewer, reviewer_id)
    history.log(session, actor, "password" if secret else "password_removed", "reviewer", reviewer.uid)
    return reviewer


def renew(session: Session, reviewer_id: int, secret: str, *, before: str | None) -> None:
    """Store a stronger hash of the same password, unless the password was changed in between."""
    reviewers.set_secret(session, reviewer_id, secret, before=before)
