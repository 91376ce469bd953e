"""One's own password: set after signing in by a link, changed, removed."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Invalid, Refused, TooMany
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import attempts, clock, passwords, sessions
from annotator.services.passwords import Passwords
from annotator.settings import Settings
from annotator.web import pages, sign_in
from annotator.web.deps import DatabaseDep, PasswordsDep, PostedDep, ReviewerDep, SettingsDep, Visitor
from db.engine import Database

router = APIRouter()
FRESH_MINUTES = 15  # whoever signed in so lately need not know the password: that is how a forgotten one is replaced
NOT_RIGHT = later("This is not your password. Forgotten? Sign in again by a link, then change it at once.")
NEEDS_SIGN_IN = later("You signed in a while ago. Sign in again by a link, then set a password at once.")


@dataclass(frozen=True, slots=True)
class PasswordView:
    """Whether there is a password, whether it must be typed for a change, and what was wrong."""

    exists: bool
    fresh: bool
    message: str | None = None
    field: str | None = None
    shortest: int = passwords.SHORTEST
    longest: int = passwords.LONGEST


@router.get("/password")
def show(request: Request, visitor: ReviewerDep) -> Response:
    return _page(request, visitor)


@router.post("/password")
def save(
    request: Request,
    fields: PostedDep,
    visitor: ReviewerDep,
    database: DatabaseDep,
    settings: SettingsDep,
    hashes: PasswordsDep,
) -> Response:
    """Set or change it: every session of this person ends, and this browser gets a new one."""
    new = fields.text("new")
    try:
        passwords.refuse_weak(new, visitor.reviewer.name)
        if fields.text("again") != new:
            raise Invalid(_("The two do not match."), field="again")
        with hashes.turn():
            _prove(request, visitor, database, hashes, fields.text("current"))
            secret = hashes.hash(new)
    except Refused as refused:
        return _page(request, visitor, refused)
    return _store(visitor, database, settings, secret)


@router.post("/password/delete")
def delete(
    request: Request,
    fields: PostedDep,
    visitor: ReviewerDep,
    database: DatabaseDep,
    settings: SettingsDep,
    hashes: PasswordsDep,
) -> Response:
    """Remove it: from now on only links sign this person in; every other session ends."""
    try:
        with hashes.turn():
            _prove(request, visitor, database, hashes, fields.text("current"))
    except Refused as refused:
        return _page(request, visitor, refused)
    return _store(visitor, database, settings, None)


def _is_fresh(visitor: Visitor) -> bool:
    return visitor.since > clock.later(clock.now(), minutes=-FRESH_MINUTES)


def _prove(request: Request, visitor: Visitor, database: Database, hashes: Passwords, current: str) -> None:
    """Whoever sits at a browser that was left open cannot take an account over. Raises Invalid or TooMany."""
    if _is_fresh(visitor):
        return
    if visitor.reviewer.secret_hash is None:
        raise Invalid(_(NEEDS_SIGN_IN), field="new")
    limits = attempts.of_account(visitor.reviewer.name) | attempts.of_address(sign_in.address_of(request))
    with database.write() as session:
        attempt = attempts.begin(session, limits, now=clock.now())
    right, _renewed = hashes.check(current, visitor.reviewer.secret_hash)
    if not right:
        raise Invalid(_(NOT_RIGHT), field="current")
    with database.write() as session:
        attempts.succeed(session, attempt)


def _store(visitor: Visitor, database: Database, settings: Settings, secret: str | None) -> Response:
    with database.write() as session:
        before = visitor.reviewer.secret_hash
        reviewer = passwords.store(session, visitor.actor(), visitor.id, secret, before=before)
        token = sessions.enter(session, reviewer, now=clock.now(), days=settings.session_days)
    response = pages.see_other("/password")
    sign_in.set_cookie(response, settings, token)
    return response


def _page(request: Request, visitor: Visitor, refused: Refused | None = None) -> Response:
    view = PasswordView(visitor.reviewer.secret_hash is not None, _is_fresh(visitor))
    headers: dict[str, str] = {}
    if refused is not None:
        field = refused.field if isinstance(refused, Invalid) else None
        view = PasswordView(view.exists, view.fresh, refused.message, field)
        headers = {"retry-after": str(refused.retry_after)} if isinstance(refused, TooMany) else {}
    status = refused.status if refused else 200
    return pages.page(request, "passwords/show.html", view, visitor, status=status, headers=headers)
