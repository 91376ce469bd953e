"""How often each label was given to an item, over the distinct patterns of such counts."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from annotator.domain.bootstrap import Sums, regroup
from annotator.domain.ratings import MISSING, Codes, Floats, Indices, Ratings, distinct_rows


def tally(where: Indices, amounts: Floats, length: int) -> Floats:
    """Sum of the amounts at each place."""
    return np.asarray(np.bincount(where, weights=amounts, minlength=length), np.float64)


@dataclass(frozen=True)
class Pairs:
    """Every two different labels of one pattern: `ordered` counts pairs of ratings both ways, over size - 1."""

    row: Indices
    first: Indices  # label
    second: Indices
    ordered: Floats


@dataclass(frozen=True)
class Counts:
    """Distinct count patterns in sparse form: entry i says that pattern row[i] has label[i] count[i] times."""

    labels: int
    items: Floats  # items with each pattern
    row: Indices  # entries, rising
    label: Indices
    count: Floats
    pattern_of: Indices  # pattern of each item

    @classmethod
    def of(cls, ratings: Ratings) -> "Counts":
        """Count patterns of ratings: the rating patterns with the reviewers forgotten."""
        return cls._merged(ratings, ratings.patterns.rows)

    @classmethod
    def without(cls, ratings: Ratings, reviewer: int) -> "Counts":
        """Count patterns had the reviewer of one column not taken part."""
        return cls._merged(ratings, np.delete(ratings.patterns.rows, reviewer, axis=1))

    @classmethod
    def _merged(cls, ratings: Ratings, rows: Codes) -> "Counts":
        patterns = ratings.patterns
        given = np.sort(rows, axis=1)
        given = given[:, int((given == MISSING).all(axis=0).sum()) :]  # what is missing comes first
        merged = distinct_rows(given, lowest=MISSING, highest=len(ratings.labels) - 1)
        items = tally(merged.pattern_of, patterns.items, len(merged.items))
        return cls._of_sorted(merged.rows, items, merged.pattern_of[patterns.pattern_of], len(ratings.labels))

    @classmethod
    def by_reviewer(cls, ratings: Ratings) -> "Counts":
        """The same counts, one for each rating pattern, so that they line up with `ratings.patterns`."""
        patterns = ratings.patterns
        rows = np.sort(patterns.rows, axis=1)
        return cls._of_sorted(rows, patterns.items, patterns.pattern_of, len(ratings.labels))

    @classmethod
    def _of_sorted(cls, rows: Codes, items: Floats, pattern_of: Indices, labels: int) -> "Counts":
        row, column = np.nonzero(rows != MISSING)
        code = rows[row, column].astype(np.intp)
        starts = np.ones(len(row), bool)
        starts[1:] = (row[1:] != row[:-1]) | (code[1:] != code[:-1])
        first = np.flatnonzero(starts)
        count = np.diff(np.append(first, len(row))).astype(np.float64)
        return cls(labels, items, row[first], code[first], count, pattern_of)

    @classmethod
    def of_matrix(cls, matrix: Codes) -> "Counts":
        """From a count matrix [items, labels]."""
        patterns = distinct_rows(matrix, lowest=0, highest=int(matrix.max(initial=0)))
        row, label = np.nonzero(patterns.rows)
        count = patterns.rows[row, label].astype(np.float64)
        return cls(matrix.shape[1], patterns.items, row, label, count, patterns.pattern_of)

    def against(self, chosen: NDArray[np.bool_]) -> "Counts":
        """The same ratings with two labels only, whether the label was one of those chosen [labels]; no comes first."""
        yes = tally(self.row, self.count * chosen[self.label], len(self.items))
        both = np.stack([self.size, yes], axis=1)
        distinct, pattern_of = np.unique(both, axis=0, return_inverse=True)
        counts = np.stack([distinct[:, 0] - distinct[:, 1], distinct[:, 1]], axis=1)
        row, label = np.nonzero(counts)
        items = tally(pattern_of, self.items, len(distinct))
        return Counts(2, items, row, label, counts[row, label], pattern_of[self.pattern_of])

    @cached_property
    def size(self) -> Floats:
        """Ratings of one item, per pattern."""
        return tally(self.row, self.count, len(self.items))

    @cached_property
    def paired(self) -> NDArray[np.bool_]:
        """Which patterns have two ratings or more, the only ones in which anyone can agree."""
        return self.size >= 2

    @cached_property
    def paired_items(self) -> int:
        """How many items have two ratings or more."""
        return int(self.items[self.paired].sum())

    @cached_property
    def used(self) -> Indices:
        """The labels that occur on items with two ratings or more."""
        return np.unique(self.label[self.paired[self.row]])

    @cached_property
    def paired_totals(self) -> Sums:
        """Per label, how often it was given to items with two ratings or more."""
        keep = self.paired[self.row]
        return Sums(self.row[keep], self.label[keep], self.count[keep], (len(self.items), self.labels))

    @cached_property
    def pairs(self) -> Pairs:
        """The disagreeing pairs of labels in every pattern."""
        found: list[tuple[Indices, Indices]] = []
        for shift in range(1, len(self.row)):
            here = np.flatnonzero(self.row[shift:] == self.row[:-shift])
            if not len(here):
                break
            found.append((here, here + shift))
        one = np.concatenate([pair[0] for pair in found]) if found else np.zeros(0, np.intp)
        two = np.concatenate([pair[1] for pair in found]) if found else np.zeros(0, np.intp)
        row = self.row[one]
        ordered = 2 * self.count[one] * self.count[two] / (self.size[row] - 1)
        return Pairs(row, self.label[one], self.label[two], ordered)

    @cached_property
    def agreeing(self) -> Floats:
        """Share of the pairs of ratings of one item that agree, per pattern; 0 where there is no pair."""
        same = tally(self.row, self.count * (self.count - 1), len(self.items))
        return same / np.maximum(self.size * (self.size - 1), 1)

    def groups(self, groups: Indices | None) -> Sums | None:
        """Weights of groups of items (articles) as weights of patterns."""
        return None if groups is None else regroup(groups, self.pattern_of, len(self.items))

    @property
    def work(self) -> int:
        """The longest array a statistic makes of one replicate."""
        return max(len(self.items), len(self.row), len(self.pairs.row))

    @cached_property
    def entropy(self) -> Floats:
        """Shannon entropy in bits of the labels of one item, per pattern; NaN with fewer than two ratings."""
        share = self.count / self.size[self.row]
        bits = tally(self.row, -share * np.log2(share), len(self.items))
        return np.where(self.paired, np.abs(bits), np.nan)
