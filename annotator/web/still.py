"""Parts of the annotate page that are the same for most sentences: rendered once, then given the ids of the sentence.

A key says all that a part shows apart from those ids; None: it shows what somebody wrote, and is rendered each time.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

from annotator import language
from annotator.web.views.desk import DeskView
from db.kept import Kept

if TYPE_CHECKING:
    from annotator.web.pages import Chrome

ROOM = 400  # parts of a few kilobytes


def _facts(view: DeskView) -> Hashable:
    hand = view.hand
    return hand.voices, hand.none_reason, hand.status, hand.words, hand.loaded_language, hand.low


def _attribution(view: DeskView) -> Hashable | None:
    parts = view.parts
    written = parts.attributions or parts.suggestion or parts.earlier or parts.attribute.message
    return None if written else view.article.address


def _note(view: DeskView) -> Hashable | None:
    return None if view.hand.note or view.typed else True


KEYS: dict[str, Callable[[DeskView], Hashable | None]] = {
    "annotations/_picks.html": lambda view: view.hand.words,
    "annotations/_facts.html": _facts,
    "annotations/_note.html": _note,
    "attributions/_attribution.html": _attribution,
    "claims/_claim.html": lambda view: None if view.parts.claimed else True,
}


class Still:
    """Renders a part of the page, from memory where its key was met before."""

    def __init__(self, environment: Environment) -> None:
        self._environment, self._kept = environment, Kept(ROOM)
        macros: Any = environment.get_template("articles/_macros.html").module
        self._about: Callable[[DeskView, Any], Markup] = macros.about

    def __call__(self, name: str, view: DeskView, chrome: "Chrome") -> Markup:
        key = KEYS[name](view) if name in KEYS else None
        if key is None:
            return self._rendered(name, view, chrome)
        place = (name, key, language.current())
        nobody = replace(view, hand=replace(view.hand, uid="", revision=0, request=""))
        found: Markup | None = self._kept.get(place)
        if found is None:
            found = self._rendered(name, nobody, replace(chrome, visitor=None))
            self._kept.put(place, found, 1)
        return found.replace(self._about(nobody, replace(chrome, visitor=None)), self._about(view, chrome))

    def _rendered(self, name: str, view: DeskView, chrome: "Chrome") -> Markup:
        return Markup(self._environment.get_template(name).render(view=view, chrome=chrome))  # by a template
