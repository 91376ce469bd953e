"""Gold that no longer stands: reopened when a reviewer changes a label it rested on."""

from typing import Any

from sqlmodel import Session

from annotator.domain import adjudication as rules
from annotator.services import history
from annotator.services.history import Actor
from db import canonical
from db.models import Annotation, Sentence
from db.queries import adjudication
from db.queries import history as past
from db.vocabulary import AnnotationRole, GoldMethod, Status

REOPEN = "reopen_gold"


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


def follow(session: Session, actor: Actor, annotation: Annotation) -> None:
    """After a reviewer's change: reopen the gold that it takes the ground from. Costs one look-up where there is none.

    Adjudicated gold rests on the answers that were there when it was decided; unanimous gold also on those that come
    later, since one that differs makes it untrue.
    """
    if annotation.role != AnnotationRole.REVIEWER:
        return
    gold = adjudication.gold(session, annotation.sentence_id)
    if gold is None or gold.status != Status.COMPLETE:
        return
    before = past.revision(session, annotation.id or 0, annotation.revision - 1)
    after = past.snapshot(session, annotation)
    there = annotation.created_at <= gold.updated_at
    changed = there and before is not None and not rules.still_rests(canonical.decode(before.snapshot), after)
    untrue = gold.method == GoldMethod.UNANIMOUS and _contradicts(after, past.snapshot(session, gold))
    if changed or untrue:
        reopen_gold(session, actor, annotation.sentence_id)


def _contradicts(answer: dict[str, Any], gold: dict[str, Any]) -> bool:
    return answer["status"] == Status.COMPLETE and any(answer[name] != gold[name] for name in rules.RESTS_ON)
