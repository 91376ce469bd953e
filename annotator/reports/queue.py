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
from db.queries.queue import Answered, Listed, Mine, Segment, Share
from db.vocabulary import AssignmentState, Label, Status

MOST_SEGMENTS = 150
STRIP_WIDTH = 1000.0
SOON_DAYS = 1  # due at the end of tomorrow is less than 48 hours away, whatever the hour
WEEK_DAYS = 7
PAGE = 100  # articles on one page of a lead's list
OWN_PAGE = 50  # of one's own
AT_ONCE = 1_000  # articles named in one statement


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
    """A reviewer's queue: a page of what is listed under a filter, and how many there are in all."""

    show: Show
    tasks: tuple[Task, ...]
    open: int
    finished: int
    resume: Resume | None
    page: int = 1
    pages: int = 1


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


def own(session: Session, reviewer_id: int, today: date, show: Show = Show.ALL, page: int = 1) -> Own:
    """One reviewer's queue as it stands today; of what is on another page nothing but its deadline is read."""
    found = sorted(queue.mine(session, reviewer_id), key=lambda mine: _order(mine, today))
    waiting = [mine.article_id for mine in found if mine.state != AssignmentState.FINISHED]
    listed = [mine.article_id for mine in found if _is_listed(mine, today, show)]
    pages = max(1, -(-len(listed) // OWN_PAGE))
    page = max(1, min(page, pages))
    shown = listed[(page - 1) * OWN_PAGE : page * OWN_PAGE]
    in_hand = queue.in_hand(session, reviewer_id) or (waiting[0] if waiting else None)
    tasks = _tasks(session, reviewer_id, today, [*shown, *([in_hand] if in_hand and in_hand not in shown else [])])
    resume = _resume(session, tasks[in_hand], reviewer_id) if in_hand else None
    rows = tuple(tasks[article_id] for article_id in shown)
    return Own(show, rows, len(waiting), len(found) - len(waiting), resume, page, pages)


def _order(mine: Mine, today: date) -> tuple[bool, int, int]:
    """Open before finished, the nearest deadline first, then the order in which the articles came in."""
    days = 10**6 if mine.due is None else (date.fromisoformat(mine.due[:10]) - today).days
    return mine.state == AssignmentState.FINISHED, days, mine.article_id


def _is_listed(mine: Mine, today: date, show: Show) -> bool:
    finished = mine.state == AssignmentState.FINISHED
    if show is Show.DUE:
        return not finished and mine.due is not None and (date.fromisoformat(mine.due[:10]) - today).days <= WEEK_DAYS
    return finished or show is Show.ALL


def _tasks(session: Session, reviewer_id: int, today: date, keys: Sequence[int]) -> dict[int, Task]:
    """What is shown of these articles, by key."""
    if not keys:
        return {}
    articles = queue.articles_by_id(session, keys)
    answers = {a.article_id: a for a in queue.answered(session, keys, reviewer_id=reviewer_id)}
    shares: dict[int, list[Share]] = {article.id: [] for article in articles}
    for share in queue.shares(session, list(shares)):
        shares[share.article_id].append(share)
    paces = pace_by_article(queue.moments(session, keys, reviewer_id))
    found = {}
    for article in articles:
        mine = next(share for share in shares[article.id] if share.reviewer_id == reviewer_id)
        answered, pace = answers.get(article.id), paces.get(article.id)
        found[article.id] = _task(article, mine, shares[article.id], answered, pace, today)
    return found


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
    done = {(a.article_id, a.reviewer_id): a.sentences for a in queue.answered(session, keys)}
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
    unfinished = queue.unfinished(session)
    keys = sorted({article_id for article_id, _ in unfinished})
    left: Counter[int] = Counter()
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        lengths = queue.lengths(session, some)
        done = {(a.article_id, a.reviewer_id): a.sentences for a in queue.answered(session, some)}
        for article_id, reviewer_id in unfinished:
            if article_id in lengths:
                left[reviewer_id] += max(0, lengths[article_id] - done.get((article_id, reviewer_id), 0))
    return dict(left)
