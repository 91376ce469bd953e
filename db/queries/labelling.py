"""What the save of a label reads and writes, in plain values and through Core.

A label comes with every key, and objects of the ORM would double what it costs. Each statement is built once and kept.
"""

from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Table,
    Update,
    and_,
    bindparam,
    exists,
    insert,
    literal_column,
    update,
)
from sqlalchemy import select as rows
from sqlmodel import Session, SQLModel

from db.models import Annotation, Article, Assignment, Block, Project, Reviewer, Sentence
from db.vocabulary import AnnotationRole, Origin, Status

# As text: an index of annotations holds for one role alone, and where a role is a parameter SQLite plans the statement
# anew each time it is given.
OF_REVIEWERS: ColumnElement[str] = literal_column(f"'{AnnotationRole.REVIEWER}'")
OF_GOLD: ColumnElement[str] = literal_column(f"'{AnnotationRole.GOLD}'")


class Stored(NamedTuple):
    """An annotation as it is stored; the fields are the columns of its table, with the same defaults."""

    uid: str
    sentence_id: int
    reviewer_id: int | None
    guideline_id: int
    created_at: str
    updated_at: str
    status: str = Status.DRAFT
    id: int = 0
    role: str = AnnotationRole.REVIEWER
    method: str | None = None
    is_claim: bool = False
    is_quote: bool = False
    is_opinion: bool = False
    claim_voice: str | None = None
    opinion_voice: str | None = None
    none_reason: str | None = None
    loaded_language: bool = False
    confidence: str | None = None
    note: str | None = None
    guideline_rule: str | None = None
    origin: str = Origin.HUMAN
    revision: int = 1
    last_attribution_seq: int = 0
    last_claim_seq: int = 0


class ForLabel(NamedTuple):
    """A live sentence of a reviewer with what a label needs to know, as `annotations.ForChange`.

    `has_gold`: the sentence has a gold annotation, whatever its state.
    """

    sentence_id: int
    start_cp: int
    end_cp: int
    article_id: int
    kind: str
    state: str
    reviewer_uid: str
    guideline_id: int
    has_gold: bool


def for_label(session: Session, sentence_uid: str, reviewer_id: int) -> tuple[ForLabel, Stored | None] | None:
    """None unless the sentence is live and assigned to this reviewer."""
    given = {"sentence": sentence_uid, "reviewer": reviewer_id}
    found = session.connection().execute(_for_label(), given).first()
    if found is None:
        return None
    place, answer = ForLabel(*found[: len(ForLabel._fields)]), found[len(ForLabel._fields) :]
    return place, Stored(*answer) if answer[0] is not None else None


@cache
def _for_label() -> Select[Any]:
    sentence, block, article, assignment, reviewer, project, annotation = (
        _table(one) for one in (Sentence, Block, Article, Assignment, Reviewer, Project, Annotation)
    )
    gold = annotation.alias("gold")
    has_gold = exists().where(gold.c.sentence_id == sentence.c.id, gold.c.role == OF_GOLD)
    columns: list[Any] = [
        sentence.c.id, sentence.c.start_cp, sentence.c.end_cp, article.c.id, block.c.kind, assignment.c.state,
        reviewer.c.uid, project.c.active_guideline_id, has_gold, *(annotation.c[name] for name in Stored._fields),
    ]  # fmt: skip
    mine = and_(
        annotation.c.sentence_id == sentence.c.id,
        annotation.c.reviewer_id == reviewer.c.id,
        annotation.c.role == OF_REVIEWERS,
    )
    statement: Select[Any] = rows(*columns)
    return (
        statement.select_from(sentence)
        .join(block, block.c.id == sentence.c.block_id)
        .join(article, article.c.id == sentence.c.article_id)
        .join(project, project.c.id == article.c.project_id)
        .join(assignment, assignment.c.article_id == sentence.c.article_id)
        .join(reviewer, reviewer.c.id == assignment.c.reviewer_id)
        .outerjoin(annotation, mine)
        .where(sentence.c.uid == bindparam("sentence"), sentence.c.retired_in.is_(None))
        .where(article.c.deleted_at.is_(None), reviewer.c.id == bindparam("reviewer"))
    )


def insert_stored(session: Session, new: Stored) -> Stored:
    """Store a new annotation; the one that comes back has its row id."""
    values = {name: value for name, value in new._asdict().items() if name != "id"}
    done = session.connection().execute(_insert(), values)
    return new._replace(id=done.inserted_primary_key[0])  # type: ignore[index]  # an insert has one


def update_stored(session: Session, changed: Stored) -> None:
    """Store a change of an annotation; an object of it that the session holds is read anew when it is asked for."""
    session.connection().execute(_update(), {**changed._asdict(), "row": changed.id})
    held = session.identity_map.get(session.identity_key(Annotation, changed.id))
    if held is not None:
        session.expire(held)


@cache
def _insert() -> Insert:
    return insert(_table(Annotation))


@cache
def _update() -> Update:
    table = _table(Annotation)
    return update(table).where(table.c.id == bindparam("row"))


def _table(model: type[SQLModel]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]  # SQLModel does not say that tables have one
