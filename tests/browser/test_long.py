"""Articles of a thousand sentences: the page holds a window, keys go on over its edges, nothing jumps."""

import pytest
from playwright.sync_api import Page

from annotator.services import assignments
from annotator.services.history import Actor
from tests import factories
from tests.browser.conftest import Desk, current, loads, press, shifted, told, until, wait_current, watch_shifts

pytestmark = pytest.mark.browser

ROWS = "() => [...document.querySelectorAll('.sent')].map(one => +one.id.slice(2))"
PLACE = "() => Math.round(document.querySelector('.sent[aria-current]').getBoundingClientRect().top)"


def long_article(desk: Desk, sentences: int = 1_000) -> None:
    """Paragraphs of seven sentences, a heading before every tenth of them, at first a heading."""
    parts: list[str] = []
    for n in range(0, sentences, 7):
        words = [f"The harbour board met for the {k}th time and put off the vote." for k in range(n, n + 7)]
        parts += [f"Meeting {n // 70 + 1}"] * (n % 70 == 0) + [" ".join(words)]
    with desk.database.write() as session:
        uid = factories.make_article(session, "\n\n".join(parts), title="Minutes of the harbour board").uid
    with desk.database.write() as session:
        assignments.assign(session, Actor(None), uid, ["Anna", "Ben", "Cleo"])
    desk.article = uid


def in_order(page: Page) -> tuple[int, int]:
    """The first and the last sentence on the page, which holds all between them, in their order, each once."""
    numbers = page.evaluate(ROWS)
    assert numbers == list(range(numbers[0], numbers[-1] + 1))
    return numbers[0], numbers[-1]


def test_keys_go_on_over_the_edge_of_a_window_and_no_line_moves(desk: Desk) -> None:
    long_article(desk)
    page = desk.open("Anna")
    desk.go(page, 500)
    first, last = in_order(page)
    assert (first, last) == (391, 600)
    watch_shifts(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for n in range(500, 610, 10):
        for _ in range(10):
            page.keyboard.press("1")
        wait_current(page, n + 10)
    assert len(asked) == 110
    assert in_order(page) == (first, 650)
    assert until(lambda: desk.labels_of("Anna") == ["Claim"] * 110)
    assert shifted(page) == 0


def test_going_back_over_the_upper_edge_keeps_the_sentence_in_its_place(desk: Desk) -> None:
    long_article(desk)
    page = desk.open("Anna")
    desk.go(page, 500)
    first, _ = in_order(page)
    page.click(f"#s-{first + 42} a")
    wait_current(page, first + 42)
    press(page, "k", "k")
    watch_shifts(page)
    top = page.evaluate(PLACE)
    press(page, "k")
    assert in_order(page)[0] == first - 10
    assert abs(page.evaluate(PLACE) - top) < 60
    for n in range(first + 38, first + 28, -1):
        press(page, "k")
        assert current(page) == n
    assert in_order(page)[0] == first - 20
    assert shifted(page) == 0


def test_jumps_earlier_later_and_to_what_is_left_open_a_window_there(desk: Desk) -> None:
    long_article(desk)
    page = desk.open("Anna")
    desk.go(page, 500)
    page.click("#later a")
    wait_current(page, 601)
    assert in_order(page)[1] > 640
    page.click("#earlier a")
    page.wait_for_function("() => document.querySelector('#s-600, #s-480')")
    press(page, "u")
    assert current(page) in (601, 1, 481, *range(1, 1000))
    desk.go(page, 900)
    press(page, "1")
    desk.go(page, 3)
    assert in_order(page) == (1, 110)
    press(page, "z")
    assert current(page) == 900
    assert told(page) == "Sentence 900 taken back, now Not labelled"
    assert 900 in page.evaluate(ROWS)
    page.reload()
    assert current(page) == 900


def test_without_script_links_lead_through_the_whole_article_and_words_are_found(desk: Desk) -> None:
    long_article(desk)
    page = desk.open("Cleo", script=False)
    page.goto(f"{desk.base}/articles/{desk.article}?s=500")
    loads(page, lambda: page.click("#later a"))
    assert "s=601#s-601" in page.url
    page.fill("[name=q]", "FOR  THE 777TH")
    loads(page, lambda: page.click(".finder button"))
    assert page.inner_text("main [role=status]").startswith("1 place.")
    loads(page, lambda: page.click(".said a"))
    assert "777th" in page.inner_text("[aria-current=true]")
    loads(page, lambda: page.click(".finder a"))
    assert page.inner_text(".said li:nth-child(2) q") == "Meeting 2"
    loads(page, lambda: page.click("text=Back to sentence"))
    assert "777th" in page.inner_text("[aria-current=true]")
    loads(page, lambda: page.click('#label-form button[value="claim"]'))
    assert desk.labels_of("Cleo") == ["Claim"]
