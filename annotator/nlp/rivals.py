"""Other sentence splitters, to be scored beside ours: spaCy's rules, an installed spaCy pipeline, pysbd."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module

import spacy

from annotator.nlp.blocks import blocks
from annotator.nlp.segment import UNUSED

Span = tuple[int, int]
Splitter = Callable[[Sequence[str]], Iterator[list[Span]]]


def rival(name: str) -> Splitter:
    """Give a splitter by name: `sentencizer`, `pysbd`, or an installed spaCy pipeline; it gets a block at a time."""
    if name == "pysbd":
        return pysbd_spans
    if name == "sentencizer":
        nlp = spacy.blank("en")
        nlp.add_pipe("sentencizer")
    else:
        nlp = spacy.load(name, exclude=UNUSED)

    def split(texts: Sequence[str]) -> Iterator[list[Span]]:
        for doc in nlp.pipe(texts):
            yield [(sentence.start_char, sentence.end_char) for sentence in doc.sents]

    return split


def pysbd_spans(texts: Sequence[str]) -> Iterator[list[Span]]:
    """Split by pysbd, which is no dependency: ModuleNotFoundError if it is not installed."""
    segmenter = import_module("pysbd").Segmenter(language="en", clean=False, char_span=True)
    for text in texts:
        yield [(sentence.start, sentence.end) for sentence in segmenter.segment(text)]


def split_documents(texts: Sequence[str], split: Splitter) -> Iterator[list[Span]]:
    """Split documents by their blocks, and leave out the white space at the edges of what is found."""
    found = [blocks(text) for text in texts]
    stretches = [text[block.start : block.end] for text, parts in zip(texts, found, strict=True) for block in parts]
    spans = split(stretches)
    for text, parts in zip(texts, found, strict=True):
        yield [bare(text, block.start + start, block.start + end) for block in parts for start, end in next(spans)]


def bare(text: str, start: int, end: int) -> Span:
    """Leave out the white space at the edges of a span."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())
