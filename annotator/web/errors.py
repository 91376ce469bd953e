"""Which error shows what: a sentence, the true status, and nothing that was typed is lost."""

import errno
import logging
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from annotator.errors import Refused, SignedOut
from annotator.web import pages
from annotator.web.deps import OtherSession, Visitor

log = logging.getLogger("annotator")

TITLES = {
    400: "This request cannot be read",
    401: "You are signed out",
    403: "Not allowed",
    404: "Nothing here",
    405: "Nothing here",
    409: "Changed in the meantime",
    413: "Too large",
    422: "Something does not fit",
    423: "Read-only",
    429: "Too many attempts",
    500: "Not saved",
    503: "Not saved",
    507: "Not saved",
}
NO_PAGE = "There is no such page, or it is not yours to see."
FAILED = "Something went wrong on our side, so nothing was saved. Try again."


@dataclass(frozen=True, slots=True)
class ErrorView:
    status: int
    title: str
    message: str
    sign_in: str | None = None


def install(app: FastAPI) -> None:
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(Exception, _bug)


def show(request: Request, status: int, message: str, visitor: Visitor | None = None) -> Response:
    """The error as a page, as a part for htmx, or as JSON under /api/ and for addresses that end in .json."""
    title = TITLES.get(status, "It did not work")
    if request.url.path.startswith("/api/") or request.url.path.endswith(".json"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": message}
        return JSONResponse(body, status, media_type="application/problem+json")
    sign_in = f"/sign-in?next={quote(_back(request))}" if status == 401 else None
    view = ErrorView(status, title, message, sign_in)
    return pages.page(request, "error.html", view, visitor, fragment="_alert.html", status=status)


def _back(request: Request) -> str:
    """Where to come back to after signing in: this page, or the page whose form was sent."""
    if request.method == "GET" and not pages.is_htmx(request):
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    current = request.headers.get("hx-current-url") or request.headers.get("referer") or "/"
    path = current.partition("://")[2].partition("/")[2]
    return pages.local_path("/" + path)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    if isinstance(error, SignedOut) and request.method == "GET" and not pages.is_htmx(request):
        return pages.see_other(f"/sign-in?next={quote(_back(request))}")
    visitor = error.visitor if isinstance(error, OtherSession) and pages.is_htmx(request) else None
    return show(request, error.status, error.message, visitor)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = NO_PAGE if error.status_code in (404, 405) else str(error.detail)
    return show(request, error.status_code, message)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return show(request, 422, "The address or a field does not fit.")


async def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, OperationalError)
    log.error("database error in request %s: %s", _request_id(request), error.orig)
    full = "full" in str(error.orig).lower() or getattr(error.orig, "errno", None) == errno.ENOSPC
    return show(request, 507 if full else 503, "The disk is full, so nothing was saved." if full else _busy())


def _busy() -> str:
    return "The database cannot take it now, so nothing was saved. Try again."


async def _bug(request: Request, error: Exception) -> Response:
    log.exception("error in request %s", _request_id(request), exc_info=error)
    return show(request, 500, FAILED)


def _request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", "-"))
