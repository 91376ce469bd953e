"""Two rows that are one speaker, or one source: one counts as the other from now on; rows stay, so it can be undone."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlmodel import Session

from annotator.errors import Conflict
from annotator.language import gettext as _
from annotator.services import history
from annotator.services.history import Actor
from db.models import Source, Speaker

One = TypeVar("One", Source, Speaker)


@dataclass(frozen=True, slots=True)
class Kind(Generic[One]):
    """What is merged: its table, its word in the history, what a person calls one, and the two refusals in words."""

    model: type[One]
    word: str
    name: Callable[[One], str]
    merged_already: str
    one_already: str


def final(session: Session, one: One) -> One:
    """What this one was merged into, directly or through others, or itself."""
    while one.merged_into_id is not None:
        one = session.get_one(type(one), one.merged_into_id)
    return one


def merge(session: Session, actor: Actor, kind: Kind[One], one: One, into: One) -> One:
    """Say that one is another; returns what it counts as now. Raises Conflict when they are one already."""
    into = final(session, into)
    if history.repeated(session, actor, "merge", one.uid, {"into": into.uid}):
        return into
    if one.merged_into_id is not None:
        said = _(kind.merged_already).format(one=kind.name(one), other=kind.name(final(session, one)))
        raise Conflict(said)
    if one.id == into.id:
        raise Conflict(_(kind.one_already))
    return join(session, actor, kind, one, into)


def join(session: Session, actor: Actor, kind: Kind[One], one: One, into: One) -> One:
    """As `merge`, of two that are known not to be one."""
    one.merged_into_id = into.id
    session.flush()
    history.log(session, actor, "merge", kind.word, one.uid, detail={"into": into.uid})
    return into


def unmerge(session: Session, actor: Actor, kind: Kind[One], one: One) -> One:
    """Part one from what it was merged into; nothing happens when it was not merged."""
    if one.merged_into_id is None:
        return one
    detail = {"from": session.get_one(kind.model, one.merged_into_id).uid}
    if not history.repeated(session, actor, "unmerge", one.uid, detail):
        one.merged_into_id = None
        session.flush()
        history.log(session, actor, "unmerge", kind.word, one.uid, detail=detail)
    return one
