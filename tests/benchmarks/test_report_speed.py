"""The report and the queue of disputes on 1,000 sentences with 5 reviewers, beside reading its rows alone in this run.

Every answer has a saved revision, every quote an attribution with cue and content. The floor reads all rows that the
report is made from: when it was labels alone, these were the labels' rows; attributions, revisions and places are as
many again, and a floor without them would count reading them as work on the report.
"""

import random
import re
import shutil
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from sqlmodel import Session

from annotator.reports import disagreement_layers
from annotator.reports.disagreement_page import view_of
from annotator.reports.disagreement_sentences import Choice
from annotator.reports.disagreements import disagreement_report
from annotator.reports.disputes import disputes
from annotator.reports.kept import KeptReports
from annotator.services import projects
from db.engine import Database, open_database
from db.models import Annotation, AnnotationRevision, Attribution, AttributionSpan, Sentence
from db.queries import disagreements as stored
from db.vocabulary import SpanPart
from tests import factories as f
from tests.benchmarks.conftest import Figure
from tests.web.conftest import SignIn, app, fields_of, sign_in

__all__ = ["app", "sign_in"]  # fixtures

SENTENCES, REVIEWERS = 1_000, 5
FIRST, RATIO = 8, 9  # the labels over their rows, all over all rows
# over the rows of the labels, which are read in a third of the time they once took: 3, 7 to 10, 1 to 2 where measured
ORDER, QUEUE, CASE = 5, 14, 3
SETS = ("c", "q", "o", "", "cq", "qo", "co", "cqo")


def fill(session: Session) -> tuple[str, int]:
    text = "\n\n".join(f"Sentence number {n} says something plain about the harbour." for n in range(SENTENCES))
    article = f.make_article(session, text)
    people = [f.make_reviewer(session, f"Reviewer {n}") for n in range(REVIEWERS)]
    guideline, chance = projects.get(session).active_guideline_id, random.Random(7)
    assert guideline is not None
    for sentence in f.sentences_of(session, article):
        assert sentence.id is not None
        usual = chance.choice(SETS)
        for person in people:
            chosen = usual if chance.random() < 0.7 else chance.choice(SETS)
            voice = "attributed" if "q" in chosen else "author"
            annotation = Annotation(
                    uid=f"ann_{sentence.id}_{person.id}", sentence_id=sentence.id, reviewer_id=person.id,
                    status="complete", is_claim="c" in chosen, is_quote="q" in chosen, is_opinion="o" in chosen,
                    claim_voice=voice if "c" in chosen else None, opinion_voice=voice if "o" in chosen else None,
                    none_reason=None if chosen else "other", guideline_id=guideline, created_at=f.AT, updated_at=f.AT,
            )  # fmt: skip
            session.add(annotation)
            session.flush()
            work(session, annotation, sentence, attributed="q" in chosen, second=sentence.id * 7 % 86_400)
    assert article.id is not None
    return article.uid, article.id


def work(session: Session, annotation: Annotation, sentence: Sentence, *, attributed: bool, second: int) -> None:
    """The revision of an answer and, of a quote, an attribution."""
    assert annotation.id is not None
    at = f"2025-01-02T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.000Z"
    session.add(
        AnnotationRevision(
            annotation_id=annotation.id, number=1, snapshot="{}", action="save", actor_id=annotation.reviewer_id, at=at
        )
    )
    if attributed:
        attribution = Attribution(annotation_id=annotation.id, seq=1, uid=f"att_{annotation.id}", type="indirect")
        session.add(attribution)
        session.flush()
        assert attribution.id is not None
        for part, start, end in ((SpanPart.CUE, 0, 8), (SpanPart.CONTENT, 9, 20 + annotation.id % 3)):
            first = sentence.start_cp
            session.add(
                AttributionSpan(
                    attribution_id=attribution.id, part=part, n=0, start_cp=first + start, end_cp=first + end
                )
            )


def fastest(action: Callable[[], object], times: int = 5) -> float:
    found = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return min(found)


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, int]:
    """A file with the article, its uid and its id; filled once."""
    file = Path(shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("filled") / "annotator.db"))
    opened = open_database(str(file))
    with opened.write() as session:
        uid, key = fill(session)
    opened.close()
    return file, uid, key


@pytest.fixture
def database_file(filled: tuple[Path, str, int], tmp_path: Path) -> Path:
    return Path(shutil.copyfile(filled[0], tmp_path / "annotator.db"))


@pytest.mark.benchmark
def test_report_costs_a_few_times_what_reading_its_rows_costs(
    database: Database, filled: tuple[Path, str, int], figure: Figure
) -> None:
    _, uid, key = filled
    kept = KeptReports()

    def walk() -> None:
        """A step from a number to its sentences, after the first look at the report."""
        report = kept.report(session, [uid], details=False)
        view_of(report, base="/disagreements", choice=Choice(cell="claim.claim+quote"))

    with database.read() as session:
        rows = fastest(lambda: stored.readings(session, [key]))
        floor = rows + fastest(lambda: disagreement_layers.read(session, [key]))
        first = fastest(lambda: disagreement_report(session, [uid], details=False))
        whole = fastest(lambda: disagreement_report(session, [uid]))
        step = fastest(walk)
    figure(
        "report, 1,000 sentences x 5: first answer",
        f"{1000 * first:.0f} ms, {first / rows:.1f} times its rows",
        "100 ms",
    )
    figure(
        "the same with details; a step after it",
        f"{1000 * whole:.0f} ms, {whole / floor:.1f} times; {1000 * step:.0f} ms",
    )
    assert first < FIRST * rows
    assert whole < RATIO * floor
    assert step < floor


@pytest.mark.benchmark
def test_queue_and_case_cost_a_few_times_what_reading_the_answers_costs(
    database: Database, filled: tuple[Path, str, int], sign_in: SignIn, figure: Figure
) -> None:
    _, uid, key = filled
    with database.write() as session:
        lead = f.make_lead(session, "Lena")
    person = sign_in(lead)

    def queue() -> str:
        return str(person.get(f"/adjudication?article={uid}").text)

    with database.read() as session:
        floor = fastest(lambda: stored.readings(session, [key]))
        order = fastest(lambda: disputes(session, uid))
    page, again = queue(), fastest(queue)
    cases = [unescape(href) for href in re.findall(r'href="(/adjudication/sen_[^"]+)"', page)]
    case = fastest(lambda: person.get(cases[0]).text)
    form = fields_of(person.get(cases[1]).text, cases[1].partition("?")[0])
    decided = {**{name: value for name, value in form.items() if name != "press"}, "label": "claim"}
    assert person.post(cases[1].partition("?")[0], decided).status_code == 303
    start = time.perf_counter()
    person.get(cases[2])
    following = time.perf_counter() - start
    for name, taken in (
        ("disputes in order", order),
        ("queue of disputes", again),
        ("one dispute", case),
        ("one after a decision", following),
    ):
        figure(f"{name}, 1,000 sentences x 5", f"{1000 * taken:.0f} ms, {taken / floor:.1f} times the answers' rows")
    assert order < ORDER * floor
    assert again < QUEUE * floor
    assert max(case, following) < CASE * floor
