"""Guidelines: the version that new work is done under, the others, what was labelled and decided under each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement
from sqlmodel import Session, case, col, func, select

from db.models import Annotation, Article, Guideline, Project, Reviewer, Sentence
from db.vocabulary import AnnotationRole, ReviewerKind, Status


def active(session: Session) -> Guideline:
    """The project's active guideline; a project is made with its first one."""
    statement = select(Guideline).join(Project, col(Project.active_guideline_id) == Guideline.id)
    return session.exec(statement.order_by(col(Project.id)).limit(1)).one()


def for_change(session: Session) -> tuple[Project, Guideline]:
    """The project and its active guideline; one change of it at a time."""
    project = session.exec(select(Project).order_by(col(Project.id)).limit(1).with_for_update()).one()
    return project, session.exec(select(Guideline).where(Guideline.id == project.active_guideline_id)).one()


def by_version(session: Session, version: str) -> Guideline | None:
    return session.exec(select(Guideline).where(Guideline.version == version).order_by(col(Guideline.id))).first()


class Version(NamedTuple):
    """A version with what stands under it: labels of reviewers, decisions."""

    guideline: Guideline
    labels: int
    decisions: int


def versions(session: Session) -> list[Version]:
    """The newest first."""
    theirs, gold = (func.coalesce(func.sum(case((role, 1), else_=0)), 0) for role in (_is_theirs(), _is_gold()))
    counted = (
        select(Annotation.guideline_id, theirs, gold)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .where(*_live())
        .group_by(col(Annotation.guideline_id))
    )
    counts = {guideline: (labels, decisions) for guideline, labels, decisions in session.exec(counted)}
    found = session.exec(select(Guideline).order_by(col(Guideline.active_from).desc(), col(Guideline.id).desc()))
    return [Version(guideline, *counts.get(guideline.id or 0, (0, 0))) for guideline in found]


def _live() -> tuple[ColumnElement[bool], ...]:
    return col(Sentence.retired_in).is_(None), col(Article.deleted_at).is_(None)


def _is_theirs() -> ColumnElement[bool]:
    humans = select(Reviewer.id).where(Reviewer.kind == ReviewerKind.HUMAN)
    role: ColumnElement[bool] = col(Annotation.role) == AnnotationRole.REVIEWER
    return role & (col(Annotation.status) != Status.DRAFT) & col(Annotation.reviewer_id).in_(humans)


def _is_gold() -> ColumnElement[bool]:
    return col(Annotation.role) == AnnotationRole.GOLD


class Share(NamedTuple):
    """How many labels one reviewer made in one article under a version."""

    reviewer: Reviewer
    article: Article
    labels: int


def shares(session: Session, guideline_id: int, reviewer_id: int | None = None) -> list[Share]:
    """Who labelled how much under a version, by name and article; of one reviewer only where one is named."""
    counted = _under(select(Annotation.reviewer_id, Sentence.article_id, func.count()), guideline_id, reviewer_id)
    counts = session.exec(counted.group_by(col(Annotation.reviewer_id), col(Sentence.article_id))).all()
    people = {r.id: r for r in session.exec(select(Reviewer).where(col(Reviewer.id).in_({c[0] for c in counts})))}
    places = {a.id: a for a in session.exec(select(Article).where(col(Article.id).in_({c[1] for c in counts})))}
    found = [Share(people[person], places[place], labels) for person, place, labels in counts]
    return sorted(
        found, key=lambda share: (share.reviewer.name.casefold(), share.article.title or "", share.article.uid)
    )


def labelled(
    session: Session, guideline_id: int, reviewer_id: int, article_id: int, *, most: int
) -> Sequence[tuple[Annotation, Sentence]]:
    """What one reviewer labelled in one article under a version, in the order of the text."""
    statement = _under(select(Annotation, Sentence), guideline_id, reviewer_id)
    inside = statement.where(Sentence.article_id == article_id).order_by(col(Sentence.start_cp))
    found: Sequence[tuple[Annotation, Sentence]] = session.exec(inside.limit(most)).all()
    return found


def _under(statement: Any, guideline_id: int, reviewer_id: int | None) -> Any:
    found = (
        statement.select_from(Annotation)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .where(*_live(), _is_theirs(), Annotation.guideline_id == guideline_id)
    )
    return found if reviewer_id is None else found.where(Annotation.reviewer_id == reviewer_id)


def citations(session: Session, articles: Sequence[str] | None) -> dict[str, int]:
    """How many decisions cite a rule, by the words they cite it with; in these articles only, or in all."""
    statement = (
        select(Annotation.guideline_rule, func.count())
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .where(*_live(), _is_gold(), col(Annotation.guideline_rule).is_not(None))
    )
    if articles is not None:
        statement = statement.where(col(Article.uid).in_(articles))
    found = session.exec(statement.group_by(col(Annotation.guideline_rule)))
    return {rule: count for rule, count in found if rule}


Decided = tuple[Annotation, Sentence, Article, str]


def decisions(
    session: Session, cited: Sequence[str], articles: Sequence[str] | None, *, most: int
) -> Sequence[Decided]:
    """Gold that cites a rule in one of these wordings, the latest first, with the version it was decided under."""
    statement = (
        select(Annotation, Sentence, Article, Guideline.version)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .join(Guideline, col(Guideline.id) == Annotation.guideline_id)
        .where(*_live(), _is_gold(), col(Annotation.guideline_rule).in_(cited))
    )
    if articles is not None:
        statement = statement.where(col(Article.uid).in_(articles))
    order = (col(Annotation.updated_at).desc(), col(Annotation.id).desc())
    return session.exec(statement.order_by(*order).limit(most)).all()
