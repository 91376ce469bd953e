"""Speakers: who said what; their other names; two that are one person."""

from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Invalid, NotFound
from annotator.language import gettext as _
from annotator.reports import directory
from annotator.reports import speakers as report
from annotator.reports.directory import Entry
from annotator.reports.speakers import Show, SpeakerReport
from annotator.services import speakers
from annotator.web import merging, pages
from annotator.web.deps import DatabaseDep, Posted, PostedDep, ReviewerDep, SessionDep, Visitor
from db.queries import statements
from db.queries.statements import Viewer

router = APIRouter()
MOST = 500


@dataclass(frozen=True, slots=True)
class SpeakersView:
    """Speakers with a name like the query; `more` are not shown."""

    entries: tuple[Entry, ...]
    query: str
    more: int


@dataclass(frozen=True, slots=True)
class SpeakerView:
    report: SpeakerReport
    alias: str = ""
    message: str | None = None


@dataclass(frozen=True, slots=True)
class MergeView:
    """Before two become one: what moves where."""

    one: SpeakerReport
    into: SpeakerReport


def viewer(visitor: Visitor) -> Viewer:
    return Viewer(visitor.id, visitor.is_lead)


@router.get("/speakers")
def index(request: Request, session: SessionDep, visitor: ReviewerDep, q: str = "") -> Response:
    counts = statements.speaker_counts(session, viewer(visitor))
    found = directory.entries(statements.speakers(session), counts, sees_all=visitor.is_lead)
    view = SpeakersView(*directory.searched(found, q, most=MOST))
    return pages.page(request, "speakers/index.html", view, visitor)


@router.get("/speakers/{uid}")
def show(request: Request, session: SessionDep, visitor: ReviewerDep, uid: str, show: str = "all") -> Response:
    chosen = next((word for word in Show if word == show), Show.ALL)
    return pages.page(request, "speakers/show.html", SpeakerView(_report(session, visitor, uid, chosen)), visitor)


def _report(session: Session, visitor: Visitor, uid: str, show: Show = Show.ALL) -> SpeakerReport:
    """A speaker's page. Raises NotFound for one that the visitor may not know of."""
    found = report.report(session, speakers.get(session, uid), viewer(visitor), show)
    if found is None:
        raise NotFound(_("There is no such speaker."))
    return found


@router.post("/speakers/{uid}/aliases")
def add_alias(request: Request, database: DatabaseDep, visitor: ReviewerDep, fields: PostedDep, uid: str) -> Response:
    alias = fields.text("alias")
    with database.read() as session:
        found = _report(session, visitor, uid)
    try:
        with database.write() as session:
            speakers.add_alias(session, visitor.actor(), uid, alias)
    except Invalid as refused:
        view = SpeakerView(found, alias, refused.message)
        return pages.page(request, "speakers/show.html", view, visitor, status=refused.status)
    return pages.see_other(f"/speakers/{uid}")


@router.post("/speakers/{uid}/aliases/{n:int}/delete", dependencies=[Posted])
def delete_alias(database: DatabaseDep, visitor: ReviewerDep, uid: str, n: int) -> Response:
    """Take away another name: it is not the same speaker."""
    with database.read() as session:
        found = _report(session, visitor, uid)
    name = next((name for name in found.names if name.id == n), None)
    if name is None:
        raise NotFound(_("There is no such name."))
    with database.write() as session:
        speakers.remove_alias(session, visitor.actor(), uid, name.alias)
    return pages.see_other(f"/speakers/{uid}")


@router.get("/speakers/{uid}/merge")
def confirm(request: Request, session: SessionDep, visitor: ReviewerDep, uid: str, other: str = "") -> Response:
    """Say what moves here from another speaker before anything does."""
    view = MergeView(_report(session, visitor, other), _report(session, visitor, uid))
    if view.one.into or view.into.into or view.one.speaker.id == view.into.speaker.id:
        raise NotFound(_("These two cannot be merged."))
    return pages.page(request, "speakers/merge.html", view, visitor)


@router.post("/speakers/{uid}/merge")
def merge(database: DatabaseDep, visitor: ReviewerDep, fields: PostedDep, uid: str) -> Response:
    """This speaker is the one that `into` names: statements and names count there from now on."""
    return merging.merged(database, visitor, fields, uid, place="/speakers", may_see=_report, merge=speakers.merge)


@router.post("/speakers/{uid}/unmerge", dependencies=[Posted])
def unmerge(database: DatabaseDep, visitor: ReviewerDep, uid: str) -> Response:
    """Take a merge back."""
    return merging.parted(database, visitor, uid, place="/speakers", may_see=_report, unmerge=speakers.unmerge)
