"""One record of JSONL or CSV, `text` or `html` and what is said about it -> an article."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotator.domain import evidence
from annotator.errors import Invalid
from annotator.intake import fields, html
from annotator.intake.clean import clean_text, refuse_unstorable
from annotator.intake.incoming import Incoming
from db.vocabulary import ImportFormat

KNOWN = (
    "id", "title", "text", "html", "url", "publisher", "byline", "published", "language", "license", "rights_note",
)  # fmt: skip


def incoming(record: Mapping[str, Any], kind: ImportFormat, line: int | None) -> Incoming:
    """The article that a record describes; what it says wins over what its page says. Raises Invalid with the field."""
    for name in record:
        refuse_unstorable(name)
    found = _bare(record, kind)
    url = fields.address(record, "url")
    return replace(
        found,
        line=line,
        external_id=fields.identifier(record, "id"),
        title=fields.words(record, "title") or found.title,
        url=url or found.url,
        canonical_url=evidence.canonical_url(url) if url else found.canonical_url,
        publisher=fields.words(record, "publisher") or found.publisher,
        byline=fields.names(record, "byline") or found.byline,
        published=fields.partial_date(record, "published") or found.published,
        language=fields.language(record, "language", default=found.language),
        language_given=found.language_given or fields.words(record, "language") is not None,
        license=fields.words(record, "license"),
        rights_note=fields.words(record, "rights_note"),
        unknown=(*sorted(record.keys() - set(KNOWN)), *(f"html: {name}" for name in found.unknown)),
    )


def _bare(record: Mapping[str, Any], kind: ImportFormat) -> Incoming:
    """The text alone, or the page with what it says of itself."""
    given = [name for name in ("text", "html") if record.get(name) is not None]
    if not given:
        raise Invalid("is missing", field="text")
    if len(given) > 1:
        raise Invalid("stands beside text: a record has one of both", field="html")
    source = record[given[0]]
    if not isinstance(source, str):
        raise Invalid("must be text", field=given[0])
    if given == ["html"]:
        return replace(html.incoming(source, field="html"), format=kind)
    return Incoming(clean_text(source, field="text"), kind)
