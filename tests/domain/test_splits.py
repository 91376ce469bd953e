"""Splits: groups stay whole, ratios hold, the seed decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.splits import split
from annotator.errors import Invalid

RATIOS = {"train": 80, "dev": 10, "test": 10}
groups_of = st.lists(st.integers(1, 4), min_size=1, max_size=60).map(
    lambda sizes: [[f"g{n}-{k}" for k in range(size)] for n, size in enumerate(sizes)]
)


@given(groups_of, st.integers(0, 9))
def test_groups_stay_whole_and_every_key_has_one_part(groups: list[list[str]], seed: int) -> None:
    found = split(groups, RATIOS, seed=seed)
    assert sorted(found) == sorted(key for group in groups for key in group)
    assert all(len({found[key] for key in group}) == 1 for group in groups)
    assert found == split([group[::-1] for group in reversed(groups)], RATIOS, seed=seed)


@given(groups_of, st.integers(0, 9))
def test_no_part_has_more_than_its_share_and_one_group(groups: list[list[str]], seed: int) -> None:
    found = split(groups, RATIOS, seed=seed)
    for name, ratio in RATIOS.items():
        size = sum(part == name for part in found.values())
        assert size <= len(found) * ratio / 100 + max(map(len, groups))


def test_seeds_give_other_splits_of_the_same_sizes() -> None:
    groups = [[f"a{n}"] for n in range(100)]
    one, two = (split(groups, RATIOS, seed=seed) for seed in (1, 2))
    assert one != two
    for found in (one, two):
        assert [list(found.values()).count(name) for name in RATIOS] == [80, 10, 10]


@pytest.mark.parametrize("ratios", [{}, {"train": 1}, {"train": 1, "test": 0}, {"a": -1, "b": 1}])
def test_ratios_that_part_nothing_are_refused(ratios: dict[str, int]) -> None:
    with pytest.raises(Invalid) as refused:
        split([["a"], ["b"]], ratios, seed=1)
    assert refused.value.field == "ratios"
    assert refused.value.message == "A split needs two parts or more, each with a ratio above zero."


def test_large_groups_go_first_each_to_the_part_that_lacks_most() -> None:
    assert split([["d"], ["a", "b", "c"]], {"train": 1, "test": 1}, seed=0) == {
        "a": "train", "b": "train", "c": "train", "d": "test",
    }  # fmt: skip
    halves = split([["a", "b"], ["c"], ["d"]], {"train": 2, "test": 2}, seed=3)
    assert halves == {"a": "train", "b": "train", "c": "test", "d": "test"}
