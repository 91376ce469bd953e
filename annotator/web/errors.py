"""Which error shows what: a sentence, the true status, and nothing that was typed is lost."""

import errno
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from annotator.errors import Invalid, Refused, SignedOut, Stale, TooMany
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
    for kind in (DBAPIError, NoConnection, OSError):
        app.add_exception_handler(kind, _trouble)
    app.add_exception_handler(Exception, bug)


def show(
    request: Request,
    status: int,
    message: str,
    headers: dict[str, str] | None = None,
    more: Mapping[str, object] | None = None,
    visitor: Visitor | None = None,
) -> Response:
    """The error as a page, as a part for htmx, or as JSON under /api/ and for addresses that end in .json."""
    title = _(TITLES.get(status, OTHERWISE))
    if is_api(request) or request.url.path.endswith(".json"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": message, **(more or {})}
        body["request"] = _request_id(request)
        return JSONResponse(body, status, headers, media_type="application/problem+json")
    sign_in = f"/sign-in?next={quote(_back(request))}" if status == 401 else None
    view = ErrorView(status, title, message, sign_in)
    return pages.page(request, "error.html", view, visitor, fragment="_alert.html", status=status, headers=headers)


def is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


def _back(request: Request) -> str:
    """Where to come back to after signing in: this page, or the page whose form was sent."""
    if request.method == "GET" and not pages.is_htmx(request):
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    current = request.headers.get("hx-current-url") or request.headers.get("referer") or "/"
    path = current.partition("://")[2].partition("/")[2]
    return pages.local_path("/" + path)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    is_page = request.method == "GET" and not pages.is_htmx(request) and not is_api(request)
    if isinstance(error, SignedOut) and is_page:
        return pages.see_other(f"/sign-in?next={quote(_back(request))}")
    headers, more = {}, dict(error.more)
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.retry_after)
    if error.status == 401 and is_api(request):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, Stale):
        more["current_revision"] = error.current
    if isinstance(error, Invalid) and error.field:
        more["field"] = error.field
    visitor = error.visitor if isinstance(error, OtherSession) and pages.is_htmx(request) else None
    return show(request, error.status, error.message, headers, more, visitor)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    message = _(NO_PAGE) if error.status_code in (404, 405) else str(error.detail)
    return show(request, error.status_code, message, dict(error.headers or {}))


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = [{"place": [_storable(part) for part in one["loc"]], "reason": one["msg"]} for one in error.errors()]
    more = {"errors": wrong} if is_api(request) else {}
    return show(request, 422, _("The address or a field does not fit."), more=more)


def _storable(part: object) -> str:
    """A name that a script made up may hold half a character."""
    return str(part).encode("utf-8", "replace").decode()


FULL = later("The disk is full, so nothing was saved.")
READ_ONLY = later("The database can only be read at the moment, so nothing was saved.")
DAMAGED = later("The database file is damaged, so nothing was saved. A backup must be put back: annotator db restore.")
BUSY = later("The database cannot take it now, so nothing was saved. Try again.")
DISK = later("The disk failed, so nothing was saved. Try again.")
SIGNS = {  # what SQLite and PostgreSQL say
    "disk is full": (507, FULL),
    "no space left": (507, FULL),
    "readonly": (503, READ_ONLY),
    "read-only": (503, READ_ONLY),
    "malformed": (503, DAMAGED),
    "not a database": (503, DAMAGED),
    "disk i/o error": (503, DISK),
}
NUMBERS = {
    errno.ENOSPC: (507, FULL),
    errno.EDQUOT: (507, FULL),
    errno.EFBIG: (507, FULL),
    errno.EROFS: (503, READ_ONLY),
}


async def _trouble(request: Request, error: Exception) -> Response:
    """The database or the disk cannot do it: try again, or what to do. Anything else is a bug of ours."""
    found = _sign(error)
    if found is None:
        return await bug(request, error)
    cause = getattr(error, "orig", error)
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or getattr(cause, "errno", None)
    log.error("database error", extra={"request": _request_id(request), "code": code}, exc_info=error)
    status, message = found
    return show(request, status, _(message))


def _sign(error: Exception) -> tuple[int, str] | None:
    """Status and sentence of an error that is not a bug."""
    if isinstance(error, DBAPIError):
        said = str(error.orig).lower()
        named = next((found for sign, found in SIGNS.items() if sign in said), None)
        return named or ((503, BUSY) if isinstance(error, OperationalError) or error.connection_invalidated else None)
    if isinstance(error, OSError):
        return NUMBERS.get(error.errno or 0)
    return 503, BUSY


async def bug(request: Request, error: Exception) -> Response:
    """What nobody foresaw: the page has the number under which the log says where it was."""
    log.error("error", extra={"request": _request_id(request)}, exc_info=error)
    return show(request, 500, _(FAILED))


def _request_id(request: Request) -> str:
    return str(request.scope.get("state", {}).get("request_id", "-"))
