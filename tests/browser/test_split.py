"""A lead mends boundaries under the labels of three reviewers: by keyboard, with the CDN blocked, with script off."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import col, select

from annotator.domain.changes import Change
from annotator.services import annotations, assignments
from annotator.services.history import Actor
from db.models import Annotation, Article, Reviewer, Sentence
from db.queries import history
from tests import factories
from tests.browser.conftest import AXE, PEOPLE, Desk, axe, current, loads, press

pytestmark = pytest.mark.browser

BECOMES = "() => [...document.querySelectorAll('#becomes ol li')].map(one => one.innerText.split('\\n').pop())"
FIRST = "Organized Communities Against Deportations describes itself as an undocumented-led group,"
SECOND = "so it can at least be understood why they feel a little edgy."


def label(desk: Desk) -> None:
    """Three reviewers label sentences 10, 11 and 12, not all alike."""
    labels = {
        "Anna": ("quote", "claim", "claim"),
        "Ben": ("claim", "claim", "opinion"),
        "Cleo": ("none", "none", "none"),
    }
    with desk.database.write() as session:
        article = session.exec(select(Article).where(Article.uid == desk.article)).one()
        uids = [sentence.uid for sentence in factories.sentences_of(session, article)[9:12]]
        people = {name: session.exec(select(Reviewer).where(Reviewer.name == name)).one() for name in PEOPLE}
        for name, words in labels.items():
            for uid, word in zip(uids, words, strict=True):
                annotations.save(session, Actor(people[name].id), uid, Change(labels=(word,)), revision=0)


def rows(desk: Desk) -> list[Any]:
    """Every annotation of a live sentence, all its columns and all that hangs on it."""
    statement = select(Annotation).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
    live = statement.where(col(Sentence.retired_in).is_(None))
    with desk.database.read() as session:
        ordered = session.exec(live.order_by(col(Sentence.start_cp), col(Annotation.reviewer_id)))
        return [(said.model_dump(), history.snapshot(session, said)) for said in ordered]


def statuses(desk: Desk, n: int) -> list[str]:
    """By reviewer, the status of the annotations of sentence n."""
    with desk.database.read() as session:
        article = session.exec(select(Article).where(Article.uid == desk.article)).one()
        sentence = factories.sentences_of(session, article)[n - 1]
        statement = select(Annotation.status).where(Annotation.sentence_id == sentence.id)
        return list(session.exec(statement.order_by(col(Annotation.reviewer_id))))


def becomes(page: Page, *texts: str) -> None:
    page.wait_for_function(f"texts => JSON.stringify(({BECOMES})()) === JSON.stringify(texts)", arg=list(texts))


def test_a_lead_splits_and_merges_under_three_reviewers_labels_by_keyboard_and_undoes_it(desk: Desk) -> None:
    label(desk)
    before = rows(desk)
    page = desk.open("Lea")
    desk.go(page, 10)
    loads(page, lambda: page.keyboard.press("/"))
    becomes(page, FIRST, SECOND)
    press(page, "ArrowRight", "ArrowRight")
    becomes(page, f"{FIRST} so it", "can at least be understood why they feel a little edgy.")
    press(page, "ArrowLeft", "ArrowLeft")
    becomes(page, FIRST, SECOND)
    assert rows(desk) == before
    loads(page, lambda: page.keyboard.press("Enter"))
    assert page.url.endswith("?s=10#s-10")
    assert [(page.text_content(f"#s-{n} a") or "").split(": ", 1)[1] for n in (10, 11)] == [FIRST, SECOND]
    assert statuses(desk, 10) == statuses(desk, 11) == ["needs_review"] * 3
    loads(page, lambda: page.keyboard.press("z"))
    assert current(page) == 10
    assert rows(desk) == before
    press(page, "j")
    loads(page, lambda: page.keyboard.press("m"))
    assert "3 reviewers labelled one of the two or both" in page.inner_text("#becomes")
    loads(page, lambda: page.keyboard.press("Enter"))
    assert current(page) == 11
    assert statuses(desk, 11) == ["complete", "needs_review", "complete"]
    loads(page, lambda: page.keyboard.press("z"))
    assert rows(desk) == before


def test_with_the_cdn_blocked_and_with_script_off_it_works_alike(desk: Desk) -> None:
    desk.expect_trouble("net::ERR_FAILED")
    label(desk)
    before = rows(desk)
    page = desk.open("Lea", cdn=False)
    page.goto(f"{desk.base}/articles/{desk.article}?s=10")
    loads(page, lambda: page.keyboard.press("/"))
    loads(page, lambda: page.keyboard.press("ArrowRight"))
    becomes(page, f"{FIRST} so", "it can at least be understood why they feel a little edgy.")
    loads(page, lambda: page.keyboard.press("ArrowLeft"))
    loads(page, lambda: page.keyboard.press("Enter"))
    assert statuses(desk, 11) == ["needs_review"] * 3
    loads(page, lambda: page.keyboard.press("z"))
    assert rows(desk) == before

    plain = desk.open("Lea", script=False)
    plain.goto(f"{desk.base}/articles/{desk.article}?s=10")
    loads(plain, lambda: plain.click("#cuts >> text=Split"))
    plain.check('.cut input[value="{}"]'.format(plain.get_attribute(".cut label:nth-of-type(3) input", "value")))
    loads(plain, lambda: plain.click("#cut .primary"))  # a place that was not seen yet: its preview
    assert rows(desk) == before
    assert plain.inner_text("#becomes ol li:first-child").endswith("Organized Communities Against")
    loads(plain, lambda: plain.click("#cut .primary"))
    assert statuses(desk, 11) == ["needs_review"] * 3
    loads(plain, lambda: plain.click('form[action$="/undo"] button'))
    assert rows(desk) == before


def test_a_reviewer_on_a_sentence_that_was_cut_is_told_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.expect_trouble("409")
    label(desk)
    page, lead = desk.open("Anna"), desk.open("Lea")
    desk.go(page, 10)
    press(page, "n")
    page.keyboard.type("a long note")
    desk.go(lead, 10)
    loads(lead, lambda: lead.keyboard.press("/"))
    loads(lead, lambda: lead.keyboard.press("Enter"))
    page.keyboard.press("Tab")
    press(page, "Enter")
    assert "boundaries of this sentence were changed" in page.inner_text("#messages")
    assert page.input_value("#no") == "a long note"
    desk.go(page, 10)
    assert page.locator("#s-10 .mark.is-review").count() == 1
    press(page, "2")
    assert statuses(desk, 10) == ["complete", "needs_review", "needs_review"]


def test_axe_finds_nothing_while_a_sentence_is_split_or_merged(
    desk: Desk, packages: Callable[[str, str], bytes]
) -> None:
    script = packages(AXE, "axe.min.js").decode()
    label(desk)
    page, found = desk.open("Lea"), {}

    def look(*queries: str) -> None:
        for query in queries:
            page.goto(f"{desk.base}/articles/{desk.article}?{query}")
            page.wait_for_function("() => window.htmx")
            found[query] = axe(page, script)

    look("s=10&cut=split", "s=11&cut=merge", "s=10&cut=merge")
    loads(page, lambda: page.goto(f"{desk.base}/articles/{desk.article}?s=10&cut=split"))
    loads(page, lambda: page.keyboard.press("Enter"))
    found["after"] = axe(page, script)
    with desk.database.write() as session:
        assignments.assign(session, Actor(None), desk.article, ["Lea"])
    look("s=1&cut=split", "s=11")
    assert [(state, wrong) for state, wrong in found.items() if wrong] == []
