"""Near-duplicates: found where half of the runs of words are shared, and joined into clusters."""

import hashlib
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.near_duplicates import (
    ALIKE,
    BANDS,
    PRIME,
    ROWS,
    SEED,
    Index,
    Shingles,
    _bands,
    clusters,
    likeness,
    shingles,
)

WORDS = [f"word{n}" for n in range(400)]
STORY = " ".join(WORDS[:200])


def pairs(texts: dict[str, str]) -> set[tuple[str, str]]:
    index = Index()
    return {tuple(sorted((key, other))) for key, text in texts.items() for other, _ in index.add(key, text)}  # type: ignore[misc]


def test_case_white_space_and_punctuation_do_not_part_texts() -> None:
    one, two = "The toll rose, by 4 crowns: “too much”.", "the  toll\nrose by 4 CROWNS — too much"
    assert likeness(shingles(one), shingles(two)) == 1
    assert likeness(shingles("ﬁne e\u0301lan 👩‍🚒"), shingles("FINE Élan")) == 1


@pytest.mark.parametrize("text", ["", "one", "👩‍🚒", "قال العمدة ذلك", "a b c d e", "\u2028 \u202e"])
def test_short_texts_are_alike_only_to_themselves(text: str) -> None:
    assert likeness(shingles(text), shingles(text)) == 1
    assert likeness(shingles(text), shingles(STORY)) == 0


def test_likeness_is_the_share_of_common_runs() -> None:
    one, two = " ".join(WORDS[:104]), " ".join(WORDS[50:154])  # 100 runs each, 50 of them common
    assert likeness(shingles(one), shingles(two)) == 50 / 150


def test_a_rewritten_story_is_found_and_another_is_not() -> None:
    rewritten = "Updated. " + " ".join([*WORDS[:90], "instead", *WORDS[91:200]]) + " More follows."
    other = " ".join(WORDS[200:])
    assert pairs({"a": STORY, "b": rewritten, "c": other}) == {("a", "b")}


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 120), st.integers(30, 160), st.sets(st.integers(0, 300), max_size=6)),
        min_size=2, max_size=8,
    )
)  # fmt: skip
def test_no_pair_that_is_alike_is_missed_and_none_is_invented(cuts: list[tuple[int, int, set[int]]]) -> None:
    texts = {}
    for number, (start, length, changed) in enumerate(cuts):
        chosen = WORDS[start : start + length]
        texts[str(number)] = " ".join(f"x{n}{number}" if n in changed else word for n, word in enumerate(chosen))
    all_shingles = {key: shingles(text) for key, text in texts.items()}
    exact = {pair for pair in combinations(sorted(texts), 2) if likeness(*(all_shingles[key] for key in pair)) >= ALIKE}
    assert pairs(texts) == exact
    assert pairs(dict(reversed(texts.items()))) == exact


def test_clusters_join_what_others_join() -> None:
    assert clusters({"d": [], "a": [], "b": ["a"], "c": ["b"], "e": ["d"], "f": []}) == [
        ["a", "b", "c"],
        ["d", "e"],
        ["f"],
    ]


def test_the_most_alike_comes_first() -> None:
    index = Index()
    index.add("far", " ".join(WORDS[:150]))
    index.add("near", " ".join(WORDS[:190]))
    assert [key for key, _ in index.add("all", STORY)] == ["near", "far"]


def test_shingles_are_the_hashes_of_five_words_each_once_and_in_order() -> None:
    runs = ["a b c d e", "b c d e a", "c d e a b", "d e a b c", "e a b c d"]
    hashes = {int.from_bytes(hashlib.blake2b(run.encode(), digest_size=8).digest(), "little") for run in runs}
    assert shingles("A b, c d e a B c d e.").tolist() == sorted(one % (2**31 - 1) for one in hashes)
    assert len(shingles("a b c d e")) == len(shingles("a b c d")) == len(shingles("")) == 1
    assert len(shingles("a b c d e f")) == 2


@pytest.mark.parametrize("number", [1, 256, 257, 513])
def test_bands_are_the_least_values_of_their_hash_functions(number: int) -> None:
    """Min-wise hashing written out in whole numbers: (factor x + shift) mod 2^31 - 1 for each of 128 functions."""
    mine: Shingles = np.arange(number, dtype=np.uint64) * np.uint64(1_000_003) % PRIME
    drawn = hashlib.shake_256(bytes([SEED])).digest(BANDS * ROWS * 16)
    whole = [int.from_bytes(drawn[place : place + 8], "little") for place in range(0, len(drawn), 8)]
    prime, functions = int(PRIME), len(whole) // 2
    factors = [1 + number % (prime - 1) for number in whole[:functions]]
    shifts = [number % prime for number in whole[functions:]]
    least = [
        min((factor * one + shift) % prime for one in mine.tolist())
        for factor, shift in zip(factors, shifts, strict=True)
    ]
    assert list(_bands(mine)) == [
        bytes([band]) + b"".join(one.to_bytes(8, "little") for one in least[band * ROWS : (band + 1) * ROWS])
        for band in range(BANDS)
    ]


def test_near_ones_that_are_as_alike_come_by_their_key_and_half_is_enough() -> None:
    index, half = Index(), " ".join([*WORDS[:104], *WORDS[300:346]])  # 146 runs
    for key in ("b", "a"):
        index.add(key, " ".join(WORDS[:104]))
    index.add("less", " ".join(WORDS[:103]))
    found = index.add("half", " ".join(WORDS[:204]))
    assert found == [("a", 100 / 200), ("b", 100 / 200)]
    assert index.add("same", half)[0] == ("a", 100 / 146)
    assert list(index.seen) == ["b", "a", "less", "half", "same"]
