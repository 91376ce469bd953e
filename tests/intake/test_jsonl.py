"""One article a line: what is read, what is refused and where."""

import json
from typing import Any

import pytest

from annotator.intake import jsonl
from annotator.intake.incoming import Incoming, Rejected
from db.vocabulary import ImportFormat

RECORD = {
    "id": "wire-17",
    "title": " Bridge toll rises ",
    "text": "The toll rose.\r\nTraffic fell.",
    "url": "HTTPS://News.example/bridge?utm_source=x",
    "publisher": "News Example",
    "byline": ["Kim Berg", "Lo Dahl"],
    "published": "2024-05",
    "language": "pt-BR",
    "license": "CC-BY-4.0",
    "rights_note": "fiction",
}


def read(*records: dict[str, Any] | str) -> list[Incoming | Rejected]:
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    return list(jsonl.read("\n".join(lines).encode()))


def one(**fields: Any) -> Incoming | Rejected:
    found = read({"text": "The toll rose.", **fields})
    assert len(found) == 1
    return found[0]


def test_every_field_is_read() -> None:
    found = one(**RECORD)
    assert isinstance(found, Incoming)
    assert found.text == "The toll rose.\nTraffic fell."
    assert found.title == "Bridge toll rises"
    assert found.external_id == "wire-17"
    assert found.url == "https://News.example/bridge?utm_source=x"
    assert found.canonical_url == "https://news.example/bridge"
    assert found.byline == ("Kim Berg", "Lo Dahl")
    assert (found.published, found.language, found.license) == ("2024-05", "pt-BR", "CC-BY-4.0")
    assert (found.publisher, found.rights_note, found.line) == ("News Example", "fiction", 1)


def test_only_text_is_needed() -> None:
    found = one()
    assert isinstance(found, Incoming)
    assert (found.title, found.byline, found.language, found.unknown) == (None, (), "en", ())


def test_a_byline_may_be_one_name_and_an_id_a_number() -> None:
    found = one(byline="Kim Berg", id=17)
    assert isinstance(found, Incoming)
    assert (found.byline, found.external_id) == (("Kim Berg",), "17")


def test_a_page_may_stand_in_place_of_a_text_and_what_the_record_says_wins() -> None:
    page = (
        "<html lang=pt><title>Page</title><meta name=author content='Lo Dahl'><meta name=date content=soon>"
        "<body><nav>Home</nav><h1>Toll</h1><p>It &amp; rain.</p>"
    )
    (found,) = read({"html": page, "title": "Given", "url": "https://a.example/x"})
    assert isinstance(found, Incoming)
    assert (found.text, found.format, found.line) == ("Toll\n\nIt & rain.", ImportFormat.JSONL, 1)
    assert [block.kind.value for block in found.blocks or ()] == ["heading", "paragraph"]
    assert (found.title, found.byline, found.language) == ("Given", ("Lo Dahl",), "pt")
    assert (found.canonical_url, found.unknown) == ("https://a.example/x", ("html: date",))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": "a", "html": "<p>a"}, "stands beside text"),
        ({"html": 5}, "must be text"),
        ({"html": "<nav>a</nav>"}, "there is no text in it"),
        ({"html": "<p>a\ud800"}, "is a lone surrogate"),
    ],
)
def test_a_page_that_does_not_fit_is_rejected_by_its_field(fields: dict[str, Any], reason: str) -> None:
    (found,) = read(fields)
    assert isinstance(found, Rejected)
    assert (found.line, found.field) == (1, "html")
    assert reason in found.reason


def test_unknown_fields_are_named() -> None:
    found = one(section="news", tags=["a"], Title="x")
    assert isinstance(found, Incoming)
    assert found.unknown == ("Title", "section", "tags")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": None}, "text"),
        ({"text": 5}, "text"),
        ({"text": " \n"}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"url": "ftp://news.example/x"}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://a b.example/"}, "url"),
        ({"url": "https://[::1"}, "url"),
        ({"published": "30 May 2024"}, "published"),
        ({"published": "2024-13"}, "published"),
        ({"published": "2023-02-29"}, "published"),
        ({"published": 2024}, "published"),
        ({"language": "English"}, "language"),
        ({"language": ["en"]}, "language"),
        ({"byline": [1]}, "byline"),
        ({"byline": {"name": "Kim"}}, "byline"),
        ({"title": True}, "title"),
        ({"title": "x" * 10_001}, "title"),
        ({"id": True}, "id"),
        ({"publisher": "a\ud800"}, "publisher"),
    ],
)
def test_a_field_that_does_not_fit_is_rejected_by_name(fields: dict[str, Any], field: str) -> None:
    found = one(**fields)
    assert isinstance(found, Rejected)
    assert (found.line, found.field) == (1, field)
    assert found.reason


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[]", "must be a JSON object"),
        ("null", "must be a JSON object"),
        ('{"text": "a", "text": "b"}', "comes twice"),
        ('{"text": "a", "x": ' + "9" * 5000 + "}", "a number in it is too long"),
        ('{"text": "a", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ],
)
def test_a_line_that_is_no_record_is_rejected_by_its_number(line: str, reason: str) -> None:
    good = {"text": "Fine."}
    found = read(good, line, good)
    assert [type(record) for record in found] == [Incoming, Rejected, Incoming]
    rejected = found[1]
    assert isinstance(rejected, Rejected)
    assert rejected.line == 2
    assert reason in rejected.reason
    assert rejected.raw == line


def test_bytes_that_are_no_text_are_rejected_with_their_place_in_the_file() -> None:
    found = list(jsonl.read(b'{"text":"a"}\n{"text":"\xff"}\n'))
    assert found[1] == Rejected(2, None, "byte 22 is not valid UTF-8", None)


def test_only_lf_ends_a_line() -> None:
    found = list(jsonl.read('{"text":"a\u2028b\u0085c"}\r\n\n{"text":"d"}'.encode()))
    assert [(record.line, record.text) for record in found if isinstance(record, Incoming)] == [
        (1, "a\u2028b\u0085c"),
        (3, "d"),
    ]


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_a_file_without_records_is_rejected(data: bytes) -> None:
    assert list(jsonl.read(data)) == [Rejected(None, None, "there is no record in it")]


def test_a_byte_order_mark_before_the_first_record_is_no_error() -> None:
    assert isinstance(next(jsonl.read(b'\xef\xbb\xbf{"text":"a"}')), Incoming)
