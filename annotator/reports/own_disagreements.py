"""A reviewer's private view: their own numbers alone, on the articles that they have finished."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain.agreement import Coefficient
from annotator.domain.disagreements import Difference, Reading, Vote
from annotator.errors import NotFound
from annotator.reports.disagreement_files import figure_object, reviewer_object
from annotator.reports.disagreement_people import ReviewerLine
from annotator.reports.disagreements import ArticleLine, Report, disagreement_report
from db.queries import disagreements as stored


@dataclass(frozen=True, slots=True)
class OwnReport:
    """`line` is None before they have finished an article; `alone` are sentences on which nobody gave their answer."""

    name: str
    articles: tuple[ArticleLine, ...]
    line: ReviewerLine | None
    alpha: Coefficient  # of everybody on these articles, over label sets
    compared: int  # sentences that somebody else has answered too
    alone: tuple[tuple[Reading, Vote], ...]


def own_report(
    session: Session,
    name: str,
    article_uids: Sequence[str] | None = None,
    *,
    unsure_is_label: bool = False,
    made: Callable[..., Report] = disagreement_report,
) -> OwnReport:
    """The numbers of the reviewer of a name or uid. Raises NotFound for one, or for an article, that is not there.

    `made` makes the report, or has it already.
    """
    reviewer = stored.reviewer_named(session, name)
    if reviewer is None or reviewer.id is None:
        raise NotFound(f"There is no reviewer {name}.")
    finished = stored.finished_articles(session, reviewer.id)
    wanted = finished if article_uids is None else article_uids
    for uid in set(wanted) - set(finished):
        raise NotFound(f"{reviewer.name} has finished no article {uid}.")
    report = made(session, wanted, unsure_is_label=unsure_is_label)
    mine = [(r, vote) for r in report.readings for vote in r.counted if vote.reviewer == reviewer.uid]
    return OwnReport(
        name=reviewer.name,
        articles=report.articles,
        line=next((line for line in report.reviewers if line.uid == reviewer.uid), None) if wanted else None,
        alpha=report.alpha_sets,
        compared=sum(len(r.counted) > 1 for r, _ in mine),
        alone=tuple((r, vote) for r, vote in mine if _stands_alone(r, vote)),
    )


def _stands_alone(reading: Reading, own: Vote) -> bool:
    others = [vote for vote in reading.counted if vote.reviewer != own.reviewer]
    return reading.difference is Difference.LABELS and own.label_set not in {vote.label_set for vote in others}


def as_json(own: OwnReport) -> dict[str, Any]:
    return {
        "type": "own_disagreements",
        "articles": [{"id": line.uid, "title": line.title} for line in own.articles],
        "alpha_masi": figure_object(own.alpha),
        "compared": own.compared,
        "alone": [reading.sentence for reading, _ in own.alone],
        "reviewer": None if own.line is None else reviewer_object(own.line),
    }
