"""Canonical JSON (contract, model.md section 3): UTF-8, sorted keys, no spaces, fractions as repr(round(x, 6))."""

import hashlib
import json
import re
from typing import Any

import orjson

EXPONENT = re.compile(rb"e-(?<=[0-9]e-)[0-9]")  # begins with what is rare, so that the search is fast


def encode(value: Any) -> bytes:
    """The canonical bytes of a value whose fractions are rounded already (see `rounded`)."""
    data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if EXPONENT.search(data):  # orjson writes 1e-6 where Python's repr has 1e-06
        data = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return data


def text(value: Any) -> str:
    return encode(value).decode()


def decode(value: str | bytes) -> Any:
    return orjson.loads(value)


def rounded(value: Any) -> Any:
    """The same value with every fraction rounded to six places."""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return [rounded(item) for item in value] if isinstance(value, list | tuple) else value


def sha256(value: str | bytes) -> str:
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()
