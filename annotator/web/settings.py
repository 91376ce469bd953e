"""What a reviewer likes: single keys on or off."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.services import preferences
from annotator.web import pages
from annotator.web.deps import DatabaseDep, PostedDep, ReviewerDep

router = APIRouter()


@router.post("/settings")
def update(request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep) -> Response:
    """Back to the page that the form is on."""
    on = fields.ticked("keys")
    if on is not None:
        with database.write() as session:
            preferences.set_shortcuts(session, visitor.actor(), on)
    came = urlsplit(request.headers.get("referer") or "/")
    return pages.see_other(pages.local_path(came.path + (f"?{came.query}" if came.query else "")))
