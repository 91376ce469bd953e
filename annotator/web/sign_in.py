"""Signing in by a one-time link, signing out."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Refused
from annotator.services import clock, sessions
from annotator.settings import Settings
from annotator.web import pages, security
from annotator.web.deps import DatabaseDep, FieldsDep, Posted, ReviewerDep, SessionDep, SettingsDep, VisitorDep

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SignInView:
    name: str | None
    token: str
    next: str
    problem: str | None = None


@router.get("/sign-in")
def show(request: Request, session: SessionDep, visitor: VisitorDep, token: str = "", next: str = "/") -> Response:
    """Says who signs in; only the button uses the link up, so that a link preview cannot."""
    code = token_of(token)
    owner = sessions.link_owner(session, code, now=clock.now()) if code else None
    name = owner.name if owner else None
    problem = None if name or not code else "This link was used already or has expired. Ask your lead for a new one."
    return pages.page(request, "sign_in/show.html", SignInView(name, code, pages.local_path(next), problem), visitor)


@router.post("/sign-in")
def create(
    request: Request, fields: FieldsDep, visitor: VisitorDep, database: DatabaseDep, settings: SettingsDep
) -> Response:
    """Use the link up: a new session, and the end of the one this browser had before."""
    code, target = token_of(fields.text("token")), pages.local_path(fields.text("next"))
    try:
        with database.write() as session:
            token = sessions.redeem(session, code, now=clock.now(), days=settings.session_days)
            if visitor is not None:
                sessions.sign_out(session, visitor.token, now=clock.now())
    except Refused as refused:
        view = SignInView(None, "", target, refused.message)
        return pages.page(request, "sign_in/show.html", view, None, status=refused.status)
    response = pages.see_other(target)
    _set_cookie(response, settings, token)
    return response


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


def _set_cookie(response: Response, settings: Settings, token: str) -> None:
    response.set_cookie(
        security.cookie_name(settings.secure_cookies),
        token,
        max_age=settings.session_days * 86400,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookies,
    )
