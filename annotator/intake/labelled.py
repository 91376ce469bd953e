"""Work that was done in another tool: its labels under our names, its places in our text, and what of it is lost."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from annotator.domain.labels import CHOICES
from annotator.errors import Invalid
from annotator.intake import record
from annotator.intake.clean import BOM
from annotator.intake.incoming import Incoming
from db.vocabulary import ImportFormat

WORDS = tuple(str(choice.value) for choice in CHOICES)
ABOUT = tuple(name for name in record.KNOWN if name not in ("id", "text", "html"))  # what tools carry along of ours
NO_PLACE = "regions whose place is not in the text, or does not hold the words they quote"
SPACE = re.compile(r"(?:\s|\\n)+")


class Tool(StrEnum):
    """Whose file it is; the batch keeps it beside the format of the file, which is JSON."""

    LABELSTUDIO = "labelstudio"
    DOCCANO = "doccano"


def parse_map(given: Iterable[str]) -> dict[str, str]:
    """“Factual=claim” -> {"factual": "claim"}. Raises Invalid for what says no label of ours."""
    found = {}
    for said in given:
        name, equals, word = said.rpartition("=")
        word = word.strip().casefold()
        if not equals or not name.strip() or word not in WORDS:
            raise Invalid(
                f"“{said[:60]}” is not of the form “their label=ours”; ours are {', '.join(WORDS)}.", field="map"
            )
        found[name.strip().casefold()] = word
    return found


@dataclass
class Reading:
    """What a file's labels are called here, and how often each was met; `others` have no name here."""

    names: Mapping[str, str] = field(default_factory=dict)
    taken: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    def words(self, labels: Iterable[Any]) -> frozenset[str]:
        """Our words for labels of theirs; the others are counted."""
        found = set()
        for label in labels:
            name = str(label).strip()
            word = self.names.get(name.casefold()) or (name.casefold() if name.casefold() in WORDS else None)
            (self.others if word is None else self.taken)[name] += 1
            found |= set() if word is None else {word}
        return frozenset(found)

    def refusal(self) -> str | None:
        """Why nothing of a file can be used: it has labels, and none of them has a name here."""
        if self.taken or not self.others:
            return None
        listed = ", ".join(f"“{name[:40]}” ({number:,})" for name, number in self.others.most_common(10))
        first = next(iter(self.others))[:40]
        return (
            f"none of its labels is {', '.join(WORDS[:-1])} or {WORDS[-1]}: it has {listed};"
            f" say what they are with their name and ours, such as “{first}=claim”"
        )


def other_label(name: str) -> str:
    """The ledger's words for a label that has no name here."""
    return f"labels “{name[:40]}”, which are none of ours"


class Places:
    """Places of a raw text -> code points of the text as it is stored, whichever unit the tool counts in."""

    def __init__(self, raw: str) -> None:
        self.length = len(raw)
        self._gone = [0] if raw.startswith(BOM) else []
        self._gone += [found.start() for found in re.finditer("\r\n", raw)]
        self._wide = [] if raw.isascii() else [n for n, sign in enumerate(raw) if sign > "\uffff"]
        self._units = [place + before for before, place in enumerate(self._wide)]  # where they begin in UTF-16

    @property
    def differ(self) -> bool:
        """Whether UTF-16 units and code points are not the same here."""
        return bool(self._wide)

    def at(self, place: int, *, utf16: bool) -> int | None:
        """A place as it is stored; None outside the text, or inside a character."""
        if utf16:
            before = bisect_left(self._units, place)
            if before and self._units[before - 1] == place - 1:
                return None
            place -= before
        return place - bisect_left(self._gone, place) if 0 <= place <= self.length else None

    def span(
        self, value: Mapping[Any, Any], *, utf16: bool, names: tuple[str, str] | tuple[int, int]
    ) -> tuple[int, int] | None:
        """Start and end of a region; None when they are no place in the text."""
        found = [value.get(name) for name in names]
        start, end = (self.at(n, utf16=utf16) if type(n) is int else None for n in found)
        return None if start is None or end is None or start >= end else (start, end)


def fits(text: str, span: tuple[int, int] | None, quoted: Any) -> bool:
    """Whether a region stands on the words it quotes, white space aside; any place does where nothing is quoted."""
    if span is None:
        return False
    words = text[span[0] : span[1]]
    return not isinstance(quoted, str) or words == quoted or SPACE.sub(" ", words) == SPACE.sub(" ", quoted)


def article(given: Mapping[str, Any], text: str, external_id: Any, ours: Sequence[str], line: int | None) -> Incoming:
    """The article of a task: its text, what is said about it, the names of what is not read. Raises Invalid."""
    about = {name: given[name] for name in ABOUT if given.get(name) is not None}
    found = {**about, "text": text, **{name: given[name] for name in given if name not in (*record.KNOWN, *ours)}}
    if external_id is not None:
        found["id"] = external_id
    return record.incoming(found, ImportFormat.JSONL, line)
