"""Sentences: blocks first, then spaCy inside each block, then named rules; spans are code points of the text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.nlp.blocks import Block, blocks
from db.vocabulary import BlockKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = Path(__file__).parent / "model" / "senter"
MODEL_VERSION = "1.0"
SPACE = {ord(sign): " " for sign in map(chr, range(0x3001)) if sign.isspace()}  # U+3000 is the last white space
WINDOW = 8_000
CHUNK = 100_000  # characters that share one memory zone, so that memory does not grow with the number of articles
SAFE_CUT = re.compile(r"[a-z0-9]{4}[.!?]+[\"”’)\]]* +(?=[A-Z“\"])|[。！？।؟]\s*|\n")
ENGLISH = "en"
ANY_LANGUAGE = "xx"


@dataclass(frozen=True)
class SentenceSpan:
    """One sentence: code-point span without edge white space, and the index of the block it lies in."""

    start: int
    end: int
    block: int


@dataclass(frozen=True)
class Segmented:
    """The blocks of one text and the sentences in them, both in order."""

    blocks: list[Block]
    sentences: list[SentenceSpan]


@dataclass(frozen=True)
class Piece:
    """A stretch of one block short enough for spaCy; `joined` if it goes on in the middle of a sentence."""

    article: int
    block: int
    start: int
    text: str
    joined: bool


def engine(language: str = ENGLISH) -> str:
    """Name the engine and its version for the provenance of a segmentation."""
    # The metadata of packages takes longer to import than all of this file.
    from importlib.metadata import version

    if language == ENGLISH:
        return f"annotator-senter {MODEL_VERSION} spacy {version('spacy')}"
    return f"annotator-rules {MODEL_VERSION} spacy {version('spacy')} {language}"


def segment(text: str, *, language: str = ENGLISH, blocks: Sequence[Block] | None = None) -> list[SentenceSpan]:
    """Find the sentences of one text: in order, disjoint, covering every visible character."""
    return next(segmented([(text, blocks)], language)).sentences


def segment_many(texts: Iterable[tuple[str, str]]) -> Iterator[Segmented]:
    """Find blocks and sentences of (text, language) pairs, in order, streaming; memory does not grow with their number."""
    for language, pairs in groupby(texts, key=lambda pair: pair[1]):
        yield from segmented(((text, None) for text, _ in pairs), language)


def segmented(texts: Iterable[tuple[str, Sequence[Block] | None]], language: str) -> Iterator[Segmented]:
    """Segment texts of one language, whose blocks may be known, a chunk of them at a time."""
    nlp = pipeline(language)
    for chunk in chunks(texts):
        found = [list(blocks(text) if known is None else known) for text, known in chunk]
        pieces = [piece for article, (text, _) in enumerate(chunk) for piece in cut(article, text, found[article])]
        sentences: list[list[SentenceSpan]] = [[] for _ in chunk]
        with nlp.memory_zone():
            docs = nlp.pipe((piece.text for piece in pieces), batch_size=256)
            for piece, doc in zip(pieces, docs, strict=True):
                add_sentences(sentences[piece.article], piece, doc)
        yield from map(Segmented, found, sentences)


def chunks(texts: Iterable[tuple[str, Sequence[Block] | None]]) -> Iterator[list[tuple[str, Sequence[Block] | None]]]:
    """Gather texts until they reach the size of a chunk."""
    chunk: list[tuple[str, Sequence[Block] | None]] = []
    size = 0
    for text, known in texts:
        chunk.append((text, known))
        size += len(text)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def cut(article: int, text: str, found: Sequence[Block]) -> Iterator[Piece]:
    """Cut blocks into pieces: a table by rows, a long block at safe places into bounded windows."""
    for index, block in enumerate(found):
        if block.kind is BlockKind.TABLE:
            for row in re.finditer(r"[^\n]+", text[block.start : block.end]):
                yield from windows(article, index, block.start + row.start(), row[0])
        else:
            yield from windows(article, index, block.start, text[block.start : block.end])


def windows(article: int, block: int, start: int, text: str) -> Iterator[Piece]:
    """Cut a text into bounded windows, at the end of a sentence where one is plain, else between words, else anywhere."""
    joined = False
    while text:
        end, safe = window_end(text)
        yield Piece(article, block, start, text[:end].translate(SPACE), joined)
        start, text, joined = start + end, text[end:], not safe


def window_end(text: str) -> tuple[int, bool]:
    """Tell where the first window of a text ends, and whether a sentence surely ends there."""
    if len(text) <= WINDOW:
        return len(text), True
    half = WINDOW // 2
    safe = [match.end() for match in SAFE_CUT.finditer(text, half, WINDOW)]
    if safe:
        return safe[-1], True
    return text.rfind(" ", half, WINDOW) + 1 or WINDOW, False


def add_sentences(sentences: list[SentenceSpan], piece: Piece, doc: "Doc") -> None:
    """Add the sentences of one piece, and let the first one go on where the piece before broke off."""
    offsets = sentence_offsets(doc)
    for start, end in zip(offsets, [*offsets[1:], len(piece.text)], strict=True):
        words = piece.text[start:end]
        bare = words.strip()
        if not bare:
            continue
        begin = piece.start + start + len(words) - len(words.lstrip())
        span = SentenceSpan(begin, begin + len(bare), piece.block)
        if piece.joined and start == 0 and sentences:
            span = SentenceSpan(sentences.pop().start, span.end, piece.block)
        sentences.append(span)


def sentence_offsets(doc: "Doc") -> list[int]:
    """List where sentences start, as offsets into the text of a doc."""
    offsets, marks = doc.to_array(["IDX", "SENT_START"]).astype("int64").T
    return [0, *offsets[1:][marks[1:] == 1].tolist()]


@cache
def pipeline(language: str) -> "Language":
    """Load the pipeline of a language once: the own model for English, spaCy's sentence rules for any other."""
    # spaCy takes most of a second to import: only texts that are segmented pay for it.
    import spacy

    from annotator.nlp import rules

    if language == ENGLISH:
        nlp = spacy.load(MODEL)
        nlp.add_pipe(rules.ENGLISH_RULES)
        return nlp
    nlp = blank(language)
    nlp.add_pipe("sentencizer")
    nlp.add_pipe(rules.ANY_RULES)
    return nlp


def blank(language: str) -> "Language":
    """Make spaCy's blank pipeline for a language code such as "de" or "pt-BR", the neutral one if it has none."""
    import spacy  # for the reason given in pipeline()

    code = re.split("[-_]", language)[0].lower()
    try:
        return spacy.blank(code)
    except ImportError:  # no such language, or its tokenizer is not installed
        return spacy.blank(ANY_LANGUAGE)
