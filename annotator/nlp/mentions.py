"""Mentions of speakers: how far the words of one reach, how it is named, which earlier one it stands for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from annotator.domain.attributions import ROLES, TITLES
from annotator.nlp.cues import (
    ANONYMOUS,
    ANONYMOUS_PHRASES,
    DAYS,
    FINDERS,
    GROUPS,
    MEN,
    NAMELESS_HEADS,
    NOT_GROUPS,
    RELATIVE,
    THIRD_PERSON,
    WOMEN,
)
from db.vocabulary import Naming

if TYPE_CHECKING:
    from spacy.tokens import Token

    from annotator.nlp.scenes import Draft, Scene

LEFT = frozenset(
    ["det", "compound", "amod", "poss", "nummod", "nmod", "quantmod", "predet", "case", "appos", "advmod", "punct"]
)
NOMINAL_TAGS = frozenset(["NN", "NNS", "NNP", "NNPS", "DT", "JJ", "JJR", "JJS", "CD", "PRP$", "POS", "HYPH", "VBN"])
NAME_TAGS = frozenset(["NNP", "NNPS"])
PERSONS = ROLES | TITLES | FINDERS
TURN_ROLES = frozenset(["interviewer", "moderator", "host", "question", "answer", "q", "a", "audience", "speaker"])
LONGEST_APPOSITION = 8  # words
FARTHEST_NAME = 20  # passages from a role back to its name


def mention(head: "Token") -> list[int]:
    """Give the tokens of the shortest full mention round its head: name and role, without relative clauses."""
    if head.tag_ in {"PRP", "WP", "EX"}:
        return [head.i]
    first, last = opened_end(head, left_end(head)), right_end(head)
    return list(range(first, last + 1))


def left_end(head: "Token") -> int:
    """Find the first word of a mention: before its head, without a break by marks."""
    first = head.i
    for child in reversed(list(head.lefts)):
        if child.dep_ not in LEFT or (child.dep_ in {"punct", "advmod"} and child.text not in {"-", "only", "about"}):
            break
        if child.dep_ == "punct":
            continue
        edge = child.left_edge.i
        if any(token.text in {"“", '"', "”"} for token in head.doc[edge : child.i]):
            break
        first = edge
    return first


def opened_end(head: "Token", first: int) -> int:
    """Let a mention that ends in a name begin where the clause does, where only nominal words stand between."""
    if head.tag_ not in NAME_TAGS:
        return first
    start = first
    while start > 0 and head.doc[start - 1].tag_ in NOMINAL_TAGS | {"IN"} and not head.doc[start].is_sent_start:
        start -= 1
    between = head.doc[start:first]
    opens = start == 0 or head.doc[start].is_sent_start or head.doc[start - 1].text in {",", "”", '"'}
    plain = (
        all(token.tag_ != "IN" or token.lower_ == "of" for token in between)
        and len(between)
        and between[0].tag_ != "IN"
    )
    return start if opens and plain and not any(token.lower_ in DAYS for token in between) else first


def right_end(head: "Token") -> int:
    """Find the last word of a mention: with "of the …", with a name or role set beside it, with what "and" joins."""
    last = head.i
    for child in head.rights:
        if child.dep_ == "appos":
            if child.left_edge.i == last + 1 or is_short_role(last, child):
                last = right_end(child)
                continue
            break
        if child.dep_ == "prep" and child.i == last + 1 and takes(head, child):
            last = phrase_end(child)
        elif child.dep_ == "conj" and child.left_edge.i <= last + 3 and child.pos_ in {"NOUN", "PROPN", "PRON"}:
            last = right_end(child)
        elif child.dep_ in {"compound", "nmod", "nummod", "flat", "case"} and child.i == last + 1:
            last = child.i
        elif child.dep_ not in {"cc", "punct"}:
            break
    return last


def owner(possessor: "Token") -> list[int]:
    """Give the words of a possessor without the mark of the genitive, which is also taken for a quotation mark."""
    return [
        index
        for index in sorted(one.i for one in possessor.subtree)
        if index < possessor.i or (possessor.doc[index].tag_ != "POS" and possessor.doc[index].text not in {"’", "'"})
    ]


def takes(head: "Token", preposition: "Token") -> bool:
    """Tell whether a preposition after a head belongs to the mention: after a role or thing most, after a name "of"."""
    if any(child.dep_ == "pcomp" for child in preposition.rights):
        return False
    if preposition.lemma_ == "of":
        return True
    if preposition.lemma_ == "for" and head.tag_ in NAME_TAGS:
        return any(child.tag_ in NAME_TAGS for child in preposition.rights)
    return head.tag_ not in NAME_TAGS and preposition.lemma_ in {"for", "from", "in", "on", "at", "by", "with", "to"}


def phrase_end(preposition: "Token") -> int:
    """Find the last word of a prepositional phrase, without a relative clause in it."""
    objects = [child for child in preposition.rights if child.dep_ in {"pobj", "pcomp"}]
    return right_end(objects[0]) if objects else preposition.i


def is_short_role(last: int, beside: "Token") -> bool:
    """Tell whether a name or role between commas is short enough to be part of the mention."""
    end = right_end(beside)
    length = end - beside.left_edge.i + 1
    closed = end + 1 >= len(beside.doc) or beside.doc[end + 1].is_punct or beside.doc[end + 1].pos_ in {"VERB", "AUX"}
    return (
        beside.pos_ in {"NOUN", "PROPN"}
        and length <= LONGEST_APPOSITION
        and closed
        and beside.left_edge.i == last + 2
        and beside.doc[last + 1].text == ","
    )


def naming_of(tokens: list["Token"], sentence: str) -> Naming:
    """Tell how a speaker is named: by name, by what they are, as a group, namelessly on purpose, or not at all."""
    if not tokens:
        return Naming.UNSPECIFIED
    words = {token.lower_ for token in tokens}
    if len(tokens) == 1 and tokens[0].lower_ in TURN_ROLES:
        return Naming.DESCRIBED
    if len(tokens) == 1 and tokens[0].tag_ == "NNPS":  # Neighbours, Democrats
        return Naming.COLLECTIVE
    if is_bare_name(tokens) or (any(is_name(token) for token in tokens) and not is_possessed_name(tokens)):
        return Naming.NAMED
    head = head_of(tokens)
    if ANONYMOUS & words or is_nameless(sentence) or head.lemma_ in NAMELESS_HEADS:
        return Naming.ANONYMOUS
    if head.lower_ in GROUPS or (head.tag_ == "NNS" and head.lower_ not in NOT_GROUPS and tokens[0].tag_ != "DT"):
        return Naming.COLLECTIVE
    if (
        head.tag_ == "NNS"
        and head.lower_ not in NOT_GROUPS
        and len(tokens) > 1
        and tokens[0].lower_ in {"some", "many"}
    ):
        return Naming.COLLECTIVE
    return Naming.DESCRIBED


def is_bare_name(tokens: list["Token"]) -> bool:
    """Tell whether one to three words with capitals are a name, also where the tagger did not see it: "HAVEL"."""
    if len(tokens) > 3 or any(
        token.lower_ in PERSONS | GROUPS or token.pos_ == "PRON" or not token.text[0].isupper() for token in tokens
    ):
        return False
    return tokens[0].tag_ in NAME_TAGS | {"NN", "JJ", "VB", "VBN"} and tokens[-1].tag_ not in {"NNS", "PRP"}


def head_of(tokens: list["Token"]) -> "Token":
    """Find the word of a mention that governs the others."""
    inside = {token.i for token in tokens}
    return next((token for token in tokens if token.head.i not in inside or token.head.i == token.i), tokens[-1])


def is_name(token: "Token") -> bool:
    """Tell whether a word of a mention names its head, alone or with others: "Mayor Brandvold", "Radio Kester"."""
    return token.tag_ in NAME_TAGS and (token.head.tag_ in NAME_TAGS or token.dep_ not in {"compound", "pobj", "nmod"})


def is_possessed_name(tokens: list["Token"]) -> bool:
    """Tell whether the only names belong to something else: "a report by the Kesterholm road office"."""
    head = head_of(tokens)
    if head.tag_ in NAME_TAGS:
        return False
    return not any(is_name(token) and token.dep_ in {"appos", "nsubj", "conj", "flat"} for token in tokens)


def is_nameless(sentence: str) -> bool:
    """Tell whether a sentence says that a name is withheld."""
    lower = sentence.lower()
    return "condition of anonymity" in lower or any(phrase in lower for phrase in ANONYMOUS_PHRASES)


class Mentions:
    """The subjects of a text, to find who a pronoun stands for."""

    def __init__(self, scenes: Sequence["Scene"], turns: Mapping[int, Sequence["Draft"]]) -> None:
        self.scenes = scenes
        self.turns = turns  # place of a scene -> speech without marks in it, whose words are not the author's
        self.genders: dict[str, str] = {}  # of persons, by their last name, as far as pronouns have told

    def behind(self, place: int, pronoun: "Token", *, nested: bool) -> "tuple[Naming, Token | None, int]":
        """Tell whom a pronoun stands for, by the head of the mention and its place, and how they are named."""
        if nested or pronoun.lower_ == "they":
            return Naming.DESCRIBED if nested else Naming.COLLECTIVE, None, place
        head, where = self.antecedent(place, pronoun)
        if head is None or head.tag_ in NAME_TAGS:
            return Naming.NAMED, head, where
        return naming_of([head.doc[index] for index in mention(head)], ""), head, where

    def antecedent(self, place: int, pronoun: "Token") -> "tuple[Token | None, int]":
        """Find whom or what a pronoun stands for; who was "she" once is never "he" later."""
        gender = gender_of([pronoun.text])
        for head, where in self.candidates(place, pronoun):
            words = [head.doc[index].text for index in mention(head)]
            known = self.genders.get(head.text, "") or gender_of(words)
            if not known or not gender or known == gender:
                self.genders[head.text] = gender
                return head, where
        return None, place

    def candidates(self, place: int, pronoun: "Token") -> "Iterator[tuple[Token, int]]":
        """List the nouns before a pronoun that it may stand for: subjects and names, nearest sentence first."""
        fits = is_thing_like if pronoun.lower_ == "it" else is_person_like
        for where in range(place, max(-1, place - 4), -1):
            scene = self.scenes[where]
            end = pronoun.i if pronoun.doc is scene.doc else len(scene.doc)
            turns = self.turns.get(where, ())
            hidden = {index for turn in turns for index in turn.content} | {
                i for i, deep in enumerate(scene.level) if deep
            }
            voices = {turn.speaker[-1] for turn in turns if turn.speaker}
            heads = [one for one in scene.doc[:end] if one.i not in hidden and (fits(one) or one.i in voices)]
            for head in sorted(heads, key=lambda one: (-scene.sentence(one.i)[0], one.dep_ != "nsubj", one.i)):
                yield head, where

    def named_before(self, place: int, role: "Token") -> "tuple[Token | None, int]":
        """Find the name that "the mayor" was given before: "Mayor Ada Finch", "Ada Finch, the mayor"."""
        for where in range(place, max(-1, place - FARTHEST_NAME), -1):
            scene = self.scenes[where]
            for token in reversed(scene.doc[: role.i if where == place else len(scene.doc)]):
                if token.lower_ == role.lower_ and not scene.level[token.i]:
                    beside = [token.head] if token.dep_ in {"compound", "nmod", "appos"} else []
                    beside += [child for child in token.rights if child.dep_ == "appos"]
                    name = next((one for one in beside if one.tag_ in NAME_TAGS), None)
                    if name is not None:
                        return name, where
        return None, place


def is_thing_like(token: "Token") -> bool:
    """Tell whether a noun may be what "it" stands for as a speaker: a subject that is no person by its word."""
    return token.pos_ in {"NOUN", "PROPN"} and token.dep_ in {"nsubj", "nsubjpass"} and token.tag_ in {"NN", "NNP"}


def is_person_like(token: "Token") -> bool:
    """Tell whether a noun may be who a pronoun stands for."""
    if token.tag_ in NAME_TAGS:
        return token.dep_ in {"nsubj", "nsubjpass", "appos", "pobj", "dobj", "conj", "ROOT"}
    if token.tag_ != "NN" or token.dep_ not in {"nsubj", "nsubjpass", "dobj"}:
        return False
    return token.lemma_ in PERSONS or (token.text.istitle() and token.left_edge == token)


def gender_of(words: Iterable[str]) -> str:
    """Tell the gender that words give away: "she", "spokesman"; empty where none does."""
    lower = {word.lower().rstrip(".") for word in words}
    if "she" in lower or lower & WOMEN:
        return "she"
    return "he" if "he" in lower or lower & MEN else ""


def is_pronoun(token: "Token") -> bool:
    """Tell whether a speaker is a pronoun that stands for somebody named before."""
    if token.text.isupper():  # the WHO
        return False
    return token.lower_ in THIRD_PERSON or token.lower_ in RELATIVE
