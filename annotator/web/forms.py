"""Form fields as typed values; what does not fit is refused with the field's name."""

import re
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import FormData, QueryParams, UploadFile

from annotator.errors import Invalid
from annotator.language import gettext as _

Word = TypeVar("Word", bound=StrEnum)
TEXT_LIMIT = 10_000
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Fields:
    """The fields of a form or an address; of a field that comes twice (a default and a ticked box) the last counts."""

    def __init__(self, form: FormData | QueryParams) -> None:
        self._form = form

    def __contains__(self, name: str) -> bool:
        return name in self._form

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Every text field with its value, in the order of the form."""
        return [(name, value) for name, value in self._form.multi_items() if isinstance(value, str)]

    def all(self, name: str) -> list[str]:
        return [value for value in self._form.getlist(name) if isinstance(value, str)]

    def files(self, name: str) -> list[UploadFile]:
        return [value for value in self._form.getlist(name) if isinstance(value, UploadFile)]

    def text(self, name: str, *, limit: int = TEXT_LIMIT) -> str:
        """The text of a field with CRLF as LF, "" where it is missing."""
        values = self.all(name)
        value = values[-1].replace("\r\n", "\n") if values else ""
        if len(value) > limit:
            raise Invalid(_("This text is longer than {n} characters.").format(n=limit), field=name)
        if UNSTORABLE.search(value):
            raise Invalid(_("This text has characters that cannot be stored."), field=name)
        return value

    def optional(self, name: str) -> str | None:
        """The trimmed text of a field, None where there is none."""
        return self.text(name).strip() or None

    def number(self, name: str) -> int | None:
        """A whole number, None where there is none."""
        value = self.text(name).strip()
        if value and not (value.isascii() and value.isdigit() and len(value) < 16):
            raise Invalid(_("This must be a whole number."), field=name)
        return int(value) if value else None

    def word(self, name: str, words: type[Word]) -> Word | None:
        """A word of the vocabulary, None where there is none."""
        value = self.text(name).strip()
        if not value:
            return None
        found = next((word for word in words if word == value), None)
        if found is None:
            said = _("“{word}” is not one of {words}.").format(word=value[:40], words=", ".join(words))
            raise Invalid(said, field=name)
        return found

    def ticked(self, name: str) -> bool | None:
        """A tick box with a hidden 0 before it; None where the form does not have it."""
        return self.text(name) not in ("", "0") if name in self else None
