"""How far apart two labels are, in Krippendorff's sense: 0 for equal ones, symmetric.

A distance answers two questions for label totals [replicates, labels]: how far two labels are (`between`), and the
sum over all ordered pairs of ratings, n_c n_k d(c, k) (`expected`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from annotator.domain.ratings import Floats, Indices

SetDistance: TypeAlias = Callable[[frozenset[str], frozenset[str]], float]


class Distance(Protocol):
    """What alpha asks of any distance."""

    def between(self, totals: Floats, first: Indices, second: Indices, /) -> Floats:
        """Distances [replicates or 1, pairs] of the labels `first` from the labels `second`."""

    def expected(self, totals: Floats) -> Floats:
        """Sum of n_c n_k d(c, k) over all ordered pairs, per replicate."""


class Nominal:
    """Different or not."""

    def between(self, _totals: Floats, first: Indices, second: Indices, /) -> Floats:
        apart: Floats = (first != second).astype(np.float64)
        return apart[None]

    def expected(self, totals: Floats) -> Floats:
        expected: Floats = np.square(totals.sum(axis=1)) - np.square(totals).sum(axis=1)
        return expected


@dataclass(frozen=True)
class Interval:
    """Squared difference of the numbers the labels are."""

    numbers: Floats

    def between(self, _totals: Floats, first: Indices, second: Indices, /) -> Floats:
        difference: Floats = self.numbers[first] - self.numbers[second]
        return np.square(difference)[None]

    def expected(self, totals: Floats) -> Floats:
        return _spread(totals, self.numbers[None] - self.numbers.mean())


class Ordinal:
    """Squared number of ratings between two labels, half of each label's own counted (Krippendorff 2011, section C).

    Which is the squared difference of mid-ranks; the labels must be in rising order.
    """

    def between(self, totals: Floats, first: Indices, second: Indices, /) -> Floats:
        ranks = self._ranks(totals)
        return np.square(ranks[:, first] - ranks[:, second])

    def expected(self, totals: Floats) -> Floats:
        return _spread(totals, self._ranks(totals))

    def _ranks(self, totals: Floats) -> Floats:
        ranks: Floats = np.cumsum(totals, axis=1) - totals / 2
        return ranks


@dataclass(frozen=True)
class Table:
    """Distances looked up in a matrix [labels, labels]."""

    matrix: Floats

    def between(self, _totals: Floats, first: Indices, second: Indices, /) -> Floats:
        apart: Floats = self.matrix[first, second]
        return apart[None]

    def expected(self, totals: Floats) -> Floats:
        expected: Floats = np.einsum("bk,bk->b", totals @ self.matrix, totals)
        return expected


def _spread(totals: Floats, places: Floats) -> Floats:
    """Sum of n_c n_k (x_c - x_k)^2 over all ordered pairs, for places x [replicates or 1, labels]."""
    weighted: Floats = totals * places
    spread: Floats = totals.sum(axis=1) * (weighted * places).sum(axis=1) - np.square(weighted.sum(axis=1))
    return 2 * spread


def ratio(numbers: Floats) -> Table:
    """Squared difference over sum, for numbers from zero up (Krippendorff 2011)."""
    total = numbers[:, None] + numbers
    difference = numbers[:, None] - numbers
    return Table(np.square(difference / np.where(total == 0, 1, total)))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """1 - |intersection| / |union|; 0 for two empty sets (Jaccard 1912)."""
    return 1 - len(one & other) / len(one | other) if one != other else 0.0


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    """1 - Jaccard similarity x monotonicity, which is 1, 2/3, 1/3 or 0 for equal, nested, overlapping, disjoint sets.

    Passonneau 2006, Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation.
    """
    if one == other:
        return 0.0
    shared = one & other
    if not shared:
        return 1.0
    monotonicity = 2 / 3 if one < other or other < one else 1 / 3
    return 1 - len(shared) / len(one | other) * monotonicity


def over_sets(sets: Sequence[frozenset[str]], distance: SetDistance) -> Table:
    """The matrix of a distance between label sets."""
    matrix = np.zeros((len(sets), len(sets)))
    for row, one in enumerate(sets):
        for column in range(row):
            matrix[row, column] = matrix[column, row] = distance(one, sets[column])
    return Table(matrix)
