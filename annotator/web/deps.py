"""What handlers ask for: a reading session, who is signed in, the fields of a form that was checked."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Forbidden, NotFound, SignedOut
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import clock, sessions
from annotator.services.history import Actor
from annotator.services.passwords import Passwords
from annotator.settings import Settings
from annotator.web import guard, security
from annotator.web.forms import Fields
from db.engine import Database
from db.models import Reviewer
from db.vocabulary import ReviewerRole


async def database_of(request: Request) -> Database:
    return cast(Database, request.app.state.database)


async def settings_of(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


SIGNED_OUT = later("You are signed out.")
DatabaseDep = Annotated[Database, Depends(database_of)]


async def passwords_of(request: Request) -> Passwords:
    return cast(Passwords, request.app.state.passwords)


PasswordsDep = Annotated[Passwords, Depends(passwords_of)]
SettingsDep = Annotated[Settings, Depends(settings_of)]


def read(database: DatabaseDep) -> Iterator[Session]:
    with database.read() as session:
        yield session


SessionDep = Annotated[Session, Depends(read, scope="function")]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in, since when. `form_token` goes into every form of theirs."""

    id: int
    reviewer: Reviewer
    token: str
    form_token: str
    since: str

    @property
    def is_lead(self) -> bool:
        return self.reviewer.role == ReviewerRole.LEAD

    def actor(self, request_id: str | None = None) -> Actor:
        return Actor(self.id, request_id)


def visitor_of(request: Request, database: DatabaseDep, settings: SettingsDep) -> Visitor | None:
    """Who is signed in, None for nobody. The moment of the last request is stored at most once a minute."""
    token = request.cookies.get(security.cookie_name(settings.secure_cookies))
    if not token:
        return None
    now = clock.now()
    with database.read() as session:
        found = sessions.reviewer_of(session, token, now=now, idle_hours=settings.session_idle_hours)
    if found is None:
        return None
    if sessions.is_due(found, now=now):
        with suppress(DBAPIError), database.write() as session:  # reading goes on while the disk takes no writes
            sessions.touch(session, token, now=now)
    assert found.reviewer.id is not None
    return Visitor(found.reviewer.id, found.reviewer, token, sessions.form_token(token), found.created_at)


VisitorDep = Annotated[Visitor | None, Depends(visitor_of)]


async def reviewer_of(visitor: VisitorDep) -> Visitor:
    if visitor is None:
        raise SignedOut(_(SIGNED_OUT))
    return visitor


ReviewerDep = Annotated[Visitor, Depends(reviewer_of)]


async def lead_of(visitor: ReviewerDep) -> Visitor:
    """A lead; for everybody else the page does not exist."""
    if not visitor.is_lead:
        raise NotFound(_("There is no such page."))
    return visitor


LeadDep = Annotated[Visitor, Depends(lead_of)]


async def fields_of(request: Request) -> AsyncIterator[Fields]:
    """A form from our own page, at most 1 MiB without its files."""
    security.check_origin(request)
    form = await request.form(max_files=100, max_fields=2000, max_part_size=guard.FORM_LIMIT)
    try:
        yield Fields(form)
    finally:
        await form.close()  # uploaded files


FieldsDep = Annotated[Fields, Depends(fields_of)]


class OtherSession(Forbidden):
    """The form is from before its visitor signed in anew; the answer brings a token that the next try will carry."""

    def __init__(self, visitor: Visitor) -> None:
        said = _("You have signed in anew since this page came, so nothing was stored yet. Save once more.")
        super().__init__(said)
        self.visitor = visitor


async def posted_of(visitor: ReviewerDep, fields: FieldsDep) -> Fields:
    """A form of somebody who is signed in, with their form token."""
    _check_token(visitor, fields)
    return fields


def _check_token(visitor: Visitor, fields: Fields) -> None:
    if not sessions.is_form_token(visitor.token, fields.text("token")):
        raise OtherSession(visitor)


Posted = Depends(posted_of)  # for forms without fields of their own
PostedDep = Annotated[Fields, Posted]


_form = asynccontextmanager(fields_of)
Answer = Callable[[Request, Fields, Visitor, Database], Response]


async def with_form(request: Request, answer: Answer) -> Response:
    """What the dependencies above do, in one step into a thread: for the request that comes with every key."""
    async with _form(request) as fields:
        return await run_in_threadpool(_answered, request, fields, answer)


async def with_query(request: Request, answer: Answer) -> Response:
    """As `with_form`, for the page itself: its fields are those of the address."""
    return await run_in_threadpool(_answered, request, Fields(request.query_params), answer)


def _answered(request: Request, fields: Fields, answer: Answer) -> Response:
    database: Database = request.app.state.database
    visitor = visitor_of(request, database, request.app.state.settings)
    if visitor is None:
        raise SignedOut(_(SIGNED_OUT))
    if request.method == "POST":
        _check_token(visitor, fields)
    return answer(request, fields, visitor, database)
