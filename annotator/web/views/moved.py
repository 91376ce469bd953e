"""What was typed into a form whose sentence was cut meanwhile: the same form in the sentence that has its words now."""

from dataclasses import replace

from sqlmodel import Session

from annotator.services import followed
from annotator.web.views.parts import Typed

STAYS = ("/annotations", "/attributions")  # forms that every sentence has


def typed_now(session: Session, typed: Typed, sentence: str, reviewer_id: int) -> tuple[Typed, str] | None:
    """The form with the ids of what was carried along, and the sentence it belongs to; None where nothing is like it.

    Words for an attribution that is gone are those of a new one.
    """
    typed = replace(typed, values={**typed.values, **_parent(session, typed, reviewer_id)})
    noun, _, uid = typed.action.strip("/").partition("/")
    if typed.action in STAYS or "/" in uid:  # the latter takes something away, so nothing was typed
        return (typed, sentence) if typed.action in STAYS else None
    claim = typed.values.get("claim", "")
    if noun == "attributions":
        place = followed.attribution(session, uid, reviewer_id)
    elif noun == "claims" or not uid:
        place = followed.claim(session, uid or claim, sentence, reviewer_id)
    else:
        place = followed.evidence(session, uid, reviewer_id)
    if place is None:
        return (replace(typed, action="/attributions"), sentence) if noun == "attributions" else None
    if not uid:
        return replace(typed, values={**typed.values, "claim": place.uid}), place.sentence
    return replace(typed, action=f"/{noun}/{place.uid}"), place.sentence


def _parent(session: Session, typed: Typed, reviewer_id: int) -> dict[str, str]:
    """The attribution that reports this one, where it is now."""
    if not typed.values.get("parent"):
        return {}
    above = followed.attribution(session, typed.values["parent"], reviewer_id)
    return {"parent": above.uid if above else ""}
