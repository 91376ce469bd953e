"""The corpus as files: what there is, and the same bytes as `annotator export`, streamed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from annotator.export import contract, formats
from annotator.export.formats import Format
from annotator.reports.queue import Own, own
from annotator.web import pages, people
from annotator.web.deps import DatabaseDep, ReviewerDep, SessionDep, lead_of
from db.engine import Database
from db.queries import queue
from db.queries.queue import Amounts

router = APIRouter()
LEAD = Depends(lead_of)
JSONL, JSON = "application/x-ndjson; charset=utf-8", "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ExportView:
    """For a lead what an export holds, for a reviewer only their own share: others' work is not theirs to count."""

    amounts: Amounts | None
    own: Own | None
    formats: tuple[Format, ...] = formats.FORMATS


@router.get("/export")
def show(request: Request, session: SessionDep, visitor: ReviewerDep) -> Response:
    if visitor.is_lead:
        view = ExportView(queue.amounts(session), None)
    else:
        view = ExportView(None, own(session, visitor.id, people.today()))
    return pages.page(request, "export/show.html", view, visitor)


@router.get("/export/articles.jsonl", dependencies=[LEAD])
def articles(database: DatabaseDep) -> Response:
    return _download(contract.ARTICLES, JSONL, _lines(database, contract.article_lines))


@router.get("/export/sentences.jsonl", dependencies=[LEAD])
def sentences(database: DatabaseDep) -> Response:
    return _download(contract.SENTENCES, JSONL, _lines(database, contract.sentence_lines))


def _lines(database: Database, read: Callable[[Session], Iterator[bytes]]) -> Iterator[bytes]:
    """All lines on one snapshot: what is saved meanwhile is not in it."""
    with database.read() as session:
        yield from read(session)


def _download(name: str, kind: str, content: Iterator[bytes]) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(content, media_type=kind, headers=headers)


@router.get("/export/manifest.json", dependencies=[LEAD])
def manifest(session: SessionDep) -> Response:
    """Counts and hashes of the two files as they are now."""
    return _download(contract.MANIFEST, JSON, iter([contract.encode(contract.summary(session))]))
