"""What every format is read into: an article that came in, or why a record cannot be one."""

from dataclasses import dataclass
from typing import NamedTuple

from db.vocabulary import BlockKind, ImportFormat


class GivenBlock(NamedTuple):
    """A block that the format itself marks: code points of the text, kind, level of a heading."""

    start: int
    end: int
    kind: BlockKind
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One article as it came: clean text and what is said about it; `unknown` names the fields nobody reads."""

    text: str
    format: ImportFormat
    line: int | None = None
    external_id: str | None = None
    title: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    publisher: str | None = None
    byline: tuple[str, ...] = ()
    published: str | None = None
    language: str = "en"
    license: str | None = None
    rights_note: str | None = None
    blocks: tuple[GivenBlock, ...] | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that is not stored: where it stands, the field, the reason in words, and the record as it came."""

    line: int | None
    field: str | None
    reason: str
    raw: str | None = None

    def __str__(self) -> str:
        places = [f"line {self.line}"] if self.line is not None else []
        places += [f"field {self.field}"] if self.field else []
        return f"{', '.join(places)}: {self.reason}" if places else self.reason
