"""The disagreement report: one plain object that the page, the JSON, CSV, text and HTML files all show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter

import numpy as np
from sqlmodel import Session

from annotator.domain import agreement
from annotator.domain.agreement import Coefficient, DawidSkene, Pair, Ratings, Resampling
from annotator.domain.alpha import alpha_by_group, alpha_values, estimate
from annotator.domain.counts import Counts
from annotator.domain.disagreements import (
    DECLARED,
    Difference,
    Reading,
    entropies,
    has_majority,
    in_order,
    label_sets,
    presence_counts,
)
from annotator.domain.distances import Nominal, masi, over_sets
from annotator.domain.kappas import ManyReviewers
from annotator.domain.labels import UNSURE
from annotator.errors import NotFound
from annotator.reports import disagreement_layers, disagreement_people
from annotator.reports.disagreement_layers import Beside, Layers
from annotator.reports.disagreement_people import ReviewerLine
from annotator.reports.disagreement_readings import readings_of, uncollected, votes_of
from annotator.reports.progress import ReviewerProgress, progress
from db.models import Article
from db.queries import disagreements as stored
from db.vocabulary import Status


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """One article; alpha is over label sets, without an interval."""

    uid: str
    title: str
    sentences: int
    compared: int  # sentences with two complete answers or more
    disputed: int
    alpha: Coefficient


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
    names: Mapping[str, str]  # of everybody, by uid
    people: tuple[ReviewerProgress, ...]
    ratings: Ratings  # label sets
    groups: Mapping[str, int] | None  # number of each sentence's article, where there are several
    entropy: Mapping[str, float]
    model: DawidSkene | None  # over label sets; None where it cannot be fitted
    doubt: Mapping[str, float]  # entropy in bits of the model's posterior, by sentence
    alpha_sets: Coefficient
    alpha: Mapping[str, Coefficient]  # claim, quote, opinion, none (and unsure, if that is a label) against its absence
    ac1: Mapping[str, Coefficient]  # Gwet's AC1 of the same
    exact: Coefficient  # share of pairs of answers with exactly the same label set, mean over sentences
    pairs: tuple[Pair, ...]  # Cohen's kappa, each label set being a category of its own
    coincidence: Mapping[str, Mapping[str, float]]
    left_out: tuple[Group, ...]
    retired: tuple[Reading, ...]  # replaced by a merge or split; they count nowhere
    unsure_is_label: bool = False
    reviewers: tuple[ReviewerLine, ...] = ()  # in a report for one reviewer their own line alone
    beside: Layers | None = None  # None in a report of the labels alone, which has no lines of reviewers either

    @property
    def layers(self) -> Layers:
        """What stands beside the labels. Raises LookupError in a report of the labels alone."""
        if self.beside is None:
            raise LookupError("this is a report of the labels alone: with_details adds the rest")
        return self.beside

    @property
    def missing(self) -> tuple[ReviewerProgress, ...]:
        """Those to whom something is assigned that they have not finished."""
        return tuple(person for person in self.people if person.is_missing)

    @property
    def is_corpus(self) -> bool:
        return len(self.articles) != 1

    @property
    def labels(self) -> tuple[str, ...]:
        """The single labels that are reported on."""
        return (*DECLARED, UNSURE) if self.unsure_is_label else DECLARED

    @cached_property
    def members(self) -> dict[str, frozenset[str]]:
        """The label sets that were chosen, by name."""
        sets = self.ratings.members
        return dict(zip(self.ratings.labels, sets, strict=True)) if sets else {}

    @cached_property
    def counted(self) -> Group:
        """The complete answers on sentences that at least two reviewers have answered."""
        pairable = [(r[0], len(r.counted)) for r in self.readings if len(r.counted) > 1]
        return Group("counted", sum(number for _, number in pairable), tuple(uid for uid, _ in pairable))

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
        counted = sum(len(r.counted) for r in self.readings)
        return counted if self.unsure_is_label else counted + self.unsure.count

    @cached_property
    def unsure(self) -> Group:
        """The unsure answers, whether they count or not."""
        return _with_status(self.readings if self.unsure_is_label else _odd(self.readings), Status.UNSURE)

    def group(self, name: str) -> Group:
        return next(group for group in self.left_out if group.name == name)

    def resampling(self, ratings: Ratings) -> Resampling:
        """Intervals over sentences and, where there are several, over articles."""
        return disagreement_layers.resampling(ratings.items, self.groups)


def disagreement_report(
    session: Session,
    article_uids: Sequence[str] | None = None,
    *,
    unsure_is_label: bool = False,
    details: bool = True,
) -> Report:
    """The report on the named articles, or on all. Raises NotFound for an article that does not exist.

    An unsure answer is missing, or a label of its own with `unsure_is_label`. Without `details` it is about the labels
    alone, which is several times faster; `with_details` adds the rest.
    """
    with uncollected():
        return _report(session, article_uids, unsure_is_label=unsure_is_label, details=details)


def _report(session: Session, article_uids: Sequence[str] | None, *, unsure_is_label: bool, details: bool) -> Report:
    articles = stored.articles(session, article_uids)
    for uid in set(article_uids or ()) - {article.uid for article in articles}:
        raise NotFound(f"There is no article {uid}.")
    article_ids = _ids(articles, article_uids)
    rows = stored.readings(session, article_ids)
    votes = votes_of(rows, unsure_is_label=unsure_is_label)
    readings = readings_of(rows, articles, votes=votes)
    sizes, answered = Counter(map(itemgetter(1), readings)), Counter(map(itemgetter(0), votes.votes))
    report = build(
        articles,
        readings,
        progress(session, article_ids, sentences=sizes, answered=answered),
        tuple(stored.guideline_versions(session, votes.guidelines)),
        _retired(session, article_ids, articles),
        unsure_is_label=unsure_is_label,
    )
    return _with(report, articles, disagreement_layers.read(session, article_ids)) if details else report


def with_details(session: Session, report: Report, article_uids: Sequence[str] | None = None) -> Report:
    """A report of labels alone with all that stands beside them; on the articles that it was asked for."""
    with uncollected():
        articles = stored.articles(session, article_uids)
        return _with(report, articles, disagreement_layers.read(session, _ids(articles, article_uids)))


def _with(report: Report, articles: Sequence[Article], rows: Beside) -> Report:
    found = disagreement_layers.build(rows, articles, report.readings, report.ratings, report.groups)
    lines = disagreement_people.lines(
        report.people, report.readings, report.ratings, report.model, seconds=found.seconds, bias=found.bias
    )
    return replace(report, reviewers=lines, beside=found)


def _ids(articles: Iterable[Article], asked: Sequence[str] | None) -> list[int] | None:
    return None if asked is None else [article.id for article in articles if article.id is not None]


def _retired(session: Session, article_ids: Sequence[int] | None, articles: Iterable[Article]) -> tuple[Reading, ...]:
    """The sentences with answers that a merge or split has replaced; none has a number any more."""
    rows = stored.retired(session, article_ids)
    return tuple(readings_of(rows, articles, dict.fromkeys(map(itemgetter(1), rows.sentences), 0)))


def for_reviewer(report: Report, uid: str) -> Report:
    """The report as one reviewer sees it: of the lines about reviewers only their own."""
    return replace(report, reviewers=tuple(line for line in report.reviewers if line.uid == uid))


def build(
    articles: Sequence[Article],
    readings: Sequence[Reading],
    people: Sequence[ReviewerProgress],
    guidelines: tuple[str, ...],
    retired: tuple[Reading, ...],
    *,
    unsure_is_label: bool = False,
) -> Report:
    """Put the report of the labels together from what was read."""
    ratings = label_sets(readings)
    counts, bits, model = Counts.of(ratings), entropies(ratings), agreement.dawid_skene(ratings)
    doubt, numbers = _doubt(ratings, model), _article_numbers(readings)
    ordered = tuple(in_order(readings, bits, doubt))
    report = Report(
        articles=_articles(articles, readings, ratings, counts),
        guidelines=guidelines,
        readings=ordered,
        names={person.uid: person.name for person in people},
        people=tuple(people),
        ratings=ratings,
        groups=numbers,
        entropy=bits,
        model=model,
        doubt=doubt,
        alpha_sets=Coefficient(None),
        alpha={},
        ac1={},
        exact=Coefficient(None),
        pairs=tuple(agreement.pairwise(ratings)),
        coincidence=_coincidence(ratings, counts),
        left_out=_left_out(readings, people, retired, unsure_is_label=unsure_is_label),
        retired=retired,
        unsure_is_label=unsure_is_label,
    )
    return _with_coefficients(report, counts)


def _doubt(ratings: Ratings, model: DawidSkene | None) -> dict[str, float]:
    """How unsure the model is of each sentence, in bits."""
    return {} if model is None else dict(zip(ratings.items, model.entropy[model.pattern_of].tolist(), strict=True))


def _article_numbers(readings: Sequence[Reading]) -> dict[str, int] | None:
    """The number of each sentence's article, where there are several."""
    several = {uid: number for number, uid in enumerate(sorted({r.article for r in readings}))}
    return {r.sentence: several[r.article] for r in readings} if len(several) > 1 else None


def _articles(
    articles: Sequence[Article], readings: Sequence[Reading], ratings: Ratings, counts: Counts
) -> tuple[ArticleLine, ...]:
    size = Counter(r.article for r in readings)
    compared = Counter(r.article for r in readings if len(r.counted) > 1)
    disputed = Counter(r.article for r in readings if r.difference is Difference.LABELS)
    alphas = _alphas(articles, readings, ratings, counts)
    return tuple(
        ArticleLine(
            uid=article.uid,
            title=title_of(article),
            sentences=size[article.uid],
            compared=compared[article.uid],
            disputed=disputed[article.uid],
            alpha=found,
        )
        for article, found in zip(articles, alphas, strict=True)
    )


def _alphas(
    articles: Sequence[Article], readings: Iterable[Reading], ratings: Ratings, counts: Counts
) -> list[Coefficient]:
    """Alpha over label sets of each article."""
    place = {article.uid: number for number, article in enumerate(articles)}
    inside = {r.sentence: place[r.article] for r in readings}
    groups = np.array([inside[item] for item in ratings.items], np.intp)
    distance, reviewers = over_sets(ratings.members or (), masi), len(ratings.reviewers)
    return alpha_by_group(counts, distance, groups, number=len(articles), reviewers=reviewers)


def _with_coefficients(report: Report, counts: Counts) -> Report:
    """The figures that need intervals, all over the same resampled sentences."""
    ratings, resampling = report.ratings, report.resampling(report.ratings)
    statistics = {
        "exact": ManyReviewers(counts).percent_agreement,
        "sets": alpha_values(counts, over_sets(ratings.members or (), masi)),
    }
    found = estimate(counts, statistics, resampling, reviewers=len(ratings.reviewers), uncorrected=("exact",))
    by_label = {
        label: _of_label(presence_counts(ratings, counts, label), report, resampling) for label in report.labels
    }
    return replace(
        report,
        alpha_sets=found["sets"],
        exact=found["exact"],
        alpha={label: one["alpha"] for label, one in by_label.items()},
        ac1={label: one["ac1"] for label, one in by_label.items()},
    )


def _of_label(counts: Counts, report: Report, resampling: Resampling) -> dict[str, Coefficient]:
    """Nominal alpha and Gwet's AC1 of one label against its absence."""
    statistics = {"alpha": alpha_values(counts, Nominal()), "ac1": ManyReviewers(counts).gwet_ac1}
    return estimate(counts, statistics, resampling, reviewers=len(report.ratings.reviewers))


def title_of(article: Article) -> str:
    """The title, or the first line of the text."""
    return article.title or article.text.strip().partition("\n")[0][:120]


def _coincidence(ratings: Ratings, counts: Counts) -> dict[str, dict[str, float]]:
    """How often two reviewers of a sentence chose the row's and the column's label set; both halves, no zeros."""
    found: dict[str, dict[str, float]] = {}
    for one, other, amount in zip(*agreement.coincidences(counts), strict=True):
        found.setdefault(ratings.labels[one], {})[ratings.labels[other]] = float(amount)
    return found


def _with_status(readings: Iterable[Reading], status: Status) -> Group:
    """The answers of one status that do not count as labels."""
    hits = [(r.sentence, sum(vote.status == status for vote in r.votes)) for r in readings]
    return Group(str(status), sum(n for _, n in hits), tuple(sentence for sentence, n in hits if n))


def _odd(readings: Iterable[Reading]) -> list[Reading]:
    """Those with answers that do not count."""
    return [r for r in readings if len(r.counted) < len(r.votes)]


def _left_out(
    readings: Sequence[Reading],
    people: Iterable[ReviewerProgress],
    retired: Sequence[Reading],
    *,
    unsure_is_label: bool,
) -> tuple[Group, ...]:
    """What does not count, by reason: missing is no label."""
    single = tuple(r.sentence for r in readings if len(r.counted) == 1)
    waiting = [person for person in people if person.to_do]
    unread = _unread(readings, waiting) if waiting else []
    odd = _odd(readings)
    unsure = Group(str(Status.UNSURE), 0, ()) if unsure_is_label else _with_status(odd, Status.UNSURE)
    return (
        unsure,
        _with_status(odd, Status.NEEDS_REVIEW),
        _with_status(odd, Status.DRAFT),
        Group("single", len(single), single),
        Group("to_do", sum(person.to_do for person in waiting), tuple(unread)),
        Group("retired", sum(len(r.counted) for r in retired), tuple(r.sentence for r in retired)),
    )


def _unread(readings: Iterable[Reading], waiting: Sequence[ReviewerProgress]) -> list[str]:
    """Sentences that somebody who is to read them has not answered."""
    found = []
    for reading in readings:
        expected = {person.uid for person in waiting if reading.article in person.where}
        if expected and not expected.issubset({vote.reviewer for vote in reading.votes}):
            found.append(reading.sentence)
    return found
