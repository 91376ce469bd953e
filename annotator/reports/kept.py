"""Reports kept in memory until something changes, so that every step from a number to its sentences is quick."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import TypeAlias

from sqlmodel import Session

from annotator.reports.disagreements import Report, disagreement_report, with_details
from db.queries import disagreements as stored

MOST = 4  # one on 100,000 answers takes some 100 MB

Key: TypeAlias = tuple[str, tuple[str, ...] | None, bool]


class KeptReports:
    """The latest reports by database and what they are about; each is what it would be if computed now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, tuple[stored.State, Report]] = OrderedDict()

    def report(
        self,
        session: Session,
        article_uids: Sequence[str] | None = None,
        *,
        unsure_is_label: bool = False,
        details: bool = True,
    ) -> Report:
        """As `disagreement_report`; computed anew when anything was stored since, details when they are asked for."""
        database = str(session.connection().engine.url)
        key = (database, None if article_uids is None else tuple(article_uids), unsure_is_label)
        state = stored.state(session)  # read first: what is stored meanwhile makes the report look old, never new
        known = self._known(key, state)
        if known is not None and (known.beside is not None or not details):
            return known
        if known is None:
            report = disagreement_report(session, article_uids, unsure_is_label=unsure_is_label, details=details)
        else:
            report = with_details(session, known, article_uids)
        with self._lock:
            self._kept[key] = state, report
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return report

    def _known(self, key: Key, state: stored.State) -> Report | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None or found[0] != state:
                return None
            self._kept.move_to_end(key)
            return found[1]
