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
        if _before(own, end)[1] <= start:
            insort(own, (start, end))  # of one place the newest sentence is the answer
    ends: dict[str, set[int]] = {}
    for (article, _), own in spans.items():
        ends.setdefault(article, set()).update(end for _, end in own)
    given = [
        (f"{article}:{end:09}", reviewer, "yes" if last == end else "no")
        for (article, reviewer), own in spans.items()
        for end in ends[article]
        if (last := _before(own, end)[1]) >= end
    ]
    if all(answer == "yes" for *_, answer in given):
        given = []
    return agreement.ratings_of(given, declared=("no", "yes"))


def _before(own: Sequence[tuple[int, int]], place: int) -> tuple[int, int]:
    """The last span that begins before a place, an empty one if none does; `own` is in order, no two overlap."""
    at = bisect_left(own, (place, 0))
    return own[at - 1] if at else (0, 0)
