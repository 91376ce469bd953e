"""Sentences: blocks first, then spaCy inside each block, then named rules; spans are code points of the text."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.nlp.blocks import LINE, Block, blocks
from db.vocabulary import BlockKind

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

MODEL = Path(__file__).parent / "model" / "senter"
MODEL_VERSION = "1.0"
RULES_VERSION = "1.1"  # of blocks and boundary rules; a change that cuts any text differently needs a new one
ENGLISH = "en"
ANY_LANGUAGE = "xx"
WHITE = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
SPACE = str.maketrans(dict.fromkeys(WHITE, " "))
WINDOW = 4_000  # characters of one doc
BATCH = 20_000  # characters that go through the network at once
SAFE_CUT = re.compile(r"(?<![^\W_])[a-z]{3,}[.!?]+[\"”’)\]]*\s+(?=[A-Z“\"])|[。！？।؟]\s*")  # between sentences
WORD_CUT = re.compile(r"[\w,]\s+(?=\w)")  # inside one
CHUNK = 100_000  # characters that are segmented before the first result of them is handed out
VOCABULARY = 100_000  # words; spaCy keeps every word it has met, so a pipeline that has met more is replaced
WORD_PROPERTIES = ("LOWER", "NORM", "PREFIX", "SUFFIX", "SHAPE", "IS_SPACE")  # what model and tokenizer ask for
UNUSED = (
    "tagger",
    "attribute_ruler",
    "morphologizer",
    "lemmatizer",
    "ner",
)  # parts of a pipeline that find no sentence

Known = tuple[str, Sequence[Block] | None]  # a text, and its blocks where they are known


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
    """A stretch of one block for spaCy, with the place of each character; `joined` if a sentence goes on in it."""

    article: int
    block: int
    text: str
    places: Sequence[int]
    joined: bool


def segment(
    text: str, *, language: str = ENGLISH, blocks: Sequence[Block] | None = None, installed: str | None = None
) -> list[SentenceSpan]:
    """Find the sentences of one text: in order, disjoint, covering every visible character.

    `installed` names a spaCy pipeline to use in place of the own one; OSError if it is not installed.
    """
    return next(segmented([(text, blocks)], language, installed)).sentences


def segment_many(
    texts: Iterable[tuple[str, str]], *, installed: Callable[[str], str | None] = lambda _: None
) -> Iterator[Segmented]:
    """Find blocks and sentences of (text, language) pairs, in order, streaming, a bounded chunk at a time.

    `installed` names the spaCy pipeline to use for a language in place of the own one, if any.
    """
    for language, pairs in groupby(texts, key=lambda pair: pair[1]):
        yield from segmented(((text, None) for text, _ in pairs), language, installed(language))


def engine(language: str = ENGLISH, *, installed: str | None = None) -> str:
    """Name the engine and its version, for the provenance of a segmentation."""
    # The metadata of packages takes longer to import than all the rest of this file.
    from importlib.metadata import version

    code = code_of(language)
    if installed:
        meta = pipeline(code, installed).meta
        return (
            f"{meta['lang']}_{meta['name']} {meta['version']} annotator-rules {RULES_VERSION} spacy {version('spacy')}"
        )
    if code == ENGLISH:
        return f"annotator-senter {MODEL_VERSION} annotator-rules {RULES_VERSION} spacy {version('spacy')}"
    return f"annotator-rules {RULES_VERSION} {pipeline(code).lang} spacy {version('spacy')}"


def segmented(texts: Iterable[Known], language: str, installed: str | None = None) -> Iterator[Segmented]:
    """Segment texts of one language, a chunk of them at a time."""
    for chunk in chunks(texts):
        nlp = pipeline(code_of(language), installed)
        found = [list(blocks(text) if known is None else known) for text, known in chunk]
        pieces = [piece for article, (text, _) in enumerate(chunk) for piece in cut(article, text, found[article])]
        sentences: list[list[SentenceSpan]] = [[] for _ in chunk]
        for batch in batches(pieces):
            for piece, doc in zip(batch, nlp.pipe([piece.text for piece in batch], batch_size=len(batch)), strict=True):
                add_sentences(sentences[piece.article], piece, doc)
        if len(nlp.vocab) > VOCABULARY:
            loaded.cache_clear()
        yield from map(Segmented, found, sentences)


def chunks(texts: Iterable[Known]) -> Iterator[list[Known]]:
    """Gather texts until they reach the size of a chunk."""
    chunk: list[Known] = []
    size = 0
    for text, known in texts:
        chunk.append((text, known))
        size += len(text)
        if size >= CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Gather pieces until they reach the size of a batch."""
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece.text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def cut(article: int, text: str, found: Sequence[Block]) -> Iterator[Piece]:
    """Cut the blocks of an article into pieces: a table into its rows, a long block into bounded windows."""
    for index, block in enumerate(found):
        stretches = [(block.start, block.end)]
        if block.kind is BlockKind.TABLE:
            stretches = [match.span() for match in LINE.finditer(text, block.start, block.end)]
        for start, end in stretches:
            joined = False
            for window_start, window_end, safe in windows(text, start, end):
                words = text[window_start:window_end].translate(SPACE)
                yield Piece(article, index, *tightened(words, window_start), joined)
                joined = not safe


def windows(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Cut a stretch of text at plain sentence ends, else between words, else anywhere; tell whether a sentence ends."""
    while end - start > WINDOW:
        middle, limit = start + WINDOW // 2, start + WINDOW
        safe = [match.end() for match in SAFE_CUT.finditer(text, middle, limit)]
        cuts = safe or [match.end() for match in WORD_CUT.finditer(text, middle, limit)] or [limit]
        stop = cuts[-1]
        yield start, stop, bool(safe)
        start = stop
    yield start, end, True


def tightened(words: str, start: int) -> tuple[str, Sequence[int]]:
    """Leave one space of several, as spaCy makes words of the others, and tell the place of each character."""
    if "  " not in words:
        return words, range(start, start + len(words))
    kept = [place for place, sign in enumerate(words) if sign != " " or words[place - 1 : place] != " "]
    return "".join([words[place] for place in kept]), [start + place for place in kept]


def add_sentences(sentences: list[SentenceSpan], piece: Piece, doc: "Doc") -> None:
    """Add the sentences of one piece, and let the first one go on where the piece before broke off."""
    offsets = sentence_offsets(doc)
    for start, end in zip(offsets, [*offsets[1:], len(piece.text)], strict=True):
        words = piece.text[start:end]
        bare = words.strip()
        if not bare:
            continue
        first = start + len(words) - len(words.lstrip())
        begin, finish = piece.places[first], piece.places[first + len(bare) - 1] + 1
        if piece.joined and start == 0:
            begin = sentences.pop().start
        sentences.append(SentenceSpan(begin, finish, piece.block))


def sentence_offsets(doc: "Doc") -> list[int]:
    """List where sentences start, as offsets into the text of a doc."""
    offsets, marks = doc.to_array(["IDX", "SENT_START"]).astype("int64").T
    return [0, *offsets[1:][marks[1:] == 1].tolist()]


def code_of(language: str) -> str:
    """Give the code of a language without its region, such as "pt" for "pt-BR"; the neutral one for what is no code."""
    match = re.match(r"[a-z]{2,3}(?![a-z])", language.lower())
    return match[0] if match else ANY_LANGUAGE


def pipeline(code: str, installed: str | None = None) -> "Language":
    """Give the pipeline of a language, or the installed one of a name; it is loaded once."""
    return loaded(code, installed)


@cache
def loaded(code: str, installed: str | None) -> "Language":
    """Load a pipeline: the own model for English, spaCy's rules for any other language, or an installed one."""
    # spaCy takes most of a second to import: only texts that are segmented pay for it.
    import spacy

    from annotator.nlp import rules

    if installed:
        nlp = spacy.load(installed, exclude=UNUSED)
    elif code == ENGLISH:
        nlp = slim(spacy.load(MODEL))
        rules.split_missing_spaces(nlp)
        rules.skip_plain_words(nlp)
    else:
        try:
            nlp = slim(spacy.blank(code))
        except ImportError:  # no such language, or the tokenizer that it needs is not installed
            return pipeline(ANY_LANGUAGE)
        rules.split_missing_spaces(nlp)
    if not {"senter", "parser", "sentencizer"}.intersection(nlp.pipe_names):
        nlp.add_pipe("sentencizer")
    nlp.add_pipe(rules.ENGLISH_RULES if code == ENGLISH else rules.ANY_RULES)
    return nlp


def slim(nlp: "Language") -> "Language":
    """Let spaCy work out only the used ones of two dozen properties of a new word, which take a third of the time."""
    import spacy  # for the reason given in loaded()

    vocabulary: Any = nlp.vocab  # the stub leaves its getters out
    getters = vocabulary.lex_attr_getters
    wanted = [spacy.attrs.IDS[name] for name in WORD_PROPERTIES]
    vocabulary.lex_attr_getters = {key: getters[key] for key in wanted if key in getters}
    return nlp
