"""Suggestions kept from steering: to whom one may be shown, when it says what the reviewer has said already."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.domain.options import STORED, of_project
from annotator.domain.spans import Span
from db.vocabulary import AttributionType, Label, Mode, Naming

SEED = "suggestions_seed"  # stored with the options of a project (domain/options.py), but drawn, not decided
SHARE = STORED["hidden_share"]
LIKELY = 0.5  # a label is suggested from this score on
SAME = 0.9  # share of letters that two contents have in common when they are the same words

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """A project's options about suggestions."""

    on: bool
    hidden_share: float
    seed: str

    def hides(self, sentence_uid: str) -> bool:
        """Whether a sentence is in the seeded share on which nobody is shown a suggestion."""
        digest = hashlib.sha256(f"{self.seed}:{sentence_uid}".encode()).digest()
        return int.from_bytes(digest[:8]) < self.hidden_share * 2**64


def rules_of(options: Mapping[str, Any]) -> Rules:
    """The rules from the stored options of a project; what is not stored has its default."""
    chosen = of_project("", 1, options)
    return Rules(chosen.suggestions, chosen.hidden_share, str(options.get(SEED, "")))


@dataclass(frozen=True, slots=True)
class Said:
    """A suggested attribution as it is stored with a sentence; `parent` is the part that reports it.

    `antecedent` is the earlier mention that "she" or "the mayor" as speaker stands for.
    """

    speaker: Spans
    cue: Spans
    content: Spans
    type: AttributionType
    mode: Mode
    naming: Naming
    negated: bool
    parent: str | None
    reason: str
    antecedent: Spans = ()


@dataclass(frozen=True, slots=True)
class Suggested:
    """All that one engine suggests for a sentence: attributions by part (a0, a1 …), labels with score and reason."""

    attributions: Mapping[str, Said]
    labels: Mapping[Label, tuple[float, str]]


def decoded(payload: Mapping[str, Any]) -> Suggested:
    """A stored suggestion, as services/suggestions.py writes it."""
    attributions = {f"a{n}": _said(told) for n, told in enumerate(payload["attributions"])}
    labels = {Label(word): (float(score), str(reason)) for word, (score, reason) in payload["labels"].items()}
    return Suggested(attributions, labels)


def _said(told: Mapping[str, Any]) -> Said:
    speaker, cue, content, antecedent = (  # suggestions stored before 1.1 have no antecedent
        tuple(Span(start, end) for start, end in told.get(name, ()))
        for name in ("speaker", "cue", "content", "antecedent")
    )
    return Said(
        speaker, cue, content, AttributionType(told["type"]), Mode(told["mode"]), Naming(told["naming"]),
        told["negated"], told["parent"], told["reason"], antecedent,
    )  # fmt: skip


def clipped(text: str, spans: Sequence[Span], sentence: Span) -> Spans:
    """What of the spans lies in a sentence, without pieces that hold no letter or figure."""
    inside = (Span(max(s.start, sentence.start), min(s.end, sentence.end)) for s in spans if s.overlaps(sentence))
    return tuple(span for span in inside if any(map(str.isalnum, span.of(text))))


def same_words(text: str, one: Sequence[Span], other: Sequence[Span]) -> bool:
    """Whether two contents are the same words, quotation marks and a word more or less aside."""
    first, second = (
        {at for s in spans for at in range(s.start, s.end) if text[at].isalnum()} for spans in (one, other)
    )
    return len(first & second) >= SAME * max(1, len(first | second))
