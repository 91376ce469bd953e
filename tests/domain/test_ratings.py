"""The matrix of ratings: which label a value is, in which order labels stand, which rows are alike."""

import numpy as np
import pytest

from annotator.domain.ratings import (
    MISSING,
    Ratings,
    Value,
    distinct_rows,
    name_of,
    ratings_in_rows,
    ratings_of,
    read_number,
)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("a", "a"),
        (1, "1"),
        (1.0, "1"),
        (-2.0, "-2"),
        (0.5, "0.5"),
        (999_999_999_999_999.0, "999999999999999"),
        (-1e15, "-1000000000000000.0"),  # floats beyond no longer tell every whole number from the next
        (1e300, "1e+300"),
        (frozenset("ba"), "a+b"),
        (frozenset(), ""),
        (frozenset({"a+b", "é"}), '["a+b", "é"]'),
    ],
)
def test_a_label_is_named_by_its_value_however_it_was_written(value: Value, name: str) -> None:
    assert name_of(value) == name


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.5", 1.5), (" -2 ", -2.0), ("1e3", 1000.0), ("nan", None), ("inf", None), ("1_000", None), ("one", None)],
)
def test_only_what_is_written_as_a_finite_number_is_one(text: str, number: float | None) -> None:
    assert read_number(text) == number


def given(*values: Value, declared: tuple[str, ...] = ()) -> Ratings:
    """One reviewer's labels on as many items."""
    return ratings_of(((f"u{place}", "ada", value) for place, value in enumerate(values)), declared=declared)


def test_numbers_stand_in_rising_order_with_the_declared_ones_among_them() -> None:
    found = given(10, 2.0, declared=("10", "2.0", "3"))
    assert (found.labels, found.declared) == (("2", "3", "10"), ("10", "2", "3"))
    assert found.numbers is not None
    assert found.numbers.tolist() == [2, 3, 10]
    assert found.codes.tolist() == [[2], [0]]
    assert found.members is None


@pytest.mark.parametrize("values", [("2", "10"), (2, "10"), ("10", 2)])
def test_a_word_among_numbers_makes_words_of_all(values: tuple[Value, ...]) -> None:
    found = given(*values)
    assert (found.labels, found.numbers) == (("10", "2"), None)


def test_numbers_under_declared_words_are_words() -> None:
    found = given(1, declared=("low", "1"))
    assert (found.labels, found.numbers, found.codes.tolist()) == (("low", "1"), None, [[1]])


def test_words_stand_as_declared_and_else_by_their_letters() -> None:
    assert given("b", "c", "a").labels == ("a", "b", "c")
    found = given("low", "high", declared=("low", "middle", "high", "low"))
    assert found.labels == found.declared == ("low", "middle", "high")
    assert found.codes.tolist() == [[0], [2]]


def test_sets_stand_by_size_and_then_by_letters_and_the_empty_set_is_none() -> None:
    found = given(frozenset("cb"), frozenset("ab"), frozenset("b"), "claim", frozenset(), frozenset({"none"}))
    assert found.labels == ("b", "claim", "none", "a+b", "b+c")
    assert found.members is not None
    assert found.members[3] == {"a", "b"}
    assert found.codes.ravel().tolist() == [4, 3, 0, 1, 2, 2]
    assert found.numbers is None


def test_single_labels_of_sets_are_the_declared_ones_and_then_others_by_letters() -> None:
    found = given(frozenset("cb"), frozenset(), declared=("c", "a", "b", "c"))
    assert found.declared == ("c", "a", "b")
    assert found.elements == ("c", "a", "b", "none")
    assert given("b", "a").elements == ("a", "b")


@pytest.mark.parametrize("value", ["x", frozenset("ax")])
def test_a_label_that_was_not_declared_is_refused_with_those_that_were(value: Value) -> None:
    with pytest.raises(ValueError, match=r"^label 'x' is not among the declared ones: a, b$"):
        given(value, "a", declared=("a", "b"))


def test_none_alone_makes_neither_an_item_nor_a_reviewer() -> None:
    found = ratings_of([("u2", "ben", "a"), ("u1", "ada", None), ("u3", "ada", "b"), ("u2", "cleo", None)])
    assert (found.items, found.reviewers, found.given) == (("u2", "u3"), ("ada", "ben"), 2)
    assert found.codes.tolist() == [[MISSING, 0], [1, MISSING]]
    assert found.codes.dtype == np.int32


def test_none_does_not_end_the_rows_nor_count_as_a_label_given_twice() -> None:
    found = ratings_of([("u1", "ada", None), ("u1", "ada", "a")])
    assert found.codes.tolist() == [[0]]


def test_many_labels_by_their_rows_are_as_those_by_their_items() -> None:
    rows = ratings_in_rows(
        ["u1", "u2"], np.array([1, 0, 1]), [("ada", 2), ("ben", 1), ("ben", 3)], np.array([2, 1, 0]), ["1", "2", "3"]
    )
    names = ratings_of([("u2", "ben", 3), ("u1", "ben", 1), ("u2", "ada", 2)], declared=["1", "2", "3"])
    assert rows.codes.tolist() == names.codes.tolist() == [[MISSING, 0], [1, 2]]
    assert rows.codes.dtype == np.int32
    for field in ("items", "reviewers", "labels", "declared", "members"):
        assert getattr(rows, field) == getattr(names, field)
    assert rows.numbers is not None
    assert rows.numbers.tolist() == [1, 2, 3]
    sets = ratings_in_rows(["u1"], np.array([0]), [("ada", frozenset("ab"))], np.array([0]), [])
    assert sets.members == (frozenset("ab"),)


@pytest.mark.parametrize("highest", [2, 200, 2**31 - 2])  # by a table, by sorting, too wide for one number
def test_rows_that_are_alike_are_one_pattern(highest: int) -> None:
    line = [[0, -1, highest], [2, 1, 0], [0, -1, highest], [-1, 2, 2], [0, -1, 2]]
    found = distinct_rows(np.array(line), lowest=-1, highest=highest)
    assert [found.rows[place].tolist() for place in found.pattern_of] == line
    distinct = sorted(map(list, set(map(tuple, line))))
    assert found.rows.tolist() == distinct
    assert found.items.tolist() == [line.count(row) for row in distinct]
    assert found.items.dtype == np.float64
