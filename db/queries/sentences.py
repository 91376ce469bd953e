"""Sentences of an article, the segmentation in force, and what hangs on sentences that are to be cut anew."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlmodel import Session, and_, col, select

from db.models import (
    Annotation,
    Article,
    Assignment,
    Block,
    Event,
    Reviewer,
    Segmentation,
    Sentence,
    SentenceLineage,
)
from db.queries.history import last_cut

T = TypeVar("T")
AT_ONCE = 1_000  # values in one statement: a whole article may be cut anew, and databases take no list without end


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Values in portions that a statement takes."""
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def with_article(session: Session, uid: str) -> tuple[Sentence, Article] | None:
    """A sentence, live or retired, with its article."""
    statement = select(Sentence, Article).join(Article, col(Article.id) == Sentence.article_id)
    return session.exec(statement.where(Sentence.uid == uid, col(Article.deleted_at).is_(None))).first()


def of_uids(session: Session, uids: Sequence[str]) -> Sequence[Sentence]:
    """Sentences by their ids, live or retired, in the order of the text."""
    found = [one for some in parts(uids) for one in session.exec(select(Sentence).where(col(Sentence.uid).in_(some)))]
    return sorted(found, key=lambda sentence: sentence.start_cp)


def article(session: Session, uid: str) -> Article | None:
    """An article by id, unless it was deleted."""
    return session.exec(select(Article).where(Article.uid == uid, col(Article.deleted_at).is_(None))).first()


def following(session: Session, sentence: Sentence) -> Sentence | None:
    """The next sentence of the article: the next live one, after a retired one the next that went with it."""
    alike = col(Sentence.retired_in).is_not_distinct_from(sentence.retired_in)
    statement = select(Sentence).where(Sentence.article_id == sentence.article_id, alike)
    after = statement.where(Sentence.start_cp >= sentence.end_cp).order_by(col(Sentence.start_cp))
    return session.exec(after.limit(1)).first()


def live(session: Session, article_id: int) -> Sequence[Sentence]:
    """The live sentences of an article in their order."""
    statement = select(Sentence).where(Sentence.article_id == article_id, col(Sentence.retired_in).is_(None))
    return session.exec(statement.order_by(col(Sentence.start_cp))).all()


def at_spans(session: Session, article_id: int, spans: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Sentence]:
    """Sentences of an article that have these spans, retired ones too."""
    mine = select(Sentence).where(Sentence.article_id == article_id)
    found = {
        (sentence.start_cp, sentence.end_cp): sentence
        for some in parts(spans)
        for sentence in session.exec(mine.where(col(Sentence.start_cp).in_([start for start, _ in some])))
    }
    return {span: found[span] for span in spans if span in found}


def blocks(session: Session, article_id: int) -> Sequence[Block]:
    """The blocks of an article in their order."""
    return session.exec(select(Block).where(Block.article_id == article_id).order_by(col(Block.start_cp))).all()


def changes(session: Session, article_uid: str) -> Sequence[Event]:
    """The events that tell of an article's boundaries, in their order."""
    statement = select(Event).where(Event.entity == "segmentation", Event.entity_uid == article_uid)
    return session.exec(statement.order_by(col(Event.id))).all()


def segmentation(session: Session, article_id: int) -> Segmentation:
    """The newest segmentation of an article."""
    statement = select(Segmentation).where(Segmentation.article_id == article_id)
    return session.exec(statement.order_by(col(Segmentation.version).desc()).limit(1)).one()


def readers(session: Session, article_id: int) -> Sequence[tuple[Assignment, Reviewer]]:
    """The assignments of an article with their reviewers."""
    statement = select(Assignment, Reviewer).join(Reviewer, col(Reviewer.id) == Assignment.reviewer_id)
    return session.exec(statement.where(Assignment.article_id == article_id).order_by(col(Assignment.id))).all()


def annotations(session: Session, sentences: Sequence[int]) -> Sequence[tuple[Annotation, Reviewer]]:
    """The reviewers' annotations of some sentences, by reviewer and sentence."""
    statement = (
        select(Annotation, Reviewer)
        .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
        .where(Annotation.role == "reviewer")
    )
    found = [
        row for some in parts(sentences) for row in session.exec(statement.where(col(Annotation.sentence_id).in_(some)))
    ]
    return sorted(found, key=lambda row: (row[1].id or 0, row[0].sentence_id))


def annotation(session: Session, sentence: Sentence, reviewer_id: int) -> Annotation | None:
    """A reviewer's annotation of a sentence, live or retired."""
    mine = (Annotation.sentence_id == sentence.id, Annotation.reviewer_id == reviewer_id, Annotation.role == "reviewer")
    return session.exec(select(Annotation).where(*mine)).first()


def said_at(session: Session, place: Sentence, reviewer_id: int) -> Sequence[tuple[Annotation, Sentence]]:
    """A reviewer's annotations of the live sentences that overlap another one, in the order of the text."""
    statement = select(Annotation, Sentence).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
    here = (
        Sentence.article_id == place.article_id, col(Sentence.retired_in).is_(None),
        Sentence.start_cp < place.end_cp, Sentence.end_cp > place.start_cp,
    )  # fmt: skip
    mine = (Annotation.reviewer_id == reviewer_id, Annotation.role == "reviewer")
    return session.exec(statement.where(*here, *mine).order_by(col(Sentence.start_cp))).all()


def retired_in(session: Session, segmentation_id: int) -> Sequence[Sentence]:
    """What a segmentation retired, in the order of the text."""
    statement = select(Sentence).where(Sentence.retired_in == segmentation_id)
    return session.exec(statement.order_by(col(Sentence.start_cp))).all()


def successors(session: Session, sentences: Sequence[int]) -> Sequence[Sentence]:
    """The live sentences that came out of some retired ones, in the order of the text."""
    statement = (
        select(Sentence)
        .join(SentenceLineage, col(SentenceLineage.new_id) == Sentence.id)
        .where(col(Sentence.retired_in).is_(None))
    )
    some_of = (statement.where(col(SentenceLineage.old_id).in_(some)) for some in parts(sentences))
    found = {one.start_cp: one for some in some_of for one in session.exec(some)}
    return [found[start] for start in sorted(found)]


def lineage(session: Session, old: Sequence[int]) -> set[tuple[int, int]]:
    """The pairs (old, new) that are stored for some retired sentences."""
    statement = select(SentenceLineage.old_id, SentenceLineage.new_id)
    some_of = (statement.where(col(SentenceLineage.old_id).in_(some)) for some in parts(old))
    return {pair for some in some_of for pair in session.exec(some)}


def worked_on(session: Session, article_id: int, sentences: Sequence[int]) -> bool:
    """Whether a reviewer changed something of these sentences since the article's boundaries were changed."""
    told = and_(Event.entity == "annotation", col(Event.entity_uid) == Annotation.uid)
    changed = select(Annotation.id).join(Event, told).where(col(Event.id) > last_cut(article_id)).limit(1)
    mine = changed.where(Annotation.role == "reviewer")
    some_of = (mine.where(col(Annotation.sentence_id).in_(some)) for some in parts(sentences))
    return any(session.exec(some).first() is not None for some in some_of)
