"""What gold rests on: the answers it was decided on, and what happens when one of them changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain import adjudication as rules
from annotator.services import history
from annotator.services.history import Actor
from db import canonical
from db.models import Annotation, AnnotationRevision, Reviewer, Sentence
from db.queries import adjudication
from db.queries import history as past
from db.queries.labelling import Stored
from db.vocabulary import AnnotationRole, GoldMethod, Status

REOPEN = "reopen_gold"
DECIDE, UNANIMOUS = "adjudicate", "unanimous"
DECISIONS = (DECIDE, UNANIMOUS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer said of a sentence; `state` is the snapshot at the time that is asked for."""

    reviewer: Reviewer
    annotation: Annotation
    state: Mapping[str, Any]


def reopen_gold(session: Session, actor: Actor, sentence_id: int) -> Annotation | None:
    """Send a sentence's gold back to the queue; None when there is none or it is there already."""
    gold = adjudication.gold(session, sentence_id)
    if gold is None or gold.status != Status.COMPLETE:
        return None
    before = past.digest(past.snapshot(session, gold))
    gold.status, gold.updated_at = Status.NEEDS_REVIEW, actor.at
    gold.revision += 1
    session.flush()
    article_id = session.get_one(Sentence, sentence_id).article_id
    detail = {"revision": gold.revision}
    history.record(session, actor, gold, REOPEN, article_id=article_id, before=before, detail=detail)
    return gold


def follow(session: Session, actor: Actor, annotation: Annotation | Stored) -> None:
    """After a reviewer's change: reopen the gold that it takes the ground from. Costs one look-up where there is none.

    Adjudicated gold rests on the answers that were there when it was decided; unanimous gold also on those that come
    later, since one that differs makes it untrue, and on the attributions and claims that it carries.
    """
    if annotation.role != AnnotationRole.REVIEWER:
        return
    gold = adjudication.gold(session, annotation.sentence_id)
    if gold is None or gold.status != Status.COMPLETE:
        return
    earlier = past.revision(session, annotation.id or 0, annotation.revision - 1)
    after, stored = past.snapshot(session, annotation), past.snapshot(session, gold)
    changed = gold.method == GoldMethod.UNANIMOUS and rules.contradicts(after, stored)
    if earlier is not None and not changed and past.came_before(session, annotation, gold):
        before = canonical.decode(earlier.snapshot)
        left = gold.method == GoldMethod.UNANIMOUS and rules.leaves(before, after, stored)
        changed = left or not rules.still_rests(before, after)
    if changed:
        reopen_gold(session, actor, annotation.sentence_id)


def rested_on(session: Session, gold: Annotation) -> list[Answer]:
    """The complete answers that gold was decided on, as they were then; those of now where nothing tells which."""
    answers = adjudication.answers(session, gold.sentence_id)
    now = [Answer(who, row, past.snapshot(session, row)) for row, who in answers]
    known = _named_by_the_decision(session, gold)
    if not known:
        return [answer for answer in now if answer.state["status"] == Status.COMPLETE]
    then = [
        Answer(answer.reviewer, answer.annotation, canonical.decode(found.snapshot))
        for answer in now
        if (number := known.get(answer.annotation.uid))
        and (found := past.revision(session, answer.annotation.id or 0, number))
    ]
    return then


def _named_by_the_decision(session: Session, gold: Annotation) -> dict[str, int]:
    """The answers that the standing decision names: revisions by the uid of the annotation. None after an import."""
    standing = standing_decision(adjudication.revisions(session, gold.id))
    if standing is None:
        return {}
    for event in past.events_of(session, "annotation", gold.uid, standing.action):
        detail = canonical.decode(event.detail)
        if detail.get("revision") == standing.number:
            return dict(detail.get("rests_on", {}))
    return {}


def standing_decision(revisions: Sequence[AnnotationRevision]) -> AnnotationRevision | None:
    """The newest decision that was not taken back; newest first come in."""
    gone = {row.reverts for row in revisions}
    return next((row for row in revisions if row.action in DECISIONS and row.number not in gone), None)
