"""annotator report: the formats, where they go, what is refused."""

import csv
import io
import json
from pathlib import Path

import pytest

from db.engine import Database
from tests import factories as f
from tests.conftest import Command
from tests.reports.test_disagreements import TABLE, fill


@pytest.fixture
def article(database: Database) -> str:
    with database.write() as session:
        return fill(session, TABLE).uid


def test_text_names_the_figures_and_the_disputed_sentences(command: Command, article: str) -> None:
    result = command("report", "--article", article)
    assert result.exit_code == 0
    assert "Three reviewers agree fully on 2 of 5 sentences." in result.stdout
    assert "alpha, claim" in result.stdout
    assert "The pier is unsafe" in result.stdout


def test_json_has_the_agreement_object_for_each_layer(command: Command, article: str) -> None:
    found = json.loads(command("report", "--format", "json").stdout)
    assert (found["type"], found["scope"]) == ("disagreement_report", "article")
    assert found["articles"][0]["id"] == article
    for layer in found["layers"].values():
        assert {"items", "annotators", "metrics", "pairs", "coincidence", "alpha_without", "dawid_skene"} <= set(layer)
    assert [s["ordinal"] for s in found["sentences"] if s["difference"] == "labels"] == [4, 1, 0]


def test_csv_and_html_go_to_a_file(command: Command, article: str, tmp_path: Path) -> None:
    for name, start in (("csv", "row,name,value"), ("html", "<!doctype html>")):
        result = command("report", "--format", name, "-o", tmp_path / f"report.{name}")
        assert (result.exit_code, result.stdout) == (0, "")
        assert (tmp_path / f"report.{name}").read_text("utf-8").startswith(start)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "report.csv").read_text("utf-8"))))
    assert {row["article"] for row in rows if row["row"] == "sentence"} == {article}


def test_report_on_an_unknown_article_is_one_sentence(command: Command) -> None:
    result = command("report", "--article", "art_0000000000000000")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "There is no article art_0000000000000000.\n"


def test_report_on_an_empty_database_says_that_nothing_is_labelled(command: Command) -> None:
    result = command("report")
    assert result.exit_code == 0
    assert "nothing is labelled" in result.stdout


def test_folder_that_does_not_exist_is_refused_in_words(command: Command, tmp_path: Path) -> None:
    result = command("report", "-o", tmp_path / "nowhere" / "report.txt")
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_two_articles_can_be_named(command: Command, database: Database, article: str) -> None:
    with database.write() as session:
        other = fill(session, TABLE, f.make_article(session, f"{f.TEXT}\n\nOne more sentence."))
    found = json.loads(command("report", "--article", article, "--article", other.uid, "--format", "json").stdout)
    assert (found["scope"], len(found["articles"])) == ("corpus", 2)
