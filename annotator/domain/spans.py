"""Half-open spans of code points, and where words stand in a text."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` to before `end`, in code points."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def contains(self, other: "Span") -> bool:
        """Whether the other lies inside; equal ones do."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a code point."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """The words that it marks."""
        return text[self.start : self.end]


SAME = {"'": "'‘’‚‛", '"': '"“”„‟«»', "-": "-‐‑‒–—"}
_ALIKE = {character: kind for kind, group in SAME.items() for character in group}
JOINERS = "\u200d\u200c\ufe0e\ufe0f"  # what follows or precedes them belongs to the same visible character


def find_words(
    text: str,
    words: str,
    near: Span,
    *,
    avoid: Sequence[Span] = (),
    picked: int | None = None,
    ignore_case: bool = False,
) -> Span | None:
    """Where `words` stand in `text`: word for word, white space and the shape of quotation marks and dashes aside.

    An occurrence that begins or ends at the code point `picked` wins over all others. Whole words win over parts of
    words, then an occurrence inside `near`, then the one closest to it; one that overlaps a span to `avoid` is taken
    only when there is no other. None where there is none.
    """

    def order(span: Span) -> tuple[bool, bool, bool, bool, bool, int, int]:
        return (
            not _is_at(text, span.start, picked),
            not _is_at(text, span.end, picked),
            any(span.overlaps(other) for other in avoid),
            _cuts(text, span.start) or _cuts(text, span.end),
            not near.contains(span),
            distance(span, near),
            span.start,
        )

    pattern = _pattern(words, re.IGNORECASE if ignore_case else re.NOFLAG)
    if pattern is None:
        return None
    best = min(_occurrences(pattern, text, near), key=order, default=None)
    settled = best is not None and not (any(order(best)[2:4]) if picked is None else all(order(best)[:2]))
    if settled:
        return best  # the rest of the text cannot have a better one
    return min(_occurrences(pattern, text, Span(0, len(text))), key=order, default=None)


def occurrences(text: str, words: str) -> Iterator[Span]:
    """Where `words` stand in `text`, also inside other words, in any case; white space and shapes aside."""
    pattern = _pattern(words, re.IGNORECASE)
    return _occurrences(pattern, text, Span(0, len(text))) if pattern else iter(())


def _occurrences(pattern: re.Pattern[str], text: str, within: Span) -> Iterator[Span]:
    return (Span(match.start(), match.end()) for match in pattern.finditer(text, within.start, within.end))


def _pattern(words: str, flags: re.RegexFlag) -> re.Pattern[str] | None:
    parts = words.split()
    if not parts:
        return None
    pattern = r"\s+".join("".join(map(_character, unicodedata.normalize("NFC", part))) for part in parts)
    typed = r"\s+".join("".join(map(_character, part)) for part in parts)
    return re.compile(pattern if pattern == typed else f"{typed}|{pattern}", flags)


def _character(character: str) -> str:
    """A pattern for one character: any of its shapes, composed or decomposed."""
    kind = _ALIKE.get(character)
    if kind:
        return f"[{re.escape(SAME[kind])}]"
    apart = unicodedata.normalize("NFD", character)
    return re.escape(character) if apart == character else f"(?:{re.escape(character)}|{re.escape(apart)})"


def _cuts(text: str, at: int) -> bool:
    """Whether a boundary at `at` would part a word, or a visible character made of several code points."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before in JOINERS[:1] or after in JOINERS or unicodedata.category(after)[0] == "M" or _is_skin_tone(after):
        return True
    # scripts without upper case often write words without spaces or glue particles to them
    uncased = unicodedata.category(before) == unicodedata.category(after) == "Lo"
    return before.isalnum() and after.isalnum() and not uncased


def _is_at(text: str, at: int, picked: int | None) -> bool:
    """Whether a boundary is the one that was picked; who selects a word may take the space beside it along."""
    return picked is not None and abs(at - picked) <= 1 and not text[min(at, picked) : max(at, picked)].strip()


def place(text: str, start: int, units: int) -> int:
    """The code point that lies `units` of UTF-16 after code point `start`: browsers count in these."""
    passed = text[start : start + units].encode("utf-16-le")[: 2 * units]
    return min(start, len(text)) + len(passed.decode("utf-16-le", errors="ignore"))


def _is_skin_tone(character: str) -> bool:
    return "\U0001f3fb" <= character <= "\U0001f3ff"


def distance(span: Span, near: Span) -> int:
    """Code points between two spans; 0 when they touch or overlap."""
    return max(near.start - span.end, span.start - near.end, 0)
