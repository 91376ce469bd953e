"""What a reviewer asks for with a label key, and what becomes of the judgement by the rules of the labels."""

from dataclasses import dataclass, replace

from annotator.domain import labels
from annotator.domain.labels import Judgement
from annotator.errors import Invalid
from annotator.language import gettext as _
from db.vocabulary import BlockKind, Confidence, Label, NoneReason, Origin, Voice


@dataclass(frozen=True, slots=True)
class Change:
    """What a reviewer asks for; None leaves a field as it is.

    `labels` are the words of the buttons; `toggle` adds or removes them. `confidence` and `note` may be "" for none.
    """

    labels: tuple[str, ...] | None = None
    toggle: bool = False
    voice_claim: Voice | None = None
    voice_opinion: Voice | None = None
    none_reason: NoneReason | None = None
    loaded_language: bool | None = None
    confidence: str | None = None
    note: str | None = None
    origin: Origin = Origin.HUMAN


def apply(before: Judgement, change: Change, block: BlockKind, text: str) -> Judgement:
    """The judgement after a change, by the rules of the labels."""
    after = before
    if change.labels is not None:
        after = _relabel(before, change, block, text)
    elif change.none_reason and before.none_reason:
        after = replace(after, none_reason=change.none_reason)
    if change.labels is None and after.labels and (change.voice_claim or change.voice_opinion):
        after = labels.set_labels(after, after.labels, _voices(change))
    if change.loaded_language is not None:
        after = replace(after, loaded_language=change.loaded_language)
    if change.confidence is not None:
        after = replace(after, confidence=_confidence(change.confidence))
    return replace(after, note=change.note.strip() or None) if change.note is not None else after


def _confidence(word: str) -> Confidence | None:
    if word and word not in list(Confidence):
        raise Invalid(_("“{word}” is no confidence: use high, medium or low.").format(word=word), field="confidence")
    return Confidence(word) if word else None


def _relabel(before: Judgement, change: Change, block: BlockKind, text: str) -> Judgement:
    words = change.labels or ()
    if words == (labels.UNSURE,):
        return labels.set_unsure(before)
    if words == (labels.NONE,):
        return labels.set_none(before, change.none_reason or labels.propose_none_reason(block, text))
    chosen = labels.parse_labels(list(words))
    if change.toggle:
        chosen = before.labels ^ chosen
    return labels.set_labels(before, chosen, _voices(change))


def _voices(change: Change) -> dict[Label, Voice]:
    given = {Label.CLAIM: change.voice_claim, Label.OPINION: change.voice_opinion}
    return {label: voice for label, voice in given.items() if voice is not None}
