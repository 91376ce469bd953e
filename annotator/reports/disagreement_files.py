"""The disagreement report as JSON, CSV, text and HTML: the numbers of the page, unrounded in the first two."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from annotator.domain.agreement import SAMPLES, SEED, Coefficient
from annotator.domain.disagreements import DECLARED, Reading, Vote, presence
from annotator.domain.display import visible
from annotator.domain.hot_spots import HotSpot
from annotator.domain.reviewing import Bias
from annotator.reports import wording
from annotator.reports.agreement_file import agreement_object
from annotator.reports.disagreement_details import ATTRIBUTIONS, VOICES
from annotator.reports.disagreement_layers import Layers
from annotator.reports.disagreement_page import view_of
from annotator.reports.disagreements import Report, ReviewerLine

WEB = Path(__file__).resolve().parents[1] / "web"  # the page and the file share their template and style
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins like this
COLUMNS = (
    "row", "name", "value", "ci_low", "ci_high", "reason", "count",
    "article", "sentence", "ordinal", "difference", "entropy_bits", "gold", "text",
)  # fmt: skip


def as_json(report: Report) -> dict[str, Any]:
    """Plain JSON; under `layers` the object of `annotator agreement --format json` for label sets and each label."""
    layers = {"label_sets": report.ratings} | {label: presence(report.ratings, label) for label in DECLARED}
    layers |= report.layers.ratings
    return {
        **_about(report),
        "reviewers": [_reviewer(report, line) for line in report.reviewers],
        "layers": {
            name: agreement_object(ratings, resampling=report.resampling(ratings)) for name, ratings in layers.items()
        },
        "attributions": {name: _figure(found) for name, found in report.layers.spans.items()},
        "drift": _drift(report.layers),
        "hot_spots": [_hot_spot(spot) for spot in report.layers.hot_spots],
        "sentences": [_sentence(report, reading) for reading in report.readings],
    }


def _about(report: Report) -> dict[str, Any]:
    """What the report is about, what counts in it and what does not."""
    return {
        "type": "disagreement_report",
        "scope": "corpus" if report.is_corpus else "article",
        "articles": [{"id": a.uid, "title": a.title, "sentences": a.sentences} for a in report.articles],
        "guidelines": list(report.guidelines),
        "method": {"interval": 0.95, "samples": SAMPLES, "seed": SEED, "unsure": "missing"},
        "summary": wording.first_sentence(report),
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


def _reviewer(report: Report, line: ReviewerLine) -> dict[str, Any]:
    layers = report.layers
    return {
        "id": line.uid,
        "name": line.name,
        "done": line.done,
        "unsure": line.unsure,
        "mix": dict(line.mix),
        "overlap": line.overlap,
        "alpha_without": line.alpha_without,
        "median_seconds": layers.seconds.get(line.uid),
        "bias": {label: _bias(one) for label, one in layers.bias.get(line.uid, {}).items()},
    }


def _drift(layers: Layers) -> dict[str, Any]:
    periods = [
        {"name": period.name, "sentences": list(period.sentences), "alpha_masi": _figure(period.alpha)}
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


def _figure(found: Coefficient) -> dict[str, Any]:
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
    writer = csv.DictWriter(out, [*COLUMNS, *(f"answer of {_cell(line.name)}" for line in report.reviewers)])
    writer.writeheader()
    writer.writerows(_figures(report))
    writer.writerows(_sentences(report))
    return out.getvalue()


def _figures(report: Report) -> Iterable[dict[str, Any]]:
    named = {"alpha_masi": report.alpha_sets, "exact": report.exact}
    named |= {f"alpha_{label}": found for label, found in {**report.alpha, **report.layers.alpha}.items()}
    named |= {f"attribution_{name}": found for name, found in report.layers.spans.items()}
    for name, found in named.items():
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


def _details(report: Report) -> Iterable[dict[str, Any]]:
    """Reviewers, drift and hot spots."""
    layers = report.layers
    for line in report.reviewers:
        yield {"row": "median seconds", "name": _cell(line.name), "value": layers.seconds.get(line.uid)}
        for label, one in layers.bias.get(line.uid, {}).items():
            low, high = one.ci95 or (None, None)
            name, figures = _cell(f"{line.name} / {label}"), {"value": one.value, "ci_low": low, "ci_high": high}
            yield {"row": "bias", "name": name, **figures, "count": one.sentences}
    for period in layers.drift:
        yield {"row": "drift", "name": period.name, **_coefficient(period.alpha)}
    for spot in layers.hot_spots:
        name = _cell(" ".join(filter(None, spot.feature)))
        yield {"row": "hot spot", "name": name, "value": spot.ratio, "count": len(spot.sentences)}


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


def _plain(text: str) -> str:
    """One line without characters that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def as_html(report: Report) -> str:
    """One self-contained file: the page's own part with the style in it, no script and no request to anywhere."""
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    css = Markup("".join((WEB / "static" / name).read_text("utf-8") for name in ("app.css", "pages.css")))  # our own
    return environment.get_template("disagreements/file.html").render(view=view_of(report), css=css)


def as_text(report: Report, *, width: int = 100) -> str:
    """For a terminal: the figures, the pairs and the disputed sentences as plain tables."""
    from rich.console import Console  # only the command line prints tables

    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    title = report.articles[0].title if not report.is_corpus else f"{len(report.articles)} articles"
    console.print(f"Disagreement report: {_plain(title)}\n")
    console.print(_plain(wording.first_sentence(report)))
    console.print(f"Alpha over label sets (MASI): {_line(report.alpha_sets)}. {wording.meaning(report.alpha_sets)}\n")
    for table in _tables(report):
        console.print(table)
    console.print(_counted(report))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _line(found: Coefficient) -> str:
    return f"{wording.figure(found)} ({wording.interval(found)})"


def _counted(report: Report) -> str:
    left = "; ".join(text for _, text in wording.left_out(report)) or "nothing"
    counted = f"{report.counted.count} answers on {len(report.counted.sentences)} sentences"
    return (
        f"Counted: {counted} by {len(report.ratings.reviewers)} reviewers. Left out: {left}; "
        f"older revisions and gold never count. Intervals: 95 %, {SAMPLES:,} bootstrap samples, seed {SEED}."
    )


def _tables(report: Report) -> Iterable[Any]:
    from rich import box  # as in as_text()
    from rich.table import Table

    def table(title: str, *columns: str) -> Table:
        made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
        for column in columns:
            made.add_column(column)
        return made

    figures = table("Agreement", "figure", "value", "95 % interval")
    rows = {f"alpha, {name}": found for name, found in report.alpha.items()} | {"same label set": report.exact}
    found = {**report.layers.alpha, **report.layers.spans}
    rows |= {name: found[key] for key, name in {**VOICES, **ATTRIBUTIONS}.items()}
    for name, one in rows.items():
        figures.add_row(name, wording.figure(one), wording.interval(one))
    yield figures
    if report.pairs:
        pairs = table(
            "Pairs (Cohen’s kappa, each label set a category)", "reviewers", "kappa", "sentences both labelled"
        )
        for pair in report.pairs:
            kappa = "not defined" if pair.kappa is None else wording.decimal(pair.kappa)
            pairs.add_row(_plain(f"{report.names[pair.a]} / {report.names[pair.b]}"), kappa, str(pair.shared))
        yield pairs
    titles = {article.uid: _plain(article.title) for article in report.articles}
    named = ("article",) if report.is_corpus else ()
    disputed = table("Sentences, most disputed first", *named, "n", "sentence", "answers")
    for reading in report.disputed:
        where = (titles[reading.article],) if report.is_corpus else ()
        said = "\n".join(_plain(f"{report.names[vote.reviewer]}: {answer(vote)}") for vote in reading.votes)
        disputed.add_row(*where, str(reading.ordinal), _plain(reading.text), said)
    if report.disputed:
        yield disputed
