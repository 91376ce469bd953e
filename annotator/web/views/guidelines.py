"""Guidelines as safe HTML: sections to search in, rules with an anchor, what changed between two texts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from annotator.domain.guidelines import Rule, rules_of
from annotator.language import gettext as _

ANCHORED = ("heading_open", "list_item_open", "paragraph_open")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading ("" for what stands before the first one) with what stands below it."""

    title: str
    html: Markup


def address(path: str = "", **query: str) -> str:
    """An address of the guidelines' pages."""
    return f"/guidelines{path}" + (f"?{urlencode(query)}" if query else "")


def passage(markdown_text: str) -> Markup:
    """A part of the guidelines by itself."""
    markdown = parser()
    html = markdown.renderer.render(list(_shaped(markdown.parse(markdown_text), ())), markdown.options, {})
    return Markup(html)  # as in _section


def render(body: str, query: str = "") -> tuple[str, list[Section]]:
    """The title and the sections of a Markdown text as safe HTML; with a query only those that hold all its words."""
    markdown = parser()
    tokens = markdown.parse(body)
    _anchor(tokens, rules_of(body))
    title = _("Guidelines")
    if tokens and tokens[0].tag == "h1":
        title, tokens = tokens[1].content, tokens[3:]
    wanted = [re.compile(re.escape(word), re.IGNORECASE) for word in query.split()]
    found = [section for section in _sections(tokens) if all(word.search(_plain(section)) for word in wanted)]
    return title, [_section(markdown, section, wanted) for section in found]


def _anchor(tokens: Sequence[Token], rules: Sequence[Rule]) -> None:
    """Give every rule's first element an id to link to."""
    waiting = {rule.line: rule.anchor for rule in rules}
    for token in tokens:
        if token.type in ANCHORED and token.map and (anchor := waiting.pop(token.map[0], None)):
            token.attrSet("id", f"r-{anchor}")


def _section(markdown: MarkdownIt, tokens: Sequence[Token], wanted: Sequence[re.Pattern[str]]) -> Section:
    title = _plain(tokens[1:2]) if tokens[0].type == "heading_open" else ""
    html = markdown.renderer.render(list(_shaped(tokens, wanted)), markdown.options, {})
    # Markup: the renderer escapes all text, HTML in the source is text to it, links are http and https only
    return Section(title, Markup(html))


def parser() -> MarkdownIt:
    """Markdown without HTML, pictures and any address but http and https."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    markdown.validateLink = _is_web_address  # type: ignore[method-assign]  # its documented place for the rule
    return markdown


def _is_web_address(url: str) -> bool:
    return urlsplit(url).scheme.lower() in ("http", "https")


def _sections(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens from each heading to the next."""
    section: list[Token] = []
    for token in tokens:
        if token.type == "heading_open" and token.level == 0 and section:
            yield section
            section = []
        section.append(token)
    if section:
        yield section


def _plain(tokens: Sequence[Token]) -> str:
    """The words alone, without the signs that set them bold or make them links."""
    parts = (child for token in tokens for child in token.children or [token])
    return "".join(part.content or " " for part in parts)


def _shaped(tokens: Sequence[Token], wanted: Sequence[re.Pattern[str]]) -> Iterator[Token]:
    """The tokens with found words marked, tables in a box, and nothing that our security policy would block."""
    for token in tokens:
        if token.type == "table_open":
            box: dict[str, str | int | float] = {
                "class": "tbl",
                "role": "region",
                "aria-label": _("Table"),
                "tabindex": "0",
            }  # where it is wide
            yield Token("box_open", "div", 1, attrs=box)
        token.attrs.pop("style", None)  # the alignment of table cells
        if token.tag == "h1":
            token.tag = "h2"  # the page has its one h1 already
        if token.children:
            token.children = [part for child in token.children for part in _inline(child, wanted)]
        yield token
        if token.type == "table_close":
            yield Token("box_close", "div", -1)


def _inline(token: Token, wanted: Sequence[re.Pattern[str]]) -> Iterator[Token]:
    if token.type == "link_open":
        token.attrSet("rel", "noopener noreferrer nofollow")
    if token.type != "text" or not wanted:
        yield token
        return
    end = 0
    for match in re.finditer("|".join(word.pattern for word in wanted), token.content, re.IGNORECASE):
        yield Token("text", "", 0, content=token.content[end : match.start()])
        yield Token("mark_open", "mark", 1)
        yield Token("text", "", 0, content=match.group())
        yield Token("mark_close", "mark", -1)
        end = match.end()
    yield Token("text", "", 0, content=token.content[end:])
