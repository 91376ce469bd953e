"""The disagreement report: one plain object that the page, the JSON, CSV, text and HTML files all show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from sqlmodel import Session

from annotator.domain import agreement, labels
from annotator.domain.agreement import Coefficient, Pair, Ratings, Resampling
from annotator.domain.alpha import alpha_values, estimate
from annotator.domain.counts import Counts
from annotator.domain.disagreements import (
    DECLARED,
    LABEL_SETS,
    Difference,
    Reading,
    Vote,
    entropies,
    has_majority,
    in_order,
    label_sets,
    overlaps,
    presence,
)
from annotator.domain.distances import masi, over_sets
from annotator.domain.kappas import ManyReviewers
from annotator.errors import NotFound
from annotator.reports import disagreement_layers
from annotator.reports.disagreement_layers import Beside, Layers, nominal
from annotator.reports.progress import ReviewerProgress, progress
from db.models import Article
from db.queries import disagreements as stored
from db.vocabulary import Label, Status

MIX = (*map(str, labels.PRIMARY_ORDER), labels.NONE)


@dataclass(frozen=True, slots=True)
class ArticleLine:
    uid: str
    title: str
    sentences: int


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


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences behind a number; `count` is of answers where a sentence can have several."""

    name: str
    count: int
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """Everything a disagreement report says; `readings` are all live sentences, the most disputed first."""

    articles: tuple[ArticleLine, ...]
    guidelines: tuple[str, ...]
    readings: tuple[Reading, ...]
    reviewers: tuple[ReviewerLine, ...]
    missing: tuple[ReviewerProgress, ...]  # assigned, but not finished
    ratings: Ratings  # label sets
    groups: Mapping[str, int] | None  # number of each sentence's article, where there are several
    entropy: Mapping[str, float]
    alpha_sets: Coefficient
    alpha: Mapping[str, Coefficient]  # claim, quote, opinion, none against its absence
    exact: Coefficient  # share of pairs of answers with exactly the same label set, mean over sentences
    pairs: tuple[Pair, ...]  # Cohen's kappa, each label set being a category of its own
    coincidence: Mapping[str, Mapping[str, float]]
    left_out: tuple[Group, ...]
    layers: Layers

    @property
    def is_corpus(self) -> bool:
        return len(self.articles) != 1

    @cached_property
    def names(self) -> dict[str, str]:
        return {line.uid: line.name for line in self.reviewers}

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """The label sets that were chosen, by name."""
        sets = self.ratings.members
        return dict(zip(self.ratings.labels, sets, strict=True)) if sets else {}

    @cached_property
    def counted(self) -> Group:
        """The complete answers on sentences that at least two reviewers have answered."""
        pairable = [r for r in self.readings if len(r.counted) > 1]
        return Group("counted", sum(len(r.counted) for r in pairable), tuple(r.sentence for r in pairable))

    @cached_property
    def disputed(self) -> tuple[Reading, ...]:
        """Sentences on whose labels the reviewers differ."""
        return tuple(r for r in self.readings if r.difference is Difference.LABELS)

    @cached_property
    def without_majority(self) -> int:
        return sum(not has_majority(r.counted) for r in self.disputed)

    @cached_property
    def decided(self) -> tuple[Reading, ...]:
        return tuple(r for r in self.disputed if r.is_decided)

    @cached_property
    def answers(self) -> int:
        """All complete and unsure answers."""
        return sum(len(r.counted) for r in self.readings) + self.group(Status.UNSURE).count

    def group(self, name: str) -> Group:
        return next(group for group in self.left_out if group.name == name)

    def resampling(self, ratings: Ratings) -> Resampling:
        """Intervals over sentences and, where there are several, over articles."""
        return disagreement_layers.resampling(ratings.items, self.groups)


def disagreement_report(session: Session, article_uids: Sequence[str] | None = None) -> Report:
    """The report on the named articles, or on all. Raises NotFound for an article that does not exist."""
    articles = stored.articles(session, article_uids)
    for uid in set(article_uids or ()) - {article.uid for article in articles}:
        raise NotFound(f"There is no article {uid}.")
    article_ids = None if article_uids is None else [article.id for article in articles if article.id is not None]
    rows = stored.readings(session, article_ids)
    readings = readings_of(rows, articles)
    sizes = Counter(reading.article for reading in readings)
    answered = Counter(vote.reviewer for reading in readings for vote in reading.votes)
    people = progress(session, article_ids, sentences=sizes, answered=answered)
    guidelines = stored.guideline_versions(session, {row[GUIDELINE] for row in rows} - {None})
    beside = disagreement_layers.read(session, article_ids)
    return build(articles, readings, people, tuple(guidelines), stored.retired_labels(session, article_ids), beside)


GUIDELINE = 7  # its column in `stored.readings`


def readings_of(
    rows: Iterable[stored.Reading], articles: Iterable[Article], numbers: Mapping[str, int] | None = None
) -> list[Reading]:
    """Sentences with their votes, from rows of `stored.readings`; `numbers` where they are not all live sentences.

    Thousands of rows: they are unpacked, not asked for their columns by name.
    """
    about = {article.id: (article.uid, article.text) for article in articles}
    counted: Counter[int] = Counter()
    found = []
    for (uid, article_id, start, end, gold, method), group in groupby(rows, itemgetter(1, 2, 3, 4, 5, 6)):
        counted[article_id] += 1
        article, text = about[article_id]
        number = numbers[uid] if numbers else counted[article_id]
        votes = tuple(vote_of(row) for row in group if row[GUIDELINE] is not None)
        found.append(Reading(uid, article, number, text[start:end], votes, gold, method))
    return found


def vote_of(row: stored.Reading) -> Vote:
    reviewer, status, claim, quote, opinion, *said = row[GUIDELINE + 1 :]
    return Vote(reviewer, status, LABEL_SETS[claim, quote, opinion], *said)


def build(
    articles: Sequence[Article],
    readings: Sequence[Reading],
    people: Sequence[ReviewerProgress],
    guidelines: tuple[str, ...],
    retired: int,
    beside: Beside,
) -> Report:
    """Put the report together from what was read."""
    ratings = label_sets(readings)
    counts, bits = Counts.of(ratings), entropies(ratings)
    several = {uid: number for number, uid in enumerate(sorted({r.article for r in readings}))}
    numbers = {r.sentence: several[r.article] for r in readings} if len(several) > 1 else None
    size = Counter(reading.article for reading in readings)
    ordered = tuple(in_order(readings, bits))
    report = Report(
        articles=tuple(ArticleLine(a.uid, title_of(a), size[a.uid]) for a in articles),
        guidelines=guidelines,
        readings=ordered,
        reviewers=_reviewers(people, readings, ratings),
        missing=tuple(person for person in people if person.is_missing),
        ratings=ratings,
        groups=numbers,
        entropy=bits,
        alpha_sets=Coefficient(None),
        alpha={},
        exact=Coefficient(None),
        pairs=tuple(agreement.pairwise(ratings)),
        coincidence=_coincidence(ratings, counts),
        left_out=_left_out(readings, people, retired),
        layers=disagreement_layers.build(beside, articles, ordered, ratings, numbers),
    )
    return _with_coefficients(report, counts)


def _with_coefficients(report: Report, counts: Counts) -> Report:
    """The figures that need intervals, all over the same resampled sentences."""
    ratings, resampling = report.ratings, report.resampling(report.ratings)
    statistics = {
        "exact": ManyReviewers(counts).percent_agreement,
        "sets": alpha_values(counts, over_sets(ratings.members or (), masi)),
    }
    found = estimate(counts, statistics, resampling, reviewers=len(ratings.reviewers), uncorrected=("exact",))
    alpha = {label: nominal(presence(ratings, label), resampling) for label in DECLARED}
    return replace(report, alpha_sets=found["sets"], exact=found["exact"], alpha=alpha)


def title_of(article: Article) -> str:
    """The title, or the first line of the text."""
    return article.title or article.text.strip().partition("\n")[0][:120]


def _reviewers(
    people: Sequence[ReviewerProgress], readings: Sequence[Reading], ratings: Ratings
) -> tuple[ReviewerLine, ...]:
    said = Counter((vote.reviewer, vote.label_set) for reading in readings for vote in reading.counted)
    unsure = Counter(vote.reviewer for r in readings for vote in r.votes if vote.status == Status.UNSURE)
    mixes = {person.uid: dict.fromkeys(MIX, 0) for person in people}
    for (reviewer, label_set), number in said.items():
        mixes[reviewer][labels.primary(frozenset(map(Label, label_set - {labels.NONE})))] += number
    similar, without = overlaps(ratings), _alpha_without(ratings)
    return tuple(
        ReviewerLine(
            uid=person.uid,
            name=person.name,
            done=sum(mixes[person.uid].values()),
            unsure=unsure[person.uid],
            mix=mixes[person.uid],
            overlap=similar.get(person.uid),
            alpha_without=without.get(person.uid),
        )
        for person in people
    )


def _alpha_without(ratings: Ratings) -> dict[str, float | None]:
    return agreement.alpha_without(ratings, level="masi") if ratings.members else {}


def _coincidence(ratings: Ratings, counts: Counts) -> dict[str, dict[str, float]]:
    """How often two reviewers of a sentence chose the row's and the column's label set; both halves, no zeros."""
    found: dict[str, dict[str, float]] = {}
    for one, other, amount in zip(*agreement.coincidences(counts), strict=True):
        found.setdefault(ratings.labels[one], {})[ratings.labels[other]] = float(amount)
    return found


def _left_out(readings: Sequence[Reading], people: Iterable[ReviewerProgress], retired: int) -> tuple[Group, ...]:
    """What does not count, by reason: missing is no label."""

    def group(status: Status) -> Group:
        hits = [(r.sentence, sum(vote.status == status for vote in r.votes)) for r in readings]
        return Group(str(status), sum(n for _, n in hits), tuple(sentence for sentence, n in hits if n))

    single = tuple(r.sentence for r in readings if len(r.counted) == 1)
    unread = tuple(r.sentence for r in readings if not r.votes)
    to_do = sum(person.to_do for person in people)
    return (
        group(Status.UNSURE),
        group(Status.NEEDS_REVIEW),
        group(Status.DRAFT),
        Group("single", len(single), single),
        Group("to_do", to_do, unread),
        Group("retired", retired, ()),
    )
