"""Intervals: the same every time, those of plain resampling, wider where articles differ."""

import numpy as np
import pytest

from annotator.domain.agreement import Ratings, Resampling, coefficients, label_alpha, per_label_alpha, set_alpha
from annotator.domain.bootstrap import draw
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
