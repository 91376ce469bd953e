"""Which part of a long article the page holds, its blocks, and the strip that stands for the whole of it.

An article of up to `WHOLE` sentences is on the page whole. Of a longer one the page holds a window around the sentence
in hand; as that one comes near an edge, answers add sentences there, so that no answer grows with the article.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from annotator.web.views.rows import PlainRow, RowView, shape_of_most
from db.queries.annotate import Outlined
from db.vocabulary import BlockKind

WHOLE = 400
AROUND = 100  # sentences on either side of the step that holds the one in hand, when a window is opened
MARGIN = 40  # sentences between the one in hand and an edge, more than a screen holds, so that no edge is seen to move
STEP = 10  # sentences that an answer adds
SEGMENTS = 400  # of the strip at most


@dataclass(frozen=True, slots=True)
class Window:
    """The sentences `first` to `last` of `total`, counted from 1."""

    first: int
    last: int
    total: int

    def __contains__(self, n: int) -> bool:
        return self.first <= n <= self.last

    @property
    def numbers(self) -> range:
        return range(self.first, self.last + 1)

    @property
    def partial(self) -> bool:
        """The article is longer than what a page may hold, so that there are edges."""
        return self.total > WHOLE

    @property
    def earlier(self) -> tuple[int, int] | None:
        """The sentences that come before, as far as the link there would show them."""
        return (max(1, self.first - AROUND), self.first - 1) if self.first > 1 else None

    @property
    def later(self) -> tuple[int, int] | None:
        return (self.last + 1, min(self.total, self.last + AROUND)) if self.last < self.total else None


@dataclass(frozen=True, slots=True)
class Turn:
    """The window after a step: `before` and `after` are added to what is shown, or the text is put there anew."""

    window: Window
    before: Window | None = None
    after: Window | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class BlockView:
    """A block of the article: its heading level (0: a paragraph, list item …) and its sentences.

    `joined`: it is the rest of a block that began before.
    """

    level: int
    rows: tuple[RowView | PlainRow, ...]
    joined: bool = False


@dataclass(frozen=True, slots=True)
class SegmentView:
    """One piece of the strip, counted from 1: the shape that most of its sentences have."""

    n: int
    shape: str
    here: bool


def around(n: int, total: int) -> Window:
    """The window that a page with sentence `n` in hand opens."""
    if total <= WHOLE:
        return Window(1, total, total)
    start = (n - 1) // STEP * STEP + 1
    return Window(max(1, start - AROUND), min(total, start + STEP - 1 + AROUND), total)


def shown(words: str, was: int, total: int) -> Window:
    """The window that a form says its page holds; without such words the one that opened with `was` in hand."""
    found = re.fullmatch(r"([0-9]{1,6})-([0-9]{1,6})", words)
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    return Window(first, last, total) if 1 <= first <= last <= total else around(was, total)


def turn(window: Window, n: int) -> Turn:
    """How a page with this window comes to sentence `n` with some sentences on either side of it."""
    total = window.total
    if n not in window:
        return Turn(around(n, total), anew=True)
    first, last = window.first, window.last
    if n - MARGIN < first:
        first = max(1, min(first - STEP, n - MARGIN))
    if n + MARGIN > last:
        last = min(total, max(last + STEP, n + MARGIN))
    before = Window(first, window.first - 1, total) if first < window.first else None
    after = Window(window.last + 1, last, total) if last > window.last else None
    return Turn(Window(first, last, total), before, after)


def blocks(
    outline: Sequence[Outlined], rows: Mapping[int, RowView | PlainRow], window: Window
) -> tuple[BlockView, ...]:
    """The rows of a window by block; a heading that opens the article is the page's first one, others come below it."""
    found: list[BlockView] = []
    for block, group in groupby(window.numbers, key=lambda n: outline[n - 1].block_id):
        numbers = list(group)
        heading = outline[numbers[0] - 1].kind == BlockKind.HEADING
        first = numbers[0] == 1 and not window.partial
        joined = numbers[0] > 1 and outline[numbers[0] - 2].block_id == block
        found.append(BlockView((1 if first else 2) if heading else 0, tuple(rows[n] for n in numbers), joined))
    return tuple(found)


def segment_of(n: int, total: int) -> int:
    """The segment of the strip in which sentence `n` lies."""
    return (n - 1) // _per_segment(total) + 1


def segments(total: int) -> int:
    """How many segments the strip has."""
    return segment_of(total, total)


def strip(outline: Sequence[Outlined], here: int, wanted: Sequence[int] | None = None) -> tuple[SegmentView, ...]:
    """The `wanted` segments, or all; `here` is the sentence in hand."""
    total, size = len(outline), _per_segment(len(outline))
    found = []
    for n in range(1, segments(total) + 1) if wanted is None else wanted:
        most = shape_of_most(outline[(n - 1) * size : n * size])
        found.append(SegmentView(n, most, n == segment_of(here, total)))
    return tuple(found)


def _per_segment(total: int) -> int:
    return -(-total // SEGMENTS)
