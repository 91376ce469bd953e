"""One disputed sentence with all a decision needs, and its gold."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam
from sqlalchemy import select as rows
from sqlmodel import Session, col, func, select

from db.models import Annotation, AnnotationRevision, Article, Block, Reviewer, Sentence
from db.queries.labelling import OF_GOLD
from db.vocabulary import AnnotationRole, ReviewerKind

ForDecision = tuple[Sentence, Block, Article]
Answer = tuple[Annotation, Reviewer]


def for_decision(session: Session, sentence_uid: str, *, lock: bool) -> ForDecision | None:
    """A live sentence with its block and article; one decision on it at a time with `lock`."""
    statement = (
        select(Sentence, Block, Article)
        .join(Block, col(Block.id) == Sentence.block_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .where(Sentence.uid == sentence_uid, col(Sentence.retired_in).is_(None), col(Article.deleted_at).is_(None))
    )
    return session.exec(statement.with_for_update(of=Sentence) if lock else statement).first()


def of_article(session: Session, article_uid: str, sentences: Iterable[str]) -> Sequence[ForDecision]:
    """Those of the sentences that are live in an article with their block and article, in the order of the text."""
    return session.exec(
        select(Sentence, Block, Article)
        .join(Block, col(Block.id) == Sentence.block_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .where(Article.uid == article_uid, col(Sentence.retired_in).is_(None), col(Article.deleted_at).is_(None))
        .where(col(Sentence.uid).in_(list(sentences)))
        .order_by(col(Sentence.start_cp))
    ).all()


def gold(session: Session, sentence_id: int | None) -> Annotation | None:
    """The gold annotation of a sentence."""
    return session.execute(_gold(), {"sentence": sentence_id}).scalar()


@cache
def _gold() -> Select[Any]:
    """Built once: every change of a reviewer asks for it."""
    mine = (col(Annotation.sentence_id) == bindparam("sentence"), col(Annotation.role) == OF_GOLD)
    return rows(Annotation).where(*mine)


def answers(session: Session, sentence_id: int | None) -> Sequence[Answer]:
    """What human reviewers said of a sentence, drafts included."""
    return session.exec(
        select(Annotation, Reviewer)
        .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
        .where(Annotation.sentence_id == sentence_id, Annotation.role == AnnotationRole.REVIEWER)
        .where(Reviewer.kind == ReviewerKind.HUMAN)
        .order_by(col(Reviewer.uid))
    ).all()


def around(session: Session, sentence: Sentence) -> tuple[int, int, Sentence | None, Sentence | None]:
    """The sentence's number from 1, how many there are, and the ones before and after it."""
    live = select(Sentence).where(Sentence.article_id == sentence.article_id, col(Sentence.retired_in).is_(None))
    before = session.exec(
        live.where(Sentence.start_cp < sentence.start_cp).order_by(col(Sentence.start_cp).desc()).limit(1)
    ).first()
    after = session.exec(live.where(Sentence.start_cp > sentence.start_cp).order_by(col(Sentence.start_cp)).limit(1))
    count = select(func.count()).where(Sentence.article_id == sentence.article_id, col(Sentence.retired_in).is_(None))
    number = session.exec(count.where(Sentence.start_cp <= sentence.start_cp)).one()
    return number, session.exec(count).one(), before, after.first()


def revisions(session: Session, annotation_id: int | None) -> Sequence[AnnotationRevision]:
    """Newest first."""
    statement = select(AnnotationRevision).where(AnnotationRevision.annotation_id == annotation_id)
    return session.exec(statement.order_by(col(AnnotationRevision.number).desc())).all()


LATELY = 200  # decisions


def rules_used(session: Session, reviewer_id: int, *, limit: int = 5) -> list[str]:
    """The guideline rules that a lead has decided by of late, the latest first."""
    mine = (Annotation.role == AnnotationRole.GOLD, Annotation.reviewer_id == reviewer_id)
    newest = select(Annotation.guideline_rule, Annotation.updated_at).where(*mine)
    latest = newest.order_by(col(Annotation.id).desc()).limit(LATELY).subquery()
    statement = select(latest.c.guideline_rule).where(latest.c.guideline_rule.is_not(None))
    ordered = statement.group_by(latest.c.guideline_rule).order_by(func.max(latest.c.updated_at).desc())
    return [str(rule) for rule in session.exec(ordered.limit(limit)) if rule]
