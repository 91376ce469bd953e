"""Suggestions: on which sentences nobody sees them, how they are read, when they say what was said already."""

import hashlib

import pytest

from annotator.domain.spans import Span
from annotator.domain.suggestions import Rules, Said, Suggested, clipped, decoded, rules_of, same_words
from db.vocabulary import AttributionType, Label, Mode, Naming

UIDS = [f"sen_{n:016x}" for n in range(4000)]
TEXT = "“The pier is unsafe,” she said — twice. 👩🏽‍🚒"


def test_a_seeded_share_of_the_sentences_shows_none() -> None:
    hidden = [uid for uid in UIDS if Rules(True, 0.2, "a").hides(uid)]
    assert len(hidden) / len(UIDS) == pytest.approx(0.2, abs=0.02)
    assert hidden == [uid for uid in UIDS if Rules(True, 0.2, "a").hides(uid)]
    assert hidden != [uid for uid in UIDS if Rules(True, 0.2, "b").hides(uid)]
    assert set(hidden) < {uid for uid in UIDS if Rules(True, 0.5, "a").hides(uid)}


def test_no_share_hides_nothing_and_the_whole_hides_everything() -> None:
    assert not any(Rules(True, 0, "a").hides(uid) for uid in UIDS)
    assert all(Rules(True, 1, "a").hides(uid) for uid in UIDS)


def test_half_of_the_sentences_are_those_whose_hash_begins_with_a_zero_bit() -> None:
    for uid in UIDS[:50]:
        first = hashlib.sha256(f"seed:{uid}".encode()).hexdigest()[0]
        assert Rules(True, 0.5, "seed").hides(uid) == (first in "01234567")


def test_rules_are_read_from_the_options_of_the_project() -> None:
    assert rules_of({}) == Rules(True, 0.2, "")
    stored = {"suggestions": False, "suggestions_hidden_share": 0.5, "suggestions_seed": 7}
    assert rules_of(stored) == Rules(False, 0.5, "7")


def test_stored_suggestions_are_read_with_their_parts_numbered() -> None:
    told = {
        "speaker": [[22, 25]], "cue": [[26, 30]], "content": [[0, 21], [33, 38]], "type": "mixed", "mode": "question",
        "naming": "described", "negated": True, "parent": None, "reason": "said", "antecedent": [[4, 8]],
    }  # fmt: skip
    old = {**told, "parent": "a0", "negated": False}
    del old["antecedent"]  # as the versions before 1.1 stored it
    found = decoded({"attributions": [told, old], "labels": {"claim": [1, "a number"]}})
    said = Said(
        (Span(22, 25),), (Span(26, 30),), (Span(0, 21), Span(33, 38)), AttributionType.MIXED, Mode.QUESTION,
        Naming.DESCRIBED, True, None, "said", (Span(4, 8),),
    )  # fmt: skip
    again = Said(
        said.speaker, said.cue, said.content, said.type, said.mode, said.naming, False, "a0", "said", ()
    )  # fmt: skip
    assert found == Suggested({"a0": said, "a1": again}, {Label.CLAIM: (1.0, "a number")})
    assert isinstance(found.labels[Label.CLAIM][0], float)


def test_spans_are_clipped_to_the_sentence_and_empty_pieces_are_dropped() -> None:
    assert clipped(TEXT, [Span(0, 30)], Span(0, 21)) == (Span(0, 21),)
    assert clipped(TEXT, [Span(5, 30)], Span(22, 40)) == (Span(22, 30),)
    assert clipped(TEXT, [Span(0, 22)], Span(20, 40)) == ()  # nothing but the quotation mark and a space
    assert clipped(TEXT, [Span(0, 3), Span(26, 30)], Span(22, 40)) == (Span(26, 30),)


def test_the_same_words_with_or_without_marks_are_the_same() -> None:
    assert same_words(TEXT, [Span(0, 21)], [Span(1, 19)])
    assert same_words(TEXT, [Span(1, 8), Span(9, 19)], [Span(1, 19)])
    assert not same_words(TEXT, [], [Span(0, 1)])
    assert not same_words(TEXT, [Span(1, 19)], [Span(10, 19)])
    assert not same_words(TEXT, [Span(1, 19)], [])


@pytest.mark.parametrize(("letters", "same"), [(9, True), (8, False)])
def test_nine_tenths_of_the_letters_must_be_shared(letters: int, same: bool) -> None:
    assert same_words("abcdefghij", [Span(0, 10)], [Span(0, letters)]) is same
