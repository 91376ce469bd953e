"""What a cluster costs beside this process alone, on the same texts in the same run: CPU, memory, and time where asked.

CPU is that of a large file less that of a small one, so that starting workers does not count.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.conftest import Figure
from tests.benchmarks.test_import_speed import prose
from tests.faults.serving import environment

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).parents[2]
RATIO = 2.5  # times the CPU of one process; 1.3 to 1.7 where measured
SHARE = 0.33  # of the workers' CPU that the command itself takes; 0.14 where measured
GROWTH = 1.25  # peak memory of the command with six times the articles
MEASURED = """
import resource, sys
from annotator.cli import app
app(["segment", "--jsonl", *sys.argv[1:]], standalone_mode=False)
own, workers = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
# not ru_maxrss, which counts what the process was before it was this program
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(own.ru_utime + own.ru_stime, workers.ru_utime + workers.ru_stime, peak, file=sys.stderr)
"""


@dataclass
class Used:
    """CPU seconds of the command and of its workers, and the command's peak memory in kB."""

    command: float
    workers: float
    peak: float


def wire(file: Path, times: int) -> Path:
    """The corpus so many times, a document a line."""
    texts = enumerate(prose(times))
    file.write_text("".join(json.dumps({"doc_id": n, "text": text}) + "\n" for n, text in texts), "utf-8")
    return file


def used(file: Path, *words: str) -> Used:
    line = [sys.executable, "-c", MEASURED, *words, str(file)]
    done = subprocess.run(
        line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment()
    )
    return Used(*map(float, done.stderr.split()[-3:]))


def seconds(file: Path, *words: str) -> float:
    """From the first line that comes out to the last."""
    line = [sys.executable, "-m", "annotator", "segment", "--jsonl", *words, str(file)]
    with subprocess.Popen(line, env=environment(), cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = time.monotonic()
        process.stdout.read()
        last = time.monotonic()
    assert process.returncode == 0
    return last - began


def test_workers_cost_little_more_cpu_than_one_process_and_the_command_little_beside_them(
    tmp_path: Path, full_length: bool, figure: Figure
) -> None:
    small, large = wire(tmp_path / "small.jsonl", 20), wire(tmp_path / "large.jsonl", 120)
    alone, alone_more = used(small), used(large)
    two, two_more = used(small, "--workers", "2"), used(large, "--workers", "2")
    floor = alone_more.command - alone.command
    command, workers = two_more.command - two.command, two_more.workers - two.workers
    figure("segmentation on two workers: CPU beside that of one process", f"{(command + workers) / floor:.2f} times")
    figure("of it the command's own, beside that of the workers", f"{command / workers:.2f} times")
    peaks = f"{two.peak / 1024:.0f} MB, {two_more.peak / 1024:.0f} MB"
    figure("the command's peak memory with 60 and 360 articles", peaks, "flat")
    if full_length:  # whether a second core is free is not in our hands, so this is a figure and no check
        load, file = os.getloadavg()[0], wire(tmp_path / "wire.jsonl", 300)
        found = [f"{seconds(file, *words):.1f} s" for words in ((), ("--workers", "1"), ("--workers", "2"))]
        figure(f"900 articles alone, on one worker, on two, at a load of {load:.1f}", ", ".join(found))
    assert command + workers < RATIO * floor
    assert command < SHARE * workers
    assert two_more.peak < GROWTH * two.peak
