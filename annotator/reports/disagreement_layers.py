"""What a disagreement report says beside the labels: voices, attributions, pace, bias, drift and hot spots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import groupby
from operator import attrgetter, itemgetter

import numpy as np
from sqlmodel import Session

from annotator.domain import (
    agreement,
    attribution_agreement,
    boundaries,
    evidence_agreement,
    hot_spots,
    reviewing,
)
from annotator.domain.agreement import Coefficient, Ratings, Resampling
from annotator.domain.alpha import alpha_values, estimate, why_too_many
from annotator.domain.attribution_agreement import Heard, Saying, Spoken
from annotator.domain.bootstrap import Interval, spread
from annotator.domain.counts import Counts
from annotator.domain.disagreements import Difference, Reading, without_unsure
from annotator.domain.distances import Distance, Nominal, Ordinal, SetDistance, jaccard, masi, over_sets
from annotator.domain.evidence_agreement import Checked
from annotator.domain.hot_spots import THIRDS, HotSpot, Place
from annotator.domain.labels import UNSURE
from annotator.domain.reviewing import Bias, Biases
from annotator.domain.spans import Span
from annotator.domain.suggestions import Rules, rules_of
from annotator.language import later
from db.models import Article
from db.queries import layers as stored
from db.vocabulary import BlockKind, Label, SpanPart, Status, Voice

BATCH, MOST_BATCHES = 6, 5  # sentences; a long article has larger batches instead of more
PARTS = (SpanPart.CUE, SpanPart.CONTENT)
Groups = Mapping[str, int] | None  # number of each sentence's article, where there are several


@dataclass(frozen=True, slots=True)
class Beside:
    """Plain rows of `db.queries.layers`."""

    attributions: Sequence[stored.Plain]
    merged: Mapping[int, int]
    claims: Sequence[stored.Plain]
    addresses: Mapping[int, str]  # by source id
    seen: Sequence[stored.Plain]
    moments: Sequence[stored.Plain]
    latest: Sequence[stored.Plain]
    places: Sequence[stored.Plain]
    suggested: frozenset[str]  # sentences
    rules: Rules
    guidelines: Sequence[tuple[str, str]]  # version, in force from


@dataclass(frozen=True, slots=True)
class Period:
    """Sentences that stand together, or whose last answer is of one week, and the alpha of their label sets."""

    name: str  # “1–6”, “2026-W47”
    sentences: tuple[str, ...]
    alpha: Coefficient
    guidelines: tuple[str, ...] = ()  # versions that came into force in or before this period, after the one before it


@dataclass(frozen=True, slots=True)
class Subset:
    """Sentences with or without suggestions, and how far their reviewers agree."""

    sentences: tuple[str, ...]
    alpha: Coefficient  # over label sets
    attribution: Coefficient  # somebody speaks, or nobody


@dataclass(frozen=True, slots=True)
class Layers:
    """Everything beside the labels, each figure with its reason where the data cannot give it."""

    ratings: Mapping[str, Ratings]  # by name: voices, attributions, sources, stance, verdict, boundaries
    alpha: Mapping[str, Coefficient]  # of the same: nominal, for sources MASI, for verdicts ordinal
    jaccard: Coefficient  # of sources
    spans: Mapping[str, Coefficient]  # speaker, cue, content: F1, and alpha over characters
    seconds: Mapping[str, float]  # by reviewer
    bias: Mapping[str, Mapping[str, Bias]]  # by reviewer and label
    drift_by: str  # batch or week
    drift: tuple[Period, ...]
    hot_spots: tuple[HotSpot, ...]
    shown: Subset  # sentences on which a suggestion was shown after the reviewer's own label
    hidden: Subset  # those of the seeded share on which it was not


def read(session: Session, article_ids: Sequence[int] | None) -> Beside:
    """All that the layers are built from."""
    claims = stored.claims(session, article_ids)
    used = {source for *_, source, _ in claims if source is not None}
    return Beside(
        attributions=stored.attributions(session, article_ids),
        merged=stored.merged_speakers(session),
        claims=claims,
        addresses=stored.addresses(session, used) if used else {},
        seen=stored.seen(session, article_ids),
        moments=stored.moments(session, article_ids),
        latest=() if article_ids is not None and len(article_ids) == 1 else stored.latest(session, article_ids),
        places=stored.places(session, article_ids),
        suggested=frozenset(stored.suggested(session, article_ids)),
        rules=rules_of(stored.options(session)),
        guidelines=stored.guidelines(session),
    )


def build(
    beside: Beside, articles: Sequence[Article], readings: Sequence[Reading], sets: Ratings, groups: Groups
) -> Layers:
    """`readings` the most disputed first, which is the order of examples; `sets` their label sets."""
    heard = sorted(heard_of(beside, readings), key=attrgetter("sentence"))
    spoken, biases = attribution_agreement.Spoken.of(heard), reviewing.Biases.of(sets, sets.declared)
    ends = _spread(spoken, biases, [h.sentence for h in heard], sets.items, groups)
    ratings = _ratings(beside, readings, heard, sets)
    by_week = len(articles) != 1
    shown, hidden = _by_suggestion(beside, sets, ratings["attribution"], groups)
    return Layers(
        ratings=ratings,
        alpha={name: _alpha_of(name, one, groups) for name, one in ratings.items()},
        jaccard=_source_alpha(ratings["sources"], jaccard, resampling(ratings["sources"].items, groups)),
        spans=spoken.named(ends["spans"]),
        seconds=reviewing.seconds_per_sentence(beside.moments),
        bias=biases.named(ends["bias"]),
        drift_by="week" if by_week else "batch",
        drift=drift(beside, readings, sets, groups, by_week=by_week),
        hot_spots=tuple(hot_spots.hot_spots(places_of(beside, articles, readings))),
        shown=shown,
        hidden=hidden,
    )


def _spread(
    spoken: Spoken, biases: Biases, heard: Sequence[str], items: Sequence[str], groups: Groups
) -> dict[str, list[Interval | None]]:
    """Intervals of attributions and bias, over one draw where both are about the same sentences."""
    if tuple(heard) == tuple(items):
        drawn = resampling(items, groups)
        return spread({"spans": spoken.linear, "bias": biases.linear}, drawn.groups, drawn.samples)
    own = {"spans": (spoken.linear, heard), "bias": (biases.linear, items)}
    return {name: spread({name: one}, resampling(of, groups).groups)[name] for name, (one, of) in own.items()}


def _ratings(beside: Beside, readings: Sequence[Reading], heard: Sequence[Heard], sets: Ratings) -> dict[str, Ratings]:
    checked = [
        Checked(uid, reviewer, start, end, seq, verdict, beside.addresses.get(source), stance)
        for uid, reviewer, start, end, seq, verdict, source, stance in beside.claims
    ]
    return {
        "claim_voice": voices(readings, Label.CLAIM),
        "opinion_voice": voices(readings, Label.OPINION),
        "attribution": attribution_agreement.presence(without_unsure(sets), heard),
        "attribution_type": attribution_agreement.types(heard),
        "sources": evidence_agreement.sources(checked),
        "stance": evidence_agreement.stances(checked),
        "verdict": evidence_agreement.verdicts(checked),
        "boundaries": boundaries.boundaries(beside.seen),
    }


def _alpha_of(name: str, ratings: Ratings, groups: Groups) -> Coefficient:
    """The alpha that fits a layer."""
    drawn = layer_resampling(name, ratings, groups)
    if name == "sources":
        return _source_alpha(ratings, masi, drawn)
    found = nominal(ratings, drawn, Ordinal() if name == "verdict" else Nominal())
    return replace(found, reason=boundaries.SAME) if name == "boundaries" and not ratings.items else found


def layer_resampling(name: str, ratings: Ratings, groups: Groups) -> Resampling:
    """Intervals of a layer over its items and, where there are several, over articles."""
    if name == "boundaries":
        return Resampling()
    about_claims = name in ("stance", "verdict")
    items = [evidence_agreement.sentence_of(item) for item in ratings.items] if about_claims else ratings.items
    return resampling(items, groups)


def _source_alpha(ratings: Ratings, distance: SetDistance, drawn: Resampling) -> Coefficient:
    """Alpha over the sets of addresses, refused where no two reviewers gave a source to one sentence."""
    sets = ratings.members or ()
    if too_many := why_too_many(sets):
        return Coefficient(None, too_many)
    return nominal(ratings, drawn, over_sets(sets, distance))


def _by_suggestion(beside: Beside, sets: Ratings, attribution: Ratings, groups: Groups) -> tuple[Subset, Subset]:
    """Agreement on sentences with a suggestion that was shown, and on those of the share that hides it."""
    row = {item: number for number, item in enumerate(sets.items)}
    found = []
    for hidden in (False, True):
        uids = tuple(uid for uid in sorted(beside.suggested) if beside.rules.on and beside.rules.hides(uid) is hidden)
        rows = [row[uid] for uid in uids if uid in row]
        part = replace(attribution, items=tuple(sets.items[n] for n in rows), codes=attribution.codes[rows])
        drawn = resampling(part.items, groups)
        found.append(Subset(uids, set_alpha(sets, part.items, drawn, row), nominal(part, drawn)))
    reason = None if beside.rules.on else later("suggestions are off in this project")
    if reason is None and not beside.suggested:
        reason = later("nothing is suggested for these sentences")
    if reason:
        off = Coefficient(None, reason)
        return Subset((), off, off), Subset((), off, off)
    return found[0], found[1]


def resampling(items: Sequence[str], groups: Groups) -> Resampling:
    """Intervals over sentences and, where there are several, over the articles that these sentences are from."""
    if groups is None:
        return Resampling()
    _, numbers = np.unique(np.array([groups[item] for item in items], np.intp), return_inverse=True)
    return Resampling(groups=numbers)


def nominal(ratings: Ratings, drawn: Resampling, distance: Distance = Nominal()) -> Coefficient:
    """Alpha, nominal unless another distance is named, drawn and refused as in the agreement object."""
    counts = Counts.of(ratings)
    return estimate(counts, {"alpha": alpha_values(counts, distance)}, drawn, reviewers=len(ratings.reviewers))["alpha"]


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
    found = []
    for uid, _, start, end, *_ in beside.places:
        complete = (vote.reviewer for vote in counted[uid].counted if not vote.is_unsure)
        if answers := {reviewer: tuple(sayings.get((uid, reviewer), ())) for reviewer in complete}:
            found.append(Heard(uid, Span(start, end), answers))
    return found


def _left(speaker: int | None, merged: Mapping[int, int]) -> int | None:
    """The speaker that is left after merges."""
    while speaker is not None and speaker in merged:
        speaker = merged[speaker]
    return speaker


def places_of(beside: Beside, articles: Iterable[Article], readings: Iterable[Reading]) -> list[Place]:
    """The sentences with two complete answers or more, in the order of the readings, with all that is known of each."""
    texts = {article.id: article.text for article in articles}
    cues = _cues(beside.attributions, {uid: texts[article_id] for uid, article_id, *_ in beside.places})
    where: dict[str, tuple[str, str, str, bool]] = {}
    inside, section, block, last = None, "", None, 0
    for uid, article_id, start, _, block_id, kind, first, end in beside.places:
        if article_id != inside:
            inside, section, last = article_id, "", len(texts[article_id])
        if kind == BlockKind.HEADING:
            section = " ".join(texts[article_id][first:end].split())
        third = THIRDS[min(2, 3 * start // max(1, last))]
        where[uid] = kind, section, third, block_id != block and kind == BlockKind.PARAGRAPH
        block = block_id
    nothing: frozenset[str] = frozenset()
    return [
        Place(r.sentence, r.text, *where[r.sentence], cues.get(r.sentence, nothing), r.difference is Difference.LABELS)
        for r in readings
        if len(r.counted) > 1
    ]


def _cues(rows: Iterable[stored.Plain], text_of: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """The cue words that any reviewer marked, by sentence."""
    found: dict[str, set[str]] = {}
    for sentence, _, _, _, _, part, start, end in rows:
        if part == SpanPart.CUE:
            found.setdefault(sentence, set()).add(" ".join(text_of[sentence][start:end].split()).casefold())
    return {sentence: frozenset(cues) for sentence, cues in found.items()}


def drift(
    beside: Beside, readings: Iterable[Reading], sets: Ratings, groups: Groups, *, by_week: bool
) -> tuple[Period, ...]:
    """Alpha over label sets in batches of sentences in the order of the text, or by ISO week of the last answer.

    A version of the guidelines is marked in the first week that is not before it came into force.
    """
    row = {item: number for number, item in enumerate(sets.items)}
    found = _weeks(readings, _last(beside, sets)) if by_week else _batches(readings)
    changed: dict[str, list[str]] = {}
    for version, since in beside.guidelines[1:] if by_week else ():
        later = [name for name, _ in found if name >= _week(since)]
        if later and later[0] != found[0][0]:
            changed.setdefault(later[0], []).append(version)
    return tuple(
        Period(
            name,
            tuple(uids),
            set_alpha(sets, uids, resampling([u for u in uids if u in row], groups), row),
            tuple(changed.get(name, ())),
        )
        for name, uids in found
    )


def _batches(readings: Iterable[Reading]) -> list[tuple[str, list[str]]]:
    ordered = sorted(readings, key=attrgetter("article", "ordinal"))
    size = max(BATCH, -(-len(ordered) // MOST_BATCHES))
    batches = [ordered[start : start + size] for start in range(0, len(ordered), size)]
    return [(f"{batch[0].ordinal}–{batch[-1].ordinal}", [r.sentence for r in batch]) for batch in batches]


def _last(beside: Beside, sets: Ratings) -> dict[str, str]:
    """When the last answer that counts was given to each sentence."""
    counts = {Status.COMPLETE, Status.UNSURE} if UNSURE in sets.declared else {Status.COMPLETE}
    found: dict[str, str] = {}
    for sentence, status, at in beside.latest:
        if status in counts:
            found[sentence] = max(at, found.get(sentence, at))
    return found


def _weeks(readings: Iterable[Reading], last: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    weeks: dict[str, list[str]] = {}
    for reading in sorted(readings, key=attrgetter("article", "ordinal")):
        if len(reading.counted) > 1:
            weeks.setdefault(_week(last[reading.sentence]), []).append(reading.sentence)
    return sorted(weeks.items())


@cache
def _week_of_day(day: str) -> str:
    return f"{date.fromisoformat(day):%G-W%V}"


def _week(at: str) -> str:
    """The ISO week of a time."""
    return _week_of_day(at[:10])


def set_alpha(
    sets: Ratings, uids: Sequence[str], drawn: Resampling, row: Mapping[str, int] | None = None
) -> Coefficient:
    """Alpha over label sets of some of the sentences; `row` says where each sentence that counts is."""
    place = row or {item: number for number, item in enumerate(sets.items)}
    rows = [place[uid] for uid in uids if uid in place]
    part = replace(sets, items=tuple(sets.items[n] for n in rows), codes=sets.codes[rows])
    return nominal(part, drawn, over_sets(sets.members or (), masi))
