"""HTML pages: what a browser shows of the article, block by block, and what the head says about it.

README.md beside this file says which library reads the page and why, and what is left out.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from annotator.errors import Invalid
from annotator.intake import html_head, html_main, limits
from annotator.intake.clean import clean_text, decode, refuse_unstorable
from annotator.intake.html_main import BLOCKS, is_dropped, steps
from annotator.intake.incoming import Incoming, Rejected
from annotator.intake.parts import Part, joined
from db.vocabulary import BlockKind, ImportFormat

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
CLOSED_BY_ITSELF = {
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "path", "source", "td", "th", "tr", "track", "wbr",
}  # fmt: skip
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
SPACES = re.compile(r"[ \t\n\r\f]+")
BREAK = "\0"  # a line break of the page; the parser leaves no NUL in its text
KINDS = {
    "li": BlockKind.LIST_ITEM, "dt": BlockKind.LIST_ITEM, "dd": BlockKind.LIST_ITEM, "blockquote": BlockKind.QUOTE,
    "figcaption": BlockKind.CAPTION, "caption": BlockKind.CAPTION, "pre": BlockKind.OTHER, "address": BlockKind.OTHER,
    **{f"h{level}": BlockKind.HEADING for level in range(1, 7)},
}  # fmt: skip
LAYOUT = "p, h1, h2, h3, h4, h5, h6, ul, ol, blockquote, table, div, article, section, hr"


def read(data: bytes) -> Iterator[Incoming | Rejected]:
    """The article of a page, or why there is none."""
    try:
        yield incoming(_decoded(data))
    except Invalid as error:
        yield Rejected(None, error.field, error.message)


def _decoded(data: bytes) -> str:
    """Strict UTF-8, whatever the page calls itself. Raises Invalid with the byte, and with the page's own word."""
    try:
        return decode(data)
    except Invalid as error:
        named = CHARSET.search(data[:4096])
        if named is None or named[1].lower().replace(b"-", b"") == b"utf8":
            raise
        told = named[1].decode("ascii", "replace")
        raise Invalid(f"{error.message}; the page says it is {told}: save it as UTF-8 first") from error


def incoming(source: str, *, field: str | None = None) -> Incoming:
    """The article of a page that is decoded already. Raises Invalid when it has no text, or too much."""
    tree = parsed(source, field=field)
    text, blocks = joined(parts_of(tree))
    return html_head.described(tree, Incoming(clean_text(text, field=field), ImportFormat.HTML, blocks=blocks))


def parsed(source: str, *, field: str | None = None) -> LexborHTMLParser:
    """The tree of a page or a piece of one. Raises Invalid for NUL, lone surrogates and tags in tags without end."""
    refuse_unstorable(source, field=field)
    opened: Counter[str] = Counter()
    depth = 0
    for closing, tag in TAG.findall(source):
        name = tag.lower()
        if closing and opened[name]:
            opened[name] -= 1
            depth -= 1
        elif not closing and name not in CLOSED_BY_ITSELF:
            opened[name] += 1
            depth += 1
            if depth > limits.NESTED_TAGS:
                raise Invalid(f"more than {limits.NESTED_TAGS:,} tags are open at once", field=field)
    return LexborHTMLParser(source)


def parts_of(tree: LexborHTMLParser) -> list[Part]:
    """The blocks of the page's article, in order; a headline that stands outside of it comes first."""
    if tree.body is None:
        return []
    root, left_out = html_main.chosen(tree.body)
    parts = parts_below(root, left_out)
    if not any(part.kind is BlockKind.HEADING and part.level == 1 for part in parts):
        headline = html_main.headline(tree.body, root)
        parts = [*(parts_below(headline) if headline is not None else ()), *parts]
    return parts


def parts_below(root: LexborNode, left_out: frozenset[int] = frozenset()) -> list[Part]:
    """The blocks of an element, in order, without the elements that are `left_out`."""
    walk = _Walk()
    for node, leaves in steps(root, left_out, whole=_is_data):
        if node.is_text_node:
            walk.words.append((node.text_content or "").replace(BREAK, ""))
        elif node.tag == "table" and not leaves and _is_data(node):
            walk.flush()
            walk.parts += _table(node, left_out)
        else:
            walk.element(node.tag or "", leaves=leaves)
    walk.flush()
    return walk.parts


@dataclass
class _Walk:
    """The blocks so far, the words of the one that is open, and the elements that say its kind."""

    parts: list[Part] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def element(self, tag: str, *, leaves: bool) -> None:
        """Enter or leave an element."""
        if tag == "br" and not leaves:
            self.words.append(BREAK)
        elif tag == "q":
            self.words.append("”" if leaves else "“")
        elif tag in BLOCKS:
            self.flush()
            if tag in KINDS and leaves:
                self.kinds.pop()
            elif tag in KINDS:
                self.kinds.append(tag)

    def flush(self) -> None:
        """Close the open block; an empty line inside it parts paragraphs, as old pages write them."""
        words, self.words = "".join(self.words), []
        tag = self.kinds[-1] if self.kinds else ""
        kind = KINDS.get(tag, BlockKind.PARAGRAPH)
        level = int(tag[1]) if kind is BlockKind.HEADING else None
        if "pre" in self.kinds:
            self.parts.append(Part(words.replace(BREAK, "\n"), kind, level))
            return
        shown = re.sub(f" ?{BREAK} ?", BREAK, SPACES.sub(" ", words))
        for block in re.split(f"{BREAK}{{2,}}", shown):
            self.parts.append(Part(block.replace(BREAK, "\n"), kind, level))


def _is_data(node: LexborNode) -> bool:
    """Tell a table of data from one that only lays out a page."""
    if node.tag != "table" or node.attributes.get("role") == "presentation":
        return False
    return all(found.mem_id == node.mem_id for found in node.css(LAYOUT))


def _table(table: LexborNode, left_out: frozenset[int]) -> Iterator[Part]:
    """Its caption, then its rows, one a line, cells parted by a tab."""
    for caption in table.css("caption"):
        yield Part(_line(caption, left_out), BlockKind.CAPTION)
    rows = []
    for row in table.css("tr"):
        if not is_dropped(row):
            cells = [_line(cell, left_out) for cell in row.css("td, th") if not is_dropped(cell)]
            rows.append("\t".join(cells).strip())
    yield Part("\n".join(row for row in rows if row), BlockKind.TABLE)


def _line(node: LexborNode, left_out: frozenset[int]) -> str:
    """All words of an element in one line."""
    words = []
    for below, _ in steps(node, left_out):
        if below.is_text_node:
            words.append(below.text_content or "")
        elif below.tag == "br" or below.tag in BLOCKS:
            words.append(" ")
    return SPACES.sub(" ", "".join(words)).strip()
