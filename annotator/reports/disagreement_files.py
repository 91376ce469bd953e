"""The disagreement report as JSON, CSV and HTML: the numbers of the page, unrounded in the first two."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from annotator import language
from annotator.domain.agreement import SAMPLES, SEED, Coefficient
from annotator.domain.disagreements import Reading, Vote, presence
from annotator.domain.display import visible
from annotator.domain.hot_spots import HotSpot
from annotator.domain.ratings import name_of
from annotator.domain.reviewing import IDLE_MINUTES, Bias
from annotator.reports import methods, wording
from annotator.reports.agreement_file import agreement_object
from annotator.reports.disagreement_layers import Layers, layer_resampling
from annotator.reports.disagreement_page import view_of
from annotator.reports.disagreement_people import ReviewerLine
from annotator.reports.disagreements import ArticleLine, Report

WEB = Path(__file__).resolve().parents[1] / "web"  # the page and the file share their template and style
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins like this
COLUMNS = (
    "row", "name", "value", "ci_low", "ci_high", "reason", "count",
    "article", "sentence", "ordinal", "difference", "entropy_bits", "model_entropy_bits", "gold", "text",
)  # fmt: skip


def as_json(report: Report) -> dict[str, Any]:
    """Plain JSON; under `layers` the object of `annotator agreement --format json` for label sets and each label.

    Data are the same whoever asks for them: their words are English.
    """
    with language.spoken(language.ENGLISH):
        return _as_json(report)


def _as_json(report: Report) -> dict[str, Any]:
    layers = {"label_sets": report.ratings} | {label: presence(report.ratings, label) for label in report.labels}
    own = {line.uid: reviewer_object(line) for line in report.reviewers}
    return {
        **_about(report),
        "reviewers": [own.get(uid, {"id": uid, "name": name}) for uid, name in report.names.items()],
        "layers": {
            name: agreement_object(ratings, resampling=report.resampling(ratings)) for name, ratings in layers.items()
        }
        | {name: _layer(report, name) for name in report.layers.ratings},
        "attributions": {name: figure_object(found) for name, found in report.layers.spans.items()},
        "suggestions": {
            name: {
                "sentences": list(part.sentences),
                "alpha_masi": figure_object(part.alpha),
                "attribution": figure_object(part.attribution),
            }
            for name, part in (("shown", report.layers.shown), ("hidden", report.layers.hidden))
        },
        "drift": _drift(report.layers),
        "hot_spots": [_hot_spot(spot) for spot in report.layers.hot_spots],
        "sentences": [_sentence(report, reading) for reading in report.readings],
    }


def _about(report: Report) -> dict[str, Any]:
    """What the report is about, how it was made, what counts in it and what does not."""
    return {
        "type": "disagreement_report",
        "scope": "corpus" if report.is_corpus else "article",
        "articles": [_article(line) for line in report.articles],
        "guidelines": list(report.guidelines),
        "method": {
            "interval": 0.95,
            "samples": SAMPLES,
            "seed": SEED,
            "unsure": "label" if report.unsure_is_label else "missing",
            "versions": methods.versions(),
            "formulas": [
                {"name": f.name, "formula": methods.filled(f.formula), "source": f.source} for f in methods.FORMULAS
            ],
            "paragraph": methods.paragraph(report),
        },
        "summary": wording.first_sentence(report),
        "meaning": [wording.meaning(report.alpha_sets), *wording.dominated(report)],
        "counted": {
            "answers": report.counted.count,
            "sentences": len(report.counted.sentences),
            "reviewers": len(report.ratings.reviewers),
        },
        "left_out": {g.name: {"count": g.count, "sentences": list(g.sentences)} for g in report.left_out},
        "disputed": {
            "sentences": len(report.disputed),
            "without_majority": report.without_majority,
            "decided": len(report.decided),
        },
    }


def _article(line: ArticleLine) -> dict[str, Any]:
    return {
        "id": line.uid,
        "title": line.title,
        "sentences": line.sentences,
        "compared": line.compared,
        "disputed": line.disputed,
        "alpha_masi": figure_object(line.alpha),
    }


def reviewer_object(line: ReviewerLine) -> dict[str, Any]:
    return {
        "id": line.uid,
        "name": line.name,
        "done": line.done,
        "unsure": line.unsure,
        "mix": dict(line.mix),
        "overlap": line.overlap,
        "alpha_without": line.alpha_without,
        "competence": line.competence,
        "median_seconds": line.seconds,
        "bias": {label: _bias(one) for label, one in line.bias.items()},
        "self_agreement": {
            "sentences": line.oneself.items,
            "agreement": figure_object(line.oneself.agreement),
            "alpha": figure_object(line.oneself.alpha),
        },
    }


def _layer(report: Report, name: str) -> dict[str, Any]:
    """The agreement object of a layer beside the labels; verdicts have the order in which they are declared."""
    ratings = report.layers.ratings[name]
    drawn = layer_resampling(name, ratings, report.groups)
    return agreement_object(ratings, level="ordinal" if name == "verdict" else "nominal", resampling=drawn)


def _drift(layers: Layers) -> dict[str, Any]:
    periods = [
        {
            "name": period.name,
            "sentences": list(period.sentences),
            "alpha_masi": figure_object(period.alpha),
            "guidelines": list(period.guidelines),
        }
        for period in layers.drift
    ]
    return {"by": layers.drift_by, "periods": periods}


def _hot_spot(spot: HotSpot) -> dict[str, Any]:
    return {
        "type": spot.feature.type,
        "name": spot.feature.name,
        "disputed": spot.disputed,
        "ratio": spot.ratio,
        "log_odds": spot.log_odds,
        "z": spot.z,
        "sentences": list(spot.sentences),
    }


def figure_object(found: Coefficient) -> dict[str, Any]:
    ci95 = None if found.ci95 is None else list(found.ci95)
    return {"value": found.value, "reason": found.reason, "ci95": ci95, "sentences": found.items}


def _bias(found: Bias) -> dict[str, Any]:
    return {
        "value": found.value,
        "ci95": None if found.ci95 is None else list(found.ci95),
        "sentences": found.sentences,
    }


def _sentence(report: Report, reading: Reading) -> dict[str, Any]:
    return {
        "id": reading.sentence,
        "article_id": reading.article,
        "ordinal": reading.ordinal - 1,  # pages count from 1, data from 0
        "text": reading.text,
        "difference": reading.difference.name.lower(),
        "entropy_bits": report.entropy.get(reading.sentence),
        "model_entropy_bits": report.doubt.get(reading.sentence),
        "gold": reading.gold,
        "answers": [_answer(vote) for vote in reading.votes],
    }


def _answer(vote: Vote) -> dict[str, Any]:
    return {
        "reviewer_id": vote.reviewer,
        "status": vote.status,
        "labels": sorted(vote.labels),
        "voices": {"claim": vote.claim_voice, "opinion": vote.opinion_voice},
        "none_reason": vote.none_reason,
        "loaded_language": vote.loaded_language,
        "confidence": vote.confidence,
        "note": vote.note,
    }


def as_csv(report: Report) -> str:
    """One table: a row a figure, then a row a sentence with one column a reviewer (RFC 4180, CRLF)."""
    out = io.StringIO()
    writer = csv.DictWriter(out, [*COLUMNS, *(f"answer of {_cell(name)}" for name in report.names.values())])
    writer.writeheader()
    writer.writerows(_figures(report))
    writer.writerows(_sentences(report))
    return out.getvalue()


def as_counts(report: Report) -> str:
    """How often each label set and each label was given to each sentence: what all pooled figures are computed from."""
    sets = report.ratings.labels
    out = io.StringIO()
    writer = csv.writer(out)
    labels = [f"label {label}" for label in report.labels]
    writer.writerow(["article", "sentence", "ordinal", "answers", *(f"set {name}" for name in sets), *labels])
    for reading in sorted(report.readings, key=lambda r: (r.article, r.ordinal)):
        given = Counter(name_of(vote.label_set) for vote in reading.counted)
        single = Counter(label for vote in reading.counted for label in vote.label_set)
        where = [reading.article, reading.sentence, reading.ordinal - 1, len(reading.counted)]
        writer.writerow([*where, *(given[name] for name in sets), *(single[label] for label in report.labels)])
    return out.getvalue()


def _figures(report: Report) -> Iterable[dict[str, Any]]:
    for name, found in named_figures(report).items():
        yield {"row": "figure", "name": name, **_coefficient(found)}
    for pair in report.pairs:
        name = _cell(f"{report.names[pair.a]} / {report.names[pair.b]}")
        yield {"row": "kappa", "name": name, "value": pair.kappa, "reason": pair.reason, "count": pair.shared}
    for one, row in report.coincidence.items():
        for other, amount in row.items():
            yield {"row": "coincidence", "name": f"{one} / {other}", "value": amount}
    yield from _details(report)
    for group in (report.counted, *report.left_out):
        yield {"row": "counted" if group is report.counted else "left out", "name": group.name, "count": group.count}


def named_figures(report: Report) -> dict[str, Coefficient]:
    """Every coefficient of the report by the name that the CSV file gives it."""
    layers = report.layers
    named = {"alpha_masi": report.alpha_sets, "exact": report.exact}
    named |= {f"alpha_{label}": found for label, found in {**report.alpha, **layers.alpha}.items()}
    named |= {"alpha_sources_jaccard": layers.jaccard}
    named |= {f"ac1_{label}": found for label, found in report.ac1.items()}
    named |= {f"attribution_{name}": found for name, found in layers.spans.items()}
    for name, part in (("shown", layers.shown), ("hidden", layers.hidden)):
        named |= {f"alpha_masi_suggestions_{name}": part.alpha, f"attribution_suggestions_{name}": part.attribution}
    return named


def _details(report: Report) -> Iterable[dict[str, Any]]:
    """Articles, reviewers, drift and hot spots."""
    for article in report.articles:
        figures = {**_coefficient(article.alpha), "count": article.disputed}
        yield {"row": "article", "name": _cell(article.title), "article": article.uid, **figures}
    for line in report.reviewers:
        yield from _of_reviewer(line)
    for period in report.layers.drift:
        yield {"row": "drift", "name": period.name, **_coefficient(period.alpha)}
    for spot in report.layers.hot_spots:
        name = _cell(" ".join(filter(None, spot.feature)))
        yield {"row": "hot spot", "name": name, "value": spot.ratio, "count": len(spot.sentences)}


def _of_reviewer(line: ReviewerLine) -> Iterable[dict[str, Any]]:
    name = _cell(line.name)
    yield {"row": "median seconds", "name": name, "value": line.seconds}
    yield {"row": "alpha without", "name": name, "value": line.alpha_without}
    yield {"row": "competence", "name": name, "value": line.competence}
    yield {"row": "self-agreement", "name": name, **_coefficient(line.oneself.agreement)}
    for label, one in line.bias.items():
        low, high = one.ci95 or (None, None)
        figures = {"value": one.value, "ci_low": low, "ci_high": high, "count": one.sentences}
        yield {"row": "bias", "name": _cell(f"{line.name} / {label}"), **figures}


def _coefficient(found: Coefficient) -> dict[str, Any]:
    low, high = found.ci95 or (None, None)
    return {"value": found.value, "ci_low": low, "ci_high": high, "reason": found.reason, "count": found.items}


def _sentences(report: Report) -> Iterable[dict[str, Any]]:
    for reading in report.readings:
        answers = {f"answer of {_cell(report.names[vote.reviewer])}": answer(vote) for vote in reading.votes}
        yield {
            "row": "sentence",
            "article": reading.article,
            "sentence": reading.sentence,
            "ordinal": reading.ordinal - 1,
            "difference": reading.difference.name.lower(),
            "entropy_bits": report.entropy.get(reading.sentence),
            "model_entropy_bits": report.doubt.get(reading.sentence),
            "gold": reading.gold,
            "text": _cell(reading.text),
            **answers,
        }


def answer(vote: Vote) -> str:
    """One reviewer's answer in one cell: “claim (attributed)+quote”, or its status."""
    if not vote.counts:
        return vote.status
    voices = {"claim": vote.claim_voice, "opinion": vote.opinion_voice}
    words = [f"{label} ({voices[label]})" if voices.get(label) else label for label in sorted(vote.label_set)]
    return "+".join(words) + (f" ({vote.none_reason})" if vote.none_reason else "")


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def as_html(report: Report) -> str:
    """One self-contained file: the page's own part with the style in it, no script and no request to anywhere."""
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = {"newstyle": True, "pgettext": language.pgettext}
    environment.install_gettext_callables(language.gettext, language.ngettext, **words)  # type: ignore[attr-defined]  # added by i18n
    environment.globals |= {"language": language.current, "idle_minutes": IDLE_MINUTES}
    environment.filters["visible"] = visible
    css = Markup("".join((WEB / "static" / name).read_text("utf-8") for name in ("app.css", "pages.css")))  # our own
    return environment.get_template("disagreements/file.html").render(view=view_of(report), css=css)
