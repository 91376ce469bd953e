"""What a reviewer likes: kept with the reviewer, part of no export."""

from sqlmodel import Session

from annotator.errors import NotFound
from annotator.services import history
from annotator.services.history import Actor
from db import canonical
from db.models import Reviewer


def shortcuts(reviewer: Reviewer) -> bool:
    """Whether single keys do something on the annotate page; on unless they were turned off."""
    return bool(canonical.decode(reviewer.preferences).get("shortcuts", True))


def set_shortcuts(session: Session, actor: Actor, on: bool) -> None:
    """Turn single keys on or off. Raises NotFound for the command line."""
    reviewer = session.get(Reviewer, actor.reviewer_id) if actor.reviewer_id is not None else None
    if reviewer is None:
        raise NotFound("Only a reviewer has preferences.")
    kept = canonical.decode(reviewer.preferences)
    if kept.get("shortcuts", True) == on:
        return
    reviewer.preferences = canonical.text({**kept, "shortcuts": on})
    session.add(reviewer)
    session.flush()
    history.log(session, actor, "preferences", "reviewer", reviewer.uid, detail={"shortcuts": on})
