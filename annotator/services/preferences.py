"""What a reviewer likes: kept with the reviewer, part of no export."""

from collections.abc import Mapping

from sqlmodel import Session

from annotator.domain.keys import Keys, chosen, kept
from annotator.errors import Invalid, NotFound
from annotator.language import LANGUAGES
from annotator.language import gettext as _
from annotator.services import history
from annotator.services.history import Actor
from db import canonical
from db.models import Reviewer
from db.vocabulary import ReviewerRole


def shortcuts(reviewer: Reviewer) -> bool:
    """Whether single keys do something on the annotate page; on unless they were turned off."""
    return bool(canonical.decode(reviewer.preferences).get("shortcuts", True))


def keys(reviewer: Reviewer) -> Keys:
    """The single keys that do something, as far as they were changed."""
    return kept(canonical.decode(reviewer.preferences).get("keys", {}))


def language(reviewer: Reviewer) -> str | None:
    """The code of the language they chose, None where they never did."""
    code = canonical.decode(reviewer.preferences).get("language")
    return code if code in LANGUAGES else None


def set_shortcuts(session: Session, actor: Actor, on: bool) -> None:
    """Turn single keys on or off. Raises NotFound for the command line."""
    _keep(session, actor, _own(session, actor), "shortcuts", on, default=True)


def change_keys(
    session: Session, actor: Actor, reviewer_id: int, typed: Mapping[str, str], *, reset: bool = False
) -> Keys:
    """Keep other keys than the usual ones, by the name of the action; what is not named stays, or is usual again.

    Raises Invalid for what is no key, for a key that would do two things, and for an action that there is not.
    """
    reviewer = session.get_one(Reviewer, reviewer_id)
    before = {} if reset else dict(keys(reviewer).changed)
    changed = chosen({**before, **typed}, lead=reviewer.role == ReviewerRole.LEAD)
    _keep(session, actor, reviewer, "keys", dict(changed.changed), default={})
    return changed


def set_language(session: Session, actor: Actor, code: str) -> None:
    """Raises Invalid for a language that the interface does not speak, NotFound for the command line."""
    if code not in LANGUAGES:
        raise Invalid(
            _("The interface speaks {languages}.").format(languages=", ".join(LANGUAGES.values())), field="language"
        )
    _keep(session, actor, _own(session, actor), "language", code, default=None)


def _own(session: Session, actor: Actor) -> Reviewer:
    reviewer = session.get(Reviewer, actor.reviewer_id) if actor.reviewer_id is not None else None
    if reviewer is None:
        raise NotFound(_("Only a reviewer has preferences."))
    return reviewer


def _keep(session: Session, actor: Actor, reviewer: Reviewer, name: str, value: object, *, default: object) -> None:
    stored = canonical.decode(reviewer.preferences)
    if stored.get(name, default) == value:
        return
    reviewer.preferences = canonical.text({**stored, name: value})
    session.add(reviewer)
    session.flush()
    history.log(session, actor, "preferences", "reviewer", reviewer.uid, detail={name: value})
