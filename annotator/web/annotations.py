"""Labels, voices, reasons, ticks and notes of the sentence in hand."""

from fastapi import APIRouter
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain import changes as rules
from annotator.domain import labels
from annotator.domain.changes import Change
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.services import annotations, suggestions
from annotator.services.history import Actor
from annotator.web import answers
from annotator.web.answers import Pairs, Post
from annotator.web.deps import Visitor, with_form
from annotator.web.forms import Fields
from annotator.web.views import changes
from annotator.web.views.desk import Desk
from annotator.web.views.rows import judgement
from db import canonical
from db.engine import Database
from db.queries import history
from db.vocabulary import BlockKind, NoneReason, Voice

router = APIRouter()
MODES = ("", "set", "toggle")


async def save(request: Request) -> Response:
    """A label without `stay` takes the next sentence in hand; adding and removing labels stays."""
    return await with_form(request, _saved)


router.add_route("/annotations", save, methods=["POST"])  # without FastAPI's dependencies: they cost a fifth of a label


def _saved(request: Request, fields: Fields, visitor: Visitor, database: Database) -> Response:
    post = Post(request, visitor, database, fields, fields.text("sentence"), "note" if "note" in fields else "")
    forward = "label" in fields and fields.text("mode") != "toggle" and not fields.ticked("stay")
    return answers.change(
        post,
        lambda session, actor: _save(session, actor, post),
        forward=forward,
        stays=not forward,
        wish=lambda session, found, n: _wish(session, post, found, n),
    )  # fmt: skip


def _save(session: Session, actor: Actor, post: Post) -> object:
    change, suggestion = asked(post.fields), post.fields.optional("suggestion")
    if suggestion is None:
        return annotations.write(session, actor, post.sentence, change, revision=post.revision)
    return suggestions.accept_label(session, actor, post.sentence, suggestion, change, revision=post.revision)


def asked(fields: Fields) -> Change:
    """What a form asks for; a field that it does not have leaves things as they are. Raises Invalid.

    `toggle` is a label to add or remove: the same as `label` with the mode toggle.
    """
    mode, toggled = fields.text("mode"), fields.all("toggle")
    if mode not in MODES:
        raise Invalid(_("The mode is set or toggle."), field="mode")
    return Change(
        labels=tuple(toggled or fields.all("label")) or None,
        toggle=bool(toggled) or mode == "toggle",
        voice_claim=fields.word("voice_claim", Voice),
        voice_opinion=fields.word("voice_opinion", Voice),
        none_reason=fields.word("none_reason", NoneReason),
        loaded_language=fields.ticked("loaded_language"),
        confidence=fields.text("confidence") if "confidence" in fields else None,
        note=fields.text("note") if "note" in fields else None,
    )


def _wish(session: Session, post: Post, found: Desk, n: int) -> tuple[str, Pairs]:
    """The labels that the reviewer meant, from what they saw: a label is added to what was there, not to what is."""
    change, row = asked(post.fields), found.outline[n - 1]
    if change.labels is None:
        return "", post.again
    seen = history.revision(session, row.annotation_id or 0, post.revision or 0)
    before = changes.judged(canonical.decode(seen.snapshot)) if seen else judgement(row)
    text = found.text[row.start_cp : row.end_cp]
    after = rules.apply(before, change, BlockKind(row.kind), text)
    kept = [(name, value) for name, value in post.again if name not in ("label", "mode", "toggle")]
    words = sorted(after.labels) or change.labels
    return labels.describe(after), [*kept, *(("label", str(word)) for word in words)]
