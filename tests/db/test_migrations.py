"""One history for both databases: it makes what the models say, whole or not at all, after a backup."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from enum import StrEnum
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, text
from sqlmodel import SQLModel

from db import migrate, vocabulary
from db.engine import Database, open_database
from db.migrate import NewerDatabase
from tests.factories import make_article

NEWEST = migrate.versions()[-1]
NEXT = f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{NEWEST}"
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO later (id) VALUES (1)")
    op.add_column("article", sa.Column("weight", sa.Integer()))
    op.execute("DROP TABLE suggestion_response")
"""
BROKEN = NEXT + '    op.execute("INSERT INTO later (id) VALUES (1)")\n'


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    name = tmp_path / "new.db" if request.param == "sqlite" else request.getfixturevalue("empty_postgresql_url")
    database = open_database(str(name))
    yield database
    database.close()


def with_next_migration(monkeypatch: pytest.MonkeyPatch, folder: Path, source: str) -> None:
    """Continue the history by one migration, as a later version of the program would."""
    scripts = folder / "migrations"
    shutil.copytree(migrate.MIGRATIONS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    (scripts / "versions" / "9999_next.py").write_text(source)
    monkeypatch.setattr(migrate, "MIGRATIONS", scripts)


def shape(database: Database) -> dict[str, object]:
    """All that the database says of its tables, columns, keys, indexes, CHECKs and triggers."""
    inspector = inspect(database.reader)
    names = inspector.get_table_names()
    tables = {name: (inspector.get_columns(name), inspector.get_check_constraints(name)) for name in names}
    triggers = (
        "SELECT name, tbl_name FROM sqlite_master ORDER BY 1" if database.sqlite else "SELECT tgname FROM pg_trigger"
    )
    with database.reader.connect() as connection:
        return {"tables": repr(tables), "more": sorted(map(repr, connection.execute(text(triggers))))}


EXPRESSIONS = {  # indexes over expressions, which Alembic cannot compare on SQLite
    "uq_reviewer_name_lower": {"lower", "name"},
    "uq_evidence_passage": {"claim_id", "source_id", "coalesce", "excerpt_sha256", "locator"},
}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrated_schema_equals_the_models(any_database: Database) -> None:
    with any_database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_indexes_over_expressions_equal_the_models(any_database: Database) -> None:
    query = (
        "SELECT name, sql FROM sqlite_master" if any_database.sqlite else "SELECT indexname, indexdef FROM pg_indexes"
    )
    with any_database.reader.connect() as connection:
        there = {name: sql for name, sql in connection.execute(text(query)) if name in EXPRESSIONS}
    models = {str(index.name): index for table in SQLModel.metadata.sorted_tables for index in table.indexes}
    for name, parts in EXPRESSIONS.items():
        assert there[name].startswith("CREATE UNIQUE INDEX")
        in_models = " ".join(str(expression) for expression in models[name].expressions)
        for sql in (there[name].split("(", 1)[1], in_models):
            assert parts <= set(re.findall(r"[a-z_0-9]+", sql.lower()))


def checks_of_models() -> dict[str, str]:
    return {
        str(constraint.name): str(constraint.sqltext)
        for table in SQLModel.metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }


def checks_of(database: Database) -> dict[str, str]:
    inspector = inspect(database.reader)
    found = [check for name in inspector.get_table_names() for check in inspector.get_check_constraints(name)]
    return {str(check["name"]): check["sqltext"] for check in found}


def words(sql: str) -> set[str]:
    return set(re.findall(r"'([^']*)'", sql))


def test_check_lists_equal_the_vocabulary(any_database: Database) -> None:
    listed = {name: words(sql) for name, sql in checks_of(any_database).items() if name.endswith("_word")}
    wanted = {name: words(sql) for name, sql in checks_of_models().items() if name.endswith("_word")}
    assert listed == wanted
    enumerations = [
        {str(word) for word in kind}
        for kind in vars(vocabulary).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind not in (StrEnum, vocabulary.Label)
    ]
    assert all(words in enumerations for words in listed.values())
    assert all(words in listed.values() for words in enumerations)


def test_every_check_of_the_models_is_in_the_database(any_database: Database) -> None:
    there = set(checks_of(any_database))
    wanted = {name for name in checks_of_models() if any_database.sqlite or not name.endswith("_flag")}
    assert wanted <= there


def test_migrating_twice_does_nothing(any_database: Database, tmp_path: Path) -> None:
    before = shape(any_database)
    assert migrate.pending(any_database) == []
    assert migrate.upgrade(any_database, tmp_path / "backups") is None
    assert shape(any_database) == before
    assert not (tmp_path / "backups").exists()


def test_new_database_has_no_version_and_lacks_all_migrations(new_database: Database) -> None:
    assert migrate.current(new_database) is None
    assert migrate.pending(new_database) == migrate.versions()
    assert migrate.upgrade(new_database) is None
    assert migrate.current(new_database) == migrate.versions()[-1]


def test_newer_database_is_refused_with_both_versions_named(any_database: Database) -> None:
    with any_database.write() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = '7001'"))
    before = shape(any_database)
    with pytest.raises(NewerDatabase, match=f"7001.*{migrate.versions()[-1]}"):
        migrate.upgrade(any_database)
    assert shape(any_database) == before


def test_first_migration_that_fails_leaves_an_empty_database(
    new_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_next_migration(monkeypatch, tmp_path, BROKEN)
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        migrate.upgrade(new_database)
    assert inspect(new_database.reader).get_table_names() == []
    assert migrate.current(new_database) is None


def test_migration_that_fails_leaves_the_old_schema_and_rows(
    any_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with any_database.write() as session:
        make_article(session)
    before = shape(any_database)
    with monkeypatch.context() as later:
        with_next_migration(later, tmp_path, BROKEN)
        with pytest.raises(Exception, match=r"UNIQUE|unique"):
            migrate.upgrade(any_database)
    assert shape(any_database) == before
    assert migrate.current(any_database) == NEWEST
    with any_database.write() as session:
        make_article(session, "It can be written again.")


def test_migration_that_succeeds_is_there_at_once(
    any_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_next_migration(monkeypatch, tmp_path, NEXT)
    migrate.upgrade(any_database)
    assert migrate.current(any_database) == "9999"
    tables = inspect(any_database.reader).get_table_names()
    assert "later" in tables
    assert "suggestion_response" not in tables


def test_database_with_content_is_copied_before_an_upgrade(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as session:
        text_of = make_article(session).text
    with_next_migration(monkeypatch, tmp_path, NEXT)
    backup = migrate.upgrade(database, tmp_path / "backups")
    assert backup is not None
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (NEWEST,)
        assert copy.execute("SELECT text FROM article").fetchone() == (text_of,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [file.name for file in backup.parent.iterdir()] == [backup.name]


def test_backup_is_made_before_a_migration_that_fails(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_next_migration(monkeypatch, tmp_path, BROKEN)
    with pytest.raises(Exception, match="UNIQUE"):
        migrate.upgrade(database, tmp_path / "backups")
    assert len(list((tmp_path / "backups").iterdir())) == 1


def test_copy_of_a_damaged_file_is_not_kept(tmp_path: Path, database: Database, database_file: Path) -> None:
    with database.write() as session:
        make_article(session, "words " * 50_000)
    database.close()
    raw = bytearray(database_file.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 20_000] = b"\xaa" * 20_000
    database_file.write_bytes(raw)
    with pytest.raises(sqlite3.DatabaseError, match=r"damaged|malformed"):
        migrate.copy(database_file, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy*"))


def test_file_with_signs_in_its_name_can_be_copied(tmp_path: Path, database_file: Path) -> None:
    strange = database_file.rename(tmp_path / "100%?mode=rw#ü.db")
    migrate.copy(strange, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT slug FROM project").fetchone() == ("default",)
