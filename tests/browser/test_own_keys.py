"""Keys that a reviewer changed: every one does what it did, in the letters of their keyboard, as fast as before."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import QUIET, Desk, current, loads, press, told, until, wait_current

pytestmark = pytest.mark.browser

OWN = {
    "claim": "ф", "quote": "ы", "opinion": "ä", "none": "r", "unsure": "5", "low": "g", "next": "ш", "previous": "л",
    "todo": "e", "attribution": "d", "details": "i", "source": "x", "note": "y", "history": "q", "undo": "ü",
}  # fmt: skip
LABELS = [("ф", "Claim"), ("ы", "Quote"), ("ä", "Opinion"), ("r", "None"), ("5", "Unsure")] * 4


def chosen(desk: Desk, **keys: str) -> Page:
    page = desk.open("Anna")
    page.goto(f"{desk.base}/password")
    loads(page, lambda: page.click("text=Change keys"))
    for name, key in keys.items():
        page.fill(f"#key-{name}", key)
    loads(page, lambda: page.click("text=Save keys"))
    assert page.is_visible("text=Saved.")
    return page


def type_key(page: Page, key: str, *, shift: bool = False) -> None:
    """A key of a keyboard that Playwright has no layout of."""
    page.evaluate(
        """([key, shift]) => (document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown',
          { key, code: key.length > 1 ? key : 'KeyA', shiftKey: shift, bubbles: true, cancelable: true }))""",
        [key, shift],
    )


def test_a_burst_of_twenty_own_keys_labels_twenty_sentences_in_order(desk: Desk) -> None:
    page = chosen(desk, **OWN)
    desk.go(page, 1)
    for key, _name in LABELS:
        page.keyboard.press("5") if key == "5" else type_key(page, key)
    wait_current(page, 21)
    assert until(lambda: desk.labels_of("Anna") == [name for _key, name in LABELS])


def test_every_own_key_does_what_the_usual_one_did(desk: Desk) -> None:
    page = chosen(desk, **OWN)
    desk.go(page, 3)
    for key in "Ф", "Ы":
        type_key(page, key, shift=True)
        page.wait_for_function(f"() => document.querySelector('[data-key=\"{key.lower()}\"]').ariaPressed === 'true'")
    assert current(page) == 3
    assert told(page) == "Sentence 3 saved as Quote and claim"
    type_key(page, "ü")
    page.wait_for_function("() => document.querySelector('#toast').innerText.includes('taken back')")
    type_key(page, "Ü", shift=True)
    page.wait_for_function("() => document.querySelector('#toast').innerText.includes('done again')")
    press(page, "g")
    assert page.is_checked("#low")
    for key, field in (("d", "a0-speaker"), ("i", "c0-text_normalized"), ("x", "e0-0-url"), ("y", "no")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == field
        page.keyboard.press("Escape")
    type_key(page, "ш")
    wait_current(page, 4)
    type_key(page, "л")
    wait_current(page, 3)
    press(page, "e")
    wait_current(page, 4)
    press(page, "1", "j", "z", "f")
    assert current(page) == 4
    assert desk.labels_of("Anna") == ["Quote and claim"]


def test_a_letter_of_the_digits_row_is_not_taken_for_the_digit(desk: Desk) -> None:
    """Keyboards of France and Czechia have letters where others have 1 to 5."""
    page = chosen(desk, note="é", claim="č")
    desk.go(page, 3)
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'é', code: 'Digit2', bubbles: true }))"
    )
    assert page.evaluate("document.activeElement.id") == "no"
    page.keyboard.press("Escape")
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'č', code: 'Digit4', bubbles: true }))"
    )
    wait_current(page, 4)
    assert desk.labels_of("Anna") == ["Claim"]


def test_two_people_have_each_their_own(desk: Desk) -> None:
    anna, ben = chosen(desk, next="x"), desk.open("Ben")
    desk.go(anna, 3)
    desk.go(ben, 3)
    press(anna, "x")
    press(ben, "x", "j")
    assert (current(anna), current(ben)) == (4, 4)
    assert anna.inner_text("#step-j kbd") == "x"
    assert ben.inner_text("#step-j kbd") == "j"


def test_digits_go_by_their_place_where_a_keyboard_types_them_with_shift(desk: Desk) -> None:
    """As a French one does: é on the key of 2, and 2 with Shift."""
    page = desk.open("Anna")
    desk.go(page, 3)

    def strike(key: str, *, shift: bool) -> None:
        given = {"key": key, "code": "Digit2", "shiftKey": shift, "bubbles": True}
        page.evaluate("given => document.body.dispatchEvent(new KeyboardEvent('keydown', given))", given)
        page.wait_for_function(QUIET)

    press(page, "1", "k")
    strike("2", shift=True)
    assert told(page) == "Sentence 3 saved as Quote and claim"
    assert current(page) == 3
    strike("é", shift=False)
    wait_current(page, 4)
    assert told(page) == "Sentence 3 saved as Quote"
