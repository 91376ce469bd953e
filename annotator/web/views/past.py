"""All that a reviewer changed in an article, newest first, some at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from annotator.web.views import changes
from annotator.web.views.changes import PastView
from annotator.web.views.desk import ArticleView, Desk, article_view
from db.queries import annotate

LISTED = 100
NEWEST = 2**62


@dataclass(frozen=True, slots=True)
class HistoryView:
    """`older` is where the next page goes on, None on the last one; `n` is the sentence to go back to."""

    article: ArticleView
    total: int
    n: int
    changes: tuple[PastView, ...]
    older: int | None


def history_view(session: Session, desk: Desk, n: int, before: int | None) -> HistoryView:
    """The changes before the row id `before`, or the newest."""
    found = annotate.past(session, desk.opened.id, desk.reviewer_id, before=before or NEWEST, limit=LISTED + 1)
    now, listed = datetime.now(UTC), found[:LISTED]
    views = (changes.past_view(desk.by_uid.get(one.sentence_uid), one.revision, one.before, now) for one in listed)
    older = listed[-1].revision.id if len(found) > LISTED else None
    return HistoryView(article_view(desk), len(desk.outline), n, tuple(views), older)
