"""What the items are and how each reviewer errs, estimated together.

Dawid & Skene, Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm, Applied Statistics 28
(1979). Run over distinct rating patterns, so that a step costs what the patterns cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotator.domain.counts import Counts
from annotator.domain.ratings import MISSING, Codes, Floats, Indices, Ratings

MOST_CLASSES = 50  # with more labels the error rates outnumber any data
STEPS = 200
CLOSE_ENOUGH = 1e-6  # largest change of any probability in one step


@dataclass(frozen=True)
class DawidSkene:
    """The estimates; `reviewers` and `labels` name the axes."""

    reviewers: tuple[str, ...]
    labels: tuple[str, ...]
    class_marginals: Floats  # [labels]
    error_rates: Floats  # [reviewers, true label, given label]; a row that no item informs is NaN
    posterior: Floats  # [patterns, labels]
    pattern_of: Indices  # [items]
    steps: int  # STEPS where it had not settled by then

    @property
    def entropy(self) -> Floats:
        """How unsure the model is of the true label, in bits, per pattern."""
        sure = np.where(self.posterior > 0, self.posterior, 1)
        bits: Floats = (self.posterior * np.log2(sure)).sum(axis=1)
        return np.abs(bits)

    @property
    def competence(self) -> Floats:
        """The chance that each reviewer gives the true label [reviewers]."""
        own = np.nan_to_num(np.diagonal(self.error_rates, axis1=1, axis2=2))
        return own @ self.class_marginals


def dawid_skene(ratings: Ratings, *, reviewer_of: Sequence[int] | None = None) -> DawidSkene | None:
    """Fit the model, or None where reviewers do not overlap, one label was used, or labels are too many.

    `reviewer_of` numbers the reviewer of each column when some labelled more than once; names are then of the first
    columns. Starts, as the paper does, from the shares of the labels each item got, so the result is always the same.
    """
    counts = Counts.by_reviewer(ratings)
    if counts.paired_items < 2 or len(counts.used) < 2 or len(ratings.labels) > MOST_CLASSES:
        return None
    owner = np.arange(len(ratings.reviewers)) if reviewer_of is None else np.asarray(reviewer_of, np.intp)
    posterior = np.zeros((len(counts.items), len(ratings.labels)))
    posterior[counts.row, counts.label] = counts.count / counts.size[counts.row]
    step, change = 0, np.inf
    marginals, rates = _maximise(ratings.patterns.rows, counts.items, posterior, owner)
    while step < STEPS and change > CLOSE_ENOUGH:
        posterior = _expect(ratings.patterns.rows, marginals, rates, owner)
        before = marginals, rates
        marginals, rates = _maximise(ratings.patterns.rows, counts.items, posterior, owner)
        change = max(float(np.abs(marginals - before[0]).max()), float(np.nan_to_num(np.abs(rates - before[1])).max()))
        step += 1
    names = tuple(ratings.reviewers[int(np.argmax(owner == number))] for number in range(len(rates)))
    return DawidSkene(
        reviewers=names,
        labels=ratings.labels,
        class_marginals=marginals,
        error_rates=rates,
        posterior=posterior,
        pattern_of=counts.pattern_of,
        steps=step,
    )


def _maximise(rows: Codes, items: Floats, posterior: Floats, owner: Indices) -> tuple[Floats, Floats]:
    """Class shares and error rates from the labels the items probably have (equations 2.3 and 2.4)."""
    weighted = posterior * items[:, None]
    labels = posterior.shape[1]
    tallies = np.zeros((int(owner.max()) + 1, labels, labels))
    for column, reviewer in enumerate(owner):
        given = rows[:, column] - MISSING  # missing ones are tallied first and dropped
        for label, weight in enumerate(weighted.T):
            tallies[reviewer, label] += np.bincount(given, weights=weight, minlength=labels + 1)[1:]
    informed = tallies.sum(axis=2, keepdims=True)
    rates = np.where(informed > 0, tallies / np.where(informed > 0, informed, 1), np.nan)
    return weighted.sum(axis=0) / items.sum(), rates


def _expect(rows: Codes, marginals: Floats, rates: Floats, owner: Indices) -> Floats:
    """The labels the items probably have, from class shares and error rates (equation 2.5)."""
    with np.errstate(divide="ignore"):
        chances = np.pad(np.log(np.nan_to_num(rates)), ((0, 0), (0, 0), (1, 0)))  # a missing label tells nothing
        likely = np.tile(np.log(marginals)[:, None], len(rows))
    for column, reviewer in enumerate(owner):
        likely += chances[reviewer][:, rows[:, column] - MISSING]
    joint = np.exp(likely - likely.max(axis=0))
    share: Floats = (joint / joint.sum(axis=0)).T
    return share
