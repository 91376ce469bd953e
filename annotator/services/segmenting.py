"""New articles in their language, cut into blocks and sentences, and the title that their first heading gives."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from annotator.domain.options import Options
from annotator.intake.incoming import GivenBlock, Incoming
from annotator.nlp import installed, languages, segment
from annotator.nlp.blocks import DISCLAIMER
from annotator.nlp.blocks import Block as FoundBlock
from annotator.nlp.segment import Segmented
from db.vocabulary import BlockKind


def in_its_language(record: Incoming) -> Incoming:
    """The record in the language of its words where none is given; what cannot be told counts as given, as it was."""
    found = None if record.language_given else languages.detect(record.text)
    return replace(record, language=found or record.language, language_given=found is None)


def segmented(chosen: Iterable[tuple[int, Incoming]], options: Options) -> Iterator[tuple[int, Incoming, Segmented]]:
    """Blocks and sentences of each; a format that marks blocks knows them better than blank lines do."""
    for chunk in _chunks(chosen):
        unmarked = [(record.text, record.language) for _, record in chunk if record.blocks is None]
        found = segment.segment_many(unmarked, installed=lambda language: pipeline(options, language))
        for place, record in chunk:
            if record.blocks is None:
                yield place, record, next(found)
            else:
                blocks = [_found(record.text, block) for block in record.blocks]
                name = pipeline(options, record.language)
                yield place, record, next(segment.segmented([(record.text, blocks)], record.language, name))


def _chunks(chosen: Iterable[tuple[int, Incoming]]) -> Iterator[list[tuple[int, Incoming]]]:
    """Articles until their texts reach the size of what is segmented together."""
    chunk: list[tuple[int, Incoming]] = []
    size = 0
    for place, record in chosen:
        chunk.append((place, record))
        size += len(record.text)
        if size >= segment.CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


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
