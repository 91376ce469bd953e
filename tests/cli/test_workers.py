"""--workers and --scheduler: what commands print and store is what they do alone. The texts are invented."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from typer.testing import Result

from annotator import cluster
from annotator.cli import documents as reading
from tests.conftest import Command
from tests.faults.serving import ROOT, environment
from tests.ports import free_port
from tests.tricks import ALL

DASK = (sys.executable, "-m", "dask")


@pytest.fixture(autouse=True)
def _many_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PORTION", 15_000)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers in folders of their own, where no file of a test is."""
    address = f"tcp://127.0.0.1:{free_port()}"
    place = ("--host", "127.0.0.1", "--no-dashboard")
    lines = [
        (*DASK, "scheduler", *place, "--port", address.rpartition(":")[2], "--dashboard-address", "127.0.0.1:0"),
        (*DASK, "worker", address, *place, "--nworkers", "2", "--nthreads", "1", "--dashboard-address", "127.0.0.1:0"),
    ]
    own = environment(DASK_TEMPORARY_DIRECTORY=str(tmp_path_factory.mktemp("dask")))
    options = {"env": own, "cwd": "/", "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = [subprocess.Popen(line, **options) for line in lines]  # type: ignore[call-overload]
    yield address
    for process in reversed(started):
        process.terminate()
        process.wait(60)


def documents(folder: Path, *, bad: bool = False) -> Path:
    """Lines of documents in several portions; half-way one that is none."""
    file = folder / "documents.jsonl"
    rows = [
        {"doc_id": n, "text": f"{ALL[n % len(ALL)]}\r\n\r\n“It is shut,” said Ida Holm. " + "Mr. Berg left. " * 20}
        for n in range(200)
    ]
    lines = [json.dumps(row) for row in rows]
    file.write_text("\n".join([*lines[:150], *(['{"doc_id": 1}'] if bad else []), *lines[150:]]) + "\n", "utf-8")
    return file


def said(done: Result) -> tuple[int, str, str]:
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("bad", [False, True], ids=["good", "bad line"])
def test_segment_says_the_same_on_a_cluster(command: Command, scheduler: str, tmp_path: Path, bad: bool) -> None:
    file = documents(tmp_path, bad=bad)
    alone = command("segment", "--jsonl", file)
    assert alone.stdout.count("\n") == (150 if bad else 200)
    assert said(command("segment", "--jsonl", file, "--scheduler", scheduler)) == said(alone)
    assert (alone.exit_code, "line 151, field text: must be text" in alone.stderr) == ((1, True) if bad else (0, False))


def test_suggest_says_the_same_on_a_cluster(command: Command, scheduler: str, tmp_path: Path) -> None:
    file = documents(tmp_path)
    file.write_text("".join(line + "\n" for line in file.read_text("utf-8").splitlines()[:12]), "utf-8")
    assert said(command("suggest", "--jsonl", file, "--scheduler", scheduler)) == said(
        command("suggest", "--jsonl", file)
    )


def test_a_text_that_cannot_be_read_is_refused_in_the_same_words_after_those_before_it(
    command: Command, scheduler: str, tmp_path: Path
) -> None:
    names = [tmp_path / f"{n}.txt" for n in range(4)]
    for name in names:
        name.write_text(f"{name.name} is here. It rained.", "utf-8")
    names[2].write_bytes(b"ab\xff")
    alone = command("segment", *names)
    assert said(command("segment", *names, "--scheduler", scheduler)) == said(alone)
    assert (alone.exit_code, alone.stderr) == (1, f"{names[2]}: byte 2 is not valid UTF-8\n")
    assert alone.stdout.count("\n") == 4


def test_import_and_suggest_store_say_the_same_on_a_cluster(
    command: Command, scheduler: str, sqlite_template: Path, tmp_path: Path
) -> None:
    wire = tmp_path / "wire.jsonl"
    wire.write_text(
        '{"text": "Rain\\n\\n“It rained,” said Ida Holm."}\n{"text": 5}\n{"text": "Snow. It fell.", "x": 1}\n'
    )
    page = tmp_path / "page.html"
    page.write_text("<title>Pier</title><h1>Pier</h1><p>It is shut. Why?</p>")
    (tmp_path / "bad.txt").write_bytes(b"\0")
    found = []
    for more in ((), ("--scheduler", scheduler)):
        file = tmp_path / f"{len(found)}.db"
        file.write_bytes(sqlite_template.read_bytes())
        where = (*more, "--database", file)
        done = [
            said(command("import", tmp_path / "bad.txt", page, tmp_path / "none.md", wire, page, "--partial", *where)),
            said(command("import", wire, "--partial", *where)),
            said(command("suggest", "--store", *where)),
        ]
        found.append(done)
    assert found[0] == found[1]
    assert found[0][0][1].endswith("3 accepted, 1 duplicate, 2 rejected, 1 file not read\n")
    assert found[0][2][1].count(" sentences\n") == 3


def test_an_address_where_nobody_is_ends_in_one_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One ran.")
    address = f"tcp://127.0.0.1:{free_port()}"
    began = time.monotonic()
    done = command("segment", tmp_path / "a.txt", "--scheduler", address)
    assert time.monotonic() - began < 60  # five seconds, and a machine that is busy with other things
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"No Dask scheduler answers at {address}: ")
    secret = command("segment", tmp_path / "a.txt", "--scheduler", "tls://127.0.0.1:9")
    assert (secret.exit_code, "distributed.comm.tls" in secret.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--workers", "2", "--scheduler", "tcp://h:1"), "A scheduler has its own workers"),
        (("--scheduler", "nonsense"), "An address is tcp://HOST:PORT"),
        (("--workers", "0"), "--workers"),
    ],
)
@pytest.mark.parametrize("name", ["segment", "import", "suggest"])
def test_wrong_usage_is_told(command: Command, name: str, words: tuple[str, ...], message: str) -> None:
    done = command(name, *(("--jsonl",) if name == "suggest" else ()), "a.txt", *words)
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.parametrize("name", ["segment", "import", "suggest"])
def test_without_the_extra_one_sentence_names_it(
    command: Command, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster, "NEEDED", ("no_such_package",))
    (tmp_path / "a.txt").write_text("One ran.")
    words = ("--jsonl",) if name == "suggest" else ()
    done = command(name, *words, tmp_path / "a.txt", "--workers", "2")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", cluster.MISSING + "\n")
    assert "claim-annotator[dask]" in done.stderr


def test_interruption_ends_command_and_workers_without_a_traceback(tmp_path: Path) -> None:
    file = documents(tmp_path)
    file.write_text(file.read_text("utf-8") * 40, "utf-8")
    line = [sys.executable, "-m", "annotator", "segment", "--jsonl", "--workers", "2", str(file)]
    # tests that run in the background of a shell ignore the signal, and so would the command
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(
        line, env=environment(), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        signal.signal(signal.SIGINT, before)
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["doc_id"] == 0
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 2
        os.killpg(process.pid, signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in stderr.decode()
    _, left = psutil.wait_procs(children, timeout=60)
    assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []  # the system may bury them late
