"""What is suggested for a text: attributions with their spans, and a score for each label of each sentence."""

from dataclasses import dataclass

from annotator.domain.spans import Span
from db.vocabulary import AttributionType, Mode, Naming

Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Attribution:
    """A suggested attribution: code-point spans in text order, and why; `parent` is a place in the same list.

    `antecedent` is the earlier mention that a pronoun or a role as speaker stands for, empty for any other speaker.
    """

    speaker: Spans
    cue: Spans
    content: Spans
    type: AttributionType
    mode: Mode
    naming: Naming
    negated: bool
    parent: int | None
    reason: str
    antecedent: Spans = ()


@dataclass(frozen=True)
class Scores:
    """How likely each label is for one sentence, 0 to 1, and why, in words."""

    start: int
    end: int
    claim: float
    quote: float
    opinion: float
    why: tuple[str, ...]


@dataclass(frozen=True)
class Suggestions:
    """What is suggested for one text; sentences are those of annotator.nlp.segment, in order."""

    attributions: tuple[Attribution, ...]
    sentences: tuple[Scores, ...]
