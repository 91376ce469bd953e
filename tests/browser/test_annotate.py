"""The whole job on the seed article: by keyboard with htmx, with the CDN blocked, with script off; and in trouble."""

import itertools
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route
from sqlmodel import col, select

from annotator.services import reviewers
from annotator.services.history import Actor
from db.models import Annotation, AnnotationRevision, Assignment, Attribution, Evidence, Reviewer, WebSession
from tests.browser.conftest import (
    AXE,
    CURRENT,
    QUIET,
    Desk,
    axe,
    current,
    loads,
    press,
    shifted,
    told,
    until,
    wait_current,
    watch_shifts,
)

pytestmark = pytest.mark.browser

KEYS = [str(n % 5 + 1) for n in range(30)]
NAMES = {"1": "Claim", "2": "Quote", "3": "Opinion", "4": "None", "5": "Unsure"}
WANTED = [NAMES[key] for key in KEYS]
VALUES = {"1": "claim", "2": "quote", "3": "opinion", "4": "none", "5": "unsure"}
TOPS = """() => { const all = [...document.querySelectorAll('.sent')], first = all[0].getBoundingClientRect().top
  return all.map(one => Math.round(one.getBoundingClientRect().top - first)).join() }"""


def revisions(desk: Desk) -> int:
    with desk.database.read() as session:
        return len(session.exec(select(AnnotationRevision.id)).all())


def test_the_whole_job_by_keyboard_takes_one_key_and_one_request_a_sentence(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 1)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.method} {request.is_navigation_request()}"))
    for n, key in enumerate(KEYS, 1):
        page.keyboard.press(key)
        wait_current(page, min(n + 1, 30))
    page.wait_for_function("() => document.querySelector('#part-finish').open")
    assert desk.labels_of("Anna") == WANTED
    assert asked == ["POST False"] * 30
    press(page, "Shift+Digit2")
    assert told(page) == "Sentence 30 saved as Quote"
    press(page, "z")
    assert told(page) == "Sentence 30 taken back, now Unsure"
    press(page, "Shift+Z")
    assert told(page) == "Sentence 30 done again, now Quote"
    press(page, "z")
    assert desk.labels_of("Anna") == WANTED


def test_attribution_evidence_note_and_finish_by_keyboard(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 1)
    for n in range(1, 31):
        press(page, "2" if n == 14 else "1")
    press(page, "u")
    assert current(page) == 14
    press(page, "a")
    page.keyboard.type("Anthony Guglielmi")
    page.keyboard.press("Tab")
    page.keyboard.type("adds")
    page.keyboard.press("Tab")
    page.keyboard.type("This is not a partnership in immigration enforcement.")
    press(page, "Enter")
    assert told(page) == "Sentence 14: attribution added"
    assert page.inner_text("#s-14 .by") == "Anthony Guglielmi · adds · direct"
    assert page.inner_text("#s-14 .hit") == "This is not a partnership in immigration enforcement."
    assert page.evaluate("document.activeElement.innerText") == "Anthony Guglielmi · adds · direct"
    press(page, "k", "s")
    page.keyboard.type("https://example.org/agreement")
    press(page, "Enter")
    assert told(page) == "Sentence 13: source added"
    assert page.inner_text("#s-13 .by") == "1 source · supports"
    press(page, "c")
    assert page.evaluate("document.activeElement.name") == "text_normalized"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "ct"
    press(page, "n")
    page.keyboard.type("1 2 3 are typed here, not labels")
    page.keyboard.press("Tab")
    press(page, "Enter")
    assert told(page) == "Sentence 13: note"
    page.keyboard.press("Escape")
    press(page, "h")
    assert "note" in page.inner_text("#in-history li:first-child")
    page.focus("#part-finish summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    loads(page, lambda: page.keyboard.press("Enter"))
    assert "You can read everything" in page.inner_text(".desk")
    with desk.database.read() as session:
        assert len(session.exec(select(Attribution.id)).all()) == 1
        assert len(session.exec(select(Evidence.id)).all()) == 1
        assert session.exec(select(Assignment.state).order_by(col(Assignment.reviewer_id))).first() == "finished"


def test_with_htmx_without_it_and_without_script_the_labels_are_the_same(desk: Desk) -> None:
    desk.expect_trouble("net::ERR_FAILED")
    anna, ben, cleo = desk.open("Anna"), desk.open("Ben", cdn=False), desk.open("Cleo", script=False)
    for page in (anna, ben, cleo):
        page.goto(f"{desk.base}/articles/{desk.article}?s=1")
    loaded = {"Ben": 0, "Cleo": 0}

    def count(name: str) -> Callable[[Any], None]:
        def one(request: Any) -> None:
            loaded[name] += request.is_navigation_request() and request.method == "GET"

        return one

    ben.on("request", count("Ben"))
    cleo.on("request", count("Cleo"))
    for n, key in enumerate(KEYS, 1):
        press(anna, key)
        loads(ben, lambda key=key: ben.keyboard.press(key))
        loads(cleo, lambda key=key: cleo.click(f'#label-form button[value="{VALUES[key]}"]'))
        assert f"#s-{min(n + 1, 30)}" in ben.url
    assert desk.labels_of("Anna") == desk.labels_of("Ben") == desk.labels_of("Cleo") == WANTED
    assert loaded == {"Ben": 30, "Cleo": 30}
    loads(ben, lambda: ben.keyboard.press("Shift+Digit1"))
    assert desk.labels_of("Ben")[-1] == "Claim"
    loads(ben, lambda: ben.check("#loaded"))
    assert ben.is_checked("#loaded")


def test_attribution_and_evidence_with_script_off(desk: Desk) -> None:
    page = desk.open("Cleo", script=False)
    page.goto(f"{desk.base}/articles/{desk.article}?s=14")
    page.check("text=Combine")
    for value in ("quote", "claim"):
        loads(page, lambda value=value: page.click(f'#label-form button[value="{value}"]'))
        page.check("text=Combine")
    page.click("#part-attribution > summary")
    page.fill("#a0-speaker", "Anthony Guglielmi")
    page.fill("#a0-content", "This is not a partnership in immigration enforcement.")
    loads(page, lambda: page.click("#a0-save"))
    assert page.inner_text("#s-14 .by") == "Anthony Guglielmi · direct"
    page.click("#part-claim > summary")
    page.click("text=Add a source")
    page.fill("#e0-0-url", "https://example.org/agreement")
    loads(page, lambda: page.click("#e0-0-save"))
    assert "1 source · supports" in page.inner_text("#s-14 .by")
    page.check("#low")
    loads(page, lambda: page.click("#facts .save"))
    assert page.is_checked("#low")
    loads(page, lambda: page.click('form[action="/undo"] button'))
    assert not page.is_checked("#low")


def test_without_htmx_the_card_says_that_typed_words_are_not_saved_by_another_button(desk: Desk) -> None:
    desk.expect_trouble("net::ERR_FAILED")
    for page in (desk.open("Cleo", script=False), desk.open("Ben", cdn=False)):
        page.goto(f"{desk.base}/articles/{desk.article}?s=14")
        page.click("#part-note > summary")
        assert not page.is_visible(".unsaved")
        page.focus("#no")
        page.keyboard.type("half a note")
        page.focus("#pick-1")
        assert page.is_visible(".unsaved")
        assert page.locator(".unsaved").bounding_box()["y"] < page.locator("#pick-1").bounding_box()["y"]  # type: ignore[index]
        loads(page, lambda page=page: page.click("#no-save"))
        assert not page.is_visible(".unsaved")
        assert page.locator("#no").input_value() == "half a note"
    page = desk.open("Anna")
    desk.go(page, 14)
    typed_note(page, "half a note")
    assert not page.is_visible(".unsaved")


def test_twenty_keys_at_once_label_twenty_sentences_in_order(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 1)
    for key in KEYS[:20]:
        page.keyboard.press(key)
    wait_current(page, 21)
    assert until(lambda: desk.labels_of("Anna") == WANTED[:20])


def test_no_line_moves_on_a_label_a_combination_or_a_step(desk: Desk) -> None:
    for width in (1440, 1024, 390):
        page = desk.open("Anna", width=width)
        desk.go(page, 5)
        watch_shifts(page)
        tops = page.evaluate(TOPS)
        for key in ("1", "3", "Shift+Digit1", "Shift+Digit2", "f", "j", "4", "5", "k", "z"):
            press(page, key)
            assert page.evaluate(TOPS) == tops, f"{key} at {width}"
        assert shifted(page) == 0, width


def test_the_sentence_in_hand_stays_in_sight(desk: Desk) -> None:
    page = desk.open("Anna")
    page.goto(f"{desk.base}/articles/{desk.article}?s=25")
    sight = "() => { const b = document.querySelector('[aria-current=\"true\"]').getBoundingClientRect()"
    sight += "; return b.top > 60 && b.bottom < innerHeight }"
    page.wait_for_function(sight)
    for key in ("j", "1", "1"):
        press(page, key)
        page.wait_for_function(sight)
    assert page.url.endswith("?s=28#s-28")
    assert page.title().startswith("Sentence 28 of 30")


def test_a_change_in_another_tab_is_a_conflict_with_a_choice(desk: Desk) -> None:
    desk.expect_trouble("409")
    first = desk.open("Anna")
    desk.go(first, 14)
    second = desk.second(first)
    desk.go(second, 14)
    press(second, "1")
    press(first, "2")
    alert = first.locator("#messages .alert")
    assert "Changed in another window to Claim" in alert.inner_text()
    assert current(first) == 14
    first.click("text=Keep Claim")
    first.wait_for_function("() => !document.querySelector('#messages .alert')")
    assert desk.labels_of("Anna") == ["Claim"]
    press(second, "k", "3")
    press(first, "2")
    first.click("text=Use Quote")
    wait_current(first, 15)
    assert desk.labels_of("Anna") == ["Quote"]


def test_offline_keeps_the_sentence_drops_held_keys_and_retries(desk: Desk) -> None:
    desk.expect_trouble("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    page = desk.open("Anna")
    desk.go(page, 3)
    page.context.set_offline(True)
    for key in "123":
        page.keyboard.press(key)
    page.wait_for_selector("#trouble:not([hidden])")
    page.wait_for_function(QUIET)  # the last of them has failed too
    assert current(page) == 3
    assert revisions(desk) == 0
    page.context.set_offline(False)
    page.click("#retry")
    wait_current(page, 4)
    page.wait_for_selector("#trouble", state="hidden")
    assert desk.labels_of("Anna") in (["Claim"], ["Quote"], ["Opinion"])
    assert revisions(desk) == 1


def test_an_answer_that_got_lost_is_stored_once(desk: Desk) -> None:
    desk.expect_trouble("ERR_FAILED", "Failed to fetch")
    page = desk.open("Anna")
    desk.go(page, 3)
    lost = itertools.count()

    def lose(route: Route) -> None:
        if next(lost):
            route.continue_()
        else:
            route.fetch()
            route.abort()

    page.route("**/annotations", lose)
    page.keyboard.press("Shift+Digit2")
    page.wait_for_selector("#trouble:not([hidden])")
    assert revisions(desk) == 1
    page.click("#retry")
    page.wait_for_selector("#trouble", state="hidden")
    assert current(page) == 3
    assert revisions(desk) == 1
    assert desk.labels_of("Anna") == ["Quote"]


def test_trouble_on_the_server_does_not_advance(desk: Desk) -> None:
    desk.expect_trouble("503")
    page = desk.open("Anna")
    desk.go(page, 3)
    page.route("**/annotations", lambda route: route.fulfill(status=503, body="busy"))
    page.keyboard.press("1")
    page.wait_for_selector("#trouble:not([hidden])")
    assert current(page) == 3
    page.unroute("**/annotations")
    page.click("#retry")
    wait_current(page, 4)


def test_somebody_signed_out_while_typing_loses_nothing_and_comes_back(desk: Desk) -> None:
    desk.expect_trouble("401")
    page = desk.open("Anna")
    desk.go(page, 5)
    press(page, "j", "n")
    page.keyboard.type("a long note")
    with desk.database.write() as session:
        for found in session.exec(select(WebSession)):
            found.revoked_at = found.created_at
    page.keyboard.press("Tab")
    press(page, "Enter")
    link = page.locator("#messages a")
    assert "signed out" in page.inner_text("#messages")
    assert page.input_value("#no") == "a long note"
    with page.expect_popup() as opened:
        link.click()
    page = opened.value
    page.wait_for_url(re.compile("/sign-in[?]next="))
    assert "s%3D6" in page.url or "s=6" in page.url
    with desk.database.write() as session:
        code = reviewers.link(session, Actor(None), "Anna", days=1)
    page.fill("input[name=token]", code)
    page.press("input[name=token]", "Enter")
    page.wait_for_function("() => document.querySelector('.sent')")
    assert current(page) == 6


def test_keys_are_silent_in_fields_with_modifiers_in_the_help_and_when_turned_off(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 3)
    press(page, "a")
    page.keyboard.type("123 jkz")
    assert page.input_value("#a0-speaker") == "123 jkz"
    page.keyboard.press("Escape")
    for key in ("Control+Digit1", "Alt+Digit1", "Meta+Digit1"):
        page.keyboard.press(key)
    page.keyboard.press("?")
    page.wait_for_selector("#keys:popover-open")
    press(page, "1")
    assert desk.labels_of("Anna") == []
    loads(page, lambda: page.uncheck("#settings input[type=checkbox]"))
    assert current(page) == 3
    press(page, "1")
    assert desk.labels_of("Anna") == []
    page.click('#label-form button[value="claim"]')
    wait_current(page, 4)


def test_refused_words_keep_what_was_typed_and_say_why(desk: Desk) -> None:
    desk.expect_trouble("422")
    page = desk.open("Anna")
    desk.go(page, 14)
    press(page, "2", "k", "a")
    page.fill("#a0-speaker", "Anthony Guglielmi")
    page.fill("#a0-content", "a partnership of immigration")
    press(page, "Enter")
    assert "do not stand in the article" in page.inner_text("#in-attribution .alert")
    assert page.input_value("#a0-content") == "a partnership of immigration"
    assert page.get_attribute("#a0-content", "aria-invalid") == "true"
    page.fill("#a0-content", "a partnership in immigration")
    press(page, "Enter")
    assert told(page) == "Sentence 14: attribution added"


def test_the_first_load_asks_for_four_files_and_later_ones_for_one(desk: Desk) -> None:
    page = desk.open("Anna")
    asked: list[str] = []
    page.on("request", lambda request: None if request.url.startswith("data:") else asked.append(request.url))
    desk.go(page, 1)
    page.wait_for_load_state("networkidle")
    assert len(asked) == 4
    asked.clear()
    press(page, "1")
    assert len(asked) == 1


def test_keys_open_a_part_of_the_card_where_a_zoomed_page_is_as_narrow_as_a_phone(desk: Desk) -> None:
    page = desk.open("Anna")
    page.set_viewport_size({"width": 640, "height": 450})  # 1280 by 900 at 200 %
    desk.go(page, 14)
    press(page, "Shift+Digit1")
    assert not page.is_visible("#part-note")
    for key, field in (("a", "a0-speaker"), ("c", "c0-text_normalized"), ("s", "e0-0-url"), ("n", "no")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.id") == field
        page.keyboard.press("Escape")
    assert not page.is_visible("#part-attribution")
    assert page.is_visible("#no")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("h")
    assert page.is_visible("#in-history .log")


def test_the_phone_sheet_opens_its_details_without_script(desk: Desk) -> None:
    page = desk.open("Cleo", script=False, width=390, height=844)
    page.goto(f"{desk.base}/articles/{desk.article}?s=14#s-14")
    assert not page.is_visible("#part-note")
    page.click(".more")
    assert page.is_visible("#part-note")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
    page = desk.open("Anna", width=320, height=800)
    desk.go(page, 14)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


def test_axe_finds_nothing_in_any_state_width_and_colour_scheme(
    desk: Desk, packages: Callable[[str, str], bytes]
) -> None:
    desk.expect_trouble("409", "422")
    script = packages(AXE, "axe.min.js").decode()
    page = desk.open("Anna")
    other = desk.second(page)
    desk.go(page, 14)
    found = {"fresh": axe(page, script)}
    press(page, "Shift+Digit1", "Shift+Digit2", "f", "a")
    page.fill("#a0-speaker", "Anthony Guglielmi")
    page.fill("#a0-content", "partnership in immigration")
    press(page, "Enter", "s")
    page.fill("#e0-0-url", "https://example.org/a")
    press(page, "Enter")
    found["worked on"] = axe(page, script)
    page.fill("#a0-content", "nowhere in the text")
    page.locator("#a0-save").click()
    page.wait_for_selector("#in-attribution .alert")
    found["refused"] = axe(page, script)
    desk.go(other, 14)
    press(other, "3")
    page.locator("#pick-1").click()
    page.wait_for_selector("#messages .alert")
    found["conflict"] = axe(page, script)
    lead = desk.open("Lea")
    desk.go(lead, 14)
    found["a lead looks"] = axe(lead, script)
    assert [(state, wrong) for state, wrong in found.items() if wrong] == []


def test_a_finished_article_passes_axe_and_can_be_read_with_keys(
    desk: Desk, packages: Callable[[str, str], bytes]
) -> None:
    page = desk.open("Anna")
    desk.go(page, 1)
    for _ in range(30):
        press(page, "1")
    loads(page, lambda: page.click("text=Finish >> nth=-1"))
    assert page.locator("#label-form").count() == 0
    desk.go(page, 3)
    press(page, "j")
    wait_current(page, 4)
    assert axe(page, packages(AXE, "axe.min.js").decode()) == []


def typed_note(page: Page, words: str) -> None:
    press(page, "n")
    page.keyboard.type(words)
    page.keyboard.press("Escape")


def notes_of(desk: Desk, name: str) -> list[str]:
    statement = select(Annotation.note).join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
    with desk.database.read() as session:
        return [note for note in session.exec(statement.where(Reviewer.name == name)) if note]


def test_what_is_typed_is_saved_before_a_label_a_step_or_a_click_leaves_its_sentence(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 5)
    for n, leave in enumerate(("1", "j", "k", "u"), 5):
        desk.go(page, n)
        typed_note(page, f"note {n}")
        page.keyboard.press(leave)
        page.wait_for_function(f"() => ({CURRENT})() !== {n}")
        assert until(lambda n=n: f"note {n}" in notes_of(desk, "Anna"))
    desk.go(page, 20)
    typed_note(page, "twenty")
    page.click('#label-form button[value="opinion"]')
    wait_current(page, 21)
    typed_note(page, "one more")
    page.click("#s-3 a")
    wait_current(page, 3)
    assert until(lambda: {"twenty", "one more"} <= set(notes_of(desk, "Anna")))
    desk.go(page, 20)
    assert page.input_value("#no") == "twenty"
    assert page.get_attribute("#pick-3", "aria-pressed") == "true"


def test_a_half_filled_form_keeps_its_sentence_until_it_fits_or_is_dropped(desk: Desk) -> None:
    desk.expect_trouble("422")
    page = desk.open("Anna")
    desk.go(page, 14)
    press(page, "a")
    page.keyboard.type("Anthony Guglielmi")
    page.keyboard.press("Escape")
    for _ in range(2):
        page.keyboard.press("2")
        page.wait_for_selector("#in-attribution .alert")
        page.wait_for_function(QUIET)
        assert current(page) == 14
        assert page.input_value("#a0-speaker") == "Anthony Guglielmi"
    page.fill("#a0-content", "This is not a partnership in immigration enforcement.")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    wait_current(page, 15)
    assert until(lambda: desk.labels_of("Anna") == ["Quote"])
    with desk.database.read() as session:
        assert len(session.exec(select(Attribution.id)).all()) == 1
    desk.go(page, 16)
    press(page, "a")
    page.keyboard.type("Nobody at all")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.click("#in-attribution .alert a")
    page.wait_for_function("() => window.htmx && document.querySelector('#a0-speaker').value === ''")
    page.wait_for_load_state()
    press(page, "j")
    wait_current(page, 17)


def test_labels_and_ticks_that_stay_leave_what_is_typed_in_other_parts(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 14)
    page.evaluate(
        "document.querySelectorAll('details').forEach(one => { one.removeAttribute('name'); one.open = true })"
    )
    page.fill("#no", "half a")
    page.evaluate("document.querySelector('#no').defaultValue = 'half a'")  # as if the guard had nothing to save
    for act in ("Shift+Digit1", "Shift+Digit2", "f", "Shift+Digit1"):
        page.keyboard.press("Escape")
        press(page, act)
        assert page.input_value("#no") == "half a"
    page.fill("#no", "half a note")
    page.click("#no-save")
    assert until(lambda: notes_of(desk, "Anna") == ["half a note"])
    assert desk.labels_of("Anna") == ["Quote"]


@pytest.mark.parametrize("trouble", ["offline", "server", "signed out", "other window"])
def test_a_form_in_trouble_keeps_its_words_and_is_stored_exactly_once(desk: Desk, trouble: str) -> None:
    desk.expect_trouble("ERR_INTERNET_DISCONNECTED", "Failed to fetch", "503", "401", "403", "409")
    page = desk.open("Anna")
    desk.go(page, 14)
    press(page, "2", "k", "a")
    page.fill("#a0-speaker", "Anthony Guglielmi")
    page.fill("#a0-content", "partnership in immigration enforcement")
    make_trouble(desk, page, trouble)
    press(page, "Enter")
    page.wait_for_selector("#trouble:not([hidden]), #messages .alert")
    assert page.input_value("#a0-content") == "partnership in immigration enforcement"
    with desk.database.read() as session:
        assert len(session.exec(select(Attribution.id)).all()) == 0
    end_trouble(desk, page, trouble)
    page.wait_for_selector("#s-14 .by")
    page.wait_for_function(
        "() => !document.querySelector('#messages .alert') && document.querySelector('#trouble').hidden"
    )
    with desk.database.read() as session:
        assert len(session.exec(select(Attribution.id)).all()) == 1
    assert "partnership in immigration" in page.inner_text("#s-14 .hit")


def make_trouble(desk: Desk, page: Page, trouble: str) -> None:
    if trouble == "offline":
        page.context.set_offline(True)
    elif trouble == "server":
        page.route("**/attributions", lambda route: route.fulfill(status=503, body="busy"))
    elif trouble == "signed out":
        with desk.database.write() as session:
            for found in session.exec(select(WebSession)):
                found.revoked_at = found.created_at
    else:
        other = desk.second(page)
        desk.go(other, 14)
        press(other, "Shift+Digit1")


def end_trouble(desk: Desk, page: Page, trouble: str) -> None:
    if trouble == "other window":
        page.click("text=Save mine")
    elif trouble == "signed out":
        with page.expect_popup() as opened:
            page.click("#messages a")
        with desk.database.write() as session:
            code = reviewers.link(session, Actor(None), "Anna", days=1)
        opened.value.fill("input[name=token]", code)
        opened.value.press("input[name=token]", "Enter")
        opened.value.wait_for_function("() => document.querySelector('.sent')")
        page.click("#a0-save")
        page.wait_for_selector("#messages .alert >> text=signed in anew")
        page.click("#a0-save")
    else:
        page.context.set_offline(False)
        page.unroute("**/attributions")
        page.click("#retry")


def test_a_choice_without_words_is_saved_before_its_sentence_is_left(desk: Desk) -> None:
    page = desk.open("Anna")
    desk.go(page, 14)
    press(page, "Shift+Digit1", "c")
    page.select_option("#c0-verdict", "refuted")
    page.keyboard.press("Escape")
    press(page, "j")
    wait_current(page, 15)
    press(page, "k")
    wait_current(page, 14)
    assert page.input_value("#c1-verdict") == "refuted"
    press(page, "s")
    page.check("#in-claim details[open] input[value=refutes]")  # of a source that is not named: nothing to lose
    page.keyboard.press("Escape")
    press(page, "j")
    wait_current(page, 15)
    assert revisions(desk) == 2
