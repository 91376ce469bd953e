"""All statistics of 100,000 items cost a few passes over the data, measured against one pass in the same run."""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from annotator.domain.agreement import (
    Ratings,
    Resampling,
    alpha_without,
    coefficients,
    dawid_skene,
    pairwise,
    per_label_alpha,
)
from annotator.domain.counts import Counts
from tests.benchmarks.conftest import Figure

ITEMS, REVIEWERS, LABELS = 100_000, 5, 3
ROUNDS = 9


@pytest.fixture(scope="module")
def ratings() -> Ratings:
    random = np.random.default_rng(1)
    truth = random.choice(LABELS, (ITEMS, 1), p=[0.5, 0.3, 0.2])
    noise = random.integers(0, LABELS, (ITEMS, REVIEWERS))
    codes = np.where(random.random((ITEMS, REVIEWERS)) < 0.25, noise, truth).astype(np.int8)
    codes[random.random(codes.shape) < 0.2] = -1
    return Ratings(tuple(f"s{item:06}" for item in range(ITEMS)), tuple("abcde"), ("claim", "none", "quote"), codes)


def fresh(ratings: Ratings) -> Ratings:
    """The same ratings with nothing worked out yet."""
    return Ratings(ratings.items, ratings.reviewers, ratings.labels, ratings.codes)


def count_matrix(ratings: Ratings) -> None:
    """The floor: one pass that counts every label of every item."""
    np.stack([(ratings.codes == label).sum(axis=1) for label in range(LABELS)], axis=1)


def everything(ratings: Ratings) -> None:
    """Coefficients with intervals, per label, pairs, alpha without each reviewer and the model."""
    coefficients(ratings)
    per_label_alpha(ratings)
    pairwise(ratings)
    alpha_without(ratings)
    dawid_skene(ratings)


def fastest(work: Callable[[Ratings], None], ratings: Ratings) -> float:
    """The best of several rounds: what other processes take away is not what the work costs."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work(fresh(ratings))
        times.append(time.perf_counter() - start)
    return min(times)


@pytest.mark.benchmark
def test_all_statistics_cost_less_than_ten_passes_over_the_data(ratings: Ratings, figure: Figure) -> None:
    floor, whole = fastest(count_matrix, ratings), fastest(everything, ratings)
    figure("all coefficients on 100,000 sentences, beside one pass that counts", f"{whole / floor:.1f} times", "10")
    assert whole < 10 * floor


@pytest.mark.benchmark
def test_all_statistics_need_less_than_a_hundred_megabytes(ratings: Ratings) -> None:
    tracemalloc.start()
    try:
        everything(fresh(ratings))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000


@pytest.mark.benchmark
def test_count_patterns_stay_few_however_many_items(ratings: Ratings) -> None:
    counts = Counts.of(ratings)
    assert int(np.count_nonzero(counts.paired)) == 52
    assert counts.paired_items == int(((ratings.codes >= 0).sum(axis=1) > 1).sum())


@pytest.mark.benchmark
def test_a_thousand_samples_cost_less_than_a_hundredth_of_plain_resampling(ratings: Ratings) -> None:
    """Plain resampling draws and counts all items again for each sample; one such sample is timed."""

    def plain_sample(ratings: Ratings) -> None:
        rows = np.random.default_rng(1).integers(ITEMS, size=ITEMS)
        count_matrix(Ratings(ratings.items, ratings.reviewers, ratings.labels, ratings.codes[rows]))

    def with_intervals(ratings: Ratings) -> None:
        per_label_alpha(ratings)

    def without_intervals(ratings: Ratings) -> None:
        per_label_alpha(ratings, Resampling(samples=0))

    thousand = fastest(with_intervals, ratings) - fastest(without_intervals, ratings)
    assert thousand < 1_000 * fastest(plain_sample, ratings) / 100
