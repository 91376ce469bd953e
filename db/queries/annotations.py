"""Annotations: the rows a change needs, and what reviewers said of an article's sentences."""

from typing import NamedTuple

from sqlalchemy import ColumnElement
from sqlalchemy import select as rows
from sqlmodel import Session, and_, col, func, or_, select

from db.models import Annotation, Article, Assignment, Attribution, Block, Event, Project, Reviewer, Sentence
from db.vocabulary import AssignmentState

ForChange = tuple[Sentence, Block, Article, Assignment, Reviewer, Annotation | None]


def for_change(session: Session, sentence_uid: str, reviewer_id: int) -> ForChange | None:
    """A live sentence with all a change of one reviewer's annotation needs; None unless it is assigned to them."""
    statement = (
        rows(Sentence, Block, Article, Assignment, Reviewer)
        .join(Block, col(Block.id) == Sentence.block_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .join(Assignment, col(Assignment.article_id) == Sentence.article_id)
        .join(Reviewer, col(Reviewer.id) == Assignment.reviewer_id)
        .where(col(Sentence.uid) == sentence_uid, col(Sentence.retired_in).is_(None), col(Article.deleted_at).is_(None))
        .where(col(Assignment.reviewer_id) == reviewer_id)
        .with_for_update(of=Assignment)  # one change of a reviewer in an article at a time, and none while it finishes
    )
    found = session.execute(statement).first()  # SQLModel's own select is typed for four entities at most
    if found is None:
        return None
    sentence, block, article, assignment, reviewer = found
    return sentence, block, article, assignment, reviewer, of_reviewer(session, sentence.id, reviewer_id)


def of_reviewer(session: Session, sentence_id: int | None, reviewer_id: int) -> Annotation | None:
    """One reviewer's annotation of a sentence; locked against other changes where the database locks rows."""
    mine = and_(Annotation.sentence_id == sentence_id, Annotation.reviewer_id == reviewer_id)
    return session.exec(select(Annotation).where(mine, Annotation.role == "reviewer").with_for_update()).first()


def by_uid(session: Session, uid: str) -> Annotation:
    """An annotation that is known to be stored; annotations are never deleted."""
    return session.exec(select(Annotation).where(Annotation.uid == uid)).one()


def sentence_of_request(session: Session, request_id: str | None, reviewer_id: int) -> str | None:
    """The uid of the sentence whose annotation a request changed."""
    statement = (
        select(Sentence.uid)
        .join(Annotation, col(Annotation.sentence_id) == Sentence.id)
        .join(Event, col(Event.entity_uid) == Annotation.uid)
        .where(Event.request_id == request_id, Event.actor_id == reviewer_id, Event.entity == "annotation")
    )
    return session.exec(statement).first()


def active_guideline_id(session: Session, project_id: int) -> int:
    """The guideline that new work is done under."""
    found = session.exec(select(Project.active_guideline_id).where(Project.id == project_id)).one()
    assert found is not None, "a project is made with its first guideline"
    return found


def may_see(reviewer_id: int) -> ColumnElement[bool]:
    """Which annotations of sentences a reviewer may see: their own, and all on the articles they have finished."""
    finished = select(Assignment.article_id).where(
        Assignment.reviewer_id == reviewer_id, Assignment.state == AssignmentState.FINISHED
    )
    mine = and_(col(Annotation.reviewer_id) == reviewer_id, col(Annotation.role) == "reviewer")
    return or_(mine, col(Sentence.article_id).in_(finished))


def assignment(session: Session, article_uid: str, reviewer_id: int) -> tuple[Article, Assignment, Reviewer] | None:
    """A reviewer's assignment of an article, locked where the database locks rows; None when there is none."""
    return session.exec(
        select(Article, Assignment, Reviewer)
        .join(Assignment, col(Assignment.article_id) == Article.id)
        .join(Reviewer, col(Reviewer.id) == Assignment.reviewer_id)
        .where(Article.uid == article_uid, Assignment.reviewer_id == reviewer_id, col(Article.deleted_at).is_(None))
        .with_for_update(of=Assignment)
    ).first()


def has_gold(session: Session, article_id: int) -> bool:
    """Whether any live sentence of an article has gold."""
    statement = select(Annotation.id).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
    live = and_(Sentence.article_id == article_id, col(Sentence.retired_in).is_(None))
    return session.exec(statement.where(live, Annotation.role == "gold").limit(1)).first() is not None


class Work(NamedTuple):
    """A reviewer's work on one sentence; all but `attributions` None where there is none."""

    status: str | None
    is_quote: bool | None
    confidence: str | None
    attributions: int


def progress(session: Session, article_id: int, reviewer_id: int) -> list[Work]:
    """A reviewer's work on every live sentence of an article, in the order of the text."""
    mine = and_(
        col(Annotation.sentence_id) == Sentence.id,
        Annotation.reviewer_id == reviewer_id,
        Annotation.role == "reviewer",
    )
    counted = (
        select(func.count(col(Attribution.id))).where(Attribution.annotation_id == Annotation.id).scalar_subquery()
    )
    statement = (
        select(Annotation.status, Annotation.is_quote, Annotation.confidence, counted)
        .select_from(Sentence)
        .outerjoin(Annotation, mine)
        .where(Sentence.article_id == article_id, col(Sentence.retired_in).is_(None))
        .order_by(col(Sentence.start_cp))
    )
    return [Work(*row) for row in session.exec(statement)]
