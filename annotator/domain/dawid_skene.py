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
    model = _Model.of(ratings.patterns.rows, counts.items, owner, len(ratings.labels))
    found, steps = _converge(model, model.maximise(posterior.T))
    names = tuple(ratings.reviewers[int(np.argmax(owner == number))] for number in range(len(found.rates)))
    return DawidSkene(
        reviewers=names,
        labels=ratings.labels,
        class_marginals=found.marginals,
        error_rates=found.rates,
        posterior=model.expect(found)[0].T,
        pattern_of=counts.pattern_of,
        steps=steps,
    )


@dataclass(frozen=True)
class _Estimates:
    marginals: Floats  # [labels]
    rates: Floats  # [reviewers, true label, given label]

    def change(self, other: "_Estimates") -> float:
        """The largest difference of any probability."""
        apart = np.abs(self.marginals - other.marginals), np.nan_to_num(np.abs(self.rates - other.rates))
        return max(float(one.max()) for one in apart)


@dataclass(frozen=True)
class _Model:
    """What was given, as cells: reviewer x labels + given label, the last cell for nothing."""

    first: Indices  # of each pattern's first rating [patterns]
    more: list[tuple[Indices | slice, Indices]]  # of the second, third … rating the patterns, if few have it, and cells
    items: Floats  # [patterns]
    reviewers: int
    labels: int

    @classmethod
    def of(cls, rows: Codes, items: Floats, owner: Indices, labels: int) -> "_Model":
        reviewers = int(owner.max()) + 1
        row, column = np.nonzero(rows != MISSING)
        sizes = np.bincount(row, minlength=len(rows))
        place = np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        cells = np.full((int(sizes.max()), len(rows)), reviewers * labels, np.intp)
        cells[place, row] = owner[column] * labels + rows[row, column]
        have = [np.flatnonzero(sizes > number) for number in range(1, len(cells))]
        few = [which if 2 * len(which) < len(rows) else slice(None) for which in have]
        more = [(which, given[which]) for which, given in zip(few, cells[1:], strict=True)]
        return cls(cells[0], more, items, reviewers, labels)

    def maximise(self, posterior: Floats) -> _Estimates:
        """Class shares and error rates from the labels [labels, patterns] that items probably have (2.3 and 2.4)."""
        weighted = posterior * self.items
        length = self.reviewers * self.labels + 1
        tallies = np.zeros((self.labels, length))
        for label, weight in enumerate(weighted):
            for which, given in ((slice(None), self.first), *self.more):
                tallies[label] += np.bincount(given, weights=weight[which], minlength=length)
        by_reviewer = tallies[:, :-1].reshape(self.labels, self.reviewers, self.labels).transpose(1, 0, 2)
        informed = by_reviewer.sum(axis=2, keepdims=True)
        rates = np.where(informed > 0, by_reviewer / np.where(informed > 0, informed, 1), np.nan)
        return _Estimates(weighted.sum(axis=1) / self.items.sum(), rates)

    def expect(self, found: _Estimates) -> tuple[Floats, list[Floats]]:
        """The labels [labels, patterns] that items probably have (2.5), and how likely each rating was [patterns]."""
        chances = np.nan_to_num(found.rates).transpose(1, 0, 2).reshape(self.labels, -1)
        table = np.pad(chances, ((0, 0), (0, 1)), constant_values=1)  # what was not given tells nothing
        first = found.marginals[:, None] * table  # of every cell, once for all patterns that begin with it
        total = first.sum(axis=0)
        first /= np.where(total > 0, total, 1)
        joint, totals = first.take(self.first, axis=1), [total.take(self.first)]
        for which, given in self.more:  # scaled at every factor, so that hundreds of them do not vanish
            joint[:, which] *= table.take(given, axis=1)
            totals.append(joint.sum(axis=0))
            joint /= totals[-1]
        return joint, totals

    def likelihood(self, totals: list[Floats]) -> float:
        """The log-likelihood of the estimates from which these came."""
        return sum(float((self.items * np.log(total)).sum()) for total in totals)  # a dot product would wake threads

    def step(self, found: _Estimates) -> tuple[_Estimates, list[Floats]]:
        """One step of EM, and how likely the ratings were before it."""
        posterior, totals = self.expect(found)
        return self.maximise(posterior), totals


def _converge(model: _Model, start: _Estimates) -> tuple[_Estimates, int]:
    """Where EM ends, and how many steps it took.

    Every two steps are followed by a leap in their direction (Varadhan & Roland, Simple and Globally Convergent Methods
    for Accelerating the Convergence of Any EM Algorithm, Scandinavian Journal of Statistics 35, 2008, scheme S3), which
    counts only where the data become more likely: the same end in a fraction of the steps.
    """
    here, steps, change = start, 0, np.inf
    while steps < STEPS and change > CLOSE_ENOUGH:
        one, _ = model.step(here)
        two, totals = model.step(one)
        steps, change = steps + 2, two.change(one)
        if change > CLOSE_ENOUGH:
            leapt = _leap(here, one, two)
            after, leapt_totals = model.step(leapt)
            steps += 1
            two = after if model.likelihood(leapt_totals) >= model.likelihood(totals) else two
        here = two
    return here, steps


def _leap(zero: _Estimates, one: _Estimates, two: _Estimates) -> _Estimates:
    """As far as the last two steps point; a distribution that would leave 0 to 1 stays where they ended."""
    before, middle, after = (np.concatenate([e.marginals[None], e.rates.reshape(-1, len(e.marginals))])
                             for e in (zero, one, two))  # fmt: skip
    first = middle - before
    bend = after - middle - first
    length = float(np.sqrt(np.nansum(first**2) / max(np.nansum(bend**2), 1e-300)))
    far = before + 2 * max(length, 1.0) * first + max(length, 1.0) ** 2 * bend
    found = np.where((far < 0).any(axis=1, keepdims=True), after, far)
    return _Estimates(found[0], found[1:].reshape(two.rates.shape))
