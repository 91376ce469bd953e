"""Where reviewers differ, how, in what order to look."""

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import disagreements as d
from annotator.domain.disagreements import Difference, Reading, Vote
from annotator.domain.ratings import MISSING
from db.vocabulary import Label, Status

SETS = sorted(d.LABEL_SETS.values(), key=sorted)
ANSWERS = st.lists(st.sampled_from(SETS), min_size=0, max_size=5)


def vote(labels: str, reviewer: str = "rev_a", status: str = Status.COMPLETE, **fields: str | None) -> Vote:
    """A vote from letters: “qc” is quote and claim, “” none."""
    return Vote(reviewer, status, d.LABEL_SETS["c" in labels, "q" in labels, "o" in labels], **fields)  # type: ignore[arg-type]


def reading(sentence: str, answers: Sequence[str], *, article: str = "art_a", ordinal: int = 1) -> Reading:
    """A sentence answered by rev_0, rev_1 …; “?” is unsure."""
    votes = tuple(
        vote("", f"rev_{n}", Status.UNSURE) if labels == "?" else vote(labels, f"rev_{n}")
        for n, labels in enumerate(answers)
    )
    return Reading(sentence, article, ordinal, "text", votes)


def test_none_is_a_label_set_of_its_own() -> None:
    assert vote("").label_set == {"none"}
    assert vote("").labels == frozenset()
    assert vote("qc").label_set == {Label.QUOTE, Label.CLAIM}


@pytest.mark.parametrize("status", [Status.UNSURE, Status.DRAFT, Status.NEEDS_REVIEW])
def test_only_complete_answers_count(status: Status) -> None:
    found = Reading("s", "a", 1, "text", (vote("c"), vote("q", "rev_b", status)))
    assert [v.reviewer for v in found.counted] == ["rev_a"]
    assert found.difference is Difference.NOTHING


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ((), Difference.NOTHING),
        ((vote("c"), vote("c")), Difference.NOTHING),
        ((vote("c"), vote("co")), Difference.LABELS),
        ((vote("c", claim_voice="author"), vote("c", claim_voice="both")), Difference.VOICES),
        ((vote("o", opinion_voice="author"), vote("q", claim_voice="both")), Difference.LABELS),
        ((vote("", none_reason="heading"), vote("", none_reason="other")), Difference.NONE_REASON),
        ((vote("", none_reason="heading"), vote("c")), Difference.LABELS),
        ((vote("c", note="one"), vote("c", note="two")), Difference.NOTHING),
    ],
)
def test_difference_is_the_weightiest_one(votes: tuple[Vote, ...], expected: Difference) -> None:
    assert d.difference(votes) is expected


def test_majority_needs_more_than_half_with_exactly_the_same_labels() -> None:
    assert d.has_majority([vote("c"), vote("c"), vote("q")])
    assert not d.has_majority([vote("c"), vote("q")])
    assert not d.has_majority([vote("c"), vote("qc"), vote("q")])
    assert not d.has_majority([])


def test_label_sets_leave_out_what_is_missing() -> None:
    ratings = d.label_sets([reading("s1", ["c", "?", "q"]), reading("s2", ["?", "?"])])
    assert ratings.items == ("s1",)
    assert ratings.reviewers == ("rev_0", "rev_2")
    assert ratings.elements == ("claim", "quote", "opinion", "none")


@given(st.lists(ANSWERS, max_size=6))
def test_presence_says_of_every_answer_whether_it_has_the_label(sentences: list[list[frozenset[str]]]) -> None:
    readings = [
        Reading(f"s{n}", "a", n, "", tuple(Vote(f"rev_{m}", "complete", said) for m, said in enumerate(answers)))
        for n, answers in enumerate(sentences)
    ]
    sets = d.label_sets(readings)
    said = {(r.sentence, v.reviewer): v.label_set for r in readings for v in r.votes}
    for label in d.DECLARED:
        found = d.presence(sets, label)
        assert (found.items, found.reviewers) == (sets.items, sets.reviewers)
        for row, item in enumerate(found.items):
            for column, reviewer in enumerate(found.reviewers):
                code = found.codes[row, column]
                if (item, reviewer) in said:
                    assert found.labels[code] == ("yes" if label in said[item, reviewer] else "no")
                else:
                    assert code == MISSING


def test_entropy_is_in_bits_and_needs_two_answers() -> None:
    readings = [reading("even", ["c", "q"]), reading("same", ["c", "c"]), reading("alone", ["c"])]
    found = d.entropies(d.label_sets([*readings, reading("three", ["c", "q", "qc"])]))
    assert found == pytest.approx({"even": 1.0, "same": 0.0, "three": math.log2(3)})


def test_order_is_by_kind_then_entropy_then_answers_then_place() -> None:
    readings = [
        reading("agreed", ["c", "c"], ordinal=1),
        reading("two", ["c", "q"], ordinal=5),
        reading("earlier", ["c", "q"], ordinal=3),
        reading("four", ["c", "q", "c", "q"], ordinal=6),
        reading("most", ["c", "q", "o"], ordinal=4),
        Reading("voices", "art_a", 2, "", (vote("c", claim_voice="author"), vote("c", "b", claim_voice="both"))),
    ]
    expected = ["most", "four", "earlier", "two", "voices", "agreed"]
    bits = d.entropies(d.label_sets(readings))
    for order in (readings, readings[::-1]):
        assert [r.sentence for r in d.in_order(order, bits)] == expected


@pytest.mark.parametrize(
    ("bits", "unsure", "first"),
    [
        ({"a": 0.6, "b": 0.9}, None, "b"),
        ({"b": 0.1}, None, "b"),  # nothing is known of the other
        ({"a": 0.5, "b": 0.5 + 4e-10}, None, "a"),  # a rounding error, so their places count
        ({"a": 0.5, "b": 0.5}, {"a": 0.3, "b": 0.4}, "b"),
        ({"a": 0.5, "b": 0.5}, {"b": 0.1}, "b"),
        ({"a": 0.5, "b": 0.5}, {"a": 0.1, "b": 0.1000002}, "a"),
        ({"a": 0.6, "b": 0.5}, {"a": 0.1, "b": 0.9}, "a"),
    ],
)
def test_of_one_kind_entropy_then_the_doubt_of_the_model_decide(
    bits: dict[str, float], unsure: dict[str, float] | None, first: str
) -> None:
    readings = [reading("a", ["c", "q"], ordinal=1), reading("b", ["c", "q"], ordinal=2)]
    assert d.in_order(readings, bits, unsure)[0].sentence == first


def test_equal_ones_come_by_article_then_place() -> None:
    readings = [reading(uid, ["c", "q"], article=uid[0], ordinal=int(uid[1])) for uid in ("b1", "a2", "b0", "a1")]
    assert [one.sentence for one in d.in_order(readings, {})] == ["a1", "a2", "b0", "b1"]


def test_overlap_is_the_mean_jaccard_similarity_with_the_others() -> None:
    ratings = d.label_sets([reading("s1", ["qc", "q", "c"]), reading("s2", ["o", "o"])])
    found = d.overlaps(ratings)
    assert found["rev_0"] == pytest.approx((0.5 + 0.5 + 1) / 3)
    assert found["rev_1"] == pytest.approx((0.5 + 0 + 1) / 3)
    assert found["rev_2"] == pytest.approx((0.5 + 0) / 2)


def test_unsure_may_be_taken_out_of_the_label_sets() -> None:
    votes = (vote("c"), Vote("rev_b", Status.UNSURE, d.UNSURE_SET), vote("q", "rev_c"))
    sets = d.label_sets([Reading("s1", "art_a", 1, "", votes), reading("s2", ["c"])])
    assert sets.declared == ("claim", "quote", "opinion", "none", "unsure")
    assert sets.codes.tolist()[0].count(MISSING) == 1  # the reviewer of the other sentence
    without = d.without_unsure(sets)
    assert (without.items, without.reviewers, without.labels) == (sets.items, sets.reviewers, sets.labels)
    kept = {sets.members[code] for code in without.codes.ravel() if code != MISSING}  # type: ignore[index]
    assert kept == {frozenset({"claim"}), frozenset({"quote"})}
    assert (without.codes == MISSING).sum() == (sets.codes == MISSING).sum() + 1


def test_without_unsure_answers_the_label_sets_are_the_very_same() -> None:
    sets = d.label_sets([reading("s1", ["c", "q"])])
    assert d.without_unsure(sets) is sets
    assert sets.declared == ("claim", "quote", "opinion", "none")


def test_overlap_of_somebody_alone_is_not_defined() -> None:
    assert d.overlaps(d.label_sets([reading("s1", ["c"])])) == {"rev_0": None}
    assert d.overlaps(d.label_sets([])) == {}


@pytest.mark.parametrize(
    ("labels", "words"),
    [("", "None"), ("c", "Claim"), ("oq", "Quote and opinion"), ("coq", "Quote, claim and opinion")],
)
def test_label_sets_in_words(labels: str, words: str) -> None:
    assert d.describe(vote(labels).label_set) == words


CHECK_OR_JUDGE = "does it state something that can be checked, or judge, or both?"


@pytest.mark.parametrize(
    ("one", "other", "question"),
    [
        ("q", "qc", "when somebody’s words are reported, is there a claim in them too?"),
        ("q", "qo", "when somebody’s words are reported, do they judge too?"),
        ("qc", "qco", "when somebody’s words are reported, do they judge too?"),
        ("co", "o", "claim and opinion, or opinion?"),
        ("c", "qc", "does somebody other than the author speak here?"),
        ("c", "o", CHECK_OR_JUDGE),
        ("c", "co", CHECK_OR_JUDGE),
        ("qc", "qo", CHECK_OR_JUDGE),
        ("", "c", "does it say anything that gets a label, claim, or nothing?"),
        ("qo", "", "does it say anything that gets a label, quote and opinion, or nothing?"),
        ("c", "?", "can it be decided at all, claim, or not?"),
        ("", "?", "can it be decided at all, none, or not?"),
        ("q", "c", "quote, or claim?"),
        ("co", "q", "claim and opinion, or quote?"),
    ],
)
def test_the_question_behind_two_label_sets(one: str, other: str, question: str) -> None:
    first, second = (d.UNSURE_SET if labels == "?" else vote(labels).label_set for labels in (one, other))
    assert d.question(first, second) == question
    if not question.startswith(("quote", "claim")):
        assert d.question(second, first) == question


@pytest.mark.parametrize(
    ("count", "words"), [(0, "no"), (1, "one"), (7, "seven"), (12, "twelve"), (13, "13"), (1200, "1,200")]
)
def test_small_numbers_are_said_in_words(count: int, words: str) -> None:
    assert d.in_words(count) == words


def test_presence_of_a_label_is_a_table_of_no_and_yes() -> None:
    found = d.presence(d.label_sets([reading("s1", ["qc", "q", ""]), reading("s2", ["c"])]), "claim")
    assert found.labels == found.declared == ("no", "yes")
    assert found.codes.tolist() == [[1, 0, 0], [1, MISSING, MISSING]]
    assert found.codes.dtype == "int32"
