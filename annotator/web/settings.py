"""What a reviewer likes: their single keys, keys on or off, the language."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain.keys import ACTIONS, USUAL
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.services import preferences
from annotator.web import language, pages
from annotator.web.deps import DatabaseDep, PostedDep, ReviewerDep, SettingsDep, Visitor
from db.engine import Database

router = APIRouter()
PREFIX = "key_"


@dataclass(frozen=True, slots=True)
class KeyField:
    """What one key does, what is in its field, which one is the usual."""

    name: str
    title: str
    value: str
    usual: str


@dataclass(frozen=True, slots=True)
class SettingsView:
    fields: tuple[KeyField, ...]
    shortcuts: bool
    changed: bool
    saved: bool = False
    message: str | None = None
    field: str | None = None


@router.get("/settings")
def show(request: Request, visitor: ReviewerDep, saved: str = "") -> Response:
    return pages.page(request, "settings/show.html", _view(visitor, saved=saved == "1"), visitor)


@router.post("/settings")
def update(
    request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep, settings: SettingsDep
) -> Response:
    """Back to the page that the form is on; keys that cannot be are shown again as they were typed."""
    typed = {name.removeprefix(PREFIX): fields.text(name) for name, _value in fields.pairs if name.startswith(PREFIX)}
    if typed or "reset" in fields:
        return _keys(request, database, visitor, typed, reset="reset" in fields)
    on, code = fields.ticked("keys"), fields.text("language")
    with database.write() as session:
        if on is not None:
            preferences.set_shortcuts(session, visitor.actor(), on)
        if code:
            preferences.set_language(session, visitor.actor(), code)
    response = _back(request)
    if code:
        language.remember(response, settings, code)
    return response


def _keys(request: Request, database: Database, visitor: Visitor, typed: Mapping[str, str], *, reset: bool) -> Response:
    try:
        with database.write() as session:
            preferences.change_keys(session, visitor.actor(), visitor.id, typed, reset=reset)
    except Invalid as invalid:
        view = _view(visitor, typed, invalid)
        return pages.page(request, "settings/show.html", view, visitor, status=invalid.status)
    return pages.see_other("/settings?saved=1")


def _view(
    visitor: Visitor, typed: Mapping[str, str] | None = None, invalid: Invalid | None = None, *, saved: bool = False
) -> SettingsView:
    """The keys as they are, or as they were `typed` and refused."""
    keys = preferences.keys(visitor.reviewer)
    return SettingsView(
        fields=tuple(
            KeyField(action.name, _(action.title), (typed or {}).get(action.name, keys[action.name]), action.key)
            for action in ACTIONS
            if visitor.is_lead or not action.leads
        ),
        shortcuts=preferences.shortcuts(visitor.reviewer),
        changed=keys != USUAL,
        saved=saved,
        message=invalid.message if invalid else None,
        field=invalid.field if invalid else None,
    )


def _back(request: Request) -> Response:
    came = urlsplit(request.headers.get("referer") or "/")
    return pages.see_other(pages.local_path(came.path + (f"?{came.query}" if came.query else "")))
