"""A damaged file, and the backups that are there for it."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from annotator.services import backups, clock
from annotator.settings import Settings
from db import migrate
from db.engine import Database
from tests.factories import make_article
from tests.faults.serving import ROOT, Browser, annotator, prepared, serving

DAY = date(2025, 6, 2)  # a Monday
RULE = Settings(backup_days=7, backup_weeks=4)


def damage(file: Path) -> bytes:
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 3 : 2 * len(raw) // 3] = b"\xaa" * (2 * len(raw) // 3 - len(raw) // 3)
    file.write_bytes(raw)
    return bytes(raw)


def fill(database: Database) -> None:
    with database.write() as session:
        make_article(session, "words " * 20_000)
    database.close()
    with closing(sqlite3.connect(database.path or "")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def test_server_refuses_a_damaged_file_and_names_the_newest_whole_backup(
    database: Database, database_file: Path
) -> None:
    fill(database)
    folder = database_file.parent / "backups"
    backups.make_daily(database_file, Settings())
    newest = migrate.backup_into(database_file, folder, "before-upgrade")
    broken = migrate.backup_into(database_file, folder, "daily")
    damage(broken)
    before = damage(database_file)
    for words in (("serve",), ("db", "upgrade")):
        done = annotator(*words, "--database", database_file)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert f"{database_file} is damaged" in done.stderr
        assert f"The newest backup is {newest}: annotator db restore {newest}." in done.stderr
    assert database_file.read_bytes() == before
    restored = annotator("db", "restore", newest, "--database", database_file)
    assert restored.returncode == 0
    assert annotator("db", "check", "--database", database_file).stdout == "0 findings\n"


def test_damaged_file_without_a_backup_is_refused_too(database_file: Path) -> None:
    database_file.write_bytes(b"only words, far from any database " * 1_000)
    done = annotator("serve", "--database", database_file)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.endswith("There is no backup of it.\n")


def test_file_that_is_damaged_while_it_is_served_is_said_in_words(database_file: Path) -> None:
    desk = prepared(str(database_file), 1, 3)
    with serving(str(database_file)) as server:
        browser = Browser(server.port, desk.links["Reviewer 0"])
        with closing(sqlite3.connect(database_file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
        raw = database_file.read_bytes()
        database_file.write_bytes(raw[:4096] + b"\xaa" * (len(raw) - 4096))
        answer = browser.label(desk.sentences[0], 0, "claim", "one")
        assert answer.status == 503
        assert "damaged" in answer.text
        assert "annotator db restore" in answer.text
        browser.close()


def test_server_makes_the_backup_of_a_day_once_and_it_is_whole(database_file: Path) -> None:
    folder = database_file.parent / "backups"
    for _ in range(2):
        with serving(str(database_file)):
            while not list(folder.glob("*-daily-*.db")):
                time.sleep(0.01)
    copies = {copy.name.partition("-daily-")[2][:8]: copy for copy in folder.glob("*-daily-*.db")}  # midnight may pass
    assert len(copies) == len(list(folder.iterdir()))
    assert {backups.inspect(copy) for copy in copies.values()} == {migrate.versions()[-1]}


def test_rule_keeps_the_newest_of_seven_days_and_four_weeks() -> None:
    days = [DAY + timedelta(days=n) for n in range(60) if n % 9]  # some days have none
    there = [(Path(f"work-daily-{day:%Y%m%d}T{hour:02}0000.000000Z.db"), day) for day in days for hour in (3, 15)]
    kept = sorted(day for copy, day in there if copy in backups.kept(there, days=7, weeks=4))
    assert kept[-7:] == days[-7:]
    weeks = sorted({day.isocalendar()[:2] for day in days})[-4:]
    assert {day.isocalendar()[:2] for day in kept} == set(weeks)
    for week in weeks:
        assert max(day for day in days if day.isocalendar()[:2] == week) in kept
    assert all("T15" in copy.name for copy in backups.kept(there, days=7, weeks=4))


def test_backups_that_the_rule_does_not_keep_are_removed_and_nothing_else(database_file: Path) -> None:
    folder = database_file.parent / "backups"
    other = migrate.backup_into(database_file, folder, "before-upgrade")
    mine = folder / "annotator-daily-notes.db"
    mine.write_text("mine")
    old = [
        folder / f"annotator-daily-{clock.today() - timedelta(days=n):%Y%m%d}T030000.000000Z.db" for n in range(1, 60)
    ]
    for copy in old:
        copy.write_bytes(b"")
    made = backups.make_daily(database_file, RULE)
    assert made is not None
    there = set(folder.iterdir())
    assert {other, mine, made} <= there
    assert len(there) < 2 + 7 + 4 + 1
    assert set(old[:6]) <= there
    assert backups.make_daily(database_file, RULE) is None


def test_backups_from_a_time_that_has_not_come_yet_stay_and_todays_is_made(database_file: Path) -> None:
    folder = database_file.parent / "backups"
    folder.mkdir()
    later = [folder / f"annotator-daily-2099010{n}T000000.000000Z.db" for n in range(1, 9)]
    for copy in later:
        copy.write_bytes(b"")
    made = backups.make_daily(database_file, RULE)
    assert made is not None
    assert set(folder.iterdir()) == {*later[1:], made}


@pytest.mark.parametrize("days", [0, 7])
def test_setting_of_no_days_makes_none(database: Database, database_file: Path, days: int) -> None:
    folder = database_file.parent / "backups"
    with backups.daily(database, Settings(backup_days=days)):
        while days and not list(folder.glob("*-daily-*.db")):
            time.sleep(0.01)
    assert len(list(folder.glob("*-daily-*.db"))) == (1 if days else 0)


# ends a child that restores a copy at its nth line, as kill -9 would; prints how far it came and what the file holds
RESTORING = """
import itertools, os, shutil, signal, sqlite3, sys
from pathlib import Path
from annotator.services import backups
from db import migrate

folder, old, copy = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
OURS = (backups.__file__, migrate.__file__)

def restore(file, last):
    count = itertools.count(1)
    def tick(frame, event, _):
        if frame.f_code.co_filename not in OURS:
            return None
        if event == "line" and next(count) == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return tick
    sys.settrace(tick)
    backups.restore(file, copy)
    os._exit(0)

for number in itertools.count(1):
    file = folder / str(number) / "annotator.db"
    file.parent.mkdir()
    shutil.copyfile(old, file)
    shutil.copyfile(f"{old}-wal", f"{file}-wal")
    child = os.fork()
    if child == 0:
        restore(file, number)
    came_through = os.waitpid(child, 0)[1] == 0
    connection = sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)
    whole = connection.execute("PRAGMA integrity_check").fetchone()[0]
    texts = [row[0] for row in connection.execute("SELECT text FROM article ORDER BY id")]
    print("|".join(["done" if came_through else str(number), whole, *texts]))
    connection.close()
    shutil.rmtree(file.parent)
    if came_through:
        break
"""


def test_restore_that_is_killed_anywhere_leaves_the_old_work_or_the_new(
    database: Database, database_file: Path, tmp_path: Path
) -> None:
    with database.write() as session:
        make_article(session, "Before the copy.")
    backups.backup(database, tmp_path / "copy.db")
    with database.write() as session:
        make_article(session, "After the copy.")  # still in the log beside the file
    words = [sys.executable, "-c", RESTORING, str(tmp_path), str(database_file), str(tmp_path / "copy.db")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    found = [line.split("|") for line in done.stdout.splitlines()]
    assert found[-1] == ["done", "ok", "Before the copy."]
    assert len(found) > 30
    for number, *there in found[:-1]:
        assert there in (["ok", "Before the copy.", "After the copy."], ["ok", "Before the copy."]), number
    assert found[0][1:] == ["ok", "Before the copy.", "After the copy."]
