"""Deciding disputes in the browser with script off: the queue, a case, its buttons, saving, undo; leads only."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from annotator.domain.adjudication import blind_id
from annotator.domain.changes import Change
from annotator.services import annotations
from annotator.services.history import Actor
from annotator.web import pages
from annotator.web.adjudication import AT_ONCE
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
    assert (gold.loaded_language, gold.note, gold.guideline_rule) == (True, "Question 3.", "Question 3")
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
    form = {**fields_of(page.text, scene.url(1)), "label": ["quote"]}
    page = scene.lead.post(scene.url(1), {**form, "press": "opinion"})
    assert pressed(page.text) == ["opinion"]  # as on the annotate page: exactly this label
    page = scene.lead.post(scene.url(1), {**form, "press": "opinion", "mode": "toggle"})
    assert sorted(pressed(page.text)) == ["opinion", "quote"]
    page = scene.lead.post(scene.url(1), {**form, "label": ["quote", "opinion"], "press": "quote", "mode": "toggle"})
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
    blind = blind_id(scene.sentences[1], ada.uid)
    page = scene.lead.post(scene.url(2), {**scene.form(2), "press": f"take:{blind}"}).text
    assert sorted(pressed(page)) == ["claim", "quote"]
    form = fields_of(page, scene.url(2))
    assert (form["take_attributions"], form["take_claims"], form["voice_claim"]) == (blind, blind, "attributed")
    answer = scene.lead.post(scene.url(2), {**form, "label": ["claim", "quote"]})
    assert answer.status_code == 303
    gold = scene.gold(2)
    assert gold is not None
    assert (gold.last_attribution_seq, gold.last_claim_seq) == (1, 1)
    again = fields_of(scene.lead.get(scene.url(2)).text, scene.url(2))
    assert (again["take_attributions"], again["take_claims"]) == ("keep", "keep")


def give(scene: Scene, number: int, name: str, **claim: Any) -> str:
    """An attribution, and a claim with evidence where it is one, for somebody's answer; returns their blind id."""
    who = scene.people[name]
    with scene.database.write() as session:
        found = stored.for_decision(session, scene.sentences[number - 1], lock=True)
        assert found is not None
        annotation = next(a for a, person in stored.answers(session, found[0].id) if person.uid == who.uid)
        f.make_attribution(session, annotation, type="indirect")
        if claim:
            made = f.make_claim(session, annotation, **claim)
            source = f.make_source(session, "Log of the pier")
            f.make_evidence(session, made, source, stance="refutes", excerpt="pile <4>", locator="p. 3")
        f.keep(session, annotation)
    return blind_id(scene.sentences[number - 1], who.uid)


def test_attributions_and_claims_are_taken_each_by_a_key_of_their_own(scene: Scene) -> None:
    ada, ben = give(scene, 2, "Ada", text_normalized="The pier is unsafe."), give(scene, 2, "Ben")
    page = scene.lead.get(scene.url(2)).text
    assert "refutes · Log of the pier · p. 3 · “pile &lt;4&gt;”" in page
    keys = {
        kind: dict(re.findall(rf'value="{kind}:(\w+)"[^>]*data-key="(\w)"', page))
        for kind in ("attributions", "claims")
    }
    assert keys["attributions"].keys() == {ada, ben}
    assert keys["claims"].keys() == {ada}
    column = "qwetyu".index(keys["attributions"][ada])
    assert keys["claims"][ada] == "asdfgh"[column]
    form = {**fields_of(page, scene.url(2)), "label": ["quote"]}
    page = scene.lead.post(scene.url(2), {**form, "press": f"attributions:{ben}"}).text
    assert pressed(page) == ["quote"]
    assert fields_of(page, scene.url(2))["take_attributions"] == ben
    again = scene.lead.post(scene.url(2), {**form, "take_attributions": ben, "press": f"attributions:{ben}"}).text
    assert fields_of(again, scene.url(2))["take_attributions"] == ""
    page = scene.lead.post(scene.url(2), {**form, "take_attributions": ben, "press": f"claims:{ada}"}).text
    form = fields_of(page, scene.url(2))
    assert (form["take_attributions"], form["take_claims"], form["voice_claim"]) == (ben, ada, "attributed")
    assert pressed(page) == ["claim", "quote"]  # claim details belong to a claim
    assert scene.lead.post(scene.url(2), {**form, "label": ["claim", "quote"]}).status_code == 303
    gold = scene.gold(2)
    assert gold is not None
    assert (gold.last_attribution_seq, gold.last_claim_seq) == (1, 1)


def test_a_blind_page_has_no_sign_of_a_reviewer_in_its_source(scene: Scene) -> None:
    for number in (1, 2, 5):
        give(scene, number, "Ada")
        page = scene.lead.get(scene.url(number)).text
        assert not any(sign in page for who in scene.people.values() for sign in (who.uid, who.name))


def test_the_order_of_reviewers_is_another_in_each_case_and_stays(scene: Scene) -> None:
    def order(number: int) -> list[str]:
        page = scene.lead.get(scene.url(number) + "?names=1").text
        return re.findall("Ada|Ben|Cleo", page[page.index('class="card sides"') : page.index("</ul>")])

    first = [order(number) for number in range(1, 6)]
    assert len({tuple(names) for names in first}) > 1
    assert first == [order(number) for number in range(1, 6)]


def test_gold_keeps_what_it_went_against_and_says_what_changed(scene: Scene) -> None:
    with scene.database.write() as session:
        change = Change(note="It can be <b>checked</b>.")
        annotations.save(session, Actor(scene.people["Ada"].id), scene.sentences[1], change, revision=1)
    scene.send(2, labels=("opinion",))
    page = scene.lead.get(scene.url(2)).text
    kept = page[page.index("Kept with the decision") :]
    assert kept.count("not followed") == 3
    assert "It can be &lt;b&gt;checked&lt;/b&gt;." in kept
    assert f"Decided by {scene.lead.reviewer.name}" in page
    with scene.database.write() as session:
        annotations.save(
            session, Actor(scene.people["Ada"].id), scene.sentences[1], Change(labels=("none",)), revision=2
        )
    page = scene.lead.get(scene.url(2)).text
    assert "no longer stands" in page
    kept = page[page.index("Kept with the decision") :]
    assert "Changed since to: none" in kept
    assert "Quote and claim" in kept


def test_of_two_leads_the_second_learns_what_the_first_decided(scene: Scene, sign_in: SignIn) -> None:
    with scene.database.write() as session:
        other = f.make_lead(session, "Otto")
    form = scene.form(1)
    second = sign_in(other)
    assert second.post(scene.url(1), {**form, "token": second.token, "label": ["quote"]}).status_code == 303
    for ask in (scene.lead.post, scene.lead.htmx):
        answer = ask(scene.url(1), {**form, "label": ["claim"], "reason": "mine"})
        assert answer.status_code == 409
        assert "Otto made it Quote" in answer.text
        assert 'value="claim"' in answer.text[answer.text.index('name="label"') :][:40]


def test_a_button_on_a_stale_form_says_so_instead_of_making_it_fresh(scene: Scene) -> None:
    form = {**scene.form(1), "reason": "half a sent"}
    scene.send(1, labels=("quote",))
    page = scene.lead.post(scene.url(1), {**form, "press": "claim"})
    assert (page.status_code, pressed(page.text)) == (409, ["claim"])
    assert "Lena made it Quote" in page.text
    assert fields_of(page.text, scene.url(1))["revision"] == "1"
    assert "half a sent" in page.text


def test_htmx_gets_the_parts_that_a_button_can_change_and_is_led_on_after_saving(scene: Scene) -> None:
    form = scene.form(1)
    whole = scene.lead.post(scene.url(1), {**form, "press": "quote"}).text
    answer = scene.lead.htmx(scene.url(1), {**form, "press": "quote"})
    assert (answer.status_code, "<html" in answer.text) == (200, False)
    targets = re.findall(r'hx-target="#([\w-]+)"', answer.text)
    assert targets == ["held", "picks", "messages", "facts", "taking", "cite", "said"]
    for target in targets:
        assert f'id="{target}"' in whole
    assert 'value="quote" aria-pressed="true"' in answer.text
    assert 'name="reason"' not in answer.text  # what is being typed is never replaced
    named = scene.lead.htmx(scene.url(1), {**form, "press": "names"}).text
    assert 'hx-target="#steps"' in named  # the next case shows names too
    assert f"{scene.url(2)}?names=1" in named
    saved = scene.lead.htmx(scene.url(1), {**form, "label": ["quote"]})
    assert (saved.status_code, saved.headers["vary"], saved.text) == (200, pages.VARY, "")
    assert saved.headers["hx-redirect"].startswith("/adjudication/sen_")
    refused = scene.lead.htmx(scene.url(5), {**scene.form(5), "label": []})
    assert (refused.status_code, "Choose at least one label" in refused.text) == (422, True)


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
    listed = page[page.index('id="agreed"') :]
    assert "Two ferries a day used it until May." in listed
    assert "The pier is unsafe" not in listed
    assert "See which" in scene.lead.get("/adjudication").text
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


def test_acceptance_that_fails_on_the_way_says_how_many_it_stored_and_goes_on_when_sent_again(
    scene: Scene, database: Database
) -> None:
    with database.write() as session:
        text = "\n\n".join(f"Ferry number {n} leaves at noon." for n in range(2 * AT_ONCE + 5))
        article = fill(
            session, {"Ada": ["c"] * (2 * AT_ONCE + 5), "Ben": ["c"] * (2 * AT_ONCE + 5)}, f.make_article(session, text)
        )
        refused = f.sentences_of(session, article)[AT_ONCE + 3].id
        session.connection().exec_driver_sql(
            f"CREATE TRIGGER full BEFORE INSERT ON annotation WHEN NEW.role = 'gold' AND NEW.sentence_id = {refused} "
            "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
    form = fields_of(scene.lead.get(f"/adjudication?article={article.uid}").text, "/adjudication/unanimous")
    answer = scene.lead.post("/adjudication/unanimous", form)
    assert answer.headers["location"] == f"/adjudication?article={article.uid}&accepted={AT_ONCE}"
    page = scene.lead.get(answer.headers["location"]).text
    assert f"{AT_ONCE} sentences accepted as gold" in page
    assert f"Accept {AT_ONCE + 5} as gold" in page
    with database.write() as session:
        session.connection().exec_driver_sql("DROP TRIGGER full")
    for _ in range(2):
        again = scene.lead.post("/adjudication/unanimous", form)
        assert again.headers["location"].endswith(f"accepted={2 * AT_ONCE + 5}")


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
