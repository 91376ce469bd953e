"""What an export was limited to, as its manifest names it, and whether its lines keep to that."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from db.queries.selection import EVERYTHING, Selection
from db.vocabulary import Label, Status

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SPLIT = "split"  # which part of a split an export is: one more filter, of articles
SHAPES = {
    "articles": lambda value: _ids(value, "art_"),
    "complete_only": lambda value: value is True,
    "gold_only": lambda value: value is True,
    "labels": lambda value: _listed(value) and set(value) <= set(map(str, Label)),
    "published_from": lambda value: isinstance(value, str) and DAY.fullmatch(value) is not None,
    "published_to": lambda value: isinstance(value, str) and DAY.fullmatch(value) is not None,
    "reviewers": lambda value: _ids(value, "rev_"),
    SPLIT: lambda value: isinstance(value, dict) and value.keys() == {"name", "ratios", "seed"},
}
Line = Mapping[str, Any]


def named(selection: Selection) -> dict[str, Any]:
    """The filters of a manifest: only those that are set, lists sorted; empty for the whole corpus."""
    found: dict[str, Any] = {}
    for field in fields(selection):
        value = getattr(selection, field.name)
        if value != getattr(EVERYTHING, field.name):
            found[field.name] = sorted(map(str, value)) if isinstance(value, tuple) else value
    return found


def fit(filters: Any) -> bool:
    """Whether a manifest's filters are ones that this program writes."""
    return (
        isinstance(filters, dict)
        and bool(filters)
        and all(name in SHAPES and SHAPES[name](value) for name, value in filters.items())
    )


def problems(filters: Mapping[str, Any], article: Line, sentences: Sequence[Line]) -> Iterator[str]:
    """What of an article the filters should have left out."""
    if article["id"] not in filters.get("articles", [article["id"]]):
        yield "articles: it is not one of them"
    yield from _days(filters, article["published"])
    kept = False
    for sentence in sentences:
        kept = kept or bool(sentence["annotations"]) or sentence["gold"] is not None
        yield from (f"{message}: sentence {sentence['ordinal']}" for message in _judged(filters, sentence))
    if not kept and filters.keys() & {"labels", "reviewers", "gold_only", "complete_only"}:
        yield "it keeps no annotation and no gold"


def _days(filters: Mapping[str, Any], published: str | None) -> Iterator[str]:
    since, until = filters.get("published_from"), filters.get("published_to")
    if since is not None and (published is None or published < since[: len(published)]):
        yield "published_from: it is not that young"
    if until is not None and (published is None or published > until[: len(published)]):
        yield "published_to: it is not that old"


def _judged(filters: Mapping[str, Any], sentence: Line) -> Iterator[str]:
    annotations = sentence["annotations"]
    if "gold_only" in filters and annotations:
        yield "gold_only: a reviewer's annotation"
    if "complete_only" in filters and any(found["status"] != Status.COMPLETE for found in annotations):
        yield "complete_only: an annotation that is not"
    if any(found["reviewer_id"] not in filters.get("reviewers", [found["reviewer_id"]]) for found in annotations):
        yield "reviewers: an annotation by another one"
    judged = [*annotations, *filter(None, [sentence["gold"]])]
    wanted = set(filters.get("labels", ()))
    if wanted and judged and not any(wanted & set(found["labels"]) for found in judged):
        yield "labels: a judged sentence that nobody gave one of them"


def _listed(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, str) for one in value)
        and value == sorted(set(value))
    )


def _ids(value: Any, prefix: str) -> bool:
    return _listed(value) and all(re.fullmatch(prefix + "[0-9a-f]{16}", one) for one in value)
