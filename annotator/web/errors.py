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

from annotator.errors import Refused, SignedOut, TooMany
from annotator.language import gettext as _
from annotator.language import later
from annotator.web import pages
from annotator.web.deps import OtherSession, Visitor

log = logging.getLogger("annotator")

TITLES = {
    400: later("This request cannot be read"),
    401: later("You are signed out"),
    403: later("Not allowed"),
    404: later("Nothing here"),
    405: later("Nothing here"),
    408: later("Too slow"),
    409: later("Changed in the meantime"),
    413: later("Too large"),
    422: later("Something does not fit"),
    423: later("Read-only"),
    429: later("Too many attempts"),
    500: later("Not saved"),
    503: later("Not saved"),
    507: later("Not saved"),
}
OTHERWISE = later("It did not work")
NO_PAGE = later("There is no such page, or it is not yours to see.")
FAILED = later("Something went wrong on our side, so nothing was saved. Try again.")


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
    app.add_exception_handler(Exception, bug)


def show(
    request: Request,
    status: int,
    message: str,
    headers: dict[str, str] | None = None,
    visitor: Visitor | None = None,
) -> Response:
    """The error as a page, as a part for htmx, or as JSON under /api/ and for addresses that end in .json."""
    title = _(TITLES.get(status, OTHERWISE))
    if request.url.path.startswith("/api/") or request.url.path.endswith(".json"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": message}
        body["request"] = _request_id(request)
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    sign_in = f"/sign-in?next={quote(_back(request))}" if status == 401 else None
    view = ErrorView(status, title, message, sign_in)
    return pages.page(request, "error.html", view, visitor, fragment="_alert.html", status=status, headers=headers)


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
    headers = {"retry-after": str(error.retry_after)} if isinstance(error, TooMany) else None
    visitor = error.visitor if isinstance(error, OtherSession) and pages.is_htmx(request) else None
    return show(request, error.status, error.message, headers, visitor)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = _(NO_PAGE) if error.status_code in (404, 405) else str(error.detail)
    return show(request, error.status_code, message, dict(error.headers or {}))


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return show(request, 422, _("The address or a field does not fit."))


async def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, OperationalError)
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    log.error("database error", extra={"request": _request_id(request), "code": code}, exc_info=error)
    full = "full" in str(error.orig).lower() or getattr(error.orig, "errno", None) == errno.ENOSPC
    return show(request, 507 if full else 503, _("The disk is full, so nothing was saved.") if full else _busy())


def _busy() -> str:
    return _("The database cannot take it now, so nothing was saved. Try again.")


async def bug(request: Request, error: Exception) -> Response:
    """What nobody foresaw: the page has the number under which the log says where it was."""
    log.error("error", extra={"request": _request_id(request)}, exc_info=error)
    return show(request, 500, _(FAILED))


def _request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", "-"))
