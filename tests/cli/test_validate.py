"""annotator validate: each finding, their number, and the exit code."""

import shutil
from pathlib import Path

from tests.conftest import Command

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "bridge"


def test_a_sound_export_has_no_findings(command: Command) -> None:
    done = command("validate", GOLDEN)
    assert (done.exit_code, done.stdout, done.stderr) == (0, "0 findings\n", "")


def test_each_finding_is_printed_with_its_place(command: Command, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN, tmp_path / "damaged"))
    file = folder / "sentences.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"primary_label":"quote"', b'"primary_label":"claim"'))
    done = command("validate", folder)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "sentences.jsonl, line 3, primary_label: the gold's labels give quote"
    assert lines[1].startswith("manifest.json, line 1, files: ")
    assert lines[2:] == ["2 findings"]


def test_it_needs_no_database(command: Command, tmp_path: Path) -> None:
    done = command("--database", str(tmp_path / "none.db"), "validate", GOLDEN)
    assert done.exit_code == 0
    assert not (tmp_path / "none.db").exists()


def test_a_folder_that_is_not_there_is_wrong_usage(command: Command, tmp_path: Path) -> None:
    assert command("validate", tmp_path / "none").exit_code == 2


def test_help_has_an_example(command: Command) -> None:
    assert "Example: annotator validate" in command("validate", "--help").stdout
