"""People: adding, links, shutting out, assigning; for leads."""

import re

import pytest
from sqlmodel import select

from db.engine import Database
from db.models import Article, Assignment, Reviewer
from tests import factories
from tests.web.conftest import Person, SignIn


@pytest.fixture
def lead(database: Database, sign_in: SignIn) -> Person:
    with database.write() as session:
        found = factories.make_lead(session, "Lena")
    return sign_in(found)


def anna_of(database: Database) -> Reviewer:
    with database.write() as session:
        return factories.make_reviewer(session, "Anna")


def test_a_new_reviewer_is_added_and_their_page_comes_next(lead: Person) -> None:
    answer = lead.post("/people", {"name": " Anna  Lind "})
    assert answer.status_code == 303
    page = lead.get(answer.headers["location"]).text
    assert "<h1>Anna  Lind</h1>" in page
    assert "reviewer" in page


def test_a_name_that_is_taken_comes_back_with_the_reason(lead: Person, database: Database) -> None:
    anna_of(database)
    answer = lead.post("/people", {"name": "ANNA", "role": "lead"})
    assert answer.status_code == 422
    assert "There is already a reviewer named Anna." in answer.text
    assert 'value="ANNA"' in answer.text
    assert '<option value="lead" selected>' in answer.text


def test_a_role_is_a_word_of_the_vocabulary(lead: Person, database: Database) -> None:
    assert lead.post("/people", {"name": "Anna", "role": "owner"}).status_code == 422
    with database.read() as session:
        assert len(session.exec(select(Reviewer)).all()) == 1


def test_a_link_is_shown_once_and_signs_in(lead: Person, database: Database, sign_in: SignIn) -> None:
    anna = anna_of(database)
    page = lead.post(f"/people/{anna.uid}/link").text
    found = re.search(r'<input type="text" id="ln" value="([^"]+)" readonly>', page)
    assert found
    assert found[1].startswith("http://127.0.0.1:8000/sign-in?token=")
    assert found[1] not in lead.get(f"/people/{anna.uid}").text
    other = sign_in(anna).client
    other.cookies.clear()
    assert "Sign in as Anna" in other.get(found[1]).text


def test_the_answer_with_a_link_is_kept_nowhere(lead: Person, database: Database) -> None:
    answer = lead.post(f"/people/{anna_of(database).uid}/link")
    assert answer.headers["cache-control"] == "no-store"


def test_who_is_deactivated_is_out_and_comes_back_with_a_new_link(
    lead: Person, database: Database, sign_in: SignIn
) -> None:
    anna = anna_of(database)
    person = sign_in(anna)
    assert lead.post(f"/people/{anna.uid}/deactivate").status_code == 303
    assert person.get("/").status_code == 303
    page = lead.get(f"/people/{anna.uid}").text
    assert "deactivated" in page
    assert f'action="/people/{anna.uid}/link"' not in page
    refused = lead.post(f"/people/{anna.uid}/link")
    assert (refused.status_code, "Anna is deactivated." in refused.text) == (422, True)
    lead.post(f"/people/{anna.uid}/activate")
    assert f'action="/people/{anna.uid}/link"' in lead.get(f"/people/{anna.uid}").text
    assert person.get("/").status_code == 303


def test_the_last_lead_cannot_be_shut_out(lead: Person) -> None:
    answer = lead.post(f"/people/{lead.reviewer.uid}/deactivate")
    assert answer.status_code == 422
    assert "last active lead" in answer.text


def test_a_persons_page_shows_their_articles_and_progress(lead: Person, database: Database) -> None:
    anna = anna_of(database)
    with database.write() as session:
        article = factories.make_article(session, title="The ferry stays in port")
        factories.annotate(session, factories.sentences_of(session, article)[0], session.get_one(Reviewer, anna.id))
    page = lead.get(f"/people/{anna.uid}").text
    assert "The ferry stays in port" in page
    assert "1 of 5" in page


def test_reviewers_are_assigned_with_a_deadline(lead: Person, database: Database) -> None:
    with database.write() as session:
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        article = factories.make_article(session, title="The ferry stays in port")
        factories.assign(session, article, ben)
    page = lead.get(f"/people/assign?article={article.uid}").text
    assert "Read by Ben." in page
    assert f'value="{anna.uid}"' in page
    assert f'value="{ben.uid}"' not in page
    form = {"article": article.uid, "reviewers": [anna.uid], "due": "2030-05-06"}
    answer = lead.post("/people/assign", form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    with database.read() as session:
        due = {a.reviewer_id: a.due for a in session.exec(select(Assignment))}
    assert due == {ben.id: None, anna.id: "2030-05-06T23:59:59.000Z"}


@pytest.mark.parametrize(("due", "said"), [("6.5.2030", "is not a date"), ("", "Name at least one reviewer")])
def test_a_wrong_assignment_comes_back_with_the_reason(lead: Person, database: Database, due: str, said: str) -> None:
    with database.write() as session:
        anna, article = factories.make_reviewer(session, "Anna"), factories.make_article(session)
    answer = lead.post("/people/assign", {"article": article.uid, "reviewers": [anna.uid] if due else [], "due": due})
    assert answer.status_code == 422
    assert said in answer.text
    with database.read() as session:
        assert session.exec(select(Assignment)).all() == []


def test_names_that_could_be_read_as_others_show_their_marks(lead: Person, database: Database) -> None:
    with database.write() as session:
        factories.make_reviewer(session, "An\u202ena")
        factories.make_reviewer(session, "<script>alert(1)</script>")
    for url in ("/", "/people"):
        with database.write() as session:
            if not session.exec(select(Article)).all():
                factories.make_article(session)
        page = lead.get(url).text
        assert "An⟨U+202E⟩na" in page
        assert "<script>alert" not in page
