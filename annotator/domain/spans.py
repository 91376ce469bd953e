"""Half-open spans of code points, and where words stand in a text."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        return text[self.start : self.end]


SAME = {"'": "'‘’‚‛", '"': '"“”„‟«»', "-": "-‐‑‒–—", " ": r"\s"}
_ALIKE = {character: kind for kind, group in SAME.items() for character in (kind, *group) if kind != " "}


def find_words(text: str, words: str, near: Span) -> Span | None:
    """Where `words` stand in `text`: word for word, white space and the shape of quotation marks and dashes aside.

    An occurrence inside `near` wins, then the closest one; whole words before parts of words. None where there is none.
    """
    parts = words.split()
    if not parts:
        return None
    pattern = r"\s+".join("".join(map(_character, part)) for part in parts)
    whole = re.compile(rf"(?<!\w){pattern}(?!\w)")
    return _closest(whole, text, near) or _closest(re.compile(pattern), text, near)


def _closest(pattern: re.Pattern[str], text: str, near: Span) -> Span | None:
    found = (Span(m.start(), m.end()) for m in pattern.finditer(text))
    return min(found, key=lambda span: (not near.contains(span), _distance(span, near)), default=None)


def _character(character: str) -> str:
    kind = _ALIKE.get(character)
    return f"[{re.escape(SAME[kind])}]" if kind else re.escape(character)


def _distance(span: Span, near: Span) -> int:
    return max(near.start - span.end, span.start - near.end, 0)
