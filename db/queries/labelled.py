"""Articles, sentences and people that work from another tool is stored under."""

from collections.abc import Sequence

from sqlmodel import Session, and_, col, select

from db.models import Annotation, Article, Assignment, Reviewer, Sentence
from db.queries.sentences import parts
from db.vocabulary import AnnotationRole, Status


def pairs(session: Session, articles: Sequence[str]) -> set[tuple[str, str]]:
    """Ids of articles and of the reviewers who have work on them, on sentences in force or not."""
    found: set[tuple[str, str]] = set()
    for some in parts(articles):
        statement = (
            select(Article.uid, Reviewer.uid)
            .select_from(Annotation)
            .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
            .join(Article, col(Article.id) == Sentence.article_id)
            .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
            .where(col(Article.uid).in_(some), Annotation.role == AnnotationRole.REVIEWER)
        )
        found.update(session.exec(statement.distinct()))
    return found


def article_id(session: Session, uid: str) -> int | None:
    """The key of an article that is here."""
    return session.exec(select(Article.id).where(Article.uid == uid, col(Article.deleted_at).is_(None))).first()


def live_sentences(session: Session, article: int) -> dict[str, int]:
    """Keys of the live sentences of an article by their ids."""
    statement = select(Sentence.uid, Sentence.id).where(
        Sentence.article_id == article, col(Sentence.retired_in).is_(None)
    )
    return {uid: key for uid, key in session.exec(statement) if key is not None}


def live_spans(session: Session, uid: str) -> list[tuple[int, int]]:
    """Where the live sentences of an article stand, in order."""
    statement = (
        select(Sentence.start_cp, Sentence.end_cp)
        .join(Article, col(Article.id) == Sentence.article_id)
        .where(Article.uid == uid, col(Article.deleted_at).is_(None), col(Sentence.retired_in).is_(None))
        .order_by(col(Sentence.start_cp))
    )
    return [(start, end) for start, end in session.exec(statement)]


def with_gold(session: Session, annotations: Sequence[str]) -> Sequence[Annotation]:
    """Those of the annotations whose sentence has gold that stands."""
    gold = select(Annotation.sentence_id).where(
        Annotation.role == AnnotationRole.GOLD, Annotation.status == Status.COMPLETE
    )
    return [
        one
        for some in parts(annotations)
        for one in session.exec(
            select(Annotation).where(and_(col(Annotation.uid).in_(some), col(Annotation.sentence_id).in_(gold)))
        )
    ]


def assigned(session: Session, articles: Sequence[int]) -> set[tuple[int, int]]:
    """Keys of articles and of the people they are assigned to."""
    return {
        pair
        for some in parts(articles)
        for pair in session.exec(
            select(Assignment.article_id, Assignment.reviewer_id).where(col(Assignment.article_id).in_(some))
        )
    }
