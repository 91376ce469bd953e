"""Passages: the sentences of one block as one parsed doc, with the way back to the offsets of the text."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from annotator.nlp.segment import SPACE, Segmented, tightened
from annotator.nlp.tokens import QUOTES

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

LONGEST = 3_000  # characters that are parsed at once; of a longer sentence, which is no prose, only so many
PARSED_MARKS = str.maketrans(
    "«»„‟‹›‚\u2010\u2011", '""""\'\'\'--'
)  # what the parser was not trained on, by what it was
Span = tuple[int, int]


@dataclass
class Passage:
    """A parsed doc, the offset in the text of each of its characters, and what it holds."""

    doc: "Doc"
    places: Sequence[int]
    words: list[str]  # as they stand in the text, where the parser was given other marks
    block: int
    sentences: list[int]  # indices of sentences in the text
    starts: list[int]  # the token each of them starts with
    ends: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.ends = [*self.starts[1:], len(self.doc)]

    def sentence_of(self, token: "Token | int") -> tuple[int, int]:
        """Give the tokens of the sentence that a token is in, as a half-open range."""
        index = token if isinstance(token, int) else token.i
        place = max(0, bisect_right(self.starts, index) - 1)
        return self.starts[place], self.ends[place]

    def span(self, first: int, last: int) -> Span:
        """Give the code points of the text from the first to the last of some tokens."""
        end = self.doc[last]
        return self.places[self.doc[first].idx], self.places[end.idx + len(end.text) - 1] + 1


@dataclass(frozen=True)
class Stretch:
    """Sentences of one block that are parsed together: their words, places, and offsets of their starts."""

    words: str
    original: str
    places: Sequence[int]
    block: int
    sentences: list[int]
    starts: list[int]


def stretches(text: str, segmented: Segmented) -> Iterator[Stretch]:
    """Gather the sentences of each block into stretches of bounded length."""
    gathered: list[int] = []
    for index, sentence in enumerate(segmented.sentences):
        first = segmented.sentences[gathered[0]] if gathered else None
        if first and (first.block != sentence.block or sentence.end - first.start > LONGEST):
            yield stretch(text, segmented, gathered)
            gathered = []
        gathered.append(index)
    if gathered:
        yield stretch(text, segmented, gathered)


def stretch(text: str, segmented: Segmented, gathered: list[int]) -> Stretch:
    """Make one stretch of some sentences of one block."""
    chosen = [segmented.sentences[index] for index in gathered]
    start, end = chosen[0].start, min(chosen[-1].end, chosen[0].start + LONGEST)
    original, places = tightened(text[start:end].translate(SPACE), start)
    at = {place: index for index, place in enumerate(places)}
    starts = [at[sentence.start] for sentence in chosen]
    return Stretch(original.translate(PARSED_MARKS), original, places, chosen[0].block, gathered, starts)


def prepared(nlp: "Language", piece: Stretch) -> "Doc":
    """Make a doc whose sentence boundaries are set, so that the parser keeps to them."""
    doc = nlp.make_doc(piece.words)
    wanted = set(first_tokens(doc, piece.starts))
    for token in doc:
        token.is_sent_start = token.i in wanted
    return doc


def first_tokens(doc: "Doc", starts: Sequence[int]) -> list[int]:
    """Find the token that each sentence starts with; one that starts inside a token starts with it."""
    found = []
    index = 0
    for start in starts:
        while index + 1 < len(doc) and doc[index + 1].idx <= start:
            index += 1
        found.append(index)
    return found


def passage(piece: Stretch, doc: "Doc") -> Passage:
    """Join a parsed doc with the places of its characters."""
    words = [token.text for token in doc]
    if piece.words != piece.original:
        for index, token in enumerate(doc):
            written = piece.original[token.idx : token.idx + len(token.text)]
            words[index] = written if written in QUOTES else token.text
    return Passage(doc, piece.places, words, piece.block, piece.sentences, first_tokens(doc, piece.starts))
