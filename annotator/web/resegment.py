"""Finding the sentences of a stored article anew (lead): what would differ, then all of it at once."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Conflict
from annotator.services import resegmentation
from annotator.services.carrying import span_of
from annotator.services.resegmentation import Carried, Found, Plan
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, Visitor
from db.engine import Database
from db.queries import sentences as rows
from db.vocabulary import Lineage

router = APIRouter()
MOST = 200  # differences shown; the counts are of all


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """One place that would be cut anew; `n` is the first of its sentences, counted from 1."""

    n: int
    last: int
    kind: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResegmentView:
    plan: Plan
    title: str
    counts: tuple[tuple[str, int], ...]
    people: tuple[Carried, ...]
    differences: tuple[DifferenceView, ...]
    more: int
    mended: bool
    request: str
    message: str | None = None


@router.get("/articles/{article_id}/resegment")
def show(request: Request, database: DatabaseDep, visitor: LeadDep, article_id: str, mended: bool = False) -> Response:
    """`mended`: also the boundaries that a person has mended."""
    found = resegmentation.find(database, article_id)
    return _page(request, database, visitor, found, mended=mended)


@router.post("/articles/{article_id}/resegment")
def apply(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep, article_id: str) -> Response:
    """All the differences of the `plan` that was seen; the page with what differs now when that is another one."""
    found, mended = resegmentation.find(database, article_id), bool(fields.ticked("mended"))
    try:
        with database.write() as session:
            resegmentation.apply(
                session, visitor.actor(fields.optional("request")), found,
                version=fields.number("revision"), plan_key=fields.text("plan"), mended=mended,
            )  # fmt: skip
    except Conflict as conflict:
        return _page(request, database, visitor, found, mended=mended, refused=conflict)
    return pages.see_other(f"/articles/{article_id}")


def _page(
    request: Request,
    database: Database,
    visitor: Visitor,
    found: Found,
    *,
    mended: bool,
    refused: Conflict | None = None,
) -> Response:
    with database.read() as session:
        plan = resegmentation.plan(session, found, mended=mended)
        view = ResegmentView(
            plan=plan,
            title=plan.article.title or " ".join(plan.article.text[:120].split()),
            counts=tuple((str(kind), plan.count(kind)) for kind in (Lineage.SPLIT, Lineage.MERGE, Lineage.MOVE)),
            people=tuple(resegmentation.preview(session, plan)),
            differences=tuple(_differences(session, plan)),
            more=max(0, len(plan.cuts) - MOST),
            mended=mended,
            request=secrets.token_hex(8),
            message=refused.message if refused else None,
        )
    return pages.page(request, "resegment/show.html", view, visitor, status=refused.status if refused else 200)


def _differences(session: Session, plan: Plan) -> Iterator[DifferenceView]:
    live = rows.live(session, plan.article.id or 0)
    numbers, text = {sentence.uid: n for n, sentence in enumerate(live, 1)}, plan.article.text
    for cut in plan.cuts[:MOST]:
        n = numbers[cut.old[0].uid]
        old = tuple(span_of(sentence).of(text) for sentence in cut.old)
        yield DifferenceView(n, n + len(old) - 1, str(cut.kind), old, tuple(cut.texts))
