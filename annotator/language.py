"""The language of the interface: one catalogue a language, chosen for each request; what has no translation is English.

`_` marks and translates; `later` only marks, for tables that are built at import. Values go in after translation:
`_("{n} sentences").format(n=3)`.
"""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path

DOMAIN = "annotator"
FOLDER = Path(__file__).parent / "locale"
ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch"}

# not state of the module: each request and each thread has its own value
_chosen: ContextVar[str] = ContextVar("language", default=ENGLISH)


def current() -> str:
    """The code of the language in which the answer at hand is written."""
    return _chosen.get()


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Everything inside is written in this language; an unknown one is English."""
    before = _chosen.set(code if code in LANGUAGES else ENGLISH)
    try:
        yield
    finally:
        _chosen.reset(before)


@cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    return catalogues.translation(DOMAIN, FOLDER, [code], fallback=code == ENGLISH)


def gettext(message: str) -> str:
    return _catalogue(current()).gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    return _catalogue(current()).ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """For a word that is two in other languages."""
    return _catalogue(current()).pgettext(context, message)


def later(message: str) -> str:
    """Marks a text of a table for the catalogue; `_` translates it where it is shown."""
    return message


_ = gettext
WEEKDAYS = (
    later("Monday"), later("Tuesday"), later("Wednesday"), later("Thursday"), later("Friday"), later("Saturday"),
    later("Sunday"),
)  # fmt: skip
MONTHS = (
    later("January"), later("February"), later("March"), later("April"), later("May"), later("June"), later("July"),
    later("August"), later("September"), later("October"), later("November"), later("December"),
)  # fmt: skip
SHORT_WEEKDAYS = (
    later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun"),
)  # fmt: skip
SHORT_MONTHS = (
    later("Jan"), later("Feb"), later("Mar"), later("Apr"), later("May"), later("Jun"), later("Jul"), later("Aug"),
    later("Sep"), later("Oct"), later("Nov"), later("Dec"),
)  # fmt: skip


def weekday(day: date) -> str:
    """“Friday”."""
    return _(WEEKDAYS[day.weekday()])


def short_weekday(day: date) -> str:
    """“Fri”."""
    return _(SHORT_WEEKDAYS[day.weekday()])


def day_of_month(day: date) -> str:
    """“6 November”."""
    return _("{day} {month}").format(day=day.day, month=_(MONTHS[day.month - 1]))


def short_day(day: date) -> str:
    """“6 Nov”."""
    return _("{day} {month}").format(day=day.day, month=_(SHORT_MONTHS[day.month - 1]))


def number(n: int) -> str:
    """“12,000”, with the mark between thousands that the language uses."""
    return f"{n:,}".replace(",", pgettext("between thousands", ","))


def decimal(value: float, places: int = 2) -> str:
    """“0.67”, with the mark before decimals that the language uses."""
    return f"{value:.{places}f}".replace(".", pgettext("before decimals", "."))


def negotiated(accept: str) -> str:
    """The language that suits an Accept-Language header best (RFC 9110, 12.5.4), English where none does."""
    offers: list[tuple[float, int, str]] = []
    for order, part in enumerate(accept.split(",")):
        name, _sep, weight = part.partition(";q=")
        try:
            offers.append((-float(weight or 1), order, name.strip().lower().partition("-")[0]))
        except ValueError:
            continue
    return next((code for weight, _order, code in sorted(offers) if weight < 0 and code in LANGUAGES), ENGLISH)
