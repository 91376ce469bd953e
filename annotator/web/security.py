"""What browsers are told and asked: headers, the session's cookie, where a form comes from."""

import re

from starlette.requests import Request

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
HTTPS_HEADERS = {"strict-transport-security": "max-age=31536000"}
HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
COOKIE = "annotator_session"


def cookie_name(secure: bool) -> str:
    """Behind https the name binds the cookie to this host and path."""
    return f"__Host-{COOKIE}" if secure else COOKIE


def host_of(value: str) -> str | None:
    """The name of a Host header without its port; None for what is no host."""
    found = HOST.fullmatch(value.lower())
    return found[1] if found else None


def site_of(request: Request) -> str:
    """The address of this site as the visitor knows it; behind a proxy only the proxy speaks https."""
    scheme = "https" if request.app.state.settings.secure_cookies else request.url.scheme
    return f"{scheme}://{request.headers['host']}"


def check_origin(request: Request) -> None:
    """A form may only come from our own pages. Raises Forbidden.

    Sec-Fetch-Site decides where the browser sends it, Origin only where it is missing.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    ours = site == "same-origin" if site else origin in (None, site_of(request))
    if not ours:
        raise Forbidden(_("This form came from another site, so nothing was stored."))
