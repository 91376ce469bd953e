"""One disputed sentence as a page: what each reviewer said, what the form holds, where the keys lead."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from annotator.domain.adjudication import blind_name, blind_order
from annotator.domain.disagreements import describe
from annotator.domain.display import initials
from annotator.domain.labels import CHOICES, NONE
from annotator.reports import plots
from annotator.reports.disagreement_sentences import Mark, mark_of, said, voices_of
from annotator.services.adjudication import Case, Dispute, Side
from annotator.web.views.rows import one_line
from db.models import Guideline
from db.vocabulary import Status

OPEN = "open"
QUESTION = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
STRIP_MOST = 400  # disputes drawn one by one


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds; `labels` are words of the buttons, none among them."""

    labels: tuple[str, ...] = ()
    voice_claim: str = ""
    voice_opinion: str = ""
    none_reason: str = ""
    loaded_language: bool = False
    reason: str = ""
    rule: str = ""
    take_attributions: str | None = None  # None: as gold has it, "": none
    take_claims: str | None = None


@dataclass(frozen=True, slots=True)
class SideView:
    """One reviewer's answer; `key` takes it."""

    uid: str
    name: str
    initials: str
    key: str
    mark: Mark
    words: str
    note: str | None
    more: tuple[str, ...]  # whose it is, why none, low confidence, loaded language
    attributions: tuple[str, ...]
    claims: tuple[str, ...]
    can_take: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """A label button of the decision."""

    value: str
    key: str
    name: str
    glyph: str
    pressed: bool


@dataclass(frozen=True, slots=True)
class Segment:
    x: float
    width: float
    kind: str  # "now", "done" or ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the queue is about and how it is shown; travels along in addresses."""

    article: str = ""
    names: bool = False

    def address(self, path: str, **more: str) -> str:
        query = {"article": self.article, "names": "1" if self.names else "", **more}
        chosen = {name: value for name, value in query.items() if value}
        return path + (f"?{urlencode(chosen)}" if chosen else "")

    def case(self, sentence: str, **more: str) -> str:
        return self.address(f"/adjudication/{sentence}", **more)


@dataclass(frozen=True, slots=True)
class Done:
    """The decision before this page, which can be taken back."""

    words: str
    sentence: str
    revision: int


@dataclass(frozen=True, slots=True)
class Position:
    """Where a case stands in the queue; `number` counts from 1, None for a sentence that is not disputed."""

    number: int | None
    total: int
    decided: int
    previous: str | None
    next: str | None
    strip: tuple[Segment, ...]


@dataclass(frozen=True)
class CaseView:
    case: Case
    title: str
    heading: str
    scope: Scope
    queue: Position
    sides: tuple[SideView, ...]
    picks: tuple[Pick, ...]
    typed: Typed
    rules_used: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    guideline: Guideline
    request: str
    shortcuts: bool
    done: Done | None = None
    problem: str | None = None
    field: str | None = None

    @property
    def gold(self) -> str | None:
        """What is decided already, in words."""
        gold = self.case.gold
        if gold is None:
            return None
        if gold.status == Status.NEEDS_REVIEW:
            return "What was decided no longer stands: decide again."
        return "Accepted because all agreed." if gold.method == "unanimous" else "Decided; a new decision replaces it."

    @property
    def with_attributions(self) -> tuple[SideView, ...]:
        return tuple(side for side in self.sides if side.attributions)

    @property
    def with_claims(self) -> tuple[SideView, ...]:
        return tuple(side for side in self.sides if side.claims)


def typed_of(case: Case) -> Typed:
    """What the form begins with: the gold there is, else nothing."""
    gold = case.gold
    if gold is None:
        return Typed()
    flags = {"claim": gold.is_claim, "quote": gold.is_quote, "opinion": gold.is_opinion, NONE: bool(gold.none_reason)}
    return Typed(
        labels=tuple(label for label, on in flags.items() if on),
        voice_claim=gold.claim_voice or "",
        voice_opinion=gold.opinion_voice or "",
        none_reason=gold.none_reason or "",
        loaded_language=gold.loaded_language,
        reason=gold.note or "",
        rule=gold.guideline_rule or "",
    )


def sides_of(case: Case, *, names: bool) -> tuple[SideView, ...]:
    """Every reviewer's answer in an order that tells nothing about who they are; their names only when asked for."""
    by_uid = {side.reviewer.uid: side for side in case.sides if side.vote.status != Status.DRAFT}
    order = blind_order(case.sentence.uid, by_uid)
    return tuple(_side(case, by_uid[uid], place, names=names) for place, uid in enumerate(order))


def _side(case: Case, side: Side, place: int, *, names: bool) -> SideView:
    vote, letter = side.vote, chr(ord("A") + place % 26)
    more = [*voices_of(vote), vote.none_reason or "", "loaded language" * vote.loaded_language]
    more.append("low confidence" if vote.confidence == "low" else "")
    unsure = vote.status == Status.UNSURE
    claims = side.state["claims"] if "claim" in vote.labels else ()  # kept, but not shown, while the label is not set
    return SideView(
        uid=side.reviewer.uid,
        name=side.reviewer.name if names else blind_name(place),
        initials=initials(side.reviewer.name) if names else letter,
        key=letter,
        mark=Mark("unsure") if unsure else mark_of(vote.labels, review=not vote.counts),
        words=describe(vote.label_set) if vote.counts else said(vote),
        note=vote.note,
        more=tuple(filter(None, more)),
        attributions=tuple(attribution_line(case.article.text, row) for row in side.state["attributions"]),
        claims=tuple(claim_line(case.article.text, row) for row in claims),
        can_take=vote.counts,
    )


def attribution_line(text: str, row: Mapping[str, Any]) -> str:
    """“Ida Holm · said · direct”: who, by which words, how."""
    start, end = row["speaker_start"], row["speaker_end"]
    speaker = one_line(text[start:end]) if start is not None else row["naming"]
    cue = " … ".join(one_line(text[start:end]) for start, end in row["cue"])
    return " · ".join(filter(None, (speaker, cue, row["type"], row["mode"] if row["mode"] != "statement" else "")))


def claim_line(text: str, row: Mapping[str, Any]) -> str:
    """The wording of a claim, its verdict, and how many sources it has."""
    wording = row["text_normalized"] or one_line(text[row["start_cp"] : row["end_cp"]])
    sources = len({evidence["source"] for evidence in row["evidence"]})
    count = f"{sources} source{'s' * (sources != 1)}" if sources else ""
    return " · ".join(filter(None, (wording, (row["verdict"] or "").replace("_", " "), count)))


def picks_of(typed: Typed) -> tuple[Pick, ...]:
    """The five buttons; the last leaves the case open."""
    return tuple(
        Pick(choice.value, choice.key, choice.name, choice.mark, choice.value in typed.labels)
        if choice.value != "unsure"
        else Pick(OPEN, choice.key, "Leave open", choice.mark, pressed=False)
        for choice in CHOICES
    )


def pressed(typed: Typed, press: str, case: Case, last_rule: str | None) -> Typed:
    """The form after one of its buttons: a label on or off, none, one reviewer's answer taken, the last rule."""
    kind, _, value = press.partition(":")
    if kind == "take":
        return _take(typed, next((side for side in case.sides if side.reviewer.uid == value), None))
    if kind == "rule":
        return _with(typed, rule=last_rule or typed.rule)
    if press == NONE:
        reasons = [vote.none_reason for vote in case.counted if vote.none_reason]
        reason = typed.none_reason or max(reasons, key=reasons.count, default="")
        return _with(typed, labels=() if NONE in typed.labels else (NONE,), none_reason=reason)
    if press in ("claim", "quote", "opinion"):
        kept = [label for label in typed.labels if label not in (NONE, press)]
        return _with(typed, labels=tuple(kept if press in typed.labels else [*kept, press]))
    return typed


def _take(typed: Typed, side: Side | None) -> Typed:
    if side is None or not side.vote.counts:
        return typed
    vote = side.vote
    return _with(
        typed,
        labels=tuple(sorted(vote.label_set)),
        voice_claim=vote.claim_voice or "",
        voice_opinion=vote.opinion_voice or "",
        none_reason=vote.none_reason or "",
        loaded_language=vote.loaded_language,
        take_attributions=side.reviewer.uid if side.state["attributions"] else typed.take_attributions,
        take_claims=side.reviewer.uid if side.state["claims"] and "claim" in vote.labels else typed.take_claims,
    )


def _with(typed: Typed, **changes: Any) -> Typed:
    return Typed(**{name: changes.get(name, getattr(typed, name)) for name in Typed.__slots__})


def questions_of(body: str) -> Iterator[tuple[str, str]]:
    """(number, text) of the numbered questions in the guidelines, without Markdown's marks."""
    for number, text in QUESTION.findall(body):
        yield number, re.sub(r"[*_`]", "", text)


def strip_of(queue: Sequence[Dispute], sentence: str) -> tuple[Segment, ...]:
    """One segment a dispute: decided, in hand, or to do."""
    if len(queue) > STRIP_MOST:
        return ()
    kinds = ["now" if d.reading.sentence == sentence else "done" if d.reading.is_decided else "" for d in queue]
    return tuple(Segment(x, width, kind) for (x, width), kind in zip(plots.strip(len(queue)), kinds, strict=True))


def position(queue: Sequence[Dispute], sentence: str) -> Position:
    """The disputes before and after, decided or not, and how many there are."""
    uids = [dispute.reading.sentence for dispute in queue]
    place = uids.index(sentence) if sentence in uids else None
    return Position(
        number=None if place is None else place + 1,
        total=len(queue),
        decided=sum(dispute.reading.is_decided for dispute in queue),
        previous=uids[place - 1] if place else None,
        next=uids[place + 1] if place is not None and place + 1 < len(uids) else None,
        strip=strip_of(queue, sentence),
    )


def following(queue: Iterable[Dispute], sentence: str) -> str | None:
    """The next undecided dispute after this one, from the start again at the end."""
    listed = list(queue)
    place = next((n for n, dispute in enumerate(listed) if dispute.reading.sentence == sentence), -1)
    rest = [*listed[place + 1 :], *listed[: max(place, 0)]]
    return next((d.reading.sentence for d in rest if not d.reading.is_decided), None)
