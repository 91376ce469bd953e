"""What a form of the annotate page gets back: parts for htmx, a redirect without it, and every refusal in its place."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain import labels
from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.language import gettext as _
from annotator.services.history import Actor
from annotator.web import pages
from annotator.web.deps import Visitor
from annotator.web.forms import Fields
from annotator.web.views import changes, desk
from annotator.web.views.desk import ConflictView, Desk, DeskView, Moment
from annotator.web.views.moved import typed_now
from annotator.web.views.parts import Typed
from annotator.web.views.rows import judgement
from db.engine import Database
from db.queries import annotate

ALWAYS_FRESH = ("token", "revision", "request")  # what a form that is sent again must not repeat

Act = Callable[[Session, Actor], object]
Pairs = Sequence[tuple[str, str]]
Wish = Callable[[Session, Desk, int], tuple[str, Pairs]]
"""What a refused change would have made of a sentence, in words, and the fields that ask for it again."""


@dataclass(frozen=True, slots=True)
class Post:
    """A form of the annotate page: who sent what, about which sentence, from which part of the card."""

    request: Request
    visitor: Visitor
    database: Database
    fields: Fields
    sentence: str
    part: str = ""

    @property
    def revision(self) -> int | None:
        return self.fields.number("revision")

    @property
    def again(self) -> list[tuple[str, str]]:
        """The fields that a second try repeats."""
        return [(name, value) for name, value in self.fields.pairs if name not in ALWAYS_FRESH]


def change(post: Post, act: Act, *, forward: bool = False, stays: bool = False, wish: Wish | None = None) -> Response:
    """Do a change in a transaction of its own and answer; `forward` takes the next sentence in hand.

    `stays`: it is of labels and ticks, and no part of the card is touched but the one the form is in.
    """
    try:
        with post.database.write() as session:
            act(session, post.visitor.actor(post.fields.optional("request")))
    except Stale:
        return _conflict(post, wish)
    except Conflict as conflict:
        return _moved(post, conflict)
    except Invalid as invalid:
        return _invalid(post, invalid)
    with post.database.read() as session:
        found, n = place(session, post.visitor, post.sentence)
        at_end = forward and n == len(found.outline)
        moment = Moment.STAY if stays else Moment.CHANGE
        return answer(session, post, found, n + (forward and not at_end), touched={n}, moment=moment, at_end=at_end)


def place(session: Session, visitor: Visitor, sentence_uid: str) -> tuple[Desk, int]:
    """The article of a sentence and its number there. Raises NotFound, alike for none and for one to be hidden."""
    found = desk.load_of(session, visitor, sentence_uid)
    return found, found.by_uid[sentence_uid]


def place_now(session: Session, visitor: Visitor, sentence_uid: str) -> tuple[Desk, int]:
    """As `place`, but where the sentence lives no more the one that stands there now."""
    once = annotate.once_at(session, sentence_uid)
    if once is None:
        raise NotFound(_("There is no such sentence."))
    found = desk.load(session, visitor, once[0])
    return found, found.number_at(once[1])


def answer(
    session: Session,
    post: Post,
    found: Desk,
    n: int,
    *,
    touched: Collection[int],
    moment: Moment = Moment.CHANGE,
    at_end: bool = False,
) -> Response:
    """After a change: the rows that it touched with sentence `n` in hand, or on to the page that shows it.

    Past the last sentence (`at_end`) the card says what is left.
    """
    if not pages.is_htmx(post.request):
        return pages.see_other(address(found, n))
    opened = post.part or ("finish" if at_end else "")
    shown = post.fields.text("shown")
    view = desk.view(session, post.visitor, found, n, touched=touched, shown=shown, moment=moment, opened=opened)
    return show(post.request, post.visitor, view)


def address(found: Desk, n: int) -> str:
    return f"/articles/{found.uid}?s={n}#s-{n}"


def show(request: Request, visitor: Visitor, view: DeskView) -> Response:
    return pages.page(request, "articles/show.html", view, visitor, fragment="articles/_answer.html")


def _conflict(post: Post, wish: Wish | None) -> Response:
    with post.database.read() as session:
        found, n = place(session, post.visitor, post.sentence)
        row = found.outline[n - 1]
        stored = annotate.annotation(session, row.id, post.visitor.id)
        wanted, fields = wish(session, found, n) if wish else ("", post.again)
        conflict = ConflictView(
            stored=labels.describe(judgement(row)),
            time=changes.clock(stored.updated_at, datetime.now(UTC)) if stored else None,
            wish=wanted,
            action=post.request.url.path,
            fields=tuple(fields),
        )
        return _refused(session, post, found, n, 409, conflict=conflict)


def _moved(post: Post, conflict: Conflict) -> Response:
    """The page at the sentence that has the words now, with what was typed; htmx leaves the page as it is."""
    with post.database.read() as session:
        found, n = place_now(session, post.visitor, post.sentence)
        if pages.is_htmx(post.request) or post.sentence in found.by_uid:
            raise conflict
        typed = Typed(post.request.url.path, dict(post.again), conflict.message, None)
        there = typed_now(session, typed, post.sentence, post.visitor.id)
        if there is None:
            post = replace(post, part="")  # its form is gone, so message and words go above
        else:
            typed, n = there[0], found.by_uid.get(there[1], n)
        return _refused(session, post, found, n, conflict.status, typed=typed)


def _invalid(post: Post, invalid: Invalid) -> Response:
    typed = Typed(post.request.url.path, dict(post.again), invalid.message, invalid.field)
    with post.database.read() as session:
        found, n = place(session, post.visitor, post.sentence)
        return _refused(session, post, found, n, 422, typed=typed)


def _refused(
    session: Session,
    post: Post,
    found: Desk,
    n: int,
    status: int,
    *,
    typed: Typed | None = None,
    conflict: ConflictView | None = None,
) -> Response:
    """The whole page with the message; to htmx only the message, or the part whose form was refused."""
    touched = {n} if pages.is_htmx(post.request) else None
    view = desk.view(session, post.visitor, found, n, touched=touched, opened=post.part, typed=typed, conflict=conflict)
    fragment = "articles/_refused.html"
    return pages.page(post.request, "articles/show.html", view, post.visitor, fragment=fragment, status=status)
