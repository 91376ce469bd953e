"""An article's sentences with one reviewer's answers, kept in memory and brought up to date by what changed since.

A label costs the same in an article of 30 sentences and of 10,000: nothing here goes through the whole article unless
its boundaries changed or nobody looked at it for long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from annotator.domain import attributions
from annotator.services import finishing
from annotator.services.finishing import Left
from db.engine import KEPT
from db.kept import Kept
from db.queries import annotate
from db.queries.annotate import Opened, Outlined
from db.vocabulary import BlockKind


@dataclass(frozen=True, slots=True)
class Outline:
    """The live sentences in their order, as they were at one segmentation and after one event; never changed in place.

    `numbers` and `places` find a sentence by uid and by row id, both counted from 1. `names` are those that the text
    mentions.
    """

    version: int
    event: int
    text: str
    rows: Sequence[Outlined]
    numbers: Mapping[str, int]
    places: Mapping[int, int]
    headings: Sequence[int]
    names: Sequence[str]
    left: Left

    @property
    def done(self) -> int:
        """How many sentences are decided, or seen and not decided."""
        return len(self.rows) - len(self.left.not_labelled) - len(self.left.needs_review)


def load(session: Session, opened: Opened, reviewer_id: int) -> Outline:
    """The outline as it is in this transaction."""
    kept: Kept | None = session.info.get(KEPT)  # a session that writes has none: what it sees may never come to be
    key = ("outline", opened.id, reviewer_id)
    found: Outline | None = kept.get(key) if kept else None
    if found is None or found.version != opened.version:
        found = _read(session, opened, reviewer_id)
    elif found.event != opened.event:
        found = _followed(session, found, opened, reviewer_id)
    else:
        return found
    if kept:
        kept.put(key, found, len(found.rows))
    return found


def _read(session: Session, opened: Opened, reviewer_id: int) -> Outline:
    rows, text = annotate.outline(session, opened.id, reviewer_id), annotate.text(session, opened.id)
    return Outline(
        version=opened.version,
        event=opened.event,
        text=text,
        rows=rows,
        numbers={row.uid: n for n, row in enumerate(rows, 1)},
        places={row.id: n for n, row in enumerate(rows, 1)},
        headings=tuple(n for n, row in enumerate(rows, 1) if row.kind == BlockKind.HEADING),
        names=attributions.names_in(text),
        left=finishing.left_of(rows),
    )


def _followed(session: Session, outline: Outline, opened: Opened, reviewer_id: int) -> Outline:
    """The outline after the reviewer's changes since its event."""
    rows, left = list(outline.rows), outline.left
    for sentence, answer in annotate.changed_since(session, opened.id, reviewer_id, outline.event):
        n = outline.places.get(sentence)
        if n is not None:
            before, rows[n - 1] = rows[n - 1], rows[n - 1]._replace(**answer._asdict())
            left = finishing.left_after(left, n, before, rows[n - 1])
    return replace(outline, event=opened.event, rows=rows, left=left)
