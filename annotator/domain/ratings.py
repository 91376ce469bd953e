"""Who gave which label to which item: a matrix of label codes and its distinct rows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.signedinteger[Any]]
Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]
Value: TypeAlias = str | float | frozenset[str]

MISSING = -1
NONE = "none"  # the element that stands for the empty set
LARGEST_KEY = 2**62


@dataclass(frozen=True)
class Patterns:
    """The distinct rows of a matrix, how many items have each, and which row each item has."""

    rows: Codes  # [patterns, columns]
    items: Floats  # [patterns]
    pattern_of: Indices  # [items]


@dataclass(frozen=True)
class Ratings:
    """Label codes [items, reviewers], -1 for missing, with the names the codes stand for.

    `numbers` has one number a label when all labels are numbers, in rising order;
    `members` has one set a label when labels are sets;
    `declared` are the labels that were announced, used or not, in the order that may serve as a scale.
    """

    items: tuple[str, ...]
    reviewers: tuple[str, ...]
    labels: tuple[str, ...]
    codes: Codes
    numbers: Floats | None = None
    members: tuple[frozenset[str], ...] | None = None
    declared: tuple[str, ...] = ()

    @cached_property
    def patterns(self) -> Patterns:
        """The distinct rating patterns: statistics cost what these cost, not what the items cost."""
        return distinct_rows(self.codes, lowest=MISSING, highest=len(self.labels) - 1)

    @cached_property
    def given(self) -> int:
        """How many labels were given; missing is none."""
        return int(np.count_nonzero(self.codes != MISSING))

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The single labels: those in the sets when labels are sets, else the labels themselves."""
        if self.members is None:
            return self.labels
        used: frozenset[str] = frozenset().union(*self.members)
        return (*self.declared, *sorted(used - set(self.declared)))


def distinct_rows(matrix: Codes, *, lowest: int, highest: int) -> Patterns:
    """Find the distinct rows of an integer matrix, in rising order, by packing each row into one number."""
    base = highest - lowest + 1
    key, span = np.zeros(len(matrix), np.int64), 1
    for column in matrix.T:
        if span > LARGEST_KEY // base:
            present, key = np.unique(key, return_inverse=True)
            span = len(present)
        key = key * base + (column - lowest)
        span *= base
    return _by_table(matrix, key, span) if span <= 4 * len(matrix) + 1024 else _by_sorting(matrix, key)


def _by_table(matrix: Codes, key: NDArray[np.int64], span: int) -> Patterns:
    count = np.bincount(key, minlength=span)
    present = np.flatnonzero(count)
    place, example = np.zeros(span, np.intp), np.zeros(span, np.intp)
    place[present] = np.arange(len(present))
    example[key] = np.arange(len(key))
    return Patterns(matrix[example[present]], count[present].astype(np.float64), place[key])


def _by_sorting(matrix: Codes, key: NDArray[np.int64]) -> Patterns:
    _, example, pattern_of, count = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    return Patterns(matrix[example], count.astype(np.float64), pattern_of)


def name_of(value: Value) -> str:
    """The id by which a label is compared: 1 and 1.0 are one label, so are sets written in any order."""
    if isinstance(value, str):
        return value
    if isinstance(value, frozenset):
        names = sorted(value)
        return json.dumps(names, ensure_ascii=False) if any("+" in name for name in names) else "+".join(names)
    number = float(value)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def read_number(text: str) -> float | None:
    """The number a text spells, or None; `nan`, `inf` and `1_000` are no numbers here."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) and "_" not in text else None


def ratings_of(rows: Iterable[tuple[str, str, Value | None]], *, declared: Sequence[str] = ()) -> Ratings:
    """Build the matrix from rows (item, reviewer, label); the order of rows changes nothing.

    None is missing: an item or a reviewer that has nothing else is not counted. Raises ValueError for two labels
    of one reviewer on one item and for a label that is not among the declared ones.
    """
    given: dict[tuple[str, str], Value] = {}
    for item, reviewer, value in rows:
        if value is None:
            continue
        if (item, reviewer) in given:
            raise ValueError(f"two labels by {reviewer} on {item}")
        given[item, reviewer] = value
    scale = _Scale.of(set(given.values()), declared)
    items = {item: row for row, item in enumerate(sorted({item for item, _ in given}))}
    reviewers = {name: column for column, name in enumerate(sorted({reviewer for _, reviewer in given}))}
    codes = np.full((len(items), len(reviewers)), MISSING, np.int32)
    where = ([items[item] for item, _ in given], [reviewers[reviewer] for _, reviewer in given])
    codes[where] = [scale.code[value] for value in given.values()]
    return Ratings(tuple(items), tuple(reviewers), scale.labels, codes, scale.numbers, scale.members, scale.declared)


def ratings_in_rows(
    items: Sequence[str],
    row: Indices,
    kinds: Sequence[tuple[str, Value]],
    kind: Indices,
    declared: Sequence[str],
) -> Ratings:
    """As `ratings_of` for many labels: items in rising order; of each label its item's row and its kind.

    A kind is a reviewer with what they gave, so that it is looked up once for all items that have it.
    """
    scale = _Scale.of({value for _, value in kinds}, declared)
    names = {name: column for column, name in enumerate(sorted({name for name, _ in kinds}))}
    column = np.array([names[name] for name, _ in kinds], np.intp)
    code = np.array([scale.code[value] for _, value in kinds], np.int32)
    codes = np.full((len(items), len(names)), MISSING, np.int32)
    codes[row, column[kind]] = code[kind]
    return Ratings(tuple(items), tuple(names), scale.labels, codes, scale.numbers, scale.members, scale.declared)


@dataclass(frozen=True)
class _Scale:
    """The labels in order and the code of each value."""

    code: dict[Value, int]
    labels: tuple[str, ...]
    declared: tuple[str, ...]
    numbers: Floats | None = None
    members: tuple[frozenset[str], ...] | None = None

    @classmethod
    def of(cls, values: set[Value], declared: Sequence[str]) -> "_Scale":
        if any(isinstance(value, frozenset) for value in values):
            return cls._of_sets(values, tuple(dict.fromkeys(declared)))
        announced = [read_number(name) for name in declared]
        numeric = bool(values) and not any(isinstance(value, str) for value in values) and None not in announced
        wanted = [name_of(number) for number in announced if number is not None] if numeric else declared
        order = tuple(dict.fromkeys(wanted))
        used = {name_of(value) for value in values}
        _refuse_undeclared(used, order)
        labels = sorted(used.union(order), key=float) if numeric else [*order, *sorted(used.difference(order))]
        place = {name: number for number, name in enumerate(labels)}
        numbers = np.array([float(name) for name in labels]) if numeric else None
        return cls({value: place[name_of(value)] for value in values}, tuple(labels), order, numbers)

    @classmethod
    def _of_sets(cls, values: set[Value], declared: tuple[str, ...]) -> "_Scale":
        as_set = {value: value if isinstance(value, frozenset) else frozenset({name_of(value)}) for value in values}
        as_set = {value: members or frozenset({NONE}) for value, members in as_set.items()}
        _refuse_undeclared(frozenset().union(*as_set.values()) - {NONE}, declared)
        sets = sorted(set(as_set.values()), key=lambda members: (len(members), sorted(members)))
        place = {members: number for number, members in enumerate(sets)}
        names = tuple(name_of(members) for members in sets)
        return cls({value: place[members] for value, members in as_set.items()}, names, declared, None, tuple(sets))


def _refuse_undeclared(used: Iterable[str], declared: tuple[str, ...]) -> None:
    unknown = sorted(set(used).difference(declared)) if declared else []
    if unknown:
        raise ValueError(f"label {unknown[0]!r} is not among the declared ones: {', '.join(declared)}")
