"""What the head of a page says about its article; a value that cannot be read is named, never guessed."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from annotator.domain import evidence
from annotator.errors import Invalid
from annotator.intake import fields
from annotator.intake.incoming import Incoming

AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "citation_author")
TIMES = ("article:published_time", "datepublished", "parsely-pub-date", "dc.date", "dc.date.issued", "pubdate", "date")
MOST_PEOPLE = 50


@dataclass
class _Head:
    """Values by lower-case name in order, what linked data adds, and the names of what could not be read."""

    values: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def add(self, name: str, value: Any) -> None:
        if isinstance(value, str) and (words := " ".join(value.split())):
            self.values.setdefault(name.strip().lower(), []).append(words)

    def first(self, *names: str) -> tuple[str, str] | None:
        return next(((name, self.values[name][0]) for name in names if name in self.values), None)


def described(tree: LexborHTMLParser, bare: Incoming) -> Incoming:
    """The article with title, address, authors, day, publisher and language as the page gives them."""
    head = _read(tree)
    url = _url(head)
    language = _language(head)
    return replace(
        bare,
        title=_line(head, "og:title", "<title>", "headline"),
        url=url,
        canonical_url=evidence.canonical_url(url) if url else None,
        publisher=_line(head, "og:site_name", "publisher"),
        byline=tuple(_people(head)),
        published=_day(head),
        language=language or fields.DEFAULT_LANGUAGE,
        language_given=language is not None,
        unknown=tuple(dict.fromkeys(head.unknown)),
    )


def _read(tree: LexborHTMLParser) -> _Head:
    head = _Head()
    for node in tree.css("meta[content]"):
        given = node.attributes
        head.add(given.get("property") or given.get("name") or given.get("itemprop") or "", given.get("content"))
    for title in tree.css("head title")[:1]:
        head.add("<title>", title.text())
    for link in tree.css("link[rel~=canonical i][href]"):
        head.add("canonical", link.attributes.get("href"))
    if tree.root is not None:
        head.add("lang", tree.root.attributes.get("lang") or tree.root.attributes.get("xml:lang"))
    for script in tree.css("script[type='application/ld+json' i]"):
        _linked(script.text(), head)
    return head


def _linked(text: str, head: _Head) -> None:
    """Add what JSON-LD says of an article: https://schema.org/Article."""
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        head.unknown.append("application/ld+json")
        return
    listed = given.get("@graph", [given]) if isinstance(given, dict) else given
    for thing in listed if isinstance(listed, list) else ():
        if isinstance(thing, dict) and "datePublished" in thing:
            head.add("headline", thing.get("headline"))
            head.add("datepublished", thing["datePublished"])
            for name in _names(thing.get("author")):
                head.add("ld:author", name)
            for name in _names(thing.get("publisher")):
                head.add("publisher", name)


def _names(value: Any) -> Iterator[Any]:
    for item in value if isinstance(value, list) else [value]:
        yield item.get("name") if isinstance(item, Mapping) else item


def _line(head: _Head, *names: str) -> str | None:
    found = head.first(*names)
    return _tried(head, found[0], _words, found[1]) if found else None


def _words(value: str) -> str | None:
    return fields.words({"": value}, "")


def _url(head: _Head) -> str | None:
    found = head.first("canonical", "og:url")
    return _tried(head, found[0], _address, found[1]) if found else None


def _address(value: str) -> str | None:
    found = evidence.address(value)
    if found:
        evidence.canonical_url(found)
    return found


def _people(head: _Head) -> Iterator[str]:
    """Names of the first kind of field that has any; an address of a profile is no name."""
    for name in (*AUTHORS, "ld:author"):
        people = [value for value in head.values.get(name, ()) if not value.startswith(("http://", "https://", "@"))]
        for value in list(dict.fromkeys(people))[:MOST_PEOPLE]:
            found = _tried(head, "author", _words, value)
            if found is not None:
                yield found
        if people:
            return


def _day(head: _Head) -> str | None:
    found = head.first(*TIMES)
    return (
        _tried(head, found[0], lambda value: fields.day({"published": value}, "published"), found[1]) if found else None
    )


def _language(head: _Head) -> str | None:
    found = head.first("lang")
    return _tried(head, "lang", _tag, found[1].replace("_", "-")) if found else None


def _tag(value: str) -> str:
    code, *rest = value.split("-")
    return fields.language({"": "-".join([code.lower(), *rest])}, "")


def _tried(head: _Head, name: str, read: Callable[[str], str | None], value: str) -> str | None:
    """The value as it is stored, or None and its name among what could not be read."""
    try:
        return read(value)
    except Invalid:
        head.unknown.append(name)
        return None
