"""Parts of the annotate page that many answers share, rendered once and then taken from memory.

A part of the card is the same for most sentences, apart from the ids in its forms: it is kept under a key that says all
that it shows, and given the ids of the sentence in hand. A row of the text is the same until its labels change.
"""

from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from markupsafe import Markup

from annotator import language
from annotator.web.views.cuts import CutView
from annotator.web.views.desk import DeskView
from annotator.web.views.rows import PlainRow, RowView
from annotator.web.views.windows import SegmentView
from db.kept import Kept

if TYPE_CHECKING:
    from annotator.web.pages import Chrome

PARTS = 400  # of a few kilobytes
ROWS = 20_000  # of half a kilobyte
MACROS = "articles/_macros.html"


def _facts(view: DeskView) -> Hashable:
    hand = view.hand
    return hand.voices, hand.none_reason, hand.status, hand.words, hand.loaded_language, hand.low


def _attribution(view: DeskView) -> Hashable | None:
    parts = view.parts
    written = parts.attributions or parts.suggestion or parts.earlier or parts.attribute.message
    return None if written else view.article.address


def _note(view: DeskView) -> Hashable | None:
    return None if view.hand.note or view.typed else True


# None: the part shows what somebody wrote, and is rendered each time
KEYS: dict[str, Callable[[DeskView], Hashable | None]] = {
    "annotations/_picks.html": lambda view: view.hand.words,
    "annotations/_facts.html": _facts,
    "annotations/_note.html": _note,
    "attributions/_attribution.html": _attribution,
    "claims/_claim.html": lambda view: None if view.parts.claimed else True,
}


class Still:
    """Renders a part of the card, from memory where its key was met before; `mine` are the ids in its forms."""

    def __init__(self, environment: Environment) -> None:
        self._environment, self._kept = environment, Kept(PARTS)

    def __call__(self, name: str, view: DeskView, chrome: "Chrome", mine: Markup) -> Markup:
        key = KEYS[name](view) if name in KEYS else None
        if key is None:
            return Markup(self._environment.get_template(name).render(view=view, chrome=chrome))  # by a template
        place = (name, key, language.current())
        found: tuple[Markup, Markup] | None = self._kept.get(place)
        if found is None:
            found = self._of_nobody(name, view, chrome)
            self._kept.put(place, found, 1)
        part, nobody = found
        return part.replace(nobody, mine)

    def _of_nobody(self, name: str, view: DeskView, chrome: "Chrome") -> tuple[Markup, Markup]:
        """A part without the ids of a sentence and a visitor, and what stands in their place."""
        given = {
            "view": replace(view, hand=replace(view.hand, uid="", revision=0, request="")),
            "chrome": replace(chrome, visitor=None),
        }
        about = getattr(self._environment.get_template(MACROS).module, "about")  # noqa: B009  # modules have no types
        return Markup(self._environment.get_template(name).render(given)), about(*given.values())


class Drawn:
    """Renders rows of the text and pieces of the strip; those that show only labels come from memory."""

    def __init__(self, environment: Environment) -> None:
        self._environment, self._rows, self._segments = environment, Kept(ROWS), Kept(ROWS)

    @cached_property
    def _macros(self) -> Any:
        return self._environment.get_template(MACROS).module

    def __call__(self, it: RowView | PlainRow, address: str, cut: CutView | None = None) -> Markup:
        """A row with links to its sentence; the words of one that is about to be cut are places for the cut."""
        if isinstance(it, RowView):
            return self._row(it, address, cut)
        if cut is not None and it.n in cut.rows:
            return self._row(it.view, address, cut)
        place = (it.n, it.row, language.current(), address)
        found: Markup | None = self._rows.get(place)
        if found is None:
            found = self._row(it.view, address, None)
            self._rows.put(place, found, 1)
        return found

    def _row(self, it: RowView, address: str, cut: CutView | None) -> Markup:
        drawn: Markup = self._macros.row(it, address, cut)
        return drawn

    def segment(self, it: SegmentView) -> Markup:
        found: Markup | None = self._segments.get(it)
        if found is None:
            found = self._macros.segment(it)
            self._segments.put(it, found, 1)
        return found
