"""Where reviewers differ, how, and in what order to look: over votes, without a database."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from annotator.domain import agreement
from annotator.domain import labels as label_rules
from annotator.domain.agreement import Ratings
from annotator.domain.counts import Counts
from annotator.domain.labels import NONE, UNSURE
from annotator.domain.ratings import MISSING, Indices
from annotator.language import gettext as _
from annotator.language import later, number
from db.vocabulary import Label, Status

NUMBERS = (
    later("no"), later("one"), later("two"), later("three"), later("four"), later("five"), later("six"), later("seven"),
    later("eight"), later("nine"), later("ten"), later("eleven"), later("twelve"),
)  # fmt: skip
DECLARED = (*map(str, Label), NONE)
COMPLETE = str(Status.COMPLETE)
UNSURE_SET = frozenset({UNSURE})  # of an unsure answer where that counts as a label
# (claim, quote, opinion) -> the label set; one object each, so that thousands of votes share eight
LABEL_SETS = {
    flags: frozenset(itertools.compress(map(str, (Label.CLAIM, Label.QUOTE, Label.OPINION)), flags))
    or frozenset({NONE})
    for flags in itertools.product((False, True), repeat=3)
}


class Vote(NamedTuple):
    """What one reviewer says of one sentence; a tuple, because a report makes thousands."""

    reviewer: str  # uid
    status: str
    label_set: frozenset[str]  # none is a set of its own
    claim_voice: str | None = None
    opinion_voice: str | None = None
    none_reason: str | None = None
    loaded_language: bool = False
    confidence: str | None = None
    note: str | None = None

    @property
    def counts(self) -> bool:
        """Only a decided answer counts, and an unsure one where that is a label; drafts and others are missing."""
        return self.status == Status.COMPLETE or UNSURE in self.label_set

    @property
    def is_unsure(self) -> bool:
        """Seen, but not decided."""
        return self.status == Status.UNSURE

    @property
    def labels(self) -> frozenset[str]:
        """The labels alone, without none and unsure."""
        return self.label_set - {NONE, UNSURE}

    @property
    def voices(self) -> tuple[str | None, str | None]:
        """Of the claim, of the opinion."""
        return self.claim_voice, self.opinion_voice


class Difference(IntEnum):
    """How the complete answers to one sentence differ; the higher, the earlier it is looked at."""

    NOTHING = 0
    NONE_REASON = 1
    VOICES = 2
    LABELS = 3


class _Reading(NamedTuple):
    sentence: str  # uid
    article: str  # uid
    ordinal: int
    text: str
    votes: tuple[Vote, ...]
    gold: str | None  # status of the gold annotation
    method: str | None  # how it came about
    counted: tuple[Vote, ...]  # the complete ones
    difference: Difference


class Reading(_Reading):
    """One live sentence and what every reviewer said of it; `ordinal` counts from 1 within the article.

    A tuple, because a report makes tens of thousands; `counted` and `difference` follow from the votes.
    """

    __slots__ = ()

    def __new__(
        cls,
        sentence: str,
        article: str,
        ordinal: int,
        text: str,
        votes: tuple[Vote, ...],
        gold: str | None = None,
        method: str | None = None,
    ) -> "Reading":
        counted = tuple([vote for vote in votes if vote[1] == COMPLETE or UNSURE in vote[2]])  # as Vote.counts says
        if len(counted) == len(votes):
            counted = votes
        said = sentence, article, ordinal, text, votes, gold, method, counted, difference(counted)
        return tuple.__new__(cls, said)

    @property
    def is_decided(self) -> bool:
        """Whether there is gold that stands."""
        return self.gold == Status.COMPLETE


def difference(votes: Sequence[Vote]) -> Difference:
    """The weightiest way in which complete answers differ."""
    said = {vote[2:6] for vote in votes}  # labels, both voices, reason
    if len(said) < 2:
        return Difference.NOTHING
    if len({vote.label_set for vote in votes}) > 1:
        return Difference.LABELS
    return Difference.VOICES if len({vote.voices for vote in votes}) > 1 else Difference.NONE_REASON


def has_majority(votes: Sequence[Vote]) -> bool:
    """More than half chose exactly the same labels."""
    chosen = [vote.label_set for vote in votes]
    return any(2 * chosen.count(one) > len(chosen) for one in chosen)


def label_sets(readings: Iterable[Reading]) -> Ratings:
    """Who chose which label set on which sentence, over complete answers."""
    answered = sorted((r for r in readings if r.counted), key=itemgetter(0))
    votes = list(itertools.chain.from_iterable(map(itemgetter(7), answered)))
    kinds, kind = _distinct(votes)
    unsure = any(UNSURE in vote.label_set for vote in kinds)
    return agreement.ratings_in_rows(
        items=list(map(itemgetter(0), answered)),
        row=np.repeat(np.arange(len(answered)), [len(reading.counted) for reading in answered]),
        kinds=[(vote.reviewer, vote.label_set) for vote in kinds],
        kind=kind,
        declared=(*DECLARED, UNSURE) if unsure else DECLARED,
    )


def _distinct(votes: Sequence[Vote]) -> tuple[list[Vote], Indices]:
    """The votes that are objects of their own, and which of them each one is."""
    places = np.fromiter(map(id, votes), np.int64, len(votes))
    _, first, kind = np.unique(places, return_index=True, return_inverse=True)
    return [votes[one] for one in first.tolist()], kind


def without_unsure(sets: Ratings) -> Ratings:
    """The same sentences and reviewers with unsure as missing."""
    unsure = [number for number, members in enumerate(sets.members or ()) if UNSURE in members]
    return replace(sets, codes=np.where(np.isin(sets.codes, unsure), MISSING, sets.codes)) if unsure else sets


def presence(sets: Ratings, label: str) -> Ratings:
    """Who said yes and who no to one label (or none), from who chose which label set."""
    has = [int(label in members) for members in sets.members or ()]
    codes = np.array([*has, MISSING], np.int32)[sets.codes]  # the last place is where a missing one, -1, looks
    return Ratings(sets.items, sets.reviewers, ("no", "yes"), codes, declared=("no", "yes"))


def presence_counts(sets: Ratings, counts: Counts, label: str) -> Counts:
    """The counts of `presence`, from those of the label sets."""
    return counts.against(np.array([label in members for members in sets.members or ()], bool))


def entropies(ratings: Ratings) -> dict[str, float]:
    """Shannon entropy in bits of the label sets of every sentence with two complete answers or more."""
    bits = Counts.by_reviewer(ratings).entropy[ratings.patterns.pattern_of].tolist()
    return {item: value for item, value in zip(ratings.items, bits, strict=True) if value == value}  # no NaN


def in_order(
    readings: Sequence[Reading], bits: Mapping[str, float], unsure: Mapping[str, float] | None = None
) -> list[Reading]:
    """The most disputed first, by `worth`; `bits` are entropies of the same readings, `unsure` the model's doubt."""
    model = unsure or {}
    by_place = sorted(sorted(readings, key=itemgetter(2)), key=itemgetter(1))
    uids = list(map(itemgetter(0), by_place))
    columns = worth(by_place, [bits.get(uid, 0.0) for uid in uids], [model.get(uid, 0.0) for uid in uids])
    order = np.lexsort(columns[::-1])  # stable: equal ones stay in their places
    return [by_place[place] for place in order.tolist()]


def worth(readings: Sequence[Reading], bits: Iterable[float], doubt: Iterable[float]) -> list[list[float]]:
    """Four columns; the smaller, the earlier it is looked at: how the answers differ, then the entropy of their label
    sets, then how unsure the model of Dawid and Skene is, then how many answered.
    """
    return [
        [-reading[8] for reading in readings],
        [-round(one, 9) for one in bits],
        [-round(one, 6) for one in doubt],
        [-len(reading[7]) for reading in readings],
    ]


def overlaps(ratings: Ratings) -> dict[str, float | None]:
    """Per reviewer, the mean Jaccard similarity of their label sets with the others' on the sentences both labelled."""
    sets = ratings.members or ()
    similar = np.array([[1 - agreement.jaccard(one, other) for other in sets] for one in sets])
    found: dict[str, float | None] = {}
    for column, name in enumerate(ratings.reviewers):
        mine, others = ratings.codes[:, [column]], np.delete(ratings.codes, column, axis=1)
        both = (mine != MISSING) & (others != MISSING)
        found[name] = (
            float(similar[np.broadcast_to(mine, both.shape)[both], others[both]].mean()) if both.any() else None
        )
    return found


def in_words(count: int) -> str:
    """A small number in words, a larger one in digits."""
    return _(NUMBERS[count]) if count < len(NUMBERS) else number(count)


def describe(labels: Iterable[str]) -> str:
    """A label set in words: “Quote, claim and opinion”; “None”."""
    return label_rules.titled(label_rules.in_words(labels))


def question(one: frozenset[str], other: frozenset[str]) -> str:
    """The question on which two label sets part, in words."""
    apart, words = one ^ other, label_rules.in_words
    if UNSURE in apart:
        return _("can it be decided at all, {labels}, or not?").format(labels=words((one | other) - {UNSURE}))
    if NONE in apart:
        text = _("does it say anything that gets a label, {labels}, or nothing?")
        return text.format(labels=words((one | other) - {NONE}))
    if apart == {Label.CLAIM} and Label.QUOTE in one & other:
        return _("when somebody’s words are reported, is there a claim in them too?")
    if apart == {Label.OPINION} and Label.QUOTE in one & other:
        return _("when somebody’s words are reported, do they judge too?")
    if apart == {Label.QUOTE}:
        return _("does somebody other than the author speak here?")
    if apart == {Label.CLAIM, Label.OPINION} or apart == {Label.OPINION}:
        return _("does it state something that can be checked, or judge, or both?")
    return _("{one}, or {other}?").format(one=words(one), other=words(other))
