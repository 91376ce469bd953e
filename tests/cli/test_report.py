"""annotator report: the formats, where they go, what is refused."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from annotator.services import finishing
from annotator.services.history import Actor
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


def test_unsure_can_count_as_a_label(command: Command, article: str) -> None:
    found = json.loads(command("report", "--article", article, "--unsure", "label", "--format", "json").stdout)
    assert found["method"]["unsure"] == "label"
    assert found["counted"]["answers"] == 14


@pytest.mark.usefixtures("article")
def test_counts_are_a_table_of_labels_given(command: Command) -> None:
    rows = list(csv.DictReader(io.StringIO(command("report", "--format", "counts").stdout)))
    assert [int(row["answers"]) for row in rows] == [3, 3, 3, 2, 2]
    assert [int(row["label claim"]) for row in rows] == [1, 1, 3, 0, 0]


def test_a_reviewers_own_numbers_name_nobody_else(command: Command, database: Database, article: str) -> None:
    before = command("report", "--reviewer", "ada")
    assert (before.exit_code, before.stdout) == (0, "Ada has finished no article yet.\n")
    with database.write() as session:
        ada = session.exec(f.select(f.Reviewer).where(f.Reviewer.name == "Ada")).one()
        finishing.finish(session, Actor(ada.id), article)
    found = command("report", "--reviewer", "Ada").stdout
    assert "Ada" in found
    assert not re.search("Ben|Cleo", found)
    told = json.loads(command("report", "--reviewer", "Ada", "--format", "json").stdout)
    assert (told["compared"], told["reviewer"]["done"]) == (5, 5)
    assert command("report", "--reviewer", "Ada", "--format", "html").exit_code == 2
    assert command("report", "--reviewer", "Nobody").stderr == "There is no reviewer Nobody.\n"
    refused = command("report", "--reviewer", "Ben", "--article", article)
    assert refused.stderr == f"Ben has finished no article {article}.\n"
