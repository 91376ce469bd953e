"""Parts of an article as a format marks them -> one text with a blank line between blocks, and the blocks' spans."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from annotator.intake.incoming import GivenBlock
from db.vocabulary import BlockKind

EDGES = re.compile(r"\A[\s\ufeff]+|[\s\ufeff]+\Z")
CLOSE = {BlockKind.LIST_ITEM, BlockKind.TABLE}  # items of one list stand on lines of their own


class Part(NamedTuple):
    """The words of one block, its kind, and the level of a heading."""

    words: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None


def joined(parts: Iterable[Part]) -> tuple[str, tuple[GivenBlock, ...]]:
    """The text and its blocks in order, disjoint, without white space at their edges; empty parts are left out."""
    pieces: list[str] = []
    blocks: list[GivenBlock] = []
    place = 0
    for part in parts:
        words = EDGES.sub("", part.words.replace("\r\n", "\n").replace("\r", "\n"))
        if not words:
            continue
        if blocks:
            gap = "\n" if part.kind == blocks[-1].kind and part.kind in CLOSE else "\n\n"
            pieces.append(gap)
            place += len(gap)
        pieces.append(words)
        blocks.append(GivenBlock(place, place + len(words), part.kind, part.level))
        place += len(words)
    return "".join(pieces), tuple(blocks)
