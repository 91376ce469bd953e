"""Annotations: the rows a change needs, and what reviewers said of an article's sentences."""

from sqlalchemy import select as rows
from sqlmodel import Session, and_, col, select

from db.models import Annotation, Article, Assignment, Block, Project, Reviewer, Sentence

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


def active_guideline_id(session: Session, project_id: int) -> int:
    """The guideline that new work is done under."""
    found = session.exec(select(Project.active_guideline_id).where(Project.id == project_id)).one()
    assert found is not None, "a project is made with its first guideline"
    return found
