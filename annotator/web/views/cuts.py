"""Mending boundaries on the annotate page (lead): where a sentence may be cut, what a cut would do, what to undo."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from sqlmodel import Session

from annotator.domain import resegmentation
from annotator.domain.labels import Judgement
from annotator.errors import Invalid
from annotator.services import annotations, sentences
from annotator.services.carrying import Cut
from annotator.services.cuts import UNDO
from annotator.web.views.rows import MarkView, mark
from db.models import Article
from db.queries import annotate
from db.queries.annotate import Outlined
from db.vocabulary import Lineage

SPLIT, MERGE = str(Lineage.SPLIT), str(Lineage.MERGE)
CUTS = (SPLIT, MERGE)
# before a word; after a full stop that lacks its space; after the marks of scripts that write no spaces
PLACE = re.compile(r"(?<=\s)(?=\S)|(?<=[^\W\d_]{2}[.!?…])(?=\w)|(?<=[。！？；：，、])(?=\S)")
ENDS = (re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$"), re.compile(r"[;:；：]\s*$"), re.compile(r"[,，、]\s*$"))
UNDOABLE = {
    "split": "A sentence was split",
    "merge": "Two sentences were merged",
    "move": "A boundary was moved",
    UNDO: "A change of boundaries was taken back",
}


class Word(NamedTuple):
    """A word that a cut may go before, at code point `at` of the article, and the white space after it."""

    at: int
    text: str
    gap: str


@dataclass(frozen=True, slots=True)
class PieceView:
    """A sentence that would come; the mark is what the lead's own label would become."""

    n: int
    mark: MarkView
    text: str


@dataclass(frozen=True, slots=True)
class CutView:
    """A split or merge before it is made. `opening` are the words before which no cut goes; `no` says why it cannot."""

    kind: str
    at: int | None
    opening: str
    words: tuple[Word, ...]
    pieces: tuple[PieceView, ...]
    reviewers: int
    no: str = ""


@dataclass(frozen=True, slots=True)
class MendView:
    """What a lead may do about the boundaries of sentence `n`; `version` is the segmentation that it rests on."""

    n: int
    uid: str
    version: int
    undoable: str
    merges: bool
    cut: CutView | None = None


def mend_view(session: Session, article: Article, outline: Sequence[Outlined], n: int) -> MendView:
    row = outline[n - 1]
    assert article.id is not None
    version, reason = sentences.last_change(session, article.id)
    merges = n < len(outline) and outline[n].block_id == row.block_id
    return MendView(n, row.uid, version, UNDOABLE.get(reason or "", ""), merges)


def cut_view(
    session: Session, article: Article, outline: Sequence[Outlined], n: int, reviewer_id: int, kind: str, at: int | None
) -> CutView:
    """What a split before `at` (None: at a place that is proposed) or a merge with the next one would do.

    Raises Invalid for a place outside the sentence.
    """
    row = outline[n - 1]
    text = article.text[row.start_cp : row.end_cp]
    places = [place.start() for place in PLACE.finditer(text)] if kind == SPLIT else []
    at = row.start_cp + proposed(text, places) if at is None and places else at
    opening, words = text[: places[0]] if places else text, _words(text, places, row.start_cp)
    try:
        cut = _cut(session, row.uid, kind, at)
    except Invalid as invalid:
        if words:
            raise
        return CutView(kind, None, opening, words, (), 0, invalid.message)
    said = [
        annotations.judgement(annotate.annotation(session, outline[n - 1 + step].id, reviewer_id))
        for step in range(len(cut.old))
    ]
    marks = mark(_carried(kind, said))
    found = sentences.preview(session, cut)
    pieces = tuple(PieceView(n + step, marks, piece) for step, piece in enumerate(found.texts))
    return CutView(kind, at, opening, words, pieces, found.reviewers)


def _cut(session: Session, uid: str, kind: str, at: int | None) -> Cut:
    if kind == MERGE:
        return sentences.merging(session, uid)
    if at is None:
        raise Invalid("This sentence has only one word, so there is no place for a cut.")
    return sentences.splitting(session, uid, at)


def _carried(kind: str, said: Sequence[Judgement]) -> Judgement:
    if kind == MERGE:
        return resegmentation.carry_over_merge(said).judgement
    return resegmentation.carry_over_split(said[0]).judgement


def proposed(text: str, places: Sequence[int]) -> int:
    """The first place after the end of a sentence, else after a colon, else after a comma, else in the middle."""
    for end in ENDS:
        found = next((place for place in places if end.search(text[:place])), None)
        if found is not None:
            return found
    return places[len(places) // 2]


def _words(text: str, places: Sequence[int], start: int) -> tuple[Word, ...]:
    parts = [(place, text[place:end]) for place, end in pairwise([*places, len(text)])]
    return tuple(Word(start + place, part.rstrip(), part[len(part.rstrip()) :]) for place, part in parts)
