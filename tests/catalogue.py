"""The catalogue of the interface's text: python -m tests.catalogue brings every language up to the sources.

A new text has no translation yet: write it into annotator/locale/CODE/LC_MESSAGES/annotator.po and run it again.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from annotator.language import DOMAIN, ENGLISH, FOLDER, LANGUAGES

ROOT = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "later": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
TRANSLATED = [code for code in LANGUAGES if code != ENGLISH]


def extracted() -> Catalog:
    """Every text that the sources mark, in the order of the files."""
    catalogue = Catalog(domain=DOMAIN, charset="utf-8")
    for file, _line, message, _comments, context in _messages():
        catalogue.add(message, None, [(file, 0)], context=context)
    return catalogue


def _messages() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    folder = ROOT / "annotator"
    yield from extract_from_dir(folder, METHODS, OPTIONS, KEYWORDS)


def po(code: str) -> Path:
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def stored(code: str) -> Catalog:
    with po(code).open("rb") as file:
        return read_po(file, locale=code, domain=DOMAIN)


def compiled(catalogue: Catalog) -> bytes:
    """The bytes that the program reads; the same for the same texts."""
    catalogue.project, catalogue.version = "annotator", "1"
    catalogue.creation_date = catalogue.revision_date = EPOCH
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def untranslated(catalogue: Catalog) -> list[str]:
    """The texts that have no translation yet; of a plural, one for every form."""
    return [str(m.id) for m in catalogue if m.id and not all(m.string if isinstance(m.string, tuple) else (m.string,))]


def main() -> None:
    for code in TRANSLATED:
        path = po(code)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = stored(code) if path.exists() else Catalog(locale=code, domain=DOMAIN, charset="utf-8")
        catalogue.update(extracted(), no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=120, omit_header=True, sort_output=True, no_location=True)
        path.with_suffix(".mo").write_bytes(compiled(stored(code)))
        missing = untranslated(catalogue)
        sys.stdout.write(f"{code}: {len(catalogue)} texts, {len(missing)} without a translation\n")
        for text in missing:
            sys.stdout.write(f"  {text!r}\n")


if __name__ == "__main__":
    main()
