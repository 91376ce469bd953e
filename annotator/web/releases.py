"""Releases: exports frozen under a name, with what they hold, how far reviewers agreed, and their files. For leads."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from annotator.domain import labels
from annotator.domain.disagreements import DECLARED
from annotator.errors import Conflict, Invalid, NotFound
from annotator.language import decimal, later, ngettext
from annotator.language import gettext as _
from annotator.language import number as figure
from annotator.reports import wording
from annotator.services import releases
from annotator.services.releases import FILES, Released
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, SessionDep
from annotator.web.export import JSON, JSONL, Asked
from db.engine import Database
from db.models import Release

router = APIRouter()
FILTERS = {
    "articles": later("articles"),
    "complete_only": later("complete only"),
    "gold_only": later("gold only"),
    "labels": later("labels"),
    "published_from": later("published from"),
    "published_to": later("published to"),
    "reviewers": later("reviewers"),
}


@dataclass(frozen=True, slots=True)
class ReleasesView:
    """Every release, and the form for a new one with what was typed."""

    releases: tuple[Released, ...]
    asked: Asked
    name: str = ""
    message: str | None = None
    files: tuple[str, ...] = FILES

    def counts(self, release: Released) -> str:
        """What is in it, the most telling first."""
        found = dict(release.counts)
        told = (
            ngettext("{n} article", "{n} articles", found["articles"]).format(n=figure(found["articles"])),
            ngettext("{n} sentence", "{n} sentences", found["sentences"]).format(n=figure(found["sentences"])),
            ngettext("{n} annotation", "{n} annotations", found["annotations"]).format(n=figure(found["annotations"])),
            _("{n} gold").format(n=figure(found["gold"])),
            ngettext("{n} attribution", "{n} attributions", found["attributions"]).format(
                n=figure(found["attributions"])
            ),
            ngettext("{n} claim", "{n} claims", found["claims"]).format(n=figure(found["claims"])),
        )
        return ", ".join(told) + "."

    def alphas(self, release: Released) -> Iterator[tuple[str, str, str]]:
        """(label or label sets, alpha, its interval); without an alpha "" and why there is none."""
        for label, said in release.alphas:
            name = labels.word(label) if label in DECLARED else _("label sets (MASI)")
            if said["value"] is None:
                yield name, "", _("not defined: {reason}").format(reason=wording.why(said["reason"]))
            else:
                low, high = (minus(end) for end in said["ci95"] or (0.0, 0.0))
                between = _("{low} to {high}").format(low=low, high=high) if said["ci95"] else ""
                yield name, minus(said["value"]), between

    def filters(self, release: Released) -> str:
        """What it is limited to."""
        return ", ".join(_filter(name, value) for name, value in release.manifest["filters"].items())

    def compared(self, release: Released) -> str:
        """What the agreement rests on."""
        people, sentences = release.agreement["reviewers"], release.agreement["sentences"]
        return _("Agreement of {reviewers} on {sentences} that two or more labelled.").format(
            reviewers=ngettext("{n} reviewer", "{n} reviewers", people).format(n=people),
            sentences=ngettext("{n} sentence", "{n} sentences", sentences).format(n=figure(sentences)),
        )


def minus(value: float) -> str:
    """Two places with a true minus sign."""
    return decimal(value).replace("-", "−")


def _filter(name: str, value: Any) -> str:
    words = _(FILTERS[name]) if name in FILTERS else name.replace("_", " ")
    if value is True:
        return words
    return words + ": " + (value if isinstance(value, str) else ", ".join(value))


@router.get("/releases")
def index(request: Request, session: SessionDep, visitor: LeadDep) -> Response:
    return pages.page(
        request,
        "releases/index.html",
        ReleasesView(tuple(releases.listed(session)), Asked.of(request.query_params)),
        visitor,
    )


@router.post("/releases")
def create(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    """Freeze everything, or the part that the export page showed."""
    name, asked = fields.text("name").strip(), Asked.of(QueryParams(fields.pairs))
    try:
        with database.read() as session:
            kept = asked.selection(session)
        made = releases.make(database, name, actor=visitor.actor(), selection=kept)
    except (Invalid, Conflict) as error:
        with database.read() as session:
            view = ReleasesView(tuple(releases.listed(session)), asked, name, error.message)
        return pages.page(request, "releases/index.html", view, visitor, status=error.status)
    return pages.see_other(f"/releases#{made.name}")


@router.get("/releases/{name}/{file}")
def download(name: str, file: str, session: SessionDep, database: DatabaseDep, _visitor: LeadDep) -> Response:
    """A file of a release: always the same bytes."""
    if file not in FILES:
        raise NotFound(_("There is no such file."))
    found = releases.find(session, name)
    headers = {"content-disposition": f'attachment; filename="{found.name}-{file}"', "cache-control": "no-store"}
    kind = JSON if file.endswith(".json") else JSONL
    return StreamingResponse(_content(database, found, file), media_type=kind, headers=headers)


def _content(database: Database, release: Release, file: str) -> Iterator[bytes]:
    with database.read() as session:
        yield from releases.content(session, release, file)
