"""Rows in bulk are the same rows on both databases, by COPY as by INSERT. The texts are invented."""

from typing import Any

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from db.bulk import add_rows, insert_rows
from db.engine import Database
from db.models import Article, Block, ImportBatch, Sentence
from db.vocabulary import BlockKind
from tests.tricks import ALL

HARD = (*ALL, r"\N", r"\.", "a\n\\.\nb", "tab\there", "\\t is no tab", "👨🏻‍🚒 e\u0301 قال \u2028 \u2029", "", " ")


def batch(database: Database) -> int:
    row = {"project_id": 1, "uid": "imp_1", "format": "txt", "imported_at": "2026", "importer_version": "1"}
    with database.write() as session:
        return insert_rows(session, ImportBatch, [row])[0]


def articles(batch_id: int, name: str) -> list[dict[str, Any]]:
    """Rows of which only uid and hash say how they are stored; columns with a default are left out."""
    return [
        {"project_id": 1, "batch_id": batch_id, "uid": f"{name}{n}", "title": words, "publisher": None,
         "text": f"{words}.", "text_sha256": f"{name}{n}", "text_length": len(words) + 1}
        for n, words in enumerate(HARD)
    ]  # fmt: skip


def stored(database: Database, name: str) -> list[dict[str, Any]]:
    there = select(Article.__table__).where(Article.__table__.c.uid.startswith(name)).order_by(Article.__table__.c.id)
    with database.read() as session:
        return [dict(row._mapping) for row in session.connection().execute(there)]


def test_bulk_rows_are_those_of_plain_statements(any_database: Database) -> None:
    number = batch(any_database)
    with any_database.write() as session:
        plain = insert(Article).returning(Article.id, sort_by_parameter_order=True)
        first = list(session.connection().execute(plain, articles(number, "plain")).scalars())
    with any_database.write() as session:
        keys = insert_rows(session, Article, articles(number, "bulk"))
    with any_database.write() as session:
        add_rows(session, Article, articles(number, "added"))
    assert keys == list(range(first[-1] + 1, first[-1] + 1 + len(HARD)))
    own = {"id", "uid", "text_sha256"}
    expected = [{key: value for key, value in row.items() if key not in own} for row in stored(any_database, "plain")]
    for name in ("bulk", "added"):
        rows = stored(any_database, name)
        assert [{key: value for key, value in row.items() if key not in own} for row in rows] == expected
    assert [row["id"] for row in stored(any_database, "bulk")] == keys
    assert [row["title"] for row in stored(any_database, "added")] == list(HARD)
    assert {(row["byline"], row["language"], row["publisher"]) for row in stored(any_database, "added")} == {
        ("[]", "en", None)
    }


def test_words_of_the_vocabulary_and_numbers_come_as_they_are(any_database: Database) -> None:
    number = batch(any_database)
    with any_database.write() as session:
        (article,) = insert_rows(session, Article, articles(number, "a")[:1])
        add_rows(session, Block, [
            {"article_id": article, "ordinal": 0, "kind": BlockKind.LIST_ITEM, "level": None, "start_cp": 0,
             "end_cp": 3}
        ])  # fmt: skip
    with any_database.read() as session:
        row = session.connection().execute(text("SELECT kind, level, start_cp, end_cp FROM block")).one()
    assert tuple(row) == ("list_item", None, 0, 3)


def test_what_the_database_refuses_is_refused_in_bulk_too_and_nothing_stays(any_database: Database) -> None:
    number = batch(any_database)
    with pytest.raises(IntegrityError), any_database.write() as session:
        add_rows(session, Article, [*articles(number, "a"), *articles(number, "a")])
    with pytest.raises(IntegrityError), any_database.write() as session:
        add_rows(session, Sentence, [
            {"article_id": 9, "block_id": 9, "uid": "s", "start_cp": 0, "end_cp": 1, "created_in": 9}
        ])  # fmt: skip
    assert stored(any_database, "a") == []


def test_no_row_is_no_statement(any_database: Database) -> None:
    with any_database.write() as session:
        add_rows(session, Article, [])
        assert insert_rows(session, Article, []) == []
