"""Sentences of an article, the segmentation in force, and what hangs on sentences that are to be cut anew."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from db.models import Annotation, Article, Assignment, Block, Reviewer, Segmentation, Sentence, SentenceLineage


def with_article(session: Session, uid: str) -> tuple[Sentence, Article] | None:
    """A sentence, live or retired, with its article."""
    statement = select(Sentence, Article).join(Article, col(Article.id) == Sentence.article_id)
    return session.exec(statement.where(Sentence.uid == uid, col(Article.deleted_at).is_(None))).first()


def of_uids(session: Session, uids: Sequence[str]) -> Sequence[Sentence]:
    """Sentences by their ids, live or retired, in the order of the text."""
    return session.exec(select(Sentence).where(col(Sentence.uid).in_(uids)).order_by(col(Sentence.start_cp))).all()


def article(session: Session, uid: str) -> Article | None:
    """An article by id, unless it was deleted."""
    return session.exec(select(Article).where(Article.uid == uid, col(Article.deleted_at).is_(None))).first()


def following(session: Session, sentence: Sentence) -> Sentence | None:
    """The next sentence of the article: the next live one, after a retired one the next that went with it."""
    alike = col(Sentence.retired_in).is_not_distinct_from(sentence.retired_in)
    statement = select(Sentence).where(Sentence.article_id == sentence.article_id, alike)
    after = statement.where(Sentence.start_cp >= sentence.end_cp).order_by(col(Sentence.start_cp))
    return session.exec(after.limit(1)).first()


def at_spans(session: Session, article_id: int, spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Sentence]:
    """Sentences of an article that have these spans, retired ones too."""
    statement = select(Sentence).where(
        Sentence.article_id == article_id, col(Sentence.start_cp).in_([start for start, _ in spans])
    )
    found = {(sentence.start_cp, sentence.end_cp): sentence for sentence in session.exec(statement)}
    return {span: found[span] for span in spans if span in found}


def segmentation(session: Session, article_id: int) -> Segmentation:
    """The newest segmentation of an article."""
    statement = select(Segmentation).where(Segmentation.article_id == article_id)
    return session.exec(statement.order_by(col(Segmentation.version).desc()).limit(1)).one()


def lock_readers(session: Session, article_id: int) -> Sequence[Assignment]:
    """The assignments of an article, locked where the database locks rows: no reviewer saves in it meanwhile."""
    statement = select(Assignment).where(Assignment.article_id == article_id).order_by(col(Assignment.id))
    return session.exec(statement.with_for_update()).all()


def annotations(session: Session, sentences: Sequence[int]) -> Sequence[tuple[Annotation, Reviewer]]:
    """The reviewers' annotations of some sentences, by reviewer and sentence."""
    statement = (
        select(Annotation, Reviewer)
        .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
        .where(col(Annotation.sentence_id).in_(sentences), Annotation.role == "reviewer")
    )
    return session.exec(statement.order_by(col(Reviewer.id), col(Annotation.sentence_id))).all()


def retired_in(session: Session, segmentation_id: int) -> Sequence[Sentence]:
    """What a segmentation retired, in the order of the text."""
    statement = select(Sentence).where(Sentence.retired_in == segmentation_id)
    return session.exec(statement.order_by(col(Sentence.start_cp))).all()


def successors(session: Session, sentences: Sequence[int]) -> Sequence[Sentence]:
    """The live sentences that came out of some retired ones, in the order of the text."""
    statement = (
        select(Sentence)
        .join(SentenceLineage, col(SentenceLineage.new_id) == Sentence.id)
        .where(col(SentenceLineage.old_id).in_(sentences), col(Sentence.retired_in).is_(None))
        .order_by(col(Sentence.start_cp))
        .distinct()
    )
    return session.exec(statement).all()


def lineage(session: Session, old: Sequence[int]) -> set[tuple[int, int]]:
    """The pairs (old, new) that are stored for some retired sentences."""
    statement = select(SentenceLineage.old_id, SentenceLineage.new_id)
    return set(session.exec(statement.where(col(SentenceLineage.old_id).in_(old))).all())


def block_of(session: Session, article_id: int, start: int) -> Block:
    """The block of an article in which a code point lies."""
    statement = select(Block).where(Block.article_id == article_id, Block.start_cp <= start)
    return session.exec(statement.order_by(col(Block.start_cp).desc()).limit(1)).one()
