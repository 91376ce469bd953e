"""Segmentation beside spaCy's plain parser in the same run, and its memory over the number of articles."""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from annotator.nlp.rivals import rival
from annotator.nlp.segment import segment, segment_many
from annotator.nlp.suggest import PACKAGES
from tests.benchmarks.conftest import Figure

pytestmark = pytest.mark.benchmark
ARTICLES = sorted((Path(__file__).parents[2] / "corpus" / "articles").glob("*.txt"))
RATIO = 3.5  # times as fast as the parser, which does 90,000 characters a CPU second where ours is to do 300,000
GROWTH = 1.1  # peak memory with ten times the articles
PEAK = """
import sys
from annotator.nlp.segment import segment_many

article = " ".join(f"The {place}x mill closed in May. Mr. Berg left." for place in range(80))
articles = int(sys.argv[1])
assert sum(len(one.sentences) for one in segment_many((article, "en") for _ in range(articles))) == 160 * articles
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def prose() -> list[str]:
    """The corpus ten times, each time with names that were not met before."""
    chance = random.Random(5)
    texts = [path.read_text(encoding="utf-8") for path in ARTICLES] * 10
    return [" the ".join(f"{part} {chance.randrange(10**6):x}or" for part in text.split(" the ")) for text in texts]


def cpu_seconds(action: Callable[[], object]) -> float:
    found = []
    for _ in range(3):
        start = time.process_time()
        action()
        found.append(time.process_time() - start)
    return min(found)


def test_prose_is_segmented_several_times_as_fast_as_it_is_parsed(figure: Figure) -> None:
    parser = rival(next(package for package in PACKAGES if find_spec(package)))
    texts, seed = prose(), ARTICLES[0].read_text(encoding="utf-8")
    segment("All is loaded before the clock starts.")
    ours = cpu_seconds(lambda: list(segment_many((text, "en") for text in texts)))
    floor = cpu_seconds(lambda: list(parser(texts)))
    one = cpu_seconds(lambda: [segment(seed) for _ in range(10)]) / 10
    rate = f"{sum(map(len, texts)) / ours:,.0f} characters a CPU second"
    figure("sentences, beside the plain parser", f"{rate}, {floor / ours:.1f} times as fast", f"{RATIO} times")
    figure(f"sentences of an article of {len(seed):,} characters", f"{1000 * one:.1f} ms")
    assert RATIO * ours < floor
    assert RATIO * one < floor * len(seed) / sum(map(len, texts))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_peak_memory_is_flat_in_the_number_of_articles(figure: Figure) -> None:
    few, many = (
        int(subprocess.run([sys.executable, "-c", PEAK, count], check=True, capture_output=True, text=True).stdout)
        for count in ("40", "400")
    )
    figure("sentences: peak memory with 40 and 400 articles", f"{few / 1024:.0f} MB, {many / 1024:.0f} MB", "flat")
    assert many < GROWTH * few
