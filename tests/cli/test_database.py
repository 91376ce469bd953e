import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db import migrate
from db.engine import Database, open_database
from db.lock import serving
from tests.conftest import Command
from tests.factories import make_article


def test_upgrade_makes_a_new_database(command: Command, tmp_path: Path) -> None:
    done = command("--database", tmp_path / "new.db", "db", "upgrade")
    assert (done.exit_code, done.stdout) == (0, f"schema {migrate.versions()[-1]}\n")
    assert (tmp_path / "new.db").exists()


def test_check_of_sound_work_prints_0_findings(command: Command, database: Database) -> None:
    with database.write() as session:
        make_article(session)
    done = command("db", "check")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "0 findings\n", "")


def test_check_prints_each_finding_and_ends_with_1(command: Command, database: Database, database_file: Path) -> None:
    with database.write() as session:
        article = make_article(session)
    with closing(sqlite3.connect(database_file, isolation_level=None)) as raw:
        drop_triggers(raw)
        raw.execute("UPDATE article SET text_length = 7, uid = 'art_0'")
    done = command("db", "check")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert "span: article art_0: text_length is 7, the text has 188 characters" in lines
    assert "id: article art_0: the id is not the hash of the text" in lines
    assert lines[-1] == f"{len(lines) - 1} findings"
    assert len(article.text) == 188


def drop_triggers(raw: sqlite3.Connection) -> None:
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")


def test_check_of_a_file_that_is_no_database_is_one_sentence(command: Command, database_file: Path) -> None:
    database_file.write_text("only words, far from any database " * 100)
    done = command("db", "check")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "not a database" in done.stderr
    assert "Traceback" not in done.output


def test_backup_and_restore_bring_the_work_back(command: Command, database: Database, database_file: Path) -> None:
    with database.write() as session:
        make_article(session)
    database.close()
    copied = command("db", "backup", "copy of work.db")
    assert (copied.exit_code, copied.stdout) == (0, "The database was copied to copy of work.db.\n")
    database_file.unlink()
    database_file.write_text("damaged")
    restored = command("db", "restore", "copy of work.db")
    assert restored.exit_code == 0
    assert restored.stdout == f"The database was restored from copy of work.db, schema {migrate.versions()[-1]}.\n"
    assert restored.stderr.startswith("The old file is kept as ")
    again = open_database(str(database_file))
    with again.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM article").scalar() == 1
    again.close()


def test_backup_over_a_file_is_refused_in_one_sentence(command: Command, database_file: Path) -> None:
    done = command("db", "backup", database_file)
    assert done.exit_code == 1
    assert done.stderr == f"{database_file} exists already: name a new file.\n"
    assert done.stdout == ""


def test_backup_into_a_missing_folder_is_refused_in_one_sentence(command: Command) -> None:
    done = command("db", "backup", "nowhere/copy.db")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.output


def test_restore_while_serving_is_refused_in_one_sentence(command: Command, database_file: Path) -> None:
    assert command("db", "backup", "copy.db").exit_code == 0
    with serving(database_file):
        done = command("db", "restore", "copy.db")
    assert done.exit_code == 1
    assert done.stderr == f"A server is using {database_file}: stop it first.\n"


def test_newer_database_is_refused_with_both_versions(command: Command, database: Database) -> None:
    with database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '7001'")
    for words in (("db", "upgrade"), ("db", "check"), ("reviewer", "list")):
        done = command(*words)
        assert done.exit_code == 1
        assert "7001" in done.stderr
        assert migrate.versions()[-1] in done.stderr


@pytest.mark.parametrize("name", ["mysql://host/work", "sqlite://", "postgresql://host:port/x"])
def test_wrong_database_name_is_wrong_usage(command: Command, name: str) -> None:
    for words in (("db", "check"), ("db", "restore", "copy.db")):
        done = command("--database", name, *words)
        assert done.exit_code == 2
        assert "the database must be a file name" in " ".join(done.stderr.split())


@pytest.mark.postgresql
def test_commands_work_on_postgresql(command: Command, postgresql_url: str) -> None:
    assert command("--database", postgresql_url, "db", "check").stdout == "0 findings\n"
    for words in (("backup", "copy.db"), ("restore", "copy.db")):
        done = command("--database", postgresql_url, "db", *words)
        assert done.exit_code == 1
        assert "pg_dump" in done.stderr


def test_unreachable_server_is_one_sentence(command: Command) -> None:
    done = command("--database", "postgresql://127.0.0.1:1/work", "db", "check")
    assert done.exit_code == 1
    assert done.stderr.startswith("The database cannot be used: ")
    assert "Traceback" not in done.output
