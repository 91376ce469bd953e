"""The report on an article of 1,000 sentences with 5 reviewers, against reading its rows alone in the same run."""

import random
import time
from collections.abc import Callable

import pytest
from sqlmodel import Session

from annotator.reports.disagreements import disagreement_report
from annotator.services import projects
from db.engine import Database
from db.models import Annotation
from db.queries import disagreements as stored
from tests import factories as f

SENTENCES, REVIEWERS, RATIO = 1_000, 5, 10
SETS = ("c", "q", "o", "", "cq", "qo", "co", "cqo")


def fill(session: Session) -> tuple[str, int]:
    text = "\n\n".join(f"Sentence number {n} says something plain about the harbour." for n in range(SENTENCES))
    article = f.make_article(session, text)
    people = [f.make_reviewer(session, f"Reviewer {n}") for n in range(REVIEWERS)]
    guideline, chance = projects.get(session).active_guideline_id, random.Random(7)
    for sentence in f.sentences_of(session, article):
        usual = chance.choice(SETS)
        for person in people:
            chosen = usual if chance.random() < 0.7 else chance.choice(SETS)
            voice = "attributed" if "q" in chosen else "author"
            session.add(
                Annotation(
                    uid=f"ann_{sentence.id}_{person.id}", sentence_id=sentence.id, reviewer_id=person.id,
                    status="complete", is_claim="c" in chosen, is_quote="q" in chosen, is_opinion="o" in chosen,
                    claim_voice=voice if "c" in chosen else None, opinion_voice=voice if "o" in chosen else None,
                    none_reason=None if chosen else "other", guideline_id=guideline, created_at=f.AT, updated_at=f.AT,
                )
            )  # fmt: skip
    assert article.id is not None
    return article.uid, article.id


def fastest(action: Callable[[], object], times: int = 5) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return min(found)


@pytest.mark.benchmark
def test_report_costs_a_few_times_what_reading_its_rows_costs(database: Database) -> None:
    with database.write() as session:
        uid, key = fill(session)
    with database.read() as session:
        floor = fastest(lambda: stored.readings(session, [key]))
        whole = fastest(lambda: disagreement_report(session, [uid]))
    print(f"rows {1000 * floor:.0f} ms, report {1000 * whole:.0f} ms")  # noqa: T201  # the figure to quote
    assert whole < RATIO * floor
