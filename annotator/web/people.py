"""People: who is in the project, a fresh way in for each, who reads what. For leads."""

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Invalid, NotFound
from annotator.language import gettext as _
from annotator.reports.queue import Own, open_work, own
from annotator.services import assignments, clock, reviewers
from annotator.web import pages, security
from annotator.web.deps import DatabaseDep, LeadDep, Posted, PostedDep, SessionDep, SettingsDep
from annotator.web.views.imports import PersonView, people
from db.models import Reviewer
from db.queries import queue
from db.vocabulary import ReviewerRole

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Row:
    """One person in the list, with the sentences they still have to do."""

    reviewer: Reviewer
    open: int


@dataclass(frozen=True, slots=True)
class PeopleView:
    """Everybody, and the form for somebody new with what was typed."""

    people: tuple[Row, ...]
    name: str = ""
    role: str = ReviewerRole.REVIEWER
    message: str | None = None


@dataclass(frozen=True, slots=True)
class PersonPageView:
    """One person: their articles, and what a lead can do. `link` is a sign-in link that was made just now."""

    reviewer: Reviewer
    own: Own
    link: str | None = None
    days: int = 0
    message: str | None = None


@dataclass(frozen=True, slots=True)
class AssignView:
    """Who is to read an article: those who do already, and those who can be chosen."""

    uid: str
    title: str
    sentences: int
    readers: tuple[str, ...]
    people: tuple[PersonView, ...]
    due: str = ""
    message: str | None = None
    field: str | None = None


def today() -> date:
    return date.fromisoformat(clock.now()[:10])


def rows(session: Session) -> tuple[Row, ...]:
    """Everybody with their open work, by name."""
    left = open_work(session)
    return tuple(Row(reviewer, left.get(reviewer.id or 0, 0)) for reviewer in reviewers.listed(session))


@router.get("/people")
def index(request: Request, session: SessionDep, visitor: LeadDep) -> Response:
    return pages.page(request, "people/index.html", PeopleView(rows(session)), visitor)


@router.post("/people")
def create(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    name, role = fields.text("name"), fields.text("role") or ReviewerRole.REVIEWER
    try:
        with database.write() as session:
            added = reviewers.add(session, visitor.actor(), name, role=role)
    except Invalid as refused:
        with database.read() as session:
            view = PeopleView(rows(session), name, role, refused.message)
        return pages.page(request, "people/index.html", view, visitor, status=refused.status)
    return pages.see_other(f"/people/{added.uid}")


@router.get("/people/assign")
def assign(request: Request, session: SessionDep, visitor: LeadDep, article: str = "") -> Response:
    """The form that gives an article to reviewers."""
    return pages.page(request, "people/assign.html", _assign_view(session, article, ()), visitor)


@router.post("/people/assign")
def save(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    """Give an article to the chosen reviewers, due at the end of a day."""
    article, chosen, due = fields.text("article"), fields.all("reviewers"), fields.optional("due")
    with database.read() as session:
        view = _assign_view(session, article, chosen, due or "")
    try:
        with database.write() as session:
            assignments.assign(session, visitor.actor(), article, chosen, due=due)
    except Invalid as refused:
        answer = AssignView(
            view.uid, view.title, view.sentences, view.readers, view.people, view.due, refused.message, refused.field
        )
        return pages.page(request, "people/assign.html", answer, visitor, status=refused.status)
    return pages.see_other("/")


def _assign_view(session: Session, uid: str, chosen: tuple[str, ...] | list[str], due: str = "") -> AssignView:
    found = queue.article(session, uid)
    if found is None:
        raise NotFound(_("There is no such article."))
    shares = queue.shares(session, [found.id])
    have = {share.reviewer_id for share in shares}
    free = [reviewer for reviewer in reviewers.listed(session) if reviewer.id not in have]
    choices = tuple(people(free, open_work(session), chosen))
    return AssignView(found.uid, found.title, found.sentences, tuple(share.name for share in shares), choices, due)


@router.get("/people/{uid}")
def show(request: Request, session: SessionDep, visitor: LeadDep, uid: str) -> Response:
    return pages.page(request, "people/show.html", _person(session, uid), visitor)


@router.post("/people/{uid}/link", dependencies=[Posted])
def link(request: Request, database: DatabaseDep, settings: SettingsDep, visitor: LeadDep, uid: str) -> Response:
    """A fresh sign-in link, shown this once: only its hash is stored, so the page itself is the answer."""
    with database.read() as session:
        view = _person(session, uid)
    try:
        with database.write() as session:
            token = reviewers.link(session, visitor.actor(), uid, days=settings.link_days)
    except Invalid as refused:
        view = PersonPageView(view.reviewer, view.own, message=refused.message)
        return pages.page(request, "people/show.html", view, visitor, status=refused.status)
    address = f"{security.site_of(request)}/sign-in?token={token}"
    view = PersonPageView(view.reviewer, view.own, address, settings.link_days)
    return pages.page(request, "people/show.html", view, visitor)


@router.post("/people/{uid}/deactivate", dependencies=[Posted])
def deactivate(request: Request, database: DatabaseDep, visitor: LeadDep, uid: str) -> Response:
    """Shut a person out at once; their work stays."""
    with database.read() as session:
        view = _person(session, uid)
    try:
        with database.write() as session:
            reviewers.deactivate(session, visitor.actor(), uid)
    except Invalid as refused:
        view = PersonPageView(view.reviewer, view.own, message=refused.message)
        return pages.page(request, "people/show.html", view, visitor, status=refused.status)
    return pages.see_other(f"/people/{uid}")


@router.post("/people/{uid}/activate", dependencies=[Posted])
def activate(database: DatabaseDep, visitor: LeadDep, uid: str) -> Response:
    with database.read() as session:
        _person(session, uid)
    with database.write() as session:
        reviewers.activate(session, visitor.actor(), uid)
    return pages.see_other(f"/people/{uid}")


def _person(session: Session, uid: str) -> PersonPageView:
    found = next((reviewer for reviewer in reviewers.listed(session) if reviewer.uid == uid), None)
    if found is None or found.id is None:
        raise NotFound(_("There is no such person."))
    return PersonPageView(found, own(session, found.id, today()))
