"""Turns: a name and a colon at the start of a line of a transcript, or at either end of a headline."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.nlp import cues
from annotator.nlp.mentions import NAME_TAGS
from annotator.nlp.scenes import Draft, Scene
from db.vocabulary import BlockKind, Mode

if TYPE_CHECKING:
    from spacy.tokens import Token

LONGEST_NAME = 5  # words
LETTERS = frozenset(["q", "a"])


def turn_drafts(scenes: list[Scene], kinds: list[BlockKind], text: str) -> dict[int, list[Draft]]:
    """Find the turns of a text by the place of their scene; one turn alone counts only with a name in capitals."""
    named = {place: colon for place, scene in enumerate(scenes) if (colon := name_end(scene)) is not None}
    spoken = [place for place in named if kinds[place] is not BlockKind.HEADING]
    names = {scenes[place].doc[: named[place]].text for place in spoken}
    found: dict[int, list[Draft]] = {}
    for place, colon in named.items():
        scene = scenes[place]
        if kinds[place] is BlockKind.HEADING:
            if is_headline_name(scene, range(colon), text):
                found[place] = [headline(list(range(colon)), colon, range(colon + 1, len(scene.doc)))]
        elif len(spoken) > 1 or scene.doc[:colon].text.isupper():
            found[place] = list(turns_of(scene, names))
    for place, scene in enumerate(scenes):
        if place not in found and kinds[place] is BlockKind.HEADING:
            colon = max((token.i for token in scene.doc if token.text == ":"), default=-1)
            name = range(colon + 1, len(scene.doc))
            if colon > 3 and 0 < len(name) <= LONGEST_NAME and is_headline_name(scene, name, text):
                found[place] = [headline(list(name), colon, range(colon))]
    return found


def name_end(scene: Scene, start: int = 0) -> int | None:
    """Find the colon after a name, role or Q and A that opens a scene or sentence, and is followed by words."""
    for token in scene.doc[start : start + LONGEST_NAME + 1]:
        if token.text == ":":
            words = list(scene.doc[start : token.i])
            return token.i if words and token.i + 1 < len(scene.doc) and is_name(words) else None
        if not (token.text[0].isupper() or token.lower_ in {"de", "van", "von", "of", "the", "al"}):
            return None
    return None


def is_name(words: list["Token"]) -> bool:
    """Tell whether words before a colon can name a speaker, rather than a kind of note."""
    if any(word.lower_ in cues.NO_SPEAKERS for word in words):
        return False
    return words[0].lower_ in LETTERS or any(len(word) > 1 for word in words)


def is_headline_name(scene: Scene, name: range, text: str) -> bool:
    """Tell whether the short part of a headline is a speaker: names only, and no place that things happen in."""
    words = [scene.doc[index] for index in name]
    if any(word.tag_ not in NAME_TAGS and word.pos_ != "NOUN" for word in words) or words[-1].text.isdecimal():
        return False
    last = words[-1].text
    if any(f" {preposition} {last}" in text for preposition in ("in", "at", "near", "across", "for", "on")):
        return False
    if words[0].text[0].isupper() and (words[-1].tag_ in NAME_TAGS or last.lower() not in text):
        return True
    return words[-1].lemma_.lower() in cues.FINDERS or words[-1].lemma_.lower() in cues.DOCUMENTS


def headline(name: list[int], colon: int, rest: range) -> Draft:
    """Make the attribution of a headline, which paraphrases."""
    return Draft(name, {colon}, set(rest), "name and colon")


def turns_of(scene: Scene, names: set[str]) -> Iterator[Draft]:
    """Make the attributions of the turns in one line: a later one needs capitals, Q, A or a known name."""
    opened: list[tuple[int, int]] = []
    for start in scene.passage.starts:
        colon = name_end(scene, start)
        words = scene.doc[start:colon].text if colon is not None else ""
        if colon is not None and (not opened or words.isupper() or words in names):
            opened.append((start, colon))
    ends = [*(start for start, _ in opened[1:]), len(scene.doc)]
    for (start, colon), end in zip(opened, ends, strict=True):
        yield turn(scene, range(start, colon), range(colon + 1, end))


def turn(scene: Scene, name: range, told: range) -> Draft:
    """Make the attribution of a turn, which is verbatim."""
    last = next((word for index in reversed(told) if (word := scene.passage.words[index]).strip()), "")
    sentences = sum(start in told for start in scene.passage.starts)
    mode = Mode.QUESTION if last == "?" and sentences < 2 else Mode.STATEMENT
    return Draft(list(name), {name.stop}, set(told), "name and colon", mode, verbatim=True)
