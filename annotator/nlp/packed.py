"""Blocks and sentences in a few numbers each: those of ten thousand articles wait in memory until they are stored."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from annotator.nlp.blocks import Block
from annotator.nlp.segment import Segmented, SentenceSpan
from db.vocabulary import BlockKind

KINDS = tuple(BlockKind)
Numbers: TypeAlias = "array[int]"


@dataclass(frozen=True, slots=True)
class Packed:
    """The segmentation of one article, 12 bytes a sentence."""

    blocks: Numbers
    sentences: Numbers

    @property
    def count(self) -> int:
        """How many sentences there are."""
        return len(self.sentences) // 3

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Start, end and block of each sentence."""
        return zip(self.sentences[::3], self.sentences[1::3], self.sentences[2::3], strict=True)


def pack(found: Segmented) -> Packed:
    """What `unpack` gives back."""
    blocks = [(b.start, b.end, KINDS.index(BlockKind(b.kind)), b.level or 0) for b in found.blocks]
    sentences = [(s.start, s.end, s.block) for s in found.sentences]
    return Packed(*(array("i", [number for row in rows for number in row]) for rows in (blocks, sentences)))


def unpack(packed: Packed) -> Segmented:
    """What was packed."""
    b = packed.blocks
    rows = zip(b[::4], b[1::4], b[2::4], b[3::4], strict=True)
    blocks = [Block(start, end, KINDS[kind], level or None) for start, end, kind, level in rows]
    return Segmented(blocks, [SentenceSpan(*span) for span in packed.spans()])
