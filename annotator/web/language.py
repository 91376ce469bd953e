"""Which language a request is answered in: the reviewer's choice, else what the browser asks for."""

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from annotator import language
from annotator.settings import Settings

COOKIE = "annotator_language"  # no secret: it only names a language
YEAR = 365 * 86400


class Language:
    """Chooses the language before anything is written, so that refusals and errors are in it as well."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with language.spoken(chosen(Headers(scope=scope))):
            await self.app(scope, receive, send)


def chosen(headers: Headers) -> str:
    kept = cookie_parser(headers.get("cookie", "")).get(COOKIE)
    return kept if kept in language.LANGUAGES else language.negotiated(headers.get("accept-language", ""))


def remember(response: Response, settings: Settings, code: str) -> None:
    """The choice stays with the browser, signed out too."""
    response.set_cookie(
        COOKIE, code, max_age=YEAR, path="/", httponly=True, samesite="lax", secure=settings.secure_cookies
    )
