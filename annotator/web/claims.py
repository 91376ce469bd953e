"""Details of a claim in the sentence in hand: wording, type, date, verdict."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.services import claims
from annotator.services.claims import ClaimDetails
from annotator.web import answers
from annotator.web.answers import Post
from annotator.web.deps import DatabaseDep, PostedDep, ReviewerDep
from annotator.web.forms import Fields
from db.vocabulary import CheckWorthiness, ClaimType, Verdict

router = APIRouter()


@router.post("/claims/{claim_id}")
def save(request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep, claim_id: str) -> Response:
    """The id is that of a claim of the sentence, or of its next one, which is made."""
    post = Post(request, visitor, database, fields, fields.text("sentence"), "claim")
    return answers.change(
        post,
        lambda session, actor: claims.save(
            session, actor, post.sentence, claim_id, asked(fields), revision=post.revision
        ),
    )  # fmt: skip


def asked(fields: Fields) -> ClaimDetails:
    return ClaimDetails(
        text_normalized=fields.optional("text_normalized"),
        claim_type=fields.word("claim_type", ClaimType),
        check_worthiness=fields.word("check_worthiness", CheckWorthiness),
        claim_date=fields.optional("claim_date"),
        verdict=fields.word("verdict", Verdict),
        verdict_note=fields.optional("verdict_note"),
    )
