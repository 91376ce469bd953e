"""Claim details: made on first save, checked, in the voice of whoever makes the claim."""

from typing import Any

import pytest
from sqlmodel import select

from annotator.domain import ids
from annotator.domain.changes import Change
from annotator.errors import Invalid, NotFound, ReadOnly, Stale
from annotator.services import annotations, attributions, claims, finishing
from annotator.services.attributions import Wording
from annotator.services.claims import ClaimDetails
from db.models import Annotation, Article, Claim
from db.vocabulary import AttributionType, CheckWorthiness, ClaimType, ClaimVoice, Verdict
from tests.services.conftest import Desk

DETAILS = ClaimDetails(
    text_normalized=" The pier is unsafe. ",
    claim_type=ClaimType.EVENT_PROPERTY,
    check_worthiness=CheckWorthiness.CHECK_WORTHY,
    claim_date="2024-05",
    verdict=Verdict.SUPPORTED,
    verdict_note=" by the minutes ",
)


def label(desk: Desk, *labels: str, number: int = 2, revision: int = 0) -> Annotation:
    with desk.writing() as session:
        change = Change(labels=labels)
        return annotations.save(session, desk.actor(), desk.sentences[number - 1], change, revision=revision)


def attribute(desk: Desk, *content: str, revision: int) -> str:
    with desk.writing() as session:
        wording = Wording(speaker="Ida Holm", cue="said", content=content, type=AttributionType.DIRECT)
        return attributions.create(session, desk.actor(), desk.sentences[1], wording, revision=revision).uid


def save(
    desk: Desk, uid: str, details: ClaimDetails = DETAILS, *, revision: int | None, request: str | None = None
) -> Claim:
    with desk.writing() as session:
        return claims.save(session, desk.actor(request), desk.sentences[1], uid, details, revision=revision)


def words(desk: Desk, claim: Claim) -> str:
    with desk.database.read() as session:
        return session.exec(select(Article.text)).one()[claim.start_cp : claim.end_cp]


def test_a_claim_is_made_under_the_next_free_id(any_desk: Desk) -> None:
    annotation = label(any_desk, "claim")
    uid = claims.next_uid(annotation)
    assert uid == ids.claim_id(annotation.uid, 1)
    claim = save(any_desk, uid, revision=1)
    assert (claim.uid, claim.seq, claim.voice, claim.text_normalized) == (uid, 1, "author", "The pier is unsafe.")
    assert (claim.verdict, claim.verdict_note, claim.claim_date) == ("supported", "by the minutes", "2024-05")
    assert words(any_desk, claim) == "“The pier is unsafe,” said the harbour master, Ida Holm."
    any_desk.sound()


def test_a_sentence_may_hold_several_claims(desk: Desk) -> None:
    first = save(desk, claims.next_uid(label(desk, "claim")), revision=1)
    second = save(desk, claims.next_uid(desk.annotation(2)), revision=2)
    assert (first.seq, second.seq) == (1, 2)


def test_saving_again_changes_the_claim_in_place(desk: Desk) -> None:
    uid = claims.next_uid(label(desk, "claim"))
    first = save(desk, uid, revision=1)
    again = save(desk, uid, ClaimDetails(), revision=2)
    assert (again.id, again.text_normalized, again.verdict, again.claim_date) == (first.id, None, None, None)
    assert desk.annotation(2).revision == 3


def test_any_other_id_is_not_there(desk: Desk) -> None:
    annotation = label(desk, "claim")
    for uid in (ids.claim_id(annotation.uid, 2), "clm_0000000000000000"):
        with pytest.raises(NotFound):
            save(desk, uid, revision=1)
    assert desk.stored()[0] == 1


def test_a_claim_needs_the_claim_label(desk: Desk) -> None:
    annotation = label(desk, "opinion")
    with pytest.raises(Invalid) as refused:
        save(desk, claims.next_uid(annotation), revision=1)
    assert refused.value.field == "label"


def test_a_claim_stays_when_the_label_goes_and_is_there_when_it_comes_back(desk: Desk) -> None:
    uid = claims.next_uid(label(desk, "claim"))
    save(desk, uid, revision=1)
    label(desk, "opinion", revision=2)
    with desk.database.read() as session:
        assert session.exec(select(Claim)).one().text_normalized == "The pier is unsafe."
    label(desk, "claim", revision=3)
    assert save(desk, uid, revision=4).seq == 1


@pytest.mark.parametrize(
    ("labels", "wanted", "voice"),
    [
        (("claim",), None, "author"),
        (("claim", "quote"), None, "attributed"),
        (("claim", "quote"), ClaimVoice.AUTHOR, "author"),
        (("claim",), ClaimVoice.ATTRIBUTED, "attributed"),
    ],
)
def test_a_claim_has_the_voice_of_the_label_until_another_is_chosen(
    desk: Desk, labels: tuple[str, ...], wanted: ClaimVoice | None, voice: str
) -> None:
    uid = claims.next_uid(label(desk, *labels))
    assert save(desk, uid, ClaimDetails(voice=wanted), revision=1).voice == voice
    assert save(desk, uid, ClaimDetails(), revision=2).voice == voice


def test_a_claim_that_rests_on_an_attribution_is_the_speakers_and_covers_its_words(desk: Desk) -> None:
    annotation = label(desk, "claim")
    uid = attribute(desk, "The pier", "unsafe", revision=1)
    claim = save(desk, claims.next_uid(annotation), ClaimDetails(attribution=uid), revision=2)
    assert (claim.voice, words(desk, claim)) == ("attributed", "The pier is unsafe")
    desk.sound()
    free = save(desk, claim.uid, ClaimDetails(), revision=3)
    assert (free.voice, free.attribution_id) == ("attributed", None)
    assert words(desk, free).endswith("Ida Holm.")


def test_a_claim_stays_inside_its_sentence_when_the_words_go_on(desk: Desk) -> None:
    annotation = label(desk, "claim")
    uid = attribute(desk, "Ida Holm. Two ferries", revision=1)
    claim = save(desk, claims.next_uid(annotation), ClaimDetails(attribution=uid), revision=2)
    assert words(desk, claim) == "Ida Holm."
    desk.sound()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"claim_date": "2024-13"}, "claim_date"),
        ({"claim_date": "yesterday"}, "claim_date"),
        ({"attribution": "att_0000000000000000"}, "attribution"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(desk: Desk, wrong: dict[str, Any], field: str) -> None:
    uid = claims.next_uid(label(desk, "claim"))
    before = desk.stored()
    with pytest.raises(Invalid) as refused:
        save(desk, uid, ClaimDetails(**wrong), revision=1)
    assert refused.value.field == field
    assert desk.stored() == before


def test_the_author_cannot_make_the_claim_of_an_attribution(desk: Desk) -> None:
    annotation = label(desk, "claim")
    details = ClaimDetails(attribution=attribute(desk, "unsafe", revision=1), voice=ClaimVoice.AUTHOR)
    with pytest.raises(Invalid) as refused:
        save(desk, claims.next_uid(annotation), details, revision=2)
    assert refused.value.field == "voice"


@pytest.mark.parametrize("revision", [None, 0, 2])
def test_a_stale_or_missing_revision_is_refused_and_nothing_stored(desk: Desk, revision: int | None) -> None:
    uid = claims.next_uid(label(desk, "claim"))
    before = desk.stored()
    with pytest.raises(Stale):
        save(desk, uid, revision=revision)
    assert desk.stored() == before


def test_a_repeated_request_stores_nothing_twice(desk: Desk) -> None:
    uid = claims.next_uid(label(desk, "claim"))
    first = save(desk, uid, revision=1, request="r1")
    before = desk.stored()
    assert save(desk, uid, revision=1, request="r1").id == first.id
    with pytest.raises(Stale):
        save(desk, uid, ClaimDetails(), revision=2, request="r1")
    assert desk.stored() == before


def test_somebody_elses_claim_does_not_exist(desk: Desk) -> None:
    uid = save(desk, claims.next_uid(label(desk, "claim")), revision=1).uid
    with desk.writing() as session:
        actor = desk.actor(reviewer=desk.ben)
        annotations.save(session, actor, desk.sentences[1], Change(labels=("claim",)), revision=0)
    with pytest.raises(NotFound), desk.writing() as session:
        claims.save(session, desk.actor(reviewer=desk.ben), desk.sentences[1], uid, DETAILS, revision=1)


def test_a_finished_article_is_read_only(desk: Desk) -> None:
    for number in range(1, 6):
        label(desk, "claim", number=number)
    with desk.writing() as session:
        finishing.finish(session, desk.actor(), desk.article)
    with pytest.raises(ReadOnly):
        save(desk, claims.next_uid(desk.annotation(2)), revision=1)
