"""Words selected in the sentence in hand fill the field in hand, by mouse and touch, in any script."""

from itertools import pairwise

import pytest
from playwright.sync_api import Page
from sqlmodel import col, select

from annotator.intake import text
from annotator.services import articles, assignments
from annotator.services.history import Actor
from annotator.services.storing import File
from db.models import Attribution, AttributionSpan
from db.vocabulary import ImportFormat
from tests.browser.conftest import Desk, press, told

pytestmark = pytest.mark.browser

TEXT = (
    "The 🚢 Café\n\nIda Holm said 👨🏻‍🚒 little. “The Cafe\u0301 🚒 burned,” she said, and he said it was late. "
    "„הנמל ייסגר מחר”, אמרה אידה הולם, והוסיפה: “לא נורא”. The last one stands here.\n"
)  # fiction
# the edge at which a reader comes to a unit of UTF-16 of the sentence in hand, or leaves it
EDGE = """([n, leaves]) => { const root = document.querySelector('[data-at]')
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, at =>
    at.parentNode.closest('.vh') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT)
  for (let at; at = walk.nextNode(); n -= at.length) {
    if (n >= at.length) continue
    const range = document.createRange(); range.setStart(at, n); range.setEnd(at, n + 1)
    const box = range.getClientRects()[0], right = /[א-ת]/.test(range + '') != leaves
    return [right ? box.right - 1 : box.left + 1, (box.top + box.bottom) / 2] } }"""
# the page is told of a selection in a task of its own, after the mouse is up
HEAR = "() => document.addEventListener('selectionchange', () => window.heard = getSelection() + '')"
WORDS = "() => [...document.querySelectorAll('[data-from]')].map(one => one.textContent).join('')"


@pytest.fixture
def strange(desk: Desk) -> Desk:
    """Anna reads an article with emoji, a combining mark and a sentence from right to left."""
    taken = articles.import_articles(desk.database, text.read(TEXT.encode()), File(ImportFormat.TXT, "strange.txt"))
    desk.article = taken.accepted[0].uid
    with desk.database.write() as session:
        assignments.assign(session, Actor(None), desk.article, ["Anna"])
    return desk


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def drag(page: Page, words: str, nth: int = 0) -> None:
    """Select words of the sentence in hand with the mouse."""
    sentence, at = page.evaluate(WORDS), -1
    for _ in range(nth + 1):
        at = sentence.index(words, at + 1)
    start, end = units(sentence[:at]), units(sentence[: at + len(words)])
    page.mouse.click(5, 400)  # the old selection would be dragged along
    first, last = page.evaluate(EDGE, [start, False]), page.evaluate(EDGE, [end - 1, True])
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*last, steps=4)
    page.mouse.up()
    heard(page, words)


def heard(page: Page, words: str) -> None:
    """Wait until the page has been told that these words are selected."""
    page.wait_for_function("words => window.heard === words", arg=words)


def opened(desk: Desk, n: int, **more: object) -> Page:
    page = desk.open("Anna", **more)
    desk.go(page, n)
    page.evaluate(HEAR)
    press(page, "Shift+Digit2", "a")
    return page


def test_speaker_cue_and_content_are_filled_and_found_where_they_were_selected(strange: Desk) -> None:
    page = opened(strange, 3)
    drag(page, "he", 2)
    assert page.input_value("#a0-speaker") == "he"
    page.focus("#a0-cue")
    drag(page, "late")
    drag(page, "said", 1)
    assert page.input_value("#a0-cue") == "said"
    page.focus("#a0-content")
    drag(page, "Cafe\u0301 🚒 burned")
    assert page.input_value("#a0-content") == "Cafe\u0301 🚒 burned"
    page.keyboard.press("Escape")
    press(page, "j")
    assert told(page) == "Sentence 3: attribution added"
    with strange.database.read() as session:
        said = session.exec(select(Attribution)).one()
        spans = session.exec(select(AttributionSpan).order_by(col(AttributionSpan.start_cp))).all()
    content, cue = spans
    assert TEXT[content.start_cp : content.end_cp] == "Cafe\u0301 🚒 burned"
    assert cue.start_cp == TEXT.index("said", TEXT.index("she said") + 5)
    assert said.speaker_start == TEXT.index("he said it")


def test_a_selection_runs_across_what_is_underlined_already(strange: Desk) -> None:
    page = opened(strange, 3)
    for field, words in (("speaker", "she"), ("cue", "said"), ("content", "The Cafe\u0301 🚒 burned")):
        page.fill(f"#a0-{field}", words)
    press(page, "Enter")
    assert page.inner_text("#s-3 .who-hit") == "she"
    page.click("#in-attribution > details.fold:last-of-type > summary")
    page.focus("#a0-content")
    drag(page, "burned,” she said")
    assert page.input_value("#a0-content") == "burned,” she said"
    drag(page, "🚒 burned,” she said, and he")
    assert page.input_value("#a0-content") == "🚒 burned,” she said, and he"


def test_words_from_right_to_left_and_pieces_after_dots(strange: Desk) -> None:
    page = opened(strange, 4)
    drag(page, "אידה הולם")
    assert page.input_value("#a0-speaker") == "אידה הולם"
    page.focus("#a0-content")
    drag(page, "הנמל ייסגר מחר")
    page.focus("#a0-content")
    page.keyboard.press("End")
    page.keyboard.type(" …")
    drag(page, "נורא")
    drag(page, "לא נורא")
    assert page.input_value("#a0-content") == "הנמל ייסגר מחר … לא נורא"
    page.click("#a0-save")
    page.wait_for_selector("#s-4 .by")
    assert page.locator("#s-4 .hit").all_inner_texts() == ["הנמל ייסגר מחר", "לא נורא"]
    with strange.database.read() as session:
        spans = session.exec(select(AttributionSpan).order_by(col(AttributionSpan.n))).all()
    assert [TEXT[span.start_cp : span.end_cp] for span in spans] == ["הנמל ייסגר מחר", "לא נורא"]


def test_without_a_field_in_hand_a_selection_is_only_a_selection(strange: Desk) -> None:
    page = opened(strange, 3)
    strange.browser.contexts[-1].grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("Escape")
    drag(page, "burned")
    page.focus("#no") if page.is_visible("#no") else press(page, "n")
    drag(page, "she said")
    values = page.evaluate("() => [...document.querySelectorAll('#parts :read-write')].map(one => one.value)")
    assert set(values) == {""}
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "she said"
    press(page, "a")
    page.focus("#a0-cue")
    page.evaluate("() => { const at = document.querySelector('#s-4 a'); getSelection().selectAllChildren(at) }")
    heard(page, page.evaluate("getSelection() + ''"))
    assert page.input_value("#a0-cue") == ""


def test_the_gutter_is_not_part_of_a_selection_over_two_sentences(strange: Desk) -> None:
    page = opened(strange, 3)
    page.focus("#a0-content")
    page.evaluate(
        """() => getSelection().setBaseAndExtent(document.querySelector('[data-from]').firstChild, 1,
          document.querySelector('#s-4 a').lastChild, 5)"""
    )
    page.wait_for_function("() => document.querySelector('#a0-content').value")
    assert page.input_value("#a0-content").split("\n")[-1] == "„הנמל"
    assert "4, not labelled" not in page.input_value("#a0-content")


def test_handles_of_a_touch_selection_move_the_words_in_the_field(strange: Desk) -> None:
    """A phone selects a word on a long press, and then moves two handles; the field follows each change."""
    page = strange.open("Anna", width=390, height=844, has_touch=True, is_mobile=True)
    strange.go(page, 3)
    page.tap(".more")
    page.tap("#part-attribution > summary")
    page.tap("#a0-content")
    steps = ((5, 9), (5, 14), (1, 14))
    for (start, end), after in pairwise((*steps, (0, 0))):
        page.evaluate(
            f"""() => {{ const at = document.querySelector('[data-from]').firstChild
              getSelection().setBaseAndExtent(at, {start}, at, {end}) }}"""
        )
        wanted = page.evaluate("getSelection() + ''").strip()
        page.wait_for_function("words => document.querySelector('#a0-content').value === words", arg=wanted)
        assert after != (start, end)
    assert page.input_value("#a0-content") == "The Cafe\u0301 🚒"
    assert page.get_attribute("#s-3 a", "href") is None, "a long press on a link opens a menu instead"
