"""How alike texts are, told from a kilobyte of each."""

import random

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
