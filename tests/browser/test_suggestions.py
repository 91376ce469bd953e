"""A suggestion accepted by one key, by a click and without script; it waits for the own label and moves no line."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from db.models import Annotation, Attribution, Sentence, SuggestionResponse
from tests import factories
from tests.browser.conftest import AXE, QUIET, Desk, axe, current, loads, press, told
from tests.browser.test_annotate import TOPS

pytestmark = pytest.mark.browser

CONTENT = "This is not a partnership in immigration enforcement."
SAID = {"speaker": "Anthony Guglielmi", "cue": "adds", "content": CONTENT, "reason": "words after a colon"}
LINE = "Anthony Guglielmi · adds · direct"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Sentence 14 has a suggested attribution and a suggested claim."""
    with desk.database.write() as session:
        factories.make_suggestion(session, fourteenth(session), SAID, claim=0.8)
    return desk


def fourteenth(session: Session) -> Sentence:
    live = select(Sentence).where(col(Sentence.retired_in).is_(None)).order_by(col(Sentence.start_cp))
    return session.exec(live).all()[13]


def stored(desk: Desk) -> tuple[int, list[str], list[str]]:
    """Attributions, where annotations come from, answers to suggestions."""
    with desk.database.read() as session:
        attributions = len(session.exec(select(Attribution.id)).all())
        origins = session.exec(select(Annotation.origin)).all()
        answers = session.exec(select(SuggestionResponse.answer)).all()
    return attributions, list(origins), list(answers)


def test_enter_accepts_after_the_own_label_and_no_line_of_the_article_moves_but_below(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 14)
    assert page.locator(".sugg").count() == 0
    press(page, "Enter")
    assert stored(desk) == (0, [], [])
    tops = page.evaluate(TOPS)
    press(page, "Shift+Digit2")
    assert page.inner_text(".sugg q") == CONTENT
    assert page.inner_text("#val-attribution") == "suggested, not saved"
    assert page.evaluate(TOPS) == tops
    press(page, "Enter")
    assert told(page) == "Sentence 14: attribution added"
    assert page.inner_text("#s-14 .by") == LINE
    assert page.inner_text(".sugg p") == "Also a claim?"
    assert current(page) == 14
    press(page, "Enter")
    assert told(page) == "Sentence 14 saved as Quote and claim"
    assert page.locator(".sugg").count() == 0
    assert stored(desk) == (1, ["suggestion_accepted"], ["accepted", "accepted"])
    press(page, "Enter")
    assert stored(desk)[0] == 1


def test_in_a_field_and_with_keys_off_enter_accepts_nothing(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 14)
    press(page, "Shift+Digit2", "n")
    page.keyboard.type("Who is it?")
    press(page, "Enter")
    assert stored(desk)[0] == 0
    page.evaluate("document.activeElement.blur(); document.body.dataset.keys = 'off'")
    press(page, "Enter")
    assert stored(desk)[0] == 0


def test_dismissed_by_a_click_it_is_gone_for_good(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 14)
    press(page, "Shift+Digit2")
    for _ in range(2):
        page.click("#dismiss")
        page.wait_for_function(QUIET)
    page.wait_for_selector(".sugg", state="detached")
    desk.go(page, 14)
    assert page.locator(".sugg").count() == 0
    assert stored(desk) == (0, ["human"], ["dismissed", "dismissed"])


def test_without_script_the_same_forms_accept_and_dismiss(desk: Desk) -> None:
    page = desk.open("Ben", script=False)
    page.goto(f"{desk.base}/articles/{desk.article}?s=14")
    loads(page, lambda: page.click("#pick-2"))
    page.goto(f"{desk.base}/articles/{desk.article}?s=14")
    loads(page, lambda: page.click("#accept"))
    assert page.inner_text("#s-14 .by") == LINE
    loads(page, lambda: page.click("#dismiss"))
    assert page.locator(".sugg").count() == 0
    assert stored(desk) == (1, ["suggestion_accepted"], ["accepted", "dismissed"])


def test_a_page_with_a_suggestion_has_no_violation(desk: Desk, packages: Callable[[str, str], bytes]) -> None:
    script = packages(AXE, "axe.min.js").decode()
    page = desk.open("Anna", bypass_csp=True)
    desk.go(page, 14)
    press(page, "Shift+Digit2")
    assert page.locator(".sugg").count() == 1
    assert axe(page, script) == []
