"""The disk fails under a real server: no acknowledgement, plain words, reading goes on, and no restart is needed.

The failures are the system's own answers: a small library that is loaded before the C library gives them on order
(failing_disk.c, compiled here), a limit of the process on the size of files gives the last one.
"""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, make_url

from db import integrity
from db.engine import open_database
from tests.conftest import administer
from tests.faults.serving import Browser, Desk, Server, prepared, serving, stored
from tests.web.conftest import in_hand

SOURCE = Path(__file__).with_name("failing_disk.c")


@dataclass(frozen=True)
class Room:
    """A server on a disk that fails on order, and one reviewer."""

    server: Server
    desk: Desk
    browser: Browser
    order: Path
    file: Path

    def stored(self) -> list[str]:
        """The labels that the first sentence had, in a database without findings."""
        database = open_database(str(self.file))
        try:
            assert list(integrity.check(database)) == []
            return stored(database, self.desk.article).get(("Reviewer 0", self.desk.sentences[0]), [])
        finally:
            database.close()

    def age(self) -> None:
        """Nobody was here for ten minutes, so that the next request has something to note about its session."""
        database = open_database(str(self.file))
        with database.write() as session:
            session.connection().exec_driver_sql("UPDATE session SET last_seen_at = '2025-01-01T00:00:00.000Z'")
        database.close()


@pytest.fixture(scope="module")
def room(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    compiler = shutil.which("cc") or shutil.which("gcc")
    assert compiler, "these tests need a C compiler"
    folder = tmp_path_factory.mktemp("disk")
    library, order, file = folder / "failing.so", folder / "order", folder / "annotator.db"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    shutil.copyfile(sqlite_template, file)
    desk = prepared(str(file), 1, 3)
    variables = {
        "LD_PRELOAD": str(library), "FAILING_DISK": str(order), "ANNOTATOR_BACKUP_DAYS": "0",
        "ANNOTATOR_SESSION_IDLE_HOURS": "1000000",
    }  # fmt: skip
    with serving(str(file), variables=variables) as server:
        browser = Browser(server.port, desk.links["Reviewer 0"])
        yield Room(server, desk, browser, order, file)
        browser.close()


def limit(room: Room, most: int) -> None:
    """No file of the server may grow beyond so many bytes from now on."""
    assert room.server.process is not None
    resource.prlimit(room.server.process.pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


FAULTS = {
    "full": (507, "The disk is full, so nothing was saved."),
    "readonly": (503, "nothing was saved"),
    "sync": (503, "nothing was saved"),
    "limit": (503, "nothing was saved"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_failing_disk_acknowledges_nothing_and_reading_goes_on(room: Room, fault: str) -> None:
    status, words = FAULTS[fault]
    sentence, before = room.desk.sentences[0], room.stored()
    page = f"/articles/{room.desk.article}?s=2"
    label = ("claim", "quote")[len(before) % 2]
    room.age()
    if fault == "limit":
        limit(room, 1)
    else:
        room.order.write_text(fault)
    try:
        for _ in range(3):
            answer = room.browser.label(sentence, len(before), label, fault)
            assert (answer.status, answer.headers.get("location")) == (status, None)
            assert words in answer.text
            assert 'role="alert"' in answer.text
            assert "Traceback" not in answer.text
            assert "sqlite" not in answer.text.lower()
            for path in (page, "/", "/speakers", "/export"):
                shown = room.browser.get(path)
                assert shown.status == 200, (path, shown.text)
            assert in_hand(room.browser.get(page).text) == 2
    finally:
        limit(room, resource.RLIM_INFINITY)
        room.order.unlink(missing_ok=True)
    assert room.stored() == before
    again = room.browser.label(sentence, len(before), label, fault)
    assert again.status == 303, again.text
    assert room.stored() == [*before, label]
    assert room.browser.get(page).status == 200


@pytest.mark.postgresql
def test_postgresql_that_takes_no_writes_or_drops_connections_is_said_in_words(
    postgresql_url: str, postgresql_server: URL
) -> None:
    desk = prepared(postgresql_url, 1, 3)
    name, sentence = make_url(postgresql_url).database, desk.sentences[0]
    drop = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    with serving(postgresql_url) as server:
        browser = Browser(server.port, desk.links["Reviewer 0"])
        administer(postgresql_server, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        administer(postgresql_server, drop)
        answer = browser.label(sentence, 0, "claim", "one")
        assert (answer.status, "can only be read" in answer.text) == (503, True)
        assert browser.get(f"/articles/{desk.article}").status == 200
        administer(postgresql_server, f"ALTER DATABASE {name} RESET default_transaction_read_only")
        administer(postgresql_server, drop)
        assert browser.label(sentence, 0, "claim", "one").status == 303
        browser.close()
