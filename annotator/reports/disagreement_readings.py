"""From the rows of the database to sentences with their votes, tens of thousands at a time."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from annotator.domain.disagreements import LABEL_SETS, UNSURE_SET, Reading, Vote
from db.models import Article
from db.queries import disagreements as stored
from db.vocabulary import Status


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector of cycles, which goes through all that is alive each time so many tuples are added.

    A report makes hundreds of thousands and no cycle; that doubles its time. Threads that end together are no matter:
    the collector is on again when the first of them is done.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def readings_of(
    found: stored.Readings,
    articles: Iterable[Article],
    numbers: Mapping[str, int] | None = None,
    *,
    unsure_is_label: bool = False,
) -> list[Reading]:
    """Sentences with their votes; `numbers` where they are not all live sentences.

    Thousands of rows: they are unpacked, not asked for their columns by name.
    """
    about = {article.id: (article.uid, article.text) for article in articles}
    votes = _votes(found, unsure_is_label)
    counted: Counter[int] = Counter()
    readings = []
    for key, uid, article_id, start, end, gold, method in found.sentences:
        counted[article_id] += 1
        article, text = about[article_id]
        number = numbers[uid] if numbers else counted[article_id]
        said = votes[key]
        said.sort(key=BY_REVIEWER)
        readings.append(Reading(uid, article, number, text[start:end], tuple(said), gold, method))
    return readings


BY_REVIEWER = itemgetter(0)


def _votes(found: stored.Readings, unsure_is_label: bool) -> dict[int, list[Vote]]:
    """What people said of each sentence, by its key. Whoever says the same of many sentences has one vote for all."""
    known: dict[tuple[Any, ...], Vote] = {}
    votes: dict[int, list[Vote]] = {row[0]: [] for row in found.sentences}
    for row in found.answers:
        here, said = votes.get(row[0]), row[2:]
        if here is not None and said[0] in found.people:
            vote = known.get(said)
            if vote is None:
                vote = known[said] = _vote(found.people[said[0]], said, unsure_is_label)
            here.append(vote)
    return votes


def _vote(reviewer: str, said: tuple[Any, ...], unsure_is_label: bool) -> Vote:
    _, status, claim, quote, opinion, claim_voice, opinion_voice, none_reason, loaded, confidence, note = said
    chosen = UNSURE_SET if unsure_is_label and status == Status.UNSURE else LABEL_SETS[claim, quote, opinion]
    return Vote(reviewer, status, chosen, claim_voice, opinion_voice, none_reason, bool(loaded), confidence, note)
