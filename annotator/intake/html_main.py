"""Where a page's article stands, and what of the page is not part of it."""

import re
from collections.abc import Callable, Iterator

from selectolax.lexbor import LexborNode

NEVER = {
    "audio", "button", "canvas", "datalist", "dialog", "embed", "head", "iframe", "input", "map", "meter", "nav",
    "noscript", "object", "option", "progress", "rp", "script", "select", "style", "svg", "template", "textarea",
    "title", "video", "aside", "footer", "menu",
}  # fmt: skip
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr",
    "legend", "li", "main", "ol", "p", "pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul",
}  # fmt: skip
HOLDERS = {"article", "body", "center", "div", "form", "main", "section", "table", "tbody", "td", "tr"}
ROLES = {
    "alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "navigation", "search",
}  # fmt: skip
INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
UNSEEN = {"sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden", "hidden"}
# words of class and id that name what stands round an article
ROUND = {
    "ad", "ads", "advert", "advertisement", "banner", "breadcrumb", "breadcrumbs", "comment", "comments", "consent",
    "cookie", "cookies", "footer", "menu", "modal", "nav", "navbar", "navigation", "newsletter", "pagination", "popup",
    "promo", "recommended", "related", "share", "sharing", "sidebar", "signup", "skip", "social", "sponsored",
    "subscribe", "tags", "teaser", "toolbar",
}  # fmt: skip
NAME = re.compile(r"[a-z]+")
HALF = 0.5
MOST = 0.75  # an element that has so much of the prose is where the article stands
LITTLE = 0.3  # more than so much of the prose is never taken for what stands round it


def steps(
    root: LexborNode, left_out: frozenset[int] = frozenset(), *, whole: Callable[[LexborNode], bool] | None = None
) -> Iterator[tuple[LexborNode, bool]]:
    """Every visible node in order, without recursion: (node, False) on entering, (element, True) on leaving.

    What is inside of a `whole` element is passed over.
    """
    node: LexborNode | None = root
    entering = True
    while node is not None:
        is_element = node.is_element_node
        seen = not (is_element and (is_dropped(node) or node.mem_id in left_out)) and (is_element or node.is_text_node)
        below = None
        if entering and seen:
            yield node, False
            below = node.child if is_element and not (whole is not None and whole(node)) else None
        if below is not None:
            node = below
            continue
        if is_element and seen:
            yield node, True
        if node.mem_id == root.mem_id:
            return
        entering = node.next is not None
        node = node.next or node.parent


def is_dropped(node: LexborNode) -> bool:
    """Tell whether an element is never text of an article: code, controls, navigation, whatever is hidden."""
    tag = node.tag or ""
    if tag in NEVER or (tag == "header" and not _heads_article(node)):
        return True
    given = node.attributes
    if not given:
        return False
    return (
        "hidden" in given
        or given.get("aria-hidden") == "true"
        or given.get("role") in ROLES
        or INVISIBLE.search(given.get("style") or "") is not None
        or not UNSEEN.isdisjoint((given.get("class") or "").lower().split())
    )


def _heads_article(header: LexborNode) -> bool:
    """Tell the header of an article, which holds its headline, from that of the site."""
    above = header.parent
    while above is not None and above.tag not in ("article", "main", "body"):
        above = above.parent
    return above is not None and above.tag != "body"


def chosen(body: LexborNode) -> tuple[LexborNode, frozenset[int]]:
    """The element that holds the article, and those inside it that only stand round the text."""
    weights = _weights(body)
    root = _marked(body, weights) or _heaviest(body, weights)
    most = LITTLE * weights.get(root.mem_id, 0)
    beside = (node for node, leaves in steps(root) if not leaves and node.is_element_node and _stands_round(node))
    return root, frozenset(
        node.mem_id for node in beside if weights.get(node.mem_id, 0) < most and node.mem_id != root.mem_id
    )


def headline(body: LexborNode, root: LexborNode) -> LexborNode | None:
    """The first visible h1 before the article."""
    for node, _ in steps(body):
        if node.mem_id == root.mem_id:
            return None
        if node.tag == "h1":
            return node
    return None


def _weights(body: LexborNode) -> dict[int, int]:
    """Visible characters below each element that are not in a link."""
    weights: dict[int, int] = {}
    open_sums = [0]
    links = 0
    for node, leaves in steps(body):
        if node.is_text_node:
            open_sums[-1] += 0 if links else len((node.text_content or "").strip())
            continue
        links += (node.tag == "a") * (-1 if leaves else 1)
        if not leaves:
            open_sums.append(0)
        else:
            weights[node.mem_id] = open_sums.pop()
            open_sums[-1] += weights[node.mem_id]
    return weights


def _marked(body: LexborNode, weights: dict[int, int]) -> LexborNode | None:
    """The article or main element with the most prose, or the smallest one that has half of it."""
    marked = [node for node in body.css("article, main, [role=main], [role=article]") if node.mem_id in weights]
    most = max((weights[node.mem_id] for node in marked), default=0)
    if not most or most < LITTLE * weights[body.mem_id]:
        return None
    large = [node for node in marked if weights[node.mem_id] >= HALF * most]
    return min(large, key=lambda node: weights[node.mem_id])


def _heaviest(body: LexborNode, weights: dict[int, int]) -> LexborNode:
    """The innermost element that holds most of the prose of the one round it."""
    root = body
    while True:
        child = root.child
        while child is not None and not (
            child.tag in HOLDERS and weights.get(child.mem_id, 0) > MOST * weights.get(root.mem_id, 0)
        ):
            child = child.next
        if child is None:
            return root
        root = child


def _stands_round(node: LexborNode) -> bool:
    given = node.attributes
    if not given or node.tag not in BLOCKS:
        return False
    return not ROUND.isdisjoint(NAME.findall(f"{given.get('class') or ''} {given.get('id') or ''}".lower()))
