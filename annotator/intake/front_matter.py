"""Front matter: lines `key: value` and plain lists between two lines of --- at the top of a Markdown file."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.domain import evidence
from annotator.errors import Invalid
from annotator.intake import fields
from annotator.intake.incoming import Incoming
from db.vocabulary import ImportFormat

OTHER_NAMES = {
    "author": "byline", "authors": "byline", "date": "published", "lang": "language", "licence": "license",
    "canonical": "url", "canonical_url": "url",
}  # fmt: skip
KNOWN = ("id", "title", "url", "publisher", "byline", "published", "language", "license", "rights_note")
OPEN = re.compile(r"---[ \t]*\n")
CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE)
ENTRY = re.compile(r"([\w][\w. -]*?)[ \t]*:(?:[ \t]+(.*))?")
ITEM = re.compile(r"[ \t]*-[ \t]+(.*)")
COMMENT = re.compile(r"[ \t]*(?:#.*)?")
BLOCK_TEXT = re.compile(r"[|>][+-]?\d?")


class Unreadable(Exception):
    """A line of front matter that cannot be read: where it stands in the file, its field, the reason."""

    def __init__(self, line: int, field: str | None, message: str) -> None:
        super().__init__(message)
        self.line, self.field, self.message = line, field, message


Entries = dict[str, tuple[int, Any]]


def parted(text: str) -> tuple[list[str], str]:
    """The lines of the front matter, the text below; a first --- is a rule when nothing closes it or prose follows."""
    opened = OPEN.match(text)
    closed = CLOSE.search(text, opened.end()) if opened else None
    if opened is None or closed is None:
        return [], text
    lines = text[opened.end() : closed.start()].split("\n")[:-1]
    first = next((line for line in lines if not COMMENT.fullmatch(line)), "")
    return (lines, text[closed.end() :]) if not first or ENTRY.fullmatch(first) else ([], text)


def about(lines: Sequence[str]) -> Incoming:
    """What the lines say about an article whose text is to come. Raises Unreadable with line and field."""
    found = entries(lines)
    record: dict[str, Any] = {}
    key: str | None
    for key, (line, value) in found.items():
        name = OTHER_NAMES.get(key, key)
        if name in record:
            raise Unreadable(line, key, f"says {name} a second time")
        record[name] = value
    try:
        return _incoming(record)
    except Invalid as error:
        line, key = next(
            ((line, key) for key, (line, _) in found.items() if OTHER_NAMES.get(key, key) == error.field),
            (1, error.field),
        )
        raise Unreadable(line, key, error.message) from error


def _incoming(record: Mapping[str, Any]) -> Incoming:
    url = fields.address(record, "url")
    return Incoming(
        "",
        ImportFormat.MD,
        external_id=fields.identifier(record, "id"),
        title=fields.words(record, "title"),
        url=url,
        canonical_url=evidence.canonical_url(url) if url else None,
        publisher=fields.words(record, "publisher"),
        byline=fields.names(record, "byline"),
        published=fields.day(record, "published"),
        language=fields.language(record, "language"),
        language_given=fields.words(record, "language") is not None,
        license=fields.words(record, "license"),
        rights_note=fields.words(record, "rights_note"),
        unknown=tuple(sorted(record.keys() - set(KNOWN))),
    )


def entries(lines: Sequence[str]) -> Entries:
    """Each key with its line (the fence is line 1) and its value. Raises Unreadable."""
    found: Entries = {}
    key: str | None = None
    for number, line in enumerate(lines, start=2):
        item, entry = ITEM.fullmatch(line), ENTRY.fullmatch(line)
        if COMMENT.fullmatch(line):
            continue
        if entry and not line[0].isspace():
            key = entry[1].lower()
            if key in found:
                raise Unreadable(number, key, "comes twice")
            found[key] = (number, _value(key, number, (entry[2] or "").strip()))
        elif key is None or not _is_known(key):
            continue  # the key is named as unknown, with all that is below it
        elif item and isinstance(found[key][1], list | None):
            found[key] = (found[key][0], [*(found[key][1] or []), _bare(item[1])])
        else:
            raise Unreadable(number, key, "is more than a line or a plain list of lines “- value”")
    return found


def _is_known(key: str) -> bool:
    return OTHER_NAMES.get(key, key) in KNOWN


def _value(key: str, line: int, value: str) -> Any:
    """Words, a list in brackets, or None for nothing; what an unknown key says is not looked at."""
    if not value or not _is_known(key):
        return None
    if BLOCK_TEXT.fullmatch(value):
        raise Unreadable(line, key, "is a text of several lines, which is not read here")
    if value.startswith("[") and value.endswith("]"):
        return [_bare(part) for part in value[1:-1].split(",") if part.strip()]
    return _bare(value)


def _bare(value: str) -> str:
    """A value without the quotation marks round it, or without the comment behind it."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        inner = value[1:-1]
        return inner.replace("''", "'") if value[0] == "'" else inner.replace('\\"', '"').replace("\\\\", "\\")
    return re.split(r"[ \t]#", value, maxsplit=1)[0].rstrip()
