"""The agreement of a label file as the contract's one JSON object."""

from typing import Any

import numpy as np

from annotator.domain.agreement import (
    Ratings,
    Resampling,
    alpha_without,
    coefficients,
    coincidences,
    dawid_skene,
    pairwise,
    per_label_alpha,
)
from annotator.domain.counts import Counts

FULL_MATRIX = 200  # with more labels than this only the cells that are not zero are listed


def agreement_object(
    ratings: Ratings, *, level: str = "nominal", resampling: Resampling = Resampling()
) -> dict[str, Any]:
    """All statistics under the names of the contract; what is not defined is None.

    `level` chooses the alpha of `alpha_without` (over label sets it is MASI at the nominal level); `ordinal` takes
    the order of declared labels as their scale. `per_label_alpha` is about single labels, also where labels are sets.
    """
    ordered = level == "ordinal"
    kind = "masi" if ratings.members is not None and level == "nominal" else level
    counts = Counts.of(ratings)
    found = coefficients(ratings, ordered=ordered, resampling=resampling)
    per_label = per_label_alpha(ratings, Resampling(samples=0))
    return {
        "items": len(ratings.items),
        "annotators": len(ratings.reviewers),
        "ratings": ratings.given,
        "labels": list(ratings.elements),
        "metrics": {
            name: {"value": one.value, "reason": one.reason, "ci95": None if one.ci95 is None else list(one.ci95)}
            for name, one in found.items()
        },
        "per_label_alpha": {name: one.value for name, one in per_label.items()},
        "pairs": [{"a": p.a, "b": p.b, "shared": p.shared, "kappa": p.kappa} for p in pairwise(ratings)],
        "coincidence": _coincidence(ratings, counts),
        "item_entropy_bits": dict(zip(ratings.items, map(_defined, counts.entropy[counts.pattern_of]), strict=True)),
        "alpha_without": alpha_without(ratings, level=kind, ordered=ordered),
        "dawid_skene": _dawid_skene(ratings),
    }


def _coincidence(ratings: Ratings, counts: Counts) -> dict[str, dict[str, float]]:
    names = ratings.labels
    full = len(names) <= FULL_MATRIX
    cells: dict[str, dict[str, float]] = {name: dict.fromkeys(names, 0.0) if full else {} for name in names}
    for one, other, amount in zip(*coincidences(counts), strict=True):
        cells[names[one]][names[other]] = float(amount)
    return cells


def _dawid_skene(ratings: Ratings) -> dict[str, Any]:
    """Empty where the model cannot be fitted; a row of error rates that no item informs holds None."""
    model = dawid_skene(ratings)
    if model is None:
        return {"class_marginals": {}, "error_rates": {}}
    rates = {
        reviewer: {
            true: dict(zip(model.labels, map(_defined, row), strict=True))
            for true, row in zip(model.labels, matrix, strict=True)
        }
        for reviewer, matrix in zip(model.reviewers, model.error_rates, strict=True)
    }
    marginals = dict(zip(model.labels, map(float, model.class_marginals), strict=True))
    return {"class_marginals": marginals, "error_rates": rates}


def _defined(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
