"""Markdown: the article is what a reader reads, so markup characters do not stay in its text (README.md says why).

Blocks keep their kind: headings with level, list items, quotations, tables; code is `other`. HTML is read as HTML.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from annotator.errors import Invalid
from annotator.intake import front_matter, html, limits
from annotator.intake.clean import clean, clean_text
from annotator.intake.incoming import Incoming, Rejected
from annotator.intake.parts import Part, joined
from db.vocabulary import BlockKind, ImportFormat

HOLDERS = {
    "heading_open": BlockKind.HEADING,
    "list_item_open": BlockKind.LIST_ITEM,
    "blockquote_open": BlockKind.QUOTE,
}
WORDS = ("text", "text_special", "code_inline")
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
UNSEEN = ("script", "style", "template")
BREAKS = {"softbreak": " ", "hardbreak": "\n"}
MARK = re.compile(r"[]()*_~`<\[]")
OPENS = re.compile(r"\]\(|[]\[)]")


def read(data: bytes) -> Iterator[Incoming | Rejected]:
    """The article of a file, or why there is none."""
    try:
        matter, body = front_matter.parted(clean(data))
    except Invalid as error:
        yield Rejected(None, error.field, error.message)
        return
    try:
        about = front_matter.about(matter)
    except front_matter.Unreadable as error:
        yield Rejected(error.line, error.field, error.message)
        return
    try:
        text, blocks = joined(parts(body))
        yield replace(about, text=clean_text(text), format=ImportFormat.MD, blocks=blocks)
    except Invalid as error:
        yield Rejected(None, error.field, error.message)


def parts(body: str) -> Iterator[Part]:
    """The blocks of a text in order. Raises Invalid for what is nested too deeply or has too many marks."""
    parser = MarkdownIt("commonmark", {"maxNesting": limits.NESTED_BLOCKS}).enable(["table", "strikethrough"])
    parser.core.ruler.before("inline", "bounded", _refuse_marks)
    tokens = parser.parse(body)
    if any(token.level >= limits.NESTED_BLOCKS - 1 for token in tokens):
        raise Invalid(f"more than {limits.NESTED_BLOCKS} lists or quotations stand in one another")
    holders: list[Token] = []
    rows: list[list[str]] = []
    for token in tokens:
        if token.type in HOLDERS:
            holders.append(token)
        elif token.type.replace("_close", "_open") in HOLDERS:
            holders.pop()
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "table_close":
            yield Part("\n".join("\t".join(row).strip() for row in rows), BlockKind.TABLE)
            rows = []
        elif token.type == "inline" and rows:
            rows[-1].append(" ".join(_words(token.children or []).split()))
        else:
            yield from _block(token, holders)


def _refuse_marks(state: StateCore) -> None:
    """Raises Invalid for a block whose marks the parser would need the square of their number for."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        if sum(1 for _ in MARK.finditer(token.content)) > limits.BLOCK_MARKS:
            raise Invalid(f"a paragraph has more than {limits.BLOCK_MARKS:,} marks of Markdown such as * and [")
        depth = dict.fromkeys("[(", 0)
        for found in OPENS.finditer(token.content):
            sign, kind = found[0], "(" if found[0] in ("](", ")") else "["
            depth[kind] = max(0, depth[kind] + (1 if sign in ("](", "[") else -1))
            if sign == "](":
                depth["["] = max(0, depth["["] - 1)
            if max(depth.values()) > limits.NESTED_BRACKETS:
                raise Invalid(f"more than {limits.NESTED_BRACKETS} brackets of links stand open at once")


def _block(token: Token, holders: Sequence[Token]) -> Iterator[Part]:
    if token.type == "inline":
        holder = holders[-1] if holders else None
        kind = HOLDERS[holder.type] if holder else BlockKind.PARAGRAPH
        level = int(holder.tag[1]) if holder and kind is BlockKind.HEADING else None
        yield Part(_words(token.children or []), kind, level)
    elif token.type in ("fence", "code_block"):
        yield Part(token.content, BlockKind.OTHER)
    elif token.type == "html_block":
        yield from html.parts_of(html.parsed(token.content))


def _words(children: Sequence[Token]) -> str:
    """The words of one block: no marks of emphasis, no addresses of links, no tags, no pictures, no code of scripts."""
    words = []
    unseen = None
    for child in children:
        tag = TAG.match(child.content) if child.type == "html_inline" else None
        if unseen is not None:
            unseen = None if tag and tag[1] and tag[2].lower() == unseen else unseen
        elif tag and not tag[1] and tag[2].lower() in UNSEEN:
            unseen = tag[2].lower()
        elif tag and tag[2].lower() == "br":
            words.append("\n")
        elif child.type in WORDS:
            words.append(child.content)
        else:
            words.append(BREAKS.get(child.type, ""))
    return "".join(words)
