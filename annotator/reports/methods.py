"""How the figures of a disagreement report are computed: formulas with their papers, versions, a paragraph to paste."""

import platform
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from annotator.domain.agreement import SAMPLES, SEED, Coefficient
from annotator.domain.labels import UNSURE
from annotator.reports import wording
from annotator.reports.disagreements import Report


@dataclass(frozen=True, slots=True)
class Formula:
    name: str
    formula: str
    source: str


FORMULAS = (
    Formula(
        "Krippendorff’s alpha",
        "α = 1 − Dₒ / Dₑ over the coincidences of labels on sentences with two answers or more",
        "Krippendorff 2011, Computing Krippendorff’s Alpha-Reliability",
    ),
    Formula(
        "Distance of label sets (MASI)",
        "d(A, B) = 1 − |A ∩ B| / |A ∪ B| · m, m being 1, 2/3, 1/3, 0 for equal, nested, overlapping, disjoint sets",
        "Passonneau 2006, Measuring Agreement on Set-valued Items",
    ),
    Formula("Distance of sets (Jaccard)", "d(A, B) = 1 − |A ∩ B| / |A ∪ B|", "Jaccard 1912"),
    Formula(
        "Verdicts",
        "ordinal α, refuted < not enough evidence < conflicting < supported, distance by squared mid-ranks",
        "Krippendorff 2011, section C",
    ),
    Formula(
        "Exactly the same set",
        "mean over sentences of the agreeing share of pairs of answers",
        "Gwet 2014, Handbook of Inter-Rater Reliability",
    ),
    Formula("AC1", "(pₐ − pₑ) / (1 − pₑ), pₑ = Σ π(1 − π) / (q − 1)", "Gwet 2008"),
    Formula("Kappa of a pair", "κ = (pₒ − pₑ) / (1 − pₑ), each label set a category of its own", "Cohen 1960"),
    Formula(
        "F1 of spans",
        "2 |A ∩ B| / (|A| + |B|) of what two reviewers marked, mean over pairs; overlap counts characters",
        "Hripcsak and Rothschild 2005",
    ),
    Formula("Entropy of a sentence", "H = −Σ p log₂ p over its label sets, in bits", "Shannon 1948"),
    Formula(
        "Competence, doubt of the model",
        "error rates and posterior by expectation maximisation; competence is the chance of giving the true label set",
        "Dawid and Skene 1979",
    ),
    Formula("Bias", "mean of own answer (1 or 0) less the mean answer of the others on the same sentences", ""),
    Formula(
        "Hot spots",
        "smoothed log-odds of disagreement, a Dirichlet prior of ten sentences; places to look, no tests",
        "Monroe, Colaresi and Quinn 2008, Fightin’ Words",
    ),
    Formula(
        "Median time",
        "from one saved change to the next of a reviewer in an article; gaps over five minutes are idle, left out",
        "",
    ),
    Formula(
        "Sentences that would settle it",
        "n′ = n (distance of the interval’s end / distance of the mark)² − n",
        "an interval narrows with the root of n",
    ),
)


def versions() -> dict[str, str]:
    """What computed the figures."""
    return {"annotator": version("claim-annotator"), "numpy": np.__version__, "python": platform.python_version()}


def interval_words(report: Report) -> str:
    resampled = "sentences and, separately, of articles, the wider of the two" if report.is_corpus else "sentences"
    return f"95 % percentile bootstrap over {SAMPLES:,} resamples of {resampled}, seed {SEED}"


def paragraph(report: Report) -> str:
    """A methods paragraph to paste, built from the numbers of the report."""
    used = versions()
    return " ".join(
        [
            *_material(report),
            f"Agreement over label sets was Krippendorff’s alpha with the MASI distance (Passonneau 2006): "
            f"{_cited(report.alpha_sets)}.",
            f"Nominal alpha was {_by_label(report)}.",
            f"Pairs of answers were exactly the same set in {_share(report.exact)}.",
            f"{_unsure(report)} Intervals: {interval_words(report)}.",
            f"Computed with annotator {used['annotator']} (NumPy {used['numpy']}, Python {used['python']}).",
        ]
    )


def _material(report: Report) -> list[str]:
    people, articles = len(report.ratings.reviewers), len(report.articles)
    sentences = sum(line.sentences for line in report.articles)
    under = f" under guidelines {' and '.join(report.guidelines)}" if report.guidelines else ""
    return [
        f"{people} reviewer{'s' if people != 1 else ''} labelled {sentences:,} sentences of {articles:,} "
        f"article{'s' if articles != 1 else ''} without sight of each other’s answers{under}, as claim, quote, opinion "
        "(several allowed) or none.",
        f"{len(report.counted.sentences):,} sentences have two complete answers or more, {report.counted.count:,} in "
        "all.",
    ]


def _cited(found: Coefficient) -> str:
    if found.value is None:
        return f"not defined ({found.reason})"
    return f"α = {wording.decimal(found.value)}" + (f", 95 % CI {wording.interval(found)}" if found.ci95 else "")


def _by_label(report: Report) -> str:
    told = []
    for label, found in report.alpha.items():
        between = f" ({wording.interval(found)})" if found.ci95 or found.value is None else ""
        told.append(f"{wording.figure(found)}{between} for {label}")
    return ", ".join(told[:-1]) + " and " + told[-1]


def _share(found: Coefficient) -> str:
    if found.value is None:
        return f"a share that is not defined ({found.reason})"
    return f"{100 * found.value:.0f} % of cases"


def _unsure(report: Report) -> str:
    number = report.unsure.count
    treated = "a label of its own" if report.unsure_is_label else "missing"
    return f"Unsure answers ({number:,}) were treated as {treated}." if number else f"No answer was {UNSURE}."
