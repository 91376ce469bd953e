"""Who says it: the attributions of the sentence in hand."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain.evidence import looks_like_address
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.services import attributions, sources, suggestions
from annotator.services.annotations import reviewer_of
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from annotator.services.sources import SourceDetails
from annotator.web import answers
from annotator.web.answers import Post
from annotator.web.deps import DatabaseDep, PostedDep, ReviewerDep, Visitor
from annotator.web.forms import Fields
from annotator.web.views.parts import KEPT, SELECTED
from db.engine import Database
from db.models import Attribution
from db.queries import attributions as rows
from db.vocabulary import AttributionType, Confidence, Mode, Naming, Record

router = APIRouter()
PART = "attribution"
PLACE = re.compile(r"([0-9]{1,9})(?:,([0-9]{1,9}))?")


@router.post("/attributions")
def create(request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep) -> Response:
    """A `suggestion` is where the words come from; with `accept` they come as they are, not from the part's form."""
    part = "" if "accept" in fields else PART
    post = Post(request, visitor, database, fields, fields.text("sentence"), part)
    return answers.change(post, lambda session, actor: _create(session, actor, post))


def _create(session: Session, actor: Actor, post: Post) -> Attribution:
    wording, suggestion = asked(session, actor, post.fields), post.fields.optional("suggestion")
    if suggestion is None:
        return attributions.create(session, actor, post.sentence, wording, revision=post.revision)
    return suggestions.accept(session, actor, post.sentence, suggestion, wording, revision=post.revision)


@router.post("/attributions/suggestion/dismiss")
def dismiss(request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep) -> Response:
    """Hide a suggestion, be it an attribution or a label, from this reviewer for good."""
    post = Post(request, visitor, database, fields, fields.text("sentence"))
    key = fields.text("suggestion")
    return answers.change(post, lambda session, actor: suggestions.dismiss(session, actor, post.sentence, key))


@router.post("/attributions/{attribution_id}")
def update(
    request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep, attribution_id: str
) -> Response:
    post = _post(request, fields, visitor, database, attribution_id)
    return answers.change(
        post,
        lambda session, actor: attributions.update(
            session, actor, attribution_id, asked(session, actor, fields, _kept(session, attribution_id, visitor)),
            revision=post.revision,
        ),
    )  # fmt: skip


@router.post("/attributions/{attribution_id}/delete")
def delete(
    request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep, attribution_id: str
) -> Response:
    post = _post(request, fields, visitor, database, attribution_id)
    return answers.change(
        post, lambda session, actor: attributions.delete(session, actor, attribution_id, revision=post.revision)
    )


def asked(session: Session, actor: Actor, fields: Fields, kept: dict[str, Any] | None = None) -> Wording:
    """What a form says; `kept` is what it does not ask about. Raises Invalid."""
    kind = fields.word("type", AttributionType)
    if kind is None:
        raise Invalid(_("Say how it is reported: direct, indirect or mixed."), field="type")
    return Wording(
        content=fields.text("content"),
        type=kind,
        speaker=fields.text("speaker"),
        speaker_name=fields.optional("speaker_name"),
        cue=fields.text("cue"),
        mode=fields.word("mode", Mode) or Mode.STATEMENT,
        naming=fields.word("naming", Naming) or Naming.NAMED,
        record=fields.word("record", Record) or Record.ON_RECORD,
        parent=fields.optional("parent"),
        source=_source(session, actor, fields.text("source").strip()),
        picked=dict(_picked(fields)),
        **{**(kept or {}), **_continued(fields)},
    )


def _picked(fields: Fields) -> Iterator[tuple[str, tuple[int, int]]]:
    """Where words were selected; a place that is none is no reason to refuse them."""
    for name in SELECTED:
        found = PLACE.fullmatch(fields.text(f"{name}_at"))
        if found:
            yield name, (int(found[1]), int(found[2] or 0))


def _continued(fields: Fields) -> dict[str, str | None]:
    """What the attribution goes on from, where the form asks for it."""
    uid = fields.optional("continues")
    return {} if "continues" not in fields or uid == KEPT else {"continues": uid}


def _source(session: Session, actor: Actor, typed: str) -> str | None:
    """The id of the source that an article mentions: one that is offered, by its title, or what the words describe."""
    if not typed:
        return None
    offered = sources.offered(session, reviewer_of(actor))
    known = next((source for source in offered if typed in (source.uid, source.title, source.url)), None)
    if known is None:
        details = SourceDetails(url=typed) if looks_like_address(typed) else SourceDetails(title=typed)
        known = sources.get_or_create(session, actor, details)
    return known.uid


def _post(request: Request, fields: Fields, visitor: Visitor, database: Database, uid: str) -> Post:
    """The form with the sentence of the attribution; that of the form where the attribution is gone."""
    with database.read() as session:
        found = rows.of_reviewer(session, uid, visitor.id)
    return Post(request, visitor, database, fields, found[1].uid if found else fields.text("sentence"), PART)


def _kept(session: Session, uid: str, visitor: Visitor) -> dict[str, Any]:
    """What the form has no field for."""
    found = rows.of_reviewer(session, uid, visitor.id)
    if found is None:
        return {}
    stored = found[0]
    earlier = session.get(Attribution, stored.continues_id) if stored.continues_id else None
    return {
        "role": stored.role,
        "affiliation": stored.affiliation,
        "negated": stored.negated,
        "continues": earlier.uid if earlier else None,
        "confidence": Confidence(stored.confidence),
        "note": stored.note,
    }
