"""Every agreement coefficient, its interval and why it is not defined: the only home of any statistic.

Missing is no label. A coefficient that the data cannot give is None with a reason in words, never 0, 1 or NaN.
The formulas are in alpha.py, kappas.py, distances.py and dawid_skene.py; what is here puts them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from annotator.domain import distances, kappas
from annotator.domain.alpha import (
    Coefficient,
    Resampling,
    alpha,
    alpha_values,
    estimate,
    items_to_settle,
    label_alpha,
    per_label_alpha,
    set_alpha,
    why_too_many,
)
from annotator.domain.bootstrap import SAMPLES, SEED, Statistic
from annotator.domain.counts import Counts, tally
from annotator.domain.dawid_skene import DawidSkene, dawid_skene
from annotator.domain.distances import Distance, Nominal, Ordinal, jaccard, masi
from annotator.domain.kappas import ManyReviewers, TwoReviewers, conger
from annotator.domain.ratings import (
    MISSING,
    NONE,
    Floats,
    Indices,
    Ratings,
    Value,
    name_of,
    ratings_in_rows,
    ratings_of,
)
from annotator.language import later

__all__ = [
    "LEVELS",
    "METRICS",
    "SAMPLES",
    "SEED",
    "Coefficient",
    "DawidSkene",
    "Pair",
    "Ratings",
    "Resampling",
    "SelfAgreement",
    "alpha",
    "alpha_without",
    "coefficients",
    "coincidences",
    "dawid_skene",
    "items_to_settle",
    "jaccard",
    "label_alpha",
    "masi",
    "of_patterns",
    "pairwise",
    "per_label_alpha",
    "ratings_in_rows",
    "ratings_of",
    "self_agreement",
    "set_alpha",
]

LEVELS = ("nominal", "ordinal", "interval", "ratio")
TWO_REVIEWERS = ("cohen_kappa", "cohen_kappa_linear", "cohen_kappa_quadratic", "scott_pi", "pabak")
METRICS = (
    "percent_agreement",
    *(f"krippendorff_alpha_{kind}" for kind in (*LEVELS, "masi", "jaccard")),
    "fleiss_kappa",
    *TWO_REVIEWERS[:4],
    "conger_kappa",
    "gwet_ac1",
    "brennan_prediger",
    "pabak",
)

OPEN_ENDED = "labels are sets: how many sets could have been chosen is not known"

DistanceOrReason: TypeAlias = Distance | str
StatisticOrReason: TypeAlias = Statistic | str


@dataclass(frozen=True)
class Pair:
    """Two reviewers on the items both have labelled."""

    a: str
    b: str
    shared: int
    agreement: float | None  # share of equal labels
    kappa: float | None  # Cohen's, unweighted
    reason: str | None  # why there is no kappa


@dataclass(frozen=True)
class SelfAgreement:
    """One reviewer on the items that came back."""

    items: int
    agreement: Coefficient
    alpha: Coefficient


def coefficients(
    ratings: Ratings, *, ordered: bool = False, resampling: Resampling = Resampling()
) -> dict[str, Coefficient]:
    """All coefficients by name; those that do not apply to the data have a reason.

    `ordered` takes the order in which labels were declared as their scale.
    """
    counts, own = Counts.of(ratings), Counts.by_reviewer(ratings)
    kinds = alpha_distances(ratings, ordered=ordered)
    pooled, by_name = _pooled(ratings, counts, kinds), _by_name(ratings, own, kinds["ordinal"])
    people = len(ratings.reviewers)
    found = {
        name: Coefficient(None, reason, None, counts.paired_items)
        for name, reason in (pooled | by_name).items()
        if isinstance(reason, str)
    }
    found |= estimate(counts, _applicable(pooled), resampling, reviewers=people, uncorrected=("percent_agreement",))
    found |= estimate(own, _applicable(by_name), resampling, reviewers=people)
    return {name: found[name] for name in METRICS}


def of_patterns(patterns: Mapping[tuple[frozenset[str], ...], int]) -> dict[str, Coefficient]:
    """Alpha per label and, as "masi", over label sets, from how often each combination of label sets was given.

    A combination lists the sets that one item got; `none` stands for the empty set.
    """
    rows = [tuple(members or frozenset({NONE}) for members in given) for given in patterns]
    sets = sorted({members for given in rows for members in given}, key=lambda members: (len(members), sorted(members)))
    place = {members: number for number, members in enumerate(sets)}
    codes = np.full((len(rows), max(map(len, rows), default=0)), MISSING, np.int16)
    for row, given in enumerate(rows):
        codes[row, : len(given)] = [place[members] for members in given]
    codes = np.repeat(codes, list(patterns.values()), axis=0)
    items, columns = (tuple(map(str, range(number))) for number in codes.shape)
    ratings = Ratings(items, columns, tuple(map(name_of, sets)), codes, members=tuple(sets))
    return {**per_label_alpha(ratings), "masi": set_alpha(ratings)}


def alpha_distances(ratings: Ratings, *, ordered: bool = False) -> dict[str, DistanceOrReason]:
    """The distance of each kind of alpha, or why it does not apply to these labels."""
    numbers, sets = ratings.numbers, ratings.members
    scale = numbers is not None or (ordered and bool(ratings.declared) and sets is None)
    found: dict[str, DistanceOrReason] = {
        "nominal": Nominal(),
        "ordinal": Ordinal() if scale else "labels have no order: they are neither numbers nor declared in order",
        "interval": "labels are not numbers" if numbers is None else distances.Interval(numbers),
        "ratio": _ratio(numbers),
    }
    for name, distance in (("masi", masi), ("jaccard", jaccard)):
        too_many = "labels are single, not sets" if sets is None else why_too_many(sets)
        found[name] = too_many or distances.over_sets(sets or (), distance)
    return found


def alpha_without(ratings: Ratings, *, level: str = "nominal", ordered: bool = False) -> dict[str, float | None]:
    """Alpha had each reviewer not taken part, at a level or with a set distance; None where it is not defined."""
    distance = alpha_distances(ratings, ordered=ordered)[level]
    if isinstance(distance, str):
        return dict.fromkeys(ratings.reviewers)
    return {
        name: alpha(Counts.without(ratings, column), distance, Resampling(samples=0)).value
        for column, name in enumerate(ratings.reviewers)
    }


def pairwise(ratings: Ratings) -> list[Pair]:
    """Every two reviewers with what they share, their raw agreement and Cohen's kappa."""
    names, tables = ratings.reviewers, kappas.tables_of_pairs(ratings)
    shared, agreeing, kappa = kappas.cohen_of_tables(tables)
    figures = zip(*np.triu_indices(len(names), 1), shared.tolist(), agreeing.tolist(), kappa.tolist(), strict=True)
    return [_pair(names[a], names[b], int(items), *values) for a, b, items, *values in figures]


def coincidences(counts: Counts) -> tuple[Indices, Indices, Floats]:
    """Krippendorff's coincidence matrix as its non-zero cells (label, label, number), both halves.

    The numbers of one label sum to how often it was given to items with two ratings or more.
    """
    keep = counts.paired[counts.row]
    row, label, count = counts.row[keep], counts.label[keep], counts.count[keep]
    same = counts.items[row] * count * (count - 1) / (counts.size[row] - 1)
    pairs = counts.pairs
    apart = counts.items[pairs.row] * pairs.ordered / 2
    one = np.concatenate([label, pairs.first, pairs.second])
    other = np.concatenate([label, pairs.second, pairs.first])
    cell, where = np.unique(one * counts.labels + other, return_inverse=True)
    amount = tally(where, np.concatenate([same, apart, apart]), len(cell))
    return cell[amount > 0] // counts.labels, cell[amount > 0] % counts.labels, amount[amount > 0]


def self_agreement(rows: Iterable[tuple[str, str, str, Value | None]]) -> dict[str, SelfAgreement]:
    """Each reviewer's agreement with themselves where items came back, from rows (reviewer, item, occasion, label)."""
    occasions: dict[str, list[tuple[str, str, Value | None]]] = {}
    for reviewer, item, occasion, value in rows:
        occasions.setdefault(reviewer, []).append((item, occasion, value))
    return {reviewer: _with_oneself(ratings_of(own)) for reviewer, own in sorted(occasions.items())}


def _pair(a: str, b: str, shared: int, agreement: float, kappa: float) -> Pair:
    if shared < 2:
        why = later("only one item was labelled by both") if shared else later("no item was labelled by both")
        return Pair(a, b, shared, None, None, why)
    if np.isnan(kappa):
        return Pair(a, b, shared, agreement, None, later("both used one and the same label only"))
    return Pair(a, b, shared, agreement, kappa, None)


def _with_oneself(ratings: Ratings) -> SelfAgreement:
    counts = Counts.of(ratings)
    statistics = {"agreement": ManyReviewers(counts).percent_agreement, "alpha": alpha_values(counts, Nominal())}
    found = estimate(counts, statistics, Resampling(), uncorrected=("agreement",))
    if counts.paired_items < 2:
        why = later("only one item came back") if counts.paired_items else later("no item came back")
        none = Coefficient(None, why, None, counts.paired_items)
        return SelfAgreement(counts.paired_items, none, none)
    return SelfAgreement(counts.paired_items, found["agreement"], found["alpha"])


def _ratio(numbers: Floats | None) -> DistanceOrReason:
    if numbers is None:
        return "labels are not numbers"
    if numbers.min(initial=0) < 0:
        return "labels below zero have no ratio"
    return why_too_many(tuple(numbers)) or distances.ratio(numbers)


def _applicable(statistics: Mapping[str, StatisticOrReason]) -> dict[str, Statistic]:
    return {name: statistic for name, statistic in statistics.items() if not isinstance(statistic, str)}


def _pooled(ratings: Ratings, counts: Counts, kinds: Mapping[str, DistanceOrReason]) -> dict[str, StatisticOrReason]:
    """What count patterns can tell: the alphas and the coefficients that forget who labelled."""
    many = ManyReviewers(counts)
    found: dict[str, StatisticOrReason] = {
        "percent_agreement": many.percent_agreement,
        "fleiss_kappa": many.fleiss_kappa,
        "gwet_ac1": OPEN_ENDED if ratings.members else many.gwet_ac1,
        "brennan_prediger": OPEN_ENDED if ratings.members else many.brennan_prediger,
    }
    for kind, distance in kinds.items():
        found[f"krippendorff_alpha_{kind}"] = distance if isinstance(distance, str) else alpha_values(counts, distance)
    return found


def _by_name(ratings: Ratings, own: Counts, order: DistanceOrReason) -> dict[str, StatisticOrReason]:
    """What needs to know who labelled: Conger's kappa and the coefficients of two reviewers."""
    number = len(ratings.reviewers)
    found: dict[str, StatisticOrReason] = {"conger_kappa": conger(ratings, own)}
    if number != 2:
        return found | dict.fromkeys(TWO_REVIEWERS, f"needs exactly two reviewers, {number} took part")
    two = TwoReviewers.of(ratings, 0, 1)
    return found | {
        "cohen_kappa": two.cohen_kappa,
        "cohen_kappa_linear": order if isinstance(order, str) else two.cohen_kappa_linear,
        "cohen_kappa_quadratic": order if isinstance(order, str) else two.cohen_kappa_quadratic,
        "scott_pi": two.scott_pi,
        "pabak": OPEN_ENDED if ratings.members else two.pabak,
    }
