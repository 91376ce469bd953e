"""The published article in a browser: accessible, no request, no sideways scrolling, marks by checkbox alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from annotator.export import formats
from db.engine import Database
from tests.browser.conftest import AXE
from tests.export import bridge

pytestmark = pytest.mark.browser
DRAWN = "id => getComputedStyle(document.getElementById(id)).getPropertyValue('--l1').trim()"


@pytest.fixture
def published(database: Database, tmp_path: Path) -> str:
    with database.write() as session:
        bridge.build(session)
    with database.read() as session:
        formats.write(session, tmp_path, formats.named("html"))
    return next((tmp_path / "html").glob("*.html")).as_uri()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark"), (320, "light")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    published: str, browser: Browser, packages: Callable[[str, str], bytes], width: int, scheme: str
) -> None:
    axe = packages(AXE, "axe.min.js").decode()
    # axe is a script: the page's own policy would refuse it
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(published)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.evaluate(axe)
    for tick in (False, True):
        for box in page.get_by_role("checkbox").all():
            box.set_checked(tick)
        found = page.evaluate("axe.run()")
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
    context.close()


def test_marks_appear_by_checkbox_and_nothing_is_asked_for(published: str, browser: Browser) -> None:
    context = browser.new_context()
    page: Page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(published)
    assert page.evaluate(DRAWN, "s-3") != "transparent"
    assert page.locator(".votes").is_hidden()
    page.get_by_role("checkbox", name="Dissent").check()
    assert page.locator(".votes").is_visible()
    assert (asked, said) == ([published], [])
    context.close()
