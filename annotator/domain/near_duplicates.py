"""Texts that are nearly the same: most of their runs of words are shared (Broder 1997, MinHash with banding).

Two texts are near-duplicates when the Jaccard index of their shingles, runs of five words in lower case, is at least
`ALIKE`. Candidates are found by MinHash: 64 bands of 2 rows miss a pair at one half once in 10^8 (0.75^64), and each
candidate is then compared exactly. No randomness: the same texts give the same answer everywhere.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

WORDS = 5  # in a shingle
ALIKE = 0.5
BANDS, ROWS = 64, 2
SEED = 1
PRIME = np.uint64(2**31 - 1)  # products of two numbers below it fit in 64 bits
WORD = re.compile(r"\w+")

Shingles: TypeAlias = NDArray[np.uint64]  # sorted, each once, below PRIME


def shingles(text: str) -> Shingles:
    """Hashes of all runs of five words of a text; of a shorter text, the one run of all its words."""
    words = WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    runs = [" ".join(words[start : start + WORDS]) for start in range(max(1, len(words) - WORDS + 1))]
    found = b"".join(hashlib.blake2b(run.encode(), digest_size=8).digest() for run in runs)
    return np.unique(np.frombuffer(found, "<u8") % PRIME)


def likeness(one: Shingles, other: Shingles) -> float:
    """The Jaccard index of two texts' shingles, from 0 to 1."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


@dataclass(slots=True)
class Index:
    """Texts that were seen, by their key; memory is 8 bytes a word of them, and a kilobyte each."""

    seen: dict[str, Shingles] = field(default_factory=dict)
    _buckets: defaultdict[bytes, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, key: str, text: str) -> list[tuple[str, float]]:
        """Remember a text; those seen before that are nearly the same, the most alike first."""
        mine = shingles(text)
        bands = list(_bands(mine))
        near = {other for band in bands for other in self._buckets.get(band, ())}
        found = [(other, score) for other in near if (score := likeness(mine, self.seen[other])) >= ALIKE]
        for band in bands:
            self._buckets[band].append(key)
        self.seen[key] = mine
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _bands(mine: Shingles) -> Iterator[bytes]:
    """A key for each band of the MinHash signature."""
    factor, shift = _permutations()
    signature = np.full(BANDS * ROWS, PRIME)
    for start in range(0, len(mine), 256):  # a long text would make a large matrix
        block = mine[start : start + 256]
        signature = np.minimum(signature, ((factor[:, None] * block + shift[:, None]) % PRIME).min(axis=1))
    for band in range(BANDS):
        yield bytes([band]) + signature[band * ROWS : (band + 1) * ROWS].tobytes()


def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Factor and shift of each hash function x -> (factor * x + shift) mod PRIME."""
    drawn = np.frombuffer(hashlib.shake_256(bytes([SEED])).digest(BANDS * ROWS * 16), "<u8").reshape(2, -1)
    return drawn[0] % (PRIME - np.uint64(1)) + np.uint64(1), drawn[1] % PRIME


def clusters(near: Mapping[str, list[str]]) -> list[list[str]]:
    """Keys that near-duplicates join, directly or by others; each sorted, in the order of their first key."""
    parent = {key: key for key in near}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for key, others in near.items():
        for other in others:
            one, two = sorted((root(key), root(other)))
            parent[two] = one
    found: dict[str, list[str]] = {}
    for key in sorted(near):
        found.setdefault(root(key), []).append(key)
    return list(found.values())
