"""Where two segmentations of one text part: what is the same stays, what overlaps belongs together."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.resegmentation import differences
from annotator.domain.spans import Span

LENGTH = 30


def spans(*edges: int) -> list[Span]:
    return [Span(start, end) for start, end in pairwise(edges)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ((0, 5, 9), (0, 5, 9), []),
        ((0, 9), (0, 4, 9), [("split", 1, 2)]),
        ((0, 3, 6, 9), (0, 9), [("merge", 3, 1)]),
        ((0, 5, 9), (0, 6, 9), [("move", 2, 2)]),
        ((0, 5, 9, 12), (0, 9, 10, 12), [("merge", 2, 1), ("split", 1, 2)]),
        ((0, 2, 5, 9), (0, 5, 7, 9), [("merge", 2, 1), ("split", 1, 2)]),
        ((0, 2, 5, 9, 12), (0, 3, 9, 12), [("move", 3, 2)]),
        ((0, 5, 9), (0, 5, 8), [("move", 1, 1)]),
    ],
)
def test_each_place_is_named_with_its_kind(
    old: tuple[int, ...], new: tuple[int, ...], found: list[tuple[str, int, int]]
) -> None:
    assert [(str(one.kind), len(one.old), len(one.new)) for one in differences(spans(*old), spans(*new))] == found


def test_a_sentence_that_has_nothing_beside_it_is_no_difference() -> None:
    assert differences([Span(0, 3), Span(5, 9)], [Span(0, 3)]) == []
    assert differences([Span(5, 9)], [Span(0, 3), Span(5, 9)]) == []


cuts = st.sets(st.integers(1, LENGTH - 1)).map(lambda edges: spans(0, *sorted(edges), LENGTH))


@given(cuts, cuts)
def test_old_sentences_with_the_differences_put_in_their_place_are_the_new_ones(
    old: list[Span], new: list[Span]
) -> None:
    made, place = [], 0
    for one in differences(old, new):
        made += old[place : one.old.start] + [new[n] for n in one.new]
        place = one.old.stop
        before, after = [old[n] for n in one.old], [new[n] for n in one.new]
        assert (before[0].start, before[-1].end) == (after[0].start, after[-1].end)
        assert set(before).isdisjoint(after)
    assert made + old[place:] == new
