"""From the rows of the database to sentences with their votes, tens of thousands at a time."""

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from annotator.domain.disagreements import LABEL_SETS, UNSURE_SET, Difference, Reading, Vote
from db.models import Article
from db.queries import disagreements as stored
from db.vocabulary import Status

UNCOUNTED = -1


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


class Votes(NamedTuple):
    """All votes on some sentences: those on one beside each other, by reviewer."""

    votes: list[Vote]  # who says the same of many sentences has one vote for all
    ends: list[int]  # where those on each sentence end
    said: list[int]  # of each vote, a number of its own for what makes a difference; UNCOUNTED for one that makes none
    guidelines: frozenset[int]  # that they were given under


def votes_of(found: stored.Readings, *, unsure_is_label: bool = False) -> Votes:
    """What people said of the sentences, in the order of the sentences."""
    places = {row[0]: place for place, row in enumerate(found.sentences)}
    said = [(guideline, answer, note) for _, guideline, answer, note in found.answers]
    kinds = list(dict.fromkeys(said))
    number = {kind: place for place, kind in enumerate(kinds)}
    votes = [_vote(found.people, stored.answer(answer), note, unsure_is_label) for _, answer, note in kinds]
    people = {uid: rank for rank, uid in enumerate(sorted(found.people.values()))}
    rank = np.array([people.get(vote.reviewer, -1) for vote in votes], np.intp)  # those of machines do not count
    kind = np.array([number[one] for one in said], np.intp)
    place = np.array([places.get(row[0], -1) for row in found.answers], np.intp)
    kept = np.flatnonzero((place >= 0) & (rank[kind] >= 0))
    kept = kept[np.lexsort((rank[kind[kept]], place[kept]))]
    ends = np.cumsum(np.bincount(place[kept], minlength=len(places)))
    chosen = kind[kept].tolist()
    ways = {one: number for number, one in enumerate(dict.fromkeys(vote[2:6] for vote in votes))}
    way = [ways[vote[2:6]] if vote.counts else UNCOUNTED for vote in votes]
    guidelines = frozenset(kinds[one][0] for one in set(chosen))
    return Votes([votes[one] for one in chosen], ends.tolist(), [way[one] for one in chosen], guidelines)


def _vote(people: Mapping[int, str], said: stored.Answer, note: str | None, unsure_is_label: bool) -> Vote:
    chosen = LABEL_SETS[said.is_claim, said.is_quote, said.is_opinion]
    if unsure_is_label and said.status == Status.UNSURE:
        chosen = UNSURE_SET
    return Vote(
        people.get(said.reviewer_id, ""), said.status, chosen, said.claim_voice, said.opinion_voice, said.none_reason,
        said.loaded_language, said.confidence, note,
    )  # fmt: skip


def readings_of(
    found: stored.Readings,
    articles: Iterable[Article],
    numbers: Mapping[str, int] | None = None,
    *,
    votes: Votes | None = None,
) -> list[Reading]:
    """Sentences with their votes; `numbers` where they are not all live sentences."""
    about = {article.id: (article.uid, article.text) for article in articles}
    votes = votes or votes_of(found)
    counted: Counter[int] = Counter()
    known: dict[frozenset[int], Difference] = {}
    readings, first = [], 0
    for (_key, uid, article_id, start, end, gold, method), last in zip(found.sentences, votes.ends, strict=True):
        counted[article_id] += 1
        article, text = about[article_id]
        number = numbers[uid] if numbers else counted[article_id]
        answers, said = tuple(votes.votes[first:last]), frozenset(votes.said[first:last])
        if said in known:
            about_it = uid, article, number, text[start:end], answers, gold, method, answers, known[said]
            readings.append(Reading._make(about_it))
        else:
            readings.append(Reading(uid, article, number, text[start:end], answers, gold, method))
            if UNCOUNTED not in said:
                known[said] = readings[-1].difference
        first = last
    return readings
