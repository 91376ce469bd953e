"""Voices, attributions, pace, drift and hot spots in the report: what is read, and the same numbers everywhere."""

import csv
import io
from collections.abc import Sequence

import pytest
from sqlmodel import Session, select

from annotator.reports import disagreement_files as files
from annotator.reports.disagreement_page import view_of
from annotator.reports.disagreements import Report, disagreement_report
from annotator.services import attributions, speakers
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from db.engine import Database
from db.models import Annotation, Reviewer, Sentence, Speaker
from db.vocabulary import AttributionType
from tests import factories as f

TEXT = "\n\n".join(f"“Pier {n} is unsafe,” said Ida Holm." for n in range(12))


def attribute(session: Session, annotation: Annotation, sentence: Sentence, speaker: str, n: int) -> None:
    actor = Actor(annotation.reviewer_id, None, annotation.updated_at)
    wording = Wording(speaker=speaker, cue="said", content=f"Pier {n} is unsafe", type=AttributionType.DIRECT)
    attributions.create(session, actor, sentence.uid, wording, revision=annotation.revision)


def quoted(session: Session, people: Sequence[Reviewer], sentences: Sequence[Sentence], names: Sequence[str]) -> None:
    for n, sentence in enumerate(sentences):
        for reviewer, name in zip(people, names, strict=True):
            at = f"2025-01-{2 + 7 * (n // 6):02}T03:00:{4 * n:02}.000Z"
            attribute(session, f.annotate(session, sentence, reviewer, ("quote",), at=at), sentence, name, n)


@pytest.fixture
def people(database: Database) -> list[str]:
    """Two reviewers heard two names of one speaker in twelve sentences."""
    with database.write() as session:
        article = f.make_article(session, TEXT)
        found = [f.make_reviewer(session, name) for name in ("Ada", "Ben")]
        quoted(session, found, f.sentences_of(session, article), ("Ida Holm", "Holm"))
        return [reviewer.uid for reviewer in found]


def read(database: Database) -> Report:
    with database.read() as session:
        return disagreement_report(session)


@pytest.mark.usefixtures("people")
def test_speakers_match_after_they_are_merged(database: Database) -> None:
    before = read(database).layers.spans
    assert (before["speaker"].value, before["speaker"].items) == (0.0, 12)
    assert (before["cue_exact"].value, before["content_overlap"].value) == (1.0, 1.0)
    with database.write() as session:
        uids = {speaker.name: speaker.uid for speaker in session.exec(select(Speaker))}
        speakers.merge(session, Actor(f.make_lead(session, "Lena").id), uids["Holm"], uids["Ida Holm"])
    assert read(database).layers.spans["speaker"].value == 1.0


@pytest.mark.usefixtures("people")
def test_layers_that_the_data_cannot_give_say_why(database: Database) -> None:
    layers = read(database).layers
    assert (layers.alpha["claim_voice"].value, layers.alpha["claim_voice"].reason) == (None, "nothing is labelled")
    assert "only one label" in (layers.alpha["attribution"].reason or "")
    view = view_of(read(database)).details
    assert all(row.value == "not defined" and row.interval for row in view.voices)
    assert view.spots == ()
    assert "not defined" in files.as_html(read(database))


def test_page_json_and_csv_show_the_same_figures(database: Database, people: list[str]) -> None:
    report = read(database)
    told = files.as_json(report)
    rows = {(row["row"], row["name"]): row for row in csv.DictReader(io.StringIO(files.as_csv(report)))}
    for name, found in report.layers.spans.items():
        assert told["attributions"][name]["value"] == found.value
        assert rows["figure", f"attribution_{name}"]["value"] == ("" if found.value is None else str(found.value))
    assert [line["median_seconds"] for line in told["reviewers"]] == [report.layers.seconds[uid] for uid in people]
    assert float(rows["median seconds", "Ada"]["value"]) == report.layers.seconds[people[0]]
    assert float(rows["bias", "Ada / claim"]["value"]) == told["reviewers"][0]["bias"]["claim"]["value"] == 0.0
    periods = told["drift"]["periods"]
    assert [period["name"] for period in periods] == [row["name"] for row in rows.values() if row["row"] == "drift"]


@pytest.mark.usefixtures("people")
def test_drift_is_by_batches_of_an_article_and_by_weeks_of_a_corpus(database: Database) -> None:
    report = read(database)
    assert (report.layers.drift_by, [p.name for p in report.layers.drift]) == ("batch", ["1–6", "7–12"])
    with database.write() as session:
        f.make_article(session, "Another article that nobody has read.")
    found = read(database).layers
    assert found.drift_by == "week"
    assert sum(len(period.sentences) for period in found.drift) == 12
    assert all(period.alpha.value is None and period.alpha.reason for period in found.drift)
