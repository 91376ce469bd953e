"""Saving a judgement: what is stored, what is refused, what a repeated request does."""

import threading

import pytest

from annotator.domain.changes import Change
from annotator.errors import Invalid, NotFound, ReadOnly, Stale
from annotator.services import annotations, finishing
from annotator.services.history import Actor
from db.models import Annotation
from db.vocabulary import NoneReason, Origin, Voice
from tests.services.conftest import Desk


def save(
    desk: Desk, number: int, *labels: str, revision: int | None = 0, request: str | None = None, **change: object
) -> Annotation:
    asked = Change(labels=labels or None, **change)  # type: ignore[arg-type]
    with desk.writing() as session:
        return annotations.save(session, desk.actor(request), desk.sentences[number - 1], asked, revision=revision)


def test_a_label_is_stored_with_one_revision_and_one_event(any_desk: Desk) -> None:
    before = any_desk.stored()
    saved = save(any_desk, 3, "claim")
    assert (saved.status, saved.is_claim, saved.claim_voice, saved.revision) == ("complete", True, "author", 1)
    assert any_desk.stored() == (before[0] + 1, before[1] + 1)
    any_desk.sound()


def test_each_change_raises_the_revision(desk: Desk) -> None:
    save(desk, 3, "claim")
    save(desk, 3, "quote", toggle=True, revision=1)
    last = save(desk, 3, loaded_language=True, revision=2)
    assert (last.revision, last.is_claim, last.is_quote, last.claim_voice) == (3, True, True, "attributed")
    assert last.loaded_language
    desk.sound()


@pytest.mark.parametrize("revision", [None, 0, 1, 3, -1])
def test_a_stale_or_missing_revision_is_refused_and_nothing_stored(desk: Desk, revision: int | None) -> None:
    save(desk, 3, "claim")
    save(desk, 3, "opinion", revision=1)
    state, stored = desk.state(3), desk.stored()
    with pytest.raises(Stale) as refused:
        save(desk, 3, "quote", revision=revision)
    assert refused.value.current == 2
    assert (desk.state(3), desk.stored()) == (state, stored)


def test_a_repeated_request_is_answered_like_the_first_time_and_stores_nothing_twice(desk: Desk) -> None:
    first = save(desk, 3, "claim", request="r1")
    stored = desk.stored()
    for _ in range(3):
        again = save(desk, 3, "claim", request="r1")
        assert (again.uid, again.revision) == (first.uid, 1)
    assert desk.stored() == stored


def test_a_repeated_request_is_known_after_later_changes(desk: Desk) -> None:
    save(desk, 3, "claim", request="r1")
    save(desk, 3, "quote", revision=1, request="r2")
    stored = desk.stored()
    assert save(desk, 3, "claim", request="r1").is_quote
    assert desk.stored() == stored


@pytest.mark.parametrize("revision", [0, 1])
def test_a_request_id_used_for_another_label_is_stale(desk: Desk, revision: int) -> None:
    save(desk, 3, "claim", request="r1")
    stored = desk.stored()
    with pytest.raises(Stale):
        save(desk, 3, "opinion", request="r1", revision=revision)
    assert desk.stored() == stored


def test_a_request_id_used_for_another_sentence_is_stale_and_makes_no_row(desk: Desk) -> None:
    save(desk, 3, "claim", request="r1")
    stored = desk.stored()
    with pytest.raises(Stale):
        save(desk, 4, "claim", request="r1")
    assert desk.stored() == stored
    with pytest.raises(Exception, match="No row was found"):
        desk.annotation(4)


def test_two_reviewers_may_use_the_same_request_id(desk: Desk) -> None:
    save(desk, 3, "claim", request="r1")
    with desk.writing() as session:
        actor = desk.actor("r1", reviewer=desk.ben)
        annotations.save(session, actor, desk.sentences[2], Change(labels=("opinion",)), revision=0)
    assert desk.annotation(3, reviewer=desk.ben).is_opinion
    assert desk.annotation(3).is_claim
    desk.sound()


def test_a_sentence_that_is_not_assigned_does_not_exist(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused, desk.writing() as session:
        annotations.save(session, Actor(99), desk.sentences[0], Change(labels=("claim",)), revision=0)
    with pytest.raises(NotFound) as unknown, desk.writing() as session:
        annotations.save(session, desk.actor(), "sen_0000000000000000", Change(labels=("claim",)), revision=0)
    assert refused.value.message == unknown.value.message


def test_a_finished_article_is_read_only_but_a_repeated_request_is_still_answered(desk: Desk) -> None:
    for number in range(1, 6):
        save(desk, number, "claim", request=f"r{number}")
    with desk.writing() as session:
        finishing.finish(session, desk.actor(), desk.article)
    with pytest.raises(ReadOnly):
        save(desk, 3, "quote", revision=1)
    assert save(desk, 3, "claim", request="r3").revision == 1


def test_none_gets_the_reason_of_its_block_and_keeps_one_that_is_chosen(desk: Desk) -> None:
    assert save(desk, 1, "none").none_reason == "heading"
    assert save(desk, 5, "none").none_reason == "question"
    assert save(desk, 5, none_reason=NoneReason.OTHER, revision=1).none_reason == "other"


def test_a_voice_is_kept_apart_for_claim_and_opinion(desk: Desk) -> None:
    save(desk, 4, "claim", "opinion")
    saved = save(desk, 4, voice_opinion=Voice.BOTH, revision=1)
    assert (saved.claim_voice, saved.opinion_voice) == ("author", "both")


def test_note_and_confidence_can_be_taken_away(desk: Desk) -> None:
    save(desk, 4, "opinion", note="  why? ", confidence="low")
    assert (desk.annotation(4).note, desk.annotation(4).confidence) == ("why?", "low")
    cleared = save(desk, 4, note="", confidence="", revision=1)
    assert (cleared.note, cleared.confidence) == (None, None)


def test_unknown_words_are_refused_with_their_field(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        save(desk, 4, "fact")
    assert refused.value.field == "label"
    with pytest.raises(Invalid) as refused:
        save(desk, 4, confidence="huge")
    assert refused.value.field == "confidence"
    assert desk.stored()[0] == 0


def test_a_note_alone_leaves_the_sentence_not_labelled(desk: Desk) -> None:
    assert save(desk, 4, note="look again").status == "draft"


def test_an_accepted_suggestion_is_recorded_as_one_until_the_label_is_set_by_hand(desk: Desk) -> None:
    assert save(desk, 4, "opinion", origin=Origin.SUGGESTION_ACCEPTED).origin == "suggestion_accepted"
    assert save(desk, 4, loaded_language=True, revision=1).origin == "suggestion_accepted"
    assert save(desk, 4, "claim", revision=2).origin == "human"


def test_of_many_saves_at_once_on_one_revision_exactly_one_is_stored(any_desk: Desk) -> None:
    outcomes: list[str] = []

    def work(label: str) -> None:
        try:
            save(any_desk, 3, label)
            outcomes.append("saved")
        except Stale:
            outcomes.append("stale")

    threads = [threading.Thread(target=work, args=(label,)) for label in ("claim", "quote", "opinion", "none")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved", "stale", "stale", "stale"]
    assert any_desk.stored()[0] == 1
    any_desk.sound()
