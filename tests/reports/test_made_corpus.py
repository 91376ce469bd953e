"""The report on a small made corpus: the same from both databases and in every form."""

import csv
import io
import json
from typing import Any

import pytest

from annotator.domain.agreement import Coefficient
from annotator.reports import disagreement_files as files
from annotator.reports import disagreement_text, wording
from annotator.reports.disagreement_page import view_of
from annotator.reports.disagreements import Report, disagreement_report
from db.engine import Database
from tests import made_corpus
from tests.made_corpus import Size

ARTICLES, SENTENCES = 6, 12


def made(database: Database) -> Report:
    with database.write() as session:
        made_corpus.fill(session, Size(ARTICLES, ARTICLES * SENTENCES))
    with database.read() as session:
        return disagreement_report(session)


@pytest.fixture
def report(database: Database) -> Report:
    return made(database)


def plain(report: Report) -> Any:
    return json.loads(json.dumps(files.as_json(report)))


@pytest.mark.postgresql
def test_both_databases_give_the_same_report(report: Report, postgresql: Database) -> None:
    assert plain(made(postgresql)) == plain(report)


def test_every_layer_of_the_made_corpus_is_defined_but_boundaries(report: Report) -> None:
    undefined = [name for name, found in files.named_figures(report).items() if found.value is None]
    assert undefined == ["alpha_boundaries"]
    assert all(line.seconds and line.competence and line.bias for line in report.reviewers)
    assert any(line.oneself.items > 1 for line in report.reviewers)
    assert [period.guidelines for period in report.layers.drift if period.guidelines] == [("made-2",)]


def test_json_and_csv_have_every_figure_unrounded(report: Report) -> None:
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(files.as_csv(report))) if row["row"] == "figure"}
    figures = files.named_figures(report)
    assert list(rows) == list(figures)
    for name, found in figures.items():
        assert rows[name]["value"] == ("" if found.value is None else str(found.value))
        assert rows[name]["reason"] == (found.reason or "")
    told = plain(report)
    metrics = told["layers"]["sources"]["metrics"]
    assert as_metric(report.layers.alpha["sources"]) == metrics["krippendorff_alpha_masi"]
    assert as_metric(report.layers.jaccard) == metrics["krippendorff_alpha_jaccard"]
    assert (
        as_metric(report.layers.alpha["verdict"]) == told["layers"]["verdict"]["metrics"]["krippendorff_alpha_ordinal"]
    )
    for label in ("claim", "quote", "opinion", "none"):
        assert as_metric(report.ac1[label]) == told["layers"][label]["metrics"]["gwet_ac1"]


def as_metric(found: Coefficient) -> dict[str, Any]:
    return {"value": found.value, "reason": found.reason, "ci95": None if found.ci95 is None else list(found.ci95)}


def test_page_file_and_text_show_the_same_figures(report: Report) -> None:
    view = view_of(report, base="/disagreements")
    more = view.details
    rows = [*view.rows, *more.voices, *more.attributions, *more.evidence, *more.suggestions]
    html = files.as_html(report)
    text = " ".join(disagreement_text.as_text(report, width=200).split())
    assert len(rows) == 5 + 2 + 8 + 5 + 4
    for row in rows:
        assert f"<b>{row.value}</b>" in html or row.value == "not defined"
        assert row.interval in html
    for found in (report.alpha_sets, *report.alpha.values(), report.exact, report.layers.jaccard):
        assert wording.figure(found) in text
        assert wording.interval(found) in text
    for line in report.reviewers:
        assert wording.seconds(line.seconds) in html
        assert wording.or_dash(line.competence) in text
    assert view.paragraph in html
    assert view.paragraph in text


def test_articles_are_told_apart(report: Report) -> None:
    assert len(report.articles) == ARTICLES
    assert sum(line.disputed for line in report.articles) == len(report.disputed)
    assert sum(line.compared for line in report.articles) == len(report.counted.sentences)
    assert all(line.sentences == SENTENCES for line in report.articles)


def test_disputed_sentences_come_by_entropy_and_then_by_the_doubt_of_the_model(report: Report) -> None:
    keys = [(round(report.entropy[r.sentence], 9), round(report.doubt[r.sentence], 6)) for r in report.disputed]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) > len({bits for bits, _ in keys})
