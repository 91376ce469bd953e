"""export, import into an empty database, export: the same bytes, for any state there can be."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from annotator.errors import Conflict
from annotator.export import contract
from annotator.export.contract import ARTICLES, MANIFEST, SENTENCES
from annotator.export.validate import validate
from annotator.services.exports import restore
from db import canonical, integrity
from db.engine import Database, open_database
from db.models import (
    Annotation,
    AnnotationRevision,
    Article,
    Assignment,
    Event,
    Guideline,
    Project,
    Reviewer,
    Sentence,
    Source,
)
from db.queries import history
from db.vocabulary import GUIDELINE_NOT_CARRIED
from tests import factories
from tests.export import bridge
from tests.export.random_deeds import DEEDS, RandomDeeds
from tests.export.random_work import RandomWork

FILES = (ARTICLES, SENTENCES, MANIFEST)


@contextmanager
def copy_of(template: Path, folder: Path, name: str) -> Iterator[Database]:
    opened = open_database(str(shutil.copyfile(template, folder / name)))
    yield opened
    opened.close()


def written(database: Database, folder: Path) -> dict[str, bytes]:
    with database.read() as session:
        contract.write(session, folder)
    return {name: (folder / name).read_bytes() for name in FILES}


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a state is a database: shrinking one takes longer than reading it
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_any_state_is_valid_and_comes_back_byte_for_byte(sqlite_template: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with copy_of(sqlite_template, folder, "a.db") as first, copy_of(sqlite_template, folder, "b.db") as second:
            with first.write() as session:
                RandomWork(data, session).build()
            before = written(first, folder / "first")
            assert [str(finding) for finding in validate(folder / "first")] == []
            report = restore(second, folder / "first")
            assert report.rejected == []
            assert written(second, folder / "second") == before
            assert [str(finding) for finding in integrity.check(second)] == []


SEEDS = range(int(os.environ.get("ANNOTATOR_TEST_SEEDS", "3")))  # as many more as there is time for


def test_whatever_people_do_comes_back_byte_for_byte(sqlite_template: Path, tmp_path: Path) -> None:
    done: Counter[str] = Counter()
    for seed in SEEDS:
        folder = tmp_path / str(seed)
        folder.mkdir()
        with copy_of(sqlite_template, folder, "a.db") as first, copy_of(sqlite_template, folder, "b.db") as second:
            with first.write() as session:
                deeds = RandomDeeds(Random(seed), session)
                deeds.live(90)
            done += deeds.done
            assert [str(finding) for finding in integrity.check(first)] == [], seed
            before = written(first, folder / "first")
            assert [str(finding) for finding in validate(folder / "first")] == [], seed
            assert restore(second, folder / "first").rejected == [], seed
            assert written(second, folder / "second") == before, seed
            assert [str(finding) for finding in integrity.check(second)] == [], seed
    assert set(DEEDS) == set(done)


@pytest.fixture
def example(sqlite_template: Path, tmp_path: Path) -> Path:
    """The export of the contract's example."""
    with copy_of(sqlite_template, tmp_path, "example.db") as made:
        with made.write() as session:
            bridge.build(session)
        with made.read() as session:
            contract.write(session, tmp_path / "example")
    return tmp_path / "example"


def test_the_example_comes_back_on_both_databases(example: Path, any_database: Database, tmp_path: Path) -> None:
    report = restore(any_database, example)
    assert report.counts() == {"accepted": 1, "duplicate": 0, "rejected": 0}
    again = written(any_database, tmp_path / "again")
    assert again == {name: (example / name).read_bytes() for name in FILES}
    assert list(integrity.check(any_database)) == []


def test_revisions_and_events_tell_of_what_came(example: Path, database: Database) -> None:
    restore(database, example)
    with database.read() as session:
        found = session.exec(select(Annotation)).all()
        for annotation in found:
            assert annotation.id is not None
            newest = history.revision(session, annotation.id, annotation.revision)
            assert newest is not None
            assert newest.action == "import"
            assert history.digest(history.snapshot(session, annotation)) == canonical.sha256(newest.snapshot)
        assert len(found) == len(session.exec(select(AnnotationRevision)).all())
        events = session.exec(select(Event).where(Event.entity == "annotation")).all()
        assert {event.entity_uid for event in events} == {annotation.uid for annotation in found}
        assert {event.action for event in events} == {"import"}


def test_project_and_guideline_are_taken_over(example: Path, database: Database) -> None:
    restore(database, example)
    with database.read() as session:
        project = session.exec(select(Project)).one()
        guideline = session.get_one(Guideline, project.active_guideline_id)
    assert project.slug == "demo"
    assert (guideline.version, guideline.sha256, guideline.body) == ("1.0", "0" * 64, GUIDELINE_NOT_CARRIED)


def test_the_shipped_guidelines_stay_when_the_export_has_the_same(
    sqlite_template: Path, database: Database, tmp_path: Path
) -> None:
    with copy_of(sqlite_template, tmp_path, "a.db") as first:
        with first.write() as session:
            factories.make_article(session)
        with first.read() as session:
            contract.write(session, tmp_path / "x")
    restore(database, tmp_path / "x")
    with database.read() as session:
        bodies = [guideline.body for guideline in session.exec(select(Guideline))]
    assert len(bodies) == 1
    assert bodies[0] != GUIDELINE_NOT_CARRIED


def test_people_come_without_rights_and_find_themselves_if_they_are_there(example: Path, database: Database) -> None:
    with database.write() as session:
        ada = factories.make_lead(session, "ada")
    restore(database, example)
    with database.read() as session:
        people = {person.name: person for person in session.exec(select(Reviewer))}
    assert people["ada"].id == ada.id
    assert {name: person.role for name, person in people.items()} == {
        "ada": "lead", "ben": "reviewer", "cleo": "reviewer",
    }  # fmt: skip
    assert {person.secret_hash for person in people.values()} == {None}


def test_a_reviewer_of_that_name_who_is_written_otherwise_stops_the_import(example: Path, database: Database) -> None:
    with database.write() as session:
        factories.make_reviewer(session, "ADA")
    with pytest.raises(Conflict, match="The reviewer ada of the export is ADA"):
        restore(database, example)
    with database.read() as session:
        assert session.exec(select(Article)).all() == []


def test_the_same_export_again_changes_nothing(example: Path, database: Database) -> None:
    restore(database, example)
    with database.read() as session:
        events = len(session.exec(select(Event)).all())
    report = restore(database, example)
    assert report.counts() == {"accepted": 0, "duplicate": 1, "rejected": 0}
    with database.read() as session:
        assert len(session.exec(select(Event)).all()) == events


def test_another_state_of_an_article_is_refused(example: Path, database: Database) -> None:
    restore(database, example)
    with database.write() as session:
        annotation = session.exec(select(Annotation).where(Annotation.role == "reviewer")).first()
        assert annotation is not None
        annotation.note = "changed since"
    with pytest.raises(Conflict, match="is another state of the one in it"):
        restore(database, example)


def test_an_export_into_a_database_with_other_articles_is_refused(example: Path, database: Database) -> None:
    with database.write() as session:
        factories.make_article(session)
    with pytest.raises(Conflict, match="article art_508ed8dde749df69 of the export is not in it"):
        restore(database, example)


def test_an_export_with_a_finding_is_rejected_whole(example: Path, database: Database) -> None:
    file = example / SENTENCES
    file.write_bytes(file.read_bytes().replace(b'"primary_label":"quote"', b'"primary_label":"claim"'))
    report = restore(database, example)
    assert report.batch is None
    assert {found.line for found in report.rejected} >= {3}
    with database.read() as session:
        assert session.exec(select(Article)).all() == []


def test_a_failure_in_the_middle_leaves_the_database_empty(example: Path, database: Database) -> None:
    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(database, example, progress=stop)
    with database.read() as session:
        assert session.exec(select(Article)).all() == []
        assert session.exec(select(Project)).one().slug == "default"


def test_evidence_that_a_merge_made_alike_comes_back_too(
    sqlite_template: Path, database: Database, tmp_path: Path
) -> None:
    with copy_of(sqlite_template, tmp_path, "a.db") as first:
        with first.write() as session:
            article = factories.make_article(session, "The toll rose.")
            ada = factories.make_reviewer(session, "Ada")
            annotation = factories.annotate(session, factories.sentences_of(session, article)[0], ada)
            claim = factories.make_claim(session, annotation)
            one, two = factories.make_source(session, "Minutes"), factories.make_source(session, "Minutes of May")
            factories.make_evidence(session, claim, one, excerpt="4 crowns")
            factories.make_evidence(session, claim, two, excerpt="4 crowns")
            one.merged_into_id = two.id
            factories.keep(session, annotation)
        before = written(first, tmp_path / "x")
    restore(database, tmp_path / "x")
    assert written(database, tmp_path / "y") == before
    assert list(integrity.check(database)) == []
    with database.read() as session:
        assert len(session.exec(select(Source).where(col(Source.merged_into_id).is_not(None))).all()) == 1


def test_retired_sentences_lie_where_they_lay(sqlite_template: Path, database: Database, tmp_path: Path) -> None:
    with copy_of(sqlite_template, tmp_path, "a.db") as first:
        with first.write() as session:
            article = factories.make_article(session, "The toll rose. Traffic fell. It rained.")
            one, two, _ = factories.sentences_of(session, article)
            work = RandomWork(None, session)  # type: ignore[arg-type]  # nothing is drawn
            work._replace(article, 2, [one, two], [(one.start_cp, two.end_cp)], "merge")
        before = written(first, tmp_path / "x")
        spans = _spans(first)
    restore(database, tmp_path / "x")
    assert _spans(database) == spans
    assert written(database, tmp_path / "y") == before


def _spans(database: Database) -> list[tuple[str, int, int, bool]]:
    with database.read() as session:
        found = session.exec(select(Sentence)).all()
    return sorted((s.uid, s.start_cp, s.end_cp, s.retired_in is None) for s in found)


def test_whoever_had_done_everything_has_finished(example: Path, database: Database) -> None:
    restore(database, example)
    with database.read() as session:
        found = session.exec(select(Assignment)).all()
    assert [(assignment.state, assignment.finished_at) for assignment in found] == [
        ("finished", "2024-06-01T10:00:00.000Z"),
        ("finished", "2024-06-01T09:05:10.250Z"),
    ]
