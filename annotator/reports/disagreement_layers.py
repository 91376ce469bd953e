"""What a disagreement report says beside the labels: voices, attributions, pace, bias, drift and hot spots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter

import numpy as np
from sqlmodel import Session

from annotator.domain import agreement, attribution_agreement, hot_spots, reviewing
from annotator.domain.agreement import Coefficient, Ratings, Resampling
from annotator.domain.alpha import alpha_values, estimate
from annotator.domain.attribution_agreement import Heard, Saying
from annotator.domain.bootstrap import spread
from annotator.domain.counts import Counts
from annotator.domain.disagreements import DECLARED, Difference, Reading
from annotator.domain.distances import Nominal, masi, over_sets
from annotator.domain.hot_spots import HotSpot, Place
from annotator.domain.reviewing import Bias
from annotator.domain.spans import Span
from db.models import Article
from db.queries import layers as stored
from db.vocabulary import BlockKind, Label, SpanPart, Voice

BATCH, MOST_BATCHES = 6, 5  # sentences; a long article has larger batches instead of more
PARTS = (SpanPart.CUE, SpanPart.CONTENT)
Groups = Mapping[str, int] | None  # number of each sentence's article, where there are several


@dataclass(frozen=True, slots=True)
class Beside:
    """Plain rows of `db.queries.layers`."""

    attributions: Sequence[stored.Plain]
    merged: Mapping[int, int]
    moments: Sequence[stored.Plain]
    places: Sequence[stored.Plain]


@dataclass(frozen=True, slots=True)
class Period:
    """Sentences that stand together, or whose last answer is of one week, and the alpha of their label sets."""

    name: str  # “1–6”, “2026-W47”
    sentences: tuple[str, ...]
    alpha: Coefficient


@dataclass(frozen=True, slots=True)
class Layers:
    """Everything beside the labels, each figure with its reason where the data cannot give it."""

    ratings: Mapping[str, Ratings]  # claim_voice, opinion_voice, attribution, attribution_type
    alpha: Mapping[str, Coefficient]  # nominal, of the same
    spans: Mapping[str, Coefficient]  # speaker, cue, content: F1, and alpha over characters
    seconds: Mapping[str, float]  # by reviewer
    bias: Mapping[str, Mapping[str, Bias]]  # by reviewer and label
    drift_by: str  # batch or week
    drift: tuple[Period, ...]
    hot_spots: tuple[HotSpot, ...]


def read(session: Session, article_ids: Sequence[int] | None) -> Beside:
    """All that the layers are built from, in four queries."""
    return Beside(
        stored.attributions(session, article_ids),
        stored.merged_speakers(session),
        stored.moments(session, article_ids),
        stored.places(session, article_ids),
    )


def build(
    beside: Beside, articles: Sequence[Article], readings: Sequence[Reading], sets: Ratings, groups: Groups
) -> Layers:
    """`readings` the most disputed first, which is the order of examples; `sets` their label sets."""
    heard = sorted(heard_of(beside, readings), key=attrgetter("sentence"))  # the order of `sets`: one draw for both
    spoken, biases = attribution_agreement.Spoken.of(heard), reviewing.Biases.of(sets, DECLARED)
    drawn = resampling(sets.items, groups)
    ends = spread({"spans": spoken.linear, "bias": biases.linear}, drawn.groups, drawn.samples)
    ratings = {
        "claim_voice": voices(readings, Label.CLAIM),
        "opinion_voice": voices(readings, Label.OPINION),
        "attribution": attribution_agreement.presence(sets, heard),
        "attribution_type": attribution_agreement.types(heard),
    }
    by_week = len(articles) != 1
    return Layers(
        ratings=ratings,
        alpha={name: nominal(one, resampling(one.items, groups)) for name, one in ratings.items()},
        spans=spoken.named(ends["spans"]),
        seconds=reviewing.seconds_per_sentence(beside.moments),
        bias=biases.named(ends["bias"]),
        drift_by="week" if by_week else "batch",
        drift=drift(readings, sets, groups, by_week=by_week),
        hot_spots=tuple(hot_spots.hot_spots(places_of(beside.places, articles, readings))),
    )


def resampling(items: Sequence[str], groups: Groups) -> Resampling:
    """Intervals over sentences and, where there are several, over the articles that these sentences are from."""
    if groups is None:
        return Resampling()
    _, numbers = np.unique(np.array([groups[item] for item in items], np.intp), return_inverse=True)
    return Resampling(groups=numbers)


def nominal(ratings: Ratings, drawn: Resampling) -> Coefficient:
    """Nominal alpha, drawn and refused as in the agreement object of the same ratings."""
    counts = Counts.of(ratings)
    return estimate(counts, {"alpha": alpha_values(counts, Nominal())}, drawn, reviewers=len(ratings.reviewers))[
        "alpha"
    ]


def voices(readings: Iterable[Reading], label: Label) -> Ratings:
    """Whose claim, or whose opinion, it is for those who set the label."""
    rows = (
        (r.sentence, vote.reviewer, voice)
        for r in readings
        for vote in r.counted
        if (voice := vote.claim_voice if label is Label.CLAIM else vote.opinion_voice)
    )
    return agreement.ratings_of(rows, declared=tuple(map(str, Voice)))


def heard_of(beside: Beside, readings: Iterable[Reading]) -> list[Heard]:
    """Sentences with the attributions of every complete answer, in the order of the text."""
    sayings: dict[tuple[str, str], list[Saying]] = {}
    for (sentence, reviewer, _, speaker, kind), group in groupby(beside.attributions, itemgetter(0, 1, 2, 3, 4)):
        spans = [(part, Span(start, end)) for *_, part, start, end in group if part is not None]
        cue, content = (tuple(span for part, span in spans if part == wanted) for wanted in PARTS)
        sayings.setdefault((sentence, reviewer), []).append(Saying(_left(speaker, beside.merged), kind, cue, content))
    counted = {r.sentence: r for r in readings}
    return [
        Heard(uid, Span(start, end), {v.reviewer: tuple(sayings.get((uid, v.reviewer), ())) for v in reading.counted})
        for uid, _, start, end, *_ in beside.places
        if (reading := counted[uid]).counted
    ]


def _left(speaker: int | None, merged: Mapping[int, int]) -> int | None:
    """The speaker that is left after merges."""
    while speaker is not None and speaker in merged:
        speaker = merged[speaker]
    return speaker


def places_of(rows: Iterable[stored.Plain], articles: Iterable[Article], readings: Iterable[Reading]) -> list[Place]:
    """The sentences with two complete answers or more, in the order of the readings, each with kind and section."""
    texts = {article.id: article.text for article in articles}
    where: dict[str, tuple[str, str]] = {}
    inside, section = None, ""
    for uid, article_id, _, _, _, kind, start, end in rows:
        if article_id != inside:
            inside, section = article_id, ""
        if kind == BlockKind.HEADING:
            section = " ".join(texts[article_id][start:end].split())
        where[uid] = kind, section
    return [
        Place(r.sentence, r.text, *where[r.sentence], r.difference is Difference.LABELS)
        for r in readings
        if len(r.counted) > 1
    ]


def drift(readings: Iterable[Reading], sets: Ratings, groups: Groups, *, by_week: bool) -> tuple[Period, ...]:
    """Alpha over label sets in batches of sentences in the order of the text, or by ISO week of the last answer."""
    row = {item: number for number, item in enumerate(sets.items)}
    found = _weeks(readings) if by_week else _batches(readings)
    return tuple(
        Period(name, tuple(uids), _set_alpha(sets, [row[uid] for uid in uids if uid in row], groups))
        for name, uids in found
    )


def _batches(readings: Iterable[Reading]) -> list[tuple[str, list[str]]]:
    ordered = sorted(readings, key=attrgetter("article", "ordinal"))
    size = max(BATCH, -(-len(ordered) // MOST_BATCHES))
    batches = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    return [(f"{batch[0].ordinal}–{batch[-1].ordinal}", [r.sentence for r in batch]) for batch in batches]


def _weeks(readings: Iterable[Reading]) -> list[tuple[str, list[str]]]:
    weeks: dict[str, list[str]] = {}
    for reading in sorted(readings, key=attrgetter("article", "ordinal")):
        last = max((vote.at for vote in reading.counted if vote.at), default=None)
        if last is not None and len(reading.counted) > 1:
            weeks.setdefault(f"{datetime.fromisoformat(last):%G-W%V}", []).append(reading.sentence)
    return sorted(weeks.items())


def _set_alpha(sets: Ratings, rows: Sequence[int], groups: Groups) -> Coefficient:
    """Alpha over label sets of some of the sentences."""
    items = tuple(sets.items[row] for row in rows)
    part = Ratings(items, sets.reviewers, sets.labels, sets.codes[list(rows)], members=sets.members)
    counts = Counts.of(part)
    statistic = {"sets": alpha_values(counts, over_sets(sets.members or (), masi))}
    return estimate(counts, statistic, resampling(items, groups), reviewers=len(sets.reviewers))["sets"]
