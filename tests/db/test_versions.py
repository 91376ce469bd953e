"""Databases of earlier versions come up to date with all rows equal; one that is killed meanwhile is old or new."""

import lzma
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlmodel import SQLModel

from db import copying, integrity, migrate
from db.engine import Database, open_database
from tests.db import killing

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = sorted((ROOT / "tests" / "versions").glob("*.db.xz"))
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=VERSIONS, ids=[file.name.removesuffix(".db.xz") for file in VERSIONS])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / "old.db"
    file.write_bytes(lzma.decompress(request.param.read_bytes()))
    return file


def rows(file: Path) -> Rows:
    """Every row of every table as SQLite has it, by column."""
    with closing(sqlite3.connect(file)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: [dict(row) for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')]
            for name in names
            if name != "alembic_version"
        }


def test_there_is_a_database_of_the_first_version() -> None:
    assert VERSIONS[0].name == "1.0.0.db.xz"
    assert all(file.stat().st_size < 200_000 for file in VERSIONS)


def test_database_of_an_earlier_version_keeps_every_row(old: Path, tmp_path: Path) -> None:
    before = rows(old)
    assert len(before["annotation"]) > 200
    database = open_database(str(old))
    migrate.upgrade(database, tmp_path / "backups")
    assert migrate.current(database) == migrate.versions()[-1]
    assert list(integrity.check(database)) == []
    database.close()
    after = rows(old)
    for name, there in before.items():
        now = [{column: row[column] for column in old_row} for old_row, row in zip(there, after[name], strict=True)]
        assert now == there, name


@pytest.mark.postgresql
def test_database_of_an_earlier_version_goes_to_postgresql_and_back(
    old: Path, tmp_path: Path, empty_postgresql_url: str
) -> None:
    source, other, back = (open_database(name) for name in (str(old), empty_postgresql_url, str(tmp_path / "back.db")))
    migrate.upgrade(source)
    copying.copy(source, other)
    assert list(integrity.check(other)) == []
    copying.copy(other, back)
    assert list(integrity.check(back)) == []
    for table in SQLModel.metadata.sorted_tables:
        assert content(back, table) == content(other, table) == content(source, table)
    for database in (source, other, back):
        database.close()


def content(database: Database, table: Any) -> list[tuple[Any, ...]]:
    with database.read() as session:
        return [tuple(row) for row in session.connection().execute(select(table).order_by(*table.primary_key))]


# what a later version of the program might do: a table, a column, a change of rows, an end of a table
NEXT = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{new}", "{head}"
def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO later (id) VALUES (1)")
    op.add_column("article", sa.Column("weight", sa.Integer()))
    op.execute("UPDATE article SET weight = text_length")
    op.create_index("ix_article_weight", "article", ["weight"])
    op.execute("DROP TABLE suggestion_response")
"""


@pytest.fixture
def next_migrations(tmp_path: Path) -> Path:
    """All migrations and one more."""
    folder, head = tmp_path / "migrations", migrate.versions()[-1]
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    new = f"{int(head) + 1:04}"
    (folder / "versions" / f"{new}_next.py").write_text(NEXT.format(new=new, head=head))
    return folder


def killed(migrations: Path, url: str, step: int) -> list[list[str]]:
    """[number of the statement or "done", version, hash of the schema] for each kill."""
    line = [sys.executable, "-m", "tests.db.killing", str(migrations), url, str(step)]
    done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def check(found: list[list[str]], before: list[str], at_least: int) -> None:
    """Old or new after every kill, and nothing between."""
    done, after = found[-1][0], found[-1][1:]
    assert done == "done"
    assert after != before
    assert len(found) > at_least
    for number, *there in found[:-1]:
        assert there == before, f"killed at statement {number}"


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_first_migrations_killed_at_any_statement_leave_nothing_or_everything(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path, full_length: bool
) -> None:
    sqlite = kind == "sqlite"
    url = str(tmp_path / "new.db") if sqlite else request.getfixturevalue("empty_postgresql_url")
    database = open_database(url)
    before = killing.shape(database).split()
    database.close()
    check(killed(migrate.MIGRATIONS, url, 1 if full_length else 11), before, at_least=8)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_upgrade_of_a_database_with_work_killed_at_any_statement_is_old_or_new(
    kind: str, request: pytest.FixtureRequest, old: Path, next_migrations: Path
) -> None:
    url = str(old)
    if kind == "postgresql":
        url = request.getfixturevalue("empty_postgresql_url")
        source, target = open_database(str(old)), open_database(url)
        migrate.upgrade(source)
        copying.copy(source, target)
        source.close()
        target.close()
    database = open_database(url)
    before, people = killing.shape(database).split(), content(database, SQLModel.metadata.tables["reviewer"])
    check(killed(next_migrations, url, 1), before, at_least=8)
    assert content(database, SQLModel.metadata.tables["reviewer"]) == people
    with database.read() as session:
        weights = session.connection().execute(text("SELECT count(*) FROM article WHERE weight = text_length"))
        assert weights.scalar() == 3
    assert "suggestion_response" not in inspect(database.reader).get_table_names()
    database.close()


def test_word_that_rows_use_cannot_be_taken_from_a_list_of_words(old: Path, next_migrations: Path) -> None:
    """A label, voice or verdict in use cannot be removed: a migration that tries fails whole."""
    without = (
        "\n    with op.batch_alter_table('claim') as batch:"
        "\n        batch.drop_constraint(op.f('ck_claim_verdict_word'))"
        "\n        batch.create_check_constraint(op.f('ck_claim_verdict_word'), \"verdict IN ('supported')\")\n"
    )
    last = max((next_migrations / "versions").glob("0*_next.py"))
    last.write_text(last.read_text() + without)
    before = rows(old)
    assert {row["verdict"] for row in before["claim"]} > {"refuted"}
    database = open_database(str(old))
    line = f"from pathlib import Path; from db import migrate; migrate.MIGRATIONS = Path({str(next_migrations)!r})"
    database.close()
    program = f"{line}; from db.engine import open_database; migrate.upgrade(open_database({str(old)!r}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "CHECK constraint failed: ck_claim_verdict_word" in done.stderr, done.stderr[-3000:]
    assert rows(old) == before
