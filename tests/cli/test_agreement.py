"""annotator agreement, from the command line."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from annotator.cli.agreement import EXAMPLE, agreement

SHEET = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.jsonl"
    rows = [
        {"item": f"u{unit}", "annotator": name, "label": int(label)}
        for name, line in SHEET.items()
        for unit, label in enumerate(line)
        if label != "."
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(*arguments: object) -> Result:
    app = typer.Typer(rich_markup_mode=None)
    app.command(epilog=EXAMPLE)(agreement)
    return CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "100"})


def test_json_is_one_object_on_stdout(labels: Path) -> None:
    result = run(labels, "--format", "json", "--level", "ordinal")
    assert result.exit_code == 0
    assert result.stderr == ""
    found = json.loads(result.stdout)
    assert found["ratings"] == 41
    assert found["metrics"]["krippendorff_alpha_ordinal"]["value"] == pytest.approx(0.815, abs=0.0005)


def test_text_shows_values_intervals_and_reasons(labels: Path) -> None:
    text = run(labels).stdout
    assert "41 labels by 4 annotators on 12 items" in text
    assert any("krippendorff_alpha_nominal" in line and "0.743" in line for line in text.splitlines())
    assert "0.433 to 1.000" in text
    assert "needs exactly two" in text
    assert "seed 20110125" in text


def test_names_from_the_file_are_shown_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("item,annotator,label,note\n1,[red]ada,a,x\n1,ben,b,\n2,[red]ada,a,\n2,ben,a,\n", "utf-8")
    result = run(path)
    assert "[red]ada" in result.stdout
    assert result.stderr == f"{path}: fields not used: note\n"


def test_refused_row_is_one_sentence_and_exit_code_one(labels: Path) -> None:
    labels.write_text('{"item": "1", "annotator": "ada"}\n', "utf-8")
    result = run(labels)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{labels}:1: label: is missing; null means not labelled\n"


def test_label_that_was_not_declared_is_refused(labels: Path) -> None:
    result = run(labels, "--labels", "1,2,3")
    assert result.exit_code == 1
    assert "'4' is not among the declared labels" in result.stderr


def test_declared_labels_reach_the_chance_term(labels: Path) -> None:
    found = json.loads(run(labels, "--format", "json", "--labels", "1,2,3,4,5,6,7").stdout)
    assert found["labels"] == ["1", "2", "3", "4", "5", "6", "7"]
    agreement_seen = 0.8181818
    assert found["metrics"]["brennan_prediger"]["value"] == pytest.approx((agreement_seen - 1 / 7) / (6 / 7))


@pytest.mark.parametrize("wrong", [["nowhere.jsonl"], [], ["--level", "cardinal"], ["--format", "xml"]])
def test_wrong_usage_ends_with_exit_code_two(labels: Path, wrong: list[str]) -> None:
    assert run(*(wrong if wrong[:1] != ["--level"] and wrong[:1] != ["--format"] else [labels, *wrong])).exit_code == 2


def test_help_has_an_example() -> None:
    assert "annotator agreement labels.jsonl --format json" in run("--help").stdout
