"""Distances between labels and their sums over all pairs of ratings, worked out by hand."""

import numpy as np
import pytest

from annotator.domain.distances import Distance, Interval, Nominal, Ordinal, Table, jaccard, masi, over_sets, ratio

TOTALS = np.array([[2.0, 1.0, 1.0], [0.0, 3.0, 1.0]])  # how often each of three labels was given, two replicates
FIRST, SECOND = np.array([0, 0, 1, 2]), np.array([0, 1, 2, 0])
SQUARES = np.array([[0.0, 1.0, 4.0], [1.0, 0.0, 1.0], [4.0, 1.0, 0.0]])


@pytest.mark.parametrize(
    ("distance", "between", "expected"),
    [
        (Nominal(), [[0, 1, 1, 1]], [16 - 6, 16 - 10]),
        (Interval(np.array([1.0, 2.0, 4.0])), [[0, 1, 4, 9]], [48, 24]),  # 2 (2·1 + 2·9 + 4) and 2·3·4
        (Ordinal(), [[0, 2.25, 1, 6.25], [0, 2.25, 4, 12.25]], [2 * (2 * 2.25 + 2 * 6.25 + 1), 2 * 3 * 4]),
        (Table(SQUARES), [[0, 1, 1, 4]], [2 * (2 + 8 + 1), 2 * 3]),
        (ratio(np.array([0.0, 1.0, 3.0])), [[0, 1, 0.25, 1]], [2 * (2 + 2 + 0.25), 2 * 3 * 0.25]),
    ],
)
def test_distances_and_their_sums_are_those_worked_out_by_hand(
    distance: Distance, between: list[list[float]], expected: list[float]
) -> None:
    """n_c n_k d(c, k) over all ordered pairs; mid-ranks are 1, 2.5, 3.5 and then 0, 1.5, 3.5."""
    assert distance.between(TOTALS, FIRST, SECOND).tolist() == between
    assert distance.expected(TOTALS) == pytest.approx(expected)


def test_numbers_far_from_zero_are_as_far_apart_as_those_near_it() -> None:
    far = Interval(np.array([1.0, 2.0, 4.0]) + 1e9)
    assert far.expected(TOTALS) == pytest.approx([48, 24], rel=1e-5)


def test_zero_has_no_ratio_distance_from_itself() -> None:
    assert ratio(np.array([0.0, 2.0])).matrix.tolist() == [[0, 1], [1, 0]]


def test_sets_are_compared_each_with_each() -> None:
    sets = [frozenset("a"), frozenset("ab"), frozenset("bc")]
    assert over_sets(sets, jaccard).matrix == pytest.approx(np.array([[0, 1 / 2, 1], [1 / 2, 0, 2 / 3], [1, 2 / 3, 0]]))
    assert over_sets(sets, masi).matrix == pytest.approx(np.array([[0, 2 / 3, 1], [2 / 3, 0, 8 / 9], [1, 8 / 9, 0]]))
    assert over_sets((), masi).matrix.shape == (0, 0)
