"""What a reviewer likes: kept with the reviewer, part of no export."""

from sqlmodel import Session

from annotator.errors import Invalid, NotFound
from annotator.language import LANGUAGES
from annotator.language import gettext as _
from annotator.services import history
from annotator.services.history import Actor
from db import canonical
from db.models import Reviewer


def shortcuts(reviewer: Reviewer) -> bool:
    """Whether single keys do something on the annotate page; on unless they were turned off."""
    return bool(canonical.decode(reviewer.preferences).get("shortcuts", True))


def language(reviewer: Reviewer) -> str | None:
    """The code of the language they chose, None where they never did."""
    kept = canonical.decode(reviewer.preferences).get("language")
    return kept if kept in LANGUAGES else None


def set_shortcuts(session: Session, actor: Actor, on: bool) -> None:
    """Turn single keys on or off. Raises NotFound for the command line."""
    _keep(session, actor, "shortcuts", on, default=True)


def set_language(session: Session, actor: Actor, code: str) -> None:
    """Raises Invalid for a language that the interface does not speak, NotFound for the command line."""
    if code not in LANGUAGES:
        raise Invalid(
            _("The interface speaks {languages}.").format(languages=", ".join(LANGUAGES.values())), field="language"
        )
    _keep(session, actor, "language", code, default=None)


def _keep(session: Session, actor: Actor, name: str, value: object, *, default: object) -> None:
    reviewer = session.get(Reviewer, actor.reviewer_id) if actor.reviewer_id is not None else None
    if reviewer is None:
        raise NotFound(_("Only a reviewer has preferences."))
    kept = canonical.decode(reviewer.preferences)
    if kept.get(name, default) == value:
        return
    reviewer.preferences = canonical.text({**kept, name: value})
    session.add(reviewer)
    session.flush()
    history.log(session, actor, "preferences", "reviewer", reviewer.uid, detail={name: value})
