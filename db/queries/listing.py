"""What a script reads page by page: articles, sentences, annotations, from a place on. Who may see what is here."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func
from sqlalchemy import select as rows
from sqlmodel import Session, col

from db.models import Annotation, Article, Assignment, Block, Guideline, Reviewer, Segmentation, Sentence
from db.vocabulary import AssignmentState


class Place(NamedTuple):
    """A live sentence with its block and its number in the article, counted from 0."""

    start_cp: int
    end_cp: int
    uid: str
    ordinal: int
    kind: str
    level: int | None
    version: int


def _visible(reviewer_id: int | None) -> Select[Any]:
    """Articles that are not deleted with this person's assignment; for a reviewer only those that they have.

    None stands for a lead, who sees all.
    """
    both: list[Any] = [Article, Assignment]
    statement: Select[Any] = rows(*both).where(col(Article.deleted_at).is_(None))
    if reviewer_id is None:
        return statement.outerjoin(Assignment, and_(col(Assignment.id) == 0))
    mine = and_(col(Assignment.article_id) == Article.id, col(Assignment.reviewer_id) == reviewer_id)
    return statement.join(Assignment, mine)


def articles(
    session: Session, reviewer_id: int | None, *, after: str, limit: int
) -> list[tuple[Article, Assignment | None]]:
    """In the order of their public ids."""
    statement = _visible(reviewer_id).where(col(Article.uid) > after).order_by(col(Article.uid)).limit(limit)
    return [(row[0], row[1]) for row in session.execute(statement)]


def article(session: Session, reviewer_id: int | None, uid: str) -> tuple[Article, Assignment | None] | None:
    found = session.execute(_visible(reviewer_id).where(col(Article.uid) == uid)).first()
    return (found[0], found[1]) if found else None


def amounts(session: Session, article_ids: list[int]) -> dict[int, int]:
    """How many live sentences each article has."""
    columns: list[Any] = [col(Sentence.article_id), func.count()]
    live = (col(Sentence.article_id).in_(article_ids), col(Sentence.retired_in).is_(None))
    return {row[0]: row[1] for row in session.execute(rows(*columns).where(*live).group_by(columns[0]))}


def blocks(session: Session, article_id: int) -> list[Block]:
    statement = rows(Block).where(col(Block.article_id) == article_id).order_by(col(Block.ordinal))
    return list(session.execute(statement).scalars())


def sentences(session: Session, article_id: int, *, after: int, limit: int) -> list[Place]:
    """Live sentences that start behind a place of the text, in their order."""
    live = (col(Sentence.article_id) == article_id, col(Sentence.retired_in).is_(None))
    before = session.execute(rows(func.count()).select_from(Sentence).where(*live, col(Sentence.start_cp) <= after))
    columns: list[Any] = [
        Sentence.start_cp, Sentence.end_cp, Sentence.uid, Block.kind, Block.level, Segmentation.version,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns).select_from(Sentence).where(*live, col(Sentence.start_cp) > after)
    statement = statement.join(Block, col(Block.id) == Sentence.block_id)
    statement = statement.join(Segmentation, col(Segmentation.id) == Sentence.created_in)
    found = session.execute(statement.order_by(col(Sentence.start_cp)).limit(limit)).all()
    first = before.scalar_one()
    return [Place(start, end, uid, first + n, *rest) for n, (start, end, uid, *rest) in enumerate(found)]


def annotations(
    session: Session, article_id: int, *, own_of: int | None, after: int, limit: int
) -> list[tuple[Annotation, str, str | None, str]]:
    """Annotations of live sentences with sentence, reviewer (None for unanimous gold) and version of the guideline.

    `own_of` names the reviewer whose own work is all that may be seen; None is for who may see everybody's.
    """
    live = (col(Sentence.article_id) == article_id, col(Sentence.retired_in).is_(None))
    statement = _annotations().where(*live, _mine(own_of), col(Annotation.id) > after).order_by(col(Annotation.id))
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(statement.limit(limit))]


def annotation(session: Session, key: int) -> tuple[Annotation, str, str | None, str]:
    """One annotation that was saved just now."""
    row = session.execute(_annotations().where(col(Annotation.id) == key)).one()
    return row[0], row[1], row[2], row[3]


def _annotations() -> Select[Any]:
    columns: list[Any] = [Annotation, Sentence.uid, Reviewer.uid, Guideline.version]
    statement: Select[Any] = rows(*columns).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
    statement = statement.outerjoin(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
    return statement.join(Guideline, col(Guideline.id) == Annotation.guideline_id)


def _mine(own_of: int | None) -> ColumnElement[bool]:
    if own_of is None:
        return col(Annotation.id).is_not(None)
    return and_(col(Annotation.reviewer_id) == own_of, col(Annotation.role) == "reviewer")


def is_finished(assignment: Assignment | None) -> bool:
    """Whether somebody has closed their own work, and so may see that of others."""
    return assignment is not None and assignment.state == AssignmentState.FINISHED
