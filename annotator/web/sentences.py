"""Mending boundaries (lead): split, merge and move, with a preview first; taking the last change of them back."""

from collections.abc import Callable
from dataclasses import replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.services import sentences
from annotator.services.carrying import Cut
from annotator.web import answers, pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, Visitor
from annotator.web.forms import Fields
from annotator.web.views import cuts
from db.engine import Database
from db.models import Sentence

router = APIRouter()
Make = Callable[[Session], Cut]


@router.post("/sentences/{sentence_id}/split")
def split(request: Request, visitor: LeadDep, database: DatabaseDep, fields: PostedDep, sentence_id: str) -> Response:
    """Cut before code point `at` of the article. A place whose preview was not `seen` gets its preview first."""
    return _cut(request, visitor, database, fields, sentence_id, cuts.SPLIT)


@router.post("/sentences/{sentence_id}/move")
def move(request: Request, visitor: LeadDep, database: DatabaseDep, fields: PostedDep, sentence_id: str) -> Response:
    """Move the boundary to the next sentence of the same block before code point `at`; previews as in a split."""
    return _cut(request, visitor, database, fields, sentence_id, cuts.MOVE)


def _cut(
    request: Request, visitor: Visitor, database: Database, fields: Fields, sentence_id: str, kind: str
) -> Response:
    at, seen = fields.number("at"), fields.number("seen")
    if at is None:
        raise Invalid(_("Choose the word before which the next sentence is to begin."), field="at")

    def make(session: Session) -> Cut:
        return (sentences.moving if kind == cuts.MOVE else sentences.splitting)(session, sentence_id, at)

    if fields.ticked("preview") or seen not in (None, at):
        return _preview(request, visitor, database, sentence_id, make, kind, at)
    return _apply(visitor, database, fields, make)


@router.post("/sentences/{sentence_id}/merge")
def merge(request: Request, visitor: LeadDep, database: DatabaseDep, fields: PostedDep, sentence_id: str) -> Response:
    """Join with the next sentence of the same block."""

    def make(session: Session) -> Cut:
        return sentences.merging(session, sentence_id)

    if fields.ticked("preview"):
        return _preview(request, visitor, database, sentence_id, make, cuts.MERGE, None)
    return _apply(visitor, database, fields, make)


@router.post("/articles/{article_id}/sentences/undo")
def undo(visitor: LeadDep, database: DatabaseDep, fields: PostedDep, article_id: str) -> Response:
    with database.write() as session:
        actor, version = visitor.actor(fields.optional("request")), fields.number("revision")
        there = sentences.undo(session, actor, article_id, version=version)
    return _on_to(visitor, database, there)


def _preview(
    request: Request, visitor: Visitor, database: Database, sentence_id: str, make: Make, kind: str, at: int | None
) -> Response:
    """What would become of the labels: the part of the card to htmx, else on to the page that shows it."""
    with database.read() as session:
        sentences.preview(session, make(session))  # refused here if it cannot be done
        found, n = answers.place(session, visitor, sentence_id)
        if not pages.is_htmx(request):
            where = f"#s-{n}" if kind == cuts.MERGE else f"&at={at}"  # there focus on the place brings it into view
            return pages.see_other(f"/articles/{found.uid}?s={n}&cut={kind}{where}")
        view = cuts.mend_view(session, found.opened.id, found.outline, n)
        cut = cuts.cut_view(session, found.text, found.outline, n, visitor.id, kind, at)
        return pages.page(request, "sentences/_previewed.html", replace(view, cut=cut), visitor)


def _apply(visitor: Visitor, database: Database, fields: Fields, make: Make) -> Response:
    with database.write() as session:
        actor, version = visitor.actor(fields.optional("request")), fields.number("revision")
        new = sentences.apply(session, actor, make(session), version=version)
    return _on_to(visitor, database, new)


def _on_to(visitor: Visitor, database: Database, there: list[Sentence]) -> Response:
    """The page with the first of these sentences in hand, or with what lives there now."""
    with database.read() as session:
        return pages.see_other(answers.address(*answers.place_now(session, visitor, there[0].uid)))
