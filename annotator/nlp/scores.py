"""Scores: how likely a sentence holds a claim, a quote, an opinion; two small linear models over named signs."""

import json
import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.domain.spans import Span
from annotator.nlp.quotations import is_sentence_like
from annotator.nlp.scenes import Scene
from annotator.nlp.segment import Segmented
from annotator.nlp.signs import Signs, signs
from annotator.nlp.suggestions import Attribution, Scores
from db.vocabulary import AttributionType, BlockKind, Mode

if TYPE_CHECKING:
    from spacy.tokens import Token

WEIGHTS = Path(__file__).parent / "model" / "suggestion_weights.json"
THOUGHTS = (Mode.BELIEF, Mode.INTENTION)
ACTS = (Mode.QUESTION, Mode.DIRECTIVE)  # what asks or urges asserts nothing
REASONS = 2  # signs that are named for one score
DIRECT, INDIRECT, THOUGHT, MARKS, SILENT = 0.97, 0.9, 0.25, 0.4, 0.03
HALF = 0.5


@dataclass
class Sentence:
    """One sentence with the attributions that touch it, and its tokens by who says them."""

    span: Span
    heading: bool
    tokens: list["Token"] = field(default_factory=list)
    said: list[bool] = field(default_factory=list)  # whether somebody else says the token
    asserted: list["Token"] = field(default_factory=list)  # without speaker, cue, and what is only asked or urged
    attributions: list[Attribution] = field(default_factory=list)
    marked: bool = False  # whether a quotation without speaker lies in it


def scored(segmented: Segmented, scenes: Sequence[Scene], attributions: Sequence[Attribution]) -> tuple[Scores, ...]:
    """Score the sentences of one text, in order."""
    return tuple(score(sentence) for sentence in read(segmented, scenes, attributions))


def read(segmented: Segmented, scenes: Sequence[Scene], attributions: Sequence[Attribution]) -> list[Sentence]:
    """Gather what the scores need to know of each sentence."""
    sentences = [
        Sentence(Span(one.start, one.end), segmented.blocks[one.block].kind is BlockKind.HEADING)
        for one in segmented.sentences
    ]
    starts = [sentence.span.start for sentence in sentences]
    for one in attributions:
        for index in touched(starts, sentences, (*one.cue, *one.content)):
            sentences[index].attributions.append(one)
    for scene in scenes:
        passage = scene.passage
        for index, first, last in zip(passage.sentences, passage.starts, passage.ends, strict=True):
            fill(sentences[index], scene, first, last)
    return sentences


def touched(starts: Sequence[int], sentences: Sequence[Sentence], pieces: Sequence[Span]) -> set[int]:
    """Find the sentences that some spans meet."""
    found: set[int] = set()
    for piece in pieces:
        index = max(0, bisect_right(starts, piece.start) - 1)
        while index < len(sentences) and sentences[index].span.start < piece.end:
            if sentences[index].span.overlaps(piece):
                found.add(index)
            index += 1
    return found


def fill(sentence: Sentence, scene: Scene, first: int, last: int) -> None:
    """Add the tokens of a sentence, each with who says it."""
    said = [piece for one in sentence.attributions if one.mode not in THOUGHTS for piece in one.content]
    left_out = [piece for one in sentence.attributions for piece in (*one.speaker, *one.cue)]
    left_out += [piece for one in sentence.attributions if one.mode in ACTS for piece in one.content]
    for token in scene.doc[first:last]:
        if token.is_space:
            continue
        place = scene.passage.places[token.idx]
        sentence.tokens.append(token)
        sentence.said.append(any(piece.start <= place < piece.end for piece in said))
        if not any(piece.start <= place < piece.end for piece in left_out):
            sentence.asserted.append(token)
    sentence.marked = any(
        one.level == 0 and first <= one.start < last and is_sentence_like(scene.passage, one)
        for one in scene.quotations
    )


def score(sentence: Sentence) -> Scores:
    """Score one sentence and say why."""
    claim, claim_signs = weighed("claim", claim_signs_of(sentence))
    opinion, opinion_signs = weighed("opinion", opinion_signs_of(sentence))
    quote, cue = quoted(sentence)
    why = [f"claim: {sign}" for sign in claim_signs if claim >= HALF]
    why += [f"quote: {cue}"] if cue else []
    why += [f"opinion: {sign}" for sign in opinion_signs if opinion >= HALF]
    return Scores(sentence.span.start, sentence.span.end, claim, quote, opinion, tuple(why))


def claim_signs_of(sentence: Sentence) -> Signs:
    """Read the signs for a claim in what is asserted, by whomever."""
    return signs(sentence.asserted, [], heading=sentence.heading)


def opinion_signs_of(sentence: Sentence) -> Signs:
    """Read the signs for an opinion in the whole sentence."""
    return signs(sentence.tokens, sentence.said, heading=sentence.heading)


def weighed(label: str, found: Signs) -> tuple[float, list[str]]:
    """Weigh the signs for a label: a score from 0 to 1, and the signs that speak most for it."""
    if not found.get("length"):
        return 0.0, []
    model = weights()[label]
    parts = {name: strength * model[name] for name, strength in found.items() if name in model}
    best = sorted(
        (name for name in parts if parts[name] > 0 and name != "length"), key=lambda name: (-parts[name], name)
    )
    return round(1 / (1 + math.exp(-(model["bias"] + sum(parts.values())))), 4), best[:REASONS]


@cache
def weights() -> Mapping[str, Mapping[str, float]]:
    """Load the weights of both models once."""
    loaded: Mapping[str, Mapping[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return loaded


def quoted(sentence: Sentence) -> tuple[float, str]:
    """Score whether somebody else speaks in a sentence, and name the reason."""
    scores = list(quote_scores(sentence))
    return max(scores, key=lambda one: one[0], default=(SILENT, ""))


def quote_scores(sentence: Sentence) -> Iterator[tuple[float, str]]:
    """Score each attribution in a sentence, and quotation marks round what nobody is known to say."""
    for one in sentence.attributions:
        if one.mode in THOUGHTS:
            yield THOUGHT, one.reason
        else:
            yield DIRECT if one.type is AttributionType.DIRECT else INDIRECT, one.reason
    if sentence.marked:
        yield MARKS, "quotation marks"
