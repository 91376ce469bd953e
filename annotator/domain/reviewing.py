"""How one reviewer works: how long a sentence takes them, and how far their labels stand from the others'."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any, TypeAlias

import numpy as np

from annotator.domain.bootstrap import Interval, Linear
from annotator.domain.kappas import ratio_or_nan
from annotator.domain.ratings import MISSING, Floats, Ratings

IDLE_MINUTES = 5  # who saves nothing for longer is taken to have left
LONGEST_GAP = 60.0 * IDLE_MINUTES  # seconds


Moment: TypeAlias = Sequence[Any]
"""One saved change by the reviewer whose annotation it is: reviewer, article, sentence, time in RFC 3339.

A plain row, as there are thousands.
"""


@dataclass(frozen=True, slots=True)
class Bias:
    """How much more often a reviewer gives a label than the others do on the same sentences, in shares."""

    value: float | None  # None where nobody else has answered the same sentences
    ci95: Interval | None
    sentences: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds an article took its reviewer: a sentence in the median, and all of them together."""

    median: float
    total: float


def seconds_per_sentence(moments: Iterable[Moment]) -> dict[str, float]:
    """The median time a sentence took, by reviewer; a sentence without a time does not count."""
    spent: dict[str, list[float]] = {}
    for (reviewer, _), seconds in _spent(moments):
        spent.setdefault(reviewer, []).extend(seconds)
    return {reviewer: median(seconds) for reviewer, seconds in spent.items() if seconds}


def pace_by_article(moments: Iterable[Moment]) -> dict[int, Pace]:
    """The time that each article took one reviewer; an article without a time is left out."""
    return {article: Pace(median(spent), sum(spent)) for (_, article), spent in _spent(moments) if spent}


def _spent(moments: Iterable[Moment]) -> Iterator[tuple[tuple[Any, int], Collection[float]]]:
    """The seconds that sentences took, by reviewer and article.

    The time from one saved change to the next of the same reviewer in the same article belongs to the sentence of the
    later one; gaps over IDLE_MINUTES are left out. A sentence without such a gap has no time.
    """
    for place, group in groupby(sorted(moments, key=itemgetter(0, 1, 3)), itemgetter(0, 1)):
        own: dict[int, float] = {}
        last = None
        for _, _, sentence, at in group:
            now = datetime.fromisoformat(at)
            gap = (now - last).total_seconds() if last else LONGEST_GAP + 1
            if gap <= LONGEST_GAP:
                own[sentence] = own.get(sentence, 0.0) + gap
            last = now
        yield place, own.values()


@dataclass(frozen=True)
class Biases:
    """Each reviewer's bias by label: mean over sentences of own answer (1 or 0) less the mean answer of the others.

    Only sentences that somebody else has answered too; over all reviewers and equally many answers it sums to zero.
    """

    reviewers: tuple[str, ...]
    labels: tuple[str, ...]
    linear: Linear  # items are the sentences

    @classmethod
    def of(cls, sets: Ratings, labels: Sequence[str]) -> "Biases":
        """From who chose which label set on which sentence."""
        apart, counts = _apart(sets, labels)
        shape = (len(sets.reviewers), len(labels))

        def values(totals: Floats) -> Floats:
            sums = totals[:, : apart.shape[1]].reshape(len(totals), *shape)
            shared = np.broadcast_to(totals[:, apart.shape[1] :, None], sums.shape)
            return ratio_or_nan(sums, shared).reshape(len(totals), -1)

        columns = np.concatenate([apart, counts], axis=1)[sets.patterns.pattern_of]
        return cls(sets.reviewers, tuple(labels), Linear(columns, values))

    def named(self, drawn: Sequence[Interval | None]) -> dict[str, dict[str, Bias]]:
        """By reviewer and label, with the intervals that were drawn."""
        totals = self.linear.columns.sum(axis=0, keepdims=True)
        values, shared = self.linear.value(totals)[0], totals[0, -len(self.reviewers) :]
        found = [
            Bias(None if np.isnan(value) else float(value), ci95, int(shared[place // len(self.labels)]))
            for place, (value, ci95) in enumerate(zip(values, drawn, strict=True))
        ]
        width = len(self.labels)
        return {
            name: dict(zip(self.labels, found[row * width : (row + 1) * width], strict=True))
            for row, name in enumerate(self.reviewers)
        }


def _apart(sets: Ratings, labels: Sequence[str]) -> tuple[Floats, Floats]:
    """Per pattern own less others' mean answer [.., reviewers x labels], and whether it counts [.., reviewers]."""
    rows = sets.patterns.rows
    has = np.array([[label in members for label in labels] for members in (*(sets.members or ()), frozenset())], float)
    given = (rows != MISSING).astype(np.float64)
    yes = has[rows] * given[:, :, None]  # the last row of `has` is where a missing one, -1, looks
    others = given.sum(axis=1, keepdims=True) - given
    counts = given * (others > 0)
    mean = (yes.sum(axis=1, keepdims=True) - yes) / np.maximum(others, 1)[:, :, None]
    apart = (yes - mean) * counts[:, :, None]
    return apart.reshape(len(rows), len(sets.reviewers) * len(labels)), counts
