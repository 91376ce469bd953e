"""How each reviewer labels and how they stand to the others: a line each for the disagreement report."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.domain import agreement, labels
from annotator.domain.agreement import Coefficient, DawidSkene, Ratings, SelfAgreement
from annotator.domain.disagreements import Reading, overlaps
from annotator.domain.reviewing import Bias
from annotator.language import later
from annotator.reports.progress import ReviewerProgress
from db.vocabulary import Label, Status

MIX = (*map(str, labels.PRIMARY_ORDER), labels.NONE)
LEAST_WORDS = 3  # of a sentence that counts as come back: shorter ones are the same by chance
NONE_CAME_BACK = SelfAgreement(
    0,
    Coefficient(None, later("no sentence came back to them")),
    Coefficient(None, later("no sentence came back to them")),
)


@dataclass(frozen=True, slots=True)
class ReviewerLine:
    """One reviewer in the report: what they did and how they stand to the others."""

    uid: str
    name: str
    done: int
    unsure: int
    mix: Mapping[str, int]  # complete answers by primary label
    overlap: float | None  # mean Jaccard similarity with the others
    alpha_without: float | None  # alpha over label sets had they not taken part
    competence: float | None  # the chance of the true label set by the model of Dawid and Skene
    seconds: float | None  # median time of a sentence
    bias: Mapping[str, Bias]  # by label
    oneself: SelfAgreement  # over label sets of sentences with the same words


def lines(
    people: Sequence[ReviewerProgress],
    readings: Sequence[Reading],
    ratings: Ratings,
    model: DawidSkene | None,
    *,
    seconds: Mapping[str, float],
    bias: Mapping[str, Mapping[str, Bias]],
) -> tuple[ReviewerLine, ...]:
    unsure = Counter(vote.reviewer for r in readings for vote in r.votes if vote.status == Status.UNSURE)
    mixes = _mixes(people, readings)
    similar, without = overlaps(ratings), _alpha_without(ratings)
    skill = _competence(model)
    again = agreement.self_agreement(came_back(readings))
    return tuple(
        ReviewerLine(
            uid=person.uid,
            name=person.name,
            done=sum(mixes[person.uid].values()),
            unsure=unsure[person.uid],
            mix=mixes[person.uid],
            overlap=similar.get(person.uid),
            alpha_without=without.get(person.uid),
            competence=skill.get(person.uid),
            seconds=seconds.get(person.uid),
            bias=bias.get(person.uid, {}),
            oneself=again.get(person.uid, NONE_CAME_BACK),
        )
        for person in people
    )


def _mixes(people: Iterable[ReviewerProgress], readings: Iterable[Reading]) -> dict[str, dict[str, int]]:
    said = Counter(
        (vote.reviewer, vote.label_set) for r in readings for vote in r.counted if vote.status == Status.COMPLETE
    )
    found = {person.uid: dict.fromkeys(MIX, 0) for person in people}
    for (reviewer, label_set), number in said.items():
        found[reviewer][labels.primary(frozenset(map(Label, label_set - {labels.NONE})))] += number
    return found


def _alpha_without(ratings: Ratings) -> dict[str, float | None]:
    return agreement.alpha_without(ratings, level="masi") if ratings.members else {}


def _competence(model: DawidSkene | None) -> dict[str, float]:
    if model is None:
        return {}
    found = zip(model.reviewers, model.competence.tolist(), strict=True)
    return {name: value for name, value in found if math.isfinite(value)}


def came_back(readings: Iterable[Reading]) -> Iterator[tuple[str, str, str, Any]]:
    """The answers of one reviewer to sentences with the same words: (reviewer, words, which time, label set)."""
    by_words: dict[str, list[Reading]] = {}
    for reading in readings:
        by_words.setdefault(" ".join(reading.text.split()), []).append(reading)
    for words, same in by_words.items():
        if len(same) < 2 or words.count(" ") + 1 < LEAST_WORDS:
            continue
        times: Counter[str] = Counter()
        for reading in sorted(same, key=lambda r: (r.article, r.ordinal)):
            for vote in reading.counted:
                times[vote.reviewer] += 1
                yield vote.reviewer, words, f"{times[vote.reviewer]:06}", vote.label_set
