"""The words of one piece of text as the boundary rules see them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

OPENING = frozenset("([{“‘«‹„‚「『《【（")
CLOSING = frozenset(")]}”’»›」』》】）")
BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】"}
STRAIGHT = frozenset(['"', "'", "``", "''", "`"])
QUOTES = STRAIGHT | frozenset("“”‘’«»‹›„‚「」『』《》")
SINGLE = frozenset("'‘’‚‹›`")
MARKS = OPENING | CLOSING | STRAIGHT
FINAL = frozenset(".!?…。！？؟۔।։")
DASHES = frozenset(["-", "--", "—", "–", "―"])


@dataclass
class Tokens:
    """Words, whether each is glued to the one before, where sentences start; `sides` gives each mark -1 or 1."""

    text: str
    words: list[str]
    glued: list[bool]
    starts: bytearray  # 1 or 0 a word: twenty rules look for the ones, and in bytes they are found at once
    sides: dict[int, int] = field(init=False)  # index of a quotation mark or bracket -> 1 opening, -1 closing
    finals: list[tuple[int, int]] = field(init=False)  # words with a final mark, and the next that is no closing mark

    def __post_init__(self) -> None:
        self.sides = dict(mark_sides(self.words, self.glued))
        self.finals = list(self.final_marks())

    def boundaries(self) -> list[int]:
        """List the words that start a sentence, the first word of the piece aside."""
        found = []
        index = self.starts.find(1, 1)
        while index > 0:
            found.append(index)
            index = self.starts.find(1, index + 1)
        return found

    def final_marks(self) -> Iterator[tuple[int, int]]:
        """List the words that end with a final mark, each with the next word that is no closing mark."""
        for index in [index for index, word in enumerate(self.words) if word[-1] in FINAL]:
            after = index + 1
            while self.sides.get(after) == -1:
                after += 1
            if after < len(self.words):
                yield index, after

    def word(self, index: int) -> str:
        """Give a word, or nothing outside the piece."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def last_before(self, index: int) -> int:
        """Find the last word before an index that is no closing mark, -1 if there is none."""
        index -= 1
        while index >= 0 and self.sides.get(index) == -1:
            index -= 1
        return index

    def opened_before(self, index: int) -> int:
        """Find the first of the opening marks that stand directly before an index."""
        while index > 0 and self.sides.get(index - 1) == 1:
            index -= 1
        return index

    def first_from(self, index: int) -> int:
        """Find the first word from an index on that is no opening mark."""
        while self.sides.get(index) == 1:
            index += 1
        return index

    def dotted(self, index: int) -> str:
        """Give the word that ends at an index with its full stop, also where spaCy made the stop a word of its own."""
        word = self.word(index)
        if word == "." and index and self.glued[index]:
            return self.words[index - 1] + "."
        return word if len(word) > 1 and word.endswith(".") else ""

    def before_dotted(self, index: int) -> str:
        """Give the word before the one that ends with a full stop at an index."""
        return self.word(index - 2 if self.word(index) == "." else index - 1)

    def ends_finally(self, index: int) -> bool:
        """Tell whether the word at an index ends with final punctuation."""
        return self.word(index)[-1:] in FINAL if self.word(index) else False

    def sentence_start(self, index: int) -> int:
        """Find the start of the sentence that the word at an index is in."""
        while index > 0 and not self.starts[index]:
            index -= 1
        return index


def mark_sides(words: list[str], glued: list[bool]) -> Iterator[tuple[int, int]]:
    """Tell for each quotation mark and bracket whether it opens (1) or closes (-1), by the spaces round it first."""
    opened: dict[str, bool] = {}
    for index, word in enumerate(words):
        if word not in MARKS:
            continue
        side = side_of(words, glued, index, opened.get(word, False))
        opened[word] = side == 1
        yield index, side


def side_of(words: list[str], glued: list[bool], index: int, is_open: bool) -> int:
    """Tell whether one mark opens or closes; spaces win over its shape, as marks are often reversed."""
    word = words[index]
    if word in BRACKETS or word in BRACKETS.values():
        return 1 if word in BRACKETS else -1
    before = index > 0 and glued[index]
    after = index + 1 < len(words) and glued[index + 1]
    if before != after:
        return -1 if before else 1
    if before and (words[index - 1] in OPENING or words[index - 1] in DASHES):
        return 1
    if before and not words[index + 1][0].isalnum():
        return -1
    if word in STRAIGHT:
        return -1 if is_open or (index and index + 1 == len(words)) else 1
    return 1 if word in OPENING else -1
