"""Scenes: a parsed passage with its quotations, and what stands beside a word; drafts of attributions as tokens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from annotator.nlp.passages import Passage
from annotator.nlp.quotations import Quotation, levels, quotations
from db.vocabulary import Mode

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])
OPENERS = frozenset(["but", "and", "yet", "so", "still", "however", "meanwhile", "also", "or", "nor", "instead", ","])
EDGES = frozenset([",", ".", ":", ";", "—", "–", "-", "--", " ", "…"])


@dataclass
class Draft:
    """An attribution as tokens of one passage; `verbatim` tells direct speech without marks."""

    speaker: list[int]
    cue: set[int]
    content: set[int]
    reason: str
    mode: Mode = Mode.STATEMENT
    negated: bool = False
    verbatim: bool = False


@dataclass
class Scene:
    """A passage, its quotations, for each token in how many of them it lies, and those that have a speaker."""

    passage: Passage
    claimed: set[int] = field(default_factory=set)  # places where claimed quotations start

    @property
    def doc(self) -> "Doc":
        return self.passage.doc

    @cached_property
    def quotations(self) -> list[Quotation]:
        return quotations(self.passage)

    @cached_property
    def level(self) -> list[int]:
        return levels(self.passage, self.quotations)

    @cached_property
    def starting(self) -> dict[int, Quotation]:
        return {one.start: one for one in reversed(self.quotations)}

    @cached_property
    def ending(self) -> dict[int, Quotation]:
        return {one.end: one for one in reversed(self.quotations)}

    def sentence(self, index: int) -> tuple[int, int]:
        """Give the range of tokens of the sentence a token is in."""
        return self.passage.sentence_of(index)

    def run(self, index: int) -> tuple[int, int]:
        """Give the range of tokens round one in its sentence that no quotation interrupts."""
        start, end = self.sentence(index)
        left = right = index
        while left > start and self.level[left - 1] == self.level[index]:
            left -= 1
        while right < end and self.level[right] == self.level[index]:
            right += 1
        return left, right

    def before(self, index: int) -> Quotation | None:
        """Find the quotation, as deep as a token or in one with it, that ends where its run starts."""
        left, _ = self.run(index)
        one = self.ending.get(left)
        return one if one and one.level == self.level[index] and left > self.sentence(index)[0] else None

    def after(self, index: int) -> Quotation | None:
        """Find the quotation, as deep as a token or in one with it, that starts where its run ends."""
        _, right = self.run(index)
        one = self.starting.get(right)
        return one if one and one.level == self.level[index] and right < self.sentence(index)[1] else None

    def quotations_in(self, tokens: set[int]) -> Iterator[Quotation]:
        """List the outermost quotations that lie in some tokens."""
        return (one for one in self.quotations if one.level == 0 and one.start in tokens and one.end - 1 in tokens)

    def is_finite(self, token: "Token") -> bool:
        """Tell whether a token is a finite verb of the clause itself, not of a relative clause."""
        return token.tag_ in FINITE and not any(one.dep_ in {"relcl", "acl"} for one in (token, token.head))

    def host(self, phrase: "Token", own: set[int]) -> set[int]:
        """Give what a cue phrase such as "according to …" is about: its clause or sentence, without the phrase."""
        start, end = self.sentence(phrase.i)
        level = self.level[phrase.i]
        if level:
            start, end = self.bounds(phrase.i, start, end)
        clause = clause_of(phrase)
        if clause is not None and clause.left_edge.i < min(own):
            start = max(start, clause.left_edge.i)
        if clause is not None and clause.dep_ in {"ccomp", "relcl"} and clause.right_edge.i > max(own):
            end = min(end, clause.right_edge.i + 1)
        while start < end and self.doc[start].lower_ in OPENERS:
            start += 1
        return set(range(start, end)) - own

    def bounds(self, index: int, start: int, end: int) -> tuple[int, int]:
        """Narrow a range of tokens to the inside of the innermost quotation a token lies in."""
        inner = [one for one in self.quotations if one.start <= index < one.end]
        return max([start, *(one.start + 1 for one in inner)]), min([end, *(one.end - 1 for one in inner)])


def clause_of(phrase: "Token") -> "Token | None":
    """Find the clause that a phrase modifies, where it is not the whole sentence but joined to or placed in another."""
    for one in phrase.ancestors:
        has_subject = any(child.dep_ in {"nsubj", "nsubjpass", "expl"} for child in one.lefts)
        if has_subject and one.dep_ in {"conj", "ccomp", "relcl"} and one.head.pos_ in {"VERB", "AUX", "NOUN", "PROPN"}:
            return one if one.dep_ != "ccomp" or one.head.i < one.i else None
    return None


def auxiliaries(verb: "Token") -> list["Token"]:
    """List the auxiliaries of a verb."""
    return [child for child in verb.children if child.dep_ in {"aux", "auxpass"}]


def cue_of(verb: "Token") -> set[int]:
    """Give the words of a verb of speech: itself, auxiliaries, negation, particle, "by" of a passive."""
    wanted = {"aux", "auxpass", "neg", "prt", "agent"}
    return {verb.i} | {child.i for child in verb.children if child.dep_ in wanted}


def is_negated(verb: "Token") -> bool:
    """Tell whether a verb is negated."""
    return any(child.dep_ == "neg" for child in verb.children)


def subtree(token: "Token") -> set[int]:
    """Give the indices of a token and all it governs."""
    return {one.i for one in token.subtree}
