"""Figures in sentences: small numbers as words, one or many, lists with a last “and”."""

from collections.abc import Sequence

SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def number(n: int) -> str:
    return SMALL[n] if n < len(SMALL) else f"{n:,}"


def count(n: int, one: str, many: str | None = None) -> str:
    """“one claim”, “13 claims”, “no claim”."""
    return f"{number(n)} {one if n < 2 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def sentence(text: str) -> str:
    """The text with a capital and a full stop."""
    return text[:1].upper() + text[1:] + "."
