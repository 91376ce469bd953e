"""How often items got each label: the same items in few patterns, whoever gave the labels."""

import numpy as np
import pytest

from annotator.domain.counts import Counts, tally
from annotator.domain.ratings import Ratings, ratings_of

LINES = ("aab", "aba", "a.b", "ba.", "bb.", "..c", "cab")


def ratings(*lines: str) -> Ratings:
    """An item a line, a reviewer a column, a dot where one gave no label."""
    return ratings_of(
        (f"u{item:02}", f"r{column}", label)
        for item, line in enumerate(lines)
        for column, label in enumerate(line)
        if label != "."
    )


def of_items(counts: Counts) -> list[list[float]]:
    """How often each item got each label."""
    matrix = np.zeros((len(counts.items), counts.labels))
    matrix[counts.row, counts.label] = counts.count
    return [list(line) for line in matrix[counts.pattern_of].tolist()]


def test_amounts_are_summed_at_their_place() -> None:
    assert tally(np.array([2, 0, 2]), np.array([1.5, 1, 2]), 4).tolist() == [1, 0, 3.5, 0]
    assert tally(np.array([], np.intp), np.array([]), 2).tolist() == [0, 0]


def test_items_with_the_same_labels_are_one_pattern_whoever_gave_them() -> None:
    found = Counts.of(ratings(*LINES))
    expected = [[2, 1, 0], [2, 1, 0], [1, 1, 0], [1, 1, 0], [0, 2, 0], [0, 0, 1], [1, 1, 1]]
    assert of_items(found) == expected
    assert sorted(found.items.tolist()) == [1, 1, 1, 2, 2]
    assert [found.items[place] for place in found.pattern_of] == [2, 2, 2, 2, 1, 1, 1]
    assert found.size[found.pattern_of].tolist() == [3, 3, 2, 2, 2, 1, 3]
    assert (found.paired_items, found.used.tolist()) == (6, [0, 1, 2])
    assert np.all(np.diff(found.row) >= 0)


def test_patterns_by_reviewer_are_those_of_the_ratings() -> None:
    given = ratings(*LINES)
    found = Counts.by_reviewer(given)
    assert of_items(found) == of_items(Counts.of(given))
    assert found.items is given.patterns.items
    assert found.pattern_of is given.patterns.pattern_of
    assert len(found.items) == 7


def test_without_a_reviewer_the_others_labels_are_left() -> None:
    given = ratings(*LINES)
    assert of_items(Counts.without(given, 0)) == [
        [1, 1, 0], [1, 1, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0],
    ]  # fmt: skip
    assert of_items(Counts.without(given, 2)) == [
        [2, 0, 0], [1, 1, 0], [1, 0, 0], [1, 1, 0], [0, 2, 0], [0, 0, 0], [1, 0, 1],
    ]  # fmt: skip
    assert Counts.without(given, 1).labels == 3


def test_a_matrix_of_counts_is_taken_as_it_is() -> None:
    matrix = np.array([[2, 0, 1], [0, 0, 0], [2, 0, 1], [0, 5, 0]])
    found = Counts.of_matrix(matrix)
    assert of_items(found) == matrix.tolist()
    assert sorted(found.items.tolist()) == [1, 1, 2]
    assert (found.labels, found.count.dtype) == (3, np.float64)
    assert Counts.of_matrix(np.zeros((0, 2), int)).paired_items == 0


def test_chosen_labels_against_all_others_are_two_labels() -> None:
    found = Counts.of(ratings(*LINES)).against(np.array([True, False, True]))
    assert of_items(found) == [[1, 2], [1, 2], [1, 1], [1, 1], [2, 0], [0, 1], [1, 2]]
    assert (found.labels, len(found.items)) == (2, 4)
    assert sorted(found.items.tolist()) == [1, 1, 2, 3]


def test_disagreeing_pairs_are_counted_both_ways_over_the_size_less_one() -> None:
    counts = Counts.of(ratings("aab", "abc", "aa.", "c.."))
    pairs = counts.pairs
    assert len(pairs.row) == 4
    assert sorted(pairs.ordered.tolist()) == [
        1,
        1,
        1,
        2,
    ]  # 2·2·1/2 of the first item, 2·1·1/2 of each pair of the second
    assert sorted(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [(0, 1), (0, 1), (0, 2), (1, 2)]
    assert sorted(pairs.row.tolist()) == sorted(counts.pattern_of[[0, 1, 1, 1]].tolist())
    assert counts.work == 7  # entries


@pytest.mark.parametrize(
    ("line", "share"), [("aaa", 1), ("aab", 1 / 3), ("abc", 0), ("ab.", 0), ("aa.", 1), ("a..", 0)]
)
def test_agreeing_is_the_share_of_pairs_that_are_alike(line: str, share: float) -> None:
    assert Counts.of(ratings(line)).agreeing.tolist() == [pytest.approx(share)]


def test_items_of_articles_are_counted_by_their_pattern() -> None:
    counts = Counts.of(ratings("ab.", "aa.", "ba."))
    sums = counts.groups(np.array([0, 0, 1]))
    assert sums is not None
    assert sums.dense[:, counts.pattern_of].tolist() == [[1, 1, 1], [1, 0, 1]]
    assert sums.shape == (2, 2)
    assert counts.groups(None) is None
