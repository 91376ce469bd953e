"""Take back the last change of a reviewer in an article, or do it again; the state before comes back byte for byte.

Rows are kept by their number in the annotation: updated in place, made again with the same number and id, deleted. An
undo is a change of its own with its own revision; nothing of the history goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain import labels
from annotator.errors import Conflict, NotFound
from annotator.language import gettext as _
from annotator.services import annotations, snapshots
from annotator.services.annotations import reviewer_of
from annotator.services.history import Actor
from db import canonical
from db.models import Annotation, Sentence
from db.queries import annotations as rows
from db.queries import history as past

UNDO, REDO = "undo", "redo"
# what a reviewer does on the annotate page; boundaries, imports and adjudication are taken back elsewhere
ACTIONS = frozenset(("label", "detail", "attribution", "attribution_deleted", "claim", "evidence", "evidence_deleted"))


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of one annotation."""

    annotation_id: int
    number: int
    action: str
    reverts: int | None


@dataclass(frozen=True, slots=True)
class Undone:
    """Where a change was taken back or done again, and what the reviewer's labels are now, in words."""

    sentence_uid: str
    judgement: str


def undo(session: Session, actor: Actor, article_uid: str) -> Undone | None:
    """Take back the reviewer's last change in an article that is not taken back yet; None when there is none.

    Raises NotFound, ReadOnly when the article is finished, Conflict when somebody else changed the sentence since.
    """
    return _revert(session, actor, article_uid, UNDO)


def redo(session: Session, actor: Actor, article_uid: str) -> Undone | None:
    """Do again what was taken back last; None when there is nothing, or a change since. Raises as `undo`."""
    return _revert(session, actor, article_uid, REDO)


def _revert(session: Session, actor: Actor, article_uid: str, action: str) -> Undone | None:
    reviewer_id = reviewer_of(actor)
    found = rows.assignment(session, article_uid, reviewer_id)
    if found is None:
        raise NotFound(_("There is no such article."))
    article_id = found[0].id
    assert article_id is not None
    asked = {"article": article_uid, "asked": action}
    answer = annotations.answered(session, actor, asked)
    if answer is not None:
        return _undone(session, rows.by_uid(session, answer.entity_uid))
    find = last_change if action == UNDO else last_undone
    step = find(session, article_id, reviewer_id)
    return None if step is None else _apply(session, actor, step, action, asked)


def last_change(session: Session, article_id: int, reviewer_id: int) -> Step | None:
    """The change that an undo would take back."""
    gone: set[tuple[int, int]] = set()
    for step in _steps(session, article_id, reviewer_id):
        if (step.annotation_id, step.number) in gone:
            continue
        if step.reverts is not None:
            gone.add((step.annotation_id, step.reverts))
        elif step.action in ACTIONS:
            return step
    return None


def last_undone(session: Session, article_id: int, reviewer_id: int) -> Step | None:
    """The undo that a redo would cancel: the newest that is not cancelled yet, with no other change after it."""
    gone: set[tuple[int, int]] = set()
    for step in _steps(session, article_id, reviewer_id):
        if (step.annotation_id, step.number) in gone:
            continue
        if step.action != REDO or step.reverts is None:
            return step if step.action == UNDO else None
        gone.add((step.annotation_id, step.reverts))
    return None


def _steps(session: Session, article_id: int, reviewer_id: int) -> Iterator[Step]:
    return (Step(*row) for row in past.steps(session, article_id, reviewer_id))


def _apply(session: Session, actor: Actor, step: Step, action: str, asked: dict[str, Any]) -> Undone | None:
    """Bring back what the annotation was before a revision."""
    annotation = session.get_one(Annotation, step.annotation_id)
    sentence = session.get_one(Sentence, annotation.sentence_id)
    before = _state(session, step, step.number - 1)
    if before is None and step.number > 1:
        return None  # imported: what was before is not in this database
    if sentence.retired_in is not None:
        raise Conflict(_("The boundaries of this sentence were changed since, so the change stays."))
    edit = annotations.begin(session, actor, sentence.uid, revision=annotation.revision)
    after = _state(session, step, step.number)
    if after is None or edit.before != past.digest(after):
        raise Conflict(_("Somebody else changed this sentence since, so the change stays."))
    edit.asked = asked
    snapshots.restore(session, edit.annotation, before or snapshots.nothing(annotation))
    annotations.finish(session, edit, action, reverts=step.number)
    return _undone(session, annotation)


def _state(session: Session, step: Step, number: int) -> dict[str, Any] | None:
    stored = past.revision(session, step.annotation_id, number)
    return canonical.decode(stored.snapshot) if stored else None


def _undone(session: Session, annotation: Annotation) -> Undone:
    sentence = session.get_one(Sentence, annotation.sentence_id)
    return Undone(sentence.uid, labels.describe(annotations.judgement(annotation)))
