"""A lead decides disputes by keyboard only, with the CDN blocked and with script off; guidelines change in between."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlmodel import Session, col, select

from annotator.domain import labels
from annotator.services import annotations
from annotator.services.history import Actor
from db.models import Annotation, Article, Reviewer, Sentence
from tests import factories
from tests.browser.conftest import AXE, PEOPLE, Desk, axe, loads, press

pytestmark = pytest.mark.browser

ANSWERS = {
    10: (("quote", "claim"), ("claim",), ("none",)),
    11: (("claim",), ("claim",), ("opinion",)),
    12: (("claim",), ("quote",), ("claim",)),
    13: (("claim",), ("claim",), ("claim",)),
}


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """Three reviewers differ on sentences 10 to 12 and agree on 13; Anna knows who speaks in 10, and has evidence."""
    with desk.database.write() as session:
        sentences = live(session)
        people = [session.exec(select(Reviewer).where(Reviewer.name == name)).one() for name in PEOPLE]
        for number, answers in ANSWERS.items():
            for person, words in zip(people, answers, strict=True):
                factories.annotate(session, sentences[number - 1], person, words, note=f"{words[0]} for a reason")
        anna = session.exec(
            select(Annotation).where(Annotation.sentence_id == sentences[9].id, Annotation.reviewer_id == people[0].id)
        ).one()
        factories.make_attribution(session, anna)
        claim = factories.make_claim(session, anna, text_normalized="The group describes itself.")
        factories.make_evidence(session, claim, factories.make_source(session, "A page"), stance="supports")
        factories.keep(session, anna)
    return desk


def live(session: Session) -> list[Sentence]:
    article = session.exec(select(Article)).one()
    return list(factories.sentences_of(session, article))


def gold(desk: Desk) -> dict[int, tuple[str, str | None, str | None, int, int]]:
    """What is decided, by the number of the sentence: labels, reason, rule, attributions, claims ever made."""
    with desk.database.read() as session:
        numbers = {sentence.id: n for n, sentence in enumerate(live(session), start=1)}
        rows = session.exec(select(Annotation).where(Annotation.role == "gold", Annotation.status == "complete"))
        return {
            numbers[row.sentence_id]: (
                labels.describe(annotations.judgement(row)), row.note, row.guideline_rule,
                row.last_attribution_seq, row.last_claim_seq,
            )
            for row in rows
        }  # fmt: skip


def start(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.base}/adjudication")
    loads(page, lambda: page.keyboard.press("Enter"))
    assert "Reviewer A" in page.inner_text("#said")
    assert not any(name in page.content() for name in PEOPLE)


def pressed(page: Page) -> list[str]:
    return page.eval_on_selector_all('.pick[aria-pressed="true"]', "all => all.map(one => one.value)")


def key_of(page: Page, kind: str) -> str:
    """The key that takes the only attributions, or the only claims, there are."""
    (key,) = page.eval_on_selector_all(f'#said [value^="{kind}:"]', "all => all.map(one => one.dataset.key)")
    return str(key)


def test_disputes_are_decided_by_keyboard_only(desk: Desk) -> None:
    page = desk.open("Lea")
    start(desk, page)
    page.wait_for_function("() => window.htmx")
    press(page, "2", "Shift+Digit1", key_of(page, "attributions"), key_of(page, "claims"))
    assert sorted(pressed(page)) == ["claim", "quote"]
    assert page.eval_on_selector_all("#taking select", "all => all.every(one => one.value)")
    press(page, "b")
    assert all(name in page.inner_text("#said") for name in PEOPLE)
    press(page, "b", "n")
    page.keyboard.type("Their own words, 1 and 2.")
    page.keyboard.press("Tab")
    page.keyboard.type("1.0, question 1")
    loads(page, lambda: page.keyboard.press("Enter"))
    assert gold(desk) == {10: ("Quote and claim", "Their own words, 1 and 2.", "Question 1", 1, 1)}
    page.wait_for_function("() => window.htmx")
    press(page, "3", "1", "r")  # exactly a claim, by the last rule
    assert pressed(page) == ["claim"]
    loads(page, lambda: page.keyboard.press("Enter"))
    page.wait_for_function("() => window.htmx")
    loads(page, lambda: page.keyboard.press("5"))
    assert {n: decided[2] for n, decided in gold(desk).items()} in (
        {10: "Question 1", 11: "Question 1"},
        {10: "Question 1", 12: "Question 1"},
    )
    assert "1 of 3 disputes to decide" in page.inner_text("h1")  # left open, and the only one


def test_a_burst_of_keys_is_kept_in_order_and_undone_by_one(desk: Desk) -> None:
    page = desk.open("Lea")
    start(desk, page)
    page.wait_for_function("() => window.htmx")

    def burst() -> None:
        for key in ("4", "3", "Shift+Digit2", "Shift+Digit1", "Shift+Digit1", "Enter"):
            page.keyboard.press(key)

    loads(page, burst)
    assert {n: decided[0] for n, decided in gold(desk).items()} == {10: "Quote and opinion"}
    page.wait_for_function("() => window.htmx")
    loads(page, lambda: page.keyboard.press("z"))
    assert gold(desk) == {}
    assert "no longer stands" in page.inner_text(".desk")
    assert sorted(pressed(page)) == ["opinion", "quote"]


@pytest.mark.parametrize("how", ["without the CDN", "without script"])
def test_the_same_is_decided_without_htmx(desk: Desk, how: str) -> None:
    desk.expect_trouble("net::ERR_FAILED")
    page = desk.open("Lea", cdn=False) if how == "without the CDN" else desk.open("Lea", script=False)
    page.goto(f"{desk.base}/adjudication")
    loads(page, lambda: page.click("text=Start"))
    loads(page, lambda: page.click(".pick.is-quote"))
    page.fill("#why", "Plain forms.")
    page.check(".combine input")
    loads(page, lambda: page.click(".pick.is-claim"))
    assert sorted(pressed(page)) == ["claim", "quote"]
    loads(page, lambda: page.click('#said [value^="attributions:"]'))
    loads(page, lambda: page.click("#names"))
    assert "Anna" in page.inner_text("#said")
    page.fill("#rule", "2")
    loads(page, lambda: page.click(".foot .primary"))
    assert gold(desk) == {10: ("Quote and claim", "Plain forms.", "Question 2", 1, 0)}
    loads(page, lambda: page.click(".toast button"))
    assert gold(desk) == {}


def test_two_leads_on_one_case_the_second_is_told_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.expect_trouble("409")
    with desk.database.write() as session:
        factories.make_lead(session, "Otto")
    pages = [desk.open("Lea"), desk.open("Otto")]
    for page in pages:
        start(desk, page)
        page.wait_for_function("() => window.htmx")
    press(pages[0], "2")
    loads(pages[0], lambda: pages[0].keyboard.press("Enter"))
    press(pages[1], "n")
    pages[1].keyboard.type("I see it otherwise")
    press(pages[1], "Escape", "3")  # any button learns it
    pages[1].wait_for_selector("#messages .alert")
    assert "Lea made it Quote" in pages[1].inner_text("#messages")
    assert (pages[1].input_value("#why"), pressed(pages[1])) == ("I see it otherwise", ["opinion"])
    assert gold(desk)[10][0] == "Quote"
    loads(pages[1], lambda: pages[1].keyboard.press("Enter"))
    assert gold(desk)[10][:2] == ("Opinion", "I see it otherwise")


def test_offline_the_case_stays_and_says_so(desk: Desk) -> None:
    desk.expect_trouble("net::ERR", "Failed to fetch")
    page = desk.open("Lea")
    start(desk, page)
    page.wait_for_function("() => window.htmx")
    page.context.set_offline(True)
    press(page, "2")
    page.wait_for_selector("#trouble:not([hidden])")
    page.context.set_offline(False)
    page.click("#retry")
    page.wait_for_selector('.pick.is-quote[aria-pressed="true"]')
    page.wait_for_selector("#trouble", state="hidden")


def test_axe_finds_nothing_on_the_pages_of_adjudication_and_guidelines(
    desk: Desk, packages: Callable[[str, str], bytes]
) -> None:
    script = packages(AXE, "axe.min.js").decode()
    page, found = desk.open("Lea"), {}
    start(desk, page)
    case = page.url
    page.wait_for_function("() => window.htmx")
    press(page, "2", "b")
    page.fill("#rule", "2")
    found["case"] = axe(page, script)
    loads(page, lambda: page.click(".foot .primary"))
    with desk.database.write() as session:
        ben = session.exec(select(Reviewer).where(Reviewer.name == "Ben")).one()
        uid = case.split("/")[-1].split("?")[0]
        change = annotations.Change(labels=("opinion",))
        mine = session.exec(
            select(Annotation)
            .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
            .where(Sentence.uid == uid, Annotation.reviewer_id == ben.id)
        ).one()
        annotations.save(session, Actor(ben.id), uid, change, revision=mine.revision)
    page.goto(f"{desk.base}/guidelines/edit")
    page.fill("#body", "# New\n\n## Who\n\n1. **Who speaks?** Somebody.\n")
    loads(page, lambda: page.click("text=Preview"))
    found["edit"] = axe(page, script)
    loads(page, lambda: page.click(".primary"))
    found["labels"] = axe(page, script)
    for address in (
        f"/adjudication?article={desk.article}", f"/adjudication/{uid}", "/guidelines/rules/question-2?case=" + uid,
        "/guidelines/changes",
    ):  # fmt: skip
        page.goto(desk.base + address)
        found[address] = axe(page, script)
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, address
    assert [(state, wrong) for state, wrong in found.items() if wrong] == []


def test_second_half_of_the_report_comes_when_it_is_scrolled_to_and_by_a_link_without_script(desk: Desk) -> None:
    report = f"{desk.base}/articles/{desk.article}/disagreements"
    page = desk.open("Lea", height=500)
    page.goto(report)
    page.locator("#details").scroll_into_view_if_needed()
    page.mouse.wheel(0, 100_000)
    page.wait_for_selector("#reviewers")
    assert "Anna" in page.inner_text('[aria-label="Reviewers table"]')
    assert page.locator("#hs").count() == 1
    plain = desk.open("Lea", script=False)
    plain.goto(report)
    assert plain.locator("#reviewers").count() == 0
    loads(plain, lambda: plain.click("#details + p a"))
    assert plain.locator("#reviewers").count() == 1
    assert plain.url.endswith("?part=details#details")
