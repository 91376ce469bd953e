"""New articles in their language, cut into blocks and sentences, and the title that their first heading gives."""

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias, TypeGuard

from annotator.domain.options import Options
from annotator.intake.incoming import GivenBlock, Incoming, Rejected
from annotator.nlp import installed, languages, segment
from annotator.nlp.blocks import DISCLAIMER
from annotator.nlp.blocks import Block as FoundBlock
from annotator.nlp.packed import Packed, pack
from annotator.nlp.segment import Segmented
from annotator.spread import Spread
from db import canonical
from db.vocabulary import BlockKind

Record: TypeAlias = Incoming | Rejected
AT_ONCE = 500  # articles that are looked up together, however short they are


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a text: its sentences, its first heading, and its language where none was given."""

    packed: Packed
    heading: str | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Outlined(Incoming):
    """An article that came with what was found in it."""

    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """What is read together: text, language, whether that was given, and blocks where they are marked."""

    options: Options
    texts: Sequence[tuple[str, str, bool, tuple[GivenBlock, ...] | None]]


def outlined(
    records: Iterable[Record],
    options: Options,
    spread: Spread,
    *,
    known: Callable[[Sequence[str]], Container[str]] = lambda _: (),
) -> Iterator[Record]:
    """The records in their order; articles come with what was found in them, unless the hash of their text is `known`.

    Several texts are read together, and some are read ahead where the work is spread.
    """
    waiting: deque[tuple[list[Record], set[int]]] = deque()

    def texts() -> Iterator[Texts]:
        for chunk in _chunks(records):
            hashes = {n: canonical.sha256(one.text) for n, one in enumerate(chunk) if _is_bare(one)}
            there = known(list(hashes.values()))
            waiting.append((chunk, {n for n, sha256 in hashes.items() if sha256 not in there}))
            yield Texts(options, [_text(one) for n, one in enumerate(chunk) if n in waiting[-1][1]])

    for found in spread(find, texts()):
        chunk, wanted = waiting.popleft()
        each = iter(found)
        yield from (_with(one, next(each)) if n in wanted else one for n, one in enumerate(chunk))


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Records until their texts reach the size of what is segmented together."""
    chunk: list[Record] = []
    size = 0
    for record in records:
        chunk.append(record)
        size += len(record.text) if isinstance(record, Incoming) else 0
        if size >= segment.CHUNK or len(chunk) == AT_ONCE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _is_bare(record: Record) -> TypeGuard[Incoming]:
    return isinstance(record, Incoming) and not isinstance(record, Outlined)


def _text(record: Record) -> tuple[str, str, bool, tuple[GivenBlock, ...] | None]:
    assert isinstance(record, Incoming)
    return record.text, record.language, record.language_given, record.blocks


def _with(record: Record, found: Found) -> Outlined:
    """The article in the language of its words where none was given; what cannot be told counts as given, as it was."""
    values = {field.name: getattr(record, field.name) for field in fields(Incoming)}
    values["language"] = found.language or values["language"]
    return Outlined(**{**values, "language_given": found.language is None}, found=found)


def find(given: Texts) -> list[Found]:
    """Language, blocks and sentences of texts; a format that marks blocks knows them better than blank lines do."""
    told = [None if is_given else languages.detect(text) for text, _, is_given, _ in given.texts]
    spoken = [new or language for new, (_, language, _, _) in zip(told, given.texts, strict=True)]
    unmarked = [(text, spoken[n]) for n, (text, _, _, blocks) in enumerate(given.texts) if blocks is None]
    cut = segment.segment_many(unmarked, installed=lambda language: pipeline(given.options, language))
    found = []
    for new, language, (text, _, _, marked) in zip(told, spoken, given.texts, strict=True):
        if marked is None:
            one = next(cut)
        else:
            blocks = [_found(text, block) for block in marked]
            one = next(segment.segmented([(text, blocks)], language, pipeline(given.options, language)))
        found.append(Found(pack(one), heading(text, one), new))
    return found


def pipeline(options: Options, language: str) -> str | None:
    """The spaCy pipeline that the project names for a language. Raises Unavailable when it is not installed."""
    return installed.require(options.pipeline(language))


def _found(text: str, block: GivenBlock) -> FoundBlock:
    """A given block; no format marks a disclaimer, its first word does."""
    is_disclaimer = block.kind is BlockKind.PARAGRAPH and DISCLAIMER.match(text, block.start, block.end)
    return FoundBlock(block.start, block.end, BlockKind.DISCLAIMER if is_disclaimer else block.kind, block.level)


def heading(text: str, segmented: Segmented) -> str | None:
    """The first heading of the highest level, in one line."""
    titles = (b for b in segmented.blocks if b.kind is BlockKind.HEADING and b.level == 1)
    return next((" ".join(text[block.start : block.end].split()).lstrip("# ") or None for block in titles), None)
