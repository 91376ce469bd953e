"""Suggestions of a sentence with one reviewer's answers; nobody else's answer is ever selected here."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, insert
from sqlalchemy import select as rows
from sqlmodel import Session, col, select

from db.models import Article, Block, Project, Sentence, Suggestion, SuggestionResponse


class Stored(NamedTuple):
    """A suggestion with the options of its project and one answer of the reviewer, None where there is none."""

    id: int
    payload: str
    options: str
    part: str | None
    answer: str | None


def of_sentence(session: Session, sentence_id: int, reviewer_id: int) -> list[Stored]:
    """The suggestions of a sentence, those of the newest engine last, one row an answer."""
    found = session.execute(_of_sentence(), {"sentence": sentence_id, "reviewer": reviewer_id})
    return [Stored(*row) for row in found]


@cache
def _of_sentence() -> Select[Any]:
    mine = and_(
        col(SuggestionResponse.suggestion_id) == Suggestion.id,
        col(SuggestionResponse.reviewer_id) == bindparam("reviewer"),
    )
    columns: list[Any] = [
        Suggestion.id, Suggestion.payload, Project.options, SuggestionResponse.part, SuggestionResponse.answer,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    return (
        statement.select_from(Suggestion)
        .join(Sentence, col(Sentence.id) == Suggestion.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .join(Project, col(Project.id) == Article.project_id)
        .outerjoin(SuggestionResponse, mine)
        .where(col(Suggestion.sentence_id) == bindparam("sentence"))
        .order_by(col(Suggestion.id))
    )


def response(session: Session, suggestion_id: int, reviewer_id: int, part: str) -> SuggestionResponse | None:
    """A reviewer's answer to one part of a suggestion."""
    mine = (SuggestionResponse.suggestion_id == suggestion_id, SuggestionResponse.reviewer_id == reviewer_id)
    return session.exec(select(SuggestionResponse).where(*mine, SuggestionResponse.part == part)).first()


def live(session: Session, article_id: int) -> Sequence[tuple[Sentence, Block]]:
    """The live sentences of an article with their blocks, in the order of the text."""
    statement = select(Sentence, Block).join(Block, col(Block.id) == Sentence.block_id)
    mine = statement.where(Sentence.article_id == article_id, col(Sentence.retired_in).is_(None))
    return session.exec(mine.order_by(col(Sentence.start_cp))).all()


def without(session: Session, article_id: int, engine: str, version: str) -> set[int]:
    """The live sentences of an article for which this engine has not suggested anything yet."""
    made = and_(
        col(Suggestion.sentence_id) == Sentence.id,
        col(Suggestion.engine) == engine,
        col(Suggestion.engine_version) == version,
    )
    statement = select(Sentence.id).outerjoin(Suggestion, made)
    mine = statement.where(Sentence.article_id == article_id, col(Sentence.retired_in).is_(None))
    return {found for found in session.exec(mine.where(col(Suggestion.id).is_(None))) if found is not None}


def add(session: Session, suggestions: Iterable[dict[str, Any]]) -> None:
    """Store suggestions in one statement."""
    made = list(suggestions)
    if made:
        session.connection().execute(insert(Suggestion), made)


def articles(session: Session) -> Sequence[str]:
    """The ids of all articles that are not deleted, in the order they came."""
    statement = select(Article.uid).where(col(Article.deleted_at).is_(None))
    return session.exec(statement.order_by(col(Article.id))).all()
