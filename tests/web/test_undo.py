"""Undo and redo: the last change of this reviewer in this article, with the sentence in hand again."""

from typing import Any

from sqlmodel import select

from db.models import Annotation, Attribution
from tests import factories
from tests.web.conftest import Reading, SignIn, fields_of, in_hand


def undo(reading: Reading, n: int, *, htmx: bool = False, **more: str) -> Any:
    send = reading.person.htmx if htmx else reading.person.post
    return send("/undo", {**fields_of(reading.page(n), "/undo"), **more})


def test_undo_takes_back_the_last_label_and_takes_its_sentence_in_hand(reading: Reading) -> None:
    reading.label(2, "claim")
    reading.label(2, "quote")
    answer = undo(reading, 4)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?s=2#s-2")
    html = reading.page(2)
    assert "2, Claim: " in html
    assert "Sentence 2 taken back, now Claim" in html


def test_htmx_gets_the_row_that_was_in_hand_and_the_row_that_changed(reading: Reading) -> None:
    reading.label(2, "claim")
    answer = undo(reading, 4, htmx=True)
    assert in_hand(answer.text) == 2
    assert 'hx-target="#s-4"' in answer.text
    assert 'hx-target="#s-2"' in answer.text
    assert "now Not labelled" in answer.text


def test_redo_does_again_what_was_taken_back(reading: Reading) -> None:
    reading.label(2, "claim")
    undo(reading, 2)
    answer = undo(reading, 2, redo="1")
    assert answer.status_code == 303
    html = reading.page(2)
    assert "2, Claim: " in html
    assert "Sentence 2 done again, now Claim" in html


def test_undo_brings_back_a_removed_attribution(reading: Reading) -> None:
    reading.label(2, "quote")
    said = {"speaker": "Ida Holm", "content": "The pier is unsafe", "type": "direct"}
    reading.person.post("/attributions", {**fields_of(reading.page(2), "/attributions"), **said})
    with reading.database.read() as session:
        uid = session.exec(select(Attribution.uid)).one()
    reading.person.post(f"/attributions/{uid}/delete", fields_of(reading.page(2), f"/attributions/{uid}"))
    assert "Sentence 2: attribution removed" in reading.page(2)
    undo(reading, 2)
    with reading.database.read() as session:
        assert session.exec(select(Attribution.uid)).one() == uid


def test_nothing_to_undo_offers_no_button_and_changes_nothing(reading: Reading) -> None:
    html = reading.page(2)
    assert 'action="/undo"' not in html
    answer = reading.person.post("/undo", {"article": reading.article, "was": "2"})
    assert answer.headers["location"].endswith("?s=2#s-2")
    with reading.database.read() as session:
        assert session.exec(select(Annotation)).all() == []


def test_undo_of_another_article_or_reviewer_answers_like_none(reading: Reading, sign_in: SignIn) -> None:
    reading.label(2, "claim")
    other = sign_in(reading.other)
    assert other.post("/undo", {"article": reading.article}).status_code == 303
    with reading.database.write() as session:
        uid = factories.make_article(session, "Not assigned to anybody.").uid
    assert other.post("/undo", {"article": uid}).status_code == 404
    assert "2, Claim: " in reading.page(2)


def test_undo_repeated_takes_back_one_change(reading: Reading) -> None:
    reading.label(1, "claim")
    reading.label(2, "quote")
    form = fields_of(reading.page(3), "/undo")
    places = [reading.person.post("/undo", form).headers["location"] for _ in range(2)]
    assert places == [f"{reading.url}?s=2#s-2"] * 2
    html = reading.page(1)
    assert "1, Claim: " in html
    assert "2, not labelled yet: " in html


def test_a_finished_article_is_not_undone(reading: Reading) -> None:
    for n in range(1, 6):
        reading.label(n, "claim")
    form = fields_of(reading.page(3), "/undo")
    reading.person.post(f"{reading.url}/finish")
    assert reading.person.post("/undo", form).status_code == 423
