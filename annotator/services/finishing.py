"""Finish an article and open it again: what is left to do, and who may still change something."""

from bisect import bisect_left
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlmodel import Session

from annotator.domain import reviewing
from annotator.errors import Invalid, NotFound, ReadOnly
from annotator.language import gettext as _
from annotator.language import ngettext
from annotator.services import history
from annotator.services.annotations import reviewer_of
from annotator.services.history import Actor
from db.models import Article, Assignment, Reviewer
from db.queries import annotations, sentences
from db.queries import history as history_rows
from db.vocabulary import AssignmentState, Confidence, Status


class Answered(Protocol):
    """A reviewer's work on one sentence, as `db.queries.annotations.Work` has it."""

    @property
    def status(self) -> str | None: ...
    @property
    def is_quote(self) -> bool | None: ...
    @property
    def confidence(self) -> str | None: ...
    @property
    def attributions(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Left:
    """Numbers of sentences, counted from 1, that a reviewer may want to look at before finishing."""

    not_labelled: list[int]
    needs_review: list[int]
    quotes_without_attribution: list[int]
    low_confidence: list[int]
    unsure: list[int]

    @property
    def ready(self) -> bool:
        """Whether the article can be finished: the rest may stay as it is."""
        return not self.not_labelled and not self.needs_review


def left(session: Session, article_id: int, reviewer_id: int) -> Left:
    """What is left of an article for a reviewer."""
    return left_of(annotations.progress(session, article_id, reviewer_id))


def pace(session: Session, article_id: int, reviewer_id: int) -> float | None:
    """How many seconds a sentence of an article took a reviewer, in the median; None where no time is known."""
    found = reviewing.seconds_per_sentence(history_rows.moments(session, article_id, reviewer_id))
    return next(iter(found.values()), None)


def left_of(sentences: Iterable[Answered]) -> Left:
    """What is left of these sentences, numbered in their order."""
    found = Left([], [], [], [], [])
    for number, work in enumerate(sentences, start=1):
        if work.status is None or work.status == Status.DRAFT:
            found.not_labelled.append(number)
        if work.status == Status.NEEDS_REVIEW:
            found.needs_review.append(number)
        if work.is_quote and not work.attributions:
            found.quotes_without_attribution.append(number)
        if work.confidence == Confidence.LOW:
            found.low_confidence.append(number)
        if work.status == Status.UNSURE:
            found.unsure.append(number)
    return found


def left_after(left: Left, number: int, before: Answered, after: Answered) -> Left:
    """What is left when the answer of one sentence became another."""
    was, now = left_of([before]), left_of([after])
    changed = {}
    for name in Left.__slots__:
        if getattr(was, name) != getattr(now, name):
            numbers = list(getattr(left, name))
            place = bisect_left(numbers, number)
            numbers[place : place + bool(getattr(was, name))] = [number] * bool(getattr(now, name))
            changed[name] = numbers
    return replace(left, **changed)


def finish(session: Session, actor: Actor, article_uid: str) -> Assignment:
    """Close an article for its reviewer; nothing happens when it is finished already.

    Raises NotFound when it is not assigned to them, Invalid while sentences are not labelled or need review.
    """
    article, assignment, reviewer = _assigned(session, actor, article_uid)
    if assignment.state == AssignmentState.FINISHED or _repeated(session, actor, "finish", article, reviewer):
        return assignment
    assert article.id is not None
    todo = left(session, article.id, reviewer_of(actor))
    if not todo.ready:
        raise Invalid(_("Not finished yet: {what}.").format(what=_said(todo)))
    assignment.state, assignment.finished_at = AssignmentState.FINISHED, actor.at
    _log(session, actor, "finish", article, reviewer)
    return assignment


def reopen(session: Session, actor: Actor, article_uid: str) -> Assignment:
    """Open a finished article again; nothing happens when it is open. Raises NotFound, ReadOnly once gold exists."""
    article, assignment, reviewer = _assigned(session, actor, article_uid)
    if assignment.state == AssignmentState.OPEN or _repeated(session, actor, "reopen", article, reviewer):
        return assignment
    assert article.id is not None
    if annotations.has_gold(session, article.id):
        raise ReadOnly(_("The adjudication of this article has started, so it stays finished."))
    assignment.state, assignment.finished_at = AssignmentState.OPEN, None
    _log(session, actor, "reopen", article, reviewer)
    return assignment


def open_again(session: Session, actor: Actor, article: Article, reviewers: Collection[int], version: int) -> None:
    """Open the finished assignments of these reviewers, who have something to look at since segmentation `version`."""
    for assignment, reviewer in sentences.readers(session, article.id or 0):
        if reviewer.id in reviewers and assignment.state == AssignmentState.FINISHED:
            detail = {"version": version, "finished_at": assignment.finished_at}
            assignment.state, assignment.finished_at = AssignmentState.OPEN, None
            _log_cut(session, actor, "reopen", article, reviewer, detail)


def close_again(session: Session, actor: Actor, article: Article, version: int) -> None:
    """Finish the assignments that segmentation `version` opened, the newest one, at their old times.

    Not those whose reviewer has changed something in the article since: they finish it themselves.
    """
    opened = history_rows.reopened(session, article.id or 0, version)
    for assignment, reviewer in sentences.readers(session, article.id or 0):
        finished_at = opened.get(f"{article.uid}:{reviewer.uid}")
        if finished_at is None or assignment.state == AssignmentState.FINISHED:
            continue
        if not history_rows.changed_since_cut(session, article.id or 0, reviewer.id or 0):
            assignment.state, assignment.finished_at = AssignmentState.FINISHED, finished_at
            _log_cut(session, actor, "finish", article, reviewer, {"version": version, "finished_at": finished_at})


def _log_cut(
    session: Session, actor: Actor, action: str, article: Article, reviewer: Reviewer, detail: dict[str, Any]
) -> None:
    session.flush()
    uid = f"{article.uid}:{reviewer.uid}"
    history.log(session, actor, action, "assignment", uid, article_id=article.id, detail=detail)


def _assigned(session: Session, actor: Actor, article_uid: str) -> tuple[Article, Assignment, Reviewer]:
    found = annotations.assignment(session, article_uid, reviewer_of(actor))
    if found is None:
        raise NotFound(_("There is no such article."))
    return found


def _repeated(session: Session, actor: Actor, action: str, article: Article, reviewer: Reviewer) -> bool:
    return history.repeated(session, actor, action, article.uid, {"reviewer": reviewer.uid})


def _log(session: Session, actor: Actor, action: str, article: Article, reviewer: Reviewer) -> None:
    session.flush()
    detail = {"reviewer": reviewer.uid}
    history.log(session, actor, action, "assignment", article.uid, article_id=article.id, detail=detail)


def _said(todo: Left) -> str:
    unlabelled, unseen = len(todo.not_labelled), len(todo.needs_review)
    one = ngettext("{n} sentence is not labelled", "{n} sentences are not labelled", unlabelled).format(n=unlabelled)
    other = ngettext("{n} sentence needs review", "{n} sentences need review", unseen).format(n=unseen)
    return ", ".join(said for said, n in ((one, unlabelled), (other, unseen)) if n)
