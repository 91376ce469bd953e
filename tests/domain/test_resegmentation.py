"""Split, merge and where two segmentations of one text part: spans, and what becomes of a reviewer's labels."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.labels import Judgement
from annotator.domain.resegmentation import carry_over_merge, carry_over_split, differences, merge_spans, split_spans
from annotator.domain.spans import Span
from annotator.errors import Invalid
from db.vocabulary import Confidence, Label, NoneReason, Status, Voice

LENGTH = 30


def spans(*edges: int) -> list[Span]:
    return [Span(start, end) for start, end in pairwise(edges)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ((0, 5, 9), (0, 5, 9), []),
        ((0, 9), (0, 4, 9), [("split", 1, 2)]),
        ((0, 3, 6, 9), (0, 9), [("merge", 3, 1)]),
        ((0, 5, 9), (0, 6, 9), [("move", 2, 2)]),
        ((0, 5, 9, 12), (0, 9, 10, 12), [("merge", 2, 1), ("split", 1, 2)]),
        ((0, 2, 5, 9), (0, 5, 7, 9), [("merge", 2, 1), ("split", 1, 2)]),
        ((0, 2, 5, 9, 12), (0, 3, 9, 12), [("move", 3, 2)]),
        ((0, 5, 9), (0, 5, 8), [("move", 1, 1)]),
    ],
)
def test_each_place_is_named_with_its_kind(
    old: tuple[int, ...], new: tuple[int, ...], found: list[tuple[str, int, int]]
) -> None:
    assert [(str(one.kind), len(one.old), len(one.new)) for one in differences(spans(*old), spans(*new))] == found


def test_a_sentence_that_has_nothing_beside_it_is_no_difference() -> None:
    assert differences([Span(0, 3), Span(5, 9)], [Span(0, 3)]) == []
    assert differences([Span(5, 9)], [Span(0, 3), Span(5, 9)]) == []


cuts = st.sets(st.integers(1, LENGTH - 1)).map(lambda edges: spans(0, *sorted(edges), LENGTH))


@given(cuts, cuts)
def test_old_sentences_with_the_differences_put_in_their_place_are_the_new_ones(
    old: list[Span], new: list[Span]
) -> None:
    made, place = [], 0
    for one in differences(old, new):
        made += old[place : one.old.start] + [new[n] for n in one.new]
        place = one.old.stop
        before, after = [old[n] for n in one.old], [new[n] for n in one.new]
        assert (before[0].start, before[-1].end) == (after[0].start, after[-1].end)
        assert set(before).isdisjoint(after)
    assert made + old[place:] == new


TEXT = "Ja.  The toll  rose. 👩🏽‍🚒 left."
SENTENCE = Span(5, 20)


@pytest.mark.parametrize(
    ("at", "halves"), [(13, ((5, 13), (15, 20))), (15, ((5, 13), (15, 20))), (6, ((5, 6), (6, 20)))]
)
def test_halves_have_no_white_space_at_the_cut(at: int, halves: tuple[tuple[int, int], ...]) -> None:
    assert split_spans(TEXT, SENTENCE, at) == tuple(Span(*half) for half in halves)


@pytest.mark.parametrize("at", [0, 4, 5, 20, 21])
def test_a_cut_outside_the_sentence_is_refused(at: int) -> None:
    with pytest.raises(Invalid, match=r"^The cut must lie inside the sentence\.$") as refused:
        split_spans(TEXT, SENTENCE, at)
    assert refused.value.field == "at"


@pytest.mark.parametrize(("sentence", "at"), [(Span(3, 8), 4), (Span(2, 5), 3)])
def test_a_half_without_visible_character_is_refused(sentence: Span, at: int) -> None:
    with pytest.raises(Invalid, match=r"^Each half needs at least one visible character\.$") as refused:
        split_spans(TEXT, sentence, at)
    assert refused.value.field == "at"


def test_neighbours_are_merged_in_their_order_only() -> None:
    assert merge_spans(Span(0, 3), Span(5, 20)) == Span(0, 20)
    assert merge_spans(Span(0, 3), Span(3, 20)) == Span(0, 20)
    for first, second in ((Span(5, 20), Span(0, 3)), (Span(0, 4), Span(3, 20))):
        with pytest.raises(Invalid, match=r"^Only neighbours in their order can be merged\.$"):
            merge_spans(first, second)


CLAIM = Judgement(Status.COMPLETE, frozenset({Label.CLAIM}), claim_voice=Voice.AUTHOR)
QUOTE = Judgement(Status.COMPLETE, frozenset({Label.QUOTE}))
NONE = Judgement(Status.COMPLETE, none_reason=NoneReason.OTHER)
UNSURE = Judgement(Status.UNSURE, note="which?")


def test_halves_have_the_labels_and_wait_for_a_look_unless_nothing_was_decided() -> None:
    assert carry_over_split(CLAIM) == Judgement(Status.NEEDS_REVIEW, frozenset({Label.CLAIM}), claim_voice=Voice.AUTHOR)
    assert carry_over_split(NONE).status is Status.NEEDS_REVIEW
    assert carry_over_split(UNSURE) == UNSURE
    assert carry_over_split(Judgement()) == Judgement()


def test_equal_judgements_stay_as_they_are_with_every_note_once() -> None:
    first, second, third = (
        Judgement(CLAIM.status, CLAIM.labels, CLAIM.claim_voice, confidence=Confidence.LOW, note=note)
        for note in ("one", None, "two")
    )
    whole = carry_over_merge([first, second, third, first])
    assert whole == Judgement(Status.COMPLETE, CLAIM.labels, Voice.AUTHOR, confidence=Confidence.LOW, note="one\ntwo")
    assert carry_over_merge([Judgement(), Judgement()]) == Judgement()
    assert carry_over_merge([CLAIM]) == CLAIM


def test_different_judgements_become_the_union_that_waits_for_a_look() -> None:
    loud = Judgement(Status.COMPLETE, frozenset({Label.QUOTE}), loaded_language=True, note="loud")
    merged = carry_over_merge([CLAIM, loud])
    assert merged == Judgement(
        Status.NEEDS_REVIEW,
        frozenset({Label.CLAIM, Label.QUOTE}),
        claim_voice=Voice.ATTRIBUTED,  # the default of the union, as the author's was that of the claim
        loaded_language=True,
        note="loud",
    )
    assert not carry_over_merge([CLAIM, QUOTE]).loaded_language


@pytest.mark.parametrize("other", [NONE, UNSURE, Judgement()])
def test_a_label_wins_over_none_unsure_and_not_seen(other: Judgement) -> None:
    for judgements in ([CLAIM, other], [other, CLAIM]):
        merged = carry_over_merge(judgements)
        assert (merged.status, merged.labels, merged.claim_voice) == (Status.NEEDS_REVIEW, CLAIM.labels, Voice.AUTHOR)
        assert merged.none_reason is None


def test_a_voice_that_was_chosen_comes_along_from_the_judgement_with_most_labels() -> None:
    chosen = Judgement(
        Status.COMPLETE, frozenset({Label.CLAIM, Label.OPINION}), claim_voice=Voice.BOTH, opinion_voice=Voice.AUTHOR
    )
    assert carry_over_merge([CLAIM, chosen]).claim_voice is Voice.BOTH
    assert carry_over_merge([QUOTE, chosen]).opinion_voice is Voice.ATTRIBUTED


def test_without_labels_the_reason_for_none_is_kept() -> None:
    for judgements in ([NONE, UNSURE], [UNSURE, NONE]):
        merged = carry_over_merge(judgements)
        assert (merged.status, merged.none_reason, merged.note) == (Status.NEEDS_REVIEW, NoneReason.OTHER, "which?")


@pytest.mark.parametrize(
    "other",
    [
        Judgement(Status.NEEDS_REVIEW, CLAIM.labels, Voice.AUTHOR),
        Judgement(Status.COMPLETE, CLAIM.labels, Voice.BOTH),
        Judgement(Status.COMPLETE, CLAIM.labels, Voice.AUTHOR, loaded_language=True),
    ],
)
def test_judgements_that_differ_in_anything_but_doubts_and_notes_wait_for_a_look(other: Judgement) -> None:
    assert carry_over_merge([CLAIM, other]).status is Status.NEEDS_REVIEW


def test_other_opinion_voices_and_other_reasons_are_a_difference() -> None:
    opinion = Judgement(Status.COMPLETE, frozenset({Label.OPINION}), opinion_voice=Voice.AUTHOR)
    other = Judgement(Status.COMPLETE, frozenset({Label.OPINION}), opinion_voice=Voice.BOTH)
    heading = Judgement(Status.COMPLETE, none_reason=NoneReason.HEADING)
    assert carry_over_merge([opinion, other]).status is Status.NEEDS_REVIEW
    assert carry_over_merge([NONE, heading]).status is Status.NEEDS_REVIEW
