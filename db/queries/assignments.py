"""Who reads what."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, or_, select

from db.models import Article, Assignment, Reviewer, Sentence

Pair = tuple[Assignment, Reviewer]


def articles_named(session: Session, name: str) -> Sequence[Article]:
    """Articles with this id or this external id, the id first."""
    known = select(Article).where(col(Article.deleted_at).is_(None))
    found = known.where(or_(Article.uid == name, Article.external_id == name))
    return session.exec(found.order_by((col(Article.uid) != name), col(Article.id))).all()


def sentence_counts(session: Session) -> dict[int, int]:
    """Live sentences of each article."""
    counted = select(Sentence.article_id, func.count()).where(col(Sentence.retired_in).is_(None))
    return dict(session.exec(counted.group_by(col(Sentence.article_id))).all())


def everything(session: Session) -> Sequence[Pair]:
    """All assignments to articles that are there, with their reviewers, oldest first."""
    statement = (
        select(Assignment, Reviewer)
        .join(Reviewer, col(Reviewer.id) == Assignment.reviewer_id)
        .join(Article, col(Article.id) == Assignment.article_id)
        .where(col(Article.deleted_at).is_(None))
    )
    return [(a, r) for a, r in session.exec(statement.order_by(col(Assignment.id)))]


def of(session: Session, article_id: int, reviewer_id: int) -> Assignment | None:
    both = (Assignment.article_id == article_id, Assignment.reviewer_id == reviewer_id)
    return session.exec(select(Assignment).where(*both)).first()
