"""What a reviewer likes: single keys on or off, the language."""

from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.services import preferences
from annotator.web import language, pages
from annotator.web.deps import DatabaseDep, PostedDep, ReviewerDep, SettingsDep

router = APIRouter()


@router.post("/settings")
def update(
    request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep, settings: SettingsDep
) -> Response:
    """Back to the page that the form is on."""
    on, code = fields.ticked("keys"), fields.text("language")
    with database.write() as session:
        if on is not None:
            preferences.set_shortcuts(session, visitor.actor(), on)
        if code:
            preferences.set_language(session, visitor.actor(), code)
    came = urlsplit(request.headers.get("referer") or "/")
    response = pages.see_other(pages.local_path(came.path + (f"?{came.query}" if came.query else "")))
    if code:
        language.remember(response, settings, code)
    return response
