"""What proves it: evidence for the claims of the sentence in hand."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.services import evidence
from annotator.services.evidence import EvidenceWording
from annotator.web import answers
from annotator.web.answers import Post
from annotator.web.deps import DatabaseDep, PostedDep, ReviewerDep, Visitor
from annotator.web.forms import Fields
from annotator.web.views.parts import source_values
from db.engine import Database
from db.models import Source
from db.queries import evidence as rows
from db.vocabulary import Stance

router = APIRouter()
PART = "claim"


@router.post("/evidence")
def create(request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep) -> Response:
    post = Post(request, visitor, database, fields, fields.text("sentence"), PART)
    return answers.change(
        post,
        lambda session, actor: evidence.add(
            session, actor, post.sentence, asked(fields), revision=post.revision, claim_uid=fields.optional("claim")
        ),
    )


@router.post("/evidence/{evidence_id}")
def update(
    request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep, evidence_id: str
) -> Response:
    post, source = _post(request, fields, visitor, database, evidence_id)
    return answers.change(
        post,
        lambda session, actor: evidence.update(
            session, actor, evidence_id, asked(fields, source), revision=post.revision
        ),
    )  # fmt: skip


@router.post("/evidence/{evidence_id}/delete")
def delete(
    request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep, evidence_id: str
) -> Response:
    post, _source = _post(request, fields, visitor, database, evidence_id)
    return answers.change(
        post, lambda session, actor: evidence.delete(session, actor, evidence_id, revision=post.revision)
    )


def asked(fields: Fields, source: Source | None = None) -> EvidenceWording:
    """What a form says; it is about the same `source` as long as nothing about it was changed. Raises Invalid."""
    stance = fields.word("stance", Stance)
    if stance is None:
        said = _("Say what it does to the claim: support, refute, put in context, or not enough.")
        raise Invalid(said, field="stance")
    same = source and all(fields.text(name).strip() == value for name, value in source_values(source).items())
    return EvidenceWording(
        stance=stance,
        url=fields.text("url"),
        title=fields.text("title"),
        publisher=fields.optional("publisher"),
        issued=fields.optional("issued"),
        accessed_on=fields.optional("accessed_on"),
        archived_url=fields.optional("archived_url"),
        excerpt=fields.optional("excerpt"),
        locator=fields.optional("locator"),
        note=fields.optional("note"),
        source=source.uid if source and same else None,
    )


def _post(
    request: Request, fields: Fields, visitor: Visitor, database: Database, uid: str
) -> tuple[Post, Source | None]:
    """The form with the sentence and source of the evidence; the sentence of the form where it is gone."""
    with database.read() as session:
        found = rows.of_reviewer(session, uid, visitor.id)
        source = session.get(Source, found[0].source_id) if found else None
    sentence = found[2].uid if found else fields.text("sentence")
    return Post(request, visitor, database, fields, sentence, PART), source
