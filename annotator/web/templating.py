"""The template environment: Jinja, with translations and names at the price of a dictionary.

A label's answer is small and looks up some hundred names and sentences, so what Jinja does for each of them in Python
was a third of what rendering cost.
"""

from collections.abc import MutableMapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from annotator import language

SENTENCES = 4096  # of the interface, in all languages; there are 1,600 in one


class Templates(Environment):
    """Escapes everything, knows no undefined name, never reloads."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            extensions=["jinja2.ext.i18n"],
        )
        self.newstyle_gettext = True
        self.globals |= {"_": gettext, "gettext": gettext, "ngettext": ngettext, "pgettext": pgettext}

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names of a template: one dictionary, where Jinja chains two and asks both in Python."""
        return {**self.globals, **d} if d else self.globals


def gettext(message: str, /, **values: Any) -> Markup:
    """A translated text of a template; its values are escaped."""
    return Markup(language.gettext(message)) % values if values else _plain(language.current(), message)


@lru_cache(SENTENCES)
def _plain(_code: str, message: str) -> Markup:
    """A text without values; %% in it is one per cent sign, as in those with values."""
    return Markup(language.gettext(message)) % {}


def ngettext(one: str, many: str, n: int, /, **values: Any) -> Markup:
    return Markup(language.ngettext(one, many, n)) % {"num": n, **values}


def pgettext(context: str, message: str, /, **values: Any) -> Markup:
    return Markup(language.pgettext(context, message)) % {"context": context, **values}
