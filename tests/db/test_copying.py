"""A database copied into an empty one, both ways between SQLite and PostgreSQL, has every row as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import SQLModel

from annotator.export import contract
from annotator.services import history
from annotator.services.history import Actor
from db import copying, integrity, migrate
from db.copying import CopyRefused
from db.engine import Database, open_database
from tests.conftest import Command
from tests.factories import (
    annotate,
    keep,
    make_article,
    make_claim,
    make_evidence,
    make_reviewer,
    make_source,
    make_speaker,
    sentences_of,
)


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, any_database: Database, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the other kind."""
    name = request.getfixturevalue("empty_postgresql_url") if any_database.sqlite else str(tmp_path / "other.db")
    database = open_database(name)
    yield database
    database.close()


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.read() as session:
        return {
            table.name: [tuple(row) for row in session.connection().execute(select(table).order_by(*table.primary_key))]
            for table in SQLModel.metadata.sorted_tables
        }


def exported(database: Database) -> list[bytes]:
    with database.read() as session:
        return [*contract.article_lines(session), *contract.sentence_lines(session)]


@pytest.mark.postgresql
def test_copy_has_every_row_and_work_goes_on_in_it(any_database: Database, elsewhere: Database) -> None:
    with any_database.write() as session:
        reader = make_reviewer(session, "Ada Lind")
        for sentence in sentences_of(session, make_article(session)):
            annotation = annotate(session, sentence, reader, ("claim",))
            make_evidence(session, make_claim(session, annotation), make_source(session, sentence.uid))
            keep(session, annotation)
        first, second = make_speaker(session, "The chief"), make_speaker(session, "Ida Holm-Lund 🚒")
        first.merged_into_id = second.id  # refers to a row that comes later
        one, other = make_source(session, "Log"), make_source(session, "Logbook")
        one.merged_into_id = other.id
        make_article(session, "A text\u2028with é́ and العربية.", deleted_at="2025-01-01T00:00:00.000Z")
    counts = copying.copy(any_database, elsewhere)
    assert everything(elsewhere) == everything(any_database)
    assert counts == {name: len(rows) for name, rows in everything(any_database).items()}
    assert counts["annotation"] == counts["evidence"] == 5
    assert exported(elsewhere) == exported(any_database)
    assert list(integrity.check(elsewhere)) == []
    if not elsewhere.sqlite:
        with elsewhere.read() as session:  # -1 where PostgreSQL has not counted yet
            counted = text("SELECT reltuples FROM pg_class WHERE oid = 'annotation'::regclass")
            assert session.connection().execute(counted).scalar() == 5
    with elsewhere.write() as session:  # keys go on where they were
        make_article(session, "One more. And again.")
        history.log(session, Actor(None), "test", "copy", "one")
    assert list(integrity.check(elsewhere)) == []
    assert migrate.current(elsewhere) == migrate.versions()[-1]


def test_target_with_anything_in_it_is_refused_and_stays_as_it_is(database: Database, tmp_path: Path) -> None:
    target = open_database(str(tmp_path / "target.db"))
    copying.copy(database, target)
    before = everything(target)
    with pytest.raises(CopyRefused, match=r"is not empty: there is something in event_log"):
        copying.copy(database, target)
    assert everything(target) == before
    target.close()
    foreign = open_database(str(tmp_path / "foreign.db"))
    with foreign.write() as session:
        session.connection().execute(text("CREATE TABLE ours (n)"))
    with pytest.raises(CopyRefused, match="something in ours"):
        copying.copy(database, foreign)
    foreign.close()


def test_row_that_changes_meanwhile_stops_the_copy_and_a_second_try_succeeds(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = open_database(str(tmp_path / "target.db"))
    number = copying._continue_numbers, copying._refer
    done = []

    def saving(*words: object) -> None:
        number[1](*words)  # type: ignore[arg-type]
        if not done:
            with database.write() as session:
                history.log(session, Actor(None), "test", "copy", "meanwhile")
            done.append(True)

    with monkeypatch.context() as once:
        once.setattr(copying, "_refer", saving)
        with pytest.raises(CopyRefused, match=r"of event_log differs .* Stop the servers"):
            copying.copy(database, target)
    assert all(rows == [] for rows in everything(target).values())
    copying.copy(database, target)
    assert everything(target) == everything(database)
    target.close()


def test_command_copies_and_says_how_much(command: Command, database_file: Path) -> None:
    done = command("db", "copy", database_file, "other.db")
    assert done.exit_code == 0
    assert "project\t1\n" in done.stdout
    assert done.stderr.endswith(f" rows in other.db, each as in {database_file}.\n")
    again = command("db", "copy", database_file, "other.db")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "other.db is not empty" in again.stderr
    missing = command("db", "copy", "nowhere.db", "third.db")
    assert (missing.exit_code, missing.stderr) == (1, "There is no database nowhere.db.\n")
    assert command("db", "copy", "mysql://host/x", "third.db").exit_code == 2
    assert not Path("third.db").exists()
