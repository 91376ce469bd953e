"""Mending boundaries on the annotate page (lead): where a sentence may be cut, what a cut would do, what to undo."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from sqlmodel import Session

from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import carrying, sentences
from annotator.services.carrying import Cut
from annotator.services.cuts import UNDO
from annotator.web.views.rows import MarkView, mark
from db.models import Annotation
from db.queries import annotate
from db.queries.annotate import Outlined
from db.vocabulary import Lineage

SPLIT, MERGE, MOVE = str(Lineage.SPLIT), str(Lineage.MERGE), str(Lineage.MOVE)
CUTS = (SPLIT, MERGE, MOVE)
# before a word; after a full stop that lacks its space; after the marks of scripts that write no spaces
PLACE = re.compile(r"(?<=\s)(?=\S)|(?<=[^\W\d_]{2}[.!?…])(?=\w)|(?<=[。！？；：，、])(?=\S)")
ENDS = (re.compile(r"[.!?…。！？][\"'”’»)\]]*\s*$"), re.compile(r"[;:；：]\s*$"), re.compile(r"[,，、]\s*$"))
UNDOABLE = {
    "split": later("A sentence was split"),
    "merge": later("Two sentences were merged"),
    "move": later("A boundary was moved"),
    "resegment": later("The sentences were found anew"),
    UNDO: later("A change of boundaries was taken back"),
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


class Places(NamedTuple):
    """Where a sentence may be cut: before each of `words`, but not in its `opening`."""

    opening: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class CutView:
    """A split, merge or move before it is made. `rows` are the sentences whose words are places for the cut, by number.

    `no` says why there can be none.
    """

    kind: str
    at: int | None
    rows: Mapping[int, Places]
    pieces: tuple[PieceView, ...]
    reviewers: int
    no: str = ""


@dataclass(frozen=True, slots=True)
class MendView:
    """What a lead may do about the boundaries of sentence `n`; `version` is the segmentation that it rests on.

    `merges`: the paragraph goes on, so there is a boundary to take away or to move.
    """

    n: int
    uid: str
    version: int
    undoable: str
    merges: bool
    cut: CutView | None = None


def mend_view(session: Session, article_id: int, outline: Sequence[Outlined], n: int) -> MendView:
    row = outline[n - 1]
    version, reason = sentences.last_change(session, article_id)
    return MendView(n, row.uid, version, _(UNDOABLE[reason]) if reason in UNDOABLE else "", _goes_on(outline, n))


def cut_view(
    session: Session, text: str, outline: Sequence[Outlined], n: int, reviewer_id: int, kind: str, at: int | None
) -> CutView:
    """What a split or move before `at` (None: a place that is proposed) or a merge with the next one would do.

    Raises Invalid for a place where there can be no cut.
    """
    rows = _rows(text, outline, n, kind)
    places = [word.at for row in rows.values() for word in row.words]
    if at is None and places:
        at = proposed(text, outline[n - 1], places, kind)
    try:
        cut = _cut(session, outline[n - 1].uid, kind, at)
    except Invalid as invalid:
        if places:
            raise
        return CutView(kind, None, rows, (), 0, invalid.message)
    found, said = sentences.preview(session, cut), _said(session, cut, reviewer_id)
    marks = [mark(carrying.judgement(cut, said, span)) for span in cut.new]
    pieces = tuple(PieceView(n + step, marks[step], piece) for step, piece in enumerate(found.texts))
    return CutView(kind, at, rows, pieces, found.reviewers)


def _rows(text: str, outline: Sequence[Outlined], n: int, kind: str) -> dict[int, Places]:
    """The words of the sentence in hand, those of the next one too where the boundary between them is to move."""
    if kind == MERGE or (kind == MOVE and not _goes_on(outline, n)):
        return {}
    numbers = (n, n + 1) if kind == MOVE else (n,)
    return {number: _places(text, outline[number - 1]) for number in numbers}


def _goes_on(outline: Sequence[Outlined], n: int) -> bool:
    return n < len(outline) and outline[n].block_id == outline[n - 1].block_id


def _places(text: str, row: Outlined) -> Places:
    words = text[row.start_cp : row.end_cp]
    places = [place.start() for place in PLACE.finditer(words)]
    parts = [(place, words[place:end]) for place, end in pairwise([*places, len(words)])]
    found = (Word(row.start_cp + place, part.rstrip(), part[len(part.rstrip()) :]) for place, part in parts)
    return Places(words[: places[0]] if places else words, tuple(found))


def _cut(session: Session, uid: str, kind: str, at: int | None) -> Cut:
    if kind == MERGE:
        return sentences.merging(session, uid)
    if at is None and kind == MOVE:
        sentences.merging(session, uid)  # says why there is no boundary
    if at is None:
        raise Invalid(_("There is only one word, so there is no place for a cut."))
    return (sentences.moving if kind == MOVE else sentences.splitting)(session, uid, at)


def _said(session: Session, cut: Cut, reviewer_id: int) -> dict[int, Annotation]:
    """The lead's own annotations of the old sentences: nobody else's are shown."""
    found = {one.id or 0: annotate.annotation(session, one.id or 0, reviewer_id) for one in cut.old}
    return {key: annotation for key, annotation in found.items() if annotation is not None}


def proposed(text: str, row: Outlined, places: Sequence[int], kind: str) -> int:
    """The first place after the end of a sentence, else after a colon, else after a comma, else in the middle.

    For a boundary that is to move: the place next to it, if there is one after the end of a sentence.
    """
    ended = ([place for place in places if end.search(text[row.start_cp : place])] for end in ENDS)
    if kind == MOVE:
        return min(next(ended) or places, key=lambda place: (abs(place - row.end_cp), place))
    return next((found[0] for found in ended if found), places[len(places) // 2])
