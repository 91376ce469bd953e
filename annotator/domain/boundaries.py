"""How far reviewers agree on where sentences end, where a merge or split came between their answers.

The units are the places at which any reviewer's sentence ends. A reviewer says yes where a sentence they labelled ends,
no where one goes on, and nothing where they have labelled none. Alpha over these is high only if the cuts changed
little; nobody chose the boundaries freely, so it tells how far labels rest on the same sentences.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from annotator.domain import agreement
from annotator.domain.ratings import Ratings
from annotator.language import later

SAME = later("every reviewer has labelled the same sentences: no merge or split came between their answers")

Seen: TypeAlias = Sequence[Any]
"""What a reviewer has labelled: article, reviewer, start, end, whether it is live; the newest first."""


def boundaries(rows: Iterable[Seen]) -> Ratings:
    """Who saw a sentence end where; empty when all saw the same."""
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for article, reviewer, start, end, _ in rows:
        own = spans.setdefault((article, reviewer), [])
        if _around(own, start + 1) is None and _around(own, end) is None and not _inside(own, start, end):
            insort(own, (start, end))  # of one place the newest sentence is the answer
    ends: dict[str, set[int]] = {}
    for (article, _), own in spans.items():
        ends.setdefault(article, set()).update(end for _, end in own)
    given = [
        (f"{article}:{end:09}", reviewer, "yes" if span[1] == end else "no")
        for (article, reviewer), own in spans.items()
        for end in ends[article]
        if (span := _around(own, end))
    ]
    if all(answer == "yes" for *_, answer in given):
        given = []
    return agreement.ratings_of(given, declared=("no", "yes"))


def _around(own: Sequence[tuple[int, int]], place: int) -> tuple[int, int] | None:
    """The span that holds the character before a place; `own` is in order and has no two that overlap."""
    at = bisect_left(own, (place, 0)) - 1
    return own[at] if at >= 0 and own[at][1] >= place else None


def _inside(own: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether a span begins between two places."""
    at = bisect_left(own, (start, 0))
    return at < len(own) and own[at][0] < end
