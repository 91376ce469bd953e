"""Bootstrap intervals over distinct patterns: one weight a pattern instead of one draw an item.

Resampling N items with replacement gives the patterns multinomial weights (Efron 1979), so a replicate costs what the
distinct patterns cost. All statistics here are functions of such weights [replicates, patterns].
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from annotator.domain.ratings import Floats, Indices

SEED = 20110125
SAMPLES = 1_000
LEVEL = 0.95
FEW_PATTERNS = 200  # up to here exact multinomial weights are cheaper than drawing many items one by one
MANY_ITEMS = 5_000  # from here counts may be drawn as normals
CELLS = 1_000_000  # numbers in one block of work: 8 MB
KEPT = 20 * CELLS  # weights of groups that are kept, beyond CELLS in two bytes each
WHOLE = 8 * CELLS  # groups times patterns up to which one product is cheaper than adding up what is not zero

Statistic: TypeAlias = Callable[[Floats], Floats]
"""Weights [replicates, patterns] -> values [replicates] or [replicates, n]; NaN where the value is not defined."""

Interval: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Sums:
    """Sums over patterns that are linear in the weights, one a column, kept as the entries that are not zero."""

    rows: Indices  # pattern of each entry
    columns: Indices
    amounts: Floats
    shape: tuple[int, int]  # patterns, columns

    @cached_property
    def dense(self) -> Floats:
        """The whole matrix [patterns, columns]."""
        dense = np.zeros(self.shape)
        np.add.at(dense, (self.rows, self.columns), self.amounts)
        return dense

    def rows_between(self, first: int, last: int) -> Floats:
        """Some rows in full; the entries must stand in the order of their rows."""
        start, end = np.searchsorted(self.rows, [first, last])
        dense = np.zeros((min(last, self.shape[0]) - first, self.shape[1]))
        np.add.at(dense, (self.rows[start:end] - first, self.columns[start:end]), self.amounts[start:end])
        return dense

    @cached_property
    def _by_column(self) -> tuple[Indices, Indices, Indices]:
        order = np.argsort(self.columns, kind="stable")
        present, starts = np.unique(self.columns[order], return_index=True)
        return order, present, starts

    def moments(self, items: Floats) -> tuple[Floats, Floats]:
        """Mean [columns] and covariance [columns, columns] of the totals when each pattern's items are Poisson."""
        order = np.argsort(self.rows, kind="stable")
        rows, columns, amounts = self.rows[order], self.columns[order], self.amounts[order]
        mean, covariance = np.zeros(self.shape[1]), np.zeros((self.shape[1], self.shape[1]))
        step = max(1, CELLS // max(1, self.shape[1]))
        for start in range(0, self.shape[0], step):
            first, last = np.searchsorted(rows, [start, start + step])
            terms = np.zeros((min(step, self.shape[0] - start), self.shape[1]))
            np.add.at(terms, (rows[first:last] - start, columns[first:last]), amounts[first:last])
            weights = items[start : start + step]
            mean += weights @ terms
            covariance += (terms * weights[:, None]).T @ terms
        return mean, covariance

    def total(self, weights: Floats) -> Floats:
        """Weights [replicates, patterns] -> column totals [replicates, columns]."""
        if self.shape[0] * self.shape[1] <= CELLS:
            return weights @ self.dense
        order, present, starts = self._by_column
        totals = np.zeros((len(weights), self.shape[1]))
        if len(order):
            entries = weights[:, self.rows[order]] * self.amounts[order]
            totals[:, present] = np.add.reduceat(entries, starts, axis=1)
        return totals

    def total_of_whole(self, weights: Floats) -> Floats:
        """As `total` where weights and amounts are whole numbers, whose sums are the same in any order."""
        return weights @ self.dense if self.shape[0] * self.shape[1] <= WHOLE else self.total(weights)


@dataclass(frozen=True)
class OfTotals:
    """A statistic that depends on the weights through a few totals only."""

    sums: Sums
    value: Statistic  # totals [replicates, columns] -> values [replicates]

    def __call__(self, weights: Floats) -> Floats:
        return self.value(self.sums.total(weights))

    def draw(self, items: Floats, samples: int) -> Floats:
        """Values of replicates whose totals are drawn as normals of the mean and covariance they have.

        What `draw` does for every pattern, at the cost of the totals.
        """
        mean, covariance = self.sums.moments(items)
        # Some totals are sums of others, which leaves no room for rounding: this little keeps the root real.
        covariance[np.diag_indices_from(covariance)] += 1e-10 * np.trace(covariance)
        noise = np.random.default_rng(SEED).standard_normal((samples, len(covariance)))
        return self.value(mean + noise @ np.linalg.cholesky(covariance).T)


def regroup(groups: Indices, pattern_of: Indices, patterns: int, number: int | None = None) -> Sums:
    """How many items of each group (article) have each pattern: turns weights of groups into weights of patterns."""
    number = int(groups.max(initial=-1)) + 1 if number is None else number
    cell, count = np.unique(groups.astype(np.int64) * patterns + pattern_of, return_counts=True)
    return Sums(cell // patterns, cell % patterns, count.astype(np.float64), (number, patterns))


def intervals(
    items: Floats,
    statistics: Mapping[str, Statistic],
    *,
    work: int,
    groups: Sums | None = None,
    samples: int = SAMPLES,
) -> dict[str, list[Interval | None]]:
    """95 % percentile intervals of each statistic, one a column of its values.

    Replicates in which a value is not defined are left out; with fewer than half defined there is no interval.
    With `groups` whole groups are resampled as well and the wider of the two intervals is given.
    `work` is the longest array a statistic makes of one replicate; it bounds the memory.
    """
    quick = {name: one for name, one in statistics.items() if isinstance(one, OfTotals) and _are_many(items, one.sums)}
    others = {name: statistic for name, statistic in statistics.items() if name not in quick}
    alone = _percentiles(others, _blocks(items, samples, work, None), samples) if others else {}
    alone |= {name: [_interval(statistic.draw(items, samples), samples)] for name, statistic in quick.items()}
    if groups is None:
        return alone
    ones = np.ones(groups.shape[0])
    clustered = _percentiles(statistics, _blocks(ones, samples, work, groups), samples)
    return {name: [_wider(a, b) for a, b in zip(alone[name], clustered[name], strict=True)] for name in statistics}


@dataclass(frozen=True)
class Linear:
    """Figures that depend on items through sums alone: columns [items, sums] and the values of their totals."""

    columns: Floats
    value: Statistic  # totals [replicates, sums] -> values [replicates, n]


def spread(
    parts: Mapping[str, Linear], groups: Indices | None = None, samples: int = SAMPLES
) -> dict[str, list[Interval | None]]:
    """95 % intervals of several figures about the same items, all over one draw; see `intervals`."""
    columns = np.concatenate([part.columns for part in parts.values()], axis=1)
    if not samples or not len(columns):
        values = {name: part.value(part.columns.sum(axis=0, keepdims=True)) for name, part in parts.items()}
        return {name: [None] * found.size for name, found in values.items()}
    alone = _spread(parts, columns, samples)
    if groups is None:
        return alone
    summed = np.zeros((int(groups.max(initial=-1)) + 1, columns.shape[1]))
    np.add.at(summed, groups, columns)
    clustered = _spread(parts, summed, samples)
    return {name: [_wider(a, b) for a, b in zip(alone[name], clustered[name], strict=True)] for name in parts}


def _spread(parts: Mapping[str, Linear], columns: Floats, samples: int) -> dict[str, list[Interval | None]]:
    totals, values, first = _totals(columns, samples), {}, 0
    for name, part in parts.items():
        last = first + part.columns.shape[1]
        found = part.value(totals[:, first:last]).reshape(samples, -1)
        values[name] = [_interval(column, samples) for column in found.T]
        first = last
    return values


def _totals(columns: Floats, samples: int) -> Floats:
    """Totals [samples, sums] of resampled rows; of many rows drawn as normals of their mean and covariance."""
    random = np.random.default_rng(SEED)
    if len(columns) > MANY_ITEMS:
        covariance = columns.T @ columns
        covariance[np.diag_indices_from(covariance)] += 1e-10 * np.trace(covariance)  # as in OfTotals.draw
        noise: Floats = random.standard_normal((samples, len(covariance))) @ np.linalg.cholesky(covariance).T
        totals: Floats = columns.sum(axis=0) + noise
        return totals
    ones, step = np.ones(len(columns)), max(1, CELLS // max(1, len(columns)))
    drawn = (draw(ones, min(step, samples - start), random) @ columns for start in range(0, samples, step))
    return np.concatenate(list(drawn))


def _are_many(items: Floats, sums: Sums) -> bool:
    """Items and patterns so many that totals are normal, and totals so few that drawing those is cheaper."""
    patterns, columns = sums.shape
    return patterns > FEW_PATTERNS and items.sum() > MANY_ITEMS and columns * columns <= patterns * 10


def _blocks(items: Floats, samples: int, work: int, groups: Sums | None) -> Iterator[Floats]:
    """Weights of patterns in blocks that fit in memory, all from one seed."""
    random = np.random.default_rng(SEED)
    step = max(1, CELLS // max(work, len(items)))
    if groups and len(items) * samples <= KEPT and len(items) < 2**16:
        whole, wide = _drawn_groups(len(items), samples), 5 * step  # small products cost most in waking threads
        for start in range(0, samples, wide):
            totals = groups.total_of_whole(whole[start : start + wide].astype(np.float64, copy=False))
            yield from (totals[first : first + step] for first in range(0, len(totals), step))
        return
    for start in range(0, samples, step):
        drawn = draw(items, min(step, samples - start), random)
        yield groups.total(drawn) if groups else drawn


@lru_cache(maxsize=1)
def _drawn_groups(groups: int, samples: int) -> Floats | NDArray[np.uint16]:
    """Weights of resampling so many groups: every figure of a report draws the same."""
    random, ones = np.random.default_rng(SEED), np.ones(groups)
    drawn = np.empty((samples, groups), np.float64 if groups * samples <= CELLS else np.uint16)
    step = max(1, CELLS // max(1, groups))
    for start in range(0, samples, step):
        drawn[start : start + step] = draw(ones, min(step, samples - start), random)
    drawn.flags.writeable = False
    return drawn


def draw(items: Floats, samples: int, random: np.random.Generator) -> Floats:
    """Weights [samples, patterns] of resampling all items, exact unless items and patterns are many."""
    total = int(items.sum())
    if len(items) <= FEW_PATTERNS and total > 10 * len(items):
        return random.multinomial(total, items / total, size=samples).astype(np.float64)
    if total <= max(MANY_ITEMS, 10 * len(items)):
        return _one_by_one(items, samples, random)
    # A Poisson bootstrap, its counts drawn as normals of that mean and variance: shares of thousands of items cannot
    # tell the difference, and drawing each of a thousand cells exactly costs ten times as much.
    noise = random.standard_normal((samples, len(items)), dtype=np.float32)
    noise *= np.sqrt(items).astype(np.float32)
    return noise + items


def _one_by_one(items: Floats, samples: int, random: np.random.Generator) -> Floats:
    """Weights of drawing every item, in blocks that fit in memory."""
    pattern = np.repeat(np.arange(len(items)), items.astype(np.intp))
    step, found = max(1, CELLS // max(1, len(pattern))), []
    for start in range(0, samples, step):
        number = min(step, samples - start)
        drawn = pattern[random.integers(len(pattern), size=(number, len(pattern)))]
        drawn += np.arange(number)[:, None] * len(items)
        found.append(np.bincount(drawn.ravel(), minlength=number * len(items)).reshape(number, -1))
    return np.concatenate(found).astype(np.float64)


def _percentiles(
    statistics: Mapping[str, Statistic], blocks: Iterator[Floats], samples: int
) -> dict[str, list[Interval | None]]:
    values: dict[str, list[Floats]] = {name: [] for name in statistics}
    for weights in blocks:
        for name, statistic in statistics.items():
            block = statistic(weights)
            values[name].append(block.reshape(len(weights), -1))
    return {name: [_interval(column, samples) for column in np.concatenate(found).T] for name, found in values.items()}


def _interval(values: Floats, samples: int) -> Interval | None:
    defined = values[np.isfinite(values)]
    if 2 * len(defined) < samples:
        return None
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def _wider(one: Interval | None, other: Interval | None) -> Interval | None:
    if one is None or other is None:
        return one or other
    return other if other[1] - other[0] > one[1] - one[0] else one
