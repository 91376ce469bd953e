"""Take back the last change of a reviewer in an article, or do it again."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from annotator.services import undo
from annotator.web import answers
from annotator.web.answers import Post
from annotator.web.deps import DatabaseDep, PostedDep, ReviewerDep
from annotator.web.views import desk
from annotator.web.views.desk import Moment

router = APIRouter()


@router.post("/undo")
def create(request: Request, fields: PostedDep, visitor: ReviewerDep, database: DatabaseDep) -> Response:
    """The sentence whose change was taken back comes in hand; `redo` does again what was taken back last."""
    act = undo.redo if fields.ticked("redo") else undo.undo
    article = fields.text("article")
    with database.write() as session:
        undone = act(session, visitor.actor(fields.optional("request")), article)
    with database.read() as session:
        found = desk.load(session, visitor, article)
        in_hand = found.clamp(fields.number("was"))
        n = found.by_uid.get(undone.sentence_uid, in_hand) if undone else in_hand
        post = Post(request, visitor, database, fields, found.outline[n - 1].uid)
        return answers.answer(session, post, found, n, touched={in_hand}, moment=Moment.LOOK)
