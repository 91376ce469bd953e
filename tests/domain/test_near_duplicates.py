"""Near-duplicates: found where half of the runs of words are shared, and joined into clusters."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.near_duplicates import ALIKE, Index, clusters, likeness, shingles

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
