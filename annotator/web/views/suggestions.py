"""The suggestion in the card, one at a time: an attribution in words, or one more label."""

from dataclasses import replace

from sqlmodel import Session

from annotator.domain import suggestions as rules
from annotator.domain.attributions import PLURAL_PRONOUNS, PRONOUNS
from annotator.services import suggestions
from annotator.services.suggestions import Offer
from annotator.web.views import reasons
from annotator.web.views.parts import PartsView, SuggestionView
from annotator.web.views.rows import Work, is_done, judgement
from db.queries.annotate import Outlined
from db.vocabulary import BlockKind, SpanPart

STRUCTURE = (BlockKind.HEADING, BlockKind.DISCLAIMER)  # mostly none, and scored like prose


def suggestion_view(session: Session, row: Outlined, text: str, work: Work, reviewer_id: int) -> SuggestionView | None:
    """The best suggestion that is open; None before the reviewer has labelled the sentence."""
    if not is_done(row):
        return None
    said = [(one.attribution.uid, tuple(work.spans_of(one, SpanPart.CONTENT))) for one in work.said.get(row.id, [])]
    labels, contents = judgement(row).labels, [content for _, content in said]
    found = suggestions.offers(session, (row.id, row.uid), reviewer_id, text, labels=labels, contents=contents)
    found = [offer for offer in found if offer.label is None or row.kind not in STRUCTURE]
    if not found:
        return None
    first = found[0]
    if first.said is None:
        values = {"suggestion": first.key, "label": str(first.label), "mode": "toggle"}
        return SuggestionView("/annotations", values, reasons.told(first.reason), str(first.label), more=bool(labels))
    same = (uid for uid, content in said if first.outer and rules.same_words(text, content, first.outer.content))
    parent = next(same, "")
    return SuggestionView("/attributions", {**_wording(first, text), "parent": parent}, reasons.told(first.reason))


def _wording(offer: Offer, text: str) -> dict[str, str]:
    """The fields of an attribution's form, filled with what is suggested.

    A pronoun is taken for who reports it, else for the earlier mention it stands for; so is a role.
    """
    said, outer = offer.said, offer.outer
    assert said is not None
    speaker = suggestions.words(text, said.speaker)
    pronoun = outer is not None and speaker.casefold() in PRONOUNS | PLURAL_PRONOUNS
    return {
        "suggestion": offer.key,
        "speaker": speaker,
        "speaker_name": suggestions.words(text, outer.speaker if outer and pronoun else said.antecedent),
        "cue": suggestions.words(text, said.cue),
        "content": suggestions.words(text, said.content),
        "type": said.type,
        "mode": said.mode,
        "naming": said.naming,
    }


def with_suggestion(parts: PartsView, suggestion: SuggestionView | None) -> PartsView:
    """The parts with a suggestion; the form for a new attribution starts with one, to be changed before it is saved."""
    parts = replace(parts, suggestion=suggestion)
    if suggestion is None or suggestion.label or parts.attribute.message:
        return parts
    values = {**parts.attribute.values, **suggestion.values}
    return replace(parts, attribute=replace(parts.attribute, values=values))
