"""The project's options: title, reviewers an article, sentence pipelines, suggestions. For leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as fields_of
from itertools import zip_longest
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain import options as rules
from annotator.domain.options import Options
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.nlp import installed
from annotator.services import projects
from annotator.services.projects import Changed
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, SessionDep, Visitor
from annotator.web.forms import Fields
from db.engine import Database

router = APIRouter()
Pairs = Sequence[tuple[str, str]]
EMPTY = ("", "")  # the row for one more


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option as the form shows it; `stored` is what somebody else has made of it, where that is another value."""

    label: str
    help: str
    value: str
    stored: str | None = None
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class ProjectView:
    """The form with what is stored or was typed; `version` is what it rests on."""

    options: Mapping[str, OptionView]
    pairs: Pairs
    version: str
    installed: Sequence[str]
    message: str | None = None
    conflict: bool = False


@router.get("/project")
def show(request: Request, session: SessionDep, visitor: LeadDep) -> Response:
    return pages.page(request, "project/show.html", _view(projects.options(session)), visitor)


@router.post("/project")
def update(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    """All options at once, resting on the `version` that the form shows."""
    try:
        wanted = _asked(fields)
        with database.read() as session:
            projects.check(session, wanted)
        with database.write() as session:
            projects.update(session, visitor.actor(), wanted, version=fields.text("version"))
    except Changed as changed:
        return _again(request, database, visitor, fields, changed)
    except Invalid as invalid:
        return _again(request, database, visitor, fields, invalid)
    return pages.see_other("/project")


def _asked(fields: Fields) -> Options:
    number = fields.number("required_reviewers")
    if number is None:
        raise Invalid("Say how many reviewers an article needs.", field="required_reviewers")
    return Options(
        title=fields.text("title"),
        required_reviewers=number,
        pipelines=tuple(pair for pair in _pairs(fields) if any(word.strip() for word in pair)),
        suggestions=bool(fields.ticked("suggestions")),
        hidden_share=rules.share(fields.text("hidden_share")),
    )


def _pairs(fields: Fields) -> list[tuple[str, str]]:
    """The rows of languages and pipelines; a row whose pipeline was emptied goes."""
    rows = zip_longest(fields.all("language"), fields.all("pipeline"), fillvalue="")
    return [(language, name) for language, name in rows if name.strip()]


def _again(
    request: Request, database: Database, visitor: Visitor, fields: Fields, refused: Invalid | Changed
) -> Response:
    """The form with what was typed: beside what is stored now where two leads meet, else with what does not fit."""
    pairs = _pairs(fields)
    values = {name: fields.text(name) for name in ("title", "required_reviewers", "hidden_share")}
    values |= {"suggestions": _said(bool(fields.ticked("suggestions"))), "pipelines": _listed(pairs)}
    with database.read() as session:
        stored = _view(projects.options(session))
    conflict = isinstance(refused, Changed)
    wrong = refused.field if isinstance(refused, Invalid) else None
    shown = {
        name: replace(
            one, value=values[name], wrong=name == wrong,
            stored=one.value if conflict and one.value != values[name] else None,
        )
        for name, one in stored.options.items()
    }  # fmt: skip
    version = stored.version if conflict else fields.text("version")
    view = replace(stored, options=shown, pairs=[*pairs, EMPTY], version=version, message=refused.message)
    return pages.page(request, "project/show.html", replace(view, conflict=conflict), visitor, status=refused.status)


def _view(options: Options) -> ProjectView:
    shown = {f.name: _option(f.metadata, getattr(options, f.name)) for f in fields_of(Options)}
    return ProjectView(shown, [*options.pipelines, EMPTY], projects.version_of(options), installed.names())


def _option(told: Mapping[str, str], value: Any) -> OptionView:
    label, about = told["label"], told["help"]
    return OptionView(_(label), _(about), _said(value))


def _said(value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    return _listed(value) if isinstance(value, tuple) else str(value)


def _listed(pairs: Pairs) -> str:
    return ", ".join(f"{language}: {name}" for language, name in pairs) or _("none")
