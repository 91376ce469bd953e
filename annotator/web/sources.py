"""Sources: what proves what; two addresses that are one document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Conflict, Invalid, NotFound
from annotator.language import gettext as _
from annotator.reports import directory
from annotator.reports import sources as report
from annotator.reports.directory import Entry
from annotator.reports.sources import SourceReport
from annotator.services import sources
from annotator.services.sources import SourceDetails
from annotator.web import merging, pages
from annotator.web.deps import DatabaseDep, Posted, PostedDep, ReviewerDep, SessionDep, Visitor
from annotator.web.forms import Fields
from annotator.web.speakers import MOST, viewer
from db.engine import Database
from db.models import Source
from db.queries import statements
from db.vocabulary import Medium, SourceType, Tier

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


@dataclass(frozen=True, slots=True)
class EditView:
    """All that is known of a source with what was typed; `stored` holds what others made of it meanwhile.

    `other` is the source that has the address already.
    """

    uid: str
    title: str
    values: Mapping[str, str]
    version: str
    choices: Mapping[str, Sequence[str]]
    stored: Mapping[str, str]
    message: str | None = None
    field: str | None = None
    other: str | None = None


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
    return merging.merged(database, visitor, fields, uid, place="/sources", may_see=_report, merge=sources.merge)


@router.post("/sources/{uid}/unmerge", dependencies=[Posted])
def unmerge(database: DatabaseDep, visitor: ReviewerDep, uid: str) -> Response:
    """Take a merge back."""
    return merging.parted(database, visitor, uid, place="/sources", may_see=_report, unmerge=sources.unmerge)


@router.get("/sources/{uid}/edit")
def edit(request: Request, session: SessionDep, visitor: ReviewerDep, uid: str) -> Response:
    """The form with all that is known of a source."""
    return pages.page(request, "sources/edit.html", _edit_view(session, visitor, uid), visitor)


@router.post("/sources/{uid}/edit")
def save(request: Request, database: DatabaseDep, visitor: ReviewerDep, fields: PostedDep, uid: str) -> Response:
    """What is known of a source, resting on the `version` that the form shows."""
    with database.read() as session:
        _report(session, visitor, uid)
    try:
        with database.write() as session:
            found = _edited(session, visitor, uid, fields)
    except (Invalid, Conflict) as refused:
        return _again(request, database, visitor, uid, fields, refused)
    return pages.see_other(f"/sources/{found.uid}")


def _edited(session: Session, visitor: Visitor, uid: str, fields: Fields) -> Source:
    """A source that the visitor may not know of is joined unseen, as when its address is typed as evidence."""
    details, version = _details(fields), fields.text("version")
    try:
        return sources.edit(session, visitor.actor(), uid, details, version=version)
    except sources.Taken as taken:
        if report.report(session, sources.get(session, taken.uid), viewer(visitor)) is not None:
            raise
        return sources.edit(session, visitor.actor(), uid, details, version=version, joins=True)


def _details(fields: Fields) -> SourceDetails:
    return SourceDetails(
        url=fields.text("url"),
        title=fields.text("title"),
        publisher=fields.optional("publisher"),
        issued=fields.optional("issued"),
        authors=tuple(fields.text("authors").split("\n")),
        archived_url=fields.optional("archived_url"),
        accessed_on=fields.optional("accessed_on"),
        type=fields.word("type", SourceType),
        tier=fields.word("tier", Tier),
        medium=fields.word("medium", Medium),
        note=fields.optional("note"),
    )


def _edit_view(session: Session, visitor: Visitor, uid: str) -> EditView:
    found = _report(session, visitor, uid)
    if found.into:
        raise NotFound(_("There is no such source."))
    source = found.source
    choices = {"type": tuple(SourceType), "tier": tuple(Tier), "medium": ("", *Medium)}
    return EditView(uid, source.title, sources.stored(source), sources.version_of(source), choices, {})


def _again(
    request: Request, database: Database, visitor: Visitor, uid: str, fields: Fields, refused: Invalid | Conflict
) -> Response:
    """The form with what was typed, why it was not stored, and beside it what is stored now where two people met."""
    with database.read() as session:
        view = _edit_view(session, visitor, uid)
    typed, changed = {name: fields.text(name) for name in view.values}, isinstance(refused, sources.Changed)
    view = replace(
        view,
        values=typed,
        stored={name: value for name, value in view.values.items() if value != typed[name]} if changed else {},
        version=view.version if changed else fields.text("version"),
        message=refused.message,
        field=refused.field if isinstance(refused, Invalid) else None,
        other=refused.uid if isinstance(refused, sources.Taken) else None,
    )
    return pages.page(request, "sources/edit.html", view, visitor, status=refused.status)
