"""Who gave which label to which item: a matrix of label codes and its distinct rows."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

type Codes = NDArray[np.signedinteger]
type Floats = NDArray[np.float64]
type Indices = NDArray[np.intp]
type Value = str | float | frozenset[str]

MISSING = -1
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
    `ordered` says that the order of `labels` was declared and may serve as a scale.
    """

    items: tuple[str, ...]
    reviewers: tuple[str, ...]
    labels: tuple[str, ...]
    codes: Codes
    numbers: Floats | None = None
    members: tuple[frozenset[str], ...] | None = None
    ordered: bool = False
    declared: tuple[str, ...] = ()

    @cached_property
    def patterns(self) -> Patterns:
        """The distinct rating patterns: statistics cost what these cost, not what the items cost."""
        return distinct_rows(self.codes, lowest=MISSING, highest=len(self.labels) - 1)

    @cached_property
    def ratings(self) -> int:
        """How many labels were given; missing is none."""
        return int(np.count_nonzero(self.codes != MISSING))

    @cached_property
    def elements(self) -> tuple[str, ...]:
        """The single labels: those in the sets when labels are sets, else the labels themselves."""
        if self.members is None:
            return self.labels
        used = sorted(frozenset().union(*self.members) - set(self.declared))
        return (*self.declared, *used)

    def without(self, reviewer: int) -> "Ratings":
        """The same ratings with one reviewer's column left out."""
        keep = [column for column in range(len(self.reviewers)) if column != reviewer]
        return Ratings(
            items=self.items,
            reviewers=tuple(self.reviewers[column] for column in keep),
            labels=self.labels,
            codes=self.codes[:, keep],
            numbers=self.numbers,
            members=self.members,
            ordered=self.ordered,
            declared=self.declared,
        )


def distinct_rows(matrix: Codes, *, lowest: int, highest: int) -> Patterns:
    """Find the distinct rows of an integer matrix, in rising order, by packing each row into one number."""
    base = highest - lowest + 1
    key, span = np.zeros(len(matrix), np.int64), 1
    for column in matrix.T:
        if span > LARGEST_KEY // base:
            present, key = np.unique(key, return_inverse=True)
            span = len(present)
        key *= base
        key += column
        key -= lowest
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
    return str(int(value)) if float(value).is_integer() else repr(float(value))


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
    given = {}
    for item, reviewer, value in rows:
        if value is None:
            continue
        if (item, reviewer) in given:
            raise ValueError(f"two labels by {reviewer} on {item}")
        given[item, reviewer] = value
    return _matrix(given, *_label_table(set(given.values()), declared))


type Table = tuple[dict[Value, int], tuple[str, ...], Floats | None, tuple[frozenset[str], ...] | None, tuple[str, ...]]


def _label_table(values: set[Value], declared: Sequence[str]) -> Table:
    """Give each label a code: (code of each value, names, numbers, members, declared)."""
    if any(isinstance(value, frozenset) for value in values):
        return _set_table(values, tuple(dict.fromkeys(declared)))
    numbers = [read_number(name) for name in declared]
    if all(not isinstance(value, str) for value in values) and values and None not in numbers:
        wanted = tuple(dict.fromkeys(name_of(number) for number in numbers if number is not None))
        names = sorted({name_of(value) for value in values} | set(wanted), key=float)
    else:
        wanted = tuple(dict.fromkeys(declared))
        names = [*wanted, *sorted({name_of(value) for value in values} - set(wanted))]
    _refuse_undeclared({name_of(value) for value in values}, wanted)
    numeric = bool(values) and all(not isinstance(value, str) for value in values) and None not in numbers
    code = {name: number for number, name in enumerate(names)}
    scale = np.array([float(name) for name in names]) if numeric else None
    return {value: code[name_of(value)] for value in values}, tuple(names), scale, None, wanted


def _set_table(values: set[Value], declared: tuple[str, ...]) -> Table:
    as_set = {value: value if isinstance(value, frozenset) else frozenset({name_of(value)}) for value in values}
    _refuse_undeclared(frozenset().union(*as_set.values()), declared)
    sets = sorted(set(as_set.values()), key=lambda members: (len(members), name_of(members)))
    code = {members: number for number, members in enumerate(sets)}
    names = tuple(name_of(members) for members in sets)
    return {value: code[members] for value, members in as_set.items()}, names, None, tuple(sets), declared


def _refuse_undeclared(used: Iterable[str], declared: tuple[str, ...]) -> None:
    if declared and (unknown := sorted(set(used) - set(declared))):
        raise ValueError(f"label {unknown[0]!r} is not among the declared ones: {', '.join(declared)}")


def _matrix(
    given: dict[tuple[str, str], Value],
    code: dict[Value, int],
    labels: tuple[str, ...],
    numbers: Floats | None,
    members: tuple[frozenset[str], ...] | None,
    declared: tuple[str, ...],
) -> Ratings:
    items = sorted({item for item, _ in given})
    reviewers = sorted({reviewer for _, reviewer in given})
    row = {item: number for number, item in enumerate(items)}
    column = {reviewer: number for number, reviewer in enumerate(reviewers)}
    codes = np.full((len(items), len(reviewers)), MISSING, np.int32)
    where = ([row[item] for item, _ in given], [column[reviewer] for _, reviewer in given])
    codes[where] = [code[value] for value in given.values()]
    return Ratings(
        items=tuple(items),
        reviewers=tuple(reviewers),
        labels=labels,
        codes=codes,
        numbers=numbers,
        members=members,
        ordered=bool(declared) and members is None,
        declared=declared,
    )
