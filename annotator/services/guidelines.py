"""Changing the guidelines: a new version each time, which becomes the one in force; older ones stay."""

from sqlmodel import Session

from annotator.domain import guidelines as rules
from annotator.errors import Invalid, NotFound, Stale
from annotator.services import history, projects
from annotator.services.history import Actor
from db.models import Guideline, Reviewer
from db.queries import guidelines
from db.vocabulary import ReviewerRole

ACTIVATE = "activate"


def change(session: Session, actor: Actor, body: str, version: str, *, based_on: str | None) -> Guideline:
    """Store a text as a new version, in force from now on; work that is there keeps the version it was done under.

    `based_on` is the version that the text was written over. Raises NotFound for a reviewer who is no lead (nobody, the
    command line, may), Invalid for a text or a name that cannot be, Stale when another version came into force since.
    """
    _may(session, actor)
    name, text = rules.version_name(version), rules.clean(body)
    project, current = guidelines.for_change(session)
    detail = {"replaces": based_on or current.version}
    if history.repeated(session, actor, ACTIVATE, name, detail):
        return get(session, name)
    if based_on is not None and based_on != current.version:
        said = f"Version {current.version} came into force while you were writing over {based_on}."
        raise Stale(said, current=current.id or 0)
    if text == current.body:
        raise Invalid(f"Nothing is changed: this is the text of version {current.version}.", field="body")
    if guidelines.by_version(session, name) is not None:
        raise Invalid(f"There is a version {name} already. A version never changes: give this one another name.",
                      field="version")  # fmt: skip
    made = projects.add_guideline(session, actor, project, name, text)
    project.active_guideline_id = made.id
    session.flush()
    history.log(
        session, actor, ACTIVATE, "guideline", name, before=current.sha256, after=made.sha256, detail=detail
    )  # fmt: skip
    return made


def _may(session: Session, actor: Actor) -> None:
    if actor.reviewer_id is None:
        return
    person = session.get(Reviewer, actor.reviewer_id)
    if person is None or person.role != ReviewerRole.LEAD or not person.active:
        raise NotFound("There is no such page.")


def get(session: Session, version: str) -> Guideline:
    """A version by its name; the one in force for "". Raises NotFound."""
    found = guidelines.by_version(session, version) if version else guidelines.active(session)
    if found is None:
        raise NotFound(f"There are no guidelines {version}.")
    return found
