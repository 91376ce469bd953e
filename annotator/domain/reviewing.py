"""How one reviewer works: how long a sentence takes them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any, TypeAlias

LONGEST_GAP = 300.0  # seconds: who saves nothing for longer is taken to have left


Moment: TypeAlias = Sequence[Any]
"""One saved change by the reviewer whose annotation it is: reviewer, article, sentence, time in RFC 3339.

A plain row, as there are thousands.
"""


def seconds_per_sentence(moments: Iterable[Moment]) -> dict[str, float]:
    """The median time a sentence took, by reviewer.

    The time from one saved change to the next of the same reviewer in the same article belongs to the sentence of the
    later one; gaps over five minutes are left out. A sentence without such a gap has no time.
    """
    spent: dict[str, dict[int, float]] = {}
    for (reviewer, _), group in groupby(sorted(moments, key=itemgetter(0, 1, 3)), itemgetter(0, 1)):
        own = spent.setdefault(reviewer, {})
        last = None
        for _, _, sentence, at in group:
            now = datetime.fromisoformat(at)
            gap = (now - last).total_seconds() if last else LONGEST_GAP + 1
            if gap <= LONGEST_GAP:
                own[sentence] = own.get(sentence, 0.0) + gap
            last = now
    return {reviewer: median(own.values()) for reviewer, own in spent.items() if own}
