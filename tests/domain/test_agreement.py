"""What every coefficient must do whatever the data: order, gaps, reasons, other programs' values."""

import itertools
import random

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain import alpha
from annotator.domain.agreement import (
    METRICS,
    Coefficient,
    Pair,
    Ratings,
    Resampling,
    alpha_without,
    coefficients,
    coincidences,
    dawid_skene,
    items_to_settle,
    label_alpha,
    masi,
    of_patterns,
    pairwise,
    per_label_alpha,
    ratings_of,
    self_agreement,
    set_alpha,
)
from annotator.domain.alpha import why_too_many
from annotator.domain.counts import Counts
from annotator.domain.dawid_skene import _Estimates, _Model
from annotator.domain.ratings import Value, distinct_rows
from tests.domain.agreement_tables import KRIPPENDORFF_2011, crosstable, sheet

NO_INTERVALS = Resampling(samples=0)
CORRECTED = tuple(name for name in METRICS if name != "percent_agreement")

Rows = list[tuple[str, str, Value | None]]


@st.composite
def rows(draw: st.DrawFn, *, labels: int = 4, reviewers: int = 4, items: int = 8) -> Rows:
    """Rows of numbers with gaps, at least two items and two reviewers."""
    width = draw(st.integers(2, reviewers))
    sheet = draw(
        st.lists(
            st.lists(st.none() | st.integers(1, labels), min_size=width, max_size=width), min_size=2, max_size=items
        )
    )
    return [
        (f"u{item}", f"r{place}", None if label is None else float(label))
        for item, line in enumerate(sheet)
        for place, label in enumerate(line)
    ]


def values(ratings: Ratings) -> dict[str, float | None]:
    return {name: found.value for name, found in coefficients(ratings, resampling=NO_INTERVALS).items()}


def close(one: dict[str, float | None], other: dict[str, float | None]) -> bool:
    return one.keys() == other.keys() and all(
        (value is None) == (other[name] is None) and (value is None or value == pytest.approx(other[name], abs=1e-9))
        for name, value in one.items()
    )


@given(rows(), st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing_at_all(given_rows: Rows, random: object) -> None:
    shuffled = list(given_rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    resampling = Resampling(samples=50)
    before, after = ratings_of(given_rows), ratings_of(shuffled)
    assert coefficients(before, resampling=resampling) == coefficients(after, resampling=resampling)


@given(rows(), st.permutations(range(4)))
def test_names_of_reviewers_and_items_change_no_value(given_rows: Rows, order: list[int]) -> None:
    renamed: Rows = [(f"x{9 - int(i[1:])}", f"p{order[int(r[1:])]}", label) for i, r, label in given_rows]
    assert close(values(ratings_of(given_rows)), values(ratings_of(renamed)))


@given(rows(), st.permutations(range(4)))
def test_names_of_labels_change_no_nominal_value(given_rows: Rows, order: list[int]) -> None:
    def named(names: list[str]) -> Ratings:
        return ratings_of(
            (i, r, None if label is None else names[int(label) - 1])  # type: ignore[arg-type]
            for i, r, label in given_rows
        )

    assert close(values(named(list("abcd"))), values(named(["wxyz"[place] for place in order])))


@given(rows())
def test_values_are_in_range_and_reasons_stand_where_there_is_none(given_rows: Rows) -> None:
    for name, found in coefficients(ratings_of(given_rows), resampling=NO_INTERVALS).items():
        assert (found.value is None) == (found.reason is not None)
        if found.value is not None:
            assert np.isfinite(found.value)
            assert found.value <= 1 + 1e-12
            assert found.value >= (0 if name == "percent_agreement" else -len(given_rows))


@given(st.lists(st.sampled_from("abc"), min_size=2, max_size=9).filter(lambda labels: len(set(labels)) > 1))
def test_full_agreement_is_one(labels: list[str]) -> None:
    ratings = ratings_of((f"u{item}", name, label) for item, label in enumerate(labels) for name in ("ada", "ben"))
    found = {name: value for name, value in values(ratings).items() if value is not None}
    assert len(found) == 9
    assert all(value == pytest.approx(1) for value in found.values())


@given(rows(labels=5))
def test_alpha_is_that_of_the_package_krippendorff(given_rows: Rows) -> None:
    """Castro (2017), Fast Krippendorff: another program's alpha, at all levels."""
    ratings = ratings_of(given_rows)
    found = values(ratings)
    data = np.full(ratings.codes.T.shape, np.nan)
    if ratings.numbers is not None:
        data = np.where(ratings.codes.T < 0, np.nan, ratings.numbers[ratings.codes.T])
    for level in ("nominal", "ordinal", "interval", "ratio"):
        value = found[f"krippendorff_alpha_{level}"]
        if value is not None:
            assert value == pytest.approx(krippendorff.alpha(data, level_of_measurement=level), abs=1e-9)


@given(rows(reviewers=2))
def test_weighted_kappas_are_their_definition(given_rows: Rows) -> None:
    """Cohen (1968), Weighted kappa: one minus observed over expected disagreement, pair by pair."""
    ratings = ratings_of(given_rows)
    found = values(ratings)
    both = [ratings.numbers[line] for line in ratings.codes if min(line) >= 0] if ratings.numbers is not None else []
    for name, power in (("cohen_kappa_linear", 1), ("cohen_kappa_quadratic", 2)):
        value = found[name]
        if value is not None:
            observed = np.mean([abs(one - other) ** power for one, other in both])
            expected = np.mean([abs(one - other) ** power for (one, _), (_, other) in itertools.product(both, both)])
            assert value == pytest.approx(1 - observed / expected, abs=1e-9)


@given(rows())
def test_coincidences_are_symmetric_and_sum_to_the_paired_ratings(given_rows: Rows) -> None:
    ratings = ratings_of(given_rows)
    counts = Counts.of(ratings)
    one, other, amount = coincidences(counts)
    matrix = np.zeros((len(ratings.labels),) * 2)
    matrix[one, other] = amount
    paired = (ratings.codes >= 0).sum(axis=1)
    assert matrix == pytest.approx(matrix.T)
    assert matrix.sum() == pytest.approx(paired[paired > 1].sum())


@given(rows())
def test_alpha_without_a_reviewer_is_alpha_of_the_others(given_rows: Rows) -> None:
    ratings = ratings_of(given_rows)
    for name, value in alpha_without(ratings).items():
        rest = values(ratings_of(row for row in given_rows if row[1] != name))["krippendorff_alpha_nominal"]
        assert (value is None) == (rest is None)
        assert value is None or value == pytest.approx(rest)


@given(rows())
def test_per_label_alpha_is_alpha_of_yes_and_no(given_rows: Rows) -> None:
    ratings = ratings_of(given_rows)
    for code, found in enumerate(per_label_alpha(ratings, NO_INTERVALS).values()):
        yes, all_of_them = (ratings.codes == code).sum(axis=1), (ratings.codes >= 0).sum(axis=1)
        expected = label_alpha(np.stack([yes, all_of_them - yes], axis=1), NO_INTERVALS).value
        assert (found.value is None) == (expected is None)
        assert found.value is None or found.value == pytest.approx(expected)


@given(st.lists(st.lists(st.frozensets(st.sampled_from("abc")), min_size=2, max_size=3), min_size=2, max_size=6))
def test_set_alpha_is_its_definition(sheet: list[list[frozenset[str]]]) -> None:
    rows = [(f"u{item}", f"r{place}", labels) for item, line in enumerate(sheet) for place, labels in enumerate(line)]
    ratings = ratings_of(rows)
    found = set_alpha(ratings, masi, NO_INTERVALS)
    named = [[labels or frozenset({"none"}) for labels in line] for line in sheet]
    pooled = [labels for line in named for labels in line]
    n = len(pooled)
    observed = sum(masi(a, b) / (len(line) - 1) for line in named for a, b in itertools.permutations(line, 2)) / n
    expected = sum(masi(a, b) for a, b in itertools.permutations(pooled, 2)) / (n * (n - 1))
    if expected == 0:
        assert found.value is None
    else:
        assert found.value == pytest.approx(1 - observed / expected)


def test_missing_is_no_label() -> None:
    full = sheet(KRIPPENDORFF_2011)
    gaps: Rows = [("u12", "A", None), ("u13", "A", None), ("u13", "E", None)]
    numbers = full.numbers
    assert numbers is not None
    given_rows: Rows = [
        (item, reviewer, float(numbers[code]))
        for item, line in zip(full.items, full.codes, strict=True)
        for reviewer, code in zip(full.reviewers, line, strict=True)
        if code >= 0
    ]
    with_gaps = ratings_of([*given_rows, *gaps])
    assert (with_gaps.items, with_gaps.reviewers, with_gaps.given) == (full.items, full.reviewers, 41)
    assert close(values(with_gaps), values(full))


@pytest.mark.parametrize(
    ("given_rows", "words"),
    [
        ([], "nothing is labelled"),
        ([("u1", "ada", "a"), ("u2", "ada", "b")], "only one reviewer"),
        ([("u1", "ada", "a"), ("u2", "ben", "b")], "no overlap"),
        ([("u1", "ada", "a"), ("u1", "ben", "b"), ("u2", "ada", "a")], "only one item"),
        ([(f"u{n}", name, "a") for n in range(5) for name in ("ada", "ben")], "only one label"),
    ],
)
def test_what_cannot_be_measured_has_a_reason_and_no_value(given_rows: Rows, words: str) -> None:
    ratings = ratings_of(given_rows)
    found = coefficients(ratings)
    assert words in (found["krippendorff_alpha_nominal"].reason or "")
    for name in CORRECTED:
        assert found[name].value is None
        assert found[name].ci95 is None
        assert len((found[name].reason or "").split()) > 1
    assert all(one.value is None and one.reason for one in per_label_alpha(ratings).values())
    assert all(value is None for value in alpha_without(ratings).values())
    assert all(pair.kappa is None and pair.reason for pair in pairwise(ratings))
    assert dawid_skene(ratings) is None


def test_percent_agreement_needs_no_second_label() -> None:
    ratings = ratings_of((f"u{n}", name, "a") for n in range(5) for name in ("ada", "ben"))
    assert coefficients(ratings)["percent_agreement"].value == 1


def test_percent_agreement_is_the_mean_over_items_not_over_pairs() -> None:
    rows: Rows = [("u1", name, "a") for name in ("ada", "ben", "cleo", "dan")]
    rows += [("u2", "ada", "a"), ("u2", "ben", "b")]
    assert values(ratings_of(rows))["percent_agreement"] == 0.5


def test_declared_labels_count_in_the_chance_term_though_nobody_used_them() -> None:
    rows: Rows = [("u1", "ada", "a"), ("u1", "ben", "a"), ("u2", "ada", "b"), ("u2", "ben", "a")]
    two, four = ratings_of(rows), ratings_of(rows, declared=["a", "b", "c", "d"])
    assert values(two)["brennan_prediger"] == 0
    assert values(four)["brennan_prediger"] == pytest.approx((0.5 - 0.25) / 0.75)
    assert values(four)["pabak"] == pytest.approx((0.5 - 0.25) / 0.75)
    assert values(four)["gwet_ac1"] != pytest.approx(values(two)["gwet_ac1"])
    assert values(four)["krippendorff_alpha_nominal"] == values(two)["krippendorff_alpha_nominal"]
    assert per_label_alpha(four)["d"].value is None


def test_undeclared_label_is_refused() -> None:
    with pytest.raises(ValueError, match="'x' is not among the declared ones"):
        ratings_of([("u1", "ada", "x")], declared=["a"])


def test_two_labels_of_one_reviewer_on_one_item_are_refused() -> None:
    with pytest.raises(ValueError, match="two labels by ada on u1"):
        ratings_of([("u1", "ada", "a"), ("u1", "ada", "b")])


def test_negative_values_show() -> None:
    found = values(crosstable((0, 10), (10, 0)))
    assert found["cohen_kappa"] == pytest.approx(-1)
    assert found["krippendorff_alpha_nominal"] == pytest.approx(-0.95)


def test_labels_are_compared_by_what_they_are() -> None:
    assert ratings_of([("u1", "ada", 1), ("u1", "ben", 1.0)]).labels == ("1",)
    sets = ratings_of([("u1", "ada", frozenset("ab")), ("u1", "ben", frozenset("ba")), ("u1", "cleo", frozenset())])
    assert sets.labels == ("none", "a+b")


def test_sets_whose_names_hold_a_plus_stay_apart() -> None:
    sets = ratings_of([("u1", "ada", frozenset({"a+b"})), ("u1", "ben", frozenset({"a", "b"}))])
    assert len(set(sets.labels)) == 2


def test_order_that_was_declared_makes_an_ordinal_scale() -> None:
    numbers = ratings_of(row for row in _grades(("1", "2", "3"), numbers=True))
    words = ratings_of(_grades(("low", "middle", "high"), numbers=False), declared=["low", "middle", "high"])
    by_number = coefficients(numbers, resampling=NO_INTERVALS)
    by_word = coefficients(words, ordered=True, resampling=NO_INTERVALS)
    for name in ("krippendorff_alpha_ordinal", "cohen_kappa_linear", "cohen_kappa_quadratic"):
        assert by_word[name].value == pytest.approx(by_number[name].value)
    assert by_word["krippendorff_alpha_interval"].reason == "labels are not numbers"
    assert coefficients(words, resampling=NO_INTERVALS)["krippendorff_alpha_ordinal"].value is None


def _grades(names: tuple[str, str, str], *, numbers: bool) -> Rows:
    pairs = [(0, 0), (0, 1), (1, 1), (2, 1), (2, 2), (0, 2)]
    given = [
        (f"u{item}", name, names[code])
        for item, pair in enumerate(pairs)
        for name, code in zip("ab", pair, strict=True)
    ]
    return [(item, name, float(label) if numbers else label) for item, name, label in given]


def test_labels_below_zero_have_no_ratio() -> None:
    ratings = ratings_of([("u1", "a", -1.0), ("u1", "b", 2.0), ("u2", "a", 0.0), ("u2", "b", 0.0)])
    found = coefficients(ratings, resampling=NO_INTERVALS)
    assert found["krippendorff_alpha_ratio"].reason == "labels below zero have no ratio"
    assert found["krippendorff_alpha_interval"].value is not None


def test_pairs_share_only_what_both_labelled() -> None:
    found = {(pair.a, pair.b): pair for pair in pairwise(sheet(KRIPPENDORFF_2011))}
    assert len(found) == 6
    assert {pair: one.shared for pair, one in found.items()} == {
        ("A", "B"): 9,
        ("A", "C"): 8,
        ("A", "D"): 9,
        ("B", "C"): 9,
        ("B", "D"): 10,
        ("C", "D"): 10,
    }
    assert found["A", "C"].agreement == 5 / 8
    assert found["A", "C"].kappa == pytest.approx(11 / 23)


def test_entropy_of_an_item_is_that_of_its_labels_in_bits() -> None:
    lines = ["aab", "aaa", "abc", "aba", "bbb", "b.."]
    ratings = ratings_of(
        (f"u{item}", name, label)
        for item, line in enumerate(lines)
        for name, label in zip("xyz", line, strict=True)
        if label != "."
    )
    spread = Counts.of(ratings)
    bits = spread.entropy[spread.pattern_of]
    assert bits[:3] == pytest.approx([0.918296, 0, 1.584963], abs=1e-6)
    assert np.isnan(bits[5])


def test_the_model_is_less_sure_where_the_better_reviewer_is_outvoted() -> None:
    good, bad = "aabbaabbaabb", "ababbabaabba"
    lines = [*zip(good, good, bad, strict=True), ("a", "a", "b"), ("a", "b", "a")]
    ratings = ratings_of(
        (f"u{item:02}", name, label) for item, line in enumerate(lines) for name, label in zip("xyz", line, strict=True)
    )
    model = dawid_skene(ratings)
    assert model is not None
    assert model.competence[0] > model.competence[2]
    unsure = model.entropy[model.pattern_of]
    assert unsure.argmax() == 13
    assert unsure[13] > 1e-4 > unsure[12]


def test_reviewers_who_err_are_told_from_those_who_do_not() -> None:
    random = np.random.default_rng(1)
    truth = random.integers(0, 3, 600)
    rows: Rows = []
    for name, error in (("careful", 0.05), ("careless", 0.5), ("fair", 0.2), ("good", 0.1)):
        given_labels = np.where(random.random(600) < error, random.integers(0, 3, 600), truth)
        rows += [(f"u{item:03}", name, "abc"[label]) for item, label in enumerate(given_labels)]
    model = dawid_skene(ratings_of(rows))
    assert model is not None
    assert [name for _, name in sorted(zip(-model.competence, model.reviewers, strict=True))] == [
        "careful",
        "good",
        "fair",
        "careless",
    ]
    assert np.mean(model.posterior[model.pattern_of].argmax(axis=1) == truth) > 0.95
    assert model.competence == pytest.approx([0.97, 0.67, 0.87, 0.93], abs=0.06)


def test_self_agreement_is_told_only_where_an_item_came_back() -> None:
    rows = [
        ("ada", "u1", "spring", "a"),
        ("ada", "u1", "autumn", "a"),
        ("ada", "u2", "spring", "b"),
        ("ada", "u2", "autumn", "a"),
        ("ben", "u1", "spring", "a"),
    ]
    found = self_agreement(rows)
    assert found["ada"].agreement.value == 0.5
    assert found["ada"].alpha.value == pytest.approx(0)
    assert found["ben"].items == 0
    assert found["ben"].alpha.reason == "no item came back"


@settings(max_examples=50)
@given(st.lists(st.lists(st.integers(-1, 40), min_size=14, max_size=14), min_size=1, max_size=20))
def test_distinct_rows_are_those_of_numpy_even_when_a_row_does_not_fit_one_number(matrix: list[list[int]]) -> None:
    codes = np.array(matrix)
    found = distinct_rows(codes, lowest=-1, highest=40)
    expected, count = np.unique(codes, axis=0, return_counts=True)
    assert found.rows.tolist() == expected.tolist()
    assert found.items.tolist() == count.tolist()
    assert found.rows[found.pattern_of].tolist() == codes.tolist()


def test_sentences_that_would_settle_a_mark_follow_the_root_of_their_number() -> None:
    """0.6, an interval up to 0.8, a mark at 0.7: half the distance needs four times the items, so three times more."""
    found = Coefficient(0.6, None, (0.4, 0.8), 30)
    assert items_to_settle(found, 0.7) == 90
    assert items_to_settle(found, 0.85) is None
    assert items_to_settle(found, 0.601) is None
    assert items_to_settle(Coefficient(None, "nothing is labelled"), 0.7) is None
    below = items_to_settle(Coefficient(0.6, None, (0.4, 0.8), 30), 0.5)
    assert below == 90


@pytest.mark.parametrize(
    ("value", "ci95", "items", "mark", "more"),
    [
        (0.75, (0.5625, 0.875), 30, 0.6875, 240),  # (3^2 - 1) times 30
        (0.75, (0.5625, 0.875), 31, 0.6875, 250),  # two figures of 248
        (0.5, (0.25, 0.6875), 33, 0.625, 42),  # 1.25 times 33 is 41.25
        (0.5, (0.25, 0.6875), 4, 0.625, 5),
        (0.5, (0.25, 0.63125), 5, 0.625, 1),
        (0.75, (0.125, 0.875), 30, 0.6875, 3000),  # a hundred times the items is the most
        (0.75, (0.1, 0.875), 30, 0.6875, None),
        (0.75, (0.5, 0.875), 30, 0.5, None),  # the mark is not inside
        (0.75, (0.5, 0.875), 30, 0.875, None),
        (0.75, None, 30, 0.7, None),
    ],
)
def test_items_to_settle_go_with_the_square_of_the_distances(
    value: float, ci95: tuple[float, float] | None, items: int, mark: float, more: int | None
) -> None:
    assert items_to_settle(Coefficient(value, None, ci95, items), mark) == more


def test_alphas_from_counted_combinations_are_those_of_the_ratings_themselves() -> None:
    claim, both, none = frozenset({"claim"}), frozenset({"claim", "quote"}), frozenset[str]()
    patterns = {(claim, both): 2, (none, none, claim): 3, (both, both): 1, (none,): 4}
    given = [(combination, number) for combination, times in patterns.items() for number in range(times)]
    rows = [
        (f"{place}-{number}", f"r{column}", members or frozenset({"none"}))
        for place, (combination, number) in enumerate(given)
        for column, members in enumerate(combination)
    ]
    ratings, found = ratings_of(rows), of_patterns(patterns)
    assert list(found) == [*per_label_alpha(ratings), "masi"] == ["claim", "none", "quote", "masi"]
    expected = {**per_label_alpha(ratings), "masi": set_alpha(ratings)}
    assert {name: one.value for name, one in found.items()} == pytest.approx(
        {name: one.value for name, one in expected.items()}
    )
    assert {one.items for one in found.values()} == {6}


def test_no_combination_gives_no_alpha() -> None:
    assert of_patterns({})["masi"].value is None


@pytest.mark.parametrize(
    ("rows", "shared", "reason"),
    [
        ([("u1", "a", "x"), ("u2", "b", "x")], 0, "no item was labelled by both"),
        ([("u1", "a", "x"), ("u1", "b", "y")], 1, "only one item was labelled by both"),
        ([(u, r, "x") for u in ("u1", "u2") for r in "ab"], 2, "both used one and the same label only"),
    ],
)
def test_a_pair_without_kappa_has_a_reason(rows: Rows, shared: int, reason: str) -> None:
    (pair,) = pairwise(ratings_of(rows))
    assert (pair.a, pair.b, pair.shared, pair.kappa, pair.reason) == ("a", "b", shared, None, reason)
    assert pair.agreement == (1.0 if shared == 2 else None)


@pytest.mark.parametrize(
    ("rows", "items", "reason"),
    [
        ([("ada", "u1", "first", "x")], 0, "no item came back"),
        ([("ada", "u1", "first", "x"), ("ada", "u1", "again", "x")], 1, "only one item came back"),
    ],
)
def test_too_few_items_that_came_back_are_said_to_be_so(
    rows: list[tuple[str, str, str, str]], items: int, reason: str
) -> None:
    found = self_agreement(rows)["ada"]
    assert found.items == items
    assert found.agreement == found.alpha == Coefficient(None, reason, None, items)


def test_a_thousand_labels_are_compared_and_not_one_more() -> None:
    assert why_too_many(tuple(range(1_000))) is None
    assert why_too_many(tuple(range(1_001))) == "1001 distinct labels are more than the 1000 compared here"


def test_leaps_end_where_single_steps_of_dawid_and_skene_end() -> None:
    chance = random.Random(11)
    rows = []
    for item in range(300):
        true = chance.choice("abc")
        rows += [(f"i{item}", f"r{n}", true if chance.random() < 0.5 + 0.08 * n else chance.choice("abc"))
                 for n in chance.sample(range(6), 4)]  # fmt: skip
    ratings = ratings_of(rows)
    found = dawid_skene(ratings)
    assert found is not None
    model = _Model.of(ratings.patterns.rows, ratings.patterns.items, np.arange(6), 3)
    here = _Estimates(found.class_marginals, found.error_rates)
    for _ in range(100):  # more of the plain steps change nothing more
        here, _ = model.step(here)
    assert here.marginals == pytest.approx(found.class_marginals, abs=1e-4)
    assert here.rates == pytest.approx(found.error_rates, abs=1e-4)


NEEDS_TWO = "needs exactly two reviewers, {} took part"
NO_NUMBERS = "labels are not numbers"
NO_SETS = "labels are single, not sets"
NO_ORDER = "labels have no order: they are neither numbers nor declared in order"
OPEN_ENDED = "labels are sets: how many sets could have been chosen is not known"
TWO = ("cohen_kappa", "cohen_kappa_linear", "cohen_kappa_quadratic", "scott_pi", "pabak")
SETS = tuple(f"krippendorff_alpha_{name}" for name in ("masi", "jaccard"))


def reasons(ratings: Ratings, *, ordered: bool = False) -> dict[str, str]:
    found = coefficients(ratings, ordered=ordered, resampling=NO_INTERVALS)
    assert tuple(found) == METRICS
    assert {one.items for one in found.values()} == {3}
    return {name: one.reason for name, one in found.items() if one.reason is not None}


def items_of(*lines: tuple[Value, ...], declared: tuple[str, ...] = ()) -> Ratings:
    return ratings_of(
        ((f"u{item:02}", f"r{place}", label) for item, line in enumerate(lines) for place, label in enumerate(line)),
        declared=declared,
    )


def test_words_of_three_reviewers_have_neither_order_nor_numbers_nor_pairs() -> None:
    words = items_of(("a", "a", "b"), ("b", "b", "b"), ("a", "b", "a"), declared=("b", "a"))
    expected = {
        "krippendorff_alpha_ordinal": NO_ORDER,
        "krippendorff_alpha_interval": NO_NUMBERS,
        "krippendorff_alpha_ratio": NO_NUMBERS,
        **dict.fromkeys(SETS, NO_SETS),
        **dict.fromkeys(TWO, NEEDS_TWO.format(3)),
    }
    assert reasons(words) == expected
    del expected["krippendorff_alpha_ordinal"]
    assert reasons(words, ordered=True) == expected


def test_words_in_no_declared_order_have_none_though_one_was_asked_for() -> None:
    words = items_of(("a", "a"), ("b", "b"), ("a", "b"))
    found = reasons(words, ordered=True)
    assert {name for name, why in found.items() if why == NO_ORDER} == {
        "krippendorff_alpha_ordinal", "cohen_kappa_linear", "cohen_kappa_quadratic",
    }  # fmt: skip
    assert set(found) - {name for name, why in found.items() if why == NO_ORDER} == {
        "krippendorff_alpha_interval", "krippendorff_alpha_ratio", *SETS,
    }  # fmt: skip


def test_numbers_of_two_reviewers_only_lack_sets() -> None:
    numbers = items_of((1.0, 1.0), (2.0, 1.0), (2.0, 0.0))
    assert reasons(numbers) == dict.fromkeys(SETS, NO_SETS)
    below = items_of((1.0, 1.0), (2.0, 1.0), (2.0, -0.5))
    assert reasons(below) == {
        "krippendorff_alpha_ratio": "labels below zero have no ratio",
        **dict.fromkeys(SETS, NO_SETS),
    }


def test_sets_have_no_order_and_no_number_that_could_have_been_chosen() -> None:
    a, b = frozenset("a"), frozenset("ab")
    expected = {
        "krippendorff_alpha_ordinal": NO_ORDER,
        "krippendorff_alpha_interval": NO_NUMBERS,
        "krippendorff_alpha_ratio": NO_NUMBERS,
        "cohen_kappa_linear": NO_ORDER,
        "cohen_kappa_quadratic": NO_ORDER,
        "gwet_ac1": OPEN_ENDED,
        "brennan_prediger": OPEN_ENDED,
        "pabak": OPEN_ENDED,
    }
    sets = items_of((a, a), (a, b), (b, b), declared=("a", "b"))
    assert reasons(sets) == reasons(sets, ordered=True) == expected
    found = values(sets)
    assert found["krippendorff_alpha_jaccard"] == pytest.approx(1 - 5 * 2 * 0.5 / (2 * 9 * 0.5))
    assert found["krippendorff_alpha_masi"] == pytest.approx(1 - 5 * 2 * (2 / 3) / (2 * 9 * (2 / 3)))


def test_more_labels_than_a_table_holds_have_that_as_their_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alpha, "MOST_LABELS", 2)
    why = "3 distinct labels are more than the 2 compared here"
    assert reasons(items_of((1.0, 1.0), (2.0, 1.0), (2.0, 0.0)))["krippendorff_alpha_ratio"] == why
    a, b = frozenset("a"), frozenset("ab")
    found = reasons(items_of((a, a), (a, b), (frozenset("b"), b)))
    assert [found[name] for name in SETS] == [why] * 2


def test_what_all_metrics_rest_on_is_told_with_their_intervals() -> None:
    ratings = items_of((1.0, 1.0), (2.0, 1.0), (2.0, 2.0))
    found = coefficients(ratings, resampling=Resampling(samples=30))
    assert {name for name, one in found.items() if one.ci95 is None} == set(SETS)
    mixed = items_of(*[(1.0, 1.0), (2.0, 2.0)] * 4, *[(1.0, 2.0), (2.0, 1.0)] * 4)
    by_article = coefficients(mixed, resampling=Resampling(samples=60, groups=np.arange(16) // 8))  # the one agrees
    assert [by_article[name].ci95 for name in ("percent_agreement", "cohen_kappa")] == [(0, 1), (-1, 1)]
    one_label = coefficients(items_of(("a", "a"), ("a", "a")), resampling=Resampling(samples=5))
    assert one_label["percent_agreement"] == Coefficient(1.0, None, (1.0, 1.0), 2)
    assert one_label["fleiss_kappa"] == one_label["cohen_kappa"]
    assert one_label["cohen_kappa"].reason == "only one label was used, so agreement cannot be told from chance"


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_alpha_without_each_reviewer_is_at_the_level_asked_for(level: str) -> None:
    lines = ((1.0, 1.0, 2.0), (2.0, 4.0, 2.0), (4.0, 4.0, 1.0), (1.0, 2.0, 4.0))
    found = alpha_without(items_of(*lines), level=level)
    name = f"krippendorff_alpha_{level}"
    assert found == {
        f"r{out}": pytest.approx(values(items_of(*((*line[:out], *line[out + 1 :]) for line in lines)))[name])
        for out in range(3)
    }


def test_alpha_without_a_reviewer_is_none_where_the_level_does_not_apply() -> None:
    words = items_of(("a", "a"), ("b", "a"), declared=("a", "b"))
    assert alpha_without(words, level="ordinal") == {"r0": None, "r1": None}
    three = items_of(("a", "a", "b"), ("b", "a", "a"), ("b", "b", "a"), declared=("a", "b"))
    assert alpha_without(three, level="ordinal", ordered=True) == pytest.approx(alpha_without(three))


def test_counted_combinations_of_many_sets_are_ratings_with_gaps() -> None:
    """Sets x, y and x+y: apart in MASI 1 and 2/3; two items of x and x+y, three of y alone, one of x, y, y."""
    x, y = frozenset("x"), frozenset("y")
    found = of_patterns({(x, x | y): 2, (y,): 3, (x, y, y): 1})
    observed = 2 * 2 * (2 / 3) + 4 / 2
    expected = 2 * (3 * 2 * 1 + 3 * 2 * (2 / 3) + 2 * 2 * (2 / 3))  # x 3, y 2, x+y 2
    assert found["masi"] == Coefficient(pytest.approx(1 - 6 * observed / expected), None, found["masi"].ci95, 3)
    assert list(found) == ["x", "y", "masi"]
    assert found["y"].value == pytest.approx(1 - 6 * (2 * 2 + 4 / 2) / (2 * 4 * 3))
    assert of_patterns({(frozenset(), x): 2})["none"].items == 2


def test_coincidences_hold_both_halves_and_leave_out_what_was_labelled_once() -> None:
    counts = Counts.of(items_of(("a", "a", "b"), ("c", "c"), ("b",), ("a", "b"), ("a", "b")))
    one, other, amount = coincidences(counts)
    assert list(zip(one.tolist(), other.tolist(), amount.tolist(), strict=True)) == [
        (0, 0, 1), (0, 1, 1 + 2), (1, 0, 1 + 2), (2, 2, 2),
    ]  # fmt: skip


def test_pairs_of_three_reviewers_stand_in_order_with_their_figures() -> None:
    rows: Rows = [
        (f"u{item}", name, label)
        for item, line in enumerate(["aab", "abb", "bbb", "a.b", "b.b"])
        for name, label in zip(("ada", "ben", "cleo"), line, strict=True)
        if label != "."
    ]
    assert pairwise(ratings_of(rows)) == [
        Pair("ada", "ben", 3, pytest.approx(2 / 3), pytest.approx((2 / 3 - 4 / 9) / (5 / 9)), None),
        Pair("ada", "cleo", 5, pytest.approx(2 / 5), pytest.approx(0), None),
        Pair("ben", "cleo", 3, pytest.approx(2 / 3), pytest.approx(0), None),
    ]


def test_each_reviewers_own_second_answers_are_compared_with_their_first() -> None:
    rows = [
        ("ben", f"u{item}", occasion, label)
        for item, pair in enumerate(["aa", "ab", "bb", "bb"])
        for occasion, label in zip(("first", "again"), pair, strict=True)
    ]
    found = self_agreement([*rows, ("ada", "u0", "first", "a"), ("ben", "u9", "first", None)])
    assert list(found) == ["ada", "ben"]
    ben = found["ben"]
    assert (ben.items, ben.agreement.items, ben.alpha.items) == (4, 4, 4)
    assert ben.agreement.value == 0.75
    assert ben.alpha.value == pytest.approx(1 - 7 * 2 / (2 * 3 * 5))
    assert ben.agreement.ci95 is not None
    assert ben.alpha.ci95 is not None
    same = self_agreement([("ada", u, occasion, "a") for u in ("u1", "u2") for occasion in ("first", "again")])["ada"]
    assert same.agreement == Coefficient(1.0, None, (1.0, 1.0), 2)
    assert same.alpha.reason == "only one label was used, so agreement cannot be told from chance"
