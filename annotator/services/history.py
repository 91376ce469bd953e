"""Every change: one revision of the annotation, one event in the chain, in the transaction of the change itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from annotator.errors import Conflict
from annotator.language import gettext as _
from annotator.services import clock
from db import canonical
from db.models import Annotation, AnnotationRevision, Event
from db.queries import history
from db.queries.labelling import Stored

CARRY_OVER = "carry_over"  # what happens to an annotation when its sentence is cut: no work of anybody


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, at what time, under which request id; `reviewer_id` is None for the command line."""

    reviewer_id: int | None
    request_id: str | None = None
    at: str = field(default_factory=clock.now)


def repeated(
    session: Session, actor: Actor, action: str, entity_uid: str, detail: dict[str, Any] | None = None
) -> bool:
    """Whether this very request did this already. Raises Conflict when its id was used for something else."""
    if actor.request_id is None:
        return False
    earlier = history.events_of_request(session, actor.request_id, actor.reviewer_id)
    if any((e.action, e.entity_uid, e.detail) == (action, entity_uid, canonical.text(detail or {})) for e in earlier):
        return True
    if earlier:
        raise Conflict(_("This request was answered before, for something else."))
    return False


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
) -> None:
    """Append one event; `before` and `after` are hashes of the entity, `detail` is plain JSON without article text."""
    log_many(session, actor, [Entry(action, entity, entity_uid, article_id, before, after, detail or {})])


@dataclass(frozen=True, slots=True)
class Entry:
    """What `log_many` says of one entity; the fields are those of `log`."""

    action: str
    entity: str
    entity_uid: str
    article_id: int | None = None
    before: str | None = None
    after: str | None = None
    detail: dict[str, Any] = field(default_factory=dict)


def log_many(session: Session, actor: Actor, entries: Iterable[Entry]) -> None:
    """Append events in one go, each chained to the one before it."""
    session.flush()  # rows go through Core, which is many times faster, so what is pending must be there
    previous = history.last_event_hash(session)
    rows = []
    for entry in entries:
        said = {
            "at": actor.at,
            "actor_id": actor.reviewer_id,
            "article_id": entry.article_id,
            "request_id": actor.request_id,
            "action": entry.action,
            "entity": entry.entity,
            "entity_uid": entry.entity_uid,
            "before_sha": entry.before,
            "after_sha": entry.after,
            "detail": canonical.text(entry.detail),
            "previous_sha256": previous,
        }
        previous = canonical.sha256(canonical.encode(said))
        rows.append({**said, "sha256": previous})
    if rows:
        session.connection().execute(insert(Event), rows)


def record(
    session: Session,
    actor: Actor,
    annotation: Annotation | Stored,
    action: str,
    *,
    article_id: int,
    before: str | None,
    detail: dict[str, Any] | None = None,
    reverts: int | None = None,
) -> None:
    """Store what the annotation is now as its newest revision, and the event. `annotation.revision` is its number."""
    assert annotation.id is not None
    snapshot = canonical.text(history.snapshot(session, annotation))
    row = {
        "annotation_id": annotation.id,
        "number": annotation.revision,
        "snapshot": snapshot,
        "action": action,
        "reverts": reverts,
        "actor_id": actor.reviewer_id,
        "at": actor.at,
        "request_id": actor.request_id,
    }
    session.flush()
    session.connection().execute(insert(AnnotationRevision), row)
    after = canonical.sha256(snapshot)
    log(
        session, actor, action, "annotation", annotation.uid,
        article_id=article_id, before=before, after=after, detail=detail,
    )  # fmt: skip
