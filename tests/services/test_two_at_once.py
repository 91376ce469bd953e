"""Two people at once: whatever one saves while a lead cuts, nobody waits for ever and nothing is lost."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from annotator.domain.changes import Change
from annotator.errors import Conflict
from annotator.services import annotations, attributions, finishing, sentences, sources
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from annotator.services.sources import SourceDetails
from db import integrity
from db.engine import Database
from db.models import Assignment
from db.vocabulary import AttributionType
from tests import factories

TEXT = "The board said that Zoé left, and the ferry sank. Nobody paid. The pier closed."  # fiction
CUT = TEXT.index("and the ferry")


@dataclass
class Case:
    database: Database
    article: str
    sentences: list[str]
    lead: int
    ada: int


@pytest.fixture
def case(any_database: Database) -> Case:
    with any_database.write() as session:
        article = factories.make_article(session, TEXT)
        lead, ada = factories.make_lead(session, "Lena"), factories.make_reviewer(session, "Ada")
        factories.assign(session, article, ada)
        found = factories.sentences_of(session, article)
        for sentence in found:
            factories.annotate(session, sentence, ada, ["quote"])
        assert lead.id is not None
        assert ada.id is not None
        return Case(any_database, article.uid, [sentence.uid for sentence in found], lead.id, ada.id)


def somebody_waits(database: Database) -> bool:
    """Whether a transaction waits for another one; SQLite's lock is before the transaction, so nobody ever does."""
    if database.sqlite:
        return True
    with database.read() as session:
        return bool(session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar())


def until_somebody_waits(database: Database) -> None:
    end = time.monotonic() + 60
    while not somebody_waits(database) and time.monotonic() < end:
        time.sleep(0.01)


def split(case: Case) -> None:
    with case.database.write() as session:
        cut = sentences.splitting(session, case.sentences[0], CUT)
        sentences.apply(session, Actor(case.lead), cut, version=1)


def attribute(case: Case, session: Session, pause: Callable[[], None]) -> None:
    """As the page does it: a source that is new comes first, then the attribution that mentions it."""
    source = sources.get_or_create(session, Actor(case.ada), SourceDetails(title="Minutes of the board"))
    pause()
    wording = Wording(
        speaker="The board", cue="said", content="that Zoé left", type=AttributionType.INDIRECT, source=source.uid
    )
    attributions.create(session, Actor(case.ada), case.sentences[0], wording, revision=1)


def label(case: Case, session: Session, pause: Callable[[], None]) -> None:
    annotations.save(session, Actor(case.ada), case.sentences[0], Change(labels=("claim",)), revision=1)
    pause()


def finish(case: Case, session: Session, pause: Callable[[], None]) -> None:
    finishing.finish(session, Actor(case.ada), case.article)
    pause()


SAVES = [attribute, label, finish]


@pytest.mark.parametrize("save", SAVES, ids=[save.__name__ for save in SAVES])
def test_a_cut_beside_a_save_waits_and_both_are_stored(case: Case, save: Callable[..., None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        with case.database.write() as session:
            cutting = []

            def pause() -> None:
                cutting.append(pool.submit(split, case))
                until_somebody_waits(case.database)

            save(case, session, pause)
        cutting[0].result(timeout=60)
    with case.database.read() as session:
        assert sentences.version(session, case.article) == 2
        assert session.exec(select(Assignment.state)).one() == "open"
    assert [str(finding) for finding in integrity.check(case.database)] == []


@pytest.mark.parametrize("save", SAVES, ids=[save.__name__ for save in SAVES])
def test_a_save_beside_a_cut_rests_on_old_boundaries_and_is_refused(case: Case, save: Callable[..., None]) -> None:
    def late() -> None:
        with case.database.write() as session:
            save(case, session, lambda: None)

    with ThreadPoolExecutor(1) as pool:
        with case.database.write() as session:
            cut = sentences.splitting(session, case.sentences[0], CUT)
            sentences.apply(session, Actor(case.lead), cut, version=1)
            saving = pool.submit(late)
            until_somebody_waits(case.database)
        if save is finish:
            assert "2 sentences need review" in str(saving.exception(timeout=60))
        else:
            assert isinstance(saving.exception(timeout=60), Conflict)
    assert [str(finding) for finding in integrity.check(case.database)] == []


def test_of_two_cuts_at_once_the_second_is_refused(case: Case) -> None:
    with ThreadPoolExecutor(2) as pool:
        cutting = [pool.submit(split, case) for _ in range(2)]
        found = [cut.exception(timeout=60) for cut in cutting]
    assert sorted(type(error).__name__ for error in found) in (["Conflict", "NoneType"], ["NoneType", "Stale"])
