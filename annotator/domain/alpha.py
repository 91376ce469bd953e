"""Krippendorff's alpha for any distance, and what every coefficient shares: interval, reason why there is none.

Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): alpha = 1 - D_o / D_e over the coincidences of labels
on items with at least two ratings, so that missing ratings neither agree nor disagree.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from annotator.domain.bootstrap import CELLS, SAMPLES, Interval, Statistic, Sums, intervals, regroup
from annotator.domain.counts import Counts, tally
from annotator.domain.distances import Distance, Nominal, SetDistance, masi, over_sets
from annotator.domain.ratings import Codes, Floats, Indices, Ratings
from annotator.language import later

MOST_LABELS = 1_000  # a matrix of distances between more labels than this is not built
TOO_MANY = later("{n} distinct labels are more than the {most} compared here")
CHANCE = later("agreement by chance would be complete")
MOST_INTERVALS = 200  # single labels that get an interval of their own


@dataclass(frozen=True)
class Coefficient:
    """A value with its 95 % interval, or the reason in words why there is none, and the items it rests on."""

    value: float | None
    reason: str | None = None
    ci95: Interval | None = None
    items: int = 0  # items with two labels or more


@dataclass(frozen=True)
class Resampling:
    """How intervals are drawn: how many replicates (0 for none) and the number of each item's article, if known."""

    samples: int = SAMPLES
    groups: Indices | None = None  # [items]


def items_to_settle(found: Coefficient, mark: float) -> int | None:
    """How many more items, rated like these, would take a mark out of the interval; None where it is not inside.

    An interval narrows with the root of the items: n' = n (distance of its end / distance of the mark)^2 - n.
    Also None where the value is so near that no number would be sensible (over a hundred times the items).
    """
    if found.value is None or found.ci95 is None or not found.ci95[0] < mark < found.ci95[1]:
        return None
    end = found.value - found.ci95[0] if mark < found.value else found.ci95[1] - found.value
    gap = abs(found.value - mark)
    if gap * 10 < end:
        return None
    more = math.ceil(round(found.items * ((end / gap) ** 2 - 1), 6))  # floats: 90.0000001 is 90
    step: int = 10 ** max(0, len(str(more)) - 2)  # two figures are all that an estimate bears
    return max(1, -(-more // step) * step)


def alpha_values(counts: Counts, distance: Distance) -> Statistic:
    """Alpha as a function of pattern weights."""
    pairs = counts.pairs

    def values(weights: Floats) -> Floats:
        totals = counts.paired_totals.total(weights)
        apart = pairs.ordered * distance.between(totals, pairs.first, pairs.second)
        if len(apart) == 1:
            observed = weights @ tally(pairs.row, apart[0], len(counts.items))
        else:
            observed = (weights[:, pairs.row] * apart).sum(axis=1)
        varied = np.count_nonzero(totals > 0, axis=1) > 1
        expected = np.where(varied, distance.expected(totals), 1)
        return np.where(varied, 1 - (totals.sum(axis=1) - 1) * observed / expected, np.nan)

    return values


def alpha(counts: Counts, distance: Distance, resampling: Resampling = Resampling()) -> Coefficient:
    """Alpha over count patterns."""
    return estimate(counts, {"alpha": alpha_values(counts, distance)}, resampling)["alpha"]


def alpha_by_group(
    counts: Counts, distance: Distance, groups: Indices, *, number: int, reviewers: int
) -> list[Coefficient]:
    """Alpha of every group of items (articles) by itself, without intervals; `groups` has the number of each item's."""
    if not len(counts.row):
        return [Coefficient(None, why_undefined(counts))] * number
    weights = regroup(groups, counts.pattern_of, len(counts.items), number)
    statistic, found = alpha_values(counts, distance), []
    step = max(1, CELLS // max(1, counts.work))
    for start in range(0, number, step):
        some = weights.rows_between(start, start + step)
        found += _each(counts, some, statistic(some), reviewers)
    return found


def _each(counts: Counts, weights: Floats, values: Floats, reviewers: int) -> list[Coefficient]:
    """The value of each row of weights, or why there is none."""
    rated, paired = weights.sum(axis=1), weights @ counts.paired.astype(np.float64)
    used = np.count_nonzero(counts.paired_totals.total(weights) > 0, axis=1)
    figures = (rated, paired.astype(np.intp), used, values)
    found = []
    for items, both, labels, value in zip(*(figure.tolist() for figure in figures), strict=True):
        why = _why(items, reviewers, both, labels)
        found.append(Coefficient(None if why else value, why, None, both))
    return found


def label_alpha(matrix: Codes, resampling: Resampling = Resampling()) -> Coefficient:
    """Alpha of one label from how many reviewers said yes and no: counts [items, 2]."""
    return alpha(Counts.of_matrix(matrix), Nominal(), resampling)


def set_alpha(ratings: Ratings, distance: SetDistance = masi, resampling: Resampling = Resampling()) -> Coefficient:
    """Alpha over label sets, two sets as far apart as `distance` says (MASI, Jaccard)."""
    sets = ratings.members or tuple(frozenset({label}) for label in ratings.labels)
    if too_many := why_too_many(sets):
        return Coefficient(None, too_many)
    return alpha(Counts.of(ratings), over_sets(sets, distance), resampling)


def per_label_alpha(ratings: Ratings, resampling: Resampling = Resampling()) -> dict[str, Coefficient]:
    """Alpha of every single label against its absence; in label sets a label is there when the set has it."""
    counts = Counts.of(ratings)
    why = why_undefined(counts, reviewers=len(ratings.reviewers), one_label_will_do=True)
    names = ratings.elements
    if why is not None or not names:
        return {name: Coefficient(None, why) for name in names}
    statistic = _presence_values(counts, _presence(ratings, counts))
    values = statistic(counts.items[None])[0]
    spread: list[Interval | None] = [None] * len(names)
    if resampling.samples and len(names) <= MOST_INTERVALS:
        spread = _intervals(counts, {"label": statistic}, resampling)["label"]
    never = later("every rating is the same: the label was always or never given")
    return {
        name: Coefficient(None, never, None, counts.paired_items)
        if np.isnan(value)
        else Coefficient(float(value), None, ci95, counts.paired_items)
        for name, value, ci95 in zip(names, values, spread, strict=True)
    }


def _presence(ratings: Ratings, counts: Counts) -> Sums:
    """How many ratings of an item have each single label, per pattern with two ratings or more."""
    keep = counts.paired[counts.row]
    row, label, count = counts.row[keep], counts.label[keep], counts.count[keep]
    shape = (len(counts.items), len(ratings.elements))
    if ratings.members is None:
        return Sums(row, label, count, shape)
    place = {name: number for number, name in enumerate(ratings.elements)}
    of_label = [sorted(place[name] for name in members) for members in ratings.members]
    entry = np.repeat(np.arange(len(row)), [len(of_label[code]) for code in label])
    column = np.array([element for code in label for element in of_label[code]], np.intp)
    cell, where = np.unique(row[entry] * shape[1] + column, return_inverse=True)
    return Sums(cell // shape[1], cell % shape[1], tally(where, count[entry], len(cell)), shape)


def _presence_values(counts: Counts, given: Sums) -> Statistic:
    """Binary alpha of every single label: weights [replicates, patterns] -> [replicates, single labels]."""
    size = counts.size[given.rows]
    apart = 2 * given.amounts * (size - given.amounts) / (size - 1)
    disagreeing = Sums(given.rows, given.columns, apart, given.shape)
    ratings = counts.size * counts.paired

    def values(weights: Floats) -> Floats:
        yes, n = given.total(weights), (weights @ ratings)[:, None]
        expected = 2 * yes * (n - yes)
        varied = expected > 0
        return np.where(varied, 1 - (n - 1) * disagreeing.total(weights) / np.where(varied, expected, 1), np.nan)

    return values


def why_undefined(counts: Counts, *, reviewers: int | None = None, one_label_will_do: bool = False) -> str | None:
    """Why no coefficient exists, in words; None where one does."""
    return _why(len(counts.row), reviewers, counts.paired_items, 2 if one_label_will_do else len(counts.used))


def _why(rated: float, reviewers: int | None, paired: int, used: int) -> str | None:
    """The same from how many ratings, reviewers, items with two ratings and labels of those there are."""
    if not rated:
        return later("nothing is labelled")
    if reviewers == 1:
        return later("only one reviewer: agreement needs at least two")
    if paired == 0:
        return later("no overlap: no item was labelled by two reviewers")
    if paired == 1:
        return later("only one item was labelled by two reviewers")
    if used == 1:
        return later("only one label was used, so agreement cannot be told from chance")
    return None


def why_too_many(labels: tuple[object, ...]) -> str | None:
    """Why distances between these labels are not tabled; None where they are few enough."""
    number = len(labels)
    return TOO_MANY.format(n=number, most=MOST_LABELS) if number > MOST_LABELS else None


def estimate(
    counts: Counts,
    statistics: Mapping[str, Statistic],
    resampling: Resampling,
    *,
    reviewers: int | None = None,
    uncorrected: tuple[str, ...] = (),
) -> dict[str, Coefficient]:
    """Value and interval of each statistic, all over the same replicates; `uncorrected` ones bear a single label."""
    found = {}
    for name in statistics:
        why = why_undefined(counts, reviewers=reviewers, one_label_will_do=name in uncorrected)
        found[name] = Coefficient(None, why, None, counts.paired_items)
    wanted = {name: statistic for name, statistic in statistics.items() if found[name].reason is None}
    spread = _intervals(counts, wanted, resampling)
    for name, statistic in wanted.items():
        value = float(statistic(counts.items[None])[0])
        if np.isnan(value):
            found[name] = Coefficient(None, CHANCE, None, counts.paired_items)
        else:
            found[name] = Coefficient(value, None, spread[name][0], counts.paired_items)
    return found


def _intervals(
    counts: Counts, statistics: Mapping[str, Statistic], resampling: Resampling
) -> dict[str, list[Interval | None]]:
    if not resampling.samples or not statistics:
        return {name: [None] for name in statistics}
    groups = counts.groups(resampling.groups)
    return intervals(counts.items, statistics, work=counts.work, groups=groups, samples=resampling.samples)
