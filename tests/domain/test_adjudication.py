"""From several annotations to one gold answer."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import adjudication as a
from annotator.domain.adjudication import Decision
from annotator.domain.disagreements import Vote
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
    ("decision", "field", "message"),
    [
        (Decision(), "label", "Choose at least one label, or none, or leave the case open."),
        (
            Decision(loaded_language=True, reason="why"),
            "label",
            "Choose at least one label, or none, or leave the case open.",
        ),
        (
            Decision(labels=frozenset({Label.CLAIM}), none_reason=NoneReason.OTHER),
            "label",
            "None excludes the other labels.",
        ),
        (
            Decision(labels=frozenset({Label.QUOTE}), take_claims_of="rev_a"),
            "take_claims",
            "Claim details belong to a sentence that is a claim: choose claim too.",
        ),
    ],
)
def test_decision_that_decides_nothing_or_contradicts_itself_is_refused(
    decision: Decision, field: str, message: str
) -> None:
    with pytest.raises(Invalid) as refused:
        a.gold_of(decision)
    assert (refused.value.field, refused.value.message) == (field, message)


def test_decision_is_what_was_chosen_and_says_whether_the_language_is_loaded() -> None:
    voices = Decision(labels=frozenset({Label.CLAIM, Label.OPINION}), voice_opinion=Voice.BOTH, loaded_language=True)
    assert a.gold_of(voices) == Judgement(
        Status.COMPLETE, voices.labels, Voice.AUTHOR, Voice.BOTH, loaded_language=True
    )
    none = Decision(none_reason=NoneReason.HEADING, loaded_language=True)
    assert a.gold_of(none) == Judgement(Status.COMPLETE, none_reason=NoneReason.HEADING, loaded_language=True)
    claim = Decision(labels=frozenset({Label.CLAIM}), take_claims_of="rev_a")
    assert a.gold_of(claim).labels == claim.labels


def test_unanimous_language_is_loaded_when_all_say_so() -> None:
    loud, calm = vote("o", loaded_language=True), vote("o")  # type: ignore[arg-type]  # a flag, not a word
    both, one = a.unanimous([loud, loud]), a.unanimous([loud, calm])
    assert both is not None
    assert one is not None
    assert (both.loaded_language, one.loaded_language) == (True, False)


def test_unanimous_keeps_voices_and_the_reason_for_none() -> None:
    opinion = a.unanimous([vote("o", opinion_voice="both")] * 2)
    assert opinion == Judgement(Status.COMPLETE, frozenset({Label.OPINION}), opinion_voice=Voice.BOTH)
    none = a.unanimous([vote("", none_reason="heading")] * 2)
    assert none == Judgement(Status.COMPLETE, none_reason=NoneReason.HEADING)


@pytest.mark.parametrize(
    ("answers", "split"),
    [
        (["c", "co", "c"], "One of three sees an opinion"),
        (["o", "o", "co", ""], "All but one see an opinion"),
        (["o", "oc", "", ""], "Two of four see an opinion"),
        (["q", "q", "", ""], "Two of four hear a quote"),
        (["c", "c", "", ""], "Two of four see a claim"),
        (["q", "", ""], "One of three hears a quote"),
        (["", "c"], "One of two sees a claim"),
        (["cq", "q", "qo"], "One of three sees a claim"),
        (["co", "co", "", ""], "Two of four see a claim"),
    ],
)
def test_headline_ends_with_the_label_most_share_the_first_in_order_of_equal_ones(
    answers: list[str], split: str
) -> None:
    assert a.headline([vote(labels) for labels in answers]).split(". ")[1] == split


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


def test_a_complete_answer_contradicts_gold_by_labels_voices_or_reason() -> None:
    assert not a.contradicts(SNAPSHOT | {"note": "new"}, SNAPSHOT)
    assert a.contradicts(SNAPSHOT | {"claim_voice": "both"}, SNAPSHOT)
    assert a.contradicts(SNAPSHOT, SNAPSHOT | {"status": "draft"})
    assert not a.contradicts(SNAPSHOT | {"status": "unsure", "is_claim": False}, SNAPSHOT)


def test_gold_goes_against_the_complete_answers_that_differ_from_it() -> None:
    answers = {
        "ada": SNAPSHOT,
        "ben": SNAPSHOT | {"is_quote": True},
        "cleo": SNAPSHOT | {"is_quote": True, "status": "unsure"},
        "dan": SNAPSHOT | {"claim_voice": "both"},
        "eve": SNAPSHOT | {"is_claim": False},
    }
    assert a.against(SNAPSHOT | {"status": "draft"}, answers) == ["ben", "dan", "eve"]


def test_a_snapshot_says_what_a_vote_says() -> None:
    state = {
        **SNAPSHOT, "is_quote": True, "opinion_voice": "both", "none_reason": "other", "loaded_language": True,
        "confidence": "low", "note": "why",
    }  # fmt: skip
    assert a.vote_of(state, "rev_a") == Vote(
        "rev_a", "complete", frozenset({"claim", "quote"}), "author", "both", "other", True, "low", "why"
    )
    assert a.vote_of(state).reviewer == ""


def said(seq: int, speaker: str = "ida", **more: Any) -> dict[str, Any]:
    return {"seq": seq, "speaker": speaker, "parent": None, "continues": None, "note": None, "confidence": None} | more


def proof(seq: int, source: str = "log", **more: Any) -> dict[str, Any]:
    return {"seq": seq, "source": source, "note": None, "accessed_on": None, "archived_url": None} | more


def claim(seq: int, *evidence: dict[str, Any], attribution: int | None = None, **more: Any) -> dict[str, Any]:
    told = {"seq": seq, "text": "one", "attribution": attribution, "verdict_note": None, "evidence": list(evidence)}
    return told | more


def state(*attributions: dict[str, Any], claims: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    numbers = {"last_attribution_seq": 4, "last_claim_seq": 6, "guideline_rule": None}
    return {**SNAPSHOT, **numbers, "attributions": list(attributions), "claims": list(claims)}


def test_shared_is_what_all_have_and_their_own_remarks_do_not_count() -> None:
    one = state(said(1), said(2, parent=1), claims=[claim(1, proof(1), proof(2, "report"), attribution=2)])
    other = state(
        said(5, parent=7, note="hm", confidence="low"), said(7, continues="att_1"),
        claims=[claim(3, proof(1, "report", archived_url="x"), proof(4, accessed_on="2025"), attribution=5,
                      verdict_note="n")],
    )  # fmt: skip
    assert a.shared((one, other), "attributions")
    assert a.shared((one, other), "claims")
    assert a.shared((one,), "claims")


@pytest.mark.parametrize(
    "other",
    [
        state(claims=[claim(1, proof(1))]),
        state(said(1, "per"), claims=[claim(1, proof(1))]),
        state(said(1), said(2), claims=[claim(1, proof(1)), claim(2, proof(1))]),
        state(said(1, parent=2), said(2, "per"), claims=[claim(1, proof(1), attribution=1)]),
        state(said(1, type="direct"), claims=[claim(1, proof(1, "report"))]),
    ],
)
def test_what_says_anything_else_is_not_shared(other: dict[str, Any]) -> None:
    one = state(said(1), claims=[claim(1, proof(1))])
    assert not a.shared((one, other), "attributions")
    assert a.shared((one, other), "claims") == (other["claims"] == one["claims"])


def test_nothing_is_not_shared() -> None:
    assert not a.shared((state(), state()), "attributions")
    assert not a.shared((), "claims")


def test_what_a_claim_rests_on_is_part_of_what_it_says() -> None:
    per = state(said(1, "per"), claims=[claim(1, attribution=1)])
    ida = state(said(1), claims=[claim(1, attribution=1)])
    assert not a.shared((per, ida), "claims")
    assert a.shared((ida, state(said(9), claims=[claim(4, attribution=9)])), "claims")


def test_a_change_leaves_gold_when_it_parts_from_what_gold_carries() -> None:
    gold = state(said(1), claims=[claim(1)])
    same, without = state(said(3, note="n"), claims=[claim(2)]), state(said(3))
    assert not a.leaves(same, same, gold)
    assert a.leaves(same, without, gold)
    assert a.leaves(same, state(said(3, "per"), claims=[claim(2)]), gold)
    assert not a.leaves(without, state(said(3), claims=[claim(2, text="two")]), gold)  # it never had that claim
    assert not a.leaves(same, without, state(said(1)))  # gold carries no claims


CLAIM = Judgement(Status.COMPLETE, frozenset({Label.CLAIM}), claim_voice=Voice.AUTHOR)
QUOTE = Judgement(Status.COMPLETE, frozenset({Label.QUOTE}))


@pytest.mark.parametrize(
    ("judgement", "ada", "ben", "taken"),
    [
        (CLAIM, state(said(1), claims=[claim(1)]), state(said(2), claims=[claim(3)]), ("ada", "ada")),
        (QUOTE, state(said(1), claims=[claim(1)]), state(said(2), claims=[claim(3)]), ("ada", "")),
        (CLAIM, state(said(1), claims=[claim(1)]), state(said(2, "per"), claims=[claim(3)]), ("", "ada")),
        (CLAIM, state(said(1), claims=[claim(1)]), state(said(2), claims=[claim(3, text="two")]), ("ada", "")),
        (
            CLAIM,
            state(said(1), said(2, "per"), claims=[claim(1, attribution=1)]),
            state(said(1), claims=[claim(1, attribution=1)]),
            ("", ""),
        ),
        (CLAIM, state(), state(), ("", "")),
    ],
)
def test_unanimous_gold_takes_what_all_have_and_claims_only_with_what_they_rest_on(
    judgement: Judgement, ada: dict[str, Any], ben: dict[str, Any], taken: tuple[str, str]
) -> None:
    found = a.taken_together(judgement, [("ada", ada), ("ben", ben)])
    assert (found.take_attributions_of, found.take_claims_of) == taken


def test_remarks_are_left_out_at_every_depth_and_nothing_else() -> None:
    told = state(
        said(1, note="n", confidence="low"), claims=[claim(1, proof(1, note="n", accessed_on="2025"), verdict_note="v")]
    )
    assert a.without_remarks(told) == state(said(1), claims=[claim(1, proof(1, accessed_on="2025"))])
    assert told["attributions"][0]["note"] == "n"


def test_gold_after_a_decision_has_its_labels_and_its_reason_as_note() -> None:
    judgement = Judgement(
        Status.COMPLETE, frozenset({Label.QUOTE, Label.OPINION}), None, Voice.BOTH, loaded_language=True, note="why"
    )
    decision = Decision(labels=judgement.labels, guideline_rule="Voice")
    before = state(said(3), claims=[claim(2, attribution=3)]) | {"confidence": "low"}
    assert a.gold_state(before, judgement, decision, {}) == before | {
        "is_claim": False, "is_quote": True, "is_opinion": True, "claim_voice": None, "opinion_voice": "both",
        "loaded_language": True, "confidence": None, "note": "why", "guideline_rule": "Voice",
    }  # fmt: skip
    none = a.gold_state(before, Judgement(Status.COMPLETE, none_reason=NoneReason.HEADING), Decision(), {})
    assert (none["none_reason"], none["is_quote"], none["is_opinion"]) == ("heading", False, False)
    claimed = a.gold_state(before | {"is_claim": False, "status": "draft"}, CLAIM, Decision(), {})
    assert (claimed["is_claim"], claimed["claim_voice"], claimed["status"]) == (True, "author", "complete")


def test_what_gold_takes_gets_new_numbers_and_loses_its_chain_to_other_sentences() -> None:
    ada = state(said(1, continues="att_9"), said(3, parent=1), claims=[claim(5, attribution=3), claim(7)])
    decision = Decision(take_attributions_of="ada", take_claims_of="ada")
    found = a.gold_state(state(said(2), claims=[claim(1)]), CLAIM, decision, {"ada": ada})
    assert found["attributions"] == [said(5), said(6, parent=5)]
    assert found["claims"] == [claim(7, attribution=6), claim(8)]


def test_gold_keeps_what_a_decision_does_not_speak_of_and_empty_takes_it_away() -> None:
    ada, gold = state(said(1), claims=[claim(5, attribution=1)]), state(said(2), claims=[claim(1, attribution=2)])
    kept = a.gold_state(gold, CLAIM, Decision(), {})
    assert (kept["attributions"], kept["claims"]) == (gold["attributions"], gold["claims"])
    gone = a.gold_state(gold, CLAIM, Decision(take_attributions_of="", take_claims_of=""), {})
    assert (gone["attributions"], gone["claims"]) == ([], [])
    claims = a.gold_state(gold, CLAIM, Decision(take_claims_of="ada"), {"ada": ada})
    assert (claims["attributions"], claims["claims"]) == ([said(2)], [claim(7)])  # Ada's claim rests on Ada's words
    words = a.gold_state(gold, CLAIM, Decision(take_attributions_of="ada"), {"ada": ada})
    assert (words["attributions"], words["claims"]) == ([said(5)], [claim(1)])
