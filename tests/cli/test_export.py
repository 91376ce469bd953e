"""annotator export: three files, the same for the same work."""

import json
from pathlib import Path

from tests.conftest import Command

FILES = ("articles.jsonl", "manifest.json", "sentences.jsonl")


def test_the_files_of_an_export_are_written_and_counted(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The toll rose. Traffic fell.")
    command("import", tmp_path / "a.txt")
    done = command("export", tmp_path / "one")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith("1 articles, 2 sentences, 0 annotations")
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
