"""Sources: what proves what; two addresses that are one document."""

from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import NotFound
from annotator.language import gettext as _
from annotator.reports import directory
from annotator.reports import sources as report
from annotator.reports.directory import Entry
from annotator.reports.sources import SourceReport
from annotator.services import sources
from annotator.web import pages
from annotator.web.deps import DatabaseDep, Posted, PostedDep, ReviewerDep, SessionDep, Visitor
from annotator.web.speakers import MOST, viewer
from db.queries import statements

router = APIRouter()


@dataclass(frozen=True, slots=True)
class SourcesView:
    """Sources with a title like the query; `more` are not shown."""

    entries: tuple[Entry, ...]
    query: str
    more: int


@dataclass(frozen=True, slots=True)
class SourceView:
    report: SourceReport


@dataclass(frozen=True, slots=True)
class MergeView:
    """Before two become one: what moves where."""

    one: SourceReport
    into: SourceReport


@router.get("/sources")
def index(request: Request, session: SessionDep, visitor: ReviewerDep, q: str = "") -> Response:
    counts = statements.source_counts(session, viewer(visitor))
    found = directory.entries(statements.sources(session), counts, sees_all=visitor.is_lead)
    view = SourcesView(*directory.searched(found, q, most=MOST))
    return pages.page(request, "sources/index.html", view, visitor)


@router.get("/sources/{uid}")
def show(request: Request, session: SessionDep, visitor: ReviewerDep, uid: str) -> Response:
    return pages.page(request, "sources/show.html", SourceView(_report(session, visitor, uid)), visitor)


def _report(session: Session, visitor: Visitor, uid: str) -> SourceReport:
    """A source's page. Raises NotFound for one that the visitor may not know of."""
    found = report.report(session, sources.get(session, uid), viewer(visitor))
    if found is None:
        raise NotFound(_("There is no such source."))
    return found


@router.get("/sources/{uid}/merge")
def confirm(request: Request, session: SessionDep, visitor: ReviewerDep, uid: str, other: str = "") -> Response:
    """Say what moves here from another source before anything does."""
    view = MergeView(_report(session, visitor, other), _report(session, visitor, uid))
    if view.one.into or view.into.into or view.one.source.id == view.into.source.id:
        raise NotFound(_("These two cannot be merged."))
    return pages.page(request, "sources/merge.html", view, visitor)


@router.post("/sources/{uid}/merge")
def merge(database: DatabaseDep, visitor: ReviewerDep, fields: PostedDep, uid: str) -> Response:
    """This source is the one that `into` names: its evidence counts there from now on."""
    into = fields.text("into")
    with database.read() as session:
        _report(session, visitor, uid)
        _report(session, visitor, into)
    with database.write() as session:
        found = sources.merge(session, visitor.actor(), uid, into)
    return pages.see_other(f"/sources/{found.uid}")


@router.post("/sources/{uid}/unmerge", dependencies=[Posted])
def unmerge(database: DatabaseDep, visitor: ReviewerDep, uid: str) -> Response:
    """Take a merge back."""
    with database.read() as session:
        _report(session, visitor, uid)
    with database.write() as session:
        sources.unmerge(session, visitor.actor(), uid)
    return pages.see_other(f"/sources/{uid}")
