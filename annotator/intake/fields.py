"""What is said about an article, field by field: typed, trimmed, refused in words."""

import re
from collections.abc import Mapping
from typing import Any

from annotator.domain import evidence
from annotator.errors import Invalid
from annotator.intake import limits
from annotator.intake.clean import refuse_unstorable

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
DEFAULT_LANGUAGE = "en"
MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ]\d{2}:\d{2}.*", re.DOTALL)


def words(record: Mapping[str, Any], name: str) -> str | None:
    """A line of text without edge white space; None where there is none."""
    value = record.get(name)
    return None if value is None else _words(value, name)


def _words(value: Any, name: str) -> str | None:
    if not isinstance(value, str):
        raise Invalid(f"must be text, not {_kind(value)}", field=name)
    refuse_unstorable(value, field=name)
    if len(value) > limits.FIELD_CODE_POINTS:
        message = f"has {len(value):,} characters, {limits.FIELD_CODE_POINTS:,} are the most"
        raise Invalid(message, field=name)
    return value.strip() or None


def identifier(record: Mapping[str, Any], name: str) -> str | None:
    """Text or a whole number as text."""
    value = record.get(name)
    return str(value) if type(value) is int else words(record, name)


def names(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """One name or a list of names."""
    value = record.get(name)
    if value is None:
        return ()
    listed = value if isinstance(value, list) else [value]
    return tuple(found for item in listed if (found := _words(item, name)) is not None)


def address(record: Mapping[str, Any], name: str) -> str | None:
    """A web address; it is only stored, never fetched."""
    return evidence.address(words(record, name) or "", name)


def partial_date(record: Mapping[str, Any], name: str) -> str | None:
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    return evidence.partial_date(words(record, name), name)


def day(record: Mapping[str, Any], name: str) -> str | None:
    """A partial date; of a point in time its day as written."""
    value = words(record, name)
    moment = MOMENT.fullmatch(value or "")
    return evidence.partial_date(moment[1] if moment else value, name)


def language(record: Mapping[str, Any], name: str, *, default: str = DEFAULT_LANGUAGE) -> str:
    """A language tag such as en or pt-BR; the default where none is given."""
    value = words(record, name)
    if value is not None and not LANGUAGE.fullmatch(value):
        raise Invalid("must be a language tag such as en or pt-BR", field=name)
    return value or default


def _kind(value: Any) -> str:
    kinds: dict[type, str] = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return kinds.get(type(value), "an object")
