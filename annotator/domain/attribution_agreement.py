"""How far reviewers agree on who says what: speaker, type, cue and content, over complete answers.

Speaker, cue and content are compared on sentences to which both of two reviewers gave an attribution. For a pair of
reviewers F1 = 2 |A and B| / (|A| + |B|), A and B being all that either marked on those sentences. It is the agreement
to report where what nobody marked cannot be counted (Hripcsak & Rothschild 2005, Agreement, the F-Measure, and
Reliability in Information Retrieval); it is symmetric, and the mean over pairs is given. What A and B hold:

- speaker: the speakers; no speaker is one of its own, so that unnamed equals unnamed;
- exact: the spans, equal only with the same start and end;
- overlap: the characters in the union of the spans (character-offset F1 as in Pavlopoulos et al. 2021, SemEval-2021
  Task 5: Toxic Spans Detection).

Sets are bits of one number, so that a comparison costs one step.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

import numpy as np

from annotator.domain import agreement
from annotator.domain.alpha import Coefficient
from annotator.domain.bootstrap import Interval, Linear, Statistic
from annotator.domain.counts import tally
from annotator.domain.kappas import ratio_or_nan
from annotator.domain.ratings import MISSING, Floats, Indices, Ratings
from annotator.domain.spans import Span
from annotator.language import later

MEASURES = ("speaker", "cue_exact", "cue_overlap", "content_exact", "content_overlap")
FIGURES = (*MEASURES, "content_characters")
NOT_TWO = later("no sentence has attributions by two reviewers")
ONLY_ONE = later("only one sentence has attributions by two reviewers")
MOST_PAIRS = 100  # of reviewers, fifteen of them: beyond, intervals come from influences
UNMARKED = {
    "speaker": later("no speaker was marked"),
    "cue": later("no cue was marked"),
    "content": later("no content was marked"),
}


class Saying(NamedTuple):
    """What one attribution says. `speaker` is the one that is left after merges, None where nobody is named."""

    speaker: int | None
    type: str
    cue: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Heard:
    """A sentence with every complete answer's attributions, none being an empty tuple."""

    sentence: str
    span: Span
    answers: Mapping[str, tuple[Saying, ...]]  # by reviewer

    @cached_property
    def attributed(self) -> dict[str, tuple[Saying, ...]]:
        """The answers that have an attribution at all."""
        return {reviewer: sayings for reviewer, sayings in self.answers.items() if sayings}


def presence(answered: Ratings, sentences: Iterable[Heard]) -> Ratings:
    """Who heard somebody speak in a sentence, and who did not, of those who answered it with any labels."""
    row = {item: number for number, item in enumerate(answered.items)}
    column = {name: number for number, name in enumerate(answered.reviewers)}
    codes = np.where(answered.codes == MISSING, MISSING, 0).astype(np.int32)
    heard = [(row[h.sentence], column[name]) for h in sentences for name in h.attributed]
    if heard:
        codes[tuple(np.array(heard, np.intp).T)] = 1
    return Ratings(answered.items, answered.reviewers, ("no", "yes"), codes, declared=("no", "yes"))


def types(sentences: Iterable[Heard]) -> Ratings:
    """Direct, indirect, mixed; several different ones in one answer make a label of their own."""
    rows = (
        (h.sentence, name, "+".join(sorted({saying.type for saying in said})))
        for h in sentences
        for name, said in h.attributed.items()
    )
    return agreement.ratings_of(rows)


@dataclass(frozen=True)
class Spoken:
    """F1 of speaker, cue and content and the alpha of content's characters; `linear` is over all sentences given."""

    items: Sequence[int]  # sentences of each figure
    reasons: Mapping[str, str]  # why a figure does not exist, by name
    linear: Linear

    @classmethod
    def of(cls, sentences: Sequence[Heard]) -> "Spoken":
        """All that the figures need, one row a sentence."""
        both = sum(len(heard.attributed) > 1 for heard in sentences)
        pairs = _Pairs.of(sentences)
        overlaps = [pairs.overlap(sentences, name) for name in MEASURES]
        terms = _character_terms(sentences)
        reasons = _reasons(dict(zip(MEASURES, overlaps, strict=True)), terms, both)
        linear = (_linear if len(pairs.column) <= MOST_PAIRS else _influences)(pairs, overlaps, terms)
        return cls([both] * len(MEASURES) + [int(np.count_nonzero(terms[:, 0]))], reasons, linear)

    def named(self, drawn: Sequence[Interval | None]) -> dict[str, Coefficient]:
        """By name, with the intervals that were drawn."""
        values = self.linear.value(self.linear.columns.sum(axis=0, keepdims=True))[0].tolist()
        return {
            name: Coefficient(None, self.reasons[name], None, items)
            if name in self.reasons
            else Coefficient(value, None, ci95, items)
            for name, value, ci95, items in zip(FIGURES, values, drawn, self.items, strict=True)
        }


def _reasons(overlaps: Mapping[str, Floats], terms: Floats, both: int) -> dict[str, str]:
    """Why a figure does not exist, by name."""
    found = {}
    for name, overlap in overlaps.items():
        if both < 2:
            found[name] = ONLY_ONE if both else NOT_TWO
        elif not overlap.any():
            found[name] = UNMARKED[name.partition("_")[0]]
    given, inside, _ = terms.sum(axis=0)
    if np.count_nonzero(terms[:, 0]) < 2:
        found["content_characters"] = later("fewer than two sentences were answered by two reviewers")
    elif inside in (0, given):
        found["content_characters"] = later("the same was said of every character")
    return found


def _values(pairs: int) -> Statistic:
    """All figures at once: totals [replicates, sums] -> [replicates, measures and alpha of characters].

    The sums are those of every measure, shared and sizes of each pair, then the three terms of characters.
    """

    def values(totals: Floats) -> Floats:
        shared = totals[:, :-3].reshape(len(totals), len(MEASURES), 2, pairs)
        f1 = ratio_or_nan(shared[:, :, 0], shared[:, :, 1])
        mean = ratio_or_nan(np.nansum(f1, axis=2), np.isfinite(f1).sum(axis=2).astype(np.float64))
        return np.column_stack([mean, _character_alpha(*totals[:, -3:].T)])

    return values


def _linear(pairs: "_Pairs", overlaps: Sequence[Floats], terms: Floats) -> Linear:
    """The sums of every pair in columns of their own."""
    row, column = pairs.places
    number, columns = len(pairs.column), []
    for overlap in overlaps:
        both = np.zeros((len(terms), 2 * number))
        both[row, column], both[row, column + number] = overlap
        columns.append(both)
    return Linear(np.concatenate([*columns, terms], axis=1), _values(number))


def _influences(pairs: "_Pairs", overlaps: Sequence[Floats], terms: Floats) -> Linear:
    """A column a measure: what a sentence that comes once more adds to the figure. For pairs by the hundred.

    The sums of all pairs would fill gigabytes. A mean of ratios S/T changes by the mean of (S_i - S/T T_i) / T (the
    influence function; Davison & Hinkley, Bootstrap Methods and their Application, 1997, chapter 2), which adds up to
    nothing over all sentences.
    """
    row, column = pairs.places
    values, columns = [], []
    for shared, sizes in overlaps:
        whole = tally(column, sizes, len(pairs.column))
        f1 = ratio_or_nan(tally(column, shared, len(pairs.column)), whole)
        known = whole[column] > 0
        change = np.where(known, (shared - np.nan_to_num(f1)[column] * sizes) / np.where(known, whole[column], 1), 0)
        defined = np.isfinite(f1)
        values.append(float(f1[defined].mean()) if defined.any() else np.nan)
        columns.append(tally(row, change, len(terms)) / max(1, int(np.count_nonzero(defined))))

    def figures(totals: Floats) -> Floats:
        return np.column_stack([np.array(values) + totals[:, :-3], _character_alpha(*totals[:, -3:].T)])

    return Linear(np.column_stack([*columns, terms]), figures)


def _spans(said: Sequence[Saying], part: str) -> list[Span]:
    return [span for saying in said for span in (saying.cue if part == "cue" else saying.content)]


def _bits(heard: Heard, measure: str) -> dict[str, int]:
    """What each reviewer who heard somebody marked, as bits that mean the same for all of them."""
    part, _, how = measure.partition("_")
    if how == "overlap":
        spans = {name: _spans(said, part) for name, said in heard.attributed.items()}
        first = min((span.start for own in spans.values() for span in own), default=0)
        return {name: _union(own, first) for name, own in spans.items()}
    marked: dict[str, set[Hashable]] = {
        name: set(_spans(said, part)) if how else {saying.speaker for saying in said}
        for name, said in heard.attributed.items()
    }
    place = {one: number for number, one in enumerate(set[Hashable]().union(*marked.values()))}
    return {name: sum(1 << place[one] for one in ones) for name, ones in marked.items()}


def _union(spans: Iterable[Span], first: int) -> int:
    """The characters of spans as bits, counted from `first`, before which no span begins."""
    bits = 0
    for span in spans:
        bits |= ((1 << len(span)) - 1) << (span.start - first)
    return bits


@dataclass(frozen=True)
class _Pairs:
    """The pairs of reviewers who both gave attributions to a sentence, and where."""

    column: Mapping[tuple[str, str], int]
    cells: Sequence[tuple[int, int, str, str]]  # sentence, column, the two reviewers

    @classmethod
    def of(cls, sentences: Sequence[Heard]) -> "_Pairs":
        column: dict[tuple[str, str], int] = {}
        cells = []
        for row, heard in enumerate(sentences):
            for pair in combinations(sorted(heard.attributed), 2):
                cells.append((row, column.setdefault(pair, len(column)), *pair))
        return cls(column, cells)

    @cached_property
    def places(self) -> tuple[Indices, Indices]:
        """Sentence and column of every cell."""
        return np.array([cell[0] for cell in self.cells], np.intp), np.array([cell[1] for cell in self.cells], np.intp)

    def overlap(self, sentences: Sequence[Heard], measure: str) -> Floats:
        """Of every cell 2 |A and B| and |A| + |B|: [2, cells]."""
        bits = {row: _bits(sentences[row], measure) for row in {cell[0] for cell in self.cells}}
        both = [(bits[row][one], bits[row][other]) for row, _, one, other in self.cells]
        shared = [2 * (a & b).bit_count() for a, b in both]
        return np.array([shared, [a.bit_count() + b.bit_count() for a, b in both]], np.float64)


def _character_alpha(n: Floats, inside: Floats, apart: Floats) -> Floats:
    """Krippendorff's nominal alpha over characters, each inside or outside what a reviewer attributed.

    The units are the characters of sentences that two or more have answered, 1 - (n - 1) D / 2 Y (n - Y) with n
    ratings, Y of them inside and D the disagreeing ordered pairs over ratings less one (Krippendorff 2011, binary).
    Whole sentences are resampled, as characters of one sentence are not independent.
    """
    expected = 2 * inside * (n - inside)
    varied = expected > 0
    return np.where(varied, 1 - (n - 1) * apart / np.where(varied, expected, 1), np.nan)


def _character_terms(sentences: Sequence[Heard]) -> Floats:
    """Ratings of characters, those inside, and the disagreement between them: [sentences, 3]."""
    terms = [_terms_of(heard) if len(heard.answers) > 1 else (0.0, 0.0, 0.0) for heard in sentences]
    return np.array(terms, np.float64).reshape(-1, 3)


def _terms_of(heard: Heard) -> tuple[float, float, float]:
    readers, length = len(heard.answers), len(heard.span)
    if not any(heard.answers.values()):
        return float(readers * length), 0.0, 0.0
    marked = list(_inside(heard))
    at_least = [-1] + [0] * (readers + 1)  # the characters that so many or more put inside; nobody at least, all
    for bits in marked:
        for number in range(readers, 0, -1):
            at_least[number] |= at_least[number - 1] & bits
    apart = sum(
        (at_least[number].bit_count() - at_least[number + 1].bit_count()) * 2 * number * (readers - number)
        for number in range(1, readers)
    )
    return float(readers * length), float(sum(bits.bit_count() for bits in marked)), apart / (readers - 1)


def _inside(heard: Heard) -> Iterator[int]:
    """The characters of the sentence that each reviewer attributed to somebody, as bits."""
    sentence = heard.span
    for said in heard.attributed.values():
        spans = [span for saying in said for span in saying.content if span.overlaps(sentence)]
        clipped = [Span(max(span.start, sentence.start), min(span.end, sentence.end)) for span in spans]
        yield _union(clipped, sentence.start)
