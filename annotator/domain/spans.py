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

    An occurrence inside `near` wins, then the one closest to it; None where there is none.
    """
    pattern = _pattern(words)
    if pattern is None:
        return None
    found = [Span(m.start(), m.end()) for m in pattern.finditer(text, near.start, near.end)]
    if found:
        return found[0]
    everywhere = (Span(m.start(), m.end()) for m in pattern.finditer(text))
    return min(everywhere, key=lambda span: _distance(span, near), default=None)


def _pattern(words: str) -> re.Pattern[str] | None:
    parts = words.split()
    if not parts:
        return None
    return re.compile(r"\s+".join("".join(map(_character, part)) for part in parts))


def _character(character: str) -> str:
    kind = _ALIKE.get(character)
    return f"[{re.escape(SAME[kind])}]" if kind else re.escape(character)


def _distance(span: Span, near: Span) -> int:
    return max(near.start - span.end, span.start - near.end, 0)
