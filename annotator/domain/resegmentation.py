"""Merge and split: what becomes of the spans and of each reviewer's labels (contract, data rule 2; model.md 2.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from annotator.domain.labels import Judgement, set_labels
from annotator.domain.spans import Span
from annotator.errors import Invalid
from annotator.language import gettext as _
from db.vocabulary import Lineage, Status


def split_spans(text: str, sentence: Span, at: int) -> tuple[Span, Span]:
    """The two halves of a sentence cut before code point `at` of the article, without white space at the cut.

    Raises Invalid when one half would be empty.
    """
    if not sentence.start < at < sentence.end:
        raise Invalid(_("The cut must lie inside the sentence."), field="at")
    first = Span(sentence.start, sentence.start + len(text[sentence.start : at].rstrip()))
    second = Span(sentence.end - len(text[at : sentence.end].lstrip()), sentence.end)
    if len(first) == 0 or len(second) == 0:
        raise Invalid(_("Each half needs at least one visible character."), field="at")
    return first, second


def merge_spans(first: Span, second: Span) -> Span:
    """The sentence that two neighbours make, with the white space between them.

    Raises Invalid when they are not in their order.
    """
    if first.end > second.start:
        raise Invalid(_("Only neighbours in their order can be merged."))
    return Span(first.start, second.end)


@dataclass(frozen=True, slots=True)
class Difference:
    """Neighbouring sentences that another segmentation cuts elsewhere: the places of the old and of the new ones."""

    old: range
    new: range

    @property
    def kind(self) -> Lineage:
        """Split and merge where one sentence is on one side, else move."""
        if len(self.old) == 1 and len(self.new) > 1:
            return Lineage.SPLIT
        return Lineage.MERGE if len(self.new) == 1 and len(self.old) > 1 else Lineage.MOVE


def differences(old: Sequence[Span], new: Sequence[Span]) -> list[Difference]:
    """Where two segmentations of one text part, in its order; each in order and disjoint.

    What overlaps belongs together; a sentence that has nothing beside it, or the very same one, is no difference.
    """
    found: list[Difference] = []
    i = j = 0
    while i < len(old) and j < len(new):
        first, end = (i, j), min(old[i].start, new[j].start) + 1
        grown = True
        while grown:
            grown = False
            while i < len(old) and old[i].start < end:
                i, end, grown = i + 1, max(end, old[i].end), True
            while j < len(new) and new[j].start < end:
                j, end, grown = j + 1, max(end, new[j].end), True
        one = Difference(range(first[0], i), range(first[1], j))
        if one.old and one.new and [*map(old.__getitem__, one.old)] != [*map(new.__getitem__, one.new)]:
            found.append(one)
    return found


def carry_over_split(judgement: Judgement) -> Judgement:
    """Each half inherits the labels and waits for a look; unsure and not labelled stay what they are."""
    if judgement.status in (Status.UNSURE, Status.DRAFT):
        return judgement
    return replace(judgement, status=Status.NEEDS_REVIEW)


def carry_over_merge(judgements: Sequence[Judgement]) -> Judgement:
    """What one reviewer's judgements on the merged sentences become; a sentence they have not seen is `Judgement()`.

    Equal ones are kept as they are; else the union of the labels waits for a look (none and a label: the label).
    """
    first = judgements[0]
    if all(_substance(other) == _substance(first) for other in judgements):
        return replace(first, note=_notes(judgements))
    union = frozenset(label for judgement in judgements for label in judgement.labels)
    merged = set_labels(_fullest(judgements), union) if union else _fullest(judgements)
    return replace(
        merged,
        status=Status.NEEDS_REVIEW,
        loaded_language=any(judgement.loaded_language for judgement in judgements),
        note=_notes(judgements),
    )


def _substance(judgement: Judgement) -> tuple[object, ...]:
    """What makes two judgements equal: all but confidence and note."""
    return (
        judgement.status,
        judgement.labels,
        judgement.claim_voice,
        judgement.opinion_voice,
        judgement.none_reason,
        judgement.loaded_language,
    )


def _fullest(judgements: Sequence[Judgement]) -> Judgement:
    return max(judgements, key=lambda judgement: (len(judgement.labels), judgement.none_reason is not None))


def _notes(judgements: Sequence[Judgement]) -> str | None:
    """Every note once, in the order of the sentences."""
    return "\n".join(dict.fromkeys(judgement.note for judgement in judgements if judgement.note)) or None
