"""The guidelines: read, searched, cited rule by rule, changed by leads into new versions; what was done under each."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from markupsafe import Markup
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain.guidelines import LONGEST, Piece, changes, key_of, next_version, rules_of
from annotator.errors import Invalid, NotFound, Refused, Stale
from annotator.language import gettext as _
from annotator.services import guidelines as service
from annotator.services.guidelines import Cited, Decided, Labelled
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, ReviewerDep, SessionDep, Visitor
from annotator.web.views.guidelines import Section, address, passage, render
from db.models import Guideline
from db.queries import disagreements, guidelines
from db.queries.guidelines import Share, Version

router = APIRouter()
QUERY_LIMIT = 200
MOST = 500  # sentences on one page


@dataclass(frozen=True, slots=True)
class GuidelinesView:
    """With a query only the sections that hold its words; `instead` is the version in force when this is another."""

    title: str
    version: str
    sections: tuple[Section, ...]
    query: str
    rules: tuple[Cited, ...]
    instead: str | None
    versions: int

    @property
    def here(self) -> dict[str, str]:
        """What an address on this page repeats."""
        return {"version": self.version} if self.instead else {}


@router.get("/guidelines")
def show(request: Request, session: SessionDep, visitor: ReviewerDep, q: str = "", version: str = "") -> Response:
    guideline, query = service.get(session, version), q.strip()[:QUERY_LIMIT]
    current = guidelines.active(session)
    title, sections = render(guideline.body, query)
    view = GuidelinesView(
        title=title,
        version=guideline.version,
        sections=tuple(sections),
        query=query,
        rules=tuple(service.cited(session, guideline.body, _seen(session, visitor))),
        instead=current.version if current.id != guideline.id else None,
        versions=len(guidelines.versions(session)),
    )
    return pages.page(request, "guidelines/show.html", view, visitor)


def _seen(session: Session, visitor: Visitor) -> Sequence[str] | None:
    """The articles whose decisions somebody may see: a lead all, a reviewer those that they have finished."""
    return None if visitor.is_lead else disagreements.finished_articles(session, visitor.id)


@dataclass(frozen=True, slots=True)
class RuleView:
    name: str
    title: str
    anchor: str
    html: Markup | None  # None: the words are in no version
    version: str
    is_current: bool
    decisions: tuple[Decided, ...]
    total: int
    case: str | None  # the sentence that somebody came from
    is_lead: bool


@router.get("/guidelines/rules/{rule}")
def rule(request: Request, session: SessionDep, visitor: ReviewerDep, rule: str, case: str = "") -> Response:
    """One rule: its words and the decisions that cite it."""
    seen = _seen(session, visitor)
    found, version = service.rule(session, rule)
    wordings = service.wordings(session, rule, seen)
    if found is None and not wordings:
        raise NotFound(_("There is no such rule."))
    current = guidelines.active(session).version
    view = RuleView(
        name=found.name if found else next(iter(wordings)),
        title=found.title if found else "",
        anchor=found.anchor if found else key_of(rule),
        html=passage(found.text) if found else None,
        version=version or current,
        is_current=version == current,
        decisions=tuple(service.decided_by(session, list(wordings), seen, most=MOST)),
        total=sum(wordings.values()),
        case=case if visitor.is_lead and case else None,
        is_lead=visitor.is_lead,
    )
    return pages.page(request, "guidelines/rule.html", view, visitor)


@dataclass(frozen=True, slots=True)
class VersionsView:
    versions: tuple[Version, ...]
    current: str
    is_lead: bool


@router.get("/guidelines/versions")
def versions(request: Request, session: SessionDep, visitor: ReviewerDep) -> Response:
    found = tuple(guidelines.versions(session))
    view = VersionsView(found, guidelines.active(session).version, visitor.is_lead)
    return pages.page(request, "guidelines/versions.html", view, visitor)


@dataclass(frozen=True, slots=True)
class ChangesView:
    old: str
    new: str
    passages: tuple[list[Piece], ...]
    versions: tuple[str, ...]


@router.get("/guidelines/changes")
def compare(request: Request, session: SessionDep, visitor: ReviewerDep, old: str = "", new: str = "") -> Response:
    """What differs between two versions; by default the one in force and the one before it."""
    known = [version.guideline for version in guidelines.versions(session)]
    later = service.get(session, new)
    before = next((one.version for one in known if one.active_from < later.active_from), later.version)
    earlier = service.get(session, old or before)
    passages = tuple(changes(earlier.body, later.body))
    view = ChangesView(earlier.version, later.version, passages, tuple(one.version for one in known))
    return pages.page(request, "guidelines/changes.html", view, visitor)


@dataclass(frozen=True, slots=True)
class LabelsView:
    version: str
    current: str
    shares: tuple[Share, ...]
    chosen: Share | None
    labels: tuple[Labelled, ...]
    is_lead: bool
    saved: bool

    @property
    def total(self) -> int:
        return sum(share.labels for share in self.shares)


@router.get("/guidelines/labels")
def labels(
    request: Request,
    session: SessionDep,
    visitor: ReviewerDep,
    version: str = "",
    reviewer: str = "",
    article: str = "",
    saved: str = "",
) -> Response:
    """What was labelled under a version: a lead sees everybody's, a reviewer their own."""
    guideline = service.get(session, version)
    assert guideline.id is not None
    shares = guidelines.shares(session, guideline.id, None if visitor.is_lead else visitor.id)
    chosen = next((s for s in shares if s.reviewer.uid == reviewer and s.article.uid == article), None)
    if (reviewer or article) and chosen is None:
        raise NotFound(_("Nothing is labelled there under this version."))
    view = LabelsView(
        version=guideline.version,
        current=guidelines.active(session).version,
        shares=tuple(shares),
        chosen=chosen,
        labels=tuple(service.labelled(session, guideline.id, chosen, most=MOST)) if chosen else (),
        is_lead=visitor.is_lead,
        saved=saved == "1",
    )
    return pages.page(request, "guidelines/labels.html", view, visitor)


@dataclass(frozen=True, slots=True)
class EditView:
    """The text being written; `shown` once it was looked at: what changes, and cited rules that it has no more."""

    body: str
    version: str
    based_on: str
    request: str
    labels: int  # made under the version in force
    longest: int = LONGEST
    shown: bool = False
    passages: tuple[list[Piece], ...] = ()
    missing: tuple[Cited, ...] = ()
    sections: tuple[Section, ...] = field(default=())
    problem: str | None = None
    field: str | None = None


@router.get("/guidelines/edit")
def edit(request: Request, session: SessionDep, visitor: LeadDep) -> Response:
    current = guidelines.active(session)
    view = _editing(session, current, current.body, next_version(current.version))
    return pages.page(request, "guidelines/edit.html", view, visitor)


@router.post("/guidelines")
def update(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    """Show what would change, or store it as a new version; a refused text comes back as it was typed."""
    body, version = fields.text("body", limit=10 * LONGEST), fields.text("version")
    based_on = fields.text("based_on")
    problem: Refused | None = None
    if not fields.ticked("preview"):
        try:
            with database.write() as session:
                actor = visitor.actor(fields.optional("request"))
                service.change(session, actor, body, version, based_on=based_on)
        except (Invalid, Stale) as refused:
            problem = refused
        else:
            return pages.see_other(address("/labels", version=based_on, saved="1"))
    with database.read() as session:
        view = _editing(session, guidelines.active(session), body, version, based_on=based_on, problem=problem)
    return pages.page(request, "guidelines/edit.html", view, visitor, status=problem.status if problem else 200)


def _editing(
    session: Session,
    current: Guideline,
    body: str,
    version: str,
    *,
    based_on: str | None = None,
    problem: Refused | None = None,
) -> EditView:
    """The form as it is; after a stale save it rests on the version that is in force now."""
    stale, shown = isinstance(problem, Stale), based_on is not None
    counts = {one.guideline.id: one.labels for one in guidelines.versions(session)}
    anchors = {rule.anchor for rule in rules_of(body)}
    cited = service.cited(session, current.body, None)
    return EditView(
        body=body,
        version=next_version(current.version) if stale and version == current.version else version,
        based_on=current.version if stale or based_on is None else based_on,
        request=uuid.uuid4().hex,
        labels=counts.get(current.id, 0),
        shown=shown,
        passages=tuple(changes(current.body, body)) if shown else (),
        missing=tuple(one for one in cited if one.decisions and one.is_rule and one.anchor not in anchors),
        sections=tuple(render(body)[1]) if shown else (),
        problem=problem.message if problem else None,
        field=getattr(problem, "field", None),
    )
