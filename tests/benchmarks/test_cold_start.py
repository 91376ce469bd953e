"""What `annotator serve` does from its start to its first answer, beside importing its libraries alone.

In processor time: what else the machine does comes and goes within a second, and here one run is two seconds. Modules
are compiled once and then read from a cache, as on everybody's machine, whatever this one has set for its tests.
"""

import http.client
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Figure
from tests.ports import free_port

pytestmark = pytest.mark.benchmark
ALONE, FLOOR = "import fastapi, sqlmodel", "import fastapi, sqlmodel, spacy"
LIMIT = 1.4  # times the floor
RUNS = 4


def children_seconds() -> float:
    """Processor time of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(autouse=True)
def compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "compiled"))


def seconds_of(program: str) -> float:
    start = children_seconds()
    subprocess.run([sys.executable, "-c", program], check=True)
    return children_seconds() - start


def cold_start_seconds(file: Path) -> float:
    """From starting the process to the 200 of the first request."""
    port = free_port()
    start = children_seconds()
    command = [sys.executable, "-m", "annotator", "serve", "--port", str(port), "--database", str(file)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            while not answers(port):
                assert process.poll() is None, "the server ended"
                time.sleep(0.01)
        finally:
            process.terminate()
            process.wait(15)
    return children_seconds() - start


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def test_serve_answers_about_as_soon_as_its_libraries_are_imported(database_file: Path, figure: Figure) -> None:
    runs = [
        (seconds_of(ALONE), seconds_of(FLOOR), cold_start_seconds(database_file)) for _ in range(RUNS)
    ]  # in turn: machines change pace
    alone, floor, ours = map(min, zip(*runs, strict=True))
    figure(
        "start of serve to its first answer, beside importing FastAPI and SQLModel", f"{ours / alone:.1f} times", "1.2"
    )
    figure("the same, beside importing FastAPI, SQLModel and spaCy", f"{ours / floor:.2f} times")
    assert ours <= LIMIT * floor
