"""`annotator db check`: nothing to say of sound work, and every change behind the program's back is found."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from annotator.domain import ids
from db import integrity
from db.engine import Database, open_database
from db.models import SignInLink
from tests import factories as make

UNUSUAL = (
    "Ein Überblick\n\n"
    "👨🏻‍🚒 “Nothing burns,” said E\u0301va Šmíd. שלום אמר הנשיא.\n\n"
    "One line\u2028 goes on here. The rest\u00a0is known."
)  # fiction


def work(database: Database) -> None:
    """Two articles, three people, labels, attributions, claims, evidence, gold and history of several revisions."""
    with database.write() as session:
        ada, ben = make.make_reviewer(session, "Ada Lind"), make.make_reviewer(session, "Änne Öst")
        lead = make.make_lead(session, "Lena Lead")
        link = SignInLink(reviewer_id=ada.id or 0, token_hash="x", created_at=make.AT, expires_at=make.AT)
        session.add(link)
        speaker, source = make.make_speaker(session, "Ida  HOLM"), make.make_source(session)
        for words in (make.TEXT, UNUSUAL):
            article = make.make_article(session, words)
            for sentence in make.sentences_of(session, article):
                make.annotate(session, sentence, ada, ["quote", "claim"])
                make.annotate(session, sentence, ben, ["none"])
                mine = make.annotate(session, sentence, ada, ["claim"])
                above = make.make_attribution(session, mine, speaker_id=speaker.id, cue=[(0, 1)])
                make.make_attribution(session, mine, parent_id=above.id)
                claim = make.make_claim(session, mine, attribution_id=above.id, voice="attributed")
                make.make_evidence(session, claim, source, excerpt="Two ferries a day.")
                make.keep(session, mine)
                make.make_gold(session, sentence, lead=lead)


@pytest.fixture(scope="module")
def worked_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("worked") / "worked.db"))
    database = open_database(str(file))
    work(database)
    database.close()
    return file


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def worked(request: pytest.FixtureRequest, worked_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A database with work in it."""
    if request.param == "sqlite":
        database = open_database(str(shutil.copyfile(worked_file, tmp_path / "annotator.db")))
        yield database
        database.close()
    else:
        database = request.getfixturevalue("postgresql")
        work(database)
        yield database


def found(database: Database) -> list[str]:
    return [str(finding) for finding in integrity.check(database)]


def test_sound_work_has_no_findings(worked: Database) -> None:
    assert found(worked) == []


def test_empty_database_has_no_findings(any_database: Database) -> None:
    assert found(any_database) == []


def test_ids_are_the_ones_that_the_program_gives() -> None:
    for name in ("Ada Lind", "ÄNNE  öst", "ﬁ ﬂ", "E\u0301va", "İ", "\u3000x"):
        assert integrity.uid("rev", integrity.name_key(name)) == ids.reviewer_id(name)
        assert integrity.uid("spk", "person", integrity.name_key(name)) == ids.speaker_id("person", name)
    assert integrity.uid("sen", "art_x", 0, 5) == ids.sentence_id("art_x", 0, 5)


# what somebody does behind the program's back: what is found
TAMPERED = {
    "UPDATE article SET text = replace(text, 'Two', 'Six') WHERE id = 1": "hash: article art_",
    "UPDATE article SET text_length = text_length + 1 WHERE id = 1": "span: article art_",
    "UPDATE article SET uid = 'art_0' WHERE id = 1": "id: article art_0",
    "UPDATE guideline SET body = 'Other words.'": "hash: guideline 1.0: sha256",
    "UPDATE sentence SET end_cp = end_cp + 30 WHERE id = 2": "overlap: article art_",
    "UPDATE sentence SET end_cp = end_cp - 3 WHERE id = 2": "no sentence covers the characters",
    "UPDATE sentence SET uid = 'sen_0' WHERE id = 2": "sentence sen_0: the id is not the hash",
    "UPDATE sentence SET end_cp = 5000 WHERE id = 5": "ends behind the text",
    "UPDATE sentence SET retired_in = created_in WHERE id = 3": "no sentence covers the characters 81 to",
    "UPDATE sentence SET block_id = 1 WHERE id = 3": "does not begin in its block 0",
    "UPDATE block SET end_cp = 5000 WHERE id = 3": "block 2 ends behind the text",
    "UPDATE block SET ordinal = 7 WHERE id = 3": "the blocks' numbers do not follow",
    "UPDATE block SET end_cp = 30 WHERE id = 1": "overlap: article art_",
    "UPDATE attribution_span SET start_cp = 160, end_cp = 170 WHERE attribution_id = 1 AND part = 'content'": (
        "no content touches its sentence"
    ),
    "DELETE FROM attribution_span WHERE attribution_id = 1 AND part = 'content'": "no content touches its sentence",
    "UPDATE attribution_span SET end_cp = 5000 WHERE attribution_id = 1": "a span ends behind the text",
    "UPDATE attribution SET speaker_start = 4999, speaker_end = 5000 WHERE id = 1": "the speaker's span is not in",
    "UPDATE attribution SET parent_id = 2 WHERE id = 1": "it is its own ancestor",
    "UPDATE annotation SET last_attribution_seq = 1 WHERE id = 1": "its number was never given out",
    "UPDATE claim SET end_cp = end_cp + 1 WHERE id = 1": "it is not inside its sentence",
    "UPDATE claim SET uid = 'clm_0' WHERE id = 1": "id: claim clm_0",
    "UPDATE claim SET verdict = 'refuted' WHERE id = 1": "it is not what its newest revision says",
    "UPDATE evidence SET excerpt = 'No ferry.' WHERE id = 1": "excerpt_sha256 is not the hash",
    "UPDATE evidence SET stance = 'refutes' WHERE id = 1": "it is not what its newest revision says",
    "DELETE FROM evidence WHERE id = 1": "it is not what its newest revision says",
    "UPDATE reviewer SET name = 'Somebody Else' WHERE id = 1": "id: reviewer rev_",
    "UPDATE speaker SET name = 'Somebody Else'": "name_key does not fit the name",
    "UPDATE source SET dedup_key = 'cite:other'": "id: source src_",
    "UPDATE annotation SET uid = 'ann_0' WHERE id = 1": "id: annotation ann_0",
    "UPDATE annotation SET note = 'x' WHERE id = 1": "it is not what its newest revision says",
    "UPDATE annotation SET is_quote = NOT is_quote WHERE role = 'gold'": "it is not what its newest revision says",
    "UPDATE annotation SET revision = revision + 1 WHERE id = 1": "it says revision 4, the newest stored one is 3",
    "DELETE FROM annotation_revision WHERE annotation_id = 1 AND number = 2": "a revision is missing",
    "DELETE FROM annotation_revision WHERE annotation_id = 1 AND number = 3": "the newest stored one is 2",
    "DELETE FROM annotation_revision WHERE annotation_id = 2": "it has no revision",
    "UPDATE annotation_revision SET snapshot = '{}' WHERE annotation_id = 1 AND number = 3": (
        "it is not what its newest revision says"
    ),
    "UPDATE event_log SET detail = '{}' WHERE id = 5": "chain: event 5: it is not what was written",
    "UPDATE event_log SET at = '2020-01-01T00:00:00.000Z' WHERE id = 5": "chain: event 5: it is not what was written",
    "DELETE FROM event_log WHERE id = 5": "chain: event 6: it does not follow",
    "DELETE FROM event_log WHERE id = 1": "chain: event 2: it does not follow",
    "INSERT INTO event_log (id, at, action, entity, entity_uid, detail, sha256)"
    " VALUES (9999, '2025', 'x', 'x', 'x', '{}', 'x')": "chain: event 9999: it does not follow",
    "DELETE FROM event_log WHERE id > 3": "no event tells of it",
    "DELETE FROM event_log WHERE id = (SELECT max(id) FROM event_log)": "no event tells of it",
    "UPDATE sign_in_link SET reviewer_id = 999": "orphan: sign_in_link 1: reviewer_id names no reviewer",
    "UPDATE sentence SET article_id = 999 WHERE id = 1": "orphan: sentence 1: block_id, article_id names no block",
    "UPDATE annotation SET sentence_id = 999 WHERE id = 1": "orphan: annotation 1: sentence_id names no sentence",
    "DELETE FROM source": "orphan: evidence 1: source_id names no source",
}


def tamper(database: Database, *statements: str) -> None:
    """Change rows as somebody who owns the database could: without triggers and foreign keys."""
    with database.writer.connect() as connection:
        raw = connection.connection
        connection.rollback()
        if database.sqlite:
            names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            first = ["PRAGMA foreign_keys=OFF", *(f"DROP TRIGGER {name}" for (name,) in names)]
        else:
            overlap = "ALTER TABLE sentence DROP CONSTRAINT IF EXISTS sentence_overlap"
            first = ["SET session_replication_role = replica", overlap]
        for statement in first:
            raw.execute(statement)
        for statement in statements:
            assert raw.execute(statement).rowcount
        raw.commit()
        connection.invalidate()


@pytest.mark.parametrize("sql", TAMPERED)
def test_change_behind_the_programs_back_is_found(worked_file: Path, tmp_path: Path, sql: str) -> None:
    database = open_database(str(shutil.copyfile(worked_file, tmp_path / "annotator.db")))
    tamper(database, sql)
    findings = found(database)
    database.close()
    assert any(TAMPERED[sql] in finding for finding in findings), findings


@pytest.mark.postgresql
def test_changes_behind_the_programs_back_are_found_on_postgresql_too(postgresql: Database) -> None:
    work(postgresql)
    chosen = [
        "UPDATE article SET text = replace(text, 'Two', 'Six') WHERE id = 1",
        "UPDATE sentence SET end_cp = end_cp + 30 WHERE id = 2",
        "UPDATE claim SET verdict = 'refuted' WHERE id = 1",
        "UPDATE event_log SET detail = '{}' WHERE id = 5",
        "DELETE FROM annotation_revision WHERE annotation_id = 2",
        "UPDATE sign_in_link SET reviewer_id = 999",
    ]
    tamper(postgresql, *chosen)
    findings = found(postgresql)
    for sql in chosen:
        assert any(TAMPERED[sql] in finding for finding in findings), (sql, findings)


def test_annotation_that_vanished_is_found(worked: Database) -> None:
    tamper(worked, "DELETE FROM annotation_revision WHERE annotation_id = 2")
    before = found(worked)
    tamper(worked, "DELETE FROM annotation WHERE id = 2")
    assert not any(finding.startswith("lost") for finding in before)
    assert any(finding.startswith("lost: annotation ann_") for finding in found(worked))


def test_imported_history_may_begin_above_revision_1(worked: Database) -> None:
    tamper(worked, "DELETE FROM annotation_revision WHERE number = 1 AND annotation_id = 1")
    assert found(worked) == []


def test_damaged_page_is_found(database: Database, database_file: Path) -> None:
    work(database)
    database.close()
    with closing(sqlite3.connect(database_file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage ="
            " (SELECT rootpage FROM sqlite_master WHERE name = 'ix_sentence_block_id')"
            " WHERE name = 'ix_sentence_uid'"
        )
    assert any(finding.startswith("integrity: file: it cannot be read") for finding in found(database))


def test_index_that_lacks_a_row_is_found(database: Database, database_file: Path) -> None:
    work(database)
    database.close()
    with closing(sqlite3.connect(database_file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        index = "SELECT sql FROM sqlite_master WHERE name = 'ix_sentence_uid'"
        (sql,) = connection.execute(index).fetchone()
        changed = "UPDATE sqlite_master SET sql = ? WHERE name = 'ix_sentence_uid'"
        connection.execute(changed, (f"{sql} WHERE id > 3",))
    with closing(sqlite3.connect(database_file, isolation_level=None)) as connection:
        connection.execute("REINDEX ix_sentence_uid")
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(changed, (sql,))
    assert any(finding.startswith("integrity: file: row ") for finding in found(database))


@pytest.fixture
def raw(database_file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database_file, isolation_level=None)) as connection:
        yield connection


def test_value_outside_its_check_is_found(database: Database, raw: sqlite3.Connection) -> None:
    work(database)
    raw.execute("PRAGMA ignore_check_constraints=ON")
    raw.execute("UPDATE annotation SET status = 'nonsense' WHERE id = 1")
    assert "integrity: file: CHECK constraint failed in annotation" in found(database)


def test_long_history_is_checked_in_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "BATCH", 4)
    words = " ".join(f"Sentence number {number}." for number in range(11))
    with database.write() as session:
        ada = make.make_reviewer(session)
        for sentence in make.sentences_of(session, make.make_article(session, words)):
            make.annotate(session, sentence, ada, ["none"])
    assert found(database) == []
    tamper(database, "UPDATE annotation SET note = 'x' WHERE id IN (4, 5, 11)")
    assert len(found(database)) == 3
