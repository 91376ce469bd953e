"""Quotations: stretches between quotation marks, nested ones too; marks may be reversed, single, or missing."""

from collections.abc import Iterator
from dataclasses import dataclass

from annotator.nlp.cues import AS_SAYING
from annotator.nlp.passages import Passage
from annotator.nlp.tokens import QUOTES, SINGLE, mark_sides

ENDING = frozenset(",.?!…—–-")
TAG_LENGTH = 9  # words of ", caretaker Ivo Sand said."


@dataclass(frozen=True)
class Quotation:
    """Tokens from the opening to after the closing mark, how many quotations it lies in, which marks are there."""

    start: int
    end: int
    level: int
    opened: bool = True
    closed: bool = True


def quotations(passage: Passage) -> list[Quotation]:
    """Find the quotations of a passage in order, outer ones before those in them."""
    sides = [(index, side) for index, side in mark_sides(passage.words, glued(passage)) if is_mark(passage, index)]
    if not sides:
        return []
    doubles = list(paired(passage, [mark for mark in sides if passage.words[mark[0]] not in SINGLE]))
    singles = list(paired(passage, [mark for mark in sides if passage.words[mark[0]] in SINGLE]))
    in_doubles = holders(passage, doubles)
    singles = [one for one in singles if one.closed and one.opened and in_doubles[one.start] == in_doubles[one.end - 1]]
    in_singles = holders(passage, singles)
    found = [levelled(one, in_doubles) for one in singles] + [levelled(one, in_singles) for one in doubles]
    return sorted(found, key=lambda one: (one.start, -one.end))


def glued(passage: Passage) -> list[bool]:
    """Tell for each token whether no space stands before it."""
    return [False, *(not token.whitespace_ for token in passage.doc[:-1])] if len(passage.doc) else []


def is_mark(passage: Passage, index: int) -> bool:
    """Tell whether a word is a quotation mark; inches and the apostrophe of a genitive are none."""
    word = passage.words[index]
    if word not in QUOTES:
        return False
    if word in {'"', "''"} and index and passage.words[index - 1][-1:].isdigit() and not open_before(passage, index):
        return False
    return not (word in SINGLE and passage.doc[index].tag_ == "POS" and index + 1 < len(passage.doc))


def open_before(passage: Passage, index: int) -> bool:
    """Tell whether an odd number of straight marks stands before an index."""
    return sum(word == '"' for word in passage.words[:index]) % 2 == 1


def paired(passage: Passage, sides: list[tuple[int, int]]) -> Iterator[Quotation]:
    """Pair the marks of one kind; a mark without its partner reaches to where the other speech begins or ends."""
    opening: int | None = None
    for index, side in sides:
        if side == 1:
            if opening is not None:
                yield unclosed(passage, opening, index)
            opening = index
        elif opening is not None:
            yield Quotation(opening, index + 1, 0)
            opening = None
        elif passage.words[index - 1][-1:] in ENDING and passage.words[index] not in SINGLE:
            yield Quotation(passage.sentence_of(max(index - 1, 0))[0], index + 1, 0, opened=False)
    if opening is not None:
        yield unclosed(passage, opening, len(passage.doc))


def unclosed(passage: Passage, start: int, limit: int) -> Quotation:
    """End a quotation without closing mark before ", she said." or, where nothing like it follows, at a limit."""
    for sentence_start, sentence_end in zip(passage.starts, passage.ends, strict=True):
        if start < sentence_end <= limit:
            tag = tag_start(passage, max(sentence_start, start), sentence_end)
            if tag is not None:
                return Quotation(start, tag, 0, closed=False)
    return Quotation(start, limit, 0, closed=False)


def tag_start(passage: Passage, start: int, end: int) -> int | None:
    """Find where a sentence ends in a comma, a few words, and among them first or last a verb of speech."""
    commas = [index for index in range(start, end) if passage.words[index] == ","]
    for comma in commas:
        tag = [token for token in passage.doc[comma + 1 : end] if not token.is_punct]
        if 2 <= len(tag) <= TAG_LENGTH and any(
            token.lemma_ in AS_SAYING and token.tag_ == "VBD" for token in (tag[0], tag[-1])
        ):
            return comma + 1
    return None


def holders(passage: Passage, found: list[Quotation]) -> list[int]:
    """Tell for each token which of some quotations, none in another, it lies in: its place in the list, else -1."""
    holder = [-1] * len(passage.doc)
    for place, one in enumerate(found):
        holder[one.start : one.end] = [place] * (one.end - one.start)
    return holder


def levelled(one: Quotation, holder: list[int]) -> Quotation:
    """Tell whether a quotation lies in one with marks of the other kind."""
    level = int(holder[one.start] == holder[one.end - 1] != -1)
    return Quotation(one.start, one.end, level, one.opened, one.closed)


def levels(passage: Passage, found: list[Quotation]) -> list[int]:
    """Tell for each token in how many quotations it lies, its own marks among them."""
    level = [0] * len(passage.doc)
    for one in found:
        for index in range(one.start, one.end):
            level[index] += 1
    return level


def is_utterance(passage: Passage, one: Quotation) -> bool:
    """Tell whether a quotation can stand for itself: it reads like a sentence, or ends like one."""
    last = next((word for word in reversed(passage.words[one.start : one.end]) if word not in QUOTES), "")
    return last[-1:] in ENDING or is_sentence_like(passage, one)


def is_sentence_like(passage: Passage, one: Quotation) -> bool:
    """Tell whether a quotation reads like something said, rather than a title or a word held at a distance."""
    inside = [token for token in passage.doc[one.start : one.end] if token.is_alpha]
    if not inside:
        return False
    has_verb = any(token.tag_ in {"VBD", "VBZ", "VBP", "MD", "VB"} for token in inside)
    last = next((word for word in reversed(passage.words[one.start : one.end]) if word not in QUOTES), "")
    return has_verb and len(inside) > 2 and (last[-1:] in ENDING or len(inside) > 5)
