"""Every place on every screen: nothing wider than a phone, all places reached from there, axe beside annotate."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import AXE, Desk, axe, loads, press

pytestmark = pytest.mark.browser

NAVIGATION = ["/", "/disagreements", "/adjudication", "/speakers", "/sources", "/guidelines", "/export"]
OPEN_ALL = "() => document.querySelectorAll('details').forEach(one => { one.removeAttribute('name'); one.open = true })"
OVER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
HIGH = "() => document.querySelector('.bar').getBoundingClientRect().height"


def test_no_page_is_wider_than_a_phone_and_every_place_is_reached_from_it(desk: Desk) -> None:
    page = desk.open("Lea", width=320, height=800)
    here = f"/articles/{desk.article}"
    for address in (*NAVIGATION, "/people", "/project", "/password", f"{here}?s=3", f"{here}/disagreements"):
        page.goto(desk.base + address)
        page.evaluate(OPEN_ALL)
        assert page.evaluate(OVER) <= 0, address
    page.goto(desk.base)
    for address in NAVIGATION[1:]:
        loads(page, lambda address=address: page.click(f'.nav a[href="{address}"]'))
        assert page.url == desk.base + address
        assert page.evaluate(OVER) <= 0


def test_the_bar_is_one_line_high_on_a_small_desk(desk: Desk) -> None:
    page = desk.open("Lea", width=1024)
    page.goto(f"{desk.base}/adjudication")
    assert page.evaluate(HIGH) <= 57
    assert page.is_visible("text=Sign out")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.evaluate(HIGH) <= 57
    assert page.is_visible(".who >> text=Lea")


def test_axe_finds_nothing_in_the_pages_that_find_words_and_list_changes(
    desk: Desk, packages: Callable[[str, str], bytes]
) -> None:
    script, page = packages(AXE, "axe.min.js").decode(), desk.open("Anna")
    desk.go(page, 3)
    press(page, "1", "2", "z")
    found = {}
    for query in ("?q=the", "?q=", "?q=nowhere+at+all", "?history=0"):
        page.goto(f"{desk.base}/articles/{desk.article}{query}")
        found[query] = axe(page, script)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate(OVER) <= 0, query
    assert [(state, wrong) for state, wrong in found.items() if wrong] == []
