"""Whole page or fragment: the only home of HX- headers, Vary, the template environment."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from annotator import language
from annotator.domain import labels, reviewing
from annotator.domain.display import initials, visible, web_address
from annotator.domain.words import word
from annotator.web import security
from annotator.web.chrome import Chrome
from annotator.web.deps import Visitor
from annotator.web.still import Drawn, Still
from annotator.web.templating import Templates

HERE = Path(__file__).parent
STATIC = HERE / "static"
VARY = "HX-Request, Cookie, Accept-Language"


@cache
def environment() -> Environment:
    env = Templates(HERE / "templates")
    env.globals |= {
        "static": static,
        "choices": labels.CHOICES,
        "idle_minutes": reviewing.IDLE_MINUTES,
        "language": language.current,
        "languages": language.LANGUAGES,
        "htmx_url": security.HTMX_URL,
        "htmx_integrity": security.HTMX_INTEGRITY,
    }
    env.filters |= {"visible": visible, "web_address": web_address, "initials": initials}
    env.filters |= {"word": word, "number": language.number}
    env.globals |= {"still": Still(env), "drawn": Drawn(env)}
    return env


@cache
def static(name: str) -> str:
    """The address of a static file with its hash, so that browsers keep it until it changes."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def is_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


def page(
    request: Request,
    name: str,
    view: Any,
    visitor: Visitor | None,
    *,
    fragment: str | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """The whole page `name`, or its `fragment` to an htmx request that asks for one; `view` is a dataclass."""
    template = fragment if fragment and is_htmx(request) else name
    return HTMLResponse(
        render(request, template, view, visitor),
        status_code=status,
        headers={"vary": VARY, "cache-control": "no-store", **(headers or {})},
    )


def render(request: Request, template: str, view: Any, visitor: Visitor | None) -> str:
    chrome = Chrome(visitor, request.url.path, request.scope.get("state", {}).get("request_id", ""))
    return environment().get_template(template).render(view=view, chrome=chrome)


def see_other(url: str) -> Response:
    """After a form without htmx: on to the page that shows the result."""
    return RedirectResponse(url, status_code=303, headers={"vary": VARY, "cache-control": "no-store"})


def go(request: Request, url: str) -> Response:
    """On to another page, by whatever way the form was sent."""
    if not is_htmx(request):
        return see_other(url)
    return Response(headers={"hx-redirect": url, "vary": VARY, "cache-control": "no-store"})


def local_path(target: str | None, default: str = "/") -> str:
    """A path on this site, or the default: `next` never leaves it."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or any(c < " " for c in target):
        return default
    return quote(target, safe="/?=&#%.~_-:,")
