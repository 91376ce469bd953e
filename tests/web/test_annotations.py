"""Labels, voices, ticks and notes: with and without htmx, refused, repeated, in two windows."""

from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from db.models import Annotation, AnnotationRevision, Event, Sentence
from tests import factories
from tests.web.conftest import Reading, fields_of, forms_of, in_hand


def stored(reading: Reading, n: int) -> Annotation | None:
    with reading.database.read() as session:
        mine = (Sentence.uid == reading.sentences[n - 1], Annotation.reviewer_id == reading.person.reviewer.id)
        statement = select(Annotation).join(Sentence, col(Sentence.id) == Annotation.sentence_id).where(*mine)
        return session.exec(statement).first()


def labels(reading: Reading, n: int) -> Sequence[str]:
    found = stored(reading, n)
    assert found is not None
    return [name for name in ("claim", "quote", "opinion") if getattr(found, f"is_{name}")]


def revisions(reading: Reading) -> int:
    with reading.database.read() as session:
        return len(session.exec(select(AnnotationRevision.id)).all())


def test_a_label_saves_and_goes_on(reading: Reading) -> None:
    answer = reading.label(2, "quote")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{reading.url}?s=3#s-3"
    assert labels(reading, 2) == ["quote"]


def test_htmx_gets_the_old_and_the_new_row(reading: Reading) -> None:
    fields = fields_of(reading.page(2), "/annotations")
    answer = reading.person.htmx("/annotations", {**fields, "label": "quote"})
    assert answer.status_code == 200
    assert in_hand(answer.text) == 3
    for target in ("s-2", "s-3", "r-2", "r-3", "ct", "hand", "picks", "facts", "count", "toast", "messages"):
        assert f'hx-target="#{target}"' in answer.text
    assert 'id="label-form"' not in answer.text  # it is never replaced
    assert "Sentence 2 saved as Quote" in answer.text
    assert 'aria-valuenow="1"' in answer.text


@pytest.mark.parametrize("value", ["claim", "quote", "opinion", "none", "unsure"])
def test_each_button_shows_as_pressed(reading: Reading, value: str) -> None:
    reading.label(2, value)
    html = reading.page(2)
    pressed = html.split('aria-pressed="true"')
    assert len(pressed) == 2
    assert (
        pressed[0].endswith(f'value="{value}" data-key="{pressed[0][-len("x") :]}')
        or f'value="{value}"' in pressed[0][-120:]
    )


def test_toggling_adds_removes_and_stays(reading: Reading) -> None:
    reading.label(2, "quote")
    answer = reading.label(2, "claim", mode="toggle")
    assert answer.headers["location"].endswith("?s=2#s-2")
    assert labels(reading, 2) == ["claim", "quote"]
    html = reading.page(2)
    assert '<span class="mark is-quote" aria-hidden="true">Q<i class="is-claim">C</i></span>' in html
    assert "2, Quote and claim: " in html
    reading.label(2, "quote", mode="toggle")
    reading.label(2, "claim", mode="toggle")
    assert labels(reading, 2) == []
    assert "not labelled yet" in reading.page(2)


def test_a_key_with_shift_presses_a_button_that_adds_or_removes_its_label(reading: Reading) -> None:
    html = reading.page(2)
    assert '<button hidden id="also-2" name="toggle" value="quote" data-key="22"></button>' in html
    for also, wanted in (("quote", ["quote"]), ("claim", ["claim", "quote"]), ("claim", ["quote"])):
        form = fields_of(reading.page(2), "/annotations")
        answer = reading.person.post("/annotations", {**form, "toggle": also})
        assert answer.headers["location"].endswith("?s=2#s-2")
        assert labels(reading, 2) == wanted
    old = fields_of(reading.page(2), "/annotations")
    reading.label(2, "opinion")
    refused = reading.person.htmx("/annotations", {**old, "toggle": "claim", "request": "y"})
    assert refused.status_code == 409
    assert "Use Quote and claim" in refused.text
    assert 'name="toggle"' not in refused.text


def test_voice_reason_and_ticks_save_and_stay(reading: Reading) -> None:
    reading.label(2, "quote")
    reading.label(2, "claim", mode="toggle")
    facts = fields_of(reading.page(2), "/annotations", stay="1")
    assert facts["voice_claim"] == "attributed"
    assert facts["loaded_language"] == "0"
    assert facts["confidence"] == ""
    answer = reading.person.post(
        "/annotations", {**facts, "voice_claim": "both", "loaded_language": ["0", "1"], "confidence": ["", "low"]}
    )
    assert answer.headers["location"].endswith("?s=2#s-2")
    found = stored(reading, 2)
    assert found
    assert (found.claim_voice, found.loaded_language, found.confidence) == ("both", True, "low")
    html = reading.page(2)
    assert "<u>low</u>" in html
    assert "2, Quote and claim, low confidence: " in html
    off = fields_of(html, "/annotations", stay="1")
    reading.person.post("/annotations", {**off, "loaded_language": "0", "confidence": ""})
    found = stored(reading, 2)
    assert found
    assert (found.claim_voice, found.loaded_language, found.confidence) == ("both", False, None)
    reading.label(5, "none")
    facts = fields_of(reading.page(5), "/annotations", stay="1")
    assert facts["none_reason"] == "question"
    reading.person.post("/annotations", {**facts, "none_reason": "fragment"})
    found = stored(reading, 5)
    assert found
    assert found.none_reason == "fragment"


def test_a_note_is_kept_word_for_word(reading: Reading) -> None:
    reading.label(2, "quote")
    note = fields_of(reading.page(2), "/annotations", note="")
    words = "</textarea><script>alert(1)</script>\n👨🏻‍🚒 אב"
    answer = reading.person.htmx("/annotations", {**note, "note": words})
    assert answer.status_code == 200
    found = stored(reading, 2)
    assert found
    assert found.note == words
    assert "<script>alert" not in answer.text
    assert fields_of(reading.page(2).replace("&lt;", "<"), "/annotations", stay="1")["stay"] == "1"
    assert "&lt;/textarea&gt;&lt;script&gt;" in reading.page(2)


def test_a_stale_revision_is_a_conflict_in_both_shapes(reading: Reading) -> None:
    old = fields_of(reading.page(2), "/annotations")
    reading.label(2, "claim")
    reading.label(1, "none")
    before = revisions(reading)
    plain = reading.person.post("/annotations", {**old, "label": "quote", "request": "another"})
    part = reading.person.htmx("/annotations", {**old, "label": "quote", "request": "a third"})
    for answer in (plain, part):
        assert answer.status_code == 409
        assert "<b>Changed in another window</b> to Claim at " in answer.text
        assert "Keep Claim" in answer.text
        assert "Use Quote" in answer.text
    assert in_hand(plain.text) == 2
    assert "<html" not in part.text
    assert 'hx-target="#messages"' in part.text
    assert revisions(reading) == before
    use = next(form for form in forms_of(part.text) if ("label", "quote") in form["fields"])
    assert reading.person.post(use["action"], dict(use["fields"])).status_code == 303
    assert labels(reading, 2) == ["quote"]


def test_a_conflict_offers_what_was_meant_and_not_a_second_toggle(reading: Reading) -> None:
    reading.label(2, "claim")
    old = fields_of(reading.page(2), "/annotations")
    reading.label(2, "quote")
    answer = reading.person.htmx("/annotations", {**old, "label": "quote", "mode": "toggle", "request": "x"})
    assert answer.status_code == 409
    assert "Use Quote and claim" in answer.text
    use = next(form for form in forms_of(answer.text) if any(name == "label" for name, _ in form["fields"]))
    chosen = [value for name, value in use["fields"] if name == "label"]
    assert sorted(chosen) == ["claim", "quote"]
    assert "mode" not in dict(use["fields"])
    reading.person.post(use["action"], {**dict(use["fields"]), "label": chosen})
    assert labels(reading, 2) == ["claim", "quote"]


def test_a_missing_revision_is_a_conflict(reading: Reading) -> None:
    fields = fields_of(reading.page(2), "/annotations")
    del fields["revision"]
    assert reading.person.post("/annotations", {**fields, "label": "quote"}).status_code == 409
    assert stored(reading, 2) is None


def test_a_note_that_met_a_conflict_can_be_saved_all_the_same(reading: Reading) -> None:
    reading.label(2, "quote")
    old = fields_of(reading.page(2), "/annotations", note="")
    reading.label(2, "claim")
    answer = reading.person.post("/annotations", {**old, "note": "typed for a long time", "request": "x"})
    assert answer.status_code == 409
    assert "Save mine" in answer.text
    again = next(form for form in forms_of(answer.text) if ("note", "typed for a long time") in form["fields"])
    assert reading.person.post(again["action"], dict(again["fields"])).status_code == 303
    found = stored(reading, 2)
    assert found
    assert found.note == "typed for a long time"
    assert found.is_claim


def test_a_request_that_comes_twice_is_answered_alike_and_stored_once(reading: Reading) -> None:
    fields = {**fields_of(reading.page(2), "/annotations"), "label": "quote"}
    answers = [reading.person.post("/annotations", fields) for _ in range(3)]
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, f"{reading.url}?s=3#s-3")}
    assert revisions(reading) == 1
    part = reading.person.htmx("/annotations", fields)
    assert part.status_code == 200
    assert in_hand(part.text) == 3
    assert revisions(reading) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"label": "truth"},
        {"label": "quote", "mode": "maybe"},
        {"voice_claim": "nobody"},
        {"none_reason": "boring"},
        {"confidence": "very"},
        {"label": "quote", "revision": "one"},
        {"note": "x" * 10_001},
    ],
)
def test_words_that_do_not_fit_are_refused_in_both_shapes(reading: Reading, wrong: dict[str, str]) -> None:
    fields = fields_of(reading.page(2), "/annotations")
    for send in (reading.person.post, reading.person.htmx):
        answer = send("/annotations", {**fields, **wrong})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert stored(reading, 2) is None


def test_a_refused_note_keeps_what_was_typed(reading: Reading) -> None:
    reading.label(2, "quote")
    note = fields_of(reading.page(2), "/annotations", note="")
    long = "very long " * 1001
    answer = reading.person.post("/annotations", {**note, "note": long})
    assert answer.status_code == 422
    assert long in answer.text
    assert 'aria-invalid="true" aria-describedby="note-no"' in answer.text


def test_a_forged_or_missing_form_token_is_refused(reading: Reading) -> None:
    fields = {**fields_of(reading.page(2), "/annotations"), "label": "quote"}
    for token in ("", "0" * 64):
        assert reading.person.post("/annotations", {**fields, "token": token}).status_code == 403
    assert stored(reading, 2) is None


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://elsewhere.example"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}],
)
def test_a_form_of_another_site_is_refused(reading: Reading, headers: dict[str, str]) -> None:
    fields = {**fields_of(reading.page(2), "/annotations"), "label": "quote"}
    assert reading.person.post("/annotations", fields, **headers).status_code == 403
    assert stored(reading, 2) is None


def test_a_sentence_of_an_article_that_is_not_assigned_answers_like_none(reading: Reading) -> None:
    with reading.database.write() as session:
        article = factories.make_article(session, "Somebody else reads this. Not you.")
        uid = factories.sentences_of(session, article)[0].uid
    fields = fields_of(reading.page(2), "/annotations")
    for sentence in (uid, "sen_0000000000000000", ""):
        answer = reading.person.post(
            "/annotations", {**fields, "sentence": sentence, "label": "quote", "revision": "0"}
        )
        assert answer.status_code == 404


def test_a_label_that_needs_review_is_confirmed_with_one_click(reading: Reading) -> None:
    reading.label(2, "quote")
    reading.label(2, "claim", mode="toggle")
    with reading.database.write() as session:
        annotation = session.exec(select(Annotation)).one()
        annotation.status = "needs_review"
        factories.keep(session, annotation)
    html = reading.page(2)
    assert "Confirm Quote and claim" in html
    assert "mark is-quote is-review" in html
    assert "2, Quote and claim, needs review: " in html
    confirm = next(
        form for form in forms_of(html) if form["action"] == "/annotations" and ("label", "claim") in form["fields"]
    )
    chosen = [value for name, value in confirm["fields"] if name == "label"]
    reading.person.post("/annotations", {**dict(confirm["fields"]), "label": chosen})
    found = stored(reading, 2)
    assert found
    assert (found.status, found.is_quote, found.is_claim) == ("complete", True, True)


def test_the_history_lists_changes_with_old_value_and_time(reading: Reading) -> None:
    reading.label(2, "claim")
    reading.label(2, "quote")
    facts = fields_of(reading.page(2), "/annotations", stay="1")
    reading.person.post("/annotations", {**facts, "confidence": ["", "low"]})
    html = reading.page(2)
    log = html[html.index('<ol class="log">') : html.index("</ol>")]
    assert [part.partition("</span>")[0] for part in log.split('<span class="soft">')[1:]] == [
        "low confidence",
        "was Claim",
        "first label",
    ]
    assert log.count("<time datetime=") == 3
    assert "3 changes" in html


def test_one_event_is_written_for_each_change(reading: Reading) -> None:
    reading.label(1, "claim")
    reading.label(2, "quote")
    with reading.database.read() as session:
        actions = session.exec(select(Event.action).where(Event.entity == "annotation")).all()
    assert actions == ["label", "label"]
