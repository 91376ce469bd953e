"""Releases: exports frozen under a name, with what they hold, how far reviewers agreed, and their files. For leads."""

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from annotator.errors import Conflict, Invalid, NotFound
from annotator.services import releases
from annotator.services.releases import FILES, Released
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, SessionDep
from annotator.web.export import JSON, JSONL, Asked
from db.engine import Database
from db.models import Release

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ReleasesView:
    """Every release, and the form for a new one with what was typed."""

    releases: tuple[Released, ...]
    asked: Asked
    name: str = ""
    message: str | None = None
    files: tuple[str, ...] = FILES


@router.get("/releases")
def index(request: Request, session: SessionDep, visitor: LeadDep) -> Response:
    return pages.page(
        request,
        "releases/index.html",
        ReleasesView(tuple(releases.listed(session)), Asked.of(request.query_params)),
        visitor,
    )


@router.post("/releases")
def create(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    """Freeze everything, or the part that the export page showed."""
    name, asked = fields.text("name").strip(), Asked.of(QueryParams(fields.pairs))
    try:
        with database.read() as session:
            kept = asked.selection(session)
        made = releases.make(database, name, actor=visitor.actor(), selection=kept)
    except (Invalid, Conflict) as error:
        with database.read() as session:
            view = ReleasesView(tuple(releases.listed(session)), asked, name, error.message)
        return pages.page(request, "releases/index.html", view, visitor, status=error.status)
    return pages.see_other(f"/releases#{made.name}")


@router.get("/releases/{name}/{file}")
def download(name: str, file: str, session: SessionDep, database: DatabaseDep, _visitor: LeadDep) -> Response:
    """A file of a release: always the same bytes."""
    if file not in FILES:
        raise NotFound("There is no such file.")
    found = releases.find(session, name)
    headers = {"content-disposition": f'attachment; filename="{found.name}-{file}"', "cache-control": "no-store"}
    kind = JSON if file.endswith(".json") else JSONL
    return StreamingResponse(_content(database, found, file), media_type=kind, headers=headers)


def _content(database: Database, release: Release, file: str) -> Iterator[bytes]:
    with database.read() as session:
        yield from releases.content(session, release, file)
