"""Releases: the same name gives the same bytes ever after, whatever happens to the corpus."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from annotator.errors import Conflict, Invalid, NotFound
from annotator.export import contract
from annotator.export.validate import validate
from annotator.reports.disagreement_files import as_json
from annotator.reports.disagreements import disagreement_report
from annotator.services import releases
from annotator.services.history import Actor
from db import integrity
from db.engine import Database
from db.models import Reviewer
from db.queries.selection import Selection
from tests import factories

FILES = (contract.ARTICLES, contract.SENTENCES, contract.MANIFEST)


@pytest.fixture
def lead(any_database: Database) -> Reviewer:
    """The lead of a corpus of one article that two people read."""
    with any_database.write() as session:
        found = factories.make_lead(session, "Lena")
        article = factories.make_article(session)
        for name in ("Anna", "Ben"):
            person = factories.make_reviewer(session, name)
            for n, sentence in enumerate(factories.sentences_of(session, article)):
                factories.annotate(session, sentence, person, ("claim",) if n % 2 or name == "Ben" else ("quote",))
    return found


def export(database: Database, folder: Path, selection: Selection = Selection()) -> dict[str, bytes]:
    with database.read() as session:
        contract.write(session, folder, selection=selection)
    return {name: (folder / name).read_bytes() for name in FILES}


def got(database: Database, name: str, folder: Path) -> dict[str, bytes]:
    with database.read() as session:
        releases.get(session, name, folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def change(database: Database) -> None:
    """Another article, and people, titles and labels that are not what they were."""
    with database.write() as session:
        article = factories.make_article(session, "It rained. It stopped.")
        factories.annotate(
            session, factories.sentences_of(session, article)[0], factories.make_reviewer(session, "Cleo")
        )
        session.connection().execute(text("UPDATE article SET title = 'Another'"))
        session.connection().execute(text("UPDATE annotation SET note = 'changed'"))


def test_a_release_gives_the_same_bytes_whatever_changes(
    any_database: Database, lead: Reviewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "PIECE", 100)
    before = export(any_database, tmp_path / "export")
    made = releases.make(any_database, "v1.0", actor=Actor(lead.id))
    change(any_database)
    assert got(any_database, "V1.0", tmp_path / "again") == before
    assert [str(finding) for finding in validate(tmp_path / "again")] == []
    assert export(any_database, tmp_path / "now") != before
    assert made.manifest["counts"]["annotations"] == 2 * made.manifest["counts"]["sentences"]
    with any_database.read() as session:
        (listed,) = releases.listed(session)
    assert (listed.name, listed.event, listed.by, listed.manifest) == ("v1.0", made.event, "Lena", made.manifest)
    assert [f for f in integrity.check(any_database) if f.check == "release"] == []


def test_a_part_can_be_released_and_says_what_part(any_database: Database, lead: Reviewer, tmp_path: Path) -> None:
    assert lead.id is not None
    with any_database.read() as session:
        anna = session.connection().execute(text("SELECT uid FROM reviewer WHERE name = 'Anna'")).scalar_one()
    part = Selection(reviewers=(anna,))
    before = export(any_database, tmp_path / "export", part)
    made = releases.make(any_database, "anna", selection=part)
    assert got(any_database, "anna", tmp_path / "again") == before
    assert made.manifest["filters"] == {"reviewers": [anna]}


def test_the_agreement_of_a_release_is_that_of_the_report(any_database: Database, lead: Reviewer) -> None:
    assert lead.id is not None
    made = releases.make(any_database, "v1")
    with any_database.read() as session:
        report = as_json(disagreement_report(session, None))
    wanted = report["layers"]["label_sets"]["metrics"]["krippendorff_alpha_masi"]["value"]
    assert made.agreement["alpha"]["masi"]["value"] == pytest.approx(wanted, abs=1e-6)
    assert (made.agreement["reviewers"], made.agreement["sentences"]) == (2, made.manifest["counts"]["sentences"])
    assert made.agreement["alpha"]["opinion"] == {"ci95": None, "reason": "no two reviewers gave it", "value": None}


@pytest.mark.parametrize("name", ["", ".hidden", "a/b", "v 1", "é", "x" * 65, "v1\n"])
def test_a_name_that_is_no_name_of_a_file_is_refused(any_database: Database, lead: Reviewer, name: str) -> None:
    assert lead.id is not None
    with pytest.raises(Invalid, match="A release is named by"):
        releases.make(any_database, name)


def test_a_name_is_given_once_in_any_case(any_database: Database, lead: Reviewer) -> None:
    assert lead.id is not None
    releases.make(any_database, "v1")
    with pytest.raises(Conflict, match="There is a release v1 already"):
        releases.make(any_database, "V1")


def test_nothing_is_no_release(database: Database) -> None:
    with pytest.raises(Invalid, match="no article to release"):
        releases.make(database, "v1")
    with database.read() as session, pytest.raises(NotFound, match="There is no release “v1”"):
        releases.find(session, "v1")


def test_of_two_at_once_one_is_refused(any_database: Database, lead: Reviewer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lead.id is not None
    both = threading.Barrier(2)
    read = releases._read

    def together(*given: Any) -> dict[str, Any]:
        found = read(*given)
        both.wait(60)  # both have seen that the name is free
        return found

    monkeypatch.setattr(releases, "_read", together)
    said: list[str] = []

    def make() -> None:
        try:
            said.append(releases.make(any_database, "v1").name)
        except Conflict as error:
            said.append(error.message)

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == [
        "There is a release v1 already, and a release never changes: take another name.", "v1",
    ]  # fmt: skip


@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.parametrize(("table", "column"), [("release", "name"), ("release_part", "data")])
def test_the_database_refuses_to_change_a_release(
    any_database: Database, lead: Reviewer, statement: str, table: str, column: str
) -> None:
    assert lead.id is not None
    releases.make(any_database, "v1")
    with pytest.raises(DBAPIError, match="append-only"), any_database.write() as session:
        session.connection().execute(text(statement.format(table, column, column)))


def test_check_finds_bytes_that_were_changed_behind_the_programs_back(database: Database) -> None:
    with database.write() as session:
        factories.make_article(session)
        factories.make_reviewer(session, "Anna")
        sentence = factories.sentences_of(session, factories.make_article(session, "It rained."))[0]
        factories.annotate(session, sentence, factories.make_reviewer(session, "Ben"))
    releases.make(database, "v1")
    with database.write() as session:
        session.connection().execute(text("DROP TRIGGER release_part_no_update"))
        session.connection().execute(text("UPDATE release_part SET data = x'00' WHERE file = 'articles.jsonl'"))
    found = [str(finding) for finding in integrity.check(database)]
    assert found == ["release: v1/articles.jsonl: the bytes are not those that were released"]
