"""The coefficients that compare observed with chance agreement as 1 - (1 - p_a) / (1 - p_e), as functions of weights.

Several reviewers with gaps are treated as in Gwet, Handbook of Inter-Rater Reliability (2014): p_a is the mean over
items with at least two ratings, label shares are means over all rated items. Two reviewers are compared on the items
both have labelled. A declared label counts as a label that could have been chosen.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from annotator.domain.bootstrap import OfTotals, Sums
from annotator.domain.counts import Counts
from annotator.domain.ratings import MISSING, Floats, Indices, Ratings


def corrected(agreement: Floats, chance: Floats) -> Floats:
    """(p_a - p_e) / (1 - p_e); NaN where chance alone agrees always."""
    room = 1 - chance
    return np.where(room > 1e-12, (agreement - chance) / np.where(room > 1e-12, room, 1), np.nan)


def ratio_or_nan(part: Floats, whole: Floats) -> Floats:
    """Part by whole, element by element; NaN where the whole is not above zero."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


@dataclass(frozen=True)
class ManyReviewers:
    """Coefficients that only need to know how often an item got each label."""

    counts: Counts

    @cached_property
    def _shares(self) -> Sums:
        counts = self.counts
        amounts = counts.count / counts.size[counts.row]
        return Sums(counts.row, counts.label, amounts, (len(counts.items), counts.labels))

    def percent_agreement(self, weights: Floats) -> Floats:
        """Mean share of agreeing pairs over items with two ratings or more."""
        paired = self.counts.paired.astype(np.float64)
        return ratio_or_nan(weights @ self.counts.agreeing, weights @ paired)

    def fleiss_kappa(self, weights: Floats) -> Floats:
        """Fleiss 1971: chance is that of two ratings drawn from all."""
        return corrected(self.percent_agreement(weights), np.square(self._share(weights)).sum(axis=1))

    def gwet_ac1(self, weights: Floats) -> Floats:
        """Gwet 2008: chance is that of a guess on an item that is hard to label."""
        share = self._share(weights)
        chance = (share * (1 - share)).sum(axis=1) / (self.counts.labels - 1)
        return corrected(self.percent_agreement(weights), chance)

    def brennan_prediger(self, weights: Floats) -> Floats:
        """Brennan & Prediger 1981, for two reviewers also Bennett's S: every label is as likely."""
        agreement = self.percent_agreement(weights)
        return corrected(agreement, np.full_like(agreement, 1 / self.counts.labels))

    def _share(self, weights: Floats) -> Floats:
        totals = self._shares.total(weights)
        share: Floats = totals / totals.sum(axis=1, keepdims=True)
        return share


def conger(ratings: Ratings, counts: Counts) -> OfTotals:
    """Conger 1980: chance is that of two different reviewers who label at random, each with their own shares.

    `counts` are those of `Counts.by_reviewer`.
    """
    labels, reviewers = len(ratings.labels), len(ratings.reviewers)
    row, column = np.nonzero(ratings.patterns.rows != MISSING)
    cell = column * labels + ratings.patterns.rows[row, column].astype(np.intp)
    paired = np.flatnonzero(counts.paired)
    first = reviewers * labels  # one column for each reviewer and label, then agreement and paired items
    sums = Sums(
        rows=np.concatenate([row, paired, paired]),
        columns=np.concatenate([cell, np.full(len(paired), first), np.full(len(paired), first + 1)]),
        amounts=np.concatenate([np.ones(len(row)), counts.agreeing[paired], np.ones(len(paired))]),
        shape=(len(counts.items), first + 2),
    )

    def value(totals: Floats) -> Floats:
        given = totals[:, :first].reshape(len(totals), reviewers, labels)
        share = ratio_or_nan(given, given.sum(axis=2, keepdims=True))
        own = np.square(share).sum(axis=(1, 2))
        chance = (np.square(share.sum(axis=1)).sum(axis=1) - own) / (reviewers * (reviewers - 1))
        return corrected(ratio_or_nan(totals[:, first], totals[:, first + 1]), chance)

    return OfTotals(sums, value)


def tables_of_pairs(ratings: Ratings) -> Floats:
    """How often the one gave each label where the other gave each: [pairs of reviewers, labels, labels]."""
    rows, items, labels = ratings.patterns.rows, ratings.patterns.items, len(ratings.labels)
    reviewers = rows.shape[1]
    row, column = np.nonzero(rows != MISSING)
    code, sizes = rows[row, column].astype(np.intp), np.bincount(row, minlength=len(rows))
    place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    pairs = reviewers * (reviewers - 1) // 2
    tables = np.zeros(pairs * labels * labels)
    for apart in range(1, int(sizes.max(initial=0))):  # every two ratings of a pattern, the nearest first
        one = np.flatnonzero(place + apart < sizes[row])
        two = one + apart
        first, second = column[one], column[two]
        pair = first * (2 * reviewers - first - 1) // 2 + second - first - 1  # as np.triu_indices counts
        cell = (pair * labels + code[one]) * labels + code[two]
        tables += np.bincount(cell, weights=items[row[one]], minlength=len(tables))
    return tables.reshape(pairs, labels, labels)


def cohen_of_tables(tables: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each table the items, the share on its diagonal and Cohen's kappa (1960); NaN where they are not defined."""
    items = tables.sum(axis=(1, 2))
    agreeing = ratio_or_nan(np.trace(tables, axis1=1, axis2=2), items)
    both = tables.sum(axis=2), tables.sum(axis=1)
    return items, agreeing, corrected(agreeing, ratio_or_nan((both[0] * both[1]).sum(axis=1), np.square(items)))


@dataclass(frozen=True)
class TwoReviewers:
    """Two reviewers' labels on the patterns both have labelled.

    Weighted kappas take the places of the labels from `numbers`, or from their order where there are none.
    """

    one: Indices  # label, per shared pattern
    other: Indices
    shared: NDArray[np.bool_]  # which patterns are shared
    labels: int
    numbers: Floats | None

    @classmethod
    def of(cls, ratings: Ratings, one: int, other: int) -> "TwoReviewers":
        """The reviewers of two columns, over the patterns that both have labelled."""
        rows = ratings.patterns.rows[:, [one, other]]
        shared = (rows != MISSING).all(axis=1)
        codes = rows[shared].astype(np.intp)
        return cls(codes[:, 0], codes[:, 1], shared, len(ratings.labels), ratings.numbers)

    @cached_property
    def _given(self) -> Sums:
        place = np.arange(len(self.one))
        columns = np.concatenate([self.one, self.other + self.labels])
        return Sums(np.tile(place, 2), columns, np.ones(len(columns)), (len(place), 2 * self.labels))

    def totals(self, weights: Floats) -> tuple[Floats, Floats]:
        """Label totals of either reviewer."""
        both = self._given.total(weights[:, self.shared])
        return both[:, : self.labels], both[:, self.labels :]

    def agreement(self, weights: Floats) -> Floats:
        """Share of the shared items on which the two agree."""
        weights = weights[:, self.shared]
        return ratio_or_nan(weights @ (self.one == self.other).astype(np.float64), weights.sum(axis=1))

    def cohen_kappa(self, weights: Floats) -> Floats:
        """Cohen 1960: each reviewer labels at random with their own shares."""
        one, other = self.totals(weights)
        chance = ratio_or_nan((one * other).sum(axis=1), np.square(one.sum(axis=1)))
        return corrected(self.agreement(weights), chance)

    def cohen_kappa_linear(self, weights: Floats) -> Floats:
        """Cohen 1968 with weights that fall with the difference of two labels."""
        one, other = (np.cumsum(totals, axis=1)[:, :-1] for totals in self.totals(weights))
        n = weights[:, self.shared].sum(axis=1, keepdims=True)
        apart = one * (n - other) + (n - one) * other
        return self._weighted(weights, np.abs(self._gap), apart @ np.diff(self._places))

    def cohen_kappa_quadratic(self, weights: Floats) -> Floats:
        """Cohen 1968 with weights that fall with the squared difference of two labels."""
        one, other = self.totals(weights)
        n = weights[:, self.shared].sum(axis=1)
        squares = n * ((one + other) @ np.square(self._places))
        return self._weighted(
            weights, np.square(self._gap), squares - 2 * (one @ self._places) * (other @ self._places)
        )

    def scott_pi(self, weights: Floats) -> Floats:
        """Scott 1955: both label at random with the shares of their pooled labels."""
        one, other = self.totals(weights)
        share = ratio_or_nan(one + other, (one + other).sum(axis=1, keepdims=True))
        return corrected(self.agreement(weights), np.square(share).sum(axis=1))

    def pabak(self, weights: Floats) -> Floats:
        """Byrt, Bishop & Carlin 1993: kappa had all labels been as frequent; 2 p_a - 1 for two labels."""
        agreement = self.agreement(weights)
        return corrected(agreement, np.full_like(agreement, 1 / self.labels))

    @cached_property
    def _places(self) -> Floats:
        numbers = np.arange(self.labels, dtype=np.float64) if self.numbers is None else self.numbers
        places: Floats = numbers - numbers.mean()
        return places

    @property
    def _gap(self) -> Floats:
        gap: Floats = self._places[self.one] - self._places[self.other]
        return gap

    def _weighted(self, weights: Floats, apart: Floats, expected: Floats) -> Floats:
        """1 - n x observed / expected disagreement, the latter summed over all pairs of a label of either."""
        one, other = self.totals(weights)
        varied = np.count_nonzero(one + other > 0, axis=1) > 1
        weights = weights[:, self.shared]
        observed = weights.sum(axis=1) * (weights @ apart)
        return np.where(varied, 1 - observed / np.where(varied, expected, 1), np.nan)
