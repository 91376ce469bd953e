"""Parts of the annotate page that many answers share, rendered once and then taken from memory.

A part of the card is the same for most sentences, apart from the ids in its forms: it is kept under a key that says all
that it shows, and given the ids of the sentence in hand. A row of the text is the same until its labels change.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from annotator import language
from annotator.web.chrome import Chrome
from annotator.web.views.cuts import CutView
from annotator.web.views.desk import ArticleView, DeskView
from annotator.web.views.rows import PlainRow, RowView
from annotator.web.views.windows import SegmentView
from db.kept import Kept

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

    def __call__(self, name: str, view: DeskView, chrome: Chrome, mine: Markup) -> Markup:
        key = KEYS[name](view) if name in KEYS else None
        if key is None:
            return Markup(self._environment.get_template(name).render(view=view, chrome=chrome))  # by a template
        place = (name, key, view.keys, language.current())
        found: tuple[Markup, Markup] | None = self._kept.get(place)
        if found is None:
            found = self._of_nobody(name, view, chrome)
            self._kept.put(place, found, 1)
        part, nobody = found
        return part.replace(nobody, mine)

    def _of_nobody(self, name: str, view: DeskView, chrome: Chrome) -> tuple[Markup, Markup]:
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
        self._environment = environment
        self._plain = lru_cache(ROWS)(self._draw)
        self._segment = lru_cache(ROWS)(lambda it: self._macros.segment(it))

    @cached_property
    def _macros(self) -> Any:
        return self._environment.get_template(MACROS).module

    def __call__(self, rows: Iterable[RowView | PlainRow], article: ArticleView, cut: CutView | None = None) -> Markup:
        """Rows with links to their sentences; the words of one that is about to be cut are places for the cut."""
        code = language.current()
        drawn = (
            self._plain(it, article, code)
            if isinstance(it, PlainRow) and not (cut and it.n in cut.rows)
            else self._macros.row(it.view if isinstance(it, PlainRow) else it, article, cut)
            for it in rows
        )
        return Markup("".join(drawn))  # by a template

    def _draw(self, it: PlainRow, article: ArticleView, _code: str) -> Markup:
        drawn: Markup = self._macros.row(it.view, article)
        return drawn

    def strip(self, segments: Iterable[SegmentView]) -> Markup:
        return Markup("".join(map(self._segment, segments)))  # by a template
