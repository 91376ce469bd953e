"""An import beside the segmentation of the same texts in the same run, and its memory over the number of articles."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.intake.formats import Lines
from annotator.nlp.languages import detect
from annotator.nlp.segment import segment, segment_many
from annotator.services.articles import import_articles
from annotator.services.storing import File
from db.engine import Database
from db.vocabulary import ImportFormat
from tests.benchmarks.conftest import Figure
from tests.faults.serving import environment

pytestmark = pytest.mark.benchmark
ROOT = Path(__file__).parents[2]
ARTICLES = sorted((ROOT / "corpus" / "articles").glob("*.txt"))
RATIO = 1.5  # times the segmentation alone
GROWTH = 1.15  # peak memory with ten times the articles
PEAK = """
import sys
from pathlib import Path
from annotator.intake.formats import Lines
from annotator.services import projects
from annotator.services.articles import import_articles
from annotator.services.storing import File
from db import migrate
from db.engine import open_database
from db.vocabulary import ImportFormat

database = open_database(sys.argv[1])
migrate.upgrade(database)
with database.write() as session:
    projects.ensure(session)
file = File(ImportFormat.JSONL, "wire.jsonl", "0" * 64)
report = import_articles(database, Lines(Path(sys.argv[2])), file, partial=sys.argv[3] == "partial")
print(report.counts()["accepted"])
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def prose(times: int) -> list[str]:
    """The corpus several times, each time with names that were not met before."""
    chance = random.Random(7)
    texts = [path.read_text(encoding="utf-8") for path in ARTICLES] * times
    return [" the ".join(f"{part} {chance.randrange(10**6):x}or" for part in text.split(" the ")) for text in texts]


def wire(file: Path, number: int) -> Path:
    """So many articles of half a dozen sentences, a record each."""
    chance = random.Random(8)
    with file.open("w", encoding="utf-8") as lines:
        for n in range(number):
            words = (f"{chance.randrange(10**5):x}" for _ in range(6))
            text = " ".join(f"The council of {word} said on Monday that the ferry is late again." for word in words)
            lines.write(json.dumps({"id": f"a{n}", "text": text}) + "\n")
    return file


def cpu_seconds(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def test_an_import_takes_little_longer_than_segmentation_alone(
    database: Database, tmp_path: Path, figure: Figure
) -> None:
    segment("All is loaded before the clock starts.")
    detect("The word lists are loaded before the clock starts, which takes a tenth of a second.")
    ratios = []
    for turn in range(2):
        texts = [f"{text}\nEdition {turn}." for text in prose(40)]
        file = tmp_path / f"{turn}.jsonl"
        file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
        floor = cpu_seconds(lambda: list(segment_many((text, "en") for text in texts)))  # noqa: B023  called at once
        source = File(ImportFormat.JSONL, file.name, str(turn) * 64)
        whole = cpu_seconds(lambda: import_articles(database, Lines(file), source))  # noqa: B023
        ratios.append(whole / floor)
    figure("import of JSON lines, beside the segmentation of its texts alone", f"{min(ratios):.2f} times", "1.5")
    assert min(ratios) < RATIO


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
@pytest.mark.parametrize("how", ["whole", "partial"])
def test_peak_memory_is_flat_in_the_number_of_articles(
    tmp_path: Path, full_length: bool, how: str, figure: Figure
) -> None:
    sizes, peaks = ((500, 5_000) if full_length else (100, 1_000)), []
    for number in sizes:
        arguments = [str(tmp_path / f"{number}.db"), str(wire(tmp_path / f"{number}.jsonl", number)), how]
        done = subprocess.run(
            [sys.executable, "-c", PEAK, *arguments], check=True, capture_output=True, text=True, cwd=ROOT,
            env=environment(),
        )  # fmt: skip
        accepted, peak = map(int, done.stdout.split())
        assert accepted == number
        peaks.append(peak)
    what = f"import ({how}): peak memory with {sizes[0]} and {sizes[1]} articles"
    figure(what, f"{peaks[0] / 1024:.0f} MB, {peaks[1] / 1024:.0f} MB", "flat")
    assert peaks[1] < GROWTH * peaks[0]
