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
    nobody = heard("s5", {"ada": [], "ben": []})
    found = figures([*TWO, alone, silent, nobody], QUICK)
    assert [found[name].items for name in a.MEASURES] == [2] * 5
    assert found["content_characters"].items == 4


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


def answers_by_chance(number: int) -> list[Heard]:
    """Sentences of 12 characters, each answered by some of four, with cues that Ada and Ben never marked."""
    chance, people = random.Random(5), ["ada", "ben", "cleo", "dan"]
    sentences = []
    for n in range(number):
        answers = {}
        for name in chance.sample(people, chance.randint(0, 4)):
            spans = [sorted(chance.sample(range(13), 2)) for _ in range(chance.randint(0, 2))]
            cue = None if name in ("ada", "ben") else (n % 5, 6)
            answers[name] = [said((one, two), speaker=chance.choice((None, 1, 2)), cue=cue) for one, two in spans]
        sentences.append(heard(f"s{n}", answers, Span(0, 12)))
    return sentences


def test_an_influence_is_how_the_figure_moves_when_a_sentence_weighs_more() -> None:
    """The derivative of the mean F1 by each sentence's weight, from the sums of pairs."""
    sentences = answers_by_chance(25)
    pairs = a._Pairs.of(sentences)
    assert len(pairs.column) == 6
    overlaps = [pairs.overlap(sentences, name) for name in a.MEASURES]
    terms = a._character_terms(sentences)
    sums, changes = a._linear(pairs, overlaps, terms), a._influences(pairs, overlaps, terms)
    total, little = sums.columns.sum(axis=0, keepdims=True), 1e-6
    moved = (sums.value(total + little * sums.columns) - sums.value(total - little * sums.columns)) / (2 * little)
    assert np.isfinite(moved).all()
    assert changes.columns[:, : len(a.MEASURES)] == pytest.approx(moved[:, : len(a.MEASURES)], abs=1e-6)
    assert changes.columns[:, len(a.MEASURES) :].tolist() == terms.tolist()
    once = changes.columns.sum(axis=0, keepdims=True)
    assert changes.value(once) == pytest.approx(sums.value(total))
    assert (changes.value(once + changes.columns) - changes.value(once))[:, : len(a.MEASURES)] == pytest.approx(
        changes.columns[:, : len(a.MEASURES)]
    )


@pytest.mark.parametrize(("most", "columns"), [(6, 5 * 2 * 6 + 3), (5, 5 + 3)])
def test_more_pairs_than_are_kept_in_columns_of_their_own_give_the_same_figures(
    most: int, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = answers_by_chance(25)
    expected = values(sentences)
    monkeypatch.setattr(a, "MOST_PAIRS", most)
    assert Spoken.of(sentences).linear.columns.shape == (25, columns)
    assert values(sentences) == pytest.approx(expected)


def test_influences_of_what_nobody_marked_are_nothing() -> None:
    sentences = [heard(f"s{n}", {"ada": [said((0, 4))], "ben": [said((0, n + 2))]}) for n in range(3)]
    pairs = a._Pairs.of(sentences)
    overlaps = [pairs.overlap(sentences, name) for name in a.MEASURES]
    found = a._influences(pairs, overlaps, a._character_terms(sentences))
    assert found.columns[:, 1:3].tolist() == [[0, 0]] * 3
    mean = 2 * (2 + 3 + 4) / (6 + 7 + 8)  # of overlaps
    assert found.columns[:, 4] == pytest.approx([(4 - mean * 6) / 21, (6 - mean * 7) / 21, (8 - mean * 8) / 21])
    figures_now = found.value(found.columns.sum(axis=0, keepdims=True))[0]
    assert np.isnan(figures_now[1:3]).all()
    assert figures_now[3] == pytest.approx(2 / 6)


def test_terms_of_characters_are_those_of_counting_each() -> None:
    for one in answers_by_chance(40):
        inside = [
            sum(any(s.start <= n < s.end for saying in said for s in saying.content) for said in one.answers.values())
            for n in range(12)
        ]
        people = len(one.answers)
        apart = sum(2 * yes * (people - yes) for yes in inside) / max(1, people - 1)
        expected = (12 * people, sum(inside), apart) if people > 1 else (0, 0, 0)
        assert a._character_terms([one]).tolist() == [list(map(pytest.approx, expected))]
    assert a._character_terms([]).shape == (0, 3)


def test_characters_are_those_of_the_sentence_wherever_it_begins() -> None:
    """Of 10 characters from 20, Ada has 20 to 23 and 28 to 29 inside, Ben none; what only touches is outside."""
    ada = Saying(1, "direct", (), (Span(15, 24), Span(28, 40), Span(10, 20), Span(30, 31)))
    one = Heard("s1", Span(20, 30), {"ada": (ada,), "ben": ()})
    assert a._terms_of(one) == (20.0, 6.0, 12.0)
    assert list(a._inside(one)) == [0b11_0000_1111]


@pytest.mark.parametrize(
    ("measure", "ada", "ben", "both"),
    [
        ("speaker", 2, 2, 1),  # nobody and 1, 1 and 2
        ("cue_exact", 1, 1, 0),
        ("cue_overlap", 3, 2, 2),
        ("content_exact", 2, 1, 1),
        ("content_overlap", 7, 4, 4),
    ],
)
def test_what_two_marked_is_counted_as_sets(measure: str, ada: int, ben: int, both: int) -> None:
    one = heard(
        "s1",
        {
            "ada": [said((101, 105), cue=(110, 113)), said((103, 108), speaker=None)],
            "ben": [said((101, 105), cue=(111, 113)), said((101, 105), speaker=2)],
            "cleo": [],
        },
    )
    marked = a._bits(one, measure)
    assert {name: bits.bit_count() for name, bits in marked.items()} == {"ada": ada, "ben": ben}
    assert (marked["ada"] & marked["ben"]).bit_count() == both
    assert a._Pairs.of([one]).overlap([one], measure).tolist() == [[2 * both], [ada + ben]]


def test_pairs_stand_in_the_order_they_are_met_in_and_keep_their_column() -> None:
    both = {name: [said((0, 4))] for name in ("cleo", "ada", "ben")}
    pairs = a._Pairs.of([heard("s0", {}), heard("s1", {"cleo": both["cleo"], "ben": both["ben"]}), heard("s2", both)])
    assert pairs.column == {("ben", "cleo"): 0, ("ada", "ben"): 1, ("ada", "cleo"): 2}
    assert pairs.cells == [(1, 0, "ben", "cleo"), (2, 1, "ada", "ben"), (2, 2, "ada", "cleo"), (2, 0, "ben", "cleo")]
    assert [places.tolist() for places in pairs.places] == [[1, 2, 2, 2], [0, 1, 2, 0]]


def test_each_figure_has_its_interval_its_sentences_and_its_reason() -> None:
    found = Spoken.of([*TWO[:1] * 3, heard("s4", {"ada": []})])
    drawn = [(0.0, float(place)) for place in range(6)]
    named = found.named(drawn)
    assert list(named) == list(a.FIGURES)
    assert named["speaker"] == Coefficient(1.0, None, (0.0, 0.0), 3)
    assert named["cue_exact"] == Coefficient(0.0, None, (0.0, 1.0), 3)
    assert named["cue_overlap"] == Coefficient(pytest.approx(2 / 3), None, (0.0, 2.0), 3)
    assert named["content_characters"] == Coefficient(1.0, None, (0.0, 5.0), 3)
    silent = Spoken.of([heard("s1", {"ada": [said((0, 4))], "ben": [said((0, 4))]})] * 2).named([None] * 6)
    assert silent["cue_exact"] == Coefficient(None, "no cue was marked", None, 2)
    assert silent["cue_overlap"] == silent["cue_exact"]
    assert silent["content_overlap"] == Coefficient(1.0, None, None, 2)


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"ada": [said((0, 10))], "ben": [said((0, 10))]}, "the same was said of every character"),
        ({"ada": [said((0, 9))], "ben": [said((0, 9))]}, None),
    ],
)
def test_alpha_of_characters_needs_some_inside_and_some_outside(
    answers: dict[str, list[Saying]], reason: str | None
) -> None:
    found = figures([heard("s1", answers), heard("s2", answers)], QUICK)["content_characters"]
    assert found == Coefficient(None if reason else 1.0, reason, None, 2)
