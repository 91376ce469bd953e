"""Where reviewers disagree: the report on one article and on all, as pages, JSON and CSV."""

from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import NotFound
from annotator.reports import disagreement_files as files
from annotator.reports.disagreement_page import ReportView, view_of
from annotator.reports.disagreement_sentences import Choice
from annotator.reports.disagreements import Report, disagreement_report
from annotator.web import pages
from annotator.web.deps import ReviewerDep, SessionDep, Visitor
from db.queries import disagreements

router = APIRouter()
HEADERS = {"cache-control": "no-store", "vary": pages.VARY}
LIMIT = "You see the articles that you have finished; the others open when you finish them."
NO_REPORT = "There is no such article."


@dataclass(frozen=True, slots=True)
class DisagreementsView:
    """The report as it is now; `limit` says what a reviewer's corpus page is about."""

    report: ReportView
    at: str
    limit: str = ""


@router.get("/disagreements")
def index(
    request: Request, session: SessionDep, visitor: ReviewerDep, show: str = "", cell: str = "", pair: str = ""
) -> Response:
    """All articles; for a reviewer those that they have finished."""
    return _page(request, visitor, corpus(session, visitor), "/disagreements", Choice(show, cell, pair))


@router.get("/disagreements.json")
def index_json(session: SessionDep, visitor: ReviewerDep) -> Response:
    return _json(corpus(session, visitor))


@router.get("/disagreements.csv")
def index_csv(session: SessionDep, visitor: ReviewerDep) -> Response:
    return _csv(corpus(session, visitor), "disagreements.csv")


@router.get("/articles/{uid}/disagreements")
def show(
    request: Request,
    session: SessionDep,
    visitor: ReviewerDep,
    uid: str,
    show: str = "",
    cell: str = "",
    pair: str = "",
) -> Response:
    """One article; a reviewer sees it when they have finished their own work on it."""
    base = f"/articles/{uid}/disagreements"
    return _page(request, visitor, article(session, visitor, uid), base, Choice(show, cell, pair))


@router.get("/articles/{uid}/disagreements.json")
def show_json(session: SessionDep, visitor: ReviewerDep, uid: str) -> Response:
    return _json(article(session, visitor, uid))


@router.get("/articles/{uid}/disagreements.csv")
def show_csv(session: SessionDep, visitor: ReviewerDep, uid: str) -> Response:
    return _csv(article(session, visitor, uid), f"disagreements-{uid}.csv")


def corpus(session: Session, visitor: Visitor) -> Report:
    """Blindness is kept here: a reviewer's corpus is what they have finished."""
    mine = None if visitor.is_lead else disagreements.finished_articles(session, visitor.id)
    return disagreement_report(session, mine)


def article(session: Session, visitor: Visitor, uid: str) -> Report:
    if not visitor.is_lead and uid not in disagreements.finished_articles(session, visitor.id):
        raise NotFound(NO_REPORT)
    return disagreement_report(session, [uid])


def _page(request: Request, visitor: Visitor, report: Report, base: str, choice: Choice) -> Response:
    shown = view_of(report, base=base, choice=choice, adjudicates=visitor.is_lead)
    now = datetime.now(UTC)
    is_corpus = base == "/disagreements"
    limit = LIMIT if is_corpus and not visitor.is_lead else ""
    view = DisagreementsView(shown, f"{now.day} {now:%B}, {now:%H:%M} UTC", limit)
    return pages.page(request, f"disagreements/{'index' if is_corpus else 'show'}.html", view, visitor)


def _json(report: Report) -> Response:
    body = orjson.dumps(files.as_json(report), option=orjson.OPT_INDENT_2) + b"\n"
    return Response(body, media_type="application/json", headers=HEADERS)


def _csv(report: Report, name: str) -> Response:
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    return Response(files.as_csv(report), media_type="text/csv; charset=utf-8", headers=headers)
