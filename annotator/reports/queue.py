"""The queue: a reviewer's articles with the next sentence on top, and a lead's view over everybody's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from annotator import language
from annotator.domain import labels
from annotator.domain.reviewing import Pace, pace_by_article
from annotator.language import gettext as _
from annotator.language import ngettext, pgettext
from db.queries import disagreements, queue
from db.queries.queue import Answered, Listed, Segment, Share
from db.vocabulary import AssignmentState, Label, Status

MOST_SEGMENTS = 150
STRIP_WIDTH = 1000.0
SOON_DAYS = 1  # due at the end of tomorrow is less than 48 hours away, whatever the hour
WEEK_DAYS = 7
PAGE = 100  # articles on one page of a lead's list


class Show(StrEnum):
    """Which of one's own articles are listed."""

    ALL = "all"
    DUE = "due"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Deadline:
    """When an article is due, in days from today and in words; `soon` within 48 hours and when it is over."""

    due: date
    days: int
    words: str
    soon: bool

    @property
    def short(self) -> str:
        return f"{language.short_weekday(self.due)} {language.short_day(self.due)}"


@dataclass(frozen=True, slots=True)
class Task:
    """One of a reviewer's own articles."""

    article: Listed
    done: int
    last: str  # when they answered last, "" for never
    finished: bool
    finished_at: str
    reviewers: int
    reviewers_finished: int
    deadline: Deadline | None
    pace: Pace | None = None  # None where nothing is known of the time it took

    @property
    def action(self) -> str:
        if self.finished:
            return _("Report")
        return _("Continue") if self.done else _("Start")

    @property
    def href(self) -> str:
        if self.finished:
            return f"/articles/{self.article.uid}/disagreements"
        return f"/articles/{self.article.uid}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of the progress strip: its place in thousandths and the label in whose colour it is drawn."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Resume:
    """The article in hand with its next sentence; `ordinal` counts from 1, `text` is empty when all are labelled."""

    task: Task
    ordinal: int
    text: str
    strip: tuple[Bar, ...]
    due: str  # in words, "" without a deadline

    @property
    def href(self) -> str:
        return f"/articles/{self.task.article.uid}?s={self.ordinal}"


@dataclass(frozen=True, slots=True)
class Own:
    """A reviewer's queue: what is listed under a filter, and how many there are in all."""

    show: Show
    tasks: tuple[Task, ...]
    open: int
    finished: int
    resume: Resume | None


@dataclass(frozen=True, slots=True)
class Reader:
    """One reviewer on an article of the lead's list."""

    name: str
    done: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """An article of the lead's list."""

    article: Listed
    readers: tuple[Reader, ...]
    disputed: int
    deadline: Deadline | None

    @property
    def finished(self) -> int:
        return sum(reader.finished for reader in self.readers)


@dataclass(frozen=True, slots=True)
class Everything:
    """A page of all articles."""

    articles: tuple[Overview, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def deadline(due: str | None, today: date, *, finished: bool = False) -> Deadline | None:
    """A stored deadline (RFC 3339, or only a date) seen from a day."""
    if due is None:
        return None
    day = date.fromisoformat(due[:10])
    days = (day - today).days
    return Deadline(
        day, days, pgettext("a deadline", "done") if finished else _in_words(days), not finished and days <= SOON_DAYS
    )


def _in_words(days: int) -> str:
    if days < 0:
        return ngettext("{n} day late", "{n} days late", -days).format(n=-days)
    return (
        (_("today"), _("tomorrow"))[days] if days <= 1 else ngettext("in {n} day", "in {n} days", days).format(n=days)
    )


def _due(deadline: Deadline | None) -> str:
    """The deadline inside a line of text: “due Friday”."""
    if deadline is None or deadline.days < 0:
        return deadline.words if deadline else ""
    if deadline.days <= 1:
        return _("due {day}").format(day=deadline.words)
    day = language.weekday(deadline.due) if deadline.days < WEEK_DAYS else deadline.short
    return _("due {day}").format(day=day)


def own(session: Session, reviewer_id: int, today: date, show: Show = Show.ALL) -> Own:
    """One reviewer's queue as it stands today."""
    tasks = sorted(_tasks(session, reviewer_id, today), key=_order)
    waiting = [task for task in tasks if not task.finished]
    listed = {
        Show.ALL: tasks,
        Show.DUE: [task for task in waiting if task.deadline and task.deadline.days <= WEEK_DAYS],
        Show.FINISHED: [task for task in tasks if task.finished],
    }
    in_hand = max(waiting, key=lambda task: task.last, default=None)  # the first one when none was begun
    resume = _resume(session, in_hand, reviewer_id) if in_hand else None
    return Own(show, tuple(listed[show]), len(waiting), len(tasks) - len(waiting), resume)


def _tasks(session: Session, reviewer_id: int, today: date) -> Iterable[Task]:
    articles = queue.assigned_articles(session, reviewer_id)
    answers = {a.article_id: a for a in queue.answered(session, reviewer_id=reviewer_id)}
    shares: dict[int, list[Share]] = {article.id: [] for article in articles}
    for share in queue.shares(session, list(shares)):
        shares[share.article_id].append(share)
    paces = pace_by_article(queue.moments(session, reviewer_id))
    for article in articles:
        mine = next(share for share in shares[article.id] if share.reviewer_id == reviewer_id)
        yield _task(article, mine, shares[article.id], answers.get(article.id), paces.get(article.id), today)


def _task(
    article: Listed, mine: Share, everybody: Sequence[Share], answers: Answered | None, pace: Pace | None, today: date
) -> Task:
    finished = mine.state == AssignmentState.FINISHED
    return Task(
        article=article,
        done=answers.sentences if answers else 0,
        last=answers.last if answers else "",
        finished=finished,
        finished_at=mine.finished_at or "",
        reviewers=len(everybody),
        reviewers_finished=sum(share.state == AssignmentState.FINISHED for share in everybody),
        deadline=deadline(mine.due, today, finished=finished),
        pace=pace,
    )


def _order(task: Task) -> tuple[bool, int, int]:
    """Open before finished, the nearest deadline first, then the order in which the articles came in."""
    return task.finished, task.deadline.days if task.deadline else 10**6, task.article.id


def _resume(session: Session, task: Task, reviewer_id: int) -> Resume:
    segments = queue.segments(session, task.article.id, reviewer_id)
    kinds = [kind(segment) for segment in segments]
    waits = [i for i, s in enumerate(segments) if not kinds[i]] or [
        i for i, s in enumerate(segments) if s.status == Status.NEEDS_REVIEW
    ]
    at = waits[0] if waits else len(segments) - 1
    text = queue.passage(session, task.article.id, segments[at].start_cp, segments[at].end_cp) if waits else ""
    return Resume(task, at + 1, text, tuple(strip(kinds, at)), _due(task.deadline))


def kind(segment: Segment) -> str:
    """In which label's colour a sentence is drawn; "" while it is not labelled."""
    if segment.status in (None, Status.DRAFT):
        return ""
    flags = {Label.CLAIM: segment.is_claim, Label.QUOTE: segment.is_quote, Label.OPINION: segment.is_opinion}
    return labels.primary(frozenset(label for label, on in flags.items() if on))


def strip(kinds: Sequence[str], now: int) -> Iterable[Bar]:
    """A bar for each sentence, or for as many together as fit; the bar of sentence `now` is marked."""
    count = min(len(kinds), MOST_SEGMENTS)
    for i in range(count):
        first, end = i * len(kinds) // count, (i + 1) * len(kinds) // count
        drawn = "now" if first <= now < end else Counter(kinds[first:end]).most_common(1)[0][0]
        width = STRIP_WIDTH / count
        yield Bar(round(i * width + 0.06 * width, 1), round(0.88 * width, 1), drawn)


def everything(session: Session, today: date, page: int = 1) -> Everything:
    """A lead's list of all articles, newest import first, with everybody's progress and what is disputed."""
    total = queue.count_articles(session)
    page = max(1, min(page, -(-total // PAGE)))
    articles = queue.all_articles(session, limit=PAGE, offset=(page - 1) * PAGE)
    keys = [article.id for article in articles]
    done = {(a.article_id, a.reviewer_id): a.sentences for a in queue.answered(session, article_ids=keys)}
    disputed = disagreements.undecided(session, keys)
    shares: dict[int, list[Share]] = {key: [] for key in keys}
    for share in queue.shares(session, keys):
        shares[share.article_id].append(share)
    found = (_overview(a, shares[a.id], done, disputed.get(a.id, 0), today) for a in articles)
    return Everything(tuple(found), total, page)


def _overview(
    article: Listed, shares: Sequence[Share], done: dict[tuple[int, int], int], disputed: int, today: date
) -> Overview:
    readers = [
        Reader(s.name, done.get((article.id, s.reviewer_id), 0), s.state == AssignmentState.FINISHED) for s in shares
    ]
    due = min((s.due for s in shares if s.due and s.state != AssignmentState.FINISHED), default=None)
    return Overview(article, tuple(readers), disputed, deadline(due, today))


def open_work(session: Session) -> dict[int, int]:
    """How many sentences each reviewer still has to do in articles that they have not finished."""
    lengths = queue.lengths(session)
    done = {(a.article_id, a.reviewer_id): a.sentences for a in queue.answered(session)}
    left: Counter[int] = Counter()
    for article_id, reviewer_id in queue.unfinished(session):
        left[reviewer_id] += max(0, lengths.get(article_id, 0) - done.get((article_id, reviewer_id), 0))
    return dict(left)
