"""How alike texts are, told from a kilobyte of each."""

import random
import zlib

import numpy as np
import pytest

from annotator.domain import sketches
from annotator.domain.near_duplicates import likeness, shingles
from annotator.domain.sketches import BINS, EMPTY, Sketch, Sketches, sketch

CHANCE = random.Random(3)
WORDS = [f"word{n}" for n in range(3_000)]


def text(words: int = 600) -> str:
    return " ".join(CHANCE.choice(WORDS) for _ in range(words))


def changed(whole: str, number: int) -> str:
    words = whole.split()
    for place in CHANCE.sample(range(len(words)), number):
        words[place] = "other"
    return " ".join(words)


@pytest.mark.parametrize("number", [0, 3, 10, 25])
def test_the_share_is_near_the_exact_index(number: int) -> None:
    one = text()
    other = changed(one, number)
    seen = Sketches()
    seen.add("one", sketch(one))
    found = seen.like(sketch(other), least=0)
    assert found is not None
    assert found[0] == "one"
    assert abs(found[1] - likeness(shingles(one), shingles(other))) < 0.1


def test_the_most_alike_of_many_is_found_and_of_strangers_none() -> None:
    texts = [text() for _ in range(150)]
    seen = Sketches()
    for n, one in enumerate(texts):
        assert seen.like(sketch(one)) is None
        seen.add(n, sketch(one))
    found = seen.like(sketch(changed(texts[77], 5)))
    assert found is not None
    assert found[0] == 77


def test_short_and_empty_texts_are_compared_too() -> None:
    seen = Sketches()
    assert seen.like(sketch("")) is None
    seen.add("short", sketch("It fell."))
    assert seen.like(sketch("IT FELL!")) == ("short", 1.0)
    assert seen.like(sketch("قال العمدة ذلك")) is None


def test_the_oldest_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "MOST", 3)
    seen, texts = Sketches(), [text(50) for _ in range(5)]
    for n, one in enumerate(texts):
        seen.add(n, sketch(one))
    assert [found and found[0] for found in (seen.like(sketch(one)) for one in texts)] == [None, None, 2, 3, 4]


def bins(filled: int, changed: range = range(0)) -> Sketch:
    """A sketch by hand: so many bins with their own number, other numbers in some of them, the rest empty."""
    made = np.full(BINS, EMPTY)
    made[:filled] = np.arange(filled)
    made[list(changed)] = np.array([1_000 + place for place in changed], np.uint32)
    return made


def test_the_share_is_that_of_the_bins_that_either_has_filled() -> None:
    seen = Sketches()
    seen.add("half", bins(256, range(128, 256)))
    assert seen.like(bins(256)) == ("half", 0.5)
    assert seen.like(bins(256), least=0.51) is None
    seen.add("all", bins(256))
    assert seen.like(bins(256)) == ("all", 1.0)
    few = Sketches()
    few.add("four", bins(4, range(3, 6)))  # six are filled, three of them as in the other
    assert few.like(bins(4), least=0) == ("four", 3 / 6)


@pytest.mark.parametrize(("filled", "same", "is_near"), [(32, 4, True), (32, 3, False), (27, 3, False), (24, 3, True)])
def test_an_eighth_of_the_first_bins_must_be_the_same(filled: int, same: int, is_near: bool) -> None:
    seen = Sketches()
    seen.add("one", bins(filled, range(same, filled)))
    assert (seen.like(bins(filled), least=0) is not None) == is_near


def by_hand(words: list[str]) -> list[int]:
    """The sketch written out in whole numbers modulo 2^64."""
    bins, most = [2**32 - 1] * 256, 2**64
    for start in range(max(1, len(words) - 4)):
        found = 0
        for n, word in enumerate(words[start : start + 5], start=1):
            found = (found * 0x9E3779B97F4A7C15 + zlib.crc32(word.encode()) + n) % most
        found = (found ^ (found >> 31)) * 0xBF58476D1CE4E5B9 % most
        found ^= found >> 31
        bins[found % 256] = min(bins[found % 256], found >> 32)
    return bins


@pytest.mark.parametrize("number", [0, 1, 4, 5, 6, 700])
def test_a_sketch_is_the_smallest_hash_of_its_runs_of_five_words_in_each_bin(number: int) -> None:
    words = [f"wört{n}" for n in range(number)]
    assert sketch(", ".join(words).upper()).tolist() == by_hand(words)


def test_only_texts_that_are_near_are_compared_and_the_first_of_equals_is_told() -> None:
    seen = Sketches()
    seen.add("stranger", bins(256, range(256)))
    seen.add("one", bins(256, range(100, 256)))
    seen.add("other", bins(256, range(100, 256)))
    assert seen.like(bins(256), least=100 / 256) == ("one", 100 / 256)
    assert seen.like(bins(256)) is None
    assert seen.like(bins(0), least=0.5) is None


def test_room_is_made_for_more_texts_and_what_was_there_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sketches, "MOST", 130)
    seen = Sketches()
    texts = [bins(256, range(n % 200, n % 200 + 40)) for n in range(140)]
    for n, one in enumerate(texts):
        seen.add(n, one)
    assert (seen.seen, len(seen.keys), len(seen._rows)) == (140, 130, 256)
    assert sorted(seen.keys) == list(range(10, 140))
    kept = [10, 63, 64, 127, 128, 139]
    assert [seen.like(texts[n], least=1) for n in kept] == [(n, 1.0) for n in kept]
    assert seen.like(texts[9], least=1) is None
