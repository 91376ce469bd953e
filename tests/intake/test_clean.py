"""Bytes become text without any change that is not announced."""

import pytest

from annotator.errors import Invalid
from annotator.intake import limits
from annotator.intake.clean import clean, clean_text


def test_line_ends_become_lf_and_the_byte_order_mark_goes() -> None:
    assert clean(b"\xef\xbb\xbfOne\r\nTwo\rThree\n") == "One\nTwo\nThree\n"


@pytest.mark.parametrize("text", ["👨🏻‍🚒 said", "é and e\u0301", "قال", "a\u2028b", "a\ufeffb", "\u202eabc", "ﬁ"])
def test_nothing_else_is_changed(text: str) -> None:
    assert clean(text.encode()) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"abc\xff", "byte 3 is not valid UTF-8"),
        ("åb".encode("latin-1"), "byte 0 is not valid UTF-8"),
        (b"ab\xed\xa0\x80", "byte 2 is a lone surrogate"),
        ("é".encode() + b"\0", "byte 2 is NUL"),
        ("text".encode("utf-16"), "byte 0 is not valid UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_its_byte(data: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        clean(data)


def test_surrogates_and_nul_of_json_escapes_are_refused_with_their_place() -> None:
    with pytest.raises(Invalid, match="character 1 is a lone surrogate"):
        clean_text("a\ud83d")
    with pytest.raises(Invalid, match="character 2 is NUL"):
        clean_text("ab\0")


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf", "\u3000\u2028".encode()])
def test_a_text_without_words_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="no text"):
        clean(data)


def test_the_longest_article_is_taken_and_one_character_more_is_not() -> None:
    longest = "é" * limits.ARTICLE_CODE_POINTS
    assert clean(longest.encode()) == longest
    with pytest.raises(Invalid, match="1,000,001 characters, an article may have 1,000,000"):
        clean((longest + "é").encode())
