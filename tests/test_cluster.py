"""Work on two processes gives what one process gives, also when one of them is killed. The texts are fiction."""

import itertools
import os
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from sqlalchemy import text

from annotator import cluster
from annotator.cluster import Cluster
from annotator.errors import Invalid, Unavailable
from annotator.export import contract
from annotator.intake import jsonl
from annotator.intake.formats import Lines
from annotator.nlp import segment
from annotator.nlp.versions import Versions
from annotator.services import articles, clock
from annotator.services.files import Files
from annotator.services.history import Actor
from annotator.services.storing import File
from annotator.spread import Spread, one_by_one
from db import canonical, integrity
from db.engine import Database, open_database
from db.vocabulary import ImportFormat
from tests.tricks import ALL

FILE = File(ImportFormat.JSONL, "wire.jsonl", "0" * 64)
WIRE, AT_ONCE = 130, 60  # articles: three portions of --partial, several tasks each


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    with cluster.opened(Versions(), workers=2) as found:
        yield found


def workers() -> list[psutil.Process]:
    """The processes of the cluster: children of this one that listen. One that ends meanwhile is none."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            found += [child] if child.net_connections() else []
    return found


def twice(number: int) -> int:
    if number < 0:
        raise Invalid(f"{number} is below zero", field="number")
    return 2 * number


def killed_once(item: tuple[int, str]) -> int:
    """Ends the worker that has the third item, the first time."""
    number, mark = item
    if number == 3 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return twice(number)


def poison(number: int) -> int:
    """Ends each worker that has the third item, as soon as it has loaded what it reads with."""
    segment.segment("Warm up.")
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return twice(number)


class Interrupted:
    """Ctrl-C is pressed while this is disposed of, where Python reports what is raised and goes on."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def faulty(number: int) -> float:
    return 1 / number


def test_workers_of_a_command_hear_this_machine_only_and_only_who_has_the_certificate(two: Cluster) -> None:
    everybody = [psutil.Process(), *workers()]
    heard = [c.laddr for one in everybody for c in one.net_connections() if c.status == psutil.CONN_LISTEN]
    assert len(everybody) == 3
    assert {place.ip for place in heard} == {"127.0.0.1"}
    address = urlsplit(two.client.scheduler.address)
    assert address.scheme == "tls"
    stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    stranger.check_hostname, stranger.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection((address.hostname, address.port), 60) as plain,
        pytest.raises(ssl.SSLError, match="certificate required"),
        stranger.wrap_socket(plain) as wrapped,
    ):
        wrapped.recv(1)


def test_results_come_in_the_order_of_the_items_which_are_asked_for_as_there_is_room(two: Cluster) -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for number in range(60):
            asked.append(number)
            yield number

    ahead = 0
    for place, found in enumerate(two(twice, items())):
        assert found == 2 * place
        ahead = max(ahead, len(asked) - place)
    assert 2 < ahead <= cluster.LEAST_AHEAD + 1
    assert place == 59


def test_a_lost_worker_costs_only_a_retry(two: Cluster, tmp_path: Path) -> None:
    mark = str(tmp_path / "killed")
    assert list(two(killed_once, ((number, mark) for number in range(20)))) == [2 * number for number in range(20)]
    assert Path(mark).exists()


@pytest.mark.parametrize("spread", [one_by_one, "two"])
def test_an_error_has_its_turn_after_the_results_before_it(spread: Any, two: Cluster) -> None:
    spread = two if spread == "two" else spread

    def items() -> Iterator[int]:
        yield from (1, 2)
        raise OSError(2, "No such file", "three.txt")

    found: list[float] = []
    with pytest.raises(OSError, match=r"three\.txt"):
        found.extend(spread(twice, items()))
    assert found == [2, 4]
    with pytest.raises(Invalid, match="-1 is below zero") as refused:
        found.extend(spread(twice, [5, -1, 6]))
    assert refused.value.field == "number"
    with pytest.raises(ZeroDivisionError):
        found.extend(spread(faulty, [4, 0]))
    assert found == [2, 4, 10, 0.25]


def test_a_worker_in_another_version_is_told_and_does_nothing(two: Cluster) -> None:
    other = replace(two, expected={**two.expected, "Python": "2.7"})
    with pytest.raises(Unavailable, match=r"The worker at tls://127\.0\.0\.1:\d+ has Python 3\.\d+, not 2\.7"):
        list(other(twice, [1]))
    lacking = replace(two, versions=Versions((("de", "no_such_pipeline"),)))
    with pytest.raises(Unavailable, match=r"The worker at \S+: The project names the spaCy pipeline no_such_pipeline"):
        list(lacking(twice, [1]))


def interrupted_at_ten(numbers: Iterator[int]) -> None:
    with cluster.opened(Versions(), workers=1) as one:
        for number in one(twice, numbers):
            if number == 10:
                Interrupted()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_ends_the_work_also_where_python_drops_it() -> None:
    before, numbers = signal.signal(signal.SIGINT, signal.default_int_handler), itertools.count()
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted_at_ten(itertools.takewhile(lambda n: n < 5_000, numbers))
        assert next(numbers) < 1_000
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def wire(folder: Path, *, good: bool) -> Path:
    """Articles with twins, tricks, pages, other languages; unless `good`, ids that are taken and no records too."""
    file = folder / "wire.jsonl"
    with file.open("wb") as out:
        for n in range(WIRE):
            words = f"“It is shut,” said Ida Holm {n % 120}. {ALL[n % len(ALL)]} " + "Mr. Berg left. " * 20
            record: dict[str, Any] = {"text": f"Ferry {n % 120} is late\r\n\r\n{words}", "mood": "grey"}
            if n % 7 == 0:
                record = {"html": f"<title>Page {n}</title><h1>Rain {n}</h1>" + f"<p>It rained. Ja, {n}.</p>" * 9}
            if n % 11 == 0:
                record = {"text": f"Das Schiff kam nicht. Niemand weiß, warum es {n} Stunden dauerte. Es regnet."}
            name = f"a{n}" if good or n < 125 else f"a{n - 100}"
            out.write(canonical.encode({"id": name, **record}) + (b"\r\n\n" if n % 5 else b"\n"))
            if n in (30, 90) and not good:
                out.write(b'{"text": "Lone \\ud800"}\n{"text": 5}\n\xff\n{\n')
    return file


def killing(killed: list[psutil.Process]) -> Callable[[int], None]:
    """As progress: kills a worker from outside, once, while tasks are out and after some articles were told."""
    told = itertools.count(1)

    def progress(_done: int) -> None:
        if next(told) == 20:
            killed.append(workers()[0])
            killed[0].kill()

    return progress


def bring_in(database: Database, file: Path, spread: Spread, *, partial: bool, progress: Any = None) -> str:
    report = articles.import_articles(
        database, Lines(file, spread), FILE, partial=partial, actor=Actor(None, None, clock.now()), progress=progress,
        spread=spread,
    )  # fmt: skip
    return canonical.text(articles.summary(report) | {"accepted": [vars_of(one) for one in report.accepted]})


def vars_of(stored: articles.Stored) -> list[Any]:
    return [stored.uid, stored.title, stored.line]


def written(database: Database, folder: Path) -> dict[str, bytes]:
    """The bytes of an export, and the events of the import."""
    columns = "at, action, entity, entity_uid, before_sha, after_sha, detail"
    events = f"SELECT {columns} FROM event_log WHERE action = 'import' ORDER BY id"
    assert list(integrity.check(database)) == []
    with database.read() as session:
        contract.write(session, folder)
        rows = [list(row) for row in session.connection().execute(text(events))]
        found = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return {**found, "events": canonical.encode(rows)}


def test_an_import_on_two_workers_of_which_one_is_killed_is_that_of_one_process(
    two: Cluster,
    any_database: Database,
    sqlite_template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(articles, "AT_ONCE", AT_ONCE)
    for module, name in ((jsonl, "PORTION"), (segment, "CHUNK")):
        monkeypatch.setattr(module, name, 5_000)  # some thirty tasks
    partial = not any_database.sqlite  # each of the two ways on one of the two
    alone = tmp_path / "alone.db"
    alone.write_bytes(sqlite_template.read_bytes())
    file, said, exported = wire(tmp_path, good=not partial), [], []
    killed: list[psutil.Process] = []
    for n, (database, spread, progress) in enumerate(
        ((open_database(str(alone)), one_by_one, None), (any_database, two, killing(killed)))
    ):
        ticks = (f"2026-01-01T00:00:{second:02}.000Z" for second in itertools.count())
        monkeypatch.setattr(clock, "now", lambda ticks=ticks: next(ticks))
        said.append(bring_in(database, file, spread, partial=partial, progress=progress))
        exported.append(written(database, tmp_path / f"export{n}"))
    assert said[0] == said[1]
    assert list(exported[0]) == list(exported[1])
    assert [name for name in exported[0] if exported[0][name] != exported[1][name]] == []
    assert exported[0]["sentences.jsonl"].count(b"\n") > 1_000
    assert len(killed) == 1
    assert killed[0] not in workers()


def test_many_small_files_are_read_ahead_and_those_that_cannot_be_read_have_their_turn(
    two: Cluster, tmp_path: Path
) -> None:
    paths = []
    for n in range(30):
        paths.append(tmp_path / f"{n}.{('txt', 'md', 'html', 'csv')[n % 4]}")
        paths[-1].write_text(f"title,text\nPier {n},Closed {n}." if n % 4 == 3 else f"Pier {n}\n\nIt is shut.", "utf-8")
    paths[5].write_bytes(b"ab\xff")
    paths[6].unlink()
    paths[8].write_bytes(b"")
    here, there = (list(Files(None, {}, spread).opened(paths)) for spread in (one_by_one, two))
    assert [one.path for one in there] == paths
    assert [(one.records, one.sha256, str(one.error)) for one in there] == [
        (one.records, one.sha256, str(one.error)) for one in here
    ]
    assert "No such file" in str(there[6].error)


def test_a_piece_that_ends_each_worker_is_given_up_in_words(two: Cluster) -> None:
    found: list[int] = []
    with pytest.raises(Unavailable, match=f"Each of {cluster.LIVES} workers ended over the same piece of text"):
        found.extend(two(poison, range(20)))
    assert found in ([], [0], [0, 2], [0, 2, 4])  # what shares a worker with it three times goes with it
