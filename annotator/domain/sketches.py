"""Texts like one that is new, among thousands: a kilobyte each, compared all at once (Li, Owen and Zhang 2012).

A sketch has the smallest hash of the text's runs of five words in each of 256 bins. The share of bins that two texts
have in common is near the Jaccard index of their runs: at 0.9 its standard error is 0.02. `near_duplicates` counts
the index exactly, for a split, and needs the runs themselves.
"""

import zlib
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from annotator.domain.near_duplicates import ALIKE, WORD, WORDS

BINS, FIRST = 256, 32
EMPTY = np.uint32(2**32 - 1)
MOST = 16_384  # texts that are remembered; then the oldest give way
FACTOR = 0x9E3779B97F4A7C15  # an odd number without pattern: 2^64 over the golden ratio
MIX = np.uint64(0xBF58476D1CE4E5B9)
SHIFT, HALF = np.uint64(31), np.uint64(32)

Sketch: TypeAlias = NDArray[np.uint32]


def sketch(text: str) -> Sketch:
    """The smallest hash of each bin; the order and place of the runs do not count."""
    words = WORD.findall(text.casefold())
    hashes = np.array([zlib.crc32(word.encode()) for word in words], np.uint64)
    runs = max(1, len(words) - WORDS + 1)
    found = np.zeros(runs, np.uint64)
    for n in range(min(WORDS, len(words))):
        found = found * np.uint64(FACTOR) + hashes[n : n + runs] + np.uint64(n + 1)
    found = (found ^ (found >> SHIFT)) * MIX
    found ^= found >> SHIFT
    bins = np.full(BINS, EMPTY)
    np.minimum.at(bins, (found & np.uint64(BINS - 1)).astype(np.intp), (found >> HALF).astype(np.uint32))
    return bins


@dataclass(slots=True)
class Sketches:
    """The texts that were seen last, by their key."""

    keys: list[Any] = field(default_factory=list)
    seen: int = 0
    _rows: Sketch = field(default_factory=lambda: np.empty((64, BINS), np.uint32))
    _first: Sketch = field(default_factory=lambda: np.empty((64, FIRST), np.uint32))

    def like(self, mine: Sketch, *, least: float = ALIKE) -> tuple[Any, float] | None:
        """The key of the text that shares the most with this one, and the share, when that is `least` or more."""
        near = self._near(mine)
        if not len(near):
            return None
        rows = self._rows[near]
        both = np.count_nonzero((rows == mine) & (rows != EMPTY), axis=1)
        shares = both / np.count_nonzero(np.minimum(rows, mine) != EMPTY, axis=1)
        best = int(shares.argmax())
        return (self.keys[near[best]], float(shares[best])) if shares[best] >= least else None

    def _near(self, mine: Sketch) -> NDArray[np.intp]:
        """Places of those that share an eighth of the first bins; with half of all bins alike it is one in 10^6."""
        first = mine[:FIRST]
        used = np.flatnonzero(first != EMPTY)
        if not len(used):
            return np.arange(len(self.keys))
        same = np.count_nonzero(self._first[: len(self.keys), used] == first[used], axis=1)
        return np.flatnonzero(same * 8 >= len(used))

    def add(self, key: Any, mine: Sketch) -> None:
        """Remember a text; when there are too many, the oldest gives way."""
        place = self.seen % MOST
        if place == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
            self._first = np.concatenate([self._first, np.empty_like(self._first)])
        self._rows[place], self._first[place] = mine, mine[:FIRST]
        self.keys[place : place + 1] = [key]
        self.seen += 1
