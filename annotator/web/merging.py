"""Two speakers, or two sources, that are one: the pages of both do it alike."""

from collections.abc import Callable
from typing import Protocol

from sqlmodel import Session
from starlette.responses import Response

from annotator.services.history import Actor
from annotator.web import pages
from annotator.web.deps import Visitor
from annotator.web.forms import Fields
from db.engine import Database

MaySee = Callable[[Session, Visitor, str], object]
"""Raises NotFound for one that the visitor may not know of."""


class Named(Protocol):
    uid: str


def merged(
    database: Database,
    visitor: Visitor,
    fields: Fields,
    uid: str,
    *,
    place: str,
    may_see: MaySee,
    merge: Callable[[Session, Actor, str, str], Named],
) -> Response:
    """This one is the one that the field `into` names; on to the page of that one."""
    into = fields.text("into")
    with database.read() as session:
        may_see(session, visitor, uid)
        may_see(session, visitor, into)
    with database.write() as session:
        found = merge(session, visitor.actor(), uid, into)
    return pages.see_other(f"{place}/{found.uid}")


def parted(
    database: Database,
    visitor: Visitor,
    uid: str,
    *,
    place: str,
    may_see: MaySee,
    unmerge: Callable[[Session, Actor, str], object],
) -> Response:
    """Take a merge back; on to the page of the one that stands alone again."""
    with database.read() as session:
        may_see(session, visitor, uid)
    with database.write() as session:
        unmerge(session, visitor.actor(), uid)
    return pages.see_other(f"{place}/{uid}")
