"""Every page with every script trick in a real browser: no dialog, no script, no complaint, no outside request."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext

from annotator.services import clock, sessions
from annotator.settings import Settings
from annotator.web import security
from annotator.web.app import create_app
from db.engine import Database
from tests.tricky import Tricky, build

pytestmark = pytest.mark.browser
LEAD = (
    "/", "/articles/{article_id}?s=2", "/articles/{article_id}?s=2&cut=split", "/speakers", "/speakers/{speakers_uid}",
    "/speakers/{speakers_uid}/merge?other={other_speakers}", "/sources", "/sources/{sources_uid}",
    "/sources/{sources_uid}/merge?other={other_sources}", "/disagreements", "/articles/{article_id}/disagreements",
    "/adjudication", "/adjudication/{adjudication_uid}", "/people", "/people/{people_uid}",
    "/people/assign?article={article_id}", "/export", "/password", "/guidelines?q=<img src=x onerror=alert(1)>",
    "/sign-in?token=<img src=x onerror=alert(1)>&next=\"><img src=x onerror=alert(1)>",
)  # fmt: skip
REVIEWER = ("/", "/articles/{article_id}?s=2", "/articles/{article_id}?s=4", "/disagreements")
WATCH = "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"


@dataclass(frozen=True)
class Site:
    base: str
    made: Tricky
    tokens: dict[str, str]


@pytest.fixture
def site(database: Database) -> Iterator[Site]:
    with database.write() as session:
        made = build(session, is_tricky=True)
        people = (("lead", made.lead), ("reviewer", made.reviewer))
        tokens = {role: sessions.enter(session, who, now=clock.now(), days=1) for role, who in people}
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # who comes before the server runs waits for it
        app = create_app(Settings(), database)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", made, tokens)
        server.should_exit = True
        thread.join()


def opened(browser: Browser, site: Site, role: str, htmx: bytes, said: list[str]) -> BrowserContext:
    context = browser.new_context()
    context.add_cookies([{"name": "annotator_session", "value": site.tokens[role], "url": site.base}])
    context.add_init_script(WATCH)
    context.route(lambda url: url.startswith("http") and not url.startswith(site.base), lambda route: route.abort())
    headers = {"access-control-allow-origin": "*"}
    context.route(
        security.HTMX_URL, lambda route: route.fulfill(body=htmx, content_type="text/javascript", headers=headers)
    )
    context.on("request", lambda request: _note(request.url, site, said))
    context.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    context.on("console", lambda message: message.type in ("error", "warning") and said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    return context


def _note(url: str, site: Site, said: list[str]) -> None:
    if url.startswith("http") and not url.startswith(site.base) and url != security.HTMX_URL:
        said.append(f"outside request {url}")


@pytest.mark.parametrize(("role", "paths"), [("lead", LEAD), ("reviewer", REVIEWER)])
def test_no_trick_does_anything(browser: Browser, site: Site, htmx: bytes, role: str, paths: tuple[str, ...]) -> None:
    said: list[str] = []
    context = opened(browser, site, role, htmx, said)
    page = context.new_page()
    for path in paths:
        page.goto(site.base + path.format(**site.made.ids))
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        page.mouse.move(400, 300)
        page.keyboard.press("Tab")
        assert page.locator("h1").count() == 1
        assert page.locator("img, iframe, object, embed, base, template").count() == 0
    context.close()
    assert said == []
