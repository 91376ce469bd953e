"""What `annotator serve` keeps in memory: after its first answer, and after it has cut its first text into sentences.

The limits are the issue's own, in megabytes of the process as the system counts them; they are no matter of speed.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from annotator.services import reviewers
from annotator.services.history import Actor
from db.engine import Database
from tests import factories as f
from tests.benchmarks.conftest import Figure
from tests.benchmarks.test_cold_start import answers
from tests.ports import free_port

pytestmark = pytest.mark.benchmark
BEFORE, AFTER = 150, 350  # MB
TEXT = (
    "The harbour in short\n\n" + "“The pier is unsafe,” said the harbour master, Ida Holm. It was closed in May. " * 20
)


def resident(process: subprocess.Popen[bytes]) -> float:
    """Megabytes of a process that are in memory."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_serve_is_small_before_and_after_its_first_text(database: Database, figure: Figure) -> None:
    with database.write() as session:
        f.make_lead(session, "Lena")
        token = reviewers.token(session, Actor(None), "Lena")
    port = free_port()
    command = [sys.executable, "-m", "annotator", "serve", "--port", str(port), "--database", str(database.path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            while not answers(port):
                assert process.poll() is None, "the server ended"
                time.sleep(0.05)
            before = resident(process)
            bearer = {"Authorization": f"Bearer {token}"}
            stored = httpx.post(
                f"http://127.0.0.1:{port}/api/v1/articles",
                json={"articles": [{"text": TEXT}]},
                headers=bearer,
                timeout=60,
            )
            after = resident(process)
        finally:
            process.terminate()
            process.wait(15)
    figure("serve, before and after its first text", f"{before:.0f} MB, {after:.0f} MB", f"{BEFORE}, {AFTER}")
    assert stored.status_code == 200, stored.text
    assert before < BEFORE
    assert after < AFTER
