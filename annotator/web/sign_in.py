"""Signing in by a one-time link or by name and password, signing out."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Refused, SignedOut, TooMany
from annotator.language import gettext as _
from annotator.services import attempts, clock, passwords, preferences, reviewers, sessions
from annotator.services.passwords import Passwords
from annotator.settings import Settings
from annotator.web import language, pages, security
from annotator.web.deps import (
    DatabaseDep,
    FieldsDep,
    PasswordsDep,
    Posted,
    ReviewerDep,
    SessionDep,
    SettingsDep,
    VisitorDep,
)
from annotator.web.forms import Fields
from db.engine import Database

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignInView:
    """Whom a link signs in, or why it did not work; `typed` is the name that came with a wrong password."""

    name: str | None
    token: str
    next: str
    problem: str | None = None
    typed: str | None = None


@router.get("/sign-in")
def show(request: Request, session: SessionDep, visitor: VisitorDep, token: str = "", next: str = "/") -> Response:
    """Says who signs in; only the button uses the link up, so that a link preview cannot."""
    code = token_of(token)
    owner = sessions.link_owner(session, code, now=clock.now()) if code else None
    name = owner.name if owner else None
    used = _("This link was used already or has expired. Ask your lead for a new one.")
    problem = None if name or not code else used
    return pages.page(request, "sign_in/show.html", SignInView(name, code, pages.local_path(next), problem), visitor)


@router.post("/sign-in")
def create(
    request: Request,
    fields: FieldsDep,
    visitor: VisitorDep,
    database: DatabaseDep,
    settings: SettingsDep,
    hashes: PasswordsDep,
) -> Response:
    """A new session by a link or a password, and the end of the one this browser had before."""
    target, by_password = pages.local_path(fields.text("next")), "password" in fields
    try:
        if by_password:
            token = _with_password(request, database, settings, hashes, fields)
        else:
            token = _with_link(request, database, settings, token_of(fields.text("token")))
    except Refused as refused:
        view = SignInView(None, "", target, refused.message, fields.text("name") if by_password else None)
        headers = {"retry-after": str(refused.retry_after)} if isinstance(refused, TooMany) else None
        return pages.page(request, "sign_in/show.html", view, None, status=refused.status, headers=headers)
    if visitor is not None:
        with database.write() as session:
            sessions.sign_out(session, visitor.token, now=clock.now())
    response = pages.see_other(target)
    set_cookie(response, settings, token)
    code = _chosen(database, settings, token)
    if code:
        language.remember(response, settings, code)
    return response


def _chosen(database: Database, settings: Settings, token: str) -> str | None:
    """The language that whoever signed in has chosen once, on whatever computer."""
    with database.read() as session:
        found = sessions.reviewer_of(session, token, now=clock.now(), idle_hours=settings.session_idle_hours)
        return preferences.language(found.reviewer) if found else None


def _with_link(request: Request, database: Database, settings: Settings, code: str) -> str:
    """Use a link up. Raises SignedOut, and TooMany after too many wrong ones from one address."""
    now = clock.now()
    with database.write() as session:
        attempt = attempts.begin(session, attempts.of_address(address_of(request)), now=now)
    with database.write() as session:
        token = sessions.redeem(session, code, now=now, days=settings.session_days)
        attempts.succeed(session, attempt)
    return token


def _with_password(request: Request, database: Database, settings: Settings, hashes: Passwords, fields: Fields) -> str:
    """Compare a password: the answer is the same for a wrong one, for none and for a name that nobody has."""
    name, typed = fields.text("name"), fields.text("password")
    with hashes.turn():
        now = clock.now()
        with database.write() as session:
            limits = attempts.of_account(name) | attempts.of_address(address_of(request))
            attempt = attempts.begin(session, limits, now=now)
            person = reviewers.named(session, name)
        stored = person.secret_hash if person is not None and person.active else None
        right, renewed = hashes.check(typed, stored)
    if person is None or person.id is None or not right:
        raise SignedOut(_(sessions.WRONG))
    with database.write() as session:
        attempts.succeed(session, attempt)
        token = sessions.enter_by_password(session, person, now=clock.now(), days=settings.session_days)
        if renewed:
            passwords.renew(session, person.id, renewed, before=stored)
    return token


def address_of(request: Request) -> str | None:
    return request.client.host if request.client else None


@router.post("/sign-out", dependencies=[Posted])
def delete(visitor: ReviewerDep, database: DatabaseDep, settings: SettingsDep) -> Response:
    with database.write() as session:
        sessions.sign_out(session, visitor.token, now=clock.now())
    response = pages.see_other("/sign-in")
    name = security.cookie_name(settings.secure_cookies)
    response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=settings.secure_cookies)
    return response


def token_of(text: str) -> str:
    """The code in a pasted link, or the code itself."""
    return text.strip().rpartition("token=")[2].partition("&")[0]


def set_cookie(response: Response, settings: Settings, token: str) -> None:
    """Give the browser its session: for this site only, and for no script."""
    response.set_cookie(
        security.cookie_name(settings.secure_cookies),
        token,
        max_age=settings.session_days * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
