"""Where disputes gather: words and features that disputed sentences have more often than agreed ones.

Log-odds with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, Fightin' Words, Political Analysis 16:4,
equations 15, 20 and 22), a sentence being counted once for whatever it has: of n disputed sentences y have the
feature, of m agreed ones x. The prior is worth PRIOR sentences in either group, with the feature as often as in all.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

THIRDS = ("first third", "middle third", "last third")
PRIOR = 10.0  # sentences
LEAST = 3  # disputed sentences that must have it
SHORTEST = 3  # letters of a word
WORD = re.compile(r"[^\W\d_](?:[\w’'\-]*[^\W_])?")
QUOTATION_MARKS = frozenset('“”„‟«»"')
MODALS = frozenset({"can", "could", "may", "might", "must", "ought", "shall", "should", "will", "would", "cannot"})
# They are in nearly every sentence and only tell long ones, which have more to dispute, from short ones.
FUNCTION_WORDS = frozenset({
    "about", "after", "again", "all", "also", "and", "any", "are", "as", "at", "be", "because", "been", "before",
    "being", "both", "but", "by", "did", "do", "does", "doing", "down", "each", "few", "for", "from", "had",
    "has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "if", "in", "into", "is", "it",
    "its", "itself", "just", "me", "more", "most", "my", "no", "nor", "not", "now", "of", "off", "on", "once",
    "only", "or", "other", "our", "out", "over", "own", "same", "she", "so", "some", "such", "than", "that",
    "the", "their", "them", "then", "there", "these", "they", "this", "those", "through", "to", "too", "under",
    "until", "up", "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "whom", "why",
    "with", "you", "your",
})  # fmt: skip


class Place(NamedTuple):
    """A sentence that two reviewers or more have answered."""

    sentence: str
    text: str
    kind: str  # of its block
    section: str  # the heading above it, "" before the first
    third: str  # of the article
    opens: bool  # whether it is the first of its paragraph
    cues: frozenset[str]  # that any reviewer marked in it
    is_disputed: bool


class Feature(NamedTuple):
    """What a sentence has: a word, a cue, quotation marks, a modal verb, its section, kind of block and position."""

    type: str  # word, cue, quotation_marks, modal_verb, section, kind, position
    name: str


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A feature with more disagreement than usual and its sentences, the disputed ones first."""

    feature: Feature
    sentences: tuple[str, ...]
    disputed: int
    ratio: float  # share of its sentences that are disputed, over that of all sentences
    log_odds: float
    z: float  # log-odds over its standard error


def hot_spots(places: Sequence[Place]) -> list[HotSpot]:
    """Features of three disputed sentences or more whose share of disputed ones is above the usual, by z.

    Features of the very same sentences are one spot, named after the first. Empty when all or none are disputed.
    """
    disputed = sum(place.is_disputed for place in places)
    having: dict[Feature, list[Place]] = {}
    for place in places:
        for feature in features(place):
            having.setdefault(feature, []).append(place)
    spots: dict[tuple[str, ...], HotSpot] = {}
    for feature, found in having.items():
        if sum(place.is_disputed for place in found) < LEAST:
            continue
        spot = _spot(feature, found, disputed, len(places))
        if spot.ratio > 1:
            spots.setdefault(spot.sentences, spot)
    return sorted(spots.values(), key=lambda spot: (-round(spot.z, 9), spot.feature))


def features(place: Place) -> Iterator[Feature]:
    """All that a sentence has, each once."""
    if place.section:
        yield Feature("section", place.section)
    yield Feature("kind", place.kind)
    yield Feature("position", place.third)
    if place.opens:
        yield Feature("position", "opening a paragraph")
    yield from (Feature("cue", cue) for cue in sorted(place.cues))
    if not QUOTATION_MARKS.isdisjoint(place.text):
        yield Feature("quotation_marks", "")
    words = set(_words(place.text))
    if words & MODALS:
        yield Feature("modal_verb", "")
    yield from (Feature("word", word) for word in sorted(words - FUNCTION_WORDS) if len(word) >= SHORTEST)


def _words(text: str) -> Iterable[str]:
    return WORD.findall(unicodedata.normalize("NFC", text).casefold().replace("’", "'"))


def _spot(feature: Feature, found: Sequence[Place], disputed: int, total: int) -> HotSpot:
    own = sum(place.is_disputed for place in found)
    ordered = [p.sentence for p in found if p.is_disputed] + [p.sentence for p in found if not p.is_disputed]
    difference, error = log_odds(own, disputed, len(found) - own, total - disputed)
    ratio = own / len(found) / (disputed / total)
    return HotSpot(feature, tuple(ordered), own, ratio, difference, difference / error)


def log_odds(y: int, n: int, x: int, m: int) -> tuple[float, float]:
    """Smoothed log-odds ratio of y in n against x in m, and its standard error."""
    prior = PRIOR * (y + x) / (n + m)
    rest = PRIOR - prior
    one = math.log((y + prior) / (n - y + rest)) if n - y + rest else math.inf
    other = math.log((x + prior) / (m - x + rest)) if m - x + rest else math.inf
    difference = 0.0 if one == other else one - other
    return difference, math.sqrt(1 / (y + prior) + 1 / (x + prior))
