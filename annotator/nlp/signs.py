"""Signs: what in the words of a sentence speaks for or against a claim or an opinion, by name."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from annotator.nlp import loaded_words as words
from annotator.nlp.cues import BELIEVING, SAYING

if TYPE_CHECKING:
    from spacy.tokens import Token

Signs = dict[str, float]
NAMES = frozenset(["NNP", "NNPS"])
FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
LEXICAL = {  # name of a sign -> words that count for it, up to three of them
    "praising word": words.GOOD,
    "damning word": words.BAD,
    "intensifier": words.INTENSIFIERS,
    "comment adverb": words.COMMENTS,
    "hedge": words.HEDGES,
    "call to act": words.DUTIES,
    "measure word": words.MEASURES,
    "word of change": words.CHANGES,
    "word of law": words.LAWS,
    "word of cause": words.CAUSES,
    "event verb": words.EVENTS,
    "date": words.DATES,
    "sweeping word": words.SWEEPING,
    "moral noun": words.MORALS,
    "contrast": words.CONTRASTS,
    "wish or feeling": words.WISHES,
    "boilerplate": words.BOILERPLATE,
    "organisation or office": words.OFFICES,
    "colloquial word": words.COLLOQUIAL,
}


def signs(tokens: Sequence["Token"], attributed: Sequence[bool], *, heading: bool = False) -> Signs:
    """Name the signs of one sentence with their strength; `attributed` tells which tokens somebody else says."""
    found: Signs = dict(counted(tokens))
    found.update(shape(tokens, attributed, heading))
    found.update(grammar(tokens))
    return {name: strength for name, strength in found.items() if strength}


def counted(tokens: Sequence["Token"]) -> Iterator[tuple[str, float]]:
    """Count the words of each list."""
    lemmas = [token.lemma_.lower() for token in tokens]
    lowers = [token.lower_ for token in tokens]
    for name, chosen in LEXICAL.items():
        count = sum(lemma in chosen or lower in chosen for lemma, lower in zip(lemmas, lowers, strict=True))
        yield name, min(count, 3)
    yield "first person singular", float(any(lower in {"i", "me", "my", "mine", "myself"} for lower in lowers))
    yield "first person plural", float(any(lower in {"we", "us", "our", "ours", "ourselves"} for lower in lowers))
    yield "second person", float(any(lower in {"you", "your", "yours", "yourself"} for lower in lowers))
    yield "negation", float(any(token.dep_ == "neg" for token in tokens))


def shape(tokens: Sequence["Token"], attributed: Sequence[bool], heading: bool) -> Iterator[tuple[str, float]]:
    """Look at marks, length and who says it."""
    text = [token.text for token in tokens]
    length = sum(token.is_alpha for token in tokens)
    said = sum(attributed) / max(1, len(tokens))
    yield "length", math.log1p(length) / 3
    yield "short", float(length < 5)
    yield "question", float("?" in text[-3:])
    yield "exclamation", float("!" in text)
    yield "aside", float(any(one in {"—", "–", ";", "…", "...", "--"} for one in text))
    yield "heading", float(heading)
    yield "somebody else speaks", said
    yield "named speaker or cue", float(0 < said < 1)
    yield "quoted word", float(said == 0 and any(one in {"“", "‘", '"', "”"} for one in text))


def grammar(tokens: Sequence["Token"]) -> Iterator[tuple[str, float]]:
    """Look at numbers, names, tense, mood and comparison."""
    tags = [token.tag_ for token in tokens]
    numbers = [token for token in tokens if token.text[0].isdigit()]
    years = sum(len(token.text) == 4 and token.text[:2] in {"18", "19", "20"} for token in numbers)
    yield "number", float(len(numbers) > years)
    yield "number in words", float(any(token.is_alpha and is_number(token) for token in tokens))
    yield "year", float(years > 0)
    yield "percent or money", float(any(token.text in "%$£€" or token.lower_ in words.UNITS for token in tokens))
    names = sum(token.tag_ in NAMES and not (token.is_sent_start and token.dep_ != "nsubj") for token in tokens)
    yield "name", min(names, 4) / 2
    finite = [token for token in tokens if token.tag_ in FINITE]
    yield "past tense", float("VBD" in tags)
    yield "perfect", float(any(tag == "VBN" for tag in tags) and any(token.lemma_ == "have" for token in tokens))
    yield "passive", float(any(token.dep_ == "auxpass" for token in tokens))
    yield "no finite verb", float(not finite)
    yield "present tense only", float(bool(finite) and "VBD" not in tags and any(tag in {"VBZ", "VBP"} for tag in tags))
    modals = {token.lower_ for token in tokens if token.tag_ == "MD"}
    yield "should or must", float(bool(modals & {"should", "must", "ought", "shall"}))
    yield "will or would", float(bool(modals & {"will", "would", "wo", "’ll", "'ll", "'d", "’d"}))
    yield "may or could", float(bool(modals & {"may", "might", "could", "can", "ca"}))
    yield "order", float(is_order(tokens))
    yield "comparison", float(any(tag in {"JJR", "RBR"} for tag in tags))
    yield "superlative", float(any(tag in {"JJS", "RBS"} for tag in tags))
    yield (
        "adverb",
        min(3, sum(tag == "RB" and token.text.endswith("ly") for tag, token in zip(tags, tokens, strict=True))),
    )
    yield "adjective", min(4, sum(tag == "JJ" for tag in tags)) / 4
    yield "condition", float(any(token.lower_ in {"if", "unless"} and token.dep_ == "mark" for token in tokens))
    yield "judging it", float(judges(tokens))
    yield "says or thinks", float(any(token.lemma_ in SAYING | BELIEVING and token.pos_ == "VERB" for token in tokens))


def is_number(token: "Token") -> bool:
    """Tell whether a word counts: three, half, most of the, few, thousands."""
    if token.tag_ == "CD" or token.lemma_.lower() in words.QUANTITIES:
        return True
    return token.lower_ in {"most", "few", "many"} and token.dep_ in {"nsubj", "nsubjpass", "dobj", "pobj"}


def is_order(tokens: Sequence["Token"]) -> bool:
    """Tell whether a sentence is an order: its verb is bare and has no subject."""
    root = next((token for token in tokens if token.dep_ == "ROOT"), None)
    if root is None or root.tag_ != "VB":
        return False
    return not any(
        child.dep_ in {"nsubj", "nsubjpass", "aux", "expl"} and child.lower_ != "do" for child in root.children
    )


def judges(tokens: Sequence["Token"]) -> bool:
    """Tell whether a form of "be" joins its subject to an adjective or a noun that values it."""
    return any(
        token.dep_ in {"acomp", "attr"}
        and token.head.lemma_ == "be"
        and token.pos_ in {"ADJ", "NOUN"}
        and token.i + 1 < len(token.doc)
        and not any(child.tag_ == "CD" for child in token.children)
        for token in tokens
    )
