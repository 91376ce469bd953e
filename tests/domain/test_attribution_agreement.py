"""Agreement on attributions: figures worked out by hand, and what must not change them."""

import random
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import agreement
from annotator.domain import attribution_agreement as a
from annotator.domain.agreement import Coefficient, Resampling
from annotator.domain.attribution_agreement import Heard, Saying, Spoken
from annotator.domain.bootstrap import spread
from annotator.domain.ratings import MISSING
from annotator.domain.spans import Span

QUICK = Resampling(samples=0)


def said(
    content: tuple[int, int], *, speaker: int | None = 1, cue: tuple[int, int] | None = None, kind: str = "direct"
) -> Saying:
    return Saying(speaker, kind, (Span(*cue),) if cue else (), (Span(*content),))


def heard(sentence: str, answers: Mapping[str, Sequence[Saying]], span: Span = Span(0, 10)) -> Heard:
    return Heard(sentence, span, {name: tuple(sayings) for name, sayings in answers.items()})


def figures(sentences: Sequence[Heard], resampling: Resampling = Resampling()) -> dict[str, Coefficient]:
    """As the report has them, with intervals drawn for them alone."""
    found = Spoken.of(sentences)
    return found.named(spread({"spans": found.linear}, resampling.groups, resampling.samples)["spans"])


def values(sentences: Sequence[Heard]) -> dict[str, float | None]:
    return {name: found.value for name, found in figures(sentences, QUICK).items()}


TWO = [
    heard("s1", {"ada": [said((0, 4), cue=(5, 9))], "ben": [said((0, 4), cue=(5, 7))]}),
    heard("s2", {"ada": [said((0, 6), speaker=None)], "ben": [said((2, 8), speaker=2)]}),
]


def test_figures_of_two_sentences_are_those_worked_out_by_hand() -> None:
    """Speakers 2·1/4; contents exact 2·1/4, overlap 2·(4 + 4)/(8 + 12); cues exact 0, overlap 2·2/(4 + 2)."""
    found = values(TWO)
    assert found["speaker"] == pytest.approx(0.5)
    assert found["content_exact"] == pytest.approx(0.5)
    assert found["content_overlap"] == pytest.approx(16 / 20)
    assert found["cue_exact"] == pytest.approx(0.0)
    assert found["cue_overlap"] == pytest.approx(4 / 6)


def test_alpha_over_characters_is_the_nominal_alpha_of_every_character() -> None:
    """20 characters by 2 reviewers; 4 of them, two either way, are inside for one only."""
    rows = [
        (f"{h.sentence}:{n}", name, "in" if any(s.start <= n < s.end for one in said for s in one.content) else "out")
        for h in TWO
        for n in range(10)
        for name, said in h.answers.items()
    ]
    expected = agreement.coefficients(agreement.ratings_of(rows), resampling=QUICK)["krippendorff_alpha_nominal"]
    assert values(TWO)["content_characters"] == pytest.approx(expected.value)
    assert expected.value == pytest.approx(1 - 39 * (4 * 2) / (2 * 20 * 20))


def test_mean_is_over_pairs_of_reviewers_not_over_sentences() -> None:
    """Ada and Ben agree on two sentences, Ada and Cleo on none of one: (1 + 0) / 2."""
    same, other = [said((0, 4))], [said((5, 9), speaker=2)]
    sentences = [
        heard("s1", {"ada": same, "ben": same}),
        heard("s2", {"ada": same, "ben": same}),
        heard("s3", {"ada": same, "cleo": other}),
    ]
    found = values(sentences)
    assert (found["speaker"], found["content_exact"], found["content_overlap"]) == (0.5, 0.5, 0.5)


def test_unnamed_speaker_equals_unnamed() -> None:
    nobody = {"ada": [said((0, 4), speaker=None)], "ben": [said((1, 4), speaker=None)]}
    assert values([heard("s1", nobody), heard("s2", nobody)])["speaker"] == 1.0


def test_sentence_that_only_one_attributes_counts_for_presence_alone() -> None:
    more = [*TWO, heard("s3", {"ada": [said((0, 3))], "ben": []})]
    before, after = values(TWO), values(more)
    assert {name: after[name] for name in a.MEASURES} == {name: before[name] for name in a.MEASURES}
    answered = agreement.ratings_of([(h.sentence, name, "claim") for h in more for name in h.answers])
    ratings = a.presence(answered, more)
    assert ratings.items == ("s1", "s2", "s3")
    assert ratings.codes.tolist() == [[1, 1], [1, 1], [1, 0]]


def test_figures_say_on_how_many_sentences_they_rest() -> None:
    alone = heard("s3", {"ada": [said((0, 3))]})
    silent = heard("s4", {"ada": [said((0, 3))], "ben": []})
    found = figures([*TWO, alone, silent], QUICK)
    assert [found[name].items for name in a.MEASURES] == [2] * 5
    assert found["content_characters"].items == 3


def test_presence_keeps_missing_answers_missing() -> None:
    answered = agreement.ratings_of([("s1", "ada", "claim"), ("s1", "ben", "quote"), ("s2", "ada", "claim")])
    ratings = a.presence(answered, [heard("s1", {"ada": [said((0, 3))], "ben": []}), heard("s2", {"ada": []})])
    assert ratings.codes.tolist() == [[1, 0], [0, MISSING]]
    assert ratings.labels == ratings.declared == ("no", "yes")
    assert ratings.codes.dtype == np.int32
    assert a.presence(answered, []).codes.tolist() == [[0, 0], [0, MISSING]]


def test_several_types_in_one_answer_are_a_label_of_their_own() -> None:
    both = [said((0, 2)), said((3, 5), kind="indirect"), said((6, 7))]
    ratings = a.types([heard("s1", {"ada": both, "ben": [said((0, 2))], "cleo": []})])
    assert ratings.labels == ("direct", "direct+indirect")
    assert ratings.reviewers == ("ada", "ben")


def test_content_outside_the_sentence_does_not_count_as_its_characters() -> None:
    inside = [heard("s1", {"ada": [said((10, 14))], "ben": []}, Span(10, 20)), TWO[0]]
    across = [heard("s1", {"ada": [said((2, 14))], "ben": []}, Span(10, 20)), TWO[0]]
    assert values(inside)["content_characters"] == pytest.approx(values(across)["content_characters"])


@pytest.mark.parametrize(
    ("sentences", "name", "reason"),
    [
        ([], "speaker", "no sentence has attributions by two reviewers"),
        (TWO[:1], "content_exact", "only one sentence has attributions by two reviewers"),
        (TWO[1:] * 2, "cue_overlap", "no cue was marked"),
        ([], "content_characters", "fewer than two sentences were answered by two reviewers"),
        ([heard("s1", {"ada": [], "ben": []})] * 2, "content_characters", "the same was said of every character"),
    ],
)
def test_what_the_data_cannot_give_has_a_reason(sentences: list[Heard], name: str, reason: str) -> None:
    found = figures(sentences)[name]
    assert (found.value, found.reason, found.ci95) == (None, reason, None)


SPANS = st.tuples(st.integers(0, 8), st.integers(1, 6)).map(lambda pair: (pair[0], pair[0] + pair[1]))
SAYINGS = st.lists(
    st.builds(said, SPANS, speaker=st.sampled_from([None, 1, 2]), cue=st.one_of(st.none(), SPANS)), max_size=3
)
ANSWERS = st.dictionaries(st.sampled_from(["ada", "ben", "cleo"]), SAYINGS)
SENTENCES = st.lists(ANSWERS, max_size=6).map(lambda found: [heard(f"s{n}", one) for n, one in enumerate(found)])


@given(SENTENCES)
def test_renaming_reviewers_and_reordering_sentences_changes_nothing(sentences: list[Heard]) -> None:
    names = {"ada": "zoe", "ben": "ada", "cleo": "ben"}
    renamed = [heard(h.sentence, {names[name]: said for name, said in h.answers.items()}) for h in sentences[::-1]]
    assert values(renamed) == pytest.approx(values(sentences))


@given(SENTENCES)
def test_f1_lies_between_0_and_1_and_is_1_for_equal_answers(sentences: list[Heard]) -> None:
    assert all(found is None or 0 <= found <= 1 for name, found in values(sentences).items() if name in a.MEASURES)
    same = [heard(h.sentence, dict.fromkeys(h.answers, next(iter(h.answers.values()), ()))) for h in sentences]
    assert all(found in (None, 1) for name, found in values(same).items())


def test_interval_holds_the_value_and_groups_never_make_it_narrower() -> None:
    sentences = [heard(f"s{n}", {"ada": [said((0, 4))], "ben": [said((n % 3, 4 + n % 2))]}) for n in range(30)]
    alone = figures(sentences)["content_overlap"]
    grouped = figures(sentences, Resampling(groups=np.arange(30) // 10))["content_overlap"]
    assert alone.value is not None
    assert alone.ci95 is not None
    assert grouped.ci95 is not None
    assert alone.ci95[0] < alone.value < alone.ci95[1]
    assert grouped.ci95[1] - grouped.ci95[0] >= alone.ci95[1] - alone.ci95[0]


def test_influences_give_the_figures_and_nearly_the_intervals_of_the_sums_of_pairs() -> None:
    chance = random.Random(3)
    people = [f"rev_{n}" for n in range(6)]
    sentences = []
    for n in range(400):
        said = {
            name: (Saying(chance.choice((1, 1, 2)), "direct", (Span(0, 4),), (Span(5, chance.choice((9, 9, 12))),)),)
            for name in chance.sample(people, 4)
        }
        sentences.append(Heard(f"s{n:03}", Span(0, 20), said))
    pairs = a._Pairs.of(sentences)
    overlaps = [pairs.overlap(sentences, name) for name in a.MEASURES]
    terms = a._character_terms(sentences)
    sums, changes = (make(pairs, overlaps, terms) for make in (a._linear, a._influences))
    totals = [one.value(one.columns.sum(axis=0, keepdims=True))[0] for one in (sums, changes)]
    assert totals[0] == pytest.approx(totals[1])
    exact, near = (spread({"spans": one})["spans"] for one in (sums, changes))
    for one, other in zip(exact, near, strict=True):
        assert one is not None
        assert other == pytest.approx(one, abs=0.01)
