"""The annotate page as one dataclass: the article with a reviewer's own work, the sentence in hand, what is left."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from operator import itemgetter

from sqlmodel import Session

from annotator import language
from annotator.domain.keys import USUAL, Keys
from annotator.errors import NotFound
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import finishing, outlines, preferences, sources, speakers, undo
from annotator.services.finishing import Left
from annotator.services.outlines import Outline
from annotator.web.deps import Visitor
from annotator.web.views import changes, windows
from annotator.web.views.changes import ToastView
from annotator.web.views.cuts import MendView, mend_view
from annotator.web.views.hand import HandView, hand_view
from annotator.web.views.parts import PartsView, Typed, parts_view
from annotator.web.views.rows import PlainRow, RowView, Work, by_number, row_of
from annotator.web.views.suggestions import suggestion_view, with_suggestion
from annotator.web.views.windows import BlockView, SegmentView, Turn, Window
from db import canonical
from db.models import Annotation, Claim
from db.queries import annotate
from db.queries.annotate import Changed, Opened, Outlined
from db.vocabulary import AssignmentState

BEFORE = 3  # sentences before the one in hand whose attributions it may continue
OFFERED = 60  # names of people and titles of documents that fields offer
PARTS = (  # of the card: id, action that opens it, name, folder of its templates
    ("attribution", "attribution", later("Attribution"), "attributions"),
    ("claim", "details", later("Claim"), "claims"),
    ("note", "note", later("Note"), "annotations"),
    ("history", "history", later("History"), "annotations"),
    ("finish", "", later("Finish"), "articles"),
)
LISTS = ("attribution", "claim")  # parts whose change may add to them
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}


class Moment(Enum):
    """What came before a view: a look, or a request of htmx that moved on to a sentence or changed something.

    STAY: it changed labels or ticks of the sentence that stays in hand.
    """

    LOOK = auto()
    MOVE = auto()
    CHANGE = auto()
    STAY = auto()


@dataclass(frozen=True, slots=True)
class ArticleView:
    uid: str
    title: str
    publisher: str | None
    language: str
    direction: str
    headings: int

    @property
    def address(self) -> str:
        return f"/articles/{self.uid}"

    @property
    def foreign(self) -> bool:
        """It is in another language than the page."""
        return self.language.partition("-")[0].lower() != language.current()


@dataclass(frozen=True, slots=True)
class ConflictView:
    """A change that was not stored because the sentence was changed elsewhere: what is stored, what was asked for."""

    stored: str
    time: str | None
    wish: str | None
    action: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DeskView:
    """What the templates of the annotate page get. `state`: open, finished, or visiting for a lead who takes no part.

    `rows` and `strip` are what an htmx answer replaces; a whole page, or a text that is put there `anew`, has the rows
    of its window in `blocks`. `before` and `after` are added at the edges of what is shown. After a change that `stays`
    on its sentence an answer leaves alone the parts of the card that it did not touch, with what is typed there;
    `reclaimed`: it made the sentence a claim, or no longer one.
    """

    article: ArticleView
    state: str
    finished_at: str | None
    total: int
    done: int
    window: Window
    segments: int
    strip: tuple[SegmentView, ...]
    anew: bool
    blocks: tuple[BlockView, ...]
    before: tuple[BlockView, ...]
    after: tuple[BlockView, ...]
    rows: tuple[RowView | PlainRow, ...]
    hand: HandView
    parts: PartsView
    left: Left
    pace: str
    toast: ToastView | None
    moved: bool
    stays: bool
    reclaimed: bool
    people: tuple[str, ...]
    documents: tuple[str, ...]
    opened: str
    typed: Typed | None = None
    conflict: ConflictView | None = None
    shortcuts: bool = True
    keys: Keys = USUAL
    mend: MendView | None = None

    shells: tuple[tuple[str, str, str, str], ...] = PARTS


@dataclass(frozen=True, slots=True)
class Desk:
    """An article on a reviewer's desk: what every view of it is made from."""

    opened: Opened
    answers: Outline
    reviewer_id: int

    @property
    def uid(self) -> str:
        """The article's."""
        return self.opened.uid

    @property
    def outline(self) -> Sequence[Outlined]:
        return self.answers.rows

    @property
    def left(self) -> Left:
        return self.answers.left

    @property
    def by_uid(self) -> Mapping[str, int]:
        return self.answers.numbers

    @property
    def text(self) -> str:
        return self.answers.text

    @property
    def state(self) -> str:
        if self.opened.state is None:
            return "visiting"
        return "finished" if self.opened.state == AssignmentState.FINISHED else "open"

    def clamp(self, n: int | None) -> int:
        """The sentence that is meant: n, at most the last; the first thing to do where none is named."""
        if n is None:
            return next_todo(self.left, 0) or 1
        return min(max(n, 1), len(self.outline))

    def number_at(self, start: int) -> int:
        """The sentence that stands at a code point, or the last before it."""
        return max(1, bisect_right(self.outline, start, key=lambda row: row.start_cp))


def load(session: Session, visitor: Visitor, article_uid: str) -> Desk:
    """Raises NotFound for an article that does not exist and, alike, for one that is not this reviewer's to see."""
    return _desk(session, visitor, annotate.article(session, article_uid, visitor.id), _("There is no such article."))


def load_of(session: Session, visitor: Visitor, sentence_uid: str) -> Desk:
    """The article of a live sentence. Raises NotFound as `load`."""
    return _desk(
        session, visitor, annotate.article_of(session, sentence_uid, visitor.id), _("There is no such sentence.")
    )


def _desk(session: Session, visitor: Visitor, found: Opened | None, missing: str) -> Desk:
    if found is None or (found.state is None and not visitor.is_lead):
        raise NotFound(missing)
    answers = outlines.load(session, found, visitor.id)
    if not answers.rows:
        raise NotFound(_("This article has no sentences."))
    return Desk(found, answers, visitor.id)


def next_todo(left: Left, n: int) -> int | None:
    """The next thing to do after sentence n, from the top again at the end; None when nothing is left."""
    for numbers in (left.not_labelled, left.needs_review, left.quotes_without_attribution):
        if numbers:
            return numbers[bisect_right(numbers, n) % len(numbers)]
    return None


def view(
    session: Session,
    visitor: Visitor,
    desk: Desk,
    n: int,
    *,
    touched: Collection[int] | None = None,
    shown: str = "",
    moment: Moment = Moment.LOOK,
    opened: str = "",
    typed: Typed | None = None,
    conflict: ConflictView | None = None,
) -> DeskView:
    """The page with sentence `n` in hand. `touched` are the rows an answer replaces; None: the whole page.

    `shown` says which sentences the page holds that an answer goes to.
    """
    # long because it fills each field of the page in one place
    total = len(desk.outline)
    turn = _turn(n, total, touched, shown)
    rows, work = _rows(session, desk, n, turn, touched)
    row, annotation = desk.outline[n - 1], _annotation(session, desk, n)
    listed = touched is None or opened in LISTS
    last = () if moment is Moment.MOVE else _last(session, desk)
    segments = None if touched is None else sorted({windows.segment_of(number, total) for number in (*touched, n)})
    return DeskView(
        article=article_view(desk),
        state=desk.state,
        finished_at=_finished_at(desk),
        total=total,
        done=desk.answers.done,
        window=turn.window,
        segments=windows.segments(total),
        strip=windows.strip(desk.outline, n, segments),
        anew=turn.anew,
        blocks=windows.blocks(desk.outline, rows, turn.window) if turn.anew else (),
        before=windows.blocks(desk.outline, rows, turn.before) if turn.before else (),
        after=windows.blocks(desk.outline, rows, turn.after) if turn.after else (),
        rows=tuple(rows[number] for number in sorted({*(touched or ()), n}) if number in rows),
        hand=hand_view(session, n, row, annotation),
        parts=_parts(session, desk, row, work, annotation, typed),
        left=desk.left,
        pace=_pace(session, desk, opened, whole=touched is None),
        toast=_toast(session, desk, moment, last),
        moved=moment is Moment.MOVE,
        stays=moment is Moment.STAY,
        reclaimed=bool(last) and changes.reclaimed(*last),
        people=_people(session, desk) if listed else (),
        documents=_documents(session, desk) if listed else (),
        opened=opened,
        typed=typed,
        conflict=conflict,
        shortcuts=preferences.shortcuts(visitor.reviewer),
        keys=preferences.keys(visitor.reviewer),
        mend=mend_view(session, desk.opened.id, desk.outline, n) if visitor.is_lead else None,
    )


def _turn(n: int, total: int, touched: Collection[int] | None, shown: str) -> Turn:
    if touched is None:
        return Turn(windows.around(n, total), anew=True)
    return windows.turn(windows.shown(shown, min(touched, default=n), total), n)


def _rows(
    session: Session, desk: Desk, n: int, turn: Turn, touched: Collection[int] | None
) -> tuple[dict[int, RowView | PlainRow], Work]:
    """The rows that are to be shown by number, and what hangs on them; rows outside the window are not on the page."""
    numbers = {number for number in (*(touched or ()), n) if number in turn.window}
    numbers |= {number for number in range(max(1, n - BEFORE), n) if desk.outline[number - 1].attributions}
    for part in (turn.window if turn.anew else None, turn.before, turn.after):
        numbers |= set(part.numbers) if part else set()
    work = _work(session, desk, [desk.outline[number - 1] for number in sorted(numbers)])
    return {
        number: row_of(number, desk.outline[number - 1], desk.text, work, here=number == n) for number in numbers
    }, work


def _parts(
    session: Session, desk: Desk, row: Outlined, work: Work, annotation: Annotation | None, typed: Typed | None
) -> PartsView:
    """The parts of the card, with a suggestion where the article is open and the sentence labelled."""
    n = desk.by_uid[row.uid]
    before = [other for other in desk.outline[max(0, n - 1 - BEFORE) : n - 1] if other.attributions]
    parts = parts_view(row, desk.text, work, annotation, typed, before)
    if desk.state != "open":
        return parts
    return with_suggestion(parts, suggestion_view(session, row, desk.text, work, desk.reviewer_id))


def _finished_at(desk: Desk) -> str | None:
    finished = desk.opened.finished_at
    return changes.clock(finished, datetime.now(UTC)) if finished else None


def _pace(session: Session, desk: Desk, opened: str, *, whole: bool) -> str:
    """How many seconds a sentence took, where the work ends: it goes through all changes, no label waits for it."""
    at_end = opened == "finish" or (whole and desk.state == "finished")
    seconds = finishing.pace(session, desk.opened.id, desk.reviewer_id) if at_end else None
    return "" if seconds is None else str(max(1, round(seconds)))


def _annotation(session: Session, desk: Desk, n: int) -> Annotation | None:
    row = desk.outline[n - 1]
    return annotate.annotation(session, row.id, desk.reviewer_id) if row.annotation_id else None


def _work(session: Session, desk: Desk, rows: Sequence[Outlined]) -> Work:
    """What hangs on these sentences; nothing is asked where the outline says that there is nothing."""
    said, claimed = [row.id for row in rows if row.attributions], [row.id for row in rows if row.claims]
    who = desk.reviewer_id
    return Work(
        by_number(annotate.attributions(session, who, said) if said else (), lambda one: one.sentence_id),
        by_number(annotate.spans(session, who, said) if said else (), lambda span: span.attribution_id),
        _claims(annotate.claims(session, who, claimed) if claimed else ()),
        by_number(annotate.evidence(session, who, claimed) if claimed else (), lambda proof: proof.claim_id),
    )


def _claims(found: Iterable[tuple[int, Claim]]) -> dict[int, list[Claim]]:
    return {number: [claim for _, claim in pairs] for number, pairs in by_number(found, itemgetter(0)).items()}


def article_view(desk: Desk) -> ArticleView:
    article, code = desk.opened, desk.opened.language
    opening = " ".join(desk.text[:120].split())
    return ArticleView(
        uid=article.uid,
        title=article.title or opening,
        publisher=article.publisher,
        language=code,
        direction="rtl" if code.partition("-")[0].lower() in RIGHT_TO_LEFT else "ltr",
        headings=len(desk.answers.headings),
    )


def _last(session: Session, desk: Desk) -> Sequence[Changed]:
    """The reviewer's last change in this article and what was before it, if it is of a sentence that lives."""
    if desk.opened.changed is None:
        return ()
    number = canonical.decode(desk.opened.detail or "{}").get("revision", 0)
    found = annotate.changes(session, desk.opened.changed, desk.reviewer_id, number)
    return [one for one in found if one.sentence_uid in desk.by_uid]


def _toast(session: Session, desk: Desk, moment: Moment, last: Sequence[Changed]) -> ToastView | None:
    if not last:
        return None
    step = moment is not Moment.LOOK or undo.last_change(session, desk.opened.id, desk.reviewer_id)
    return changes.toast(desk.by_uid[last[0].sentence_uid], *last, undo=bool(step))


def _people(session: Session, desk: Desk) -> tuple[str, ...]:
    return tuple(speakers.names_for(session, desk.opened.id, desk.answers.names, desk.reviewer_id)[:OFFERED])


def _documents(session: Session, desk: Desk) -> tuple[str, ...]:
    return tuple(source.title for source in sources.offered(session, desk.reviewer_id)[:OFFERED])
