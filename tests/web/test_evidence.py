"""Evidence: added with its source, edited, removed; addresses that are none are never links."""

from typing import Any

import pytest
from sqlmodel import col, select

from db.models import Evidence, Source
from tests.web.conftest import Reading, SignIn, fields_of, in_hand

PROOF = {
    "url": "https://example.org/minutes?utm_source=x", "title": "Minutes of the board", "stance": "supports",
    "excerpt": "The pier was closed in May", "locator": "p. 3", "publisher": "Harbour board", "issued": "2019-06",
    "accessed_on": "2020-01-02", "archived_url": "https://archive.example/1", "note": "read in full",
}  # fmt: skip


def add(reading: Reading, n: int = 3, **changes: str) -> Any:
    return reading.person.post("/evidence", {**fields_of(reading.page(n), "/evidence"), **PROOF, **changes})


def evidence(reading: Reading) -> list[Evidence]:
    with reading.database.read() as session:
        return list(session.exec(select(Evidence).order_by(col(Evidence.id))).all())


@pytest.fixture
def claimed(reading: Reading) -> Reading:
    reading.label(3, "claim")
    return reading


def test_evidence_makes_its_claim_and_shows_under_the_sentence(claimed: Reading) -> None:
    answer = add(claimed)
    assert answer.headers["location"].endswith("?s=3#s-3")
    html = claimed.page(3)
    assert '<span class="by"><span>1 source · supports</span></span>' in html
    assert (
        '<a href="https://example.org/minutes?utm_source=x" target="_blank" rel="noopener noreferrer nofollow">' in html
    )
    assert "“The pier was closed in May”" in html
    assert "Harbour board · p. 3 · seen 2020-01-02" in html
    assert "type not set · 1 source · open" in html
    found = evidence(claimed)[0]
    assert (found.stance, found.locator, found.note) == ("supports", "p. 3", "read in full")


def test_a_source_used_before_is_found_by_its_title(claimed: Reading) -> None:
    add(claimed)
    html = claimed.page(3)
    assert '<option value="Minutes of the board">' in html
    answer = add(claimed, url="Minutes of the board", excerpt="Another passage", title="", publisher="", issued="")
    assert answer.status_code == 303
    with claimed.database.read() as session:
        assert len(session.exec(select(Source.id)).all()) == 1
    assert len(evidence(claimed)) == 2


def test_htmx_gets_row_and_part(claimed: Reading) -> None:
    answer = claimed.person.htmx("/evidence", {**fields_of(claimed.page(3), "/evidence"), **PROOF})
    assert answer.status_code == 200
    assert in_hand(answer.text) == 3
    assert 'hx-target="#documents"' in answer.text
    assert "source added" in answer.text


def test_evidence_is_edited_without_making_another_source(claimed: Reading) -> None:
    add(claimed)
    uid = evidence(claimed)[0].uid
    form = fields_of(claimed.page(3), f"/evidence/{uid}")
    assert form["title"] == "Minutes of the board"
    answer = claimed.person.post(f"/evidence/{uid}", {**form, "stance": "refutes", "excerpt": "It stayed open"})
    assert answer.status_code == 303
    found = evidence(claimed)[0]
    assert (found.stance, found.excerpt) == ("refutes", "It stayed open")
    with claimed.database.read() as session:
        assert len(session.exec(select(Source.id)).all()) == 1
    form = fields_of(claimed.page(3), f"/evidence/{uid}")
    claimed.person.post(f"/evidence/{uid}", {**form, "url": "https://example.org/other", "title": "Other"})
    with claimed.database.read() as session:
        assert session.exec(select(Source.title).order_by(col(Source.id))).all() == ["Minutes of the board", "Other"]


def test_a_source_without_address_stays_itself_when_its_evidence_is_edited(claimed: Reading) -> None:
    add(claimed, url="", title="A paper letter", publisher="", issued="")
    uid = evidence(claimed)[0].uid
    form = fields_of(claimed.page(3), f"/evidence/{uid}")
    assert claimed.person.post(f"/evidence/{uid}", {**form, "note": "changed"}).status_code == 303
    with claimed.database.read() as session:
        assert session.exec(select(Source.title)).all() == ["A paper letter"]


def test_evidence_is_removed_in_both_shapes(claimed: Reading) -> None:
    for send in (claimed.person.post, claimed.person.htmx):
        add(claimed)
        uid = evidence(claimed)[0].uid
        form = fields_of(claimed.page(3), f"/evidence/{uid}")
        assert send(f"/evidence/{uid}/delete", form).status_code in (200, 303)
        assert evidence(claimed) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "a title nobody used"}, "url"),
        ({"url": "", "title": ""}, "url"),
        ({"stance": ""}, "stance"),
        ({"issued": "spring"}, "issued"),
        ({"archived_url": "ftp://example.org"}, "archived_url"),
    ],
)
def test_what_does_not_fit_comes_back_with_all_that_was_typed(
    claimed: Reading, wrong: dict[str, str], field: str
) -> None:
    form = {**fields_of(claimed.page(3), "/evidence"), **PROOF, **wrong}
    for answer in (claimed.person.post("/evidence", form), claimed.person.htmx("/evidence", form)):
        assert answer.status_code == 422
        assert 'aria-invalid="true" aria-describedby="e0-0-no"' in answer.text
        typed = fields_of(answer.text, "/evidence")
        assert typed["excerpt"] == PROOF["excerpt"]
        assert typed["locator"] == PROOF["locator"]
        if field != "stance":
            assert typed[field] == wrong.get(field, typed[field])
    assert evidence(claimed) == []


def test_an_address_that_is_no_web_address_is_never_a_link(claimed: Reading) -> None:
    add(claimed)
    with claimed.database.write() as session:
        source = session.exec(select(Source)).one()
        source.url, source.title = "javascript:alert(1)", "<b>\u202eevil"
    html = claimed.page(3)
    assert 'href="javascript' not in html
    assert "&lt;b&gt;⟨U+202E⟩evil" in html


def test_the_same_passage_twice_is_refused(claimed: Reading) -> None:
    add(claimed)
    assert add(claimed).status_code == 409
    assert len(evidence(claimed)) == 1


def test_a_stale_or_repeated_request_adds_nothing_twice(claimed: Reading) -> None:
    form = {**fields_of(claimed.page(3), "/evidence"), **PROOF}
    assert [claimed.person.post("/evidence", form).status_code for _ in range(2)] == [303, 303]
    assert claimed.person.post("/evidence", {**form, "request": "x", "excerpt": "y"}).status_code == 409
    assert len(evidence(claimed)) == 1


def test_another_reviewers_evidence_answers_like_none(claimed: Reading, sign_in: SignIn) -> None:
    add(claimed)
    uid = evidence(claimed)[0].uid
    other = sign_in(claimed.other)
    form = fields_of(other.get(f"{claimed.url}?s=3").text, "/annotations")
    for path in (f"/evidence/{uid}", f"/evidence/{uid}/delete"):
        assert other.post(path, {**form, **PROOF}).status_code == 404
    assert len(evidence(claimed)) == 1
