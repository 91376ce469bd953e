"""The queue of disputes in the order of worth, kept in memory and brought up to date by the events since."""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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

    What is asked for at every case is worked out once and kept up, not by going through all disputes each time.
    """

    disputes: Sequence[Dispute] = ()
    known: Mapping[str, Dispute] = field(default_factory=dict)  # by sentence
    decided: int = 0
    reopened: int = 0
    agreed: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, disputes: Sequence[Dispute], agreed: Mapping[str, tuple[str, int]]) -> "Queue":
        known = {dispute.reading.sentence: dispute for dispute in disputes}
        return cls(disputes, known, _decided(disputes), _reopened(disputes), agreed)

    def place(self, sentence: str | None) -> int | None:
        """Where a sentence stands, counted from 0."""
        dispute = self.known.get(sentence) if sentence else None
        return None if dispute is None else bisect_left(self.disputes, _place(dispute), key=_place)

    def undecided_after(self, sentence: str | None = None) -> str | None:
        """The next undecided sentence after this one, or the first; from the start again at the end."""
        found = self.place(sentence)
        place = -1 if found is None else found
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
    return Queue.of(disputes(session, article_uid), _agreed(session, None if article_uid is None else [article_uid]))


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
    listed = _listed(session, stored.among(session, changed.sentences))
    inside = [one for one in listed if one.reading.article in names]
    return _with(known, inside, _agreed_with(known.agreed, names, _agreed(session, names) if names else {}))


def _agreed_with(
    known: Mapping[str, tuple[str, int]], names: Sequence[str], found: Mapping[str, tuple[str, int]]
) -> Mapping[str, tuple[str, int]]:
    """The articles with agreed sentences, what is known of some of them replaced, by uid."""
    gone = {uid for uid in names if uid in known and uid not in found}
    agreed = {**known, **found}
    for uid in gone:
        del agreed[uid]
    return agreed if found.keys() <= known.keys() else dict(sorted(agreed.items()))


def _with(known: Queue, changed: Sequence[Dispute], agreed: Mapping[str, tuple[str, int]]) -> Queue:
    """The queue with these sentences as they are now, those that are no disputes any more left out."""
    found, by_sentence = list(known.disputes), dict(known.known)
    gone = [by_sentence.pop(d.reading.sentence) for d in changed if d.reading.sentence in by_sentence]
    for dispute in gone:
        del found[bisect_left(found, _place(dispute), key=_place)]
    new = [d for d in changed if d.reading.difference is not Difference.NOTHING or d.is_reopened]
    for dispute in new:
        insort(found, dispute, key=_place)
        by_sentence[dispute.reading.sentence] = dispute
    decided = known.decided + _decided(new) - _decided(gone)
    return Queue(found, by_sentence, decided, known.reopened + _reopened(new) - _reopened(gone), agreed)


def _decided(disputes: Iterable[Dispute]) -> int:
    return sum(dispute.reading.is_decided for dispute in disputes)


def _reopened(disputes: Iterable[Dispute]) -> int:
    return sum(dispute.is_reopened for dispute in disputes)


def _place(dispute: Dispute) -> tuple[float | str, ...]:
    reading = dispute.reading
    columns = worth([reading], [dispute.entropy], [0.0])
    return (*(value for (value,) in columns), reading.article, reading.ordinal)
