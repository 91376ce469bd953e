"""Markdown and its front matter: what a reader reads, with the blocks that the marks say. The texts are fiction."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.intake import limits, markdown
from annotator.intake.incoming import Incoming, Rejected
from annotator.services.articles import import_articles
from annotator.services.storing import File
from db import integrity
from db.engine import Database
from db.vocabulary import ImportFormat
from tests.intake.test_html import Shown, assert_blocks, shown

FILE = """\
---
# what we know
id: 17
title: "The ferry \\"Heron\\""
authors: [Kim Berg, 'Lo Dahl']
date: 2031-03-04T08:30:00Z
canonical: HTTPS://News.example/ferry?utm_source=x
lang: pt-BR
tags:
  - water
---
# Ferry *sails* again 🚢

Standfirst
----------

The **toll** rose [in March](https://x.example
"title") &amp;
traffic fell.\\
So it goes. ![a boat](boat.png)

- One
  - Two

    still two
3. Three

> Nobody <b>knows</b>,
> she said.

```text
x = 1

y
```

| Gauge | 2030 |
| ----- | ---- |
| Mill  | *812* |
"""
WANTED: Shown = [
    ("heading", 1, "Ferry sails again 🚢"),
    ("heading", 2, "Standfirst"),
    ("paragraph", None, "The toll rose in March & traffic fell.\nSo it goes."),
    ("list_item", None, "One"),
    ("list_item", None, "Two"),
    ("list_item", None, "still two"),
    ("list_item", None, "Three"),
    ("quote", None, "Nobody knows, she said."),
    ("other", None, "x = 1\n\ny"),
    ("table", None, "Gauge\t2030\nMill\t812"),
]


def one(source: str) -> Incoming | Rejected:
    (found,) = markdown.read(source.encode())
    return found


def good(source: str) -> Incoming:
    found = one(source)
    assert isinstance(found, Incoming), found
    return found


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_with_its_blocks(end: str) -> None:
    assert shown(good("\ufeff" + FILE.replace("\n", end))) == WANTED


def test_front_matter_becomes_metadata_and_unknown_keys_are_named() -> None:
    found = good(FILE)
    assert (found.external_id, found.title, found.byline) == ("17", 'The ferry "Heron"', ("Kim Berg", "Lo Dahl"))
    assert (found.published, found.language) == ("2031-03-04", "pt-BR")
    assert (found.url, found.canonical_url) == (
        "https://News.example/ferry?utm_source=x",
        "https://news.example/ferry",
    )
    assert (found.format, found.unknown) == (ImportFormat.MD, ("tags",))


def test_a_list_below_a_key_is_a_list() -> None:
    assert good("---\nbyline:\n- Kim Berg\n- Lo Dahl # freelance\n---\nIt rained.").byline == ("Kim Berg", "Lo Dahl")


@pytest.mark.parametrize(
    "source",
    ["---\n\nIt rained.", "---\nProse stands here.\n---\nIt rained.", "Title\n---\nIt rained.", "It.\n\n---\n"],
)
def test_a_rule_is_not_front_matter(source: str) -> None:
    assert good(source).unknown == ()


def test_an_unknown_key_may_hold_anything() -> None:
    found = good("---\nmap:\n  a: b\n  c: |\n    text\ntitle: Rain\n---\nIt rained.")
    assert (found.title, found.unknown, found.text) == ("Rain", ("map",), "It rained.")


@pytest.mark.parametrize(
    ("matter", "line", "field"),
    [
        ("title: a\npublished: soon", 3, "published"),
        ("url: ftp://x.example", 2, "url"),
        ("lang: English", 2, "lang"),
        ("title: a\ntitle: b", 3, "title"),
        ("author: a\nbyline: b", 3, "byline"),
        ("title:\n  a: b", 3, "title"),
        ("title: |\n  a", 2, "title"),
        ("title: [a, b]", 2, "title"),
        ("title: a\n  b", 3, "title"),
    ],
)
def test_front_matter_that_does_not_fit_is_rejected_with_line_and_field(matter: str, line: int, field: str) -> None:
    found = one(f"---\n{matter}\n---\nIt rained.")
    assert isinstance(found, Rejected)
    assert (found.line, found.field) == (line, field)
    assert found.reason


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<script>bad()</script>\n\nIt rained.", "It rained."),
        ("<div hidden>bad</div>\n\nIt rained.", "It rained."),
        ("It <i onclick=bad()>rained</i>.", "It rained."),
        ("It rained.<script>bad()</script>", "It rained."),
        ("[It rained.](javascript:bad())", "[It rained.](javascript:bad())"),
        ("&lt;script&gt;", "<script>"),
        ("`<b>`", "<b>"),
        ("It<br>rained.", "It\nrained."),
    ],
)
def test_html_is_read_as_html_and_tricks_are_text_or_dropped(source: str, text: str) -> None:
    assert good(source).text == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "there is no text in it"),
        (b"---\ntitle: x\n---\n", "there is no text in it"),
        (b"a\xff", "byte 1 is not valid UTF-8"),
        (b"a\0", "byte 1 is NUL"),
        (b">" * 500 + b"x", "more than 80 lists or quotations stand in one another"),
        (b"- " * 100 + b"x", "more than 80 lists or quotations stand in one another"),
        (b"x" * (limits.ARTICLE_CODE_POINTS + 1), "the text has 1,000,001 characters"),
    ],
    ids=["empty", "no text", "not UTF-8", "NUL", "quotations", "lists", "too long"],
)
def test_what_is_no_article_is_rejected_in_words(data: bytes, reason: str) -> None:
    (found,) = markdown.read(data)
    assert isinstance(found, Rejected)
    assert reason in found.reason


def test_a_file_is_stored_with_its_blocks_and_a_disclaimer(any_database: Database) -> None:
    records = [*markdown.read(FILE.encode()), *markdown.read(b"# Rain\n\nDisclaimer: This is fiction.")]
    report = import_articles(any_database, records, File(ImportFormat.MD))
    assert [stored.title for stored in report.accepted] == ['The ferry "Heron"', "Rain"]
    assert kinds(any_database)[-1] == "disclaimer"
    assert list(integrity.check(any_database)) == []


@pytest.mark.parametrize("marks", ["![[](", "[", "![", "[](", "_*", "**a", "~~a", "<", "[a]("])
def test_marks_that_a_parser_would_take_seconds_for_are_refused_in_words(marks: str) -> None:
    found = one(marks * (50_000 // len(marks)))
    assert isinstance(found, Rejected)
    assert "brackets of links stand open" in found.reason or "marks of Markdown" in found.reason


def test_many_links_and_brackets_of_code_are_still_an_article() -> None:
    many = " ".join(f"[tide {n}](https://tide.example/{n}_(x)) and *more*" for n in range(400))
    found = one(many + "\n\n```\n" + "[" * 5_000 + "\n```\n")
    assert isinstance(found, Incoming)
    assert found.text.startswith("tide 0 and more")


def kinds(database: Database) -> list[Any]:
    from sqlmodel import col, select

    from db.models import Block

    with database.read() as session:
        return list(session.exec(select(Block.kind).order_by(col(Block.id))))


MARKS = st.sampled_from(
    [
        "# ",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "    ",
        "```\n",
        "| a | b |\n|---|---|\n",
        "*",
        "**",
        "[a](b)",
        "<div>",
        "</div>",
        "<p hidden>",
        "---\n",
        "title: x\n",
        "&#13;",
        "&#xFEFF;",
        "\u2028",
        "👨🏻\u200d🚒",
        "é",
        "قال",
        "word ",
        "\\\n",
        "\t",
    ]
)


@given(st.lists(MARKS, max_size=40).map("".join))
def test_blocks_are_in_order_disjoint_and_hold_all_that_is_visible(source: str) -> None:
    found = one(source)
    if isinstance(found, Incoming):
        assert_blocks(found)
    else:
        assert found.reason


@given(st.binary(max_size=200))
def test_any_bytes_are_an_article_or_refused_in_words(data: bytes) -> None:
    for found in markdown.read(data):
        assert found.reason if isinstance(found, Rejected) else found.text
