"""Text of people and the web as it is shown."""

import pytest

from annotator.domain.display import INVISIBLE, initials, visible, web_address


def test_direction_controls_are_shown_as_marks_and_other_characters_stay() -> None:
    assert visible("Ida\u202e mloH 👩‍🚒 cafe\u0301 שלום") == "Ida⟨U+202E⟩ mloH 👩‍🚒 cafe\u0301 שלום"
    assert visible(None) == visible("") == ""


def test_every_control_that_turns_text_round_is_shown() -> None:
    turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    assert sorted(map(chr, INVISIBLE)) == sorted(turning)


@pytest.mark.parametrize("url", ["http://harbour.example/a", "HTTPS://harbour.example"])
def test_web_addresses_may_be_followed(url: str) -> None:
    assert web_address(url) == url


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "ftp://harbour.example", "harbour", "http://[1/a"])
def test_nothing_else_may_be_followed(url: str | None) -> None:
    assert web_address(url) is None


@pytest.mark.parametrize(
    ("name", "letters"),
    [("ada lind", "AL"), ("Ada", "A"), ("Ada Bea von Lind", "AL"), ("ada ada", "A"), ("  ", "?"), ("", "?")],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters
