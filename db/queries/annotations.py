"""Annotations: the rows a change needs, and what reviewers said of an article's sentences."""

from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, union
from sqlalchemy import select as rows
from sqlalchemy.orm import load_only
from sqlmodel import Session, and_, col, func, or_, select

from db.models import Annotation, Article, Assignment, Attribution, Block, Event, Project, Reviewer, Sentence
from db.queries.labelling import OF_REVIEWERS
from db.vocabulary import AssignmentState


class Reader(NamedTuple):
    """Whom a sentence is assigned to."""

    id: int
    uid: str


class ForChange(NamedTuple):
    """A live sentence with all that a change of one reviewer's annotation needs; the article comes without its text.

    `kind` is that of the sentence's block, `state` that of the assignment.
    """

    sentence: Sentence
    kind: str
    article: Article
    state: str
    reviewer: Reader
    guideline_id: int
    annotation: Annotation | None


def for_change(session: Session, sentence_uid: str, reviewer_id: int) -> ForChange | None:
    """None unless the sentence is live and assigned to this reviewer."""
    found = session.execute(_for_change(), {"sentence": sentence_uid, "reviewer": reviewer_id}).first()
    if found is None:
        return None
    sentence, kind, article, state, reviewer_uid, guideline_id = found
    annotation = of_reviewer(session, sentence.id, reviewer_id)
    return ForChange(sentence, kind, article, state, Reader(reviewer_id, reviewer_uid), guideline_id, annotation)


@cache
def _for_change() -> Select[Any]:
    columns: list[Any] = [
        Sentence, Block.kind, Article, Assignment.state, Reviewer.uid, Project.active_guideline_id,
    ]  # fmt: skip
    key: Any = load_only(Article.id, Article.uid)  # type: ignore[arg-type]  # to mypy they are values, not columns
    statement: Select[Any] = rows(*columns).options(key)
    return (
        statement.select_from(Sentence)
        .join(Block, col(Block.id) == Sentence.block_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .join(Assignment, col(Assignment.article_id) == Sentence.article_id)
        .join(Reviewer, col(Reviewer.id) == Assignment.reviewer_id)
        .join(Project, col(Project.id) == Article.project_id)
        .where(col(Sentence.uid) == bindparam("sentence"), col(Sentence.retired_in).is_(None))
        .where(col(Article.deleted_at).is_(None), col(Assignment.reviewer_id) == bindparam("reviewer"))
        .with_for_update(of=Assignment)  # one change of a reviewer in an article at a time, and none while it finishes
    )


def is_retired(session: Session, sentence_uid: str, reviewer_id: int) -> bool:
    """Whether a sentence was assigned to this reviewer and lives no more, because its boundaries were changed."""
    statement = select(Sentence.id).join(Assignment, col(Assignment.article_id) == Sentence.article_id)
    mine = (Sentence.uid == sentence_uid, Assignment.reviewer_id == reviewer_id)
    return session.exec(statement.where(*mine, col(Sentence.retired_in).is_not(None))).first() is not None


def of_reviewer(session: Session, sentence_id: int | None, reviewer_id: int) -> Annotation | None:
    """One reviewer's annotation of a sentence; locked against other changes where the database locks rows."""
    return session.execute(_of_reviewer(), {"sentence": sentence_id, "reviewer": reviewer_id}).scalar()


@cache
def _of_reviewer() -> Select[Any]:
    mine = (col(Annotation.sentence_id) == bindparam("sentence"), col(Annotation.reviewer_id) == bindparam("reviewer"))
    return rows(Annotation).where(*mine, col(Annotation.role) == OF_REVIEWERS).with_for_update()


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


LATELY, ARTICLES = 200, 5  # own answers, and articles finished: what a reviewer is offered comes from these


@cache
def seen_lately() -> Select[Any]:
    """Of the annotations that `reviewer` may see, keys of their latest own, and of all on articles finished lately.

    Parts that stop by themselves, so that it costs the same in every corpus.
    """
    own = rows(col(Annotation.id)).where(col(Annotation.reviewer_id) == bindparam("reviewer"))
    newest = own.order_by(col(Annotation.id).desc()).limit(literal_column(str(LATELY))).subquery()
    last = _finished().order_by(col(Assignment.finished_at).desc()).limit(literal_column(str(ARTICLES)))
    everybodys = _of_articles(col(Sentence.article_id).in_(last))
    return rows(union(rows(newest.c.id), everybodys).subquery().c.id)


@cache
def seen_here() -> Select[Any]:
    """Keys of the annotations in `article` that `reviewer` may see: their own, and all once they have finished it."""
    mine = and_(col(Annotation.reviewer_id) == bindparam("reviewer"), col(Annotation.role) == OF_REVIEWERS)
    seen = or_(mine, _finished().where(col(Assignment.article_id) == bindparam("article")).exists())
    return _of_articles(col(Sentence.article_id) == bindparam("article"), seen)


def _finished() -> Select[Any]:
    """The articles that `reviewer` has finished."""
    mine = (col(Assignment.reviewer_id) == bindparam("reviewer"), col(Assignment.state) == AssignmentState.FINISHED)
    return rows(col(Assignment.article_id)).where(*mine)


def _of_articles(*conditions: ColumnElement[bool]) -> Select[Any]:
    found: Select[Any] = rows(col(Annotation.id)).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
    return found.where(*conditions)


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
