"""One lead, three reviewers' labels: split, merge, move, found anew, each taken back; everything is as it was before.

Once by keyboard with htmx, once with script off.
"""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import Session, col, select

from annotator.domain.changes import Change
from annotator.services import annotations, attributions, finishing, sentences
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from db import integrity
from db.models import Annotation, Article, Assignment, Reviewer, Sentence
from db.queries import history
from db.vocabulary import AttributionType
from tests import factories
from tests.browser.conftest import AXE, PEOPLE, Desk, axe, loads

pytestmark = pytest.mark.browser

ANSWERS = {"Anna": ("quote", "claim", "claim"), "Ben": ("claim", "opinion", "none"), "Cleo": ("none", "none", "none")}


@pytest.fixture
def labelled(desk: Desk) -> Desk:
    """Everybody has labelled sentences 9 to 12, Anna has said who speaks in the eleventh, Cleo has finished all."""
    with desk.database.write() as session:
        live = factories.sentences_of(session, _article(desk, session))
        for name in PEOPLE:
            person = session.exec(select(Reviewer).where(Reviewer.name == name)).one()
            for n, sentence in enumerate(live if name == "Cleo" else live[8:12]):
                change = Change(labels=(ANSWERS[name][n % 3],))
                annotations.save(session, Actor(person.id), sentence.uid, change, revision=0)
            if name == "Anna":
                words = {"speaker": "ICE", "content": "to designate certain Chicago Police Department (CPD) employees"}
                wording = Wording(type=AttributionType.INDIRECT, **words)
                attributions.create(session, Actor(person.id), live[10].uid, wording, revision=1)
            if name == "Cleo":
                finishing.finish(session, Actor(person.id), desk.article)
    return desk


def _article(desk: Desk, session: Session) -> Article:
    return session.exec(select(Article).where(Article.uid == desk.article)).one()


def state(desk: Desk) -> list[Any]:
    """All that lives, column by column: sentences, annotations with what hangs on them, assignments."""
    with desk.database.read() as session:
        live = factories.sentences_of(session, _article(desk, session))
        keys = [sentence.id for sentence in live]
        said = session.exec(
            select(Annotation).where(col(Annotation.sentence_id).in_(keys)).order_by(col(Annotation.id))
        )
        work = [(one.model_dump(), history.snapshot(session, one)) for one in said]
        shares = session.exec(select(Assignment).order_by(col(Assignment.id)))
        return [[one.model_dump() for one in live], work, [one.model_dump() for one in shares]]


def texts(desk: Desk) -> list[str]:
    with desk.database.read() as session:
        article = _article(desk, session)
        return [article.text[one.start_cp : one.end_cp] for one in factories.sentences_of(session, article)]


def waiting(desk: Desk) -> int:
    """How many labels need a look."""
    with desk.database.read() as session:
        live = select(Annotation.id).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        found = live.where(col(Sentence.retired_in).is_(None), Annotation.status == "needs_review")
        return len(session.exec(found).all())


def cut_apart(desk: Desk) -> None:
    """Two sentences in one, so that the segmenter finds something."""
    with desk.database.write() as session:
        uid = factories.sentences_of(session, _article(desk, session))[10].uid
        sentences.apply(session, Actor(None), sentences.merging(session, uid), version=1)


Do = Callable[[Page, str], None]


def mend(desk: Desk, page: Page, do: Do) -> None:
    """Split, merge and move sentence 11, each shown first and each taken back; all rows are as they were."""
    before, words, address = state(desk), texts(desk), f"{desk.base}/articles/{desk.article}?s=11"
    for kind, count in (("split", 1), ("merge", -1), ("move", 0)):
        page.goto(address)
        do(page, kind)
        assert "3 reviewers labelled" in page.inner_text("#becomes")
        assert state(desk) == before
        do(page, "go")
        assert len(texts(desk)) == len(words) + count
        assert texts(desk) != words
        assert waiting(desk) > 0
        assert state(desk) != before
        do(page, "undo")
        assert texts(desk) == words
        assert state(desk) == before
    assert [str(one) for one in integrity.check(desk.database)] == []


def test_labels_of_three_reviewers_survive_split_merge_move_and_undo_by_keyboard(labelled: Desk) -> None:
    keys = {"split": "/", "merge": "m", "move": "b", "go": "Enter", "undo": "z"}

    def do(page: Page, what: str) -> None:
        page.wait_for_function("() => window.htmx")
        loads(page, lambda: page.keyboard.press(keys[what]))

    mend(labelled, labelled.open("Lea"), do)


def test_labels_of_three_reviewers_survive_split_merge_move_and_undo_without_script(labelled: Desk) -> None:
    where = {
        "split": "#cuts >> text=Split", "merge": "#cuts >> text=Merge", "move": "#cuts >> text=Move",
        "go": "#cut .primary", "undo": 'form[action$="/undo"] button',
    }  # fmt: skip
    mend(labelled, labelled.open("Lea", script=False), lambda page, what: loads(page, lambda: page.click(where[what])))


def shows(page: Page, second: str) -> None:
    """Wait until the card says that the second sentence would become this."""
    page.wait_for_function(
        "text => [...document.querySelectorAll('#becomes ol li')].pop().innerText.endsWith('\\n' + text)", arg=second
    )


def test_a_boundary_moves_with_the_arrow_keys_over_both_sentences(labelled: Desk) -> None:
    page = labelled.open("Lea")
    loads(page, lambda: page.goto(f"{labelled.base}/articles/{labelled.article}?s=11&cut=move"))
    page.wait_for_function("() => window.htmx")
    first, second = texts(labelled)[10:12]
    whole, last = f"{first} {second}", first.rsplit(" ", 1)[1]
    shows(page, second.split(" ", 1)[1])  # the place next to the boundary is proposed
    page.keyboard.press("ArrowLeft")  # over the boundary, which is no place, into the sentence before
    shows(page, f"{last} {second}")
    loads(page, lambda: page.keyboard.press("Enter"))
    assert texts(labelled)[10:12] == [whole.split(f" {last}")[0], f"{last} {second}"]


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_sentences_are_found_anew_from_the_list_of_articles_and_it_is_undone(labelled: Desk, script: bool) -> None:
    wanted = texts(labelled)
    cut_apart(labelled)
    before, page = state(labelled), labelled.open("Lea", script=script)
    page.goto(labelled.base)
    loads(page, lambda: page.click('a[href$="/resegment"]'))
    assert page.inner_text("h1") == "Nothing differs"  # a person mended it
    loads(page, lambda: page.click("text=Look at those that a person mended"))
    assert page.inner_text("h1") == "1 place would be cut anew"
    assert "Anna" in page.inner_text("dl.facts2 >> nth=0")
    assert state(labelled) == before
    loads(page, lambda: page.click('button:has-text("Cut anew")'))
    assert texts(labelled) == wanted
    loads(page, lambda: page.click('form[action$="/undo"] button'))
    assert state(labelled) == before


def test_axe_finds_nothing_while_boundaries_move_or_on_the_pages_of_the_project(
    labelled: Desk, packages: Callable[[str, str], bytes]
) -> None:
    labelled.expect_trouble("422")
    cut_apart(labelled)
    script, page, found = packages(AXE, "axe.min.js").decode(), labelled.open("Lea"), {}
    here = f"/articles/{labelled.article}"
    for address in (f"{here}?s=7&cut=move", f"{here}/resegment?mended=1", f"{here}/resegment", "/project"):
        page.goto(labelled.base + address)
        found[address] = axe(page, script)
    page.fill("#hs", "much")
    loads(page, lambda: page.click("text=Save"))
    found["refused"] = axe(page, script)
    assert [(where, wrong) for where, wrong in found.items() if wrong] == []
