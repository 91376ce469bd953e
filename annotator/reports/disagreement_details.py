"""The second half of the report's page: voices, attributions, bias, drift and hot spots, ready for the template."""

from dataclasses import dataclass

from annotator.domain.agreement import Coefficient
from annotator.domain.disagreements import describe, in_words
from annotator.domain.hot_spots import Feature, HotSpot
from annotator.domain.reviewing import Bias
from annotator.language import decimal, later, number, pgettext
from annotator.language import gettext as _
from annotator.reports import methods, plots, wording
from annotator.reports.disagreement_layers import Layers, Period
from annotator.reports.disagreement_people import ReviewerLine
from annotator.reports.disagreement_sentences import Link, Listings, Mark
from annotator.reports.disagreements import Report
from annotator.reports.plots import Axis, Point

NARROW = 230
ROW = 5  # periods beside each other
LATEST = 10  # weeks on the page; all are in the JSON and CSV
SPOTS, EXAMPLES, EXCERPT = 6, 3, 80
VOICES = {"claim_voice": later("Whose claim, α"), "opinion_voice": later("Whose opinion, α")}
ATTRIBUTIONS = {
    "attribution": later("Somebody speaks, α"),
    "speaker": later("Speaker match, F1"),
    "cue_exact": later("Cue, exact F1"),
    "cue_overlap": later("Cue, overlap F1"),
    "content_exact": later("Content, exact F1"),
    "content_overlap": later("Content, overlap F1"),
    "content_characters": later("Content, α"),
    "attribution_type": later("Direct, indirect, α"),
}
EVIDENCE = {
    "sources": later("Sources, MASI α"),
    "sources_jaccard": later("Sources, Jaccard α"),
    "stance": later("Stance, α"),
    "verdict": later("Verdict, ordinal α"),
    "boundaries": later("Boundaries, α"),
}
KINDS = {
    "heading": later("Headings"),
    "paragraph": later("Sentences in paragraphs"),
    "list_item": later("List items"),
    "quote": later("Block quotations"),
    "caption": later("Captions"),
    "table": later("Tables"),
    "disclaimer": later("Disclaimers"),
    "other": later("Other blocks"),
}
POSITIONS = {
    "first third": later("The first third of an article"),
    "middle third": later("The middle third of an article"),
    "last third": later("The last third of an article"),
    "opening a paragraph": later("Sentences opening a paragraph"),
}


@dataclass(frozen=True, slots=True)
class PlotRow:
    label: str  # "sets" for one that is no single label's
    mark: Mark
    name: str
    point: Point | None
    value: str
    interval: str
    said: str  # the text alternative


@dataclass(frozen=True, slots=True)
class DriftPoint:
    """One period: where it is drawn, and the same in words."""

    name: str
    x: float
    y: float | None
    low: float | None
    high: float | None
    value: str
    said: str
    change: str  # the version of the guidelines that began here, "" for none
    left: float  # where the period begins


@dataclass(frozen=True, slots=True)
class BiasCell:
    name: str  # of the label
    value: str
    interval: str


@dataclass(frozen=True, slots=True)
class Spot:
    name: str
    figures: str
    examples: tuple[Link, ...]  # text, address, number of the sentence


@dataclass(frozen=True)
class Details:
    axis: Axis
    voices: tuple[PlotRow, ...]
    attributions: tuple[PlotRow, ...]
    heard: int  # sentences with attributions by two reviewers or more
    evidence: tuple[PlotRow, ...]
    suggestions: tuple[PlotRow, ...]
    suggestion_words: str
    drift_words: str
    drift: tuple[tuple[DriftPoint, ...], ...]
    spots: tuple[Spot, ...]
    all_spots: int


def details_of(report: Report, listings: Listings) -> Details:
    layers = report.layers
    found = {**layers.alpha, **layers.spans, "sources_jaccard": layers.jaccard}
    shown = layers.drift[-LATEST:]
    return Details(
        axis=plots.axis(NARROW),
        voices=tuple(plot_row("sets", _(name), found[key], NARROW) for key, name in VOICES.items()),
        attributions=tuple(plot_row("sets", _(name), found[key], NARROW) for key, name in ATTRIBUTIONS.items()),
        heard=layers.spans["speaker"].items,
        evidence=tuple(plot_row("sets", _(name), found[key], NARROW, band=key) for key, name in EVIDENCE.items()),
        suggestions=_suggestions(layers),
        suggestion_words=_suggestion_words(layers),
        drift_words=_drift_words(report),
        drift=tuple(
            tuple(_drift_point(period, place) for place, period in enumerate(shown[start : start + ROW]))
            for start in range(0, len(shown), ROW)
        ),
        spots=tuple(_spot(spot, listings) for spot in layers.hot_spots[:SPOTS]),
        all_spots=len(layers.hot_spots),
    )


def plot_row(label: str, name: str, found: Coefficient, width: int, *, band: str | None = None) -> PlotRow:
    """A figure as a row; `band` names what published projects of its kind reach, else the label does."""
    value, interval = wording.figure(found), wording.interval(found)
    said = f"{value}: {interval}"
    if found.value is not None:
        said = _("{value}, 95 percent interval {interval}").format(value=value, interval=interval)
    kind = band or label
    if ends := plots.PUBLISHED.get(kind):
        low, high = map(wording.decimal, ends)
        said = _("{said}, published projects reach {low} to {high}").format(said=said, low=low, high=high)
    return PlotRow(label, Mark(label), name, plots.point(found, width, kind), value, interval, said)


def _suggestions(layers: Layers) -> tuple[PlotRow, ...]:
    rows = (
        (_("Shown, labels α"), layers.shown.alpha),
        (_("Hidden, labels α"), layers.hidden.alpha),
        (_("Shown, speech α"), layers.shown.attribution),
        (_("Hidden, speech α"), layers.hidden.attribution),
    )
    return tuple(plot_row("sets", _(name), found, NARROW) for name, found in rows)


def _suggestion_words(layers: Layers) -> str:
    shown, hidden = len(layers.shown.sentences), len(layers.hidden.sentences)
    text = _("Something is suggested after the own label; on a share of sentences, drawn by a seed, it is hidden.")
    if not shown + hidden:
        return text
    figures = _("Shown on {shown}, hidden on {hidden}. Much higher where shown would mean that it steers.")
    return f"{text} {figures.format(shown=number(shown), hidden=number(hidden))}"


def bias_cells(line: ReviewerLine) -> tuple[BiasCell, ...]:
    """In percentage points, label by label; nothing for a reviewer without a complete answer."""
    return tuple(_bias_cell(describe({label}), found) for label, found in line.bias.items())


def _bias_cell(name: str, found: Bias) -> BiasCell:
    if found.value is None:
        return BiasCell(name, _("not defined"), _("no sentence that somebody else has answered too"))
    if found.ci95 is None:
        return BiasCell(name, wording.points(found.value), _("no interval"))
    low, high = (wording.points(end) for end in found.ci95)
    between = _("{low} to {high}").replace(" ", "\u00a0")  # in a narrow cell
    return BiasCell(name, wording.points(found.value), between.format(low=low, high=high))


def _drift_words(report: Report) -> str:
    layers = report.layers
    if layers.drift_by == "week":
        text = _("Alpha over label sets per ISO week in which the last answer to a sentence was changed.")
        if len(layers.drift) > LATEST:
            text += " " + _("The latest {n} of {all} weeks.").format(n=LATEST, all=len(layers.drift))
    else:
        size = len(layers.drift[0].sentences) if layers.drift else 0
        text = _("Alpha over label sets per batch of {number} sentences, in the order of the text.")
        text = text.format(number=in_words(size))
    if any(period.guidelines for period in layers.drift):
        return text + " " + _("A dashed line marks new guidelines.")
    if len(report.guidelines) > 1:
        under = _("Answers were given under guidelines {versions}.")
        return f"{text} {under.format(versions=methods.listed(report.guidelines))}"
    return text + " " + _("No guideline change inside.")


def _drift_point(period: Period, place: int) -> DriftPoint:
    found = period.alpha
    low, high = found.ci95 or (None, None)
    return DriftPoint(
        period.name,
        100 * place + 50.0,
        plots.height(found.value),
        plots.height(low),
        plots.height(high),
        pgettext("narrow", "not defined") if found.value is None else wording.figure(found),
        wording.interval(found),
        ", ".join(period.guidelines),
        100.0 * place,
    )


def _spot(spot: HotSpot, listings: Listings) -> Spot:
    examples = []
    for uid in spot.sentences[:EXAMPLES]:
        reading = listings.by_uid[uid]
        examples.append(Link(_excerpt(reading.text), listings.sentence(reading), str(reading.ordinal)))
    figures = _("{n} of {all} disputed, {ratio} × the usual")
    figures = figures.format(n=spot.disputed, all=len(spot.sentences), ratio=decimal(spot.ratio, 1))
    return Spot(feature_name(spot.feature), figures, tuple(examples))


def feature_name(feature: Feature) -> str:
    """What disputed sentences have, in words."""
    match feature.type:
        case "word":
            return _("The word “{word}”").format(word=feature.name)
        case "section":
            return _("Section “{title}”").format(title=_excerpt(feature.name))
        case "kind":
            return _(KINDS[feature.name])
        case "quotation_marks":
            return _("Quotation marks")
        case "cue":
            return _("The cue “{cue}”").format(cue=feature.name)
        case "position":
            return _(POSITIONS[feature.name])
    return _("Modal verbs (can, should, would …)")


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else words[: EXCERPT - 1].rstrip() + "…"
