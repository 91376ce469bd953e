import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlmodel import select

from annotator.errors import Conflict, Refused
from annotator.services import backups, history
from annotator.services.history import Actor
from db import integrity, migrate
from db.engine import Database, open_database
from db.lock import Locked, serving
from db.models import Article
from tests.factories import make_article


def texts(file: Path) -> list[str]:
    database = open_database(str(file))
    with database.read() as session:
        found = list(session.exec(select(Article.text)))
    database.close()
    return found


def test_copy_made_while_saves_go_on_is_consistent(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        make_article(session, "words " * 100_000)
    stop = threading.Event()

    def save() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with database.write() as session:
                history.log(session, Actor(None), "test", "thread", str(number))

    saving = threading.Thread(target=save)
    saving.start()
    try:
        for number in range(5):
            backups.backup(database, tmp_path / f"copy {number}.db")
    finally:
        stop.set()
        saving.join()
    for number in range(5):
        copy = open_database(str(tmp_path / f"copy {number}.db"))
        assert not list(integrity.check(copy))
        copy.close()


def test_backup_refuses_to_overwrite(database: Database, tmp_path: Path) -> None:
    there = tmp_path / "notes.txt"
    there.write_text("mine")
    with pytest.raises(Conflict, match="exists already"):
        backups.backup(database, there)
    assert there.read_text() == "mine"


def test_restore_puts_the_copy_back_and_keeps_the_old_file(
    database: Database, database_file: Path, tmp_path: Path
) -> None:
    with database.write() as session:
        make_article(session, "Before the copy.")
    backups.backup(database, tmp_path / "copy.db")
    with database.write() as session:
        make_article(session, "After the copy.")
    database.close()
    restored = backups.restore(database_file, tmp_path / "copy.db")
    assert texts(database_file) == ["Before the copy."]
    assert restored.schema == migrate.versions()[-1]
    assert restored.kept is not None
    assert restored.kept.parent == database_file.parent
    assert texts(restored.kept) == ["Before the copy.", "After the copy."]
    assert texts(tmp_path / "copy.db") == ["Before the copy."]


def test_writes_that_are_still_in_the_log_stay_with_the_old_file(
    database: Database, database_file: Path, tmp_path: Path
) -> None:
    backups.backup(database, tmp_path / "copy.db")
    with database.write() as session:
        make_article(session, "In the log only.")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for ending in ("", "-wal", "-shm"):
        (crashed / f"annotator.db{ending}").write_bytes((tmp_path / f"annotator.db{ending}").read_bytes())
    restored = backups.restore(crashed / "annotator.db", tmp_path / "copy.db")
    assert texts(crashed / "annotator.db") == []
    assert restored.kept is not None
    assert texts(restored.kept) == ["In the log only."]
    assert database_file.exists()


def test_restore_to_a_place_without_a_file_makes_one(database: Database, tmp_path: Path) -> None:
    backups.backup(database, tmp_path / "copy.db")
    restored = backups.restore(tmp_path / "new folder" / "work.db", tmp_path / "copy.db")
    assert restored.kept is None
    assert texts(tmp_path / "new folder" / "work.db") == []


def test_old_file_that_is_damaged_is_replaced_and_kept(database: Database, database_file: Path, tmp_path: Path) -> None:
    backups.backup(database, tmp_path / "copy.db")
    database.close()
    database_file.write_bytes(b"damaged")
    restored = backups.restore(database_file, tmp_path / "copy.db")
    assert texts(database_file) == []
    assert restored.kept is not None
    assert restored.kept.read_bytes() == b"damaged"


def damage(file: Path) -> None:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2 :] = b"\xaa" * (len(raw) - len(raw) // 2)
    file.write_bytes(raw)


def test_copy_that_will_not_do_is_refused_and_changes_nothing(
    database: Database, database_file: Path, tmp_path: Path
) -> None:
    with database.write() as session:
        make_article(session, "words " * 50_000)
    for name in ("damaged", "newer", "orphan"):
        backups.backup(database, tmp_path / f"{name}.db")
    database.close()
    damage(tmp_path / "damaged.db")
    change(tmp_path / "newer.db", "UPDATE alembic_version SET version_num = '7001'")
    change(tmp_path / "orphan.db", "INSERT INTO assignment VALUES (1, 7, 7, 'open', '', NULL, NULL)")
    (tmp_path / "text.db").write_text("not a database, only words")
    change(tmp_path / "foreign.db", "CREATE TABLE t (n)")
    before = database_file.read_bytes()
    for name, problem in {
        "damaged": "damaged|malformed",
        "newer": "does not know",
        "orphan": "a row of assignment has lost its parent",
        "text": "not a database",
        "foreign": "not a database of this program",
        "missing": "There is no file",
    }.items():
        with pytest.raises(Refused, match=problem):
            backups.restore(database_file, tmp_path / f"{name}.db")
    assert database_file.read_bytes() == before
    assert not list(tmp_path.glob("annotator-replaced-*"))


def change(file: Path, sql: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(sql)


def test_restore_is_refused_while_a_server_uses_the_file(
    database: Database, database_file: Path, tmp_path: Path
) -> None:
    backups.backup(database, tmp_path / "copy.db")
    with serving(database_file), pytest.raises(Locked, match=r"A server is using .*: stop it first"):
        backups.restore(database_file, tmp_path / "copy.db")
    assert backups.restore(database_file, tmp_path / "copy.db").kept is not None


def test_second_server_on_one_file_is_refused(database_file: Path) -> None:
    with serving(database_file), pytest.raises(Locked), serving(database_file):
        raise AssertionError("never served")
    with serving(database_file), serving(database_file.with_name("other.db")), serving(None), serving(None):
        assert database_file.exists()


@pytest.mark.postgresql
def test_postgresql_is_pointed_to_its_own_tools(postgresql: Database, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"pg_dump .*pg_restore"):
        backups.backup(postgresql, tmp_path / "copy.db")
    with pytest.raises(Refused, match=r"pg_dump .*pg_restore"):
        backups.restore(postgresql.path, tmp_path / "copy.db")
