"""Intervals: the same every time, those of plain resampling, wider where articles differ."""

import numpy as np
import pytest

from annotator.domain import bootstrap
from annotator.domain.agreement import Ratings, Resampling, coefficients, label_alpha, per_label_alpha, set_alpha
from annotator.domain.bootstrap import (
    CELLS,
    SEED,
    Interval,
    Linear,
    OfTotals,
    Sums,
    draw,
    intervals,
    regroup,
    spread,
)
from annotator.domain.ratings import Codes, Floats
from tests.domain.agreement_tables import KRIPPENDORFF_2011, crosstable, sheet


def random_ratings(items: int, reviewers: int = 3, labels: int = 3, error: float = 0.3) -> Ratings:
    random = np.random.default_rng(5)
    truth = random.integers(0, labels, (items, 1))
    codes = np.where(random.random((items, reviewers)) < error, random.integers(0, labels, (items, reviewers)), truth)
    codes[random.random(codes.shape) < 0.2] = -1
    names = tuple(f"u{item:06}" for item in range(items))
    return Ratings(names, tuple("abcdefgh"[:reviewers]), tuple("pqrstuvw"[:labels]), codes)


def resampled_alphas(ratings: Ratings, samples: int) -> Floats:
    """The plain way: draw items with replacement and compute alpha anew."""
    random = np.random.default_rng(7)
    found = []
    for _ in range(samples):
        codes: Codes = ratings.codes[random.integers(len(ratings.items), size=len(ratings.items))]
        drawn = Ratings(ratings.items, ratings.reviewers, ratings.labels, codes)
        one = coefficients(drawn, resampling=Resampling(samples=0))["krippendorff_alpha_nominal"]
        found.append(one.value if one.value is not None else np.nan)
    return np.array(found)


def test_interval_is_that_of_plain_resampling() -> None:
    ratings = random_ratings(120)
    found = coefficients(ratings)["krippendorff_alpha_nominal"]
    plain = np.quantile(resampled_alphas(ratings, 400), [0.025, 0.975])
    assert found.ci95 is not None
    assert found.value is not None
    assert found.ci95 == pytest.approx(plain, abs=0.03)
    assert found.ci95[0] < found.value < found.ci95[1]


def test_intervals_are_the_same_every_time() -> None:
    ratings = sheet(KRIPPENDORFF_2011)
    assert coefficients(ratings) == coefficients(ratings)


def test_intervals_narrow_with_more_items() -> None:
    few, many = (coefficients(random_ratings(items))["gwet_ac1"].ci95 for items in (50, 800))
    assert few is not None
    assert many is not None
    assert many[1] - many[0] < (few[1] - few[0]) / 2.5


def test_full_agreement_has_no_spread() -> None:
    assert coefficients(crosstable((20, 0), (0, 20)))["cohen_kappa"].ci95 == (1, 1)


def test_samples_in_which_only_one_label_occurs_are_left_out() -> None:
    one_in_ten = np.array([[2, 0]] * 9 + [[0, 2]])
    assert label_alpha(one_in_ten).ci95 == (1, 1)


def test_articles_that_differ_widen_the_interval() -> None:
    easy, hard = [[4, 0], [0, 4]], [[2, 2], [2, 2]]
    counts = np.array((easy * 10 + hard * 10) * 3)
    articles = np.repeat(np.arange(6), 20)
    alone, by_article = label_alpha(counts), label_alpha(counts, Resampling(groups=articles))
    assert alone.value == by_article.value
    assert alone.ci95 is not None
    assert by_article.ci95 is not None
    assert by_article.ci95[1] - by_article.ci95[0] > 1.5 * (alone.ci95[1] - alone.ci95[0])


def test_one_article_keeps_the_interval_over_sentences() -> None:
    ratings = random_ratings(60)
    one = Resampling(groups=np.zeros(60, np.intp))
    assert coefficients(ratings, resampling=one) == coefficients(ratings)
    assert per_label_alpha(ratings, one) == per_label_alpha(ratings)
    assert set_alpha(ratings, resampling=one) == set_alpha(ratings)


def test_items_in_any_order_of_articles_give_the_same_interval() -> None:
    ratings = random_ratings(90)
    articles = np.arange(90) % 9
    order = np.random.default_rng(3).permutation(90)
    shuffled = Ratings(ratings.items, ratings.reviewers, ratings.labels, ratings.codes[order])
    before = coefficients(ratings, resampling=Resampling(groups=articles))
    assert coefficients(shuffled, resampling=Resampling(groups=articles[order])) == before


@pytest.mark.parametrize(("patterns", "items"), [(20, 300), (400, 3), (400, 100)])
def test_weights_have_the_mean_and_spread_of_resampling(patterns: int, items: int) -> None:
    """A multinomial of N items has variance N p (1 - p) in each cell, Efron (1979)."""
    counts = np.full(patterns, float(items))
    drawn = draw(counts, 2_000, np.random.default_rng(1))
    assert drawn.mean() == pytest.approx(items, rel=0.02)
    assert drawn.var() == pytest.approx(items * (1 - 1 / patterns), rel=0.05)


def test_many_items_and_patterns_give_the_interval_of_exact_resampling() -> None:
    ratings = random_ratings(6_000, reviewers=4, labels=4, error=0.6)
    assert len(ratings.patterns.items) > 200
    found = coefficients(ratings)["conger_kappa"].ci95
    plain = [
        coefficients(
            Ratings(ratings.items, ratings.reviewers, ratings.labels, ratings.codes[rows]),
            resampling=Resampling(samples=0),
        )["conger_kappa"].value
        for rows in np.random.default_rng(2).integers(6_000, size=(300, 6_000))
    ]
    assert found == pytest.approx(np.quantile(np.array(plain, float), [0.025, 0.975]), abs=0.005)


def large_sums() -> Sums:
    random = np.random.default_rng(4)
    rows, columns = random.integers(0, 12_000, 3_000), random.integers(0, 90, 3_000)
    return Sums(rows, columns, random.integers(1, 5, 3_000).astype(float), (12_000, 90))


def test_sums_too_many_to_keep_whole_give_the_same_totals_and_moments() -> None:
    sums, random = large_sums(), np.random.default_rng(6)
    assert sums.shape[0] * sums.shape[1] > CELLS
    weights = random.integers(0, 9, (3, 12_000)).astype(float)
    assert sums.total(weights) == pytest.approx(weights @ sums.dense)
    mean, covariance = sums.moments(weights[0])
    assert mean == pytest.approx(weights[0] @ sums.dense)
    assert covariance == pytest.approx((sums.dense * weights[0][:, None]).T @ sums.dense)


def test_sums_of_nothing_are_zero() -> None:
    empty = np.array([], np.intp)
    sums = Sums(empty, empty, np.array([]), (2_000, 600))
    assert sums.total(np.ones((2, 2_000))).tolist() == np.zeros((2, 600)).tolist()


def test_weights_of_articles_become_weights_of_their_patterns() -> None:
    sums = regroup(np.array([0, 0, 2, 0]), np.array([0, 1, 1, 1]), 2)
    assert sums.dense.tolist() == [[1, 2], [0, 0], [0, 1]]
    assert regroup(np.array([], np.intp), np.array([], np.intp), 2).shape == (0, 2)


def share(totals: Floats) -> Floats:
    return totals[:, :1] / totals[:, 1:]


def shares(rows: int, own: float = 0.3) -> Linear:
    yes = np.arange(rows) < own * rows
    return Linear(np.stack([yes, np.ones(rows)], axis=1).astype(float), share)


@pytest.mark.parametrize("rows", [400, 8_000])
def test_spread_of_a_share_is_that_of_its_standard_error(rows: int) -> None:
    """sqrt(p (1 - p) / n), 1.96 of it to either side."""
    ((found,),) = spread({"yes": shares(rows)}).values()
    error = 1.96 * (0.3 * 0.7 / rows) ** 0.5
    assert found == pytest.approx((0.3 - error, 0.3 + error), abs=error / 8)
    assert spread({"yes": shares(rows)}) == {"yes": [found]}


def test_figures_of_one_draw_are_those_of_their_own_draws() -> None:
    one, other = shares(50), shares(50, 0.6)
    both = spread({"one": one, "other": other}, samples=60)
    assert both == {**spread({"one": one}, samples=60), **spread({"other": other}, samples=60)}
    assert both["one"] != both["other"]


def test_spread_over_articles_is_given_where_it_is_wider() -> None:
    rows, alone = shares(120), spread({"yes": shares(120)})["yes"]
    assert spread({"yes": rows}, np.zeros(120, np.intp))["yes"] == alone
    ((found,),) = spread({"yes": rows}, np.arange(120) // 30).values()  # whole articles say yes or no
    assert found is not None
    assert alone[0] is not None
    assert found[1] - found[0] > 2 * (alone[0][1] - alone[0][0])


def test_nothing_drawn_is_no_interval_for_each_figure() -> None:
    two = Linear(np.ones((3, 2)), lambda totals: np.repeat(totals[:, :1], 2, axis=1))
    assert spread({"two": two, "yes": shares(3)}, samples=0) == {"two": [None, None], "yes": [None]}
    assert spread({"two": Linear(np.ones((0, 2)), two.value)}) == {"two": [None, None]}


def test_percentiles_leave_out_two_and_a_half_in_a_hundred_on_either_side() -> None:
    """The 2.5th and the 97.5th of a binomial of 100 halves are 40 and 60."""
    found = intervals(np.array([50.0, 50.0]), {"first": lambda weights: weights[:, 0]}, work=1)
    assert found["first"] == [pytest.approx((40, 60), abs=1)]


@pytest.mark.parametrize(("least", "is_there"), [(1, True), (2, False)])
def test_a_value_that_most_replicates_leave_undefined_has_no_interval(least: int, is_there: bool) -> None:
    """Of two items drawn twice, the first comes at least once in three of four draws, twice in one of four."""

    def often(weights: Floats) -> Floats:
        return np.where(weights[:, 0] >= least, 1.0, np.nan)

    (found,) = intervals(np.array([1.0, 1.0]), {"often": often}, work=1)["often"]
    assert (found is not None) == is_there


def test_work_that_does_not_fit_in_memory_is_drawn_in_blocks() -> None:
    sizes: list[int] = []

    def count(weights: Floats) -> Floats:
        sizes.append(len(weights))
        return weights.sum(axis=1)

    found = intervals(np.array([3.0, 4.0]), {"all": count}, work=CELLS // 300)
    assert sizes == [300, 300, 300, 100]
    assert found["all"] == [(7.0, 7.0)]


def sums() -> Sums:
    """Rows 2 0 5, 0 0 0, 0 3 0, 1 0 0 of three columns, an entry in two parts among them."""
    return Sums(np.array([0, 0, 0, 2, 3]), np.array([0, 2, 2, 1, 0]), np.array([2.0, 1, 4, 3, 1]), (4, 3))


def test_rows_in_full_are_those_of_the_whole_matrix() -> None:
    assert sums().dense.tolist() == [[2, 0, 5], [0, 0, 0], [0, 3, 0], [1, 0, 0]]
    for first, last in ((0, 2), (1, 3), (2, 4), (3, 9), (1, 2)):
        assert sums().rows_between(first, last).tolist() == sums().dense[first:last].tolist()


@pytest.mark.parametrize("cells", [1, 2, 6, CELLS])
def test_totals_and_moments_are_the_same_in_blocks_of_any_size(cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "CELLS", cells)
    weights = np.array([[1.0, 7, 2, 3], [0, 1, 0, 0.5]])
    assert sums().total(weights).tolist() == [[5, 6, 5], [0.5, 0, 0]]
    order = [3, 0, 4, 2, 1]
    mixed = Sums(sums().rows[order], sums().columns[order], sums().amounts[order], (4, 3))
    assert mixed.total(weights).tolist() == [[5, 6, 5], [0.5, 0, 0]]
    mean, covariance = mixed.moments(weights[0])
    assert mean.tolist() == [5, 6, 5]
    assert covariance.tolist() == [[4 + 3, 0, 10], [0, 18, 0], [10, 0, 25]]


def test_totals_are_drawn_around_their_mean_with_their_spread() -> None:
    """Of 8,000 items half have a 1: the total is 4,000 with a spread of the root of 4,000."""
    half = Sums(np.arange(0, 400, 2), np.zeros(200, np.intp), np.ones(200), (400, 1))
    found = OfTotals(half, lambda totals: totals[:, 0]).draw(np.full(400, 20.0), 4_000)
    assert found.shape == (4_000,)
    assert found.mean() == pytest.approx(4_000, rel=0.002)
    assert found.std() == pytest.approx(4_000**0.5, rel=0.04)
    assert found.tolist() == OfTotals(half, lambda totals: totals[:, 0]).draw(np.full(400, 20.0), 4_000).tolist()


def test_totals_that_are_sums_of_others_are_drawn_as_well() -> None:
    twice = Sums(np.repeat(np.arange(300), 2), np.tile([0, 1], 300), np.tile([1.0, 2.0], 300), (300, 2))
    found = OfTotals(twice, lambda totals: totals[:, 1] / totals[:, 0]).draw(np.full(300, 30.0), 50)
    assert found == pytest.approx(np.full(50, 2.0), abs=1e-4)
    many = Linear(
        np.tile([1.0, 2.0], (5_001, 1)) * np.arange(5_001)[:, None], lambda totals: totals[:, 1] / totals[:, 0]
    )
    assert spread({"twice": many}, samples=20)["twice"] == [pytest.approx((2, 2), abs=1e-4)]


@pytest.mark.parametrize(
    ("patterns", "items", "columns", "quick"),
    [(201, 5_001, 44, True), (200, 5_001, 44, False), (201, 5_000, 44, False), (201, 5_001, 45, False)],
)
def test_few_totals_of_many_patterns_and_items_are_drawn_themselves(
    patterns: int, items: int, columns: int, quick: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(OfTotals, "draw", lambda _self, _items, samples: drawn.append(samples) or np.zeros(samples))
    counts = np.ones(patterns)
    counts[0] += items - patterns
    none = np.array([], np.intp)
    one = OfTotals(Sums(none, none, np.array([]), (patterns, columns)), lambda totals: totals[:, 0])
    assert intervals(counts, {"one": one}, work=patterns, samples=4) == {"one": [(0.0, 0.0)]}
    assert drawn == ([4] if quick else [])


def test_the_interval_is_the_wider_one_and_the_other_where_one_is_missing() -> None:
    def wider(one: Interval | None, other: Interval | None) -> Interval | None:
        return bootstrap._wider(one, other)

    assert wider((0, 2), (1, 2)) == wider((1, 2), (0, 2)) == (0, 2)
    assert wider((1, 2), (2, 3)) == (1, 2)
    assert wider((-3, -1), (1, 2)) == (-3, -1)
    assert wider(None, (1, 2)) == wider((1, 2), None) == (1, 2)
    assert wider(None, None) is None


def test_groups_are_numbered_from_their_highest_or_as_many_as_told() -> None:
    sums = regroup(np.array([1, 1, 0, 1]), np.array([2, 2, 0, 1]), 3, number=4)
    assert sums.dense.tolist() == [[1, 0, 0], [0, 1, 2], [0, 0, 0], [0, 0, 0]]
    assert regroup(np.array([1, 1]), np.array([0, 0]), 3).shape == (2, 3)


@pytest.mark.parametrize(
    ("items", "whole"),
    [
        ([4.0, 3.0, 5.0], True),  # one by one
        ([40.0, 3.0, 5.0], True),  # multinomial
        ([6_000.0] + [1.0] * 200, False),  # normal, since there are many patterns
    ],
)
def test_every_draw_has_as_many_items_as_there_are(items: list[float], whole: bool) -> None:
    drawn = draw(np.array(items), 50, np.random.default_rng(SEED))
    assert drawn.shape == (50, len(items))
    assert drawn.dtype == np.float64
    assert (drawn.sum(axis=1) == sum(items)).all() == (drawn == drawn.round()).all() == whole
    assert drawn.mean(axis=0)[0] == pytest.approx(items[0], rel=0.15)


def test_items_drawn_in_blocks_are_those_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    items = np.array([2.0, 1.0, 3.0])
    whole = draw(items, 7, np.random.default_rng(1))
    monkeypatch.setattr(bootstrap, "CELLS", 12)
    assert draw(items, 7, np.random.default_rng(1)).tolist() == whole.tolist()


def test_of_two_weights_the_one_by_article_stands_where_it_is_wider() -> None:
    """Twelve items in six articles, each of them of one kind: whole articles spread more."""
    items, groups = np.array([6.0, 6.0]), regroup(np.arange(12) // 2, np.arange(12) // 6, 2)
    first = {"first": lambda weights: weights[:, 0]}
    (alone,) = intervals(items, first, work=1)["first"]
    (both,) = intervals(items, first, work=1, groups=groups)["first"]
    assert alone == pytest.approx((3, 9), abs=1)  # a binomial of 12 halves
    assert both == (2, 10)  # twice a binomial of 6 halves
    assert (
        intervals(items, first, work=CELLS, groups=groups, samples=40)["first"]
        == intervals(items, first, work=1, groups=groups, samples=40)["first"]
    )


def test_a_statistic_of_several_values_has_an_interval_for_each() -> None:
    found = intervals(np.array([3.0]), {"two": lambda weights: np.repeat(weights, 2, axis=1)}, work=1, samples=5)
    assert found == {"two": [(3, 3), (3, 3)]}


def test_no_statistic_draws_nothing() -> None:
    assert intervals(np.array([1.0]), {}, work=1) == {}


def test_an_interval_needs_half_of_its_replicates() -> None:
    values = np.array([1.0, 2, 3, 4, 5] + [np.nan] * 5)
    assert bootstrap._interval(values, 10) == pytest.approx((1.1, 4.9))  # 0.025 times four steps from either end
    assert bootstrap._interval(values[1:], 10) is None
