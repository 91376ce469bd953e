"""Claim details: made with the first save, kept while the label is away, refused with the typed words kept."""

from sqlmodel import col, select

from annotator.domain import ids
from db.models import Claim
from tests.web.conftest import Reading, SignIn, fields_of, forms_of


def action(html: str) -> str:
    return next(form["action"] for form in forms_of(html) if form["action"].startswith("/claims/"))


def claims(reading: Reading) -> list[Claim]:
    with reading.database.read() as session:
        return list(session.exec(select(Claim).order_by(col(Claim.id))).all())


def test_details_belong_to_a_sentence_that_is_labelled_a_claim(reading: Reading) -> None:
    reading.label(3, "opinion")
    html = reading.page(3)
    assert "/claims/" not in html
    assert "Label the sentence a claim first" in html
    fields = fields_of(html, "/annotations")
    annotation = ids.annotation_id(reading.sentences[2], reading.person.reviewer.uid)
    refused = reading.person.post(f"/claims/{ids.claim_id(annotation, 1)}", fields)
    assert refused.status_code == 422
    assert claims(reading) == []


def test_the_wording_starts_as_the_sentence_and_is_saved(reading: Reading) -> None:
    reading.label(3, "claim")
    html = reading.page(3)
    fields = fields_of(html, action(html))
    assert fields["text_normalized"] == "Two ferries a day used it until May."
    details = {"claim_type": "numerical", "check_worthiness": "check_worthy", "claim_date": "2019-05", "verdict": ""}
    answer = reading.person.post(action(html), {**fields, **details})
    assert answer.headers["location"].endswith("?s=3#s-3")
    found = claims(reading)[0]
    assert (found.claim_type, found.check_worthiness, found.claim_date, found.verdict) == (
        "numerical", "check_worthy", "2019-05", None,
    )  # fmt: skip
    assert "numerical · no source · open" in reading.page(3)


def test_htmx_gets_the_part_and_a_second_claim_can_be_added(reading: Reading) -> None:
    reading.label(3, "claim")
    html = reading.page(3)
    answer = reading.person.htmx(action(html), {**fields_of(html, action(html)), "verdict": "supported"})
    assert answer.status_code == 200
    assert 'hx-target="#in-claim"' in answer.text
    assert "Another claim in this sentence" in answer.text
    second = [form for form in forms_of(answer.text) if form["action"].startswith("/claims/")][1]
    fields = {**dict(second["fields"]), "text_normalized": "The ferries ran twice a day."}
    assert reading.person.post(second["action"], fields).status_code == 303
    assert [claim.text_normalized for claim in claims(reading)] == [
        "Two ferries a day used it until May.",
        "The ferries ran twice a day.",
    ]
    assert "2 claims" in reading.page(3)


def test_a_claim_comes_back_with_its_label(reading: Reading) -> None:
    reading.label(3, "claim")
    html = reading.page(3)
    reading.person.post(action(html), {**fields_of(html, action(html)), "claim_type": "numerical"})
    reading.label(3, "opinion")
    assert "numerical" not in reading.page(3).partition("part-claim")[2].partition("part-note")[0].replace(
        "<option", ""
    )
    reading.label(3, "claim")
    assert "numerical · no source · open" in reading.page(3)


def test_a_date_that_is_none_comes_back_with_all_that_was_typed(reading: Reading) -> None:
    reading.label(3, "claim")
    html = reading.page(3)
    wrong = {**fields_of(html, action(html)), "claim_date": "last <May>", "verdict_note": "typed"}
    for answer in (reading.person.post(action(html), wrong), reading.person.htmx(action(html), wrong)):
        assert answer.status_code == 422
        assert 'value="last &lt;May&gt;"' in answer.text
        assert 'value="typed"' in answer.text
        assert 'aria-invalid="true" aria-describedby="c0-no"' in answer.text
    assert claims(reading) == []


def test_a_stale_claim_is_a_conflict(reading: Reading) -> None:
    reading.label(3, "claim")
    html = reading.page(3)
    reading.label(3, "opinion", mode="toggle")
    answer = reading.person.htmx(action(html), {**fields_of(html, action(html)), "request": "x"})
    assert answer.status_code == 409
    assert claims(reading) == []


def test_another_reviewers_claim_answers_like_none(reading: Reading, sign_in: SignIn) -> None:
    reading.label(3, "claim")
    html = reading.page(3)
    reading.person.post(action(html), fields_of(html, action(html)))
    other = sign_in(reading.other)
    page = other.get(f"{reading.url}?s=3").text
    other.post("/annotations", {**fields_of(page, "/annotations"), "label": "claim"})
    fields = fields_of(other.get(f"{reading.url}?s=3").text, "/annotations")
    assert other.post(action(html), fields).status_code == 404
    assert len(claims(reading)) == 1
