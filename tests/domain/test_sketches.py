"""How alike texts are, told from a kilobyte of each."""

import random

import pytest

from annotator.domain import sketches
from annotator.domain.near_duplicates import likeness, shingles
from annotator.domain.sketches import Sketches, sketch

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
