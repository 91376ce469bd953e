"""How the figures of a disagreement report are computed: formulas with their papers, versions, a paragraph to paste."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from importlib.metadata import version

import numpy as np

from annotator.domain import labels
from annotator.domain.agreement import SAMPLES, SEED, Coefficient
from annotator.domain.reviewing import IDLE_MINUTES
from annotator.language import gettext as _
from annotator.language import later, ngettext, number
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
        later("α = 1 − Dₒ / Dₑ over the coincidences of labels on sentences with two answers or more"),
        "Krippendorff 2011, Computing Krippendorff’s Alpha-Reliability",
    ),
    Formula(
        later("Distance of label sets (MASI)"),
        later(
            "d(A, B) = 1 − |A ∩ B| / |A ∪ B| · m, m being 1, 2/3, 1/3, 0 for equal, nested, overlapping, disjoint sets"
        ),
        "Passonneau 2006, Measuring Agreement on Set-valued Items",
    ),
    Formula(later("Distance of sets (Jaccard)"), "d(A, B) = 1 − |A ∩ B| / |A ∪ B|", "Jaccard 1912"),
    Formula(
        later("Verdicts"),
        later("ordinal α, refuted < not enough evidence < conflicting < supported, distance by squared mid-ranks"),
        "Krippendorff 2011, section C",
    ),
    Formula(
        later("Exactly the same set"),
        later("mean over sentences of the agreeing share of pairs of answers"),
        "Gwet 2014, Handbook of Inter-Rater Reliability",
    ),
    Formula("AC1", "(pₐ − pₑ) / (1 − pₑ), pₑ = Σ π(1 − π) / (q − 1)", "Gwet 2008"),
    Formula(
        later("Kappa of a pair"), later("κ = (pₒ − pₑ) / (1 − pₑ), each label set a category of its own"), "Cohen 1960"
    ),
    Formula(
        later("F1 of spans"),
        later("2 |A ∩ B| / (|A| + |B|) of what two reviewers marked, mean over pairs; overlap counts characters"),
        "Hripcsak and Rothschild 2005",
    ),
    Formula(later("Entropy of a sentence"), later("H = −Σ p log₂ p over its label sets, in bits"), "Shannon 1948"),
    Formula(
        later("Competence, doubt of the model"),
        later(
            "error rates and posterior by expectation maximisation; "
            "competence is the chance of giving the true label set"
        ),
        "Dawid and Skene 1979",
    ),
    Formula(
        later("Bias"), later("mean of own answer (1 or 0) less the mean answer of the others on the same sentences"), ""
    ),
    Formula(
        later("Hot spots"),
        later("smoothed log-odds of disagreement, a Dirichlet prior of ten sentences; places to look, no tests"),
        "Monroe, Colaresi and Quinn 2008, Fightin’ Words",
    ),
    Formula(
        later("Median time"),
        later(
            "from one saved change to the next of a reviewer in an article; "
            "gaps over {minutes} minutes are idle, left out"
        ),
        "",
    ),
    Formula(
        later("Sentences that would settle it"),
        later("n′ = n (distance of the interval’s end / distance of the mark)² − n"),
        later("an interval narrows with the root of n"),
    ),
)


def versions() -> dict[str, str]:
    """What computed the figures."""
    return {"annotator": version("claim-annotator"), "numpy": np.__version__, "python": platform.python_version()}


def shown(formula: Formula) -> Formula:
    """A formula in the language of the page."""
    return Formula(*(filled(_(words)) if words else "" for words in (formula.name, formula.formula, formula.source)))


def filled(words: str) -> str:
    """The words of a formula with the limits that stand elsewhere."""
    return words.replace("{minutes}", str(IDLE_MINUTES))


def listed(parts: Sequence[str]) -> str:
    """“1.0”, “1.0 and 1.1”, “1.0 and 1.1 and 1.2”."""
    return reduce(lambda one, other: _("{one} and {other}").format(one=one, other=other), parts)


def interval_words(report: Report) -> str:
    text = (
        _(
            "95 % percentile bootstrap over {n} resamples of sentences and, separately, of articles, the wider of the "
            "two, seed {seed}"
        )
        if report.is_corpus
        else _("95 % percentile bootstrap over {n} resamples of sentences, seed {seed}")
    )
    return text.format(n=number(SAMPLES), seed=SEED)


def paragraph(report: Report) -> str:
    """A methods paragraph to paste, built from the numbers of the report."""
    told = (
        _("Agreement over label sets was Krippendorff’s alpha with the MASI distance (Passonneau 2006): {alpha}."),
        _("Nominal alpha was {alphas}."),
        _unsure(report),
        _("Intervals: {how}."),
        _("Computed with annotator {annotator} (NumPy {numpy}, Python {python})."),
    )
    sets, nominal, unsure, intervals, program = told
    return " ".join(
        [
            *_material(report),
            sets.format(alpha=_cited(report.alpha_sets)),
            nominal.format(alphas=_by_label(report)),
            _share(report.exact),
            unsure,
            intervals.format(how=interval_words(report)),
            program.format(**versions()),
        ]
    )


def _material(report: Report) -> list[str]:
    people, articles = len(report.ratings.reviewers), len(report.articles)
    sentences = sum(line.sentences for line in report.articles)
    text = (
        _(
            "{reviewers} labelled {sentences} of {articles} without sight of each other’s answers under guidelines "
            "{versions}, as claim, quote, opinion (several allowed) or none."
        )
        if report.guidelines
        else _(
            "{reviewers} labelled {sentences} of {articles} without sight of each other’s answers, as claim, quote, "
            "opinion (several allowed) or none."
        )
    )
    counted = ngettext(
        "{n} sentence has two complete answers or more, {all} in all.",
        "{n} sentences have two complete answers or more, {all} in all.",
        len(report.counted.sentences),
    )
    return [
        text.format(
            reviewers=ngettext("{n} reviewer", "{n} reviewers", people).format(n=people),
            sentences=ngettext("{n} sentence", "{n} sentences", sentences).format(n=number(sentences)),
            articles=ngettext("{n} article", "{n} articles", articles).format(n=number(articles)),
            versions=listed(report.guidelines) if report.guidelines else "",
        ),
        counted.format(n=number(len(report.counted.sentences)), all=number(report.counted.count)),
    ]


def _cited(found: Coefficient) -> str:
    if found.value is None:
        return _("not defined ({reason})").format(reason=wording.why(found.reason))
    value = f"α = {wording.decimal(found.value)}"
    if not found.ci95:
        return value
    return _("{value}, 95 % CI {interval}").format(value=value, interval=wording.interval(found))


def _by_label(report: Report) -> str:
    told = []
    for label, found in report.alpha.items():
        between = f" ({wording.interval(found)})" if found.ci95 or found.value is None else ""
        text = _("{figure} for {label}")
        told.append(text.format(figure=wording.figure(found) + between, label=labels.word(label)))
    return _("{one} and {other}").format(one=", ".join(told[:-1]), other=told[-1])


def _share(found: Coefficient) -> str:
    if found.value is None:
        text = _("Pairs of answers were exactly the same set in a share that is not defined ({reason}).")
        return text.format(reason=wording.why(found.reason))
    text = _("Pairs of answers were exactly the same set in {percent} % of cases.")
    return text.format(percent=f"{100 * found.value:.0f}")


def _unsure(report: Report) -> str:
    n = report.unsure.count
    if not n:
        return _("No answer was unsure.")
    if report.unsure_is_label:
        return _("Unsure answers ({n}) were treated as a label of its own.").format(n=number(n))
    return _("Unsure answers ({n}) were treated as missing.").format(n=number(n))
