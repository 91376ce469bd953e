"""The corpus as files: the page, and downloads that equal what the command writes."""

import hashlib
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.export import contract, formats
from annotator.export.formats import FORMATS
from db.engine import Database
from db.queries.selection import Selection
from db.vocabulary import Label
from tests import factories
from tests.web.conftest import Person, SignIn


@pytest.fixture
def lead(database: Database, sign_in: SignIn) -> Person:
    with database.write() as session:
        found = factories.make_lead(session, "Lena")
        anna = factories.make_reviewer(session, "Anna")
        for n in range(3):
            article = factories.make_article(session, f"Note {n}\n\nThis is note {n}. It is “short”.")
            sentences = factories.sentences_of(session, article)
            factories.annotate(session, sentences[1], anna, ("claim", "quote"))
        factories.make_gold(session, sentences[1], lead=found)
    return sign_in(found)


def test_the_page_counts_what_an_export_holds(lead: Person) -> None:
    page = lead.get("/export").text
    assert "3 articles with 9 sentences, 3 reviewers’ annotations and 1 gold one, as" in page
    for name in ("articles.jsonl", "sentences.jsonl", "manifest.json"):
        assert f'href="/export/{name}"' in page


def test_downloads_are_the_bytes_of_the_command(lead: Person, database: Database, tmp_path: Path) -> None:
    with database.read() as session:
        contract.write(session, tmp_path)
    for name in ("articles.jsonl", "sentences.jsonl", "manifest.json"):
        answer = lead.get(f"/export/{name}")
        assert answer.content == (tmp_path / name).read_bytes()
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_manifest_names_the_hashes_of_the_downloads(lead: Person) -> None:
    files = json.loads(lead.get("/export/manifest.json").content)["files"]
    for name in ("articles.jsonl", "sentences.jsonl"):
        assert files[name]["sha256"] == hashlib.sha256(lead.get(f"/export/{name}").content).hexdigest()


def test_a_reviewer_sees_their_own_share_and_no_count_of_others(
    lead: Person, database: Database, sign_in: SignIn
) -> None:
    assert lead.reviewer.role == "lead"
    with database.write() as session:
        otto = factories.make_reviewer(session, "Otto")
    page = sign_in(otto).get("/export").text
    assert "0 articles finished, 0 open" in page
    assert "annotations and" not in page
    assert "/export/articles.jsonl" not in page


def test_the_page_names_every_other_format_with_its_command(lead: Person) -> None:
    page = lead.get("/export").text
    for format_ in FORMATS:
        assert f"<code>annotator export DIR --format {format_.name}</code>" in page


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_other_formats_come_as_archives_with_the_files_of_the_command(
    lead: Person, database: Database, tmp_path: Path, name: str
) -> None:
    answer = lead.get(f"/export/{name}.zip")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.zip"'
    with database.read() as session:
        formats.write(session, tmp_path / "out", formats.named(name))
    files = [file for file in (tmp_path / "out").rglob("*") if file.is_file()]
    written = {file.relative_to(tmp_path / "out").as_posix(): file.read_bytes() for file in files}
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {entry: archive.read(entry) for entry in archive.namelist()} == written
    assert lead.get(f"/export/{name}.zip").content == answer.content


def test_archives_obey_filters_and_leave_nothing_behind(lead: Person, tmp_path: Path, monkeypatch: Any) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with zipfile.ZipFile(io.BytesIO(lead.get("/export/csv.zip?gold_only=1").content)) as archive:
        assert json.loads(archive.read("csv/losses.json"))["filters"] == {"gold_only": True}
    assert lead.get("/export/csv.zip?published_from=never").status_code == 422
    assert lead.get("/export/nothing.zip").status_code == 404
    assert list(folder.iterdir()) == []


def test_filters_are_named_counted_and_downloaded(lead: Person, database: Database, tmp_path: Path) -> None:
    page = lead.get("/export?labels=claim&gold_only=1").text
    assert "1 article with 3 sentences, 0 reviewers’ annotations and 1 gold one, as" in page
    assert "annotator export DIR --label claim --gold-only</code>" in page
    assert 'href="/export/sentences.jsonl?labels=claim&amp;gold_only=1"' in page
    with database.read() as session:
        contract.write(session, tmp_path, selection=Selection(labels=(Label.CLAIM,), gold_only=True))
    for name in ("articles.jsonl", "sentences.jsonl", "manifest.json"):
        assert lead.get(f"/export/{name}?labels=claim&gold_only=1").content == (tmp_path / name).read_bytes()


def test_filters_that_cannot_be_come_back_with_a_sentence(lead: Person) -> None:
    answer = lead.get("/export?articles=art_0&labels=claim")
    assert answer.status_code == 422
    assert "There is no article “art_0”." in answer.text
    assert 'value="claim" checked' in answer.text
    assert "articles with" not in answer.text
    assert lead.get("/export/articles.jsonl?articles=art_0").status_code == 422
