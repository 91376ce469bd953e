"""Chromium on a served copy of the seed article. The CDN is answered from an npm package, nothing else goes outside."""

import base64
import hashlib
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright
from sqlmodel import col, select

from annotator.domain import labels
from annotator.intake import text
from annotator.services import annotations, articles, assignments, clock, reviewers, sessions
from annotator.services.history import Actor
from annotator.services.storing import File
from annotator.settings import Settings
from annotator.web import security
from annotator.web.app import create_app
from db.engine import Database, open_database
from db.models import Annotation, Reviewer, Sentence
from db.vocabulary import ImportFormat, ReviewerRole
from tests.browser import npm
from tests.browser.npm import AXE as AXE
from tests.browser.npm import HTMX

SEED = Path(__file__).parents[2] / "corpus" / "articles" / "chicago_police_ice.txt"
PEOPLE = ("Anna", "Ben", "Cleo")
CURRENT = "() => { const e = document.querySelector('.sent[aria-current=\"true\"]'); return e && +e.id.slice(2) }"
# no request, and no key that waits for the answer to one: what was typed is saved first, and its label asked for then
QUIET = """() => !document.querySelector('.htmx-request')
  && (typeof held === 'undefined' || !busy && !held.length)"""
Look: TypeAlias = tuple[int, str]  # width and colour scheme
SCHEMES: Sequence[Look] = tuple(product((390, 1440), ("dark", "light")))
PATIENCE = 60_000  # milliseconds; a busy machine is slow, not wrong

expect.set_options(timeout=PATIENCE)


def missing(what: str) -> None:
    """Without a browser these tests are skipped, but not where CI is set: there nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        missing("no chromium on the PATH")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        opened = playwright.chromium.launch(executable_path=path, args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="package")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], bytes]:
    """A file of an npm package, which npm fetches once."""
    folder = tmp_path_factory.mktemp("npm")

    def read(package: str, name: str) -> bytes:
        try:
            return npm.read(folder, package, name)
        except npm.Missing as gone:
            missing(str(gone))
            raise

    return read


@pytest.fixture(scope="package")
def htmx(packages: Callable[[str, str], bytes]) -> bytes:
    """The script that the pages ask the CDN for, if its hash is the one that they carry."""
    script = packages(HTMX, "dist/htmx.min.js")
    digest = base64.b64encode(hashlib.sha384(script).digest()).decode()
    assert f"sha384-{digest}" == security.HTMX_INTEGRITY
    assert security.HTMX_URL.endswith(f"/npm/{HTMX}/dist/htmx.min.js")
    return script


@pytest.fixture(scope="package")
def seeded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A database with the seed article, three reviewers who are to read it, and a lead; and the article's id."""
    path = Path(shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("seeded") / "seeded.db"))
    database = open_database(str(path))
    report = articles.import_articles(database, text.read(SEED.read_bytes()), File(ImportFormat.TXT, SEED.name))
    uid = report.accepted[0].uid
    with database.write() as session:
        for name in PEOPLE:
            reviewers.add(session, Actor(None), name)
        reviewers.add(session, Actor(None), "Lea", role=ReviewerRole.LEAD)
        assignments.assign(session, Actor(None), uid, PEOPLE)
    database.close()
    return path, uid


@dataclass
class Desk:
    """The served article and what the tests ask of it."""

    base: str
    article: str
    database: Database
    browser: Browser
    htmx: bytes
    outside: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, name: str, *, script: bool = True, cdn: bool = True, **more: Any) -> Page:
        """A page in a browser of their own in which somebody is signed in; nothing glides."""
        size = {"width": more.pop("width", 1440), "height": more.pop("height", 900)}
        more.setdefault("reduced_motion", "reduce")
        context = self.browser.new_context(java_script_enabled=script, viewport=size, **more)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "annotator_session", "value": self._token(name), "url": self.base}])
        context.route(self._is_outside, lambda route: self._answer(route, cdn))
        self.contexts.append(context)
        return self._watched(context.new_page())

    def second(self, page: Page) -> Page:
        """Another tab of the same browser."""
        return self._watched(page.context.new_page())

    def _is_outside(self, url: str) -> bool:
        return urlsplit(url).scheme in ("http", "https") and not url.startswith(self.base)

    def _answer(self, route: Route, cdn: bool) -> None:
        if route.request.url != security.HTMX_URL:
            self.outside.append(route.request.url)
        if cdn and route.request.url == security.HTMX_URL:
            headers = {"access-control-allow-origin": "*"}
            route.fulfill(body=self.htmx, content_type="text/javascript", headers=headers)
        else:
            route.abort()

    def _watched(self, page: Page) -> Page:
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda said: said.type in ("error", "warning") and self.troubles.append(said.text))
        return page

    def _token(self, name: str) -> str:
        with self.database.write() as session:
            link = reviewers.link(session, Actor(None), name, days=1)
            return sessions.redeem(session, link, now=clock.now(), days=1)

    def go(self, page: Page, n: int) -> None:
        loads(page, lambda: page.goto(f"{self.base}/articles/{self.article}?s={n}"))
        page.wait_for_function("() => window.htmx")

    def labels_of(self, name: str) -> list[str | None]:
        """In words what a reviewer says of each sentence."""
        mine = (Reviewer.name == name, col(Sentence.retired_in).is_(None))
        statement = (
            select(Sentence.start_cp, Annotation)
            .join(Annotation, col(Annotation.sentence_id) == Sentence.id)
            .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
            .where(*mine)
            .order_by(col(Sentence.start_cp))
        )
        with self.database.read() as session:
            return [labels.describe(annotations.judgement(said)) for _, said in session.exec(statement)]

    def expect_trouble(self, *texts: str) -> None:
        """What the console may say, because the test makes it happen."""
        self.expected += texts

    def check(self) -> None:
        assert self.outside == []
        unexpected = [said for said in self.troubles if not any(text in said for text in self.expected)]
        assert unexpected == []


@pytest.fixture
def desk(seeded: tuple[Path, str], tmp_path: Path, browser: Browser, htmx: bytes) -> Iterator[Desk]:
    """A fresh copy of the seeded database, served; no console error, no outside request is left at the end."""
    database = open_database(str(shutil.copyfile(seeded[0], tmp_path / "desk.db")))
    listener = socket.socket(proto=socket.IPPROTO_TCP)  # asyncio turns Nagle off only where it sees TCP
    listener.bind(("127.0.0.1", 0))
    listener.listen()  # who comes before the server runs waits for it
    port = listener.getsockname()[1]
    app = create_app(Settings(port=port), database)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    made = Desk(f"http://127.0.0.1:{port}", seeded[1], database, browser, htmx)
    try:
        yield made
        made.check()
    finally:
        for context in made.contexts:
            context.close()
        server.should_exit = True
        thread.join()
        listener.close()
        database.close()


def current(page: Page) -> int | None:
    found = page.evaluate(CURRENT)
    return int(found) if found else None


def wait_current(page: Page, n: int) -> None:
    page.wait_for_function(f"() => ({CURRENT})() === {n}")


def press(page: Page, *keys: str) -> None:
    """One key after the other, each when the one before is answered."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_function(QUIET)


def loads(page: Page, act: Callable[[], Any]) -> None:
    """Act, wait for the page that comes (one that only changes its fragment is none) and for its focus to be set.

    A browser moves the focus to `autofocus` after it says that it has loaded; a key pressed before goes nowhere.
    """
    with page.expect_event("domcontentloaded"):
        act()
    page.wait_for_load_state("load")
    expect(page.locator("[autofocus]:not(:focus)")).to_have_count(0)


def drawn(page: Page) -> None:
    """Wait until all that is there has been drawn, and whoever watches the drawing has been told."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"
    )


def watch_shifts(page: Page) -> None:
    """Add up in `window.shift` what moves from now on."""
    drawn(page)
    page.evaluate(
        """() => { window.shift = 0; new PerformanceObserver(list => {
          for (const entry of list.getEntries()) window.shift += entry.value }).observe({ type: 'layout-shift' }) }"""
    )


def shifted(page: Page) -> float:
    drawn(page)
    return float(page.evaluate("window.shift"))


def told(page: Page) -> str:
    """What the undo line says."""
    return page.inner_text("#toast span")


def axe(page: Page, script: str, looks: Sequence[Look] = SCHEMES) -> Sequence[str]:
    """What axe-core finds wrong with all parts open, on a desk and a phone, light and dark."""
    page.evaluate(script)
    page.evaluate(
        "() => { document.querySelectorAll('details').forEach(one => { one.removeAttribute('name'); one.open = true })"
        "; const more = document.querySelector('.more input'); if (more) more.checked = true }"
    )
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        violations = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations)")
        found += [f"{width} {scheme} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in violations]
    return found


def until(true: Callable[[], bool], seconds: float = PATIENCE / 1000) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return true()
