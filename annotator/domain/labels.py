"""What the labels mean: their keys and help, how they combine, whose voice they carry, why nothing applies."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from annotator import language
from annotator.domain import words
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.language import later, pgettext
from db.vocabulary import BlockKind, Confidence, Label, NoneReason, Status, Voice

PRIMARY_ORDER = (Label.QUOTE, Label.CLAIM, Label.OPINION)
NONE = "none"
UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the five label buttons; name and help are translated where they are shown."""

    value: str
    key: str
    name: str
    mark: str
    help: str


CHOICES = (
    Choice(Label.CLAIM, "1", later("Claim"), "C", later("Evidence could show part of it true or false.")),
    Choice(Label.QUOTE, "2", later("Quote"), "Q", later("Somebody other than the author speaks or writes here.")),
    Choice(Label.OPINION, "3", later("Opinion"), "O", later("It judges, prescribes, mocks or speculates.")),
    Choice(NONE, "4", later("None"), "–", later("None of these: a heading, a question, boilerplate.")),
    Choice(UNSURE, "5", later("Unsure"), "?", later("Seen but not decided; stays out of the agreement.")),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reviewer says of one sentence; the default is: not labelled yet."""

    status: Status = Status.DRAFT
    labels: frozenset[Label] = frozenset()
    claim_voice: Voice | None = None
    opinion_voice: Voice | None = None
    none_reason: NoneReason | None = None
    loaded_language: bool = False
    confidence: Confidence | None = None
    note: str | None = None

    def voice(self, label: Label) -> Voice | None:
        """Whose claim or opinion it is; None for a quote and for a label that is not there."""
        return {Label.CLAIM: self.claim_voice, Label.OPINION: self.opinion_voice}.get(label)


def primary(labels: frozenset[Label]) -> str:
    """Quote before claim before opinion before none."""
    return next((str(label) for label in PRIMARY_ORDER if label in labels), NONE)


def default_voice(labels: frozenset[Label]) -> Voice:
    """An opinion or claim inside a quotation is the speaker's until somebody says otherwise."""
    return Voice.ATTRIBUTED if Label.QUOTE in labels else Voice.AUTHOR


def set_labels(judgement: Judgement, labels: frozenset[Label], voices: dict[Label, Voice] | None = None) -> Judgement:
    """Exactly these labels. A voice that is not given stays, unless it was the default of the labels before."""
    if not labels:
        return _clear(judgement, Status.DRAFT)
    given = voices or {}
    chosen = {
        label: given.get(label) or _kept_voice(judgement, label, labels)
        for label in (Label.CLAIM, Label.OPINION)
        if label in labels
    }
    return replace(
        judgement,
        status=Status.COMPLETE,
        labels=labels,
        claim_voice=chosen.get(Label.CLAIM),
        opinion_voice=chosen.get(Label.OPINION),
        none_reason=None,
    )


def _kept_voice(before: Judgement, label: Label, labels: frozenset[Label]) -> Voice:
    voice = before.voice(label)
    return default_voice(labels) if voice in (None, default_voice(before.labels)) else voice


def set_none(judgement: Judgement, reason: NoneReason) -> Judgement:
    """No label applies, for a reason; what was chosen before is gone."""
    return replace(_clear(judgement, Status.COMPLETE), none_reason=reason)


def set_unsure(judgement: Judgement) -> Judgement:
    """Seen but not decided; what was chosen before is gone."""
    return _clear(judgement, Status.UNSURE)


def _clear(judgement: Judgement, status: Status) -> Judgement:
    return replace(judgement, status=status, labels=frozenset(), claim_voice=None, opinion_voice=None, none_reason=None)


def propose_none_reason(block: BlockKind, text: str) -> NoneReason:
    """The reason that fits where the sentence stands and how it ends; the reviewer can change it."""
    if block is BlockKind.HEADING:
        return NoneReason.HEADING
    if block is BlockKind.DISCLAIMER:
        return NoneReason.DISCLAIMER
    stripped = text.rstrip("\"'”’»)] ")
    if stripped.endswith("?"):
        return NoneReason.QUESTION
    return NoneReason.OTHER if stripped.endswith((".", "!", "…", ":", ";")) else NoneReason.FRAGMENT


def parse_labels(values: list[str]) -> frozenset[Label]:
    """Label words of a form. Raises Invalid for a word that is no label."""
    known = {str(label): label for label in Label}
    wrong = [value for value in values if value not in known]
    if wrong:
        said = _("“{word}” is not a label: use claim, quote, opinion, none or unsure.")
        raise Invalid(said.format(word=wrong[0]), field="label")
    return frozenset(known[value] for value in values)


def describe(judgement: Judgement) -> str:
    """The labels in words: “Quote and claim”, “None”, “Unsure”, “Not labelled”."""
    if judgement.status is Status.UNSURE:
        return titled(in_words((UNSURE,)))
    if judgement.labels:
        return titled(in_words(judgement.labels))
    return titled(in_words(())) if judgement.none_reason else _("Not labelled")


def word(label: str) -> str:
    """A label, none or unsure as it stands inside a sentence."""
    return pgettext("label", "none") if label == NONE else words.word(label)


def in_words(label_set: Iterable[str]) -> str:
    """A label set as it stands inside a sentence: “quote and claim”; “none”."""
    return _in_words(frozenset(label_set), language.current())


@cache
def _in_words(label_set: frozenset[str], _code: str) -> str:
    names = [word(label) for label in PRIMARY_ORDER if label in label_set]
    if not names:
        return word(UNSURE if UNSURE in label_set else NONE)
    first, last = names[0], names[-1]
    if len(names) == 3:
        return _("{a}, {b} and {c}").format(a=first, b=names[1], c=last)
    return _("{a} and {b}").format(a=first, b=last) if len(names) == 2 else first


def titled(text: str) -> str:
    """With a capital, as a sentence begins."""
    return text[:1].upper() + text[1:]


def reason_word(reason: str) -> str:
    """Why none of the labels applies, inside a sentence."""
    return {
        NoneReason.HEADING: pgettext("why none", "heading"),
        NoneReason.DISCLAIMER: pgettext("why none", "disclaimer"),
        NoneReason.BOILERPLATE: pgettext("why none", "boilerplate"),
        NoneReason.QUESTION: pgettext("why none", "question"),
        NoneReason.FRAGMENT: pgettext("why none", "fragment"),
        NoneReason.OTHER: pgettext("why none", "other"),
    }[NoneReason(reason)]


def fields_of(said: Judgement) -> dict[str, Any]:
    """What the columns of an annotation say of a judgement."""
    return {
        "status": said.status,
        "is_claim": Label.CLAIM in said.labels,
        "is_quote": Label.QUOTE in said.labels,
        "is_opinion": Label.OPINION in said.labels,
        "claim_voice": said.claim_voice,
        "opinion_voice": said.opinion_voice,
        "none_reason": said.none_reason,
        "loaded_language": said.loaded_language,
        "confidence": said.confidence,
        "note": said.note,
    }
