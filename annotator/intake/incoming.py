"""What every format is read into: an article that came in, or why a record cannot be one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from db.vocabulary import BlockKind, ImportFormat


class GivenBlock(NamedTuple):
    """A block that the format itself marks: code points of the text, kind, level of a heading."""

    start: int
    end: int
    kind: BlockKind
    level: int | None = None


@dataclass(frozen=True, slots=True)
class GivenLabels:
    """What one person said of a stretch of the text: claim, quote, opinion, none or unsure; the rest where it is said.

    `by` is a name or the id of a reviewer; `voices` has claim and opinion.
    """

    by: str
    start: int
    end: int
    words: frozenset[str]
    voices: Mapping[str, str] = field(default_factory=dict)
    none_reason: str | None = None
    loaded_language: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One article as it came: clean text and what is said about it; `unknown` names the fields nobody reads.

    `language` is a guess unless `language_given`. `labels` come from another tool, `lost` counts in words what of its
    work has no place here.
    """

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
    language_given: bool = False
    license: str | None = None
    rights_note: str | None = None
    blocks: tuple[GivenBlock, ...] | None = None
    unknown: tuple[str, ...] = ()
    labels: tuple[GivenLabels, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)


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
