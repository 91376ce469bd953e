"""Figures in sentences: small numbers as words where the language is English, lists with a last “and”."""

from collections.abc import Sequence

from annotator import language
from annotator.language import gettext as _

SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def number(n: int) -> str:
    """“three” and “1,234”; other languages bend their small numbers, so there they are digits."""
    return SMALL[n] if n < len(SMALL) and language.current() == language.ENGLISH else language.number(n)


def listed(parts: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    if len(parts) < 2:
        return "".join(parts)
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def capital(text: str) -> str:
    """The text with a capital."""
    return text[:1].upper() + text[1:]
