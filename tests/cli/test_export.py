"""annotator export: three files, the same for the same work."""

import json
from pathlib import Path

from annotator.cli.export import Format
from annotator.export.formats import FORMATS
from tests.conftest import Command

FILES = ("articles.jsonl", "manifest.json", "sentences.jsonl")


def test_the_files_of_an_export_are_written_and_counted(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The toll rose. Traffic fell.")
    command("import", tmp_path / "a.txt")
    done = command("export", tmp_path / "one")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("1 article, 2 sentences, 0 annotations")
    assert tuple(sorted(file.name for file in (tmp_path / "one").iterdir())) == FILES
    assert json.loads((tmp_path / "one" / "manifest.json").read_text())["counts"]["sentences"] == 2
    command("export", tmp_path / "two")
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_folder_that_cannot_be_made_is_named(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = command("export", tmp_path / "file" / "folder")
    assert done.exit_code == 1
    assert str(tmp_path / "file" / "folder") in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_format_is_wrong_usage(command: Command, tmp_path: Path) -> None:
    assert command("export", tmp_path / "x", "--format", "xml").exit_code == 2


def test_help_has_an_example(command: Command) -> None:
    assert "Example: annotator export" in command("export", "--help").stdout


def test_every_other_format_is_written_into_a_folder_of_its_own(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The toll rose. Traffic fell.")
    command("import", tmp_path / "a.txt")
    for name in (format_.name for format_ in FORMATS):
        done = command("export", tmp_path / "out", "--format", name)
        assert done.exit_code == 0, name
        assert json.loads((tmp_path / "out" / name / "losses.json").read_text())["format"] == name
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == sorted(format_.name for format_ in FORMATS)


def test_what_a_format_cannot_carry_is_said_on_stderr(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The toll rose. Traffic fell.")
    command("import", tmp_path / "a.txt")
    done = command("export", tmp_path / "out", "--format", "html")
    assert done.stdout == "1 page\n"
    assert "Not carried, 2 sentences without gold: " in done.stderr


def test_the_choices_of_the_command_are_the_formats_there_are() -> None:
    assert {str(choice) for choice in Format} == {"jsonl", *(format_.name for format_ in FORMATS)}


def test_a_folder_with_somebody_elses_file_is_refused_in_a_sentence(command: Command, tmp_path: Path) -> None:
    (tmp_path / "out" / "csv").mkdir(parents=True)
    (tmp_path / "out" / "csv" / "mine.csv").write_text("")
    done = command("export", tmp_path / "out", "--format", "csv")
    assert done.exit_code == 1
    assert "mine.csv is not from an earlier export" in done.stderr
