"""Every change: one revision of the annotation, one event in the chain, in the transaction of the change itself."""

from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from annotator.services import clock
from db import canonical
from db.models import Annotation, AnnotationRevision, Event
from db.queries import history


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, at what time, under which request id; `reviewer_id` is None for the command line."""

    reviewer_id: int | None
    request_id: str | None = None
    at: str = field(default_factory=clock.now)


def log(
    session: Session,
    actor: Actor,
    action: str,
    entity: str,
    entity_uid: str,
    *,
    article_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
    detail: dict[str, Any] | None = None,
) -> Event:
    """Append one event; `before` and `after` are hashes of the entity, `detail` is plain JSON without article text."""
    event = Event(
        at=actor.at,
        actor_id=actor.reviewer_id,
        article_id=article_id,
        request_id=actor.request_id,
        action=action,
        entity=entity,
        entity_uid=entity_uid,
        before_sha=before,
        after_sha=after,
        detail=canonical.text(detail or {}),
        previous_sha256=history.last_event_hash(session),
        sha256="",
    )
    event.sha256 = history.chained(event)
    session.add(event)
    session.flush()
    return event


def record(
    session: Session,
    actor: Actor,
    annotation: Annotation,
    action: str,
    *,
    article_id: int,
    before: str | None,
    detail: dict[str, Any] | None = None,
    reverts: int | None = None,
) -> None:
    """Store what the annotation is now as its newest revision, and the event. `annotation.revision` is its number."""
    assert annotation.id is not None
    state = history.snapshot(session, annotation)
    session.add(
        AnnotationRevision(
            annotation_id=annotation.id,
            number=annotation.revision,
            snapshot=canonical.text(state),
            action=action,
            reverts=reverts,
            actor_id=actor.reviewer_id,
            at=actor.at,
            request_id=actor.request_id,
        )
    )
    after = history.digest(state)
    log(
        session, actor, action, "annotation", annotation.uid,
        article_id=article_id, before=before, after=after, detail=detail,
    )  # fmt: skip
