"""One disputed sentence as a page: what each reviewer said, what the form holds, where the keys lead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from annotator.domain import labels
from annotator.domain.adjudication import against, blind_id, blind_name, blind_order, still_rests, vote_of
from annotator.domain.disagreements import describe
from annotator.domain.display import initials
from annotator.domain.guidelines import Rule, key_of
from annotator.domain.labels import CHOICES, NONE
from annotator.domain.words import word
from annotator.language import gettext as _
from annotator.reports import plots
from annotator.reports.disagreement_sentences import Mark, mark_of, said, said_inside, voices_of
from annotator.reports.disputes import Dispute, Queue
from annotator.services.adjudication import Case, Side
from annotator.web.views.rows import one_line
from db.models import Guideline
from db.vocabulary import NoneReason, Status

OPEN = "open"
# a column of the keyboard for each reviewer: the upper row takes their attributions, the lower their claims
ATTRIBUTION_KEYS, CLAIM_KEYS = "qwetyu", "asdfgh"
STRIP_MOST = 400  # disputes drawn one by one


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds; `labels` are words of the buttons, none among them; whose rows to take is a blind id."""

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
class ClaimView:
    """A claim with its evidence, each a line."""

    words: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideView:
    """One reviewer's answer under a blind id; `key` takes it, the two others its attributions and its claims."""

    id: str
    name: str
    initials: str
    key: str
    mark: Mark
    words: str
    note: str | None
    more: str  # whose it is, why none, low confidence, loaded language
    attributions: tuple[str, ...]
    claims: tuple[ClaimView, ...]
    can_take: bool
    attribution_key: str
    claim_key: str


@dataclass(frozen=True, slots=True)
class KeptView:
    """An answer as it was when gold was decided; `now` is what has become of it since, if it is another."""

    name: str
    mark: Mark
    words: str
    note: str | None
    against: bool
    now: str | None


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
    kept: tuple[KeptView, ...]
    rules_used: tuple[str, ...]
    rules: tuple[Rule, ...]
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
            return _("What was decided no longer stands: decide again.")
        if gold.method == "unanimous":
            return _("Accepted on {day} because all agreed.").format(day=gold.updated_at[:10])
        return _("Decided by {name} on {day}.").format(name=self.case.decided_by, day=gold.updated_at[:10])

    @property
    def none_reasons(self) -> tuple[tuple[str, str], ...]:
        """What is stored and what is shown."""
        return tuple((str(reason), labels.reason_word(reason)) for reason in NoneReason)

    @property
    def rule(self) -> Rule | None:
        """The rule of the guidelines that the form cites."""
        key = key_of(self.typed.rule)
        return next((rule for rule in self.rules if rule.anchor == key), None)

    @property
    def with_attributions(self) -> tuple[SideView, ...]:
        return tuple(side for side in self.sides if side.attributions)

    @property
    def with_claims(self) -> tuple[SideView, ...]:
        return tuple(side for side in self.sides if side.claims)


def typed_of(case: Case, rule: str = "") -> Typed:
    """What the form begins with: the gold there is, else nothing; and a rule that was chosen on its page."""
    gold = case.gold
    if gold is None:
        return Typed(rule=rule)
    flags = {"claim": gold.is_claim, "quote": gold.is_quote, "opinion": gold.is_opinion, NONE: bool(gold.none_reason)}
    return Typed(
        labels=tuple(label for label, on in flags.items() if on),
        voice_claim=gold.claim_voice or "",
        voice_opinion=gold.opinion_voice or "",
        none_reason=gold.none_reason or "",
        loaded_language=gold.loaded_language,
        reason=gold.note or "",
        rule=rule or gold.guideline_rule or "",
    )


def sides_of(case: Case, *, names: bool) -> tuple[SideView, ...]:
    """Every reviewer's answer in an order that tells nothing about who they are; their names only when asked for."""
    by_uid = {side.reviewer.uid: side for side in case.sides if side.vote.status != Status.DRAFT}
    order = blind_order(case.sentence.uid, by_uid)
    return tuple(_side(case, by_uid[uid], place, names=names) for place, uid in enumerate(order))


def _side(case: Case, side: Side, place: int, *, names: bool) -> SideView:
    vote, letter = side.vote, chr(ord("A") + place % 26)
    more = [*voices_of(vote), labels.reason_word(vote.none_reason) if vote.none_reason else ""]
    more.append(_("loaded language") if vote.loaded_language else "")
    more.append(_("low confidence") if vote.confidence == "low" else "")
    unsure = vote.status == Status.UNSURE
    claims = side.state["claims"] if "claim" in vote.labels else ()  # kept, but not shown, while the label is not set
    return SideView(
        id=blind_id(case.sentence.uid, side.reviewer.uid),
        name=side.reviewer.name if names else blind_name(place),
        initials=initials(side.reviewer.name) if names else letter,
        key=letter,
        mark=Mark("unsure") if unsure else mark_of(vote.labels, review=not vote.counts),
        words=describe(vote.label_set) if vote.counts else said(vote),
        note=vote.note,
        more=labels.titled(" · ".join(filter(None, more))),
        attributions=tuple(attribution_line(case.article.text, row) for row in side.state["attributions"]),
        claims=tuple(claim_view(case, row) for row in claims),
        can_take=vote.counts,
        attribution_key=ATTRIBUTION_KEYS[place : place + 1],
        claim_key=CLAIM_KEYS[place : place + 1],
    )


def kept_of(case: Case, *, names: bool) -> tuple[KeptView, ...]:
    """The answers that gold keeps: those it went against, and those that changed since it was decided."""
    if case.gold_state is None:
        return ()
    now = {side.reviewer.uid: side for side in case.sides}
    order = blind_order(case.sentence.uid, (uid for uid, side in now.items() if side.vote.status != Status.DRAFT))
    then = {answer.reviewer.uid: answer for answer in case.rested_on}
    minority = against(case.gold_state, {uid: answer.state for uid, answer in then.items()})
    found = []
    for uid, answer in sorted(then.items(), key=lambda one: order.index(one[0]) if one[0] in order else len(order)):
        changed = not still_rests(answer.state, now[uid].state)
        if uid in minority or changed:
            vote = vote_of(answer.state)
            name = blind_name(order.index(uid)) if uid in order else _("A reviewer")
            found.append(
                KeptView(
                    answer.reviewer.name if names else name,
                    mark_of(vote.labels),
                    said(vote),
                    vote.note,
                    uid in minority,
                    said_inside(now[uid].vote) if changed else None,
                )
            )
    return tuple(found)


def attribution_line(text: str, row: Mapping[str, Any]) -> str:
    """“Ida Holm · said · direct”: who, by which words, how."""
    start, end = row["speaker_start"], row["speaker_end"]
    speaker = one_line(text[start:end]) if start is not None else word(row["naming"])
    cue = " … ".join(one_line(text[start:end]) for start, end in row["cue"])
    mode = word(row["mode"]) if row["mode"] != "statement" else ""
    return " · ".join(filter(None, (speaker, cue, word(row["type"]), mode)))


def claim_view(case: Case, row: Mapping[str, Any]) -> ClaimView:
    """The wording of a claim with type and verdict, and its evidence: stance, source, place, the words."""
    wording = row["text_normalized"] or one_line(case.article.text[row["start_cp"] : row["end_cp"]])
    words = (
        wording,
        word(row["claim_type"]) if row["claim_type"] else "",
        word(row["verdict"]) if row["verdict"] else "",
    )
    return ClaimView(" · ".join(filter(None, words)), tuple(_evidence(case, one) for one in row["evidence"]))


def _evidence(case: Case, row: Mapping[str, Any]) -> str:
    source = case.sources.get(row["source"])
    name = (source.title or source.url or source.uid) if source else row["source"]
    excerpt = f"“{row['excerpt']}”" if row["excerpt"] else ""
    return " · ".join(filter(None, (word(row["stance"]), name, row["locator"] or "", excerpt)))


def picks_of(typed: Typed) -> tuple[Pick, ...]:
    """The five buttons; the last leaves the case open."""
    return tuple(
        Pick(choice.value, choice.key, _(choice.name), choice.mark, choice.value in typed.labels)
        if choice.value != "unsure"
        else Pick(OPEN, choice.key, _("Leave open"), choice.mark, pressed=False)
        for choice in CHOICES
    )


def pressed(typed: Typed, press: str, case: Case, last_rule: str | None, *, toggle: bool = False) -> Typed:
    """The form after one of its buttons. As on the annotate page a label sets exactly itself; `toggle` adds or removes.

    Or one reviewer's answer is taken, or only its attributions or claims (again: not any more), or the last rule.
    """
    kind, _, value = press.partition(":")
    side = next((s for s in case.sides if value and blind_id(case.sentence.uid, s.reviewer.uid) == value), None)
    if kind == "rule":
        return _with(typed, rule=last_rule or typed.rule)
    if kind in ("take", "attributions", "claims"):
        return _take(typed, kind, value, side) if side is not None else typed
    if press == NONE:
        reasons = [vote.none_reason for vote in case.counted if vote.none_reason]
        reason = typed.none_reason or max(reasons, key=reasons.count, default="")
        return _with(typed, labels=(NONE,), none_reason=reason)
    if press in ("claim", "quote", "opinion"):
        kept = [label for label in typed.labels if label not in (NONE, press)] if toggle else []
        return _with(typed, labels=tuple(kept if toggle and press in typed.labels else [*kept, press]))
    return typed


def _take(typed: Typed, kind: str, id: str, side: Side) -> Typed:
    vote, claims = side.vote, bool(side.state["claims"]) and "claim" in side.vote.labels
    if kind == "attributions":
        return _with(typed, take_attributions=None if typed.take_attributions == id else id)
    if kind == "claims":
        labels = typed.labels if "claim" in typed.labels else (*(w for w in typed.labels if w != NONE), "claim")
        voice = typed.voice_claim or vote.claim_voice or ""
        taken = None if typed.take_claims == id else id
        return _with(typed, take_claims=taken, labels=labels, voice_claim=voice) if claims else typed
    if not vote.counts:
        return typed
    return _with(
        typed,
        labels=tuple(sorted(vote.label_set)),
        voice_claim=vote.claim_voice or "",
        voice_opinion=vote.opinion_voice or "",
        none_reason=vote.none_reason or "",
        loaded_language=vote.loaded_language,
        take_attributions=id if side.state["attributions"] else typed.take_attributions,
        take_claims=id if claims else typed.take_claims,
    )


def _with(typed: Typed, **changes: Any) -> Typed:
    return Typed(**{name: changes.get(name, getattr(typed, name)) for name in Typed.__slots__})


def strip_of(queue: Sequence[Dispute], sentence: str) -> tuple[Segment, ...]:
    """One segment a dispute: decided, in hand, or to do."""
    if len(queue) > STRIP_MOST:
        return ()
    kinds = ["now" if d.reading.sentence == sentence else "done" if d.reading.is_decided else "" for d in queue]
    return tuple(Segment(x, width, kind) for (x, width), kind in zip(plots.strip(len(queue)), kinds, strict=True))


def position(queue: Queue, sentence: str) -> Position:
    """The disputes before and after, decided or not, and how many there are."""
    disputes, place = queue.disputes, queue.place(sentence)
    return Position(
        number=None if place is None else place + 1,
        total=len(disputes),
        decided=queue.decided,
        previous=disputes[place - 1].reading.sentence if place else None,
        next=disputes[place + 1].reading.sentence if place is not None and place + 1 < len(disputes) else None,
        strip=strip_of(disputes, sentence),
    )
