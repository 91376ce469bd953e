"""What becomes of a judgement when a reviewer presses a label, ticks a box, changes a voice or writes a note."""

import pytest

from annotator.domain import labels
from annotator.domain.changes import Change, apply
from annotator.domain.labels import Judgement
from annotator.errors import Invalid
from db.vocabulary import BlockKind, Confidence, Label, NoneReason, Status, Voice

PARAGRAPH = BlockKind.PARAGRAPH
CLAIMED = labels.set_labels(Judgement(), frozenset({Label.CLAIM}))


def after(change: Change, before: Judgement = CLAIMED, block: BlockKind = PARAGRAPH, text: str = "") -> Judgement:
    return apply(before, change, block, text)


def test_labels_take_the_place_of_those_before() -> None:
    found = after(Change(labels=("opinion",)))
    assert (found.labels, found.status) == ({Label.OPINION}, Status.COMPLETE)
    assert (found.claim_voice, found.opinion_voice) == (None, Voice.AUTHOR)


def test_toggled_labels_are_added_and_taken_away() -> None:
    both = after(Change(labels=("quote",), toggle=True))
    assert both.labels == {Label.CLAIM, Label.QUOTE}
    assert after(Change(labels=("quote",), toggle=True), both).labels == {Label.CLAIM}


def test_none_brings_the_reason_that_is_given_or_the_one_that_its_block_and_words_propose() -> None:
    assert after(Change(labels=("none",))).none_reason == labels.propose_none_reason(PARAGRAPH, "")
    assert after(Change(labels=("none",)), block=BlockKind.HEADING).none_reason is NoneReason.HEADING
    assert after(Change(labels=("none",)), text="Who knows?").none_reason is NoneReason.QUESTION
    given = after(Change(labels=("none",), none_reason=NoneReason.BOILERPLATE), block=BlockKind.HEADING)
    assert (given.none_reason, given.labels) == (NoneReason.BOILERPLATE, frozenset())


def test_a_reason_alone_changes_that_of_a_sentence_with_none_and_nothing_else() -> None:
    none = after(Change(labels=("none",)))
    assert after(Change(none_reason=NoneReason.FRAGMENT), none).none_reason is NoneReason.FRAGMENT
    assert after(Change(none_reason=NoneReason.FRAGMENT)) == CLAIMED


def test_unsure_takes_the_labels_away() -> None:
    found = after(Change(labels=("unsure",)))
    assert (found.status, found.labels, found.none_reason) == (Status.UNSURE, frozenset(), None)


def test_a_voice_is_that_of_its_label_with_a_label_or_alone() -> None:
    spoken = after(Change(labels=("claim", "opinion"), voice_claim=Voice.ATTRIBUTED))
    assert (spoken.claim_voice, spoken.opinion_voice) == (Voice.ATTRIBUTED, Voice.AUTHOR)
    alone = after(Change(voice_opinion=Voice.BOTH), spoken)
    assert (alone.labels, alone.claim_voice, alone.opinion_voice) == (spoken.labels, Voice.ATTRIBUTED, Voice.BOTH)
    assert after(Change(voice_claim=Voice.BOTH)).claim_voice is Voice.BOTH
    assert after(Change(voice_claim=Voice.BOTH), Judgement()) == Judgement()


def test_ticks_confidence_and_note_leave_the_labels_alone() -> None:
    found = after(Change(loaded_language=True, confidence="low", note="  odd \n"))
    assert (found.loaded_language, found.confidence, found.note) == (True, Confidence.LOW, "odd")
    assert found.labels == CLAIMED.labels
    assert after(Change(loaded_language=False, confidence="", note=" "), found) == CLAIMED
    assert after(Change(), found) == found


def test_words_that_are_no_label_and_no_confidence_are_refused_by_the_name_of_their_field() -> None:
    for change, field in ((Change(labels=("claims",)), "label"), (Change(confidence="certain"), "confidence")):
        with pytest.raises(Invalid) as refused:
            after(change)
        assert refused.value.field == field
    assert str(refused.value) == "“certain” is no confidence: use high, medium or low."
