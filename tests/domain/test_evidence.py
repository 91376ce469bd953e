"""Addresses in one form, what makes two sources the same, dates as far as they are known."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from annotator.domain import evidence, ids
from annotator.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("https://harbour.example/counts.csv", "https://harbour.example/counts.csv"),
        ("HTTPS://Harbour.EXAMPLE/Counts.csv", "https://harbour.example/Counts.csv"),
        ("https://harbour.example", "https://harbour.example/"),
        ("https://harbour.example:443/a", "https://harbour.example/a"),
        ("http://harbour.example:80/a", "http://harbour.example/a"),
        ("http://harbour.example:443/a", "http://harbour.example:443/a"),
        ("https://harbour.example./a", "https://harbour.example/a"),
        ("https://harbour.example/a#part-2", "https://harbour.example/a"),
        ("https://harbour.example/a?utm_source=x&id=7&UTM_medium=y", "https://harbour.example/a?id=7"),
        ("https://harbour.example/a?fbclid=1&gclid=2", "https://harbour.example/a"),
        ("https://harbour.example/a?b=2&a=1&&a=0", "https://harbour.example/a?b=2&a=1&a=0"),
        ("https://harbour.example/a?fbclid=1=2&id=3=4", "https://harbour.example/a?id=3=4"),
        ("https://harbour.example/a?next=%2fb%aB", "https://harbour.example/a?next=%2Fb%AB"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
        ("  https://harbour.example/a  ", "https://harbour.example/a"),
    ],
)
def test_an_address_has_one_form(typed: str, canonical: str) -> None:
    assert evidence.canonical_url(typed) == canonical
    assert evidence.canonical_url(canonical) == canonical


NO_WEB_ADDRESS = "An address starts with http:// or https:// and names a host."
UNREADABLE = "This is not an address: its host or port cannot be read."
WITH_NAME = "An address with a user name or password in it is not stored."
WITH_SPACES = "An address holds no spaces."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("javascript:alert(1)", NO_WEB_ADDRESS),
        ("ftp://harbour.example/a", NO_WEB_ADDRESS),
        ("file:///etc/passwd", NO_WEB_ADDRESS),
        ("data:text/html,x", NO_WEB_ADDRESS),
        ("https:harbour.example", NO_WEB_ADDRESS),
        ("https:///a", NO_WEB_ADDRESS),
        ("https://", NO_WEB_ADDRESS),
        ("//harbour.example/a", NO_WEB_ADDRESS),
        ("www.harbour.example", NO_WEB_ADDRESS),
        ("https://harbour.example:99999/", UNREADABLE),
        ("https://harbour.example:port/", UNREADABLE),
        ("https://[2001:db8::1/a", UNREADABLE),
        ("https://good.example@evil.example/", WITH_NAME),
        ("https://user:secret@harbour.example/", WITH_NAME),
        ("https://har bour.example/", WITH_SPACES),
        ("https://harbour.example/\u2028a", WITH_SPACES),
        ("https://harbour.example/\x00", WITH_SPACES),
        ("https://harbour.example/\x7f", WITH_SPACES),
        ("https://harbour.example/" + "a" * 4073, "An address has at most 4096 characters."),
    ],
)
def test_what_is_no_web_address_is_refused_with_its_field(typed: str, message: str) -> None:
    for check in (evidence.canonical_url, evidence.address):
        with pytest.raises(Invalid) as refused:
            check(typed, field="archived_url")
        assert (refused.value.field, refused.value.message) == ("archived_url", message)
        with pytest.raises(Invalid) as refused:
            check(typed)
        assert refused.value.field == "url"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("https://./a", NO_WEB_ADDRESS),
        ("https://" + "ü" * 70 + ".example/", "This is not an address: its host cannot be read."),
    ],
)
def test_a_host_that_cannot_be_written_has_no_canonical_form(typed: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        evidence.canonical_url(typed, field="archived_url")
    assert (refused.value.field, refused.value.message) == ("archived_url", message)


def test_an_address_may_have_4096_characters() -> None:
    longest = "https://harbour.example/" + "a" * 4072
    assert evidence.address(longest) == evidence.canonical_url(longest) == longest


def test_an_address_is_stored_as_typed_but_for_its_scheme() -> None:
    assert evidence.address(" HTTPS://Harbour.example/A?b#c ") == "https://Harbour.example/A?b#c"
    assert evidence.address("  ") is None


@given(st.text(max_size=40))
def test_canonical_form_is_reached_in_one_step(tail: str) -> None:
    try:
        once = evidence.canonical_url("https://harbour.example/" + tail)
    except Invalid:
        assume(False)
    assert evidence.canonical_url(once) == once
    assert once.isascii()


def test_a_title_is_told_from_an_address() -> None:
    assert evidence.looks_like_address("https://harbour.example")
    assert evidence.looks_like_address("javascript:alert(1)")
    assert evidence.looks_like_address("www.harbour.example")
    assert not evidence.looks_like_address("Harbour: a history")
    assert not evidence.looks_like_address("Bridge counts")


def test_the_same_source_has_the_same_key_and_the_contracts_id() -> None:
    key = evidence.dedup_key(None, "https://HARBOUR.example/counts.csv?utm_source=x", "")
    assert key == "url:https://harbour.example/counts.csv"
    assert ids.source_id(key) == "src_d690e162ebba481e"  # in the contract's examples.jsonl


def test_a_doi_counts_before_the_address_and_the_address_before_the_citation() -> None:
    assert evidence.dedup_key("10.1000/ABC", "https://harbour.example/", "x") == "doi:10.1000/abc"
    assert evidence.dedup_key(None, "https://harbour.example/", "x") == "url:https://harbour.example/"
    assert evidence.dedup_key(None, None, "Minutes  of the Board") == "cite:minutes of the board"


def test_a_doi_is_read_from_its_address() -> None:
    assert evidence.doi_of("https://doi.org/10.1000/abc.1") == "10.1000/abc.1"
    assert evidence.doi_of("https://harbour.example/10.1000/abc") is None
    assert evidence.doi_of("https://dx.doi.org//10.1000/abc") == "10.1000/abc"
    assert evidence.doi_of("https://doi.org/X10.1000/abc") is None
    assert evidence.doi_of("https://doi.org/10.100/abc") is None
    assert evidence.doi_of(None) is None


def test_a_citation_does_not_depend_on_case_width_or_white_space() -> None:
    one = evidence.citation("Minutes of the  Board", "Harbour Board", "2024-05", ["Ida Holm"])
    assert one == evidence.citation("minutes of the board", "ＨＡＲＢＯＵＲ board", "2024-05", ["IDA HOLM"])
    assert one != evidence.citation("Minutes of the Board", "Harbour Board", "2024-06", ["Ida Holm"])
    assert evidence.dedup_key(None, None, one) == "cite:" + one


def test_a_citation_has_what_is_known_of_a_document() -> None:
    both = evidence.citation("Minutes  of May", "The Board", "2025", ["Kim Berg", "Ada Lind"])
    assert both == "kim berg; ada lind | minutes of may | the board | 2025"
    assert evidence.citation("Minutes") == "minutes"
    assert evidence.citation("Minutes", None, "2025") == "minutes | 2025"


def test_a_title_is_made_from_an_address() -> None:
    assert evidence.title_from("https://Harbour.example/hsi.pdf?download=1#x") == "harbour.example/hsi.pdf?download=1"
    assert evidence.title_from("https://harbour.example/") == "harbour.example"
    assert evidence.title_from("https://harbour.example/X/") == "harbour.example/X"


@pytest.mark.parametrize("typed", ["2019", "2019-08", "2019-08-30", "2024-02-29", " 2019 "])
def test_a_date_may_be_known_in_part(typed: str) -> None:
    assert evidence.partial_date(typed, "issued") == typed.strip()


@pytest.mark.parametrize("typed", ["2019-13", "2019-02-30", "2023-02-29", "2023-00", "2023-01-00", "0000"])
def test_a_date_that_no_calendar_has_is_refused_with_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        evidence.partial_date(f" {typed} ", "claim_date")
    assert (refused.value.field, refused.value.message) == ("claim_date", f"There is no such date: {typed}.")


@pytest.mark.parametrize("typed", ["19", "2019-8", "2019/08", "30.8.2019", "today", "２０１９"])
def test_a_date_in_another_shape_is_refused_with_the_right_one(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        evidence.partial_date(typed, "claim_date")
    assert refused.value.field == "claim_date"
    assert refused.value.message == ("Write a date as year, year-month or year-month-day: 2019, 2019-08 or 2019-08-30.")


def test_no_date_is_no_date() -> None:
    assert evidence.partial_date(None, "issued") is None
    assert evidence.partial_date("  ", "issued") is None
