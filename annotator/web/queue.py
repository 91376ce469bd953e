"""The first page: a reviewer's queue; for a lead also all articles, the import form and people."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator import language
from annotator.language import gettext as _
from annotator.language import pgettext
from annotator.reports import queue
from annotator.reports.queue import Everything, Own, Show
from annotator.services import projects
from annotator.web import imports, pages, people
from annotator.web.deps import ReviewerDep, SessionDep
from annotator.web.people import Row
from annotator.web.views.imports import ImportView

router = APIRouter()


@dataclass(frozen=True, slots=True)
class QueueView:
    """One's own articles, if any; the rest is a lead's. `required`: reviewers that an article is to have."""

    today: str
    heading: str
    own: Own | None
    everything: Everything | None = None
    imports: ImportView | None = None
    people: tuple[Row, ...] = ()
    required: int = 1


@router.get("/")
def index(
    request: Request, session: SessionDep, visitor: ReviewerDep, show: str = "all", page: int = 1, mine: int = 1
) -> Response:
    today = people.today()
    chosen = next((word for word in Show if word == show), Show.ALL)
    own = queue.own(session, visitor.id, today, chosen, mine)
    day = _("{weekday} {day}").format(weekday=language.weekday(today), day=language.day_of_month(today))
    if not visitor.is_lead:
        return pages.page(request, "queue/index.html", QueueView(day, _heading(own), own), visitor)
    everything = queue.everything(session, today, page)
    form = imports.form(session, None)
    if not everything.total:
        return pages.page(request, "imports/create.html", form, visitor)
    has_own = bool(own.open or own.finished)
    heading = _heading(own) if own.open else pgettext("heading", "Articles")
    required = projects.options(session).required_reviewers
    view = QueueView(day, heading, own if has_own else None, everything, form, people.rows(session), required)
    return pages.page(request, "queue/index.html", view, visitor)


def _heading(own: Own) -> str:
    if own.resume is None:
        return _("All done") if own.finished else _("Nothing to do yet")
    return _("Pick up where you left off") if own.resume.task.done else _("Start here")
