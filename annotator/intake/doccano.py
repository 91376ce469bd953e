"""doccano JSONL, sequence labelling and text classification: an article a line, labels by whom the file is named after.

doccano writes a file an annotator, named after them; an entry that names its own `user` wins. Places are code points.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from annotator.errors import Invalid
from annotator.intake import jsonl, labelled
from annotator.intake.clean import decode
from annotator.intake.incoming import GivenLabels, Incoming, Rejected
from annotator.intake.labelled import NO_PLACE, Places, Reading

LABELS = ("label", "labels", "entities", "annotations", "cats")
WHO = ("user", "annotator", "username")
OURS = (*LABELS, *WHO, "id", "text", "data", "relations", "Comments", "comments", "annotation_approver", "meta")
RELATIONS, COMMENTS = "relations between spans", "comments"
APPROVER = "names of those who approved a text"
OTHER_ENTRY = "entries that are no span, no label of a text and no class"
NOBODY = "doccano"


def is_doccano(data: bytes, reading: Reading) -> bool:
    """Whether the first record has spans as doccano writes them, or labels of a text that have a name here."""
    first = next((line for _, line in jsonl.lines(data) if line.strip()), b"")
    try:
        given = jsonl.parse(decode(first))
    except Invalid:
        return False
    known = set(labelled.WORDS) | set(reading.names)
    return any(
        _is_span(entry) or (isinstance(entry, str) and entry.casefold() in known)
        for name in LABELS
        if isinstance(given.get(name), list)
        for entry in given[name]
    )


def _is_span(entry: Any) -> bool:
    if isinstance(entry, list):
        return len(entry) == 3 and type(entry[0]) is type(entry[1]) is int
    return isinstance(entry, dict) and "start_offset" in entry


def read(data: bytes, reading: Reading, file: str | None = None) -> Iterator[Incoming | Rejected]:
    """The articles of a file in order, or why there is none; `reading` says what the labels are called here."""
    found = [
        _record(number, offset, line, reading, file)
        for number, (offset, line) in enumerate(jsonl.lines(data), start=1)
        if line.strip()
    ]
    refusal = reading.refusal() if found else "there is no record in it"
    yield from [Rejected(None, "labels" if found else None, refusal)] if refusal else found


def _record(number: int, offset: int, line: bytes, reading: Reading, file: str | None) -> Incoming | Rejected:
    raw = None
    try:
        raw = decode(line, offset=offset)
        given = jsonl.parse(raw)
        text = given.get("text", given.get("data"))
        if not isinstance(text, str):
            raise Invalid("is missing", field="text")
        about = labelled.article(given, text, None, OURS, number)
        lost: Counter[str] = Counter()
        labels = tuple(_labels(given, text, about.text, reading, file, lost))
        return replace(about, labels=labels, lost=dict(lost))
    except Invalid as error:
        return Rejected(number, error.field, error.message, raw)


def _labels(
    given: Mapping[str, Any], raw: str, text: str, reading: Reading, file: str | None, lost: Counter[str]
) -> Iterator[GivenLabels]:
    places, somebody = Places(raw), _who(given) or (PurePath(file).stem if file else NOBODY)
    for kind, names in ((RELATIONS, ("relations",)), (COMMENTS, ("Comments", "comments"))):
        found = sum(len(given[name]) for name in names if isinstance(given.get(name), list))
        lost.update({kind: found} if found else {})
    lost.update({APPROVER: 1} if given.get("annotation_approver") else {})
    for entry in _entries(given):
        name, span = _entry(entry, places, len(text))
        if name is None:
            lost[OTHER_ENTRY] += 1
            continue
        words = reading.words([name])
        if not words:
            lost[labelled.other_label(str(name))] += 1
        elif span is None:
            lost[NO_PLACE] += 1
        else:
            yield GivenLabels((_who(entry) if isinstance(entry, dict) else None) or somebody, *span, words)


def _entries(given: Mapping[str, Any]) -> Iterator[Any]:
    for name in LABELS:
        value = given.get(name)
        if isinstance(value, dict):  # classes with a truth or score each
            yield from (label for label, is_so in value.items() if is_so is True or is_so == 1)
        elif isinstance(value, list):
            yield from value
        elif isinstance(value, str):
            yield value


def _entry(entry: Any, places: Places, length: int) -> tuple[Any, tuple[int, int] | None]:
    """The label of an entry and where it stands; no label for what is none."""
    if isinstance(entry, list) and len(entry) == 3:
        return entry[2], places.span(dict(enumerate(entry)), utf16=False, names=(0, 1))
    if isinstance(entry, dict) and "label" in entry:
        if "start_offset" not in entry:
            return entry["label"], (0, length)
        return entry["label"], places.span(entry, utf16=False, names=("start_offset", "end_offset"))
    return (entry, (0, length)) if isinstance(entry, str) else (None, None)


def _who(given: Mapping[str, Any]) -> str | None:
    """The annotator that a record or an entry names: by name, or by doccano's number."""
    value = next((given[name] for name in WHO if given.get(name) is not None), None)
    if type(value) is int:
        return f"doccano user {value}"
    return value.strip() or None if isinstance(value, str) else None
