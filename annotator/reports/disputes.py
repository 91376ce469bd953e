"""The queue of disputes in the order of worth, kept in memory as long as decisions are all that is stored meanwhile."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeAlias

from sqlmodel import Session

from annotator.domain.disagreements import Reading, entropies, in_order, label_sets
from annotator.reports.disagreements import readings_of, title_of
from db.queries import disagreements as stored
from db.vocabulary import Status

MOST = 4  # one of 10,000 disputes takes some 30 MB

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


def disputes(session: Session, article_uid: str | None = None) -> list[Dispute]:
    """Sentences whose complete answers differ or whose gold was reopened, decided ones too, in the order of worth."""
    found = stored.disputed(session, article_uid)
    article_ids = {row[2] for row in found.sentences}
    articles = stored.articles_by_id(session, article_ids)
    titles = {article.uid: title_of(article) for article in articles}
    readings = readings_of(found, articles, stored.numbers(session, article_ids))
    bits = entropies(label_sets(readings))
    return [Dispute(r, bits.get(r.sentence, 0.0), titles[r.article]) for r in in_order(readings, bits)]


class KeptDisputes:
    """The latest queues by database and article; each is what it would be if computed now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[stored.State, Sequence[Dispute]]] = OrderedDict()

    def disputes(self, session: Session, article_uid: str | None = None) -> Sequence[Dispute]:
        """As the function: a decision changes its own sentence alone, anything else makes the queue anew."""
        key = str(session.connection().engine.url), article_uid
        state = stored.log_end(session)  # read first, as in reports/kept.py
        with self._lock:
            known = self._kept.get(key)
        found = _since(session, *known, state) if known else None
        if found is None:
            found = disputes(session, article_uid)
        with self._lock:
            self._kept[key] = state, found
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found


def _since(
    session: Session, before: stored.State, queue: Sequence[Dispute], now: stored.State
) -> Sequence[Dispute] | None:
    """The queue after what was stored since; None where that is more than decisions."""
    if before == now:
        return queue
    changes = stored.gold_since(session, before[1] or 0)
    return None if len(changes) != now[0] - before[0] else after(queue, changes)


def after(queue: Sequence[Dispute], changes: Iterable[stored.GoldChange]) -> Sequence[Dispute] | None:
    """The queue after changes of gold alone; None where one of them is something else or brings in a sentence."""
    known = {dispute.reading.sentence for dispute in queue}
    gold: dict[str, tuple[str, str | None]] = {}
    for sentence, status, method in changes:
        if sentence is None or (sentence not in known and status != Status.COMPLETE):
            return None
        gold[sentence] = status, method
    changed = (_with(dispute, gold.get(dispute.reading.sentence)) for dispute in queue)
    return [dispute for dispute in changed if dispute.reading.difference or not dispute.reading.is_decided]


def _with(dispute: Dispute, gold: tuple[str, str | None] | None) -> Dispute:
    if gold is None:
        return dispute
    return replace(dispute, reading=dispute.reading._replace(gold=gold[0], method=gold[1]))
