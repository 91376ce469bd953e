"""Many people at once on a real server: nothing is lost, stored twice or refused, and nobody waits long.

SQLite behind one process, PostgreSQL behind four workers.
"""

import itertools
import json
import re
import shutil
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from annotator.export import contract, validate
from annotator.reports import disagreement_files as files
from annotator.reports.disagreements import disagreement_report
from db import integrity
from db.engine import Database, open_database
from tests.conftest import temporary_postgresql
from tests.faults.serving import (
    ROOT,
    Answer,
    Browser,
    Server,
    annotator,
    another,
    environment,
    prepared,
    serving,
    stored,
)
from tests.ports import free_port

REVIEWERS, SENTENCES = 8, 60
WORKERS = 4
SLOWEST_SECONDS = 1
LABELS = ("claim", "quote", "opinion")


@dataclass(frozen=True)
class House:
    """A server with a browser for each reviewer."""

    server: Server
    browsers: dict[str, Browser]


@dataclass(frozen=True)
class Office:
    """A server, a browser for each reviewer, and an article that nobody has labelled yet."""

    server: Server
    browsers: dict[str, Browser]
    article: str
    sentences: list[str]

    @contextmanager
    def database(self) -> Iterator[Database]:
        database = open_database(self.server.database)
        try:
            yield database
        finally:
            database.close()

    def stored(self) -> dict[tuple[str, str], list[str]]:
        """What is stored of this article, in a database without findings."""
        with self.database() as database:
            assert list(integrity.check(database)) == []
            return stored(database, self.article)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            template, words = request.getfixturevalue("sqlite_template"), []
            url = str(shutil.copyfile(template, tmp_path_factory.mktemp("house") / "annotator.db"))
        else:
            words = ["--workers", str(WORKERS)]
            server, template = (request.getfixturevalue(f"postgresql_{name}") for name in ("server", "template"))
            url = stack.enter_context(temporary_postgresql(server, template))
        desk = prepared(url, REVIEWERS, 1)
        running = stack.enter_context(serving(url, words=words))
        browsers = {name: Browser(running.port, link) for name, link in desk.links.items() if name != "Lena"}
        for browser in browsers.values():
            stack.callback(browser.close)
        yield House(running, browsers)


@pytest.fixture
def office(house: House, request: pytest.FixtureRequest) -> Office:
    database = open_database(house.server.database)
    article, sentences = another(database, request.node.name, SENTENCES)
    database.close()
    return Office(house.server, house.browsers, article, sentences)


@dataclass
class Save:
    answer: Answer
    seconds: float


def save_all(office: Office, labels: Callable[[int], str], revision: int) -> list[Save]:
    """Every reviewer saves a label for every sentence, all at once."""

    def work(browser: Browser) -> list[Save]:
        done = []
        for n, sentence in enumerate(office.sentences):
            began = time.monotonic()
            answer = browser.label(sentence, revision, labels(n), str(uuid.uuid4()))
            done.append(Save(answer, time.monotonic() - began))
        return done

    with ThreadPoolExecutor(len(office.browsers)) as pool:
        return [save for saves in pool.map(work, office.browsers.values()) for save in saves]


def slowest(saves: list[Save], what: str, *, full_length: bool) -> None:
    """Prints the slowest save; in full length it stays under the issue's second, in CI the machine may be busy."""
    seconds = max(save.seconds for save in saves)
    print(f"{len(saves)} saves {what}, the slowest took {seconds:.2f} s")  # noqa: T201  shown by -s
    assert seconds < (SLOWEST_SECONDS if full_length else 10 * SLOWEST_SECONDS)


def refused(saves: list[Save]) -> list[str]:
    return [f"{save.answer.status} {save.answer.text[:200]}" for save in saves if save.answer.status != 303]


def test_480_saves_at_once_are_480_acknowledged_stored_and_revised(office: Office, full_length: bool) -> None:
    saves = save_all(office, lambda n: LABELS[n % 3], 0)
    assert refused(saves) == []
    wanted = {(name, uid): [LABELS[n % 3]] for name in office.browsers for n, uid in enumerate(office.sentences)}
    assert len(wanted) == REVIEWERS * SENTENCES
    assert office.stored() == wanted
    slowest(saves, "at once", full_length=full_length)


def test_request_sent_ten_times_at_once_is_one_change_with_ten_equal_answers(office: Office) -> None:
    name, first = next(iter(office.browsers.items()))
    twins = [Browser.twin(first) for _ in range(10)]
    sentence, request, go = office.sentences[3], str(uuid.uuid4()), threading.Barrier(10)

    def send(browser: Browser) -> Answer:
        go.wait(30)
        return browser.label(sentence, 0, "quote", request)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, twins))
    for twin in twins:
        twin.close()
    assert {(answer.status, answer.headers["location"], answer.text) for answer in answers} == {
        (303, answers[0].headers["location"], "")
    }
    assert office.stored() == {(name, sentence): ["quote"]}


def test_save_on_a_stale_or_missing_revision_gets_409_with_both_versions(office: Office) -> None:
    name, browser = next(iter(office.browsers.items()))
    sentence = office.sentences[0]
    assert browser.label(sentence, 0, "claim", f"{office.article} one").status == 303
    assert browser.label(sentence, 1, "quote", f"{office.article} two").status == 303
    for revision in (0, 1, 7, ""):
        answer = browser.label(sentence, revision, "opinion", str(uuid.uuid4()))
        assert answer.status == 409
        conflict = " ".join(answer.text.split())
        assert re.search(r"[Qq]uote.*[Oo]pinion", conflict)
        assert 'role="alert"' in conflict
    assert office.stored() == {(name, sentence): ["claim", "quote"]}


def test_large_import_while_others_save_delays_and_loses_nothing(
    office: Office, tmp_path: Path, full_length: bool
) -> None:
    articles = 2_500 if full_length else 60
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps({"id": f"a{n}", "text": forty_sentences(n)}) + "\n" for n in range(articles)))
    line = [sys.executable, "-m", "annotator", "import", str(file), "--database", office.server.database]
    output = tmp_path / "output"  # a file: nobody reads a pipe while the saves go on
    with output.open("w") as out:
        importing = subprocess.Popen(line, env=environment(), cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    saves, revision = [], 0
    with office.database() as database:
        before = count(database, "sentence")
    while importing.poll() is None or revision == 0:
        saves += save_all(office, lambda n, revision=revision: LABELS[(n + revision) % 3], revision)  # type: ignore[misc]
        revision += 1
    said = output.read_text()
    assert importing.returncode == 0, said
    assert f"{articles} accepted, 0 duplicate, 0 rejected" in said
    assert refused(saves) == []
    assert sum(map(len, office.stored().values())) == len(saves) == revision * REVIEWERS * SENTENCES
    with office.database() as database:
        assert count(database, "sentence") == before + 40 * articles
    slowest(saves, f"while {40 * articles} sentences came in", full_length=full_length)


def forty_sentences(n: int) -> str:
    return " ".join(f"The board of port {n} counted {i} ferries in May." for i in range(40))


def count(database: Database, table: str) -> int:
    with database.read() as session:
        return int(session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)


def test_export_and_report_read_one_snapshot_while_saves_go_on(office: Office, tmp_path: Path) -> None:
    """Every export is whole in itself: counts, agreement and hashes fit, though each save changes them."""
    stop, saved = threading.Event(), [0] * 4

    def work(browser: Browser, place: int) -> None:
        for revision in itertools.count():
            for n, sentence in enumerate(office.sentences[:10]):
                assert browser.label(sentence, revision, LABELS[(n + revision) % 3], str(uuid.uuid4())).status == 303
                saved[place] += 1
                if stop.is_set():
                    return

    def wait() -> None:
        """Until everybody has saved something more."""
        before = list(saved)
        while any(now == then for now, then in zip(saved, before, strict=True)):
            assert not any(job.done() for job in working), [job.exception() for job in working if job.done()]
            time.sleep(0.01)

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(work, browser, place) for place, browser in enumerate([*office.browsers.values()][:4])]
        try:
            with office.database() as database:
                for n in range(2):
                    export_twice(database, tmp_path / str(n), wait)
                    report_twice(database, wait)
        finally:
            stop.set()
        assert [job.result(60) for job in working] == [None] * 4


def export_twice(database: Database, folder: Path, wait: Callable[[], None]) -> None:
    """Two exports in one reading transaction have the same bytes, and each is without findings."""
    with database.read() as session:
        for name in ("one", "two"):
            contract.write(session, folder / name)
            wait()
    for file in (contract.ARTICLES, contract.SENTENCES, contract.MANIFEST):
        assert (folder / "one" / file).read_bytes() == (folder / "two" / file).read_bytes()
    assert list(validate.validate(folder / "one")) == []


def report_twice(database: Database, wait: Callable[[], None]) -> None:
    with database.read() as session:
        first = files.as_json(disagreement_report(session))
        wait()
        assert files.as_json(disagreement_report(session)) == first


def test_workers_beside_each_other_are_refused_on_sqlite(tmp_path: Path) -> None:
    done = annotator("serve", "--workers", "2", "--database", tmp_path / "other.db")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "SQLite has one server process" in done.stderr


@pytest.mark.parametrize("house", ["sqlite"], indirect=True)
def test_second_server_on_the_same_file_is_refused_by_another_name_too(office: Office, tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(office.server.database)
    done = annotator("serve", "--port", str(free_port()), "--database", link)
    assert (done.returncode, done.stderr) == (1, f"A server is using {link}: stop it first.\n")
