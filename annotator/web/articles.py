"""The annotate page: an article with one sentence in hand; finishing it, opening it again, taking part in it."""

from dataclasses import replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Invalid, NotFound
from annotator.language import gettext as _
from annotator.services import assignments, finishing
from annotator.web import answers, pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, ReviewerDep, Visitor, with_query
from annotator.web.forms import Fields
from annotator.web.views import cuts, desk, finds, leans, past
from annotator.web.views.desk import Desk, Moment
from annotator.web.views.parts import Typed
from db.engine import Database

router = APIRouter()
ASKED = 200  # code points of words to find
LISTS = ("q", "history", "sources")  # pages about the whole article


async def show(request: Request) -> Response:
    """Takes sentence `s` in hand, or the `next` thing to do after it; `was` is the one that htmx has in hand,
    and `shown` the sentences that its page holds.

    A lead may `cut` it: the preview of a split or a move before code point `at`, or of a merge. `q` finds words in it,
    `history` lists the reviewer's changes before a row id (0: the newest), `sources` what its claims rest on.
    """
    return await with_query(request, _shown)


router.add_route("/articles/{article_id}", show, methods=["GET"])  # as POST /annotations


def _shown(request: Request, asked: Fields, visitor: Visitor, database: Database) -> Response:
    cut = asked.text("cut")
    if cut and not (visitor.is_lead and cut in cuts.CUTS):
        raise NotFound(_("There is no such page."))
    with database.read() as session:
        found = desk.load(session, visitor, request.path_params["article_id"])
        n = found.clamp(asked.number("s"))
        if any(name in asked for name in LISTS):
            return _listed(request, session, visitor, found, n, asked)
        return _in_hand(request, session, visitor, found, n, asked)


def _in_hand(request: Request, session: Session, visitor: Visitor, found: Desk, n: int, asked: Fields) -> Response:
    if asked.text("next") == "todo":
        n = desk.next_todo(found.left, n if asked.number("s") else 0) or len(found.outline)
    htmx = pages.is_htmx(request)
    if asked.text("next") and not htmx:
        return pages.see_other(answers.address(found, n))
    touched = {found.clamp(asked.number("was") or n)} if htmx else None
    opened = "finish" if n == len(found.outline) and found.left.ready else ""
    moment, shown = Moment.MOVE if htmx else Moment.LOOK, asked.text("shown")
    view = desk.view(session, visitor, found, n, touched=touched, shown=shown, moment=moment, opened=opened)
    if asked.text("cut") and view.mend:
        kind, at = asked.text("cut"), asked.number("at")
        preview = cuts.cut_view(session, found.text, found.outline, n, visitor.id, kind, at)
        view = replace(view, mend=replace(view.mend, cut=preview))
    return answers.show(request, visitor, view)


def _listed(request: Request, session: Session, visitor: Visitor, found: Desk, n: int, asked: Fields) -> Response:
    """The places of some words in the article, or the reviewer's changes in it, or else its sources."""
    if "q" in asked:
        return pages.page(request, "articles/find.html", finds.find_view(found, asked.text("q")[:ASKED], n), visitor)
    before = asked.number("history")
    if before is None:
        return pages.page(request, "articles/sources.html", leans.sources_view(session, found, visitor, n), visitor)
    return pages.page(request, "articles/history.html", past.history_view(session, found, n, before), visitor)


@router.post("/articles/{article_id}/finish")
def finish(
    request: Request, visitor: ReviewerDep, database: DatabaseDep, fields: PostedDep, article_id: str
) -> Response:
    try:
        with database.write() as session:
            finishing.finish(session, visitor.actor(fields.optional("request")), article_id)
    except Invalid as invalid:
        return _not_yet(request, visitor, database, article_id, invalid)
    return pages.see_other(f"/articles/{article_id}")


def _not_yet(
    request: Request, visitor: ReviewerDep, database: DatabaseDep, article_id: str, invalid: Invalid
) -> Response:
    """The page at the first thing that is left, with the reason."""
    with database.read() as session:
        found = desk.load(session, visitor, article_id)
        typed = Typed(request.url.path, {}, invalid.message, None)
        view = desk.view(session, visitor, found, found.clamp(None), typed=typed)
        return pages.page(request, "articles/show.html", view, visitor, status=invalid.status)


@router.post("/articles/{article_id}/reopen")
def reopen(visitor: ReviewerDep, database: DatabaseDep, fields: PostedDep, article_id: str) -> Response:
    with database.write() as session:
        finishing.reopen(session, visitor.actor(fields.optional("request")), article_id)
    return pages.see_other(f"/articles/{article_id}")


@router.post("/articles/{article_id}/take")
def take(visitor: LeadDep, database: DatabaseDep, fields: PostedDep, article_id: str) -> Response:
    """A lead takes part in reading an article like any reviewer."""
    with database.write() as session:
        desk.load(session, visitor, article_id)
        actor = visitor.actor(fields.optional("request"))
        assignments.assign(session, actor, article_id, [visitor.reviewer.name])
    return pages.see_other(f"/articles/{article_id}")
