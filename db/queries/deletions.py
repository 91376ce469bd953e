"""Articles that a lead took away, and how much work would go with one."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlmodel import Session, col, func, or_, select

from db.models import Annotation, Article, Sentence
from db.queries.articles import finished
from db.vocabulary import AnnotationRole, Status


class Extent(NamedTuple):
    """What is in an article: live sentences, reviewers who have begun, decided gold."""

    sentences: int
    reviewers: int
    gold: int


def deleted(session: Session) -> Sequence[Article]:
    """Deleted articles, the last one first; none of an import that is still running."""
    statement = select(Article).where(col(Article.deleted_at).is_not(None), finished())
    return session.exec(statement.order_by(col(Article.deleted_at).desc(), col(Article.id).desc())).all()


def named(session: Session, name: str) -> Article | None:
    """A deleted article by its id or external id, the id first."""
    statement = select(Article).where(col(Article.deleted_at).is_not(None), finished())
    found = statement.where(or_(Article.uid == name, Article.external_id == name))
    return session.exec(found.order_by((col(Article.uid) != name), col(Article.id))).first()


def extent(session: Session, article_id: int) -> Extent:
    live = (Sentence.article_id == article_id, col(Sentence.retired_in).is_(None))
    said = (
        select(func.count(col(Annotation.reviewer_id).distinct()))
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(*live)
    )
    gold = (
        select(func.count())
        .select_from(Annotation)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(*live, Annotation.role == AnnotationRole.GOLD, Annotation.status == Status.COMPLETE)
    )
    return Extent(
        session.exec(select(func.count()).select_from(Sentence).where(*live)).one(),
        session.exec(said.where(Annotation.role == AnnotationRole.REVIEWER)).one(),
        session.exec(gold).one(),
    )
