"""Deciding disputes: the queue, one case at a time, gold by agreement, taking a decision back. For leads only."""

import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, cast

from fastapi import APIRouter, Depends
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain import labels as label_rules
from annotator.domain.adjudication import headline
from annotator.domain.disagreements import Reading
from annotator.domain.guidelines import LONGEST_RULE, rules_of
from annotator.domain.labels import NONE
from annotator.errors import Invalid, Refused, Stale
from annotator.language import gettext as _
from annotator.language import pgettext
from annotator.reports.disagreement_sentences import Mark, mark_of, said
from annotator.reports.disagreements import title_of
from annotator.reports.disputes import Dispute, KeptDisputes, Queue
from annotator.services import adjudication, annotations, preferences
from annotator.services.adjudication import Case, Decision
from annotator.services.history import Actor
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, SessionDep, Visitor
from annotator.web.forms import Fields, Word
from annotator.web.views import cases
from annotator.web.views.cases import CaseView, Done, Scope, Typed
from annotator.web.views.rows import one_line
from db.engine import Database
from db.queries import adjudication as rows
from db.queries import disagreements, guidelines
from db.vocabulary import NoneReason, Status, Voice

router = APIRouter()
MOST = 500  # disputes listed on one page
MOST_AGREED = 100  # articles
AT_ONCE = 20  # sentences accepted in one transaction, so that a save of somebody else waits for no more than these
PAUSE = 0.01  # seconds between two of them: a lock that is taken again at once is never seen free by those who wait
KEEP = "keep"


async def kept_disputes(request: Request) -> KeptDisputes:
    return cast(KeptDisputes, request.app.state.disputes)


KeptDep = Annotated[KeptDisputes, Depends(kept_disputes)]


@dataclass(frozen=True, slots=True)
class Row:
    """One dispute in the list."""

    dispute: Dispute
    marks: tuple[Mark, ...]
    href: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """An article with sentences that could become gold by agreement; they are listed where one article is shown."""

    uid: str
    title: str
    sentences: int
    listed: tuple[tuple[int, str, Mark, str], ...] = ()  # number, text, mark, label in words


@dataclass(frozen=True, slots=True)
class QueueView:
    rows: tuple[Row, ...]
    total: int
    decided: int
    reopened: int
    first: str | None  # the address of the next case
    scope: Scope
    agreed: tuple[Agreed, ...]
    agreed_more: int  # articles that are not listed
    request: str
    accepted: int | None = None
    done: Done | None = None


@router.get("/adjudication")
def index(
    request: Request,
    session: SessionDep,
    visitor: LeadDep,
    kept: KeptDep,
    article: str = "",
    names: str = "",
    accepted: int | None = None,
    done: str = "",
) -> Response:
    scope = Scope(article, names == "1")
    queue = kept.queue(session, article or None)
    first, agreed = queue.undecided_after(), list(islice(_agreed(session, queue, article), MOST_AGREED))
    view = QueueView(
        rows=tuple(_row(dispute, scope) for dispute in queue.disputes[:MOST]),
        total=len(queue.disputes),
        decided=queue.decided,
        reopened=queue.reopened,
        first=scope.case(first) if first else None,
        scope=scope,
        agreed=tuple(agreed),
        agreed_more=len(queue.agreed) - len(agreed),
        request=uuid.uuid4().hex,
        accepted=accepted,
        done=_done(session, visitor, done),
    )
    return pages.page(request, "adjudication/index.html", view, visitor)


def _agreed(session: Session, queue: Queue, article: str) -> Iterator[Agreed]:
    for uid, (title, count) in queue.agreed.items():
        found = disagreements.articles(session, [uid]) if article else ()
        listed = [pair for one in found for pair in adjudication.agreements(session, one)]
        yield Agreed(uid, title, count, tuple(_agreement(reading) for reading, _ in listed[:MOST]))


def _agreement(reading: Reading) -> tuple[int, str, Mark, str]:
    vote = reading.counted[0]
    return reading.ordinal, one_line(reading.text), mark_of(vote.labels), said(vote)


def _row(dispute: Dispute, scope: Scope) -> Row:
    """The different answers, the most frequent first, without names."""
    sets = [vote.label_set for vote in dispute.reading.counted]
    order = sorted(set(sets), key=lambda one: (-sets.count(one), sorted(one)))
    marks = tuple(mark_of(one) for one in order for _ in range(sets.count(one)))
    return Row(dispute, marks, scope.case(dispute.reading.sentence))


@router.post("/adjudication/unanimous")
def accept(database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    """Make gold of all sentences of an article on which everybody agrees."""
    article, scope = fields.text("article"), fields.text("scope")
    count = _accept(database, visitor.actor(fields.optional("request")), article)
    return pages.see_other(Scope(scope).address("/adjudication", accepted=str(count)))


def _accept(database: Database, actor: Actor, article: str) -> int:
    """Accept a few sentences at a time; how many are accepted, which is fewer when the database fails on the way."""
    with database.read() as session:
        waiting = adjudication.agreeing(session, actor, article)
    count = 0
    for first in range(0, max(1, len(waiting)), AT_ONCE):  # once at least: a repeated request is told what it did
        try:
            with database.write() as session:
                count = adjudication.accept_unanimous(session, actor, article, waiting[first : first + AT_ONCE])
        except (DBAPIError, OSError):
            if not count:
                raise
            break  # what is stored is stored: the page says how many, and offers the rest again
        time.sleep(PAUSE)
    return count


@router.get("/adjudication/{uid}")
def show(
    request: Request,
    session: SessionDep,
    visitor: LeadDep,
    kept: KeptDep,
    uid: str,
    article: str = "",
    names: str = "",
    done: str = "",
    rule: str = "",
) -> Response:
    queue = kept.queue(session, article or None)
    view = _case(session, visitor, uid, Scope(article, names == "1"), queue=queue, done=done, rule=rule[:LONGEST_RULE])
    return pages.page(request, "adjudication/show.html", view, visitor)


@router.post("/adjudication/{uid}")
def decide(
    request: Request, database: DatabaseDep, visitor: LeadDep, kept: KeptDep, fields: PostedDep, uid: str
) -> Response:
    """A button of the form changes what it holds; saving or leaving open goes on to the next dispute."""
    scope, typed = _scope(fields), _typed(fields)
    also = fields.text("toggle")
    press, toggle = also or fields.text("press"), bool(also) or fields.text("mode") == "toggle"
    if press:
        shown = Scope(scope.article, scope.names != (press == "names"))
        with database.read() as session:
            stale = adjudication.stale(session, uid, fields.number("revision"))
            whole = not pages.is_htmx(request) or press == "names"  # else the place in the queue is not shown again
            queue = kept.queue(session, scope.article or None) if whole else Queue()
            view = _case(session, visitor, uid, shown, typed, queue=queue, press=press, toggle=toggle, refused=stale)
        return _answer(request, view, visitor, status=stale.status if stale else 200)
    try:
        with database.write() as session:
            actor = visitor.actor(fields.optional("request"))
            who = adjudication.by_blind_id(session, uid)
            decision = _decision(typed, who, leave_open=bool(fields.ticked("open")))
            adjudication.decide(session, actor, uid, decision, revision=fields.number("revision"))
    except (Invalid, Stale) as refused:
        with database.read() as session:
            queue = kept.queue(session, scope.article or None)
            view = _case(session, visitor, uid, scope, typed, queue=queue, refused=refused)
        return _answer(request, view, visitor, status=refused.status)
    with database.read() as session:
        following = kept.queue(session, scope.article or None).undecided_after(uid)
    target = scope.case(following, done=uid) if following else scope.address("/adjudication", done=uid)
    return pages.go(request, target)


def _answer(request: Request, view: CaseView, visitor: Visitor, *, status: int = 200) -> Response:
    """The case as it is now: the parts that a button can change, or the whole page without htmx."""
    page, parts = "adjudication/show.html", "adjudication/_answer.html"
    return pages.page(request, page, view, visitor, fragment=parts, status=status)


@router.post("/adjudication/{uid}/undo")
def undo(database: DatabaseDep, visitor: LeadDep, fields: PostedDep, uid: str) -> Response:
    """Take one's last decision on a case back and show the case again."""
    with database.write() as session:
        actor = visitor.actor(fields.optional("request"))
        adjudication.undo(session, actor, uid, revision=fields.number("revision"))
    return pages.see_other(_scope(fields).case(uid))


def _scope(fields: Fields) -> Scope:
    return Scope(fields.text("article"), fields.text("names") == "1")


def _typed(fields: Fields) -> Typed:
    return Typed(
        labels=tuple(dict.fromkeys(fields.all("label"))),
        voice_claim=fields.text("voice_claim"),
        voice_opinion=fields.text("voice_opinion"),
        none_reason=fields.text("none_reason"),
        loaded_language=bool(fields.ticked("loaded_language")),
        reason=fields.text("reason"),
        rule=fields.text("rule"),
        take_attributions=_taking(fields, "take_attributions"),
        take_claims=_taking(fields, "take_claims"),
    )


def _taking(fields: Fields, name: str) -> str | None:
    """Whose rows to take; None where the form does not say or says to keep what is there."""
    value = fields.text(name)
    return None if name not in fields or value == KEEP else value


def _decision(typed: Typed, who: Mapping[str, str], *, leave_open: bool) -> Decision:
    """The decision that the form holds; `who` tells the reviewers behind blind ids. Raises Invalid for other words."""
    nothing = NONE in typed.labels
    reason = _word(typed.none_reason, NoneReason, "none_reason") or NoneReason.OTHER
    return Decision(
        labels=label_rules.parse_labels([label for label in typed.labels if label != NONE]),
        voice_claim=_word(typed.voice_claim, Voice, "voice_claim"),
        voice_opinion=_word(typed.voice_opinion, Voice, "voice_opinion"),
        none_reason=reason if nothing else None,
        loaded_language=typed.loaded_language,
        reason=typed.reason,
        guideline_rule=typed.rule,
        take_attributions_of=who.get(typed.take_attributions or "", typed.take_attributions),
        take_claims_of=who.get(typed.take_claims or "", typed.take_claims),
        open=leave_open,
    )


def _word(value: str, words: type[Word], field: str) -> Word | None:
    found = next((word for word in words if word == value), None)
    if value and found is None:
        said = _("“{word}” is not one of {words}.")
        raise Invalid(said.format(word=value[:40], words=", ".join(words)), field=field)
    return found


def _case(
    session: Session,
    visitor: Visitor,
    uid: str,
    scope: Scope,
    typed: Typed | None = None,
    *,
    queue: Queue,
    press: str = "",
    toggle: bool = False,
    refused: Refused | None = None,
    done: str = "",
    rule: str = "",
) -> CaseView:
    """The page of a case."""
    case = adjudication.case(session, uid)
    used = tuple(rows.rules_used(session, visitor.id))
    typed = typed or cases.typed_of(case, rule)
    if press:
        typed = cases.pressed(typed, press, case, used[0] if used else None, toggle=toggle)
    guideline = guidelines.active(session)
    return CaseView(
        case=case,
        title=title_of(case.article),
        heading=headline(case.counted),
        scope=scope,
        queue=cases.position(queue, uid),
        sides=cases.sides_of(case, names=scope.names),
        picks=cases.picks_of(typed),
        typed=typed,
        kept=cases.kept_of(case, names=scope.names),
        rules_used=used,
        rules=rules_of(guideline.body),
        guideline=guideline,
        request=uuid.uuid4().hex,
        shortcuts=preferences.shortcuts(visitor.reviewer),
        done=_done(session, visitor, done or (uid if case.gold else "")),
        problem=_problem(refused, case) if refused else None,
        field=getattr(refused, "field", None),
    )


def _problem(refused: Refused, case: Case) -> str:
    """What was refused; of a case that somebody decided meanwhile, who and what."""
    if not isinstance(refused, Stale) or case.gold is None:
        return refused.message
    complete = case.gold.status == Status.COMPLETE
    words = label_rules.describe(annotations.judgement(case.gold)) if complete else pgettext("a case", "open")
    text = (
        _("{message} {who} made it {labels}. What you chose is still here: save to replace it, or go on with j.")
        if case.decided_by
        else _(
            "{message} All agreed, so that it made it {labels}. What you chose is still here: save to replace it, or "
            "go on with j."
        )
    )
    return text.format(message=refused.message, who=case.decided_by, labels=words)


def _done(session: Session, visitor: Visitor, uid: str) -> Done | None:
    """The decision that this lead can take back, if the last change of that case was theirs."""
    found = rows.for_decision(session, uid, lock=False) if uid else None
    gold = rows.gold(session, found[0].id) if found else None
    if (
        found is None
        or gold is None
        or adjudication.last_decision(rows.revisions(session, gold.id), visitor.id) is None
    ):
        return None
    number, *_rest = rows.around(session, found[0])
    words = label_rules.describe(annotations.judgement(gold)) if gold.status == Status.COMPLETE else _("left open")
    return Done(_("Sentence {n}: {words}").format(n=number, words=words), uid, gold.revision)
