"""The agreement fields of sentence and article lines, over complete annotations of humans."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from typing import Any

from annotator.domain import agreement
from annotator.domain.agreement import Coefficient, Resampling
from annotator.domain.labels import NONE
from db.vocabulary import Label, ReviewerKind, Status

LABELS = tuple(sorted((*map(str, Label), NONE)))
NO_INTERVALS = Resampling(samples=0)

LabelSet = frozenset[str]  # of claim, opinion, quote; empty is none


def of_sentence(sets: Iterable[LabelSet]) -> dict[str, Any]:
    """How far the reviewers of one sentence agree, from the label set of each.

    `exact` is the share of pairs of reviewers with equal label sets, `jaccard` their mean |both| / |either|.
    """
    return dict(_of_sentence(tuple(sets)))


@lru_cache(maxsize=4096)  # sentences are many, ways to label them few
def _of_sentence(sets: tuple[LabelSet, ...]) -> Mapping[str, Any]:
    marked = [labels or frozenset({NONE}) for labels in sets]
    yes = {label: sum(label in labels for labels in marked) for label in LABELS}
    pairs = list(combinations(marked, 2))
    return {
        "disputed": [label for label in LABELS if 0 < yes[label] < len(sets)],
        "exact": _mean([float(one == other) for one, other in pairs]),
        "jaccard": _mean([1 - agreement.jaccard(one, other) for one, other in pairs]),
        "labels": {label: {"no": len(sets) - yes[label], "yes": yes[label]} for label in LABELS},
        "reviewers": len(sets),
        "unanimous": len(set(marked)) == 1 if pairs else None,
    }


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 6) if values else None


def of_article(sentences: Sequence[Mapping[str, LabelSet]]) -> dict[str, Any]:
    """Krippendorff's alpha of every label and over label sets (MASI); None where it is not defined.

    `sentences` map reviewers to label sets. `reviewers` counts those with a complete annotation, `sentences` the
    sentences with two or more, on which alpha rests.
    """
    rows = [(str(number), reviewer, labels) for number, of in enumerate(sentences) for reviewer, labels in of.items()]
    shared = sum(len(of) > 1 for of in sentences)
    found: dict[str, float | None] = {}
    over_sets = None
    if shared:
        ratings = agreement.ratings_of(rows)
        found = {name: alpha.value for name, alpha in agreement.per_label_alpha(ratings, NO_INTERVALS).items()}
        over_sets = agreement.set_alpha(ratings, resampling=NO_INTERVALS).value
    return {
        "alpha": {label: _rounded(found.get(label)) for label in LABELS},
        "alpha_masi": _rounded(over_sets),
        "reviewers": len({reviewer for _, reviewer, _ in rows}),
        "sentences": shared,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6) + 0.0  # no minus before a zero


@dataclass(slots=True)
class Pooled:
    """The agreement of a whole export from its lines, in memory that does not grow with it."""

    patterns: Counter[tuple[LabelSet, ...]] = field(default_factory=Counter)
    reviewers: set[str] = field(default_factory=set)
    humans: set[str] = field(default_factory=set)  # of the article in hand

    def article(self, line: Mapping[str, Any]) -> None:
        """The article that the next sentences belong to."""
        self.humans = {person["id"] for person in line["reviewers"] if person["kind"] == ReviewerKind.HUMAN}

    def sentence(self, line: Mapping[str, Any]) -> None:
        votes = [
            annotation
            for annotation in line["annotations"]
            if annotation["status"] == Status.COMPLETE and annotation["reviewer_id"] in self.humans
        ]
        self.reviewers.update(annotation["reviewer_id"] for annotation in votes)
        if len(votes) > 1:
            self.patterns[tuple(sorted((frozenset(vote["labels"]) for vote in votes), key=sorted))] += 1

    def result(self) -> dict[str, Any]:
        """Alpha with its interval per label and over label sets (MASI), or why there is none."""
        found = agreement.of_patterns(self.patterns) if self.patterns else {}
        names = {**dict.fromkeys(LABELS, "no two reviewers gave it"), "masi": "no sentence has two reviewers"}
        return {
            "alpha": {name: _said(found.get(name), reason) for name, reason in names.items()},
            "reviewers": len(self.reviewers),
            "sentences": self.patterns.total(),
        }


def _said(found: Coefficient | None, reason: str) -> dict[str, Any]:
    if found is None:
        return {"ci95": None, "reason": reason, "value": None}
    ci95 = None if found.ci95 is None else [_rounded(end) for end in found.ci95]
    return {"ci95": ci95, "reason": found.reason, "value": _rounded(found.value)}
