"""Headers on every answer, hosts, sizes, origin and form token: what stands before every handler."""

import secrets
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotator.errors import Forbidden
from annotator.language import gettext as _

HTMX_CDN = "https://cdn.jsdelivr.net"
HTMX_URL = f"{HTMX_CDN}/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
POLICY = (
    f"default-src 'none'; script-src 'self' {HTMX_CDN}; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # other sites learn nothing; no-referrer would make browsers send Origin: null
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
BODY_LIMIT = 16 * 1024 * 1024
FORM_LIMIT = 1024 * 1024
COOKIE = "annotator_session"


def cookie_name(secure: bool) -> str:
    """Behind https the name binds the cookie to this host and path."""
    return f"__Host-{COOKIE}" if secure else COOKIE


class Guard:
    """Sets the headers of every answer, refuses unknown hosts, and counts a body while it streams in."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        headers, answer = Headers(scope=scope), _with_headers(send, request_id)
        if _host(headers.get("host", "")) not in self.hosts:
            await _plain(answer, 400, _("This host name is not served here."))
        elif int(headers.get("content-length") or 0) > BODY_LIMIT:
            await _plain(answer, 413, _("The request is larger than 16 MiB."))
        else:
            await self.app(scope, _limited(receive), answer)


def _host(value: str) -> str:
    """The name of a Host header without its port."""
    if value.startswith("["):
        return value.partition("]")[0] + "]"
    return value.rpartition(":")[0].lower() if ":" in value else value.lower()


def _with_headers(send: Send, request_id: str) -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
            headers["x-request-id"] = request_id
        await send(message)

    return answer


def _limited(receive: Receive) -> Callable[[], Awaitable[Message]]:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > BODY_LIMIT:
            return {"type": "http.disconnect"}  # a body without a length that does not end: nobody waits for the rest
        return message

    return counted


async def _plain(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


def check_origin(request: Request) -> None:
    """A form may only come from our own pages. Raises Forbidden.

    Sec-Fetch-Site decides where the browser sends it, Origin only where it is missing.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = site == "same-origin" if site else origin in (None, f"{request.url.scheme}://{request.headers.get('host')}")
    if not ours:
        raise Forbidden(_("This form came from another site, so nothing was stored."))
