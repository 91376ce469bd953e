"""What stands before every handler and after it: hosts, sizes, patience, headers, HEAD, one line of log a request."""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotator.language import gettext as _
from annotator.language import later
from annotator.web import security

BODY_LIMIT = 16 * 1024 * 1024
FORM_LIMIT = 1024 * 1024  # what an address-encoded form may hold, and a field of one with files
FORM = "application/x-www-form-urlencoded"
TOO_LARGE = {
    BODY_LIMIT: later("The request is larger than 16 MiB."),
    FORM_LIMIT: later("The form is larger than 1 MiB."),
}
PAUSE_SECONDS, BODY_SECONDS = 30, 300  # between two parts of a body, and for all of it
SEND_SECONDS = 60  # for a part of an answer to leave: who does not read it holds a snapshot of the database
MOST_AT_ONCE = 200

log = logging.getLogger("annotator.requests")
Failed = Callable[[Request, Exception], Awaitable[Response]]


@dataclass
class Exchange:
    """One request on its way through: what came, what went."""

    id: str = field(default_factory=lambda: secrets.token_hex(8))
    started: float = field(default_factory=time.monotonic)
    read: int = 0
    has_more: bool = False
    is_large: bool = False
    status: int | None = None
    slow: bool = False


class Guard:
    """Refuses what nobody should have to handle, sets the headers of every answer, the errors' too."""

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], secure: bool, failed: Failed) -> None:
        self.app, self.hosts, self.failed, self.busy = app, hosts, failed, 0
        self.headers = security.HEADERS | (security.HTTPS_HEADERS if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        exchange = _begun(Headers(scope=scope))
        is_head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET" if is_head else scope["method"]}
        inner["state"] = {**scope.get("state", {}), "request_id": exchange.id}
        answer = self._answer(exchange, send, headers_only=is_head)
        self.busy += 1
        try:
            await self._handle(inner, exchange, receive, answer)
        finally:
            self.busy -= 1
            _note(inner, exchange, "HEAD" if is_head else scope["method"])

    async def _handle(self, scope: Scope, exchange: Exchange, receive: Receive, answer: Send) -> None:
        refused = self._refusal(scope)
        if refused is not None:
            await refused(scope, receive, answer)
            return
        try:
            await self.app(scope, _patient(exchange, _limit(scope), receive), answer)
        except Exception as error:
            if exchange.slow:
                log.warning("given up on a client that does not read", extra={"request": exchange.id})
            elif exchange.status is not None:
                raise  # too late for a page: the connection is closed
            else:
                await (await self.failed(Request(scope), error))(scope, receive, answer)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that no handler gets to see."""
        headers = Headers(scope=scope)
        names = headers.getlist("host")
        if len(names) != 1 or security.host_of(names[0]) not in self.hosts:
            return _said(scope, _("This host name is not served here."), 400)
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            return _said(scope, _("This address cannot be read."), 400)  # PostgreSQL has no such character
        length = headers.get("content-length", "0")
        limit = _form_or_body(headers)
        if not (length.isascii() and length.isdigit()):
            return _said(scope, _("The length of the request is no number."), 400)
        if int(length) > limit:
            return _said(scope, _(TOO_LARGE[limit]), 413)
        if self.busy > MOST_AT_ONCE:
            return _said(scope, _("Too many requests at this moment. Try again."), 503, {"retry-after": "1"})
        return None

    def _answer(self, exchange: Exchange, send: Send, *, headers_only: bool) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                self._complete(MutableHeaders(scope=message), exchange)
            elif headers_only:
                message = {**message, "body": b""}
            try:
                async with asyncio.timeout(SEND_SECONDS):
                    await send(message)
            except TimeoutError:
                exchange.slow = True
                raise

        return answer

    def _complete(self, headers: MutableHeaders, exchange: Exchange) -> None:
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        headers.setdefault("cache-control", "no-store")
        headers["x-request-id"] = exchange.id
        if exchange.has_more and exchange.is_large:
            headers["connection"] = "close"  # nobody waits for the rest of a body that was refused


def _said(scope: Scope, text: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """A refusal in words: for scripts as problem+json, else as plain text, since a page would ask the database."""
    if not scope["path"].startswith("/api/"):
        return PlainTextResponse(text, status, headers)
    body = {"type": "about:blank", "title": text, "status": status, "detail": text}
    body["request"] = scope["state"]["request_id"]
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def _begun(headers: Headers) -> Exchange:
    """A body is announced by its length, or comes in chunks of which nobody says how many."""
    length, in_chunks = headers.get("content-length", "0"), "transfer-encoding" in headers
    return Exchange(has_more=in_chunks or length != "0", is_large=in_chunks or len(length) > 4)


def _form_or_body(headers: Headers) -> int:
    return FORM_LIMIT if headers.get("content-type", "").lower().startswith(FORM) else BODY_LIMIT


def _limit(scope: Scope) -> int:
    return _form_or_body(Headers(scope=scope))


def _patient(exchange: Exchange, limit: int, receive: Receive) -> Receive:
    """Counts a body while it streams in, with or without a length, and waits only so long for its parts."""

    async def receiving() -> Message:
        if not exchange.has_more:
            return await receive()  # a handler that streams waits for the client to go away
        left = exchange.started + BODY_SECONDS - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, min(PAUSE_SECONDS, left))):
                message = await receive()
        except TimeoutError:
            exchange.is_large = True
            raise HTTPException(408, _("The request came too slowly, so nothing was stored.")) from None
        exchange.read += len(message.get("body", b""))
        exchange.has_more = message.get("more_body", False)
        if exchange.read > limit:
            exchange.has_more = exchange.is_large = True
            raise HTTPException(413, _(TOO_LARGE[limit]))
        return message

    return receiving


def _note(scope: Scope, exchange: Exchange, method: str) -> None:
    """One line a request, by the route and not the address: a sign-in address holds a token."""
    taken = round((time.monotonic() - exchange.started) * 1000, 1)
    route = getattr(scope.get("route"), "path", None)
    said = {"request": exchange.id, "method": method, "route": route, "status": exchange.status, "ms": taken}
    log.info("request", extra=said)
