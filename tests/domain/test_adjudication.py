"""From several annotations to one gold answer."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import adjudication as a
from annotator.domain.adjudication import Decision
from annotator.domain.labels import Judgement
from annotator.errors import Invalid
from db.vocabulary import Label, NoneReason, Status, Voice
from tests.domain.test_disagreements import vote


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        (["qo", "o", "qco", "qc"], "Four reviewers, four answers. All but one hear a quote"),
        (["c", "q"], "Two reviewers, two answers. One of two sees a claim"),
        (["q", "qc", "qo"], "Three reviewers, three answers. One of three sees a claim"),
        (["qc", "q", "qc"], "Three reviewers, two answers. All but one see a claim"),
        (["c", "c"], "Two reviewers, one answer: Claim"),
        (["c"], "Read by one reviewer"),
        ([], "Not read yet"),
    ],
)
def test_headline_says_how_the_answers_differ(answers: list[str], line: str) -> None:
    assert a.headline([vote(labels) for labels in answers]) == line


def test_headline_names_a_difference_of_voices_and_of_reasons() -> None:
    voices = [vote("c", claim_voice="author"), vote("c", claim_voice="both")]
    assert a.headline(voices) == "Two reviewers agree on claim, not on whose"
    reasons = [vote("", none_reason="heading"), vote("", none_reason="other")]
    assert a.headline(reasons) == "Two reviewers agree on none, not on the reason"


@given(st.lists(st.text(min_size=1), unique=True), st.text())
def test_blind_order_is_stable_and_does_not_hang_on_the_order_given(reviewers: list[str], sentence: str) -> None:
    found = a.blind_order(sentence, reviewers)
    assert sorted(found) == sorted(reviewers)
    assert a.blind_order(sentence, reversed(reviewers)) == found


def test_blind_order_differs_between_sentences() -> None:
    reviewers = [f"rev_{n}" for n in range(6)]
    orders = {tuple(a.blind_order(f"sen_{n}", reviewers)) for n in range(20)}
    assert len(orders) > 15


def test_blind_names_go_on_after_z() -> None:
    assert [a.blind_name(n) for n in (0, 25, 26)] == ["Reviewer A", "Reviewer Z", "Reviewer A1"]


def test_unanimous_needs_two_answers_that_agree_on_labels_voices_and_reason() -> None:
    same = [vote("qc", claim_voice="attributed"), vote("qc", claim_voice="attributed")]
    assert a.unanimous(same) == Judgement(
        status=Status.COMPLETE, labels=frozenset({Label.QUOTE, Label.CLAIM}), claim_voice=Voice.ATTRIBUTED
    )
    assert a.unanimous(same[:1]) is None
    assert a.unanimous([]) is None
    assert a.unanimous([*same, vote("qc", claim_voice="author")]) is None
    assert a.unanimous([vote("", none_reason="other"), vote("", none_reason="heading")]) is None


def test_decision_gets_default_voices() -> None:
    found = a.gold_of(Decision(labels=frozenset({Label.QUOTE, Label.OPINION, Label.CLAIM}), voice_claim=Voice.AUTHOR))
    assert (found.claim_voice, found.opinion_voice, found.status) == ("author", "attributed", "complete")


def test_decision_keeps_a_reason_without_white_space_around_it() -> None:
    assert a.gold_of(Decision(none_reason=NoneReason.OTHER, reason=" why ")).note == "why"
    assert a.gold_of(Decision(none_reason=NoneReason.OTHER, reason="  ")).note is None


@pytest.mark.parametrize(
    "decision",
    [
        Decision(),
        Decision(loaded_language=True, reason="why"),
        Decision(labels=frozenset({Label.CLAIM}), none_reason=NoneReason.OTHER),
        Decision(labels=frozenset({Label.QUOTE}), take_claims_of="rev_a"),
    ],
)
def test_decision_that_decides_nothing_or_contradicts_itself_is_refused(decision: Decision) -> None:
    with pytest.raises(Invalid):
        a.gold_of(decision)


SNAPSHOT: dict[str, Any] = {
    "status": "complete", "is_claim": True, "is_quote": False, "is_opinion": False, "claim_voice": "author",
    "opinion_voice": None, "none_reason": None, "note": "old", "loaded_language": False, "confidence": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "rests"),
    [
        ({"note": "new", "loaded_language": True, "confidence": "low"}, True),
        ({"is_quote": True}, False),
        ({"claim_voice": "both"}, False),
        ({"status": "unsure", "is_claim": False, "claim_voice": None}, False),
    ],
)
def test_gold_rests_on_labels_voices_and_reason_only(change: dict[str, Any], rests: bool) -> None:
    assert a.still_rests(SNAPSHOT, SNAPSHOT | change) is rests


def test_gold_does_not_rest_on_an_answer_that_was_not_complete() -> None:
    assert a.still_rests(SNAPSHOT | {"status": "unsure"}, SNAPSHOT)
