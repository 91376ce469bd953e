"""The queue: who is to read what, how far they are, and the next sentence. Only figures, never another's labels."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy import select as rows
from sqlmodel import Session, and_, col, select

from db.models import Annotation, AnnotationRevision, Article, Assignment, Event, Reviewer, Sentence
from db.vocabulary import AnnotationRole, AssignmentState, ReviewerKind, Status

ANSWERED = (Status.COMPLETE, Status.UNSURE)
OPENING = 120  # characters of the text that stand for a title where there is none


class Listed(NamedTuple):
    """An article in a list; `title` is the beginning of the text where it has none."""

    id: int
    uid: str
    title: str
    publisher: str | None
    language: str
    sentences: int


class Share(NamedTuple):
    """One reviewer's share in an article."""

    article_id: int
    reviewer_id: int
    name: str
    state: str
    due: str | None
    assigned_at: str
    finished_at: str | None


class Answered(NamedTuple):
    """How many live sentences of an article somebody has answered, and when they did last."""

    article_id: int
    reviewer_id: int
    sentences: int
    last: str


class Segment(NamedTuple):
    """One live sentence of an article with one reviewer's own answer; None where there is none yet."""

    start_cp: int
    end_cp: int
    status: str | None
    is_claim: bool | None
    is_quote: bool | None
    is_opinion: bool | None


def _listed() -> Select[Any]:
    live = and_(col(Sentence.article_id) == Article.id, col(Sentence.retired_in).is_(None))
    count = rows(func.count()).select_from(Sentence).where(live).scalar_subquery()
    title: ColumnElement[str] = func.coalesce(Article.title, func.substr(Article.text, 1, OPENING))
    columns: list[Any] = [Article.id, Article.uid, title, Article.publisher, Article.language, count]
    statement: Select[Any] = rows(*columns)
    return statement.where(col(Article.deleted_at).is_(None))


class Mine(NamedTuple):
    """One of a reviewer's own assignments."""

    article_id: int
    state: str
    due: str | None


def mine(session: Session, reviewer_id: int) -> list[Mine]:
    """All of a reviewer's assignments to articles that are there: all that is read of those that are not shown."""
    columns: list[Any] = [Assignment.article_id, Assignment.state, Assignment.due]
    statement: Select[Any] = rows(*columns)
    there = statement.join(Article, col(Article.id) == Assignment.article_id).where(col(Article.deleted_at).is_(None))
    return [Mine(*row) for row in session.execute(there.where(col(Assignment.reviewer_id) == reviewer_id))]


def in_hand(session: Session, reviewer_id: int) -> int | None:
    """The article in which a reviewer changed something last, of those that they have not finished."""
    waiting = select(Assignment.article_id).where(
        Assignment.reviewer_id == reviewer_id, Assignment.state == AssignmentState.OPEN
    )
    own = (Event.actor_id == reviewer_id, Event.entity == "annotation", col(Event.article_id).in_(waiting))
    statement = select(Event.article_id).join(Article, col(Article.id) == Event.article_id)
    there = statement.where(*own, col(Article.deleted_at).is_(None))
    return session.exec(there.order_by(col(Event.id).desc()).limit(1)).first()


def articles_by_id(session: Session, article_ids: Sequence[int]) -> list[Listed]:
    return [Listed(*row) for row in session.execute(_listed().where(col(Article.id).in_(article_ids)))]


def all_articles(session: Session, *, limit: int, offset: int = 0) -> list[Listed]:
    """Articles of the corpus, newest import first."""
    found = session.execute(_listed().order_by(col(Article.id).desc()).limit(limit).offset(offset))
    return [Listed(*row) for row in found]


def count_articles(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Article).where(col(Article.deleted_at).is_(None))).one()


def shares(session: Session, article_ids: Sequence[int]) -> list[Share]:
    """Who is to read these articles: people only, in the order of their names."""
    columns: list[Any] = [
        Assignment.article_id, Assignment.reviewer_id, Reviewer.name, Assignment.state, Assignment.due,
        Assignment.assigned_at, Assignment.finished_at,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.join(Reviewer, col(Reviewer.id) == Assignment.reviewer_id)
        .where(col(Assignment.article_id).in_(article_ids), col(Reviewer.kind) == ReviewerKind.HUMAN)
        .order_by(func.lower(Reviewer.name))
    )
    return [Share(*row) for row in session.execute(statement)]


def moments(session: Session, article_ids: Sequence[int], reviewer_id: int) -> list[tuple[int, int, int, str]]:
    """When a reviewer saved what in these articles: reviewer, article, sentence, time."""
    statement = (
        rows(col(Sentence.article_id), col(Sentence.id), col(AnnotationRevision.at), col(AnnotationRevision.actor_id))
        .select_from(Annotation)
        .join(AnnotationRevision, col(AnnotationRevision.annotation_id) == Annotation.id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(col(Annotation.reviewer_id) == reviewer_id, col(Annotation.role) == AnnotationRole.REVIEWER)
        .where(col(Sentence.article_id).in_(article_ids))
    )
    # compared here: SQLite would take the index of actors and read all that they have ever done, once an annotation
    return [(reviewer_id, *row[:3]) for row in session.execute(statement) if row[3] == reviewer_id]


def answered(session: Session, article_ids: Sequence[int], *, reviewer_id: int | None = None) -> list[Answered]:
    """How far everybody, or one person, is in the named articles."""
    columns: list[Any] = [
        Sentence.article_id, Annotation.reviewer_id, func.count(), func.max(Annotation.updated_at)
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Annotation)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(col(Annotation.role) == AnnotationRole.REVIEWER, col(Annotation.status).in_(ANSWERED))
        .where(col(Sentence.retired_in).is_(None), col(Sentence.article_id).in_(article_ids))
        .group_by(col(Sentence.article_id), col(Annotation.reviewer_id))
    )
    if reviewer_id is not None:
        statement = statement.where(col(Annotation.reviewer_id) == reviewer_id)
    return [Answered(*row) for row in session.execute(statement)]


def segments(session: Session, article_id: int, reviewer_id: int) -> list[Segment]:
    """The live sentences of an article in their order, each with this reviewer's own answer."""
    mine = and_(
        col(Annotation.sentence_id) == Sentence.id,
        col(Annotation.reviewer_id) == reviewer_id,
        col(Annotation.role) == AnnotationRole.REVIEWER,
    )
    columns: list[Any] = [
        Sentence.start_cp, Sentence.end_cp, Annotation.status, Annotation.is_claim, Annotation.is_quote,
        Annotation.is_opinion,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Sentence)
        .outerjoin(Annotation, mine)
        .where(col(Sentence.article_id) == article_id, col(Sentence.retired_in).is_(None))
        .order_by(col(Sentence.start_cp))
    )
    return [Segment(*row) for row in session.execute(statement)]


def passage(session: Session, article_id: int, start_cp: int, end_cp: int) -> str:
    """The words of an article between two offsets, cut out by the database: the text may be long."""
    words = func.substr(Article.text, start_cp + 1, end_cp - start_cp)
    return str(session.exec(select(words).where(Article.id == article_id)).one())


def lengths(session: Session, article_ids: Sequence[int]) -> dict[int, int]:
    """Live sentences of each article."""
    counted = select(Sentence.article_id, func.count()).where(col(Sentence.retired_in).is_(None))
    inside = counted.where(col(Sentence.article_id).in_(article_ids))
    return dict(session.exec(inside.group_by(col(Sentence.article_id))).all())


def unfinished(session: Session) -> list[tuple[int, int]]:
    """(article, reviewer) of all work that is not finished."""
    statement = (
        select(Assignment.article_id, Assignment.reviewer_id)
        .join(Article, col(Article.id) == Assignment.article_id)
        .where(Assignment.state == AssignmentState.OPEN, col(Article.deleted_at).is_(None))
    )
    return [(article_id, reviewer_id) for article_id, reviewer_id in session.exec(statement)]


def article(session: Session, uid: str) -> Listed | None:
    """One article by its id, None where there is none."""
    found = session.execute(_listed().where(col(Article.uid) == uid)).first()
    return Listed(*found) if found else None
