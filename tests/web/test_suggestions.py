"""The suggestion in the card: never before the own label, accepted or dismissed by plain forms and by htmx."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from annotator.services import projects
from db.models import Annotation, Attribution, Sentence, Speaker
from tests import factories
from tests.web.conftest import Person, Reading, SignIn, fields_of, forms_of, in_hand
from tests.web.test_articles import packed

SAID = {"speaker": "Ida Holm", "cue": "said", "content": "“The pier is unsafe,”"}
DISMISS = "/attributions/suggestion/dismiss"


@pytest.fixture
def reading(reading: Reading) -> Reading:
    """Sentence 2 has a suggested attribution and a suggested claim."""
    store(reading, 2, SAID, claim=0.8, quote=0.9)
    return reading


def store(reading: Reading, n: int, *said: dict[str, Any], **labels: Any) -> None:
    with reading.database.write() as session:
        sentence = session.exec(select(Sentence).where(Sentence.uid == reading.sentences[n - 1])).one()
        factories.make_suggestion(session, sentence, *said, **labels)


def box(html: str) -> dict[str, str] | None:
    """The fields of the suggestion on a page; None where there is none."""
    found = re.search(r'<form class="sugg".*?</form>', html, re.DOTALL)
    return dict(forms_of(found[0])[0]["fields"]) if found else None


def asked(reading: Reading, n: int = 2) -> dict[str, str]:
    found = box(reading.page(n))
    assert found
    return found


def origin(reading: Reading) -> str:
    with reading.database.read() as session:
        return session.exec(select(Annotation.origin)).one()


def test_nothing_is_suggested_before_the_own_label(reading: Reading, sign_in: SignIn) -> None:
    sign_in(reading.other).post(
        "/annotations", {"sentence": reading.sentences[1], "revision": "0", "label": "quote", "request": "o"}
    )
    html = reading.page(2)
    assert box(html) is None
    assert "suggested" not in html.replace("Nothing is suggested before your label", "")
    reading.label(2, "quote")
    html = reading.page(2)
    assert '<span class="val" id="val-attribution">suggested, not saved</span>' in html
    assert "<p><b>Ida Holm</b> · said · direct</p><q>“The pier is unsafe,”</q>" in html
    assert '<span class="small soft push">reporting verb said</span>' in html
    assert 'data-key="Enter"' in html


@pytest.mark.parametrize("labels", [["unsure"], ["none"], ["opinion"]])
def test_any_own_answer_opens_the_suggestion(reading: Reading, labels: list[str]) -> None:
    reading.label(2, *labels)
    assert asked(reading)["content"] == "“The pier is unsafe,”"


def test_a_draft_shows_nothing(reading: Reading) -> None:
    reading.label(2, "quote")
    reading.label(2, "quote", mode="toggle")
    assert box(reading.page(2)) is None


def test_accepting_by_the_plain_form_saves_and_says_where_it_came_from(reading: Reading) -> None:
    reading.label(2, "quote")
    answer = reading.person.post("/attributions", asked(reading))
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?s=2#s-2")
    html = reading.page(2)
    assert '<span class="by"><span>Ida Holm · said · direct</span></span>' in html
    assert origin(reading) == "suggestion_accepted"
    after = box(html)
    assert after is not None
    assert (after["label"], after["mode"]) == ("claim", "toggle")
    assert "<p><b>Also a claim?</b></p>" in html
    assert reading.person.post("/annotations", after).status_code == 303
    assert 'id="val-attribution">Ida Holm · said · direct</span>' in reading.page(2)
    assert box(reading.page(2)) is None
    assert origin(reading) == "suggestion_accepted"


def test_htmx_gets_the_next_suggestion_in_its_place_and_no_part_opens(reading: Reading) -> None:
    reading.label(2, "quote")
    answer = reading.person.htmx("/attributions", asked(reading))
    assert answer.status_code == 200
    assert in_hand(answer.text) == 2
    assert 'hx-target="#offer"' in answer.text
    after = box(answer.text)
    assert after
    assert after["label"] == "claim"
    assert 'hx-target="#people"' not in answer.text
    assert packed(answer.content) < 6


def test_the_answer_to_a_label_that_stays_brings_the_suggestion_in_six_kilobytes(reading: Reading) -> None:
    fields = fields_of(reading.page(2), "/annotations")
    answer = reading.person.htmx("/annotations", {**fields, "label": "quote", "mode": "toggle"})
    assert box(answer.text)
    assert packed(answer.content) < 6


@pytest.mark.parametrize("shape", ["post", "htmx"])
def test_dismissed_suggestions_are_gone_for_good(reading: Reading, shape: str) -> None:
    reading.label(2, "quote")
    for what in ("content", "label"):
        fields = asked(reading)
        assert what in fields
        for _ in range(2):  # the second time it is the same request
            assert getattr(reading.person, shape)(DISMISS, fields).status_code in (200, 303)
    assert box(reading.page(2)) is None
    reading.label(2, "claim", mode="toggle")
    reading.label(2, "claim", mode="toggle")
    assert box(reading.page(2)) is None
    assert origin(reading) == "human"
    with reading.database.read() as session:
        assert session.exec(select(Attribution.id)).all() == []


def test_another_reviewer_answers_for_themselves(reading: Reading, sign_in: SignIn) -> None:
    reading.label(2, "quote")
    reading.person.post(DISMISS, asked(reading))
    ben: Person = sign_in(reading.other)
    fields = fields_of(ben.get(f"{reading.url}?s=2").text, "/annotations")
    ben.post("/annotations", {**fields, "label": "quote"})
    shown = box(ben.get(f"{reading.url}?s=2").text)
    assert shown
    assert shown["content"] == "“The pier is unsafe,”"


def test_what_was_not_shown_cannot_be_answered(reading: Reading, sign_in: SignIn) -> None:
    reading.label(2, "quote")
    fields = asked(reading)
    ben: Person = sign_in(reading.other)
    with reading.database.write() as session:
        outsider = factories.make_reviewer(session, "Otto")
    for person in (ben, sign_in(outsider)):
        theirs = {**fields, "token": person.token, "revision": "0"}
        assert person.post(DISMISS, theirs).status_code == 404
        assert person.post("/attributions", theirs).status_code == 404
    assert reading.person.post(DISMISS, {**fields, "suggestion": "999-a0"}).status_code == 404
    assert reading.person.post(DISMISS, {**fields, "token": "wrong"}).status_code == 403


@pytest.mark.parametrize("options", ['{"suggestions_hidden_share": 1}', '{"suggestions": false}'])
def test_hidden_share_and_projects_without_suggestions_show_none(reading: Reading, options: str) -> None:
    reading.label(2, "quote")
    fields = asked(reading)
    with reading.database.write() as session:
        projects.get(session).options = options
    assert box(reading.page(2)) is None
    for path in (DISMISS, "/attributions"):
        assert reading.person.post(path, fields).status_code == 404


def test_the_form_below_starts_with_the_suggestion_and_may_mend_it(reading: Reading) -> None:
    reading.label(2, "quote")
    form = fields_of(reading.page(2), "/attributions")
    assert (form["speaker"], form["cue"], form["content"]) == ("Ida Holm", "said", "“The pier is unsafe,”")
    assert "accept" not in form
    assert reading.person.post("/attributions", {**form, "speaker": "the harbour master"}).status_code == 303
    assert origin(reading) == "suggestion_accepted"
    assert "the harbour master · said · direct" in reading.page(2)


def test_second_hand_suggestion_names_the_one_that_reports_it(reading: Reading) -> None:
    inner = {"content": "unsafe", "naming": "anonymous", "parent": "a0"}
    with reading.database.write() as session:
        sentence = session.exec(select(Sentence).where(Sentence.uid == reading.sentences[1])).one()
        factories.make_suggestion(session, sentence, SAID, inner, version="2")
    reading.label(2, "quote")
    assert asked(reading)["parent"] == ""
    reading.person.post("/attributions", asked(reading))
    assert "<p><b>Anonymous</b> · direct</p><q>unsafe</q>" in reading.page(2)
    reading.person.post("/attributions", asked(reading))
    with reading.database.read() as session:
        assert session.exec(select(Attribution.parent_id).where(Attribution.seq == 2)).one() is not None


def test_a_pronoun_is_taken_for_the_speaker_who_reports_it(reading: Reading) -> None:
    text = "Ida Holm said that she had told the council to close the pier."  # fiction
    outer = {"speaker": "Ida Holm", "cue": "said", "content": "that she had told the council to close the pier"}
    inner = {"speaker": "she", "cue": "had told", "content": "to close the pier", "parent": "a0"}
    with reading.database.write() as session:
        article = factories.make_article(session, text)
        factories.assign(session, article, reading.person.reviewer)
        sentence = factories.sentences_of(session, article)[0]
        factories.make_suggestion(session, sentence, outer, inner)
        factories.annotate(session, sentence, reading.person.reviewer, ["quote"])
    for name in ("", "Ida Holm"):
        fields = box(reading.person.get(f"/articles/{article.uid}?s=1").text)
        assert fields
        assert fields["speaker_name"] == name
        assert reading.person.post("/attributions", fields).status_code == 303
    with reading.database.read() as session:
        assert session.exec(select(Speaker.name)).all() == ["Ida Holm"]


@pytest.mark.parametrize("mention", ["She", "The mayor"])
def test_a_pronoun_or_a_role_stands_for_the_one_named_before(reading: Reading, mention: str) -> None:
    text = f"Ida Holm closed the pier.\n\n{mention} said the planks were rotten."  # fiction
    said = {"speaker": mention, "cue": "said", "content": "the planks were rotten", "antecedent": "Ida Holm"}
    with reading.database.write() as session:
        article = factories.make_article(session, text)
        factories.assign(session, article, reading.person.reviewer)
        sentence = factories.sentences_of(session, article)[1]
        factories.make_suggestion(session, sentence, said)
        factories.annotate(session, sentence, reading.person.reviewer, ["quote"])
    page = reading.person.get(f"/articles/{article.uid}?s=2").text
    fields = box(page)
    assert fields
    assert (fields["speaker"], fields["speaker_name"]) == (mention, "Ida Holm")
    assert reading.person.post("/attributions", fields).status_code == 303
    with reading.database.read() as session:
        assert session.exec(select(Speaker.name)).all() == ["Ida Holm"]
        assert session.exec(select(Annotation.origin)).one() == "suggestion_accepted"


def test_a_stale_acceptance_is_a_conflict_that_can_be_sent_again(reading: Reading) -> None:
    reading.label(2, "quote")
    fields = asked(reading)
    reading.label(2, "opinion", mode="toggle")
    answer = reading.person.htmx("/attributions", {**fields, "request": "other"})
    assert answer.status_code == 409
    again = fields_of(answer.text, "/attributions")
    assert again["suggestion"] == fields["suggestion"]
    assert reading.person.post("/attributions", again).status_code == 303
    assert origin(reading) == "suggestion_accepted"


def test_finished_and_visited_articles_show_no_suggestion(reading: Reading, sign_in: SignIn) -> None:
    for n in range(1, 6):
        reading.label(n, "quote")
    fields = asked(reading)
    reading.person.post(f"{reading.url}/finish")
    assert box(reading.page(2)) is None
    assert reading.person.post(DISMISS, fields).status_code == 423
    with reading.database.write() as session:
        lena = factories.make_lead(session, "Lena")
    lead = sign_in(lena)
    assert box(lead.get(f"{reading.url}?s=2").text) is None


@contextmanager
def counted(reading: Reading) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    engine = reading.database.reader
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_the_page_asks_one_question_about_suggestions_however_many_there_are(reading: Reading) -> None:
    reading.label(2, "quote")
    for n in (1, 3, 4, 5):
        store(reading, n, claim=0.9)
    with counted(reading) as statements:
        reading.page(2)
    assert sum("FROM suggestion" in statement for statement in statements) == 1


def test_words_of_a_suggestion_are_text(reading: Reading) -> None:
    with reading.database.write() as session:
        article = factories.make_article(session, "<b>Ida</b> & Co said “no <i>boats</i>” today.")
        factories.assign(session, article, reading.person.reviewer)
        sentence = factories.sentences_of(session, article)[0]
        factories.make_suggestion(session, sentence, {"speaker": "<b>Ida</b> & Co", "content": "“no <i>boats</i>”"})
        factories.annotate(session, sentence, reading.person.reviewer, ["quote"])
    html = reading.person.get(f"/articles/{article.uid}?s=1").text
    assert "<q>“no &lt;i&gt;boats&lt;/i&gt;”</q>" in html
    found = box(html)
    assert found
    assert found["speaker"] == "<b>Ida</b> & Co"
    assert reading.person.post("/attributions", found).status_code == 303
