"""One writer, readers that cannot write, and nothing that is lost or stuck."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session, func, select

from annotator.services import history
from annotator.services.history import Actor
from db import integrity, migrate
from db.engine import Database, open_database, parse_url
from db.models import Event, Reviewer, SignInLink
from db.queries.reviewers import everybody
from tests.factories import AT, make_reviewer


def pragma(session: Session, name: str) -> object:
    return session.connection().execute(text(f"PRAGMA {name}")).scalar()


def test_every_connection_has_the_settings_of_data_rule_6(database: Database) -> None:
    for transaction in (database.write, database.read):
        with transaction() as session:
            assert pragma(session, "journal_mode") == "wal"
            assert pragma(session, "synchronous") == 2
            assert pragma(session, "foreign_keys") == 1
            assert pragma(session, "busy_timeout") == 10_000


def test_readers_beside_each_other_have_the_settings_too(database: Database) -> None:
    with database.read() as one, database.read() as two:
        assert one.connection().connection.driver_connection is not two.connection().connection.driver_connection
        assert (pragma(one, "query_only"), pragma(two, "query_only")) == (1, 1)
        assert (pragma(one, "foreign_keys"), pragma(two, "foreign_keys")) == (1, 1)


def test_new_files_and_copies_are_their_owner_s_alone(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "new.db"))
    migrate.upgrade(database)
    with database.write() as session:
        make_reviewer(session, "Ada Lind")
    copy = migrate.backup_into(tmp_path / "new.db", tmp_path / "copies", "test")
    modes = {file.name: file.stat().st_mode & 0o777 for file in [*tmp_path.glob("new.db*"), copy] if file.is_file()}
    database.close()
    assert {"new.db", "new.db-wal", copy.name} <= modes.keys()
    assert set(modes.values()) == {0o600}


def test_write_holds_the_write_lock_from_its_first_moment(database: Database, database_file: Path) -> None:
    with closing(sqlite3.connect(database_file, timeout=0, isolation_level=None)) as other:
        with database.write() as session:
            session.connection()  # BEGIN IMMEDIATE, no statement yet
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


def test_reader_refuses_to_write(any_database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"), any_database.read() as session:
        make_reviewer(session, "Ada Lind")
    with any_database.read() as session:
        assert not everybody(session)


def test_change_is_there_when_the_block_ends(any_database: Database) -> None:
    with any_database.write() as session:
        make_reviewer(session, "Ada Lind")
    with any_database.read() as session:
        assert [person.name for person in everybody(session)] == ["Ada Lind"]


def test_change_is_gone_when_the_block_raises(any_database: Database) -> None:
    with pytest.raises(KeyError):
        add_and_raise(any_database, KeyError())
    with any_database.read() as session:
        assert not everybody(session)


def test_reader_sees_one_snapshot_while_others_write(any_database: Database) -> None:
    with any_database.read() as reading:
        assert not everybody(reading)
        with any_database.write() as writing:
            make_reviewer(writing, "Ada Lind")
        reading.expire_all()
        assert not everybody(reading)
    with any_database.read() as reading:
        assert len(everybody(reading)) == 1


def test_eight_threads_save_without_a_locked_database(any_database: Database) -> None:
    def save(worker: int) -> None:
        for number in range(60):
            with any_database.write() as session:
                history.log(session, Actor(None), "test", "thread", f"{worker}:{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(8)))
    with any_database.read() as session:
        assert session.exec(select(func.count()).where(Event.entity == "thread")).one() == 8 * 60
    assert not list(integrity.check(any_database))


def test_readers_go_on_while_somebody_writes(any_database: Database) -> None:
    with any_database.write() as session:
        make_reviewer(session, "Ada Lind")
        with ThreadPoolExecutor(8) as pool:
            seen = list(pool.map(lambda _: count_people(any_database), range(40)))
    assert set(seen) == {0}


def add_and_raise(database: Database, error: BaseException) -> None:
    with database.write() as session:
        make_reviewer(session, "Ada Lind")
        raise error


def count_people(database: Database) -> int:
    with database.read() as session:
        return len(everybody(session))


def test_commit_that_fails_raises_and_stores_nothing(database: Database) -> None:
    reached_the_end = []

    def add_for_nobody() -> None:
        with database.write() as session:
            session.connection().execute(text("PRAGMA defer_foreign_keys=ON"))
            make_reviewer(session, "Ada Lind")
            session.add(SignInLink(reviewer_id=99, token_hash="x", created_at=AT, expires_at=AT))
            session.flush()
            reached_the_end.append(True)

    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        add_for_nobody()
    assert reached_the_end
    assert count_people(database) == 0


def test_lock_is_free_again_after_an_error(database: Database) -> None:
    test_commit_that_fails_raises_and_stores_nothing(database)
    for error in (KeyError, KeyboardInterrupt):
        with pytest.raises(error):
            add_and_raise(database, error())

    def write() -> None:
        with database.write() as session:
            make_reviewer(session, "Ben Okoro")

    other = threading.Thread(target=write, daemon=True)
    other.start()
    other.join(60)
    assert not other.is_alive()
    assert count_people(database) == 1


def test_transaction_after_an_error_starts_afresh(any_database: Database) -> None:
    with any_database.write() as session:
        make_reviewer(session, "Ada Lind")
    with pytest.raises(IntegrityError), any_database.write() as session:
        make_reviewer(session, "ada lind")
    with any_database.write() as session:
        make_reviewer(session, "Ben Okoro")
    assert count_people(any_database) == 2


@pytest.mark.parametrize("name", ["with space.db", "größe-Ω-🚒.db", "100%?#&=.db", "a:b.db"])
def test_any_file_name_is_a_database_name(tmp_path: Path, name: str) -> None:
    database = open_database(str(tmp_path / name))
    with database.write() as session:
        session.connection().execute(text("CREATE TABLE t (n)"))
    database.close()
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert database.path == tmp_path / name


def test_missing_folder_is_an_error_of_the_database(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "nowhere" / "annotator.db"))
    with pytest.raises(OperationalError, match="unable to open"), database.read() as session:
        everybody(session)


def test_urls_of_both_databases_are_understood() -> None:
    assert parse_url("work.db").database == "work.db"
    assert parse_url("sqlite:///work.db").drivername == "sqlite+pysqlite"
    assert parse_url("sqlite:////srv/work.db").database == "/srv/work.db"
    for name in ("postgresql://host/work", "postgresql+psycopg://host/work"):
        assert parse_url(name).drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    "name",
    [
        "mysql://host/work",
        "postgresql+asyncpg://host/work",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite+aiosqlite:///work.db",
        "://",
        "postgresql://host:port/work",
    ],
)
def test_url_of_anything_else_is_refused_in_words(name: str) -> None:
    with pytest.raises(ValueError, match="a file name, sqlite:///FILE or postgresql"):
        parse_url(name)


@pytest.mark.parametrize("name", ["", ":memory:"])
def test_database_without_a_file_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="a file name"):
        parse_url(name)


def test_deactivated_row_is_written_as_a_flag(any_database: Database) -> None:
    with any_database.write() as session:
        make_reviewer(session, "Ada Lind", active=False)
    with any_database.read() as session:
        assert session.exec(select(Reviewer.active)).one() is False
