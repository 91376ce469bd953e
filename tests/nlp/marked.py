"""Texts with `|` before each word that starts a sentence, the first one aside."""

from collections.abc import Iterable
from functools import cache

import spacy
from spacy.language import Language

from annotator.nlp.rules import Rule, read, split_missing_spaces
from annotator.nlp.segment import segment


@cache
def words() -> Language:
    """Make the tokenizer that the sentence model has."""
    nlp = spacy.blank("en")
    split_missing_spaces(nlp)
    return nlp


def mended(rule: Rule, marked: str) -> str:
    """Apply one rule to a text whose sentence starts are marked, and mark those it leaves."""
    parts = marked.split("|")
    offsets = {sum(map(len, parts[: count + 1])) for count in range(len(parts) - 1)}
    doc = words()("".join(parts))
    assert offsets <= {token.idx for token in doc}, "a mark stands inside a word"
    for token in doc:
        token.is_sent_start = token.i == 0 or token.idx in offsets
    tokens = read(doc)
    rule(tokens)
    starts = (doc[index].idx for index in tokens.boundaries())
    return mark(doc.text, starts)


def found(text: str, language: str = "en") -> str:
    """Segment a text and mark the sentence starts."""
    return mark(text, [sentence.start for sentence in segment(text, language=language)][1:])


def mark(text: str, starts: Iterable[int]) -> str:
    """Put a mark at each offset."""
    for start in sorted(starts, reverse=True):
        text = f"{text[:start]}|{text[start:]}"
    return text
