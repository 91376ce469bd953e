"""Deciding disputes into gold: one case, a decision, taking it back. Reviewers' rows are never touched."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from sqlmodel import Session

from annotator.domain import adjudication as rules
from annotator.domain import ids
from annotator.domain.adjudication import Decision
from annotator.domain.disagreements import Reading, Vote
from annotator.domain.guidelines import citation
from annotator.domain.labels import Judgement
from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.language import gettext as _
from annotator.language import later
from annotator.reports.disagreement_readings import readings_of
from annotator.services import annotations, history, snapshots
from annotator.services.annotations import Edit
from annotator.services.gold import DECIDE, UNANIMOUS, Answer, reopen_gold, rested_on
from annotator.services.history import Actor
from db import canonical
from db.models import Annotation, AnnotationRevision, Article, Reviewer, Sentence, Source
from db.queries import adjudication as rows
from db.queries import claims as claim_rows
from db.queries import disagreements as stored
from db.queries import evidence as evidence_rows
from db.queries import guidelines
from db.queries import history as past
from db.queries import sources as source_rows
from db.queries.annotations import active_guideline_id
from db.vocabulary import AnnotationRole, BlockKind, GoldMethod, ReviewerRole, Status

__all__ = [
    "Case",
    "Decision",
    "Side",
    "accept_unanimous",
    "agreeing",
    "case",
    "decide",
    "reopen_gold",
    "undo",
]

LEAVE_OPEN, UNDO = "leave_open", "undo"
NO_CASE = later("There is no such sentence.")


@dataclass(frozen=True, slots=True)
class Side:
    """What one reviewer said of a sentence; `state` is the snapshot with all that hangs on it."""

    reviewer: Reviewer
    vote: Vote
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence with all a lead needs to decide it."""

    article: Article
    sentence: Sentence
    text: str
    number: int  # counted from 1
    sentences: int
    before: str | None
    after: str | None
    sides: tuple[Side, ...]
    gold: Annotation | None
    gold_state: Mapping[str, Any] | None
    decided_by: str | None = None  # the lead's name; None for gold that all agreed on
    rested_on: tuple[Answer, ...] = ()  # the answers that the decision knew
    sources: Mapping[str, Source] = field(default_factory=dict)  # of all evidence that is shown, by uid

    @property
    def counted(self) -> tuple[Vote, ...]:
        return tuple(side.vote for side in self.sides if side.vote.counts)

    @property
    def revision(self) -> int:
        return self.gold.revision if self.gold else 0


def case(session: Session, sentence_uid: str) -> Case:
    """One sentence with its neighbours, every reviewer's answer and the gold. Raises NotFound."""
    sentence, _, article = _place(session, sentence_uid, lock=False)
    number, sentences, before, after = rows.around(session, sentence)
    gold = rows.gold(session, sentence.id)
    sides = tuple(_side(session, *answer) for answer in rows.answers(session, sentence.id))
    return Case(
        article=article,
        sentence=sentence,
        text=article.text[sentence.start_cp : sentence.end_cp],
        number=number,
        sentences=sentences,
        before=article.text[before.start_cp : before.end_cp] if before else None,
        after=article.text[after.start_cp : after.end_cp] if after else None,
        sides=sides,
        gold=gold,
        gold_state=past.snapshot(session, gold) if gold else None,
        decided_by=_name(session, gold),
        rested_on=tuple(rested_on(session, gold)) if gold else (),
        sources=source_rows.by_uids(session, article.project_id, evidence_sources(side.state for side in sides)),
    )


def _name(session: Session, gold: Annotation | None) -> str | None:
    lead = session.get(Reviewer, gold.reviewer_id) if gold and gold.reviewer_id else None
    return lead.name if lead else None


def by_blind_id(session: Session, sentence_uid: str) -> dict[str, str]:
    """The uids of those who answered, by what a blind page calls them."""
    sentence, _, _ = _place(session, sentence_uid, lock=False)
    uids = [who.uid for _, who in rows.answers(session, sentence.id)]
    return {rules.blind_id(sentence_uid, uid): uid for uid in uids}


def evidence_sources(states: Iterable[Mapping[str, Any]]) -> set[str]:
    """The uids of the sources that the claims of these snapshots name."""
    return {evidence["source"] for state in states for claim in state["claims"] for evidence in claim["evidence"]}


def _place(session: Session, sentence_uid: str, *, lock: bool) -> rows.ForDecision:
    found = rows.for_decision(session, sentence_uid, lock=lock)
    if found is None:
        raise NotFound(_(NO_CASE))
    return found


def _side(session: Session, annotation: Annotation, reviewer: Reviewer) -> Side:
    state = past.snapshot(session, annotation)
    return Side(reviewer, rules.vote_of(state, reviewer.uid), state)


def decide(
    session: Session, actor: Actor, sentence_uid: str, decision: Decision, *, revision: int | None
) -> Annotation | None:
    """Store a lead's decision as gold; None for a case that is left open and was never decided.

    `revision` is that of the gold the decision rests on, 0 where there is none. Raises NotFound for anybody but a lead
    and for an unknown sentence, Invalid for a decision that contradicts itself, Stale as for a reviewer's change.
    """
    lead = lead_of(session, actor)
    judgement = None if decision.open else rules.gold_of(decision)
    place = _place(session, sentence_uid, lock=True)
    gold = rows.gold(session, place[0].id)
    asked = {"gold": sentence_uid, "asked": {**asdict(decision), "labels": sorted(decision.labels)}}
    if annotations.answered(session, actor, asked, gold):
        return gold
    _check(gold, revision)
    if judgement is None:
        return _leave_open(session, actor, place, gold, asked)
    decision = replace(decision, guideline_rule=citation(decision.guideline_rule, guidelines.active(session).body))
    answers = rows.answers(session, place[0].id)
    taken = _taken(session, answers, decision)
    edit = _begin(session, actor, place, gold, asked, method=GoldMethod.ADJUDICATED, lead=lead)
    _store(session, edit, judgement, decision, taken)
    edit.annotation.method, edit.annotation.reviewer_id = GoldMethod.ADJUDICATED, lead.id
    return annotations.finish(session, edit, DECIDE, rests_on=_revisions(answers))


def _revisions(answers: Sequence[rows.Answer]) -> dict[str, int]:
    """The complete answers there are, by the uid of the annotation."""
    return {row.uid: row.revision for row, _ in answers if row.status == Status.COMPLETE}


def _store(
    session: Session, edit: Edit, judgement: Judgement, decision: Decision, taken: Mapping[str, Mapping[str, Any]]
) -> None:
    """Make gold what was decided, with copies of the rows that are taken."""
    before = past.snapshot(session, edit.annotation)
    numbers = {name: getattr(edit.annotation, name) for name in ("last_attribution_seq", "last_claim_seq")}
    _write(session, edit.annotation, rules.gold_state({**before, **numbers}, judgement, decision, taken))


def lead_of(session: Session, actor: Actor) -> Reviewer:
    """The lead who acts. Raises NotFound for everybody else."""
    lead = session.get(Reviewer, actor.reviewer_id) if actor.reviewer_id is not None else None
    if lead is None or lead.role != ReviewerRole.LEAD or not lead.active:
        raise NotFound(_(NO_CASE))
    return lead


def _check(gold: Annotation | None, revision: int | None) -> None:
    stale = _stale(gold, revision)
    if stale is not None:
        raise stale


def _stale(gold: Annotation | None, revision: int | None) -> Stale | None:
    current = gold.revision if gold else 0
    return Stale(_("This case was decided in another window."), current=current) if revision != current else None


def stale(session: Session, sentence_uid: str, revision: int | None) -> Stale | None:
    """What a decision that rests on this revision of gold would be refused with; None for the newest one."""
    return _stale(rows.gold(session, _place(session, sentence_uid, lock=False)[0].id), revision)


def _begin(
    session: Session,
    actor: Actor,
    place: rows.ForDecision,
    gold: Annotation | None,
    asked: dict[str, Any],
    *,
    method: GoldMethod,
    lead: Reviewer | None,
) -> Edit:
    """Open gold for a change; it is made where there is none."""
    sentence, block, article = place
    guideline = active_guideline_id(session, article.project_id)
    before = past.digest(past.snapshot(session, gold)) if gold else None
    if gold is None:
        assert sentence.id is not None
        gold = Annotation(
            uid=ids.annotation_id(sentence.uid, None),
            sentence_id=sentence.id,
            reviewer_id=lead.id if lead else None,
            role=AnnotationRole.GOLD,
            method=method,
            status=Status.NEEDS_REVIEW,
            guideline_id=guideline,
            revision=1,
            created_at=actor.at,
            updated_at=actor.at,
        )
        session.add(gold)
        session.flush()
    return Edit(
        gold, sentence, article, BlockKind(block.kind), guideline, actor, asked, before, before is None, repeated=False
    )


def _taken(session: Session, answers: Sequence[rows.Answer], decision: Decision) -> dict[str, Mapping[str, Any]]:
    """The snapshots of the reviewers whose rows a decision takes. Raises Invalid for one who has not answered."""
    states = {reviewer.uid: annotation for annotation, reviewer in answers}
    found: dict[str, Mapping[str, Any]] = {}
    fields = (("take_attributions", decision.take_attributions_of), ("take_claims", decision.take_claims_of))
    for name, uid in fields:
        if uid and uid not in states:
            raise Invalid(_("This reviewer has not answered here."), field=name)
        if uid:
            found[uid] = past.snapshot(session, states[uid])
    return found


def _write(session: Session, gold: Annotation, state: Mapping[str, Any]) -> None:
    """Make gold what a snapshot says, with new rows for what was taken."""
    numbers = {name: [row["seq"] for row in state[name]] for name in ("attributions", "claims")}
    gold.last_attribution_seq = max([gold.last_attribution_seq, *numbers["attributions"]])
    gold.last_claim_seq = max([gold.last_claim_seq, *numbers["claims"]])
    snapshots.restore(session, gold, state)
    for claim in claim_rows.of_annotation(session, gold.id):
        used = [evidence.seq for evidence in evidence_rows.of_claim(session, claim.id)]
        claim.last_evidence_seq = max([claim.last_evidence_seq, *used])
    session.flush()


def _leave_open(
    session: Session, actor: Actor, place: rows.ForDecision, gold: Annotation | None, asked: dict[str, Any]
) -> Annotation | None:
    """Nothing is decided: gold that was complete goes back to the queue, otherwise only the event is kept."""
    sentence, _, article = place
    if gold is not None and gold.status == Status.COMPLETE:
        edit = _begin(session, actor, place, gold, asked, method=GoldMethod(gold.method or ""), lead=None)
        gold.status = Status.NEEDS_REVIEW
        return annotations.finish(session, edit, LEAVE_OPEN)
    detail = {"payload": canonical.sha256(canonical.encode(asked)), "reason": asked["asked"]["reason"]}
    history.log(session, actor, LEAVE_OPEN, "sentence", sentence.uid, article_id=article.id, detail=detail)
    return gold


def undo(session: Session, actor: Actor, sentence_uid: str, *, revision: int | None) -> Annotation:
    """Take back the last decision on a case, if it is this lead's: what gold was before comes back.

    Gold that was not there before stays as a record that needs review. Raises as `decide`, and Conflict when there is
    nothing of theirs to take back.
    """
    lead = lead_of(session, actor)
    place = _place(session, sentence_uid, lock=True)
    gold = rows.gold(session, place[0].id)
    if gold is None:
        raise Conflict(_("Nothing is decided here yet."))
    asked = {"gold": sentence_uid, "asked": UNDO}
    if annotations.answered(session, actor, asked, gold):
        return gold
    _check(gold, revision)
    revisions = rows.revisions(session, gold.id)
    last = last_decision(revisions, lead.id)
    if last is None:
        raise Conflict(_("The last change here is not a decision of yours, so it stays."))
    edit = _begin(session, actor, place, gold, asked, method=GoldMethod(gold.method or ""), lead=lead)
    earlier = next((row for row in revisions if row.number == last.number - 1), None)
    if earlier is None:
        gold.status = Status.NEEDS_REVIEW
    else:
        _restore(session, gold, earlier, revisions)
    return annotations.finish(session, edit, UNDO, reverts=last.number)


def last_decision(revisions: Sequence[AnnotationRevision], lead_id: int | None) -> AnnotationRevision | None:
    """The newest revision that is not taken back yet, if this lead made it by deciding; newest first come in."""
    gone: set[int] = set()
    for row in revisions:
        if row.reverts is not None:
            gone.add(row.reverts)
        elif row.number not in gone:
            theirs = row.actor_id == lead_id and row.action in (DECIDE, UNANIMOUS, LEAVE_OPEN)
            return row if theirs else None
    return None


def _restore(
    session: Session, gold: Annotation, earlier: AnnotationRevision, revisions: Sequence[AnnotationRevision]
) -> None:
    """What gold was at a revision, and whose decision it was then."""
    state = canonical.decode(earlier.snapshot)
    if state["method"] == GoldMethod.ADJUDICATED:
        deciders = [row.actor_id for row in revisions if row.number <= earlier.number and row.action == DECIDE]
        gold.reviewer_id = deciders[0] if deciders else gold.reviewer_id
    else:
        gold.reviewer_id = None
    _write(session, gold, state)


def agreeing(session: Session, actor: Actor, article_uid: str) -> list[str]:
    """The sentences of an article that `accept_unanimous` would make gold of. Raises NotFound."""
    lead_of(session, actor)
    articles = stored.articles(session, [article_uid])
    if not articles:
        raise NotFound(_("There is no such article."))
    return [agreed.sentence for agreed, _judged in agreements(session, articles[0])]


def accept_unanimous(session: Session, actor: Actor, article_uid: str, sentences: Iterable[str]) -> int:
    """Make gold of those of the sentences on which at least two complete answers agree.

    How many this request has accepted in all: many sentences are accepted in several transactions, so that nobody's
    save waits for all of them. Sentences that have gold are left alone unless it was reopened, and so are those that
    this request has accepted before. Raises NotFound, and Stale when the request id was used for something else.
    """
    lead_of(session, actor)
    asked = {"gold": article_uid, "asked": UNANIMOUS}
    before = _accepted(session, actor) if annotations.answered(session, actor, asked) else set()
    count = len(before)
    for place in rows.of_article(session, article_uid, sentences):
        if ids.annotation_id(place[0].uid, None) not in before:
            count += _accept(session, actor, place, asked)
    return count


def _accepted(session: Session, actor: Actor) -> set[str]:
    """The uids of the gold that this request has made by agreement."""
    earlier = past.events_of_request(session, actor.request_id or "", annotations.reviewer_of(actor))
    return {event.entity_uid for event in earlier if event.action == UNANIMOUS}


def agreements(session: Session, article: Article) -> list[tuple[Reading, Judgement]]:
    """The sentences that would become gold by agreement, in the order of the text, each with its judgement."""
    assert article.id is not None
    found = readings_of(stored.readings(session, [article.id]), [article])
    judged = [(reading, rules.unanimous(reading.counted)) for reading in found if not reading.is_decided]
    return [(reading, judgement) for reading, judgement in judged if judgement is not None]


def _accept(session: Session, actor: Actor, place: rows.ForDecision, asked: dict[str, Any]) -> bool:
    """Make gold of what all say now of one sentence; whether there was anything to accept."""
    gold, answers = rows.gold(session, place[0].id), rows.answers(session, place[0].id)
    counted = [(who.uid, past.snapshot(session, row)) for row, who in answers if row.status == Status.COMPLETE]
    judgement = rules.unanimous([rules.vote_of(state, uid) for uid, state in counted])
    if judgement is None or (gold is not None and gold.status == Status.COMPLETE):
        return False
    decision = rules.taken_together(judgement, counted)
    edit = _begin(session, actor, place, gold, asked, method=GoldMethod.UNANIMOUS, lead=None)
    if gold is None and not decision.take_attributions_of and not decision.take_claims_of:
        annotations.store(edit.annotation, judgement)  # nothing hangs on it: many times faster
    else:
        _store(session, edit, judgement, decision, {counted[0][0]: rules.without_remarks(counted[0][1])})
    edit.annotation.method, edit.annotation.reviewer_id = GoldMethod.UNANIMOUS, None
    annotations.finish(session, edit, UNANIMOUS, rests_on=_revisions(answers))
    return True
