"""Blocks: headings, paragraphs, list items and the rest, found from the line structure of a text, by offset."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from db.vocabulary import BlockKind

LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
LINE_BREAK = re.compile(r"\r\n|[\n\r\v\x1c-\x1e\x85\u2028]")
MARKER = re.compile(
    r"(?:[-*+•‣◦⁃▪●○–—]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|\d{1,2}(?:\.\d{1,2})+\.?)\s+\S|[•‣◦⁃▪●]\S"
)
ATX = re.compile(r"(#{1,6})\s+\S")
QUOTE = re.compile(r">+\s?\S")
CAPTION = re.compile(
    r"\(?(?:photos?|photograph|image|picture|pictured|figure|fig\.|illustration|video|graphic|map|chart)"
    r"(?:\s+\d+[a-z]?|\s+(?:by|credit|courtesy of))?\s*(?:[:.|—–]|\bby\b)",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(r"disclaimer\s*[:—–-]", re.IGNORECASE)
BYLINE = re.compile(r"(?:by|written by|reported by|story by)\s+[A-Z][\w.'’-]+(?:\s+\S+){0,11}$", re.IGNORECASE)
STAMP = re.compile(r"(?:published|updated|posted|last modified|first published)\b.{0,60}\d", re.IGNORECASE)
TURN = re.compile(
    r"(?:(?:[A-Z][\w.'’-]*|de|van|von|of|the)(?:[ ,]+(?:[A-Z(][\w.'’)-]*|de|van|von|of|the)){0,5}|[QA]\d?)\s?:\s+\S"
)
TABLE_ROW = re.compile(r"\|.*\|$|[^\t]*\S\t+\S|[^|]*\S\s*\|\s*\S[^|]*\|")
CLOSERS = "\"'”’»›)]}*_ "
FINAL = ".!?…:;,。！？؟।"  # a line that ends so is not a heading
INITIALISM = re.compile(r"\b(?:[A-Z]\.){2,}$")
HEADING_LENGTH = 120
HEADING_WORDS = 20
WRAP_MINIMUM = 40  # no text is hard-wrapped at fewer characters
WRAP_MAXIMUM = 120  # a longer line is a whole paragraph, not a wrapped one


@dataclass(frozen=True)
class Block:
    """One block of a text: code-point span without edge white space, kind, and level of a heading (1 = title)."""

    start: int
    end: int
    kind: BlockKind
    level: int | None = None


@dataclass(frozen=True)
class Line:
    """One line without edge white space, with its indent and the group of lines (between blank lines) it is in."""

    start: int
    end: int
    words: str
    indent: int
    group: int


def blocks(text: str) -> list[Block]:
    """Find the blocks of a text, in order, disjoint, covering every visible character."""
    parts = [part for group in grouped(lines(text)) for part in parted(group)]
    found: list[Block] = []
    titled = False
    for position, part in enumerate(parts):
        kind = kind_of(part, parts, position)
        level = None
        if kind is BlockKind.HEADING:
            atx = ATX.match(part[0].words)
            level = len(atx[1]) if atx else 2 if titled else 1
            titled = True
        found.append(Block(part[0].start, part[-1].end, kind, level))
    return found


def lines(text: str) -> Iterator[Line]:
    """Read the visible lines; lines of white space only (no-break and ideographic space, tabs too) part groups."""
    group = 0
    last_end = 0
    for match in LINE.finditer(text):
        raw = match[0]
        words = raw.strip()
        if not words:
            continue
        indent = len(raw) - len(raw.lstrip())
        start = match.start() + indent
        between = text[last_end:start]
        if "\u2029" in between or "\f" in between or len(LINE_BREAK.findall(between)) > 1:
            group += 1
        last_end = start + len(words)
        yield Line(start, last_end, words, indent, group)


def grouped(found: Iterator[Line]) -> Iterator[list[Line]]:
    """Gather the lines between blank lines."""
    group: list[Line] = []
    for line in found:
        if group and line.group != group[-1].group:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def parted(group: list[Line]) -> Iterator[list[Line]]:
    """Part a group of lines where a line break is meant, and keep hard-wrapped lines together."""
    part = [group[0]]
    width = wrap_width(group)
    prose = ends_sentence(group[-1].words) or any(ends_sentence(line.words) for line in group[:-1])
    for above, below in pairwise(group):
        if is_break(above, below, part, width, prose=prose):
            yield part
            part = []
        part.append(below)
    yield part


def wrap_width(group: Sequence[Line]) -> int:
    """Tell the column at which the lines of a group are wrapped, 0 if they are not."""
    longest = max(len(line.words) + line.indent for line in group)
    return longest if WRAP_MINIMUM <= longest <= WRAP_MAXIMUM else 0


def is_break(above: Line, below: Line, part: Sequence[Line], width: int, *, prose: bool) -> bool:
    """Tell whether the line break between two lines is meant, rather than made by wrapping."""
    if is_same_run(above, below):
        return False
    if starts_anew(above, below, part):
        return True
    if below.words[0].islower() or above.words[-1] in ",-–—":
        # Lines of a list without final punctuation may start in lower case; those of prose only by wrapping.
        return not prose and not is_full(above, below, width)
    return not is_full(above, below, width)


def is_same_run(above: Line, below: Line) -> bool:
    """Tell whether both lines are rows of one table or lines of one marked quotation."""
    return any(pattern.match(above.words) and pattern.match(below.words) for pattern in (QUOTE, TABLE_ROW))


def starts_anew(above: Line, below: Line, part: Sequence[Line]) -> bool:
    """Tell whether the lower line opens a list item, a turn, a byline, a heading, or the upper one is such a line."""
    if any(pattern.match(line.words) for pattern in (ATX, QUOTE, TABLE_ROW) for line in (above, below)):
        return True
    if BYLINE.match(below.words) or BYLINE.match(above.words) or STAMP.match(above.words):
        return True
    if DISCLAIMER.match(below.words) or TURN.match(below.words):
        return True
    in_list = MARKER.match(part[0].words) is not None
    return MARKER.match(below.words) is not None and (in_list or above.words[-1] in ".:;!?" or len(above.words) < 40)


def is_full(above: Line, below: Line, width: int) -> bool:
    """Tell whether the first word of the lower line would not have fitted on the upper one."""
    if not width:
        return False
    first_word = below.words.split(maxsplit=1)[0]
    return above.indent + len(above.words) + 1 + len(first_word) > width - 3


def ends_sentence(words: str) -> bool:
    """Tell whether a line ends with final punctuation, closing marks aside."""
    bare = words.rstrip(CLOSERS)
    return bare[-1:] in FINAL and not INITIALISM.search(bare) if bare else False


def kind_of(part: Sequence[Line], parts: Sequence[Sequence[Line]], position: int) -> BlockKind:
    """Name the kind of one block by its first line, its last one and its neighbours."""
    first = part[0].words
    if all(TABLE_ROW.match(line.words) for line in part) and (len(part) > 1 or first.startswith("|")):
        return BlockKind.TABLE
    if DISCLAIMER.match(first):
        return BlockKind.DISCLAIMER
    if ATX.match(first):
        return BlockKind.HEADING
    if QUOTE.match(first):
        return BlockKind.QUOTE
    if not any(letter.isalnum() for letter in first) or is_credit(part):
        return BlockKind.OTHER
    if CAPTION.match(first):
        return BlockKind.CAPTION
    if MARKER.match(first) and not stands_alone_numbered(part, parts, position):
        return BlockKind.LIST_ITEM
    return BlockKind.HEADING if is_heading(part, parts, position) else BlockKind.PARAGRAPH


def is_credit(part: Sequence[Line]) -> bool:
    """Tell whether a block is a byline or a time stamp."""
    words = part[0].words
    if len(part) > 1 or len(words) > HEADING_LENGTH:
        return False
    return (BYLINE.match(words) is not None and not ends_sentence(words)) or STAMP.match(words) is not None


def stands_alone_numbered(part: Sequence[Line], parts: Sequence[Sequence[Line]], position: int) -> bool:
    """Tell whether a numbered line is a heading such as "2. Results": short, no final mark, no item beside it."""
    beside = [*parts[max(position - 1, 0) : position], *parts[position + 1 : position + 2]]
    return is_heading(part, parts, position) and not any(MARKER.match(other[0].words) for other in beside)


def is_heading(part: Sequence[Line], parts: Sequence[Sequence[Line]], position: int) -> bool:
    """Tell whether a block is one short line without final punctuation that stands alone, or opens its group."""
    words = part[0].words
    if len(part) > 1 or len(words) > HEADING_LENGTH or len(words.split()) > HEADING_WORDS or ends_sentence(words):
        return False
    if position and parts[position - 1][-1].group == part[0].group:
        return False
    below = parts[position + 1] if position + 1 < len(parts) else None
    # The first line of several short ones (an address, a poem) is no heading; one above prose is.
    return below is None or below[0].group != part[0].group or ends_sentence(below[-1].words)
