"""Where reviewers disagree: the report on one article and on all, as pages, JSON and CSV."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, cast

import orjson
from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import NotFound
from annotator.language import day_of_month, later, ngettext
from annotator.language import gettext as _
from annotator.reports import disagreement_files as files
from annotator.reports import wording
from annotator.reports.disagreement_page import ReportView, ReviewerRow, reviewer_row, view_of
from annotator.reports.disagreement_sentences import DETAILS, Choice, said
from annotator.reports.disagreements import Report, for_reviewer
from annotator.reports.kept import KeptReports
from annotator.reports.own_disagreements import OwnReport, own_report
from annotator.web import pages
from annotator.web.deps import ReviewerDep, SessionDep, Visitor
from db.queries import disagreements

router = APIRouter()
HEADERS = {"cache-control": "no-store", "vary": pages.VARY}
LIMIT = later("You see the articles that you have finished; the others open when you finish them.")
AS_LABEL = "label"  # the value of `unsure` that counts unsure answers as a label
NO_REPORT = later("There is no such article.")


async def kept_reports(request: Request) -> KeptReports:
    return cast(KeptReports, request.app.state.reports)


KeptDep = Annotated[KeptReports, Depends(kept_reports)]


@dataclass(frozen=True, slots=True)
class DisagreementsView:
    """The report as it is now; `limit` says what a reviewer's corpus page is about."""

    report: ReportView
    at: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class AloneRow:
    """A sentence on which nobody else gave one's answer."""

    number: int
    text: str
    article: str
    href: str
    said: str


@dataclass(frozen=True, slots=True)
class OwnView:
    """A reviewer's own numbers on the articles they have finished."""

    own: OwnReport
    row: ReviewerRow | None
    alpha: str
    interval: str
    alone: tuple[AloneRow, ...]

    @property
    def done(self) -> str:
        """How much the numbers rest on."""
        done, articles = self.row.line.done if self.row else 0, len(self.own.articles)
        return _("{sentences} labelled in {articles}, {n} of them read by others too.").format(
            sentences=ngettext("{n} sentence", "{n} sentences", done).format(n=done),
            articles=ngettext("{n} finished article", "{n} finished articles", articles).format(n=articles),
            n=self.own.compared,
        )


@router.get("/disagreements")
def index(
    request: Request,
    session: SessionDep,
    visitor: ReviewerDep,
    kept: KeptDep,
    show: str = "",
    cell: str = "",
    pair: str = "",
    unsure: str = "",
    part: str = "",
) -> Response:
    """All articles; for a reviewer those that they have finished."""
    report = corpus(session, visitor, kept, unsure, details=part == DETAILS)
    return _page(request, visitor, report, "/disagreements", Choice(show, cell, pair))


@router.get("/disagreements.json")
def index_json(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, unsure: str = "") -> Response:
    return _json(corpus(session, visitor, kept, unsure))


@router.get("/disagreements.csv")
def index_csv(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, unsure: str = "") -> Response:
    return _csv(files.as_csv(corpus(session, visitor, kept, unsure)), "disagreements.csv")


@router.get("/disagreements.counts.csv")
def index_counts(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, unsure: str = "") -> Response:
    return _csv(files.as_counts(corpus(session, visitor, kept, unsure)), "disagreements.counts.csv")


@router.get("/disagreements.html")
def index_html(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, unsure: str = "") -> Response:
    return _html(corpus(session, visitor, kept, unsure), "disagreements.html")


@router.get("/disagreements/mine")
def mine(request: Request, session: SessionDep, visitor: ReviewerDep, kept: KeptDep) -> Response:
    """Own numbers only, on finished articles only."""
    own = own_report(session, visitor.reviewer.uid, made=kept.report)
    titles = {line.uid: line.title for line in own.articles}
    view = OwnView(
        own=own,
        row=None if own.line is None else reviewer_row(own.line),
        alpha=wording.figure(own.alpha),
        interval=wording.interval(own.alpha),
        alone=tuple(
            AloneRow(
                r.ordinal, r.text, titles[r.article], f"/articles/{r.article}?s={r.ordinal}#s-{r.ordinal}", said(v)
            )
            for r, v in own.alone
        ),
    )
    return pages.page(request, "disagreements/mine.html", view, visitor)


@router.get("/articles/{uid}/disagreements")
def show(
    request: Request,
    session: SessionDep,
    visitor: ReviewerDep,
    kept: KeptDep,
    uid: str,
    show: str = "",
    cell: str = "",
    pair: str = "",
    unsure: str = "",
    part: str = "",
) -> Response:
    """One article; a reviewer sees it when they have finished their own work on it."""
    report = article(session, visitor, kept, uid, unsure, details=part == DETAILS)
    return _page(request, visitor, report, f"/articles/{uid}/disagreements", Choice(show, cell, pair))


@router.get("/articles/{uid}/disagreements.json")
def show_json(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, uid: str, unsure: str = "") -> Response:
    return _json(article(session, visitor, kept, uid, unsure))


@router.get("/articles/{uid}/disagreements.csv")
def show_csv(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, uid: str, unsure: str = "") -> Response:
    return _csv(files.as_csv(article(session, visitor, kept, uid, unsure)), f"disagreements-{uid}.csv")


@router.get("/articles/{uid}/disagreements.counts.csv")
def show_counts(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, uid: str, unsure: str = "") -> Response:
    return _csv(files.as_counts(article(session, visitor, kept, uid, unsure)), f"disagreements-{uid}.counts.csv")


@router.get("/articles/{uid}/disagreements.html")
def show_html(session: SessionDep, visitor: ReviewerDep, kept: KeptDep, uid: str, unsure: str = "") -> Response:
    return _html(article(session, visitor, kept, uid, unsure), f"disagreements-{uid}.html")


def corpus(session: Session, visitor: Visitor, kept: KeptReports, unsure: str, *, details: bool = True) -> Report:
    """Blindness is kept here: a reviewer's corpus is what they have finished."""
    mine = None if visitor.is_lead else disagreements.finished_articles(session, visitor.id)
    return _seen(kept.report(session, mine, unsure_is_label=unsure == AS_LABEL, details=details), visitor, details)


def article(
    session: Session, visitor: Visitor, kept: KeptReports, uid: str, unsure: str, *, details: bool = True
) -> Report:
    if not visitor.is_lead and uid not in disagreements.finished_articles(session, visitor.id):
        raise NotFound(_(NO_REPORT))
    return _seen(kept.report(session, [uid], unsure_is_label=unsure == AS_LABEL, details=details), visitor, details)


def _seen(report: Report, visitor: Visitor, details: bool) -> Report:
    """How the others work is between each of them and the lead; details only where they are asked for."""
    shown = report if details else replace(report, reviewers=(), beside=None)
    return shown if visitor.is_lead else for_reviewer(shown, visitor.reviewer.uid)


def _page(request: Request, visitor: Visitor, report: Report, base: str, choice: Choice) -> Response:
    shown = view_of(report, base=base, choice=choice, adjudicates=visitor.is_lead)
    if shown.details and pages.is_htmx(request):
        return pages.page(request, "disagreements/_details.html", shown, visitor)
    now = datetime.now(UTC)
    is_corpus = base == "/disagreements"
    limit = _(LIMIT) if is_corpus and not visitor.is_lead else ""
    at = _("{day}, {time} UTC").format(day=day_of_month(now), time=f"{now:%H:%M}")
    view = DisagreementsView(shown, at, limit)
    return pages.page(request, f"disagreements/{'index' if is_corpus else 'show'}.html", view, visitor)


def _json(report: Report) -> Response:
    body = orjson.dumps(files.as_json(report), option=orjson.OPT_INDENT_2) + b"\n"
    return Response(body, media_type="application/json", headers=HEADERS)


def _csv(text: str, name: str) -> Response:
    return _download(text, name, "text/csv; charset=utf-8")


def _html(report: Report, name: str) -> Response:
    """The self-contained file, to be kept: shown here it would carry our own address."""
    return _download(files.as_html(report), name, "text/html; charset=utf-8")


def _download(text: str, name: str, kind: str) -> Response:
    headers = {**HEADERS, "content-disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=kind, headers=headers)
