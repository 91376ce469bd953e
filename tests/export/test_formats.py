"""What holds for every format: the same bytes, a ledger, whole or not at all."""

import json
from pathlib import Path

import pytest

from annotator.errors import Refused
from annotator.export import formats
from annotator.export.formats import FORMATS
from db import canonical
from db.engine import Database
from tests.export.conftest import Written, bytes_of, counts, ledger

NAMES = [format_.name for format_ in FORMATS]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_work_gives_the_same_bytes_and_no_clock_host_or_path(
    name: str, written: Written, hard: Database, tmp_path: Path
) -> None:
    first = bytes_of(written(name))
    with hard.read() as session:
        formats.write(session, tmp_path / "again", formats.named(name))
    assert bytes_of(tmp_path / "again" / name) == first
    assert not any(str(tmp_path).encode() in data for data in first.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_ledger_counts_what_the_contract_counts_and_hashes_every_file(
    name: str, written: Written, hard: Database
) -> None:
    found = ledger(written(name))
    assert found["counts"] == counts(hard)
    files = bytes_of(written(name))
    del files["losses.json"]
    assert {key: entry["sha256"] for key, entry in found["files"].items()} == {
        key: canonical.sha256(data) for key, data in files.items()
    }
    assert found["losses"].keys() == formats.named(name).losses.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_write_that_breaks_off_leaves_the_one_before_and_nothing_else(
    name: str, written: Written, hard: Database, tmp_path: Path
) -> None:
    before = bytes_of(written(name))

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), hard.read() as session:
        formats.write(session, tmp_path, formats.named(name), stop)
    assert bytes_of(tmp_path / name) == before
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_corpus_is_written(name: str, database: Database, tmp_path: Path) -> None:
    with database.read() as session:
        found = formats.write(session, tmp_path, formats.named(name))
    assert found["counts"]["sentences"] == 0
    assert not any(entry["count"] for entry in found["losses"].values())


def test_a_file_of_somebody_else_in_the_folder_is_not_deleted(written: Written, hard: Database, tmp_path: Path) -> None:
    own = written("csv") / "own.txt"
    own.write_text("mine")
    with hard.read() as session, pytest.raises(Refused, match=r"own\.txt is not from an earlier export"):
        formats.write(session, tmp_path, formats.named("csv"))
    assert own.read_text() == "mine"


def test_a_file_where_the_folder_should_be_is_refused(hard: Database, tmp_path: Path) -> None:
    (tmp_path / "csv").write_text("")
    with hard.read() as session, pytest.raises(Refused, match="is a file"):
        formats.write(session, tmp_path, formats.named("csv"))


def test_a_damaged_ledger_protects_the_folder(written: Written, hard: Database, tmp_path: Path) -> None:
    (written("csv") / "losses.json").write_text(json.dumps([1]))
    with hard.read() as session, pytest.raises(Refused):
        formats.write(session, tmp_path, formats.named("csv"))
