"""The queue of disputes in the order of worth, kept in memory and brought up to date by the events since."""

from bisect import insort
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from threading import Lock
from typing import TypeAlias

from sqlmodel import Session

from annotator.domain.disagreements import Difference, Reading, entropies, in_order, label_sets, worth
from annotator.reports.disagreement_readings import readings_of, uncollected
from annotator.reports.disagreements import title_of
from db.queries import disagreements as stored
from db.vocabulary import Status

MOST = 4  # one of 10,000 disputes takes some 10 MB
MOST_EVENTS = 1_000  # after more the queue is made anew

Key: TypeAlias = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Dispute:
    """One sentence in the queue."""

    reading: Reading
    entropy: float  # bits, of the label sets
    title: str  # of the article

    @property
    def is_reopened(self) -> bool:
        return self.reading.gold == Status.NEEDS_REVIEW


@dataclass(frozen=True)
class Queue:
    """All disputes in the order of worth; `agreed`: articles with agreed sentences without gold, title and number.

    What is asked for at every case is worked out once, not by going through all disputes each time.
    """

    disputes: Sequence[Dispute] = ()
    agreed: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each sentence stands, counted from 0."""
        return {dispute.reading.sentence: place for place, dispute in enumerate(self.disputes)}

    @cached_property
    def decided(self) -> int:
        return sum(dispute.reading.is_decided for dispute in self.disputes)

    @cached_property
    def reopened(self) -> int:
        return sum(dispute.is_reopened for dispute in self.disputes)

    def undecided_after(self, sentence: str | None = None) -> str | None:
        """The next undecided sentence after this one, or the first; from the start again at the end."""
        place = -1 if sentence is None else self.places.get(sentence, -1)
        behind = range(place + 1, len(self.disputes))
        for number in chain(behind, range(max(place, 0))):
            if not self.disputes[number].reading.is_decided:
                return self.disputes[number].reading.sentence
        return None


def disputes(session: Session, article_uid: str | None = None) -> list[Dispute]:
    """Sentences whose complete answers differ or whose gold was reopened, decided ones too, in the order of worth."""
    with uncollected():
        return _listed(session, stored.disputed(session, article_uid))


def _listed(session: Session, found: stored.Readings) -> list[Dispute]:
    article_ids = {row[2] for row in found.sentences}
    articles = stored.articles_by_id(session, article_ids)
    titles = {article.uid: title_of(article) for article in articles}
    readings = readings_of(found, articles, stored.numbers(session, article_ids))
    bits = entropies(label_sets(readings))
    return [Dispute(r, bits.get(r.sentence, 0.0), titles[r.article]) for r in in_order(readings, bits)]


def queue(session: Session, article_uid: str | None = None) -> Queue:
    return Queue(disputes(session, article_uid), _agreed(session, None if article_uid is None else [article_uid]))


def _agreed(session: Session, article_uids: Sequence[str] | None) -> dict[str, tuple[str, int]]:
    return {uid: (title or uid, number) for uid, title, number in stored.agreed(session, article_uids)}


class KeptDisputes:
    """The latest queues by database and article; each is what it would be if computed now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[int, Queue]] = OrderedDict()

    def disputes(self, session: Session, article_uid: str | None = None) -> Sequence[Dispute]:
        return self.queue(session, article_uid).disputes

    def queue(self, session: Session, article_uid: str | None = None) -> Queue:
        """As the function: what was said or decided since changes its own sentences alone."""
        key = str(session.connection().engine.url), article_uid
        state = stored.log_end(session)  # read first, as in reports/kept.py
        with self._lock:
            known = self._kept.get(key)
        found = _since(session, *known, article_uid) if known else None
        if found is None:
            found = queue(session, article_uid)
        with self._lock:
            self._kept[key] = state, found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


def _since(session: Session, before: int, known: Queue, article_uid: str | None) -> Queue | None:
    """The queue after what was stored since an event; None where that is more than answers and decisions."""
    changed = stored.changed_since(session, before, most=MOST_EVENTS)
    if changed.more:
        return None
    articles = {article.uid: article for article in stored.articles_by_id(session, changed.articles)}
    if not changed.sentences or (article_uid is not None and article_uid not in articles):
        return known
    names = list(articles) if article_uid is None else [article_uid]
    agreed = {uid: found for uid, found in known.agreed.items() if uid not in names}
    if names:
        agreed |= _agreed(session, names)
    listed = _listed(session, stored.among(session, changed.sentences))
    inside = [one for one in listed if one.reading.article in names]
    return Queue(_with(known, inside), dict(sorted(agreed.items())))


def _with(known: Queue, changed: Sequence[Dispute]) -> list[Dispute]:
    """The queue with these sentences as they are now, those that are no disputes any more left out."""
    found = list(known.disputes)
    gone = [known.places[d.reading.sentence] for d in changed if d.reading.sentence in known.places]
    for place in sorted(gone, reverse=True):
        del found[place]
    for dispute in changed:
        if dispute.reading.difference is not Difference.NOTHING or dispute.is_reopened:
            insort(found, dispute, key=_place)
    return found


def _place(dispute: Dispute) -> tuple[float | str, ...]:
    reading = dispute.reading
    return (*worth(reading, dispute.entropy), reading.article, reading.ordinal)
