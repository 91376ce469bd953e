"""Deleting articles and bringing them back. For leads."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Invalid, NotFound
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import deletions
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, Posted, SessionDep
from db.models import Article
from db.queries.deletions import Extent

router = APIRouter()
NOT_HERE = later("There is no such article.")


@dataclass(frozen=True, slots=True)
class DeletedView:
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class DeleteView:
    """An article and what would vanish with it."""

    article: Article
    extent: Extent


@router.get("/deleted")
def index(request: Request, session: SessionDep, visitor: LeadDep) -> Response:
    view = DeletedView(tuple(deletions.listed(session)))
    return pages.page(request, "deletions/index.html", view, visitor)


@router.get("/articles/{article_id}/delete")
def confirm(request: Request, session: SessionDep, visitor: LeadDep, article_id: str) -> Response:
    """Say what vanishes before it does."""
    try:
        article, extent = deletions.extent(session, article_id)
    except Invalid as error:
        raise NotFound(_(NOT_HERE)) from error
    return pages.page(request, "deletions/confirm.html", DeleteView(article, extent), visitor)


@router.post("/articles/{article_id}/delete", dependencies=[Posted])
def delete(database: DatabaseDep, visitor: LeadDep, article_id: str) -> Response:
    try:
        with database.write() as session:
            deletions.delete(session, visitor.actor(), article_id)
    except Invalid as error:
        raise NotFound(_(NOT_HERE)) from error
    return pages.see_other("/deleted")


@router.post("/articles/{article_id}/recover", dependencies=[Posted])
def recover(database: DatabaseDep, visitor: LeadDep, article_id: str) -> Response:
    try:
        with database.write() as session:
            article = deletions.recover(session, visitor.actor(), article_id)
    except Invalid as error:
        raise NotFound(_(NOT_HERE)) from error
    return pages.see_other(f"/articles/{article.uid}")
