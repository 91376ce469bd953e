"""An export beside reading the same rows with sqlite3 and dumping each with orjson, in the same run."""

import random
import sqlite3
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from annotator.domain import ids
from annotator.export import contract
from db.engine import Database
from db.models import Annotation, Attribution, AttributionSpan, Claim, Evidence, Reviewer, Sentence
from tests import factories as f
from tests.benchmarks.conftest import Figure

pytestmark = pytest.mark.benchmark
SENTENCES, REVIEWERS = 50, 5
RATIO, GROWTH = 4, 1.25
SETS = ("c", "q", "o", "", "cq", "qo", "co", "cqo")
TABLES = (
    "article", "block", "segmentation", "sentence", "annotation", "attribution", "attribution_span", "claim",
    "evidence", "speaker", "source", "assignment", "reviewer",
)  # fmt: skip


def fill(session: Session, articles: range) -> None:
    """Articles of 50 sentences with 5 reviewers each; a seventh of the annotations with an attribution and a claim."""
    if articles.start == 0:
        for n in range(REVIEWERS):
            f.make_reviewer(session, f"Reviewer {n}")
        f.make_source(session)
        f.make_speaker(session, "Speaker")
    people, chance = session.exec(select(Reviewer)).all(), random.Random(articles.start)
    rows: dict[type[SQLModel], list[dict[str, Any]]] = {
        table: [] for table in (Annotation, Attribution, AttributionSpan, Claim, Evidence)
    }
    for number in articles:
        words = (f"Sentence {n} of article {number} says something plain about the harbour." for n in range(SENTENCES))
        article = f.make_article(session, " ".join(words))
        for sentence in f.sentences_of(session, article):
            usual = chance.choice(SETS)
            for person in people:
                _judge(rows, sentence, person, usual if chance.random() < 0.7 else chance.choice(SETS))
    for table, made in rows.items():
        session.connection().execute(insert(table), made)


def _judge(rows: dict[type[SQLModel], list[dict[str, Any]]], sentence: Sentence, person: Reviewer, said: str) -> None:
    voice, key = "attributed" if "q" in said else "author", (sentence.id or 0) * REVIEWERS + (person.id or 0)
    span = {"start_cp": sentence.start_cp, "end_cp": sentence.end_cp}
    annotation = Annotation(
        id=key, uid=ids.annotation_id(sentence.uid, person.uid), sentence_id=sentence.id, reviewer_id=person.id,
        status="complete", is_claim="c" in said, is_quote="q" in said, is_opinion="o" in said,
        claim_voice=voice if "c" in said else None, opinion_voice=voice if "o" in said else None,
        none_reason=None if said else "other", guideline_id=1, created_at=f.AT, updated_at=f.AT,
    )  # fmt: skip
    made: list[SQLModel] = [annotation]
    if key % 7 == 0:
        uid = ids.attribution_id(annotation.uid, 1)
        made.append(Attribution(id=key, annotation_id=key, seq=1, uid=uid, type="direct", speaker_id=1))
        made.append(AttributionSpan(attribution_id=key, part="content", n=0, **span))
        claim = Claim(id=key, annotation_id=key, seq=1, uid=ids.claim_id(annotation.uid, 1), **span)
        made += [claim, Evidence(id=key, claim_id=key, seq=1, uid=f"evi_{key}", source_id=1, stance="context")]
    for row in made:
        rows[type(row)].append(row.model_dump())


def floor(file: Path, out: Path) -> None:
    """Every row of the tables, read with sqlite3 and dumped as an object with orjson."""
    connection = sqlite3.connect(file)
    with out.open("wb") as written:
        for table in TABLES:
            rows = connection.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in rows.description]
            for row in rows:
                written.write(orjson.dumps(dict(zip(names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE))
    connection.close()


def export(database: Database, folder: Path) -> None:
    with database.read() as session:
        contract.write(session, folder)


def fastest(*actions: Callable[[], object], rounds: int = 7) -> list[float]:
    """Processor time of each, the best of several rounds in turn: what other processes take is not counted."""
    found = [[] for _ in actions]
    for _ in range(rounds):
        for times, action in zip(found, actions, strict=True):
            start = time.process_time()
            action()
            times.append(time.process_time() - start)
    return [min(times) for times in found]


def test_an_export_takes_at_most_four_times_what_dumping_its_rows_takes(
    database: Database, tmp_path: Path, figure: Figure
) -> None:
    with database.write() as session:
        fill(session, range(20))
    assert database.path is not None
    file = database.path
    rows, whole = fastest(lambda: floor(file, tmp_path / "floor"), lambda: export(database, tmp_path / "export"))
    rate = f"{20 * SENTENCES * REVIEWERS / whole:,.0f} annotations a second"
    figure("export, beside dumping its rows with orjson", f"{whole / rows:.1f} times, {rate}", "4")
    assert whole <= RATIO * rows


def test_memory_stays_flat_when_the_corpus_grows(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Figure
) -> None:
    monkeypatch.setattr("db.queries.export.MOST_SENTENCES", 100)  # several batches of a small corpus
    peaks = []
    for more in (range(8), range(8, 32)):  # 2,000 annotations, then four times as many
        with database.write() as session:
            fill(session, more)
        tracemalloc.start()
        export(database, tmp_path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    what = "export: peak memory, and with 4 times the rows"
    figure(what, f"{peaks[0] / 1e6:.1f} MB, {peaks[1] / 1e6:.1f} MB", "flat")
    assert peaks[1] <= GROWTH * peaks[0]
