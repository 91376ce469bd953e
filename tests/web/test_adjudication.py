"""Deciding disputes in the browser with script off: the queue, a case, its buttons, saving, undo; leads only."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from annotator.services import annotations
from annotator.services.annotations import Change
from annotator.services.history import Actor
from db.engine import Database
from db.models import Annotation, Reviewer
from db.queries import adjudication as stored
from tests import factories as f
from tests.reports.test_disagreements import TABLE, fill
from tests.web.conftest import Person, SignIn, fields_of, forms_of

REQUEST = iter(range(10**6))


@dataclass(frozen=True)
class Scene:
    database: Database
    article: str
    sentences: tuple[str, ...]  # uids; disputed are the fifth, the first and the second, in this order
    people: dict[str, Reviewer]
    lead: Person
    ada: Person

    def url(self, number: int) -> str:
        return f"/adjudication/{self.sentences[number - 1]}"

    def form(self, number: int, **query: str) -> dict[str, str]:
        address = self.url(number) + "?" + "&".join(f"{k}={v}" for k, v in query.items())
        return fields_of(self.lead.get(address).text, self.url(number))

    def send(self, number: int, *, labels: tuple[str, ...] = (), **fields: Any) -> Any:
        """The form of a case as it is, with these labels and fields."""
        form = {name: value for name, value in self.form(number).items() if name not in ("label", "press", "open")}
        return self.lead.post(self.url(number), {**form, "label": list(labels), **fields})

    def gold(self, number: int) -> Annotation | None:
        with self.database.read() as session:
            found = stored.for_decision(session, self.sentences[number - 1], lock=False)
            return stored.gold(session, found[0].id) if found else None


@pytest.fixture
def scene(database: Database, sign_in: SignIn) -> Scene:
    with database.write() as session:
        article = fill(session, TABLE)
        sentences = tuple(sentence.uid for sentence in f.sentences_of(session, article))
        people = {reviewer.name: reviewer for reviewer in session.exec(f.select(Reviewer))}
        lead = f.make_lead(session, "Lena")
    return Scene(database, article.uid, sentences, people, sign_in(lead), sign_in(people["Ada"]))


def pressed(page: str) -> list[str]:
    """The labels that the form holds, by its buttons."""
    buttons = re.findall(r'name="press" value="(\w+)" aria-pressed="true"', page)
    held = dict(forms_of(page)[0]["fields"]).get("label")
    assert (held is not None) == bool(buttons)
    return buttons


def test_queue_lists_disputes_in_the_order_of_worth_without_names(scene: Scene) -> None:
    page = scene.lead.get("/adjudication").text
    listed = re.findall(r'href="/adjudication/(sen_\w+)"', page[page.index("<ol>") :])
    assert listed == [scene.sentences[n - 1] for n in (5, 1, 2)]
    assert "3 of 3 disputes to decide" in page
    assert not any(name in page for name in ("Ada", "Ben", "Cleo"))


@pytest.mark.parametrize("path", ["/adjudication", "/adjudication/{sentence}"])
def test_adjudication_does_not_exist_for_reviewers(scene: Scene, path: str) -> None:
    path = path.format(sentence=scene.sentences[0])
    assert scene.ada.get(path).status_code == 404
    assert scene.ada.post(path, {"label": "claim", "revision": "0"}).status_code in (404, 405)
    assert scene.gold(1) is None


@pytest.mark.parametrize("path", ["unanimous", "{sentence}/undo"])
def test_other_actions_do_not_exist_for_reviewers_either(scene: Scene, path: str) -> None:
    path = f"/adjudication/{path.format(sentence=scene.sentences[0])}"
    assert scene.ada.post(path, {"article": scene.article, "revision": "0"}).status_code == 404


def test_unknown_sentence_is_not_found(scene: Scene) -> None:
    assert scene.lead.get("/adjudication/sen_0000000000000000").status_code == 404
    answer = scene.lead.post("/adjudication/sen_0000000000000000", {"label": "claim", "revision": "0"})
    assert answer.status_code == 404


def test_case_is_blind_until_names_are_asked_for(scene: Scene) -> None:
    page = scene.lead.get(scene.url(1)).text
    assert "Reviewer A" in page
    assert "Reviewer C" in page
    assert not any(name in page for name in ("Ada", "Ben", "Cleo"))
    page = scene.lead.get(scene.url(1) + "?names=1").text
    assert all(name in page for name in ("Ada", "Ben", "Cleo"))
    assert "Reviewer A" not in page


def test_case_shows_the_sentence_between_its_neighbours(scene: Scene) -> None:
    page = scene.lead.get(scene.url(2)).text
    context = page[page.index('class="ctx"') : page.index("What each reviewer said")]
    order = [context.index(text) for text in ("The ferry stays", "The pier is unsafe", "Two ferries a day")]
    assert order == sorted(order)
    assert "Three reviewers, two answers" in page


def test_decision_is_stored_and_the_next_dispute_opens(scene: Scene) -> None:
    answer = scene.send(
        5, labels=("opinion", "quote"), voice_opinion="author", loaded_language="1", reason="Question 3.", rule="1.0, 3"
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{scene.url(1)}?done={scene.sentences[4]}"
    gold = scene.gold(5)
    assert gold is not None
    assert (gold.is_quote, gold.is_opinion, gold.is_claim, gold.opinion_voice) == (True, True, False, "author")
    assert (gold.loaded_language, gold.note, gold.guideline_rule) == (True, "Question 3.", "1.0, 3")
    assert gold.reviewer_id == scene.lead.reviewer.id
    assert "Sentence 5: Quote and opinion" in scene.lead.get(answer.headers["location"]).text


def test_after_the_last_dispute_the_queue_says_that_all_are_decided(scene: Scene) -> None:
    for number in (5, 1):
        scene.send(number, labels=("claim",))
    answer = scene.send(2, labels=("quote",))
    assert answer.headers["location"] == f"/adjudication?done={scene.sentences[1]}"
    page = scene.lead.get(answer.headers["location"]).text
    assert "All 3 disputes are decided" in page
    assert "Sentence 2: Quote" in page


def test_scope_and_names_travel_along(scene: Scene) -> None:
    answer = scene.send(5, labels=("claim",), article=scene.article, names="1")
    assert answer.headers["location"] == (f"{scene.url(1)}?article={scene.article}&names=1&done={scene.sentences[4]}")


def test_label_buttons_switch_labels_and_store_nothing(scene: Scene) -> None:
    page = scene.lead.post(scene.url(1), {**scene.form(1), "press": "quote", "reason": "so far"})
    assert page.status_code == 200
    assert pressed(page.text) == ["quote"]
    assert "so far" in page.text
    form = fields_of(page.text, scene.url(1))
    page = scene.lead.post(scene.url(1), {**form, "label": ["quote"], "press": "opinion"})
    assert sorted(pressed(page.text)) == ["opinion", "quote"]
    page = scene.lead.post(scene.url(1), {**form, "label": ["quote", "opinion"], "press": "quote"})
    assert pressed(page.text) == ["opinion"]
    page = scene.lead.post(scene.url(1), {**form, "label": ["quote", "opinion"], "press": "none"})
    assert pressed(page.text) == ["none"]
    assert 'name="none_reason"' in page.text
    page = scene.lead.post(scene.url(1), {**form, "label": ["none"], "press": "claim"})
    assert pressed(page.text) == ["claim"]
    assert scene.gold(1) is None


def test_names_button_keeps_what_was_typed(scene: Scene) -> None:
    page = scene.lead.post(scene.url(1), {**scene.form(1), "press": "names", "reason": "half a sent"}).text
    assert "Ada" in page
    assert "half a sent" in page


def test_none_is_decided_with_its_reason(scene: Scene) -> None:
    scene.send(1, labels=("none",), none_reason="heading")
    gold = scene.gold(1)
    assert gold is not None
    assert (gold.status, gold.none_reason) == ("complete", "heading")


def test_taking_an_answer_fills_the_form_and_saving_copies_its_rows(scene: Scene) -> None:
    ada = scene.people["Ada"]
    with scene.database.write() as session:
        found = stored.for_decision(session, scene.sentences[1], lock=True)
        assert found is not None
        annotation = next(a for a, who in stored.answers(session, found[0].id) if who.uid == ada.uid)
        f.make_attribution(session, annotation)
        f.make_claim(session, annotation, text_normalized="The pier is unsafe.")
        f.keep(session, annotation)
    page = scene.lead.post(scene.url(2), {**scene.form(2), "press": f"take:{ada.uid}"}).text
    assert sorted(pressed(page)) == ["claim", "quote"]
    form = fields_of(page, scene.url(2))
    assert (form["take_attributions"], form["take_claims"], form["voice_claim"]) == (ada.uid, ada.uid, "attributed")
    answer = scene.lead.post(scene.url(2), {**form, "label": ["claim", "quote"]})
    assert answer.status_code == 303
    gold = scene.gold(2)
    assert gold is not None
    assert (gold.last_attribution_seq, gold.last_claim_seq) == (1, 1)
    again = fields_of(scene.lead.get(scene.url(2)).text, scene.url(2))
    assert (again["take_attributions"], again["take_claims"]) == ("keep", "keep")


def test_case_can_be_left_open(scene: Scene) -> None:
    answer = scene.send(5, open="1")
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, scene.url(1))
    assert scene.gold(5) is None


@pytest.mark.parametrize(
    ("labels", "fields", "words"),
    [
        ((), {}, "Choose at least one label"),
        (("claim", "none"), {}, "None excludes the other labels"),
        (("nonsense",), {}, "is not a label"),
        (("claim",), {"voice_claim": "nobody"}, "is not one of"),
        (("quote",), {"take_claims": "rev_0000000000000000"}, "Claim details belong"),
    ],
)
def test_decision_that_cannot_be_comes_back_with_what_was_typed(
    scene: Scene, labels: tuple[str, ...], fields: dict[str, str], words: str
) -> None:
    answer = scene.send(1, labels=labels, reason="kept reason", **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert words in unescape(answer.text)
    assert "kept reason" in answer.text
    assert scene.gold(1) is None


def test_stale_form_is_answered_409_and_keeps_what_was_typed(scene: Scene) -> None:
    form = scene.form(1)
    scene.send(1, labels=("claim",))
    answer = scene.lead.post(scene.url(1), {**form, "label": ["quote"], "reason": "kept reason"})
    assert answer.status_code == 409
    assert "decided in another window" in answer.text
    assert "kept reason" in answer.text
    assert fields_of(answer.text, scene.url(1))["revision"] == "1"
    gold = scene.gold(1)
    assert gold is not None
    assert (gold.is_claim, gold.is_quote, gold.revision) == (True, False, 1)


def test_repeated_request_is_answered_alike_and_stores_nothing_twice(scene: Scene) -> None:
    form = {**scene.form(1), "label": ["claim"], "request": "once"}
    first, second = scene.lead.post(scene.url(1), form), scene.lead.post(scene.url(1), form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    gold = scene.gold(1)
    assert gold is not None
    assert gold.revision == 1


def test_undo_takes_the_last_decision_back(scene: Scene) -> None:
    location = scene.send(5, labels=("claim",), reason="first thought").headers["location"]
    form = fields_of(scene.lead.get(location).text, f"{scene.url(5)}/undo")
    answer = scene.lead.post(f"{scene.url(5)}/undo", form)
    assert (answer.status_code, answer.headers["location"]) == (303, scene.url(5))
    page = scene.lead.get(scene.url(5)).text
    assert "no longer stands" in page
    assert "first thought" in page
    assert "3 of 3 disputes to decide" in scene.lead.get("/adjudication").text


def test_form_without_its_token_is_refused(scene: Scene) -> None:
    answer = scene.lead.post(scene.url(1), {**scene.form(1), "label": "claim", "token": "stolen"})
    assert answer.status_code == 403
    assert scene.gold(1) is None


def test_unanimous_sentences_are_accepted_in_one_confirmed_step(scene: Scene) -> None:
    page = scene.lead.get(f"/adjudication?article={scene.article}").text
    assert "Accept 2 as gold" in page
    form = fields_of(page, "/adjudication/unanimous")
    answer = scene.lead.post("/adjudication/unanimous", form)
    assert answer.headers["location"] == f"/adjudication?article={scene.article}&accepted=2"
    page = scene.lead.get(answer.headers["location"]).text
    assert "2 sentences accepted as gold" in page
    assert "Accept" not in page
    gold = scene.gold(3)
    assert gold is not None
    assert gold.method == "unanimous"
    assert scene.gold(4) is None or scene.gold(4).method == "unanimous"  # type: ignore[union-attr]


def test_case_reopened_by_a_reviewer_says_so(scene: Scene) -> None:
    scene.send(2, labels=("quote",))
    with scene.database.write() as session:
        actor = Actor(scene.people["Ada"].id)
        annotations.save(session, actor, scene.sentences[1], Change(labels=("opinion",)), revision=1)
    assert "Reopened" in scene.lead.get("/adjudication").text
    assert "no longer stands" in scene.lead.get(scene.url(2)).text


def test_last_rule_is_one_button_away(scene: Scene) -> None:
    assert 'value="rule"' not in scene.lead.get(scene.url(1)).text
    scene.send(5, labels=("opinion",), rule="deletion test")
    page = scene.lead.post(scene.url(1), {**scene.form(1), "press": "rule"}).text
    assert fields_of(page, scene.url(1))["rule"] == "deletion test"


def test_keys_of_the_design_are_on_the_page(scene: Scene) -> None:
    scene.send(5, labels=("opinion",), rule="deletion test")
    page = scene.lead.get(f"{scene.url(1)}?done={scene.sentences[4]}").text
    keys = set(re.findall(r'data-key="([^"]+)"', page))
    assert keys >= {"1", "2", "3", "4", "5", "j", "k", "b", "n", "r", "z", "?", "Enter", "A", "B", "C"}
    assert " style=" not in page


def test_first_button_of_the_form_saves(scene: Scene) -> None:
    """Enter in a text field presses it."""
    page = scene.lead.get(scene.url(1)).text
    form = page[page.index('id="label-form"') :]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert "name=" not in first[0]


def test_text_of_people_is_escaped(scene: Scene) -> None:
    with scene.database.write() as session:
        actor = Actor(scene.people["Ben"].id)
        annotations.save(session, actor, scene.sentences[0], Change(note="<b>note</b>"), revision=1)
    assert "<b>note" not in scene.lead.get(scene.url(1)).text
    answer = scene.send(1, reason="</textarea><b>reason", rule='"><b>rule')
    assert answer.status_code == 422
    assert "<b>reason" not in answer.text
    assert "<b>rule" not in answer.text


def test_sentence_that_nobody_disputes_can_be_decided_too(scene: Scene) -> None:
    page = scene.lead.get(scene.url(3)).text
    assert "not disputed" in page
    assert scene.send(3, labels=("claim", "opinion")).status_code == 303
    assert scene.gold(3) is not None
