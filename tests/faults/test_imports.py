"""An import comes in whole or not at all, though it is written in many short transactions."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from annotator.intake import jsonl
from annotator.services import articles
from annotator.services.storing import File
from db import integrity
from db.engine import Database
from db.queries import queue
from db.vocabulary import ImportFormat
from tests.faults.serving import ROOT, environment

ARTICLES, EACH = 40, 60  # more rows than one transaction takes


# the command, killed as by kill -9 when it commits for the first time after it has committed sentences
KILLED = """
import os, signal
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from annotator.cli import main

there = False

@event.listens_for(Engine, "commit")
def tick(connection):
    global there
    if there:
        os.kill(os.getpid(), signal.SIGKILL)
    there = bool(connection.execute(text("SELECT count(*) FROM sentence")).scalar())

main()
"""


def lines() -> bytes:
    texts = (" ".join(f"The board of port {n} counted {i} ferries." for i in range(EACH)) for n in range(ARTICLES))
    return b"".join(json.dumps({"id": f"a{n}", "text": text}).encode() + b"\n" for n, text in enumerate(texts))


def rows(database: Database, table: str) -> int:
    with database.read() as session:
        return int(session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar() or 0)


def shown(database: Database) -> int:
    with database.read() as session:
        return queue.count_articles(session)


def bring_in(database: Database) -> articles.ImportReport:
    return articles.import_articles(database, jsonl.read(lines()), File(ImportFormat.JSONL, "many.jsonl", "0" * 64))


def unseen(database: Database) -> None:
    """Nothing of an import is to be seen, and nothing is wrong."""
    assert shown(database) == 0
    assert list(integrity.check(database)) == []


def test_import_that_is_killed_is_unseen_and_the_next_one_begins_afresh(any_database: Database, tmp_path: Path) -> None:
    url = any_database.url.render_as_string(hide_password=False)
    (tmp_path / "many.jsonl").write_bytes(lines())
    line = [sys.executable, "-c", KILLED, "import", str(tmp_path / "many.jsonl"), "--database", url]
    assert subprocess.run(line, env=environment(), cwd=ROOT, check=False).returncode == -signal.SIGKILL
    assert 0 < rows(any_database, "sentence") < ARTICLES * EACH
    unseen(any_database)
    report = bring_in(any_database)
    assert report.counts() == {"accepted": ARTICLES, "duplicate": 0, "rejected": 0}
    assert (shown(any_database), rows(any_database, "sentence")) == (ARTICLES, ARTICLES * EACH)
    assert rows(any_database, "import_batch") == 1
    assert list(integrity.check(any_database)) == []
    assert bring_in(any_database).counts() == {"accepted": 0, "duplicate": ARTICLES, "rejected": 0}


def test_import_that_fails_half_way_leaves_nothing(any_database: Database) -> None:
    failing = (
        "CREATE TRIGGER full_disk AFTER INSERT ON sentence WHEN NEW.id > 700 BEGIN SELECT RAISE(ABORT, 'no room'); END"
        if any_database.sqlite
        else "CREATE TRIGGER full_disk BEFORE INSERT ON sentence FOR EACH ROW WHEN (NEW.id > 700)"
        " EXECUTE FUNCTION refuse('no room')"
    )
    with any_database.write() as session:
        session.connection().execute(text(failing))
    with pytest.raises(DBAPIError, match="no room"):
        bring_in(any_database)
    unseen(any_database)
    for table in ("article", "block", "sentence", "segmentation", "import_batch"):
        assert rows(any_database, table) == 0
    with any_database.write() as session:
        session.connection().execute(text("DROP TRIGGER full_disk" + ("" if any_database.sqlite else " ON sentence")))
    assert len(bring_in(any_database).accepted) == ARTICLES


def test_two_imports_of_the_same_file_at_once_store_it_once(any_database: Database, tmp_path: Path) -> None:
    url = any_database.url.render_as_string(hide_password=False)
    (tmp_path / "many.jsonl").write_bytes(lines())
    line = [sys.executable, "-m", "annotator", "import", str(tmp_path / "many.jsonl"), "--database", url]
    twins = [subprocess.Popen(line, env=environment(), cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]
    said = sorted(twin.communicate()[0].decode().splitlines()[-1] for twin in twins)
    assert [twin.returncode for twin in twins] == [0, 0]
    assert said == [f"0 accepted, {ARTICLES} duplicate, 0 rejected", f"{ARTICLES} accepted, 0 duplicate, 0 rejected"]
    assert (shown(any_database), rows(any_database, "sentence")) == (ARTICLES, ARTICLES * EACH)
    assert list(integrity.check(any_database)) == []
