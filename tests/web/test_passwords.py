"""Signing in by name and password; setting, changing and removing one's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from annotator.services import attempts, clock, reviewers
from annotator.services.history import Actor
from annotator.services.passwords import Passwords
from annotator.settings import Settings
from annotator.web.app import create_app
from db.engine import Database
from db.models import Event, Reviewer, SignInAttempt, WebSession
from tests import factories
from tests.web.conftest import BASE, Person, SignIn

GOOD, OTHER = "four plain words here", "other words of the harbour"
WRONG = "The name or the password is not right, or this name has no password."


@pytest.fixture(scope="module")
def secret() -> str:
    return Passwords().hash(GOOD)


@pytest.fixture
def visitor(app: Any) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


def add(database: Database, name: str = "Anna", **fields: Any) -> Reviewer:
    with database.write() as session:
        return factories.make_reviewer(session, name, **fields)


def sign_in_as(visitor: TestClient, name: str, password: str = GOOD, **more: str) -> Any:
    return visitor.post("/sign-in", data={"name": name, "password": password, **more})


def age_sessions(database: Database, minutes: int = 20) -> None:
    with database.write() as session:
        for found in session.exec(select(WebSession)):
            found.created_at = clock.later(found.created_at, minutes=-minutes)


def test_a_name_and_a_password_sign_in(visitor: TestClient, database: Database, secret: str) -> None:
    add(database, secret_hash=secret)
    answer = sign_in_as(visitor, " anna ", next="/guidelines")
    assert (answer.status_code, answer.headers["location"]) == (303, "/guidelines")
    assert visitor.get("/").status_code == 200
    first = visitor.cookies["annotator_session"]
    sign_in_as(visitor, "Anna")
    assert visitor.cookies["annotator_session"] != first
    visitor.cookies.clear()
    visitor.cookies.set("annotator_session", first)
    assert visitor.get("/").status_code == 303


def test_the_answer_is_the_same_whoever_it_is(visitor: TestClient, database: Database, secret: str) -> None:
    add(database, "Anna", secret_hash=secret)
    add(database, "Ben")
    add(database, "Otto", secret_hash=secret, active=False)
    said = set()
    for name, password in (("Anna", OTHER), ("Ben", GOOD), ("Otto", GOOD), ("Nobody", GOOD), ("Anna", "x" * 5000)):
        answer = sign_in_as(visitor, name, password)
        assert "set-cookie" not in answer.headers
        assert password not in answer.text
        assert f'value="{name}"' in answer.text
        request_id = answer.headers["x-request-id"]
        said.add((answer.status_code, answer.text.replace(f'value="{name}"', "").replace(request_id, "")))
    assert len(said) == 1
    status, page = said.pop()
    assert status == 401
    assert WRONG in page


def test_too_many_wrong_ones_are_told_to_wait(visitor: TestClient, database: Database, secret: str) -> None:
    anna = add(database, secret_hash=secret)
    now = clock.now()
    with database.write() as session:
        for _ in range(attempts.MOST_OF_ACCOUNT - 1):
            attempts.begin(session, attempts.of_account("Anna"), now=now)
    assert sign_in_as(visitor, "Anna", OTHER).status_code == 401
    answer = sign_in_as(visitor, "anna", GOOD)  # the right one does not help any more
    assert answer.status_code == 429
    assert 840 < int(answer.headers["retry-after"]) <= 900
    assert "Too many wrong attempts. Wait 15 minutes, then try again." in answer.text
    with database.write() as session:
        link = reviewers.link(session, Actor(None), anna.name, days=1)
    assert visitor.post("/sign-in", data={"token": link}).status_code == 303


def test_one_address_cannot_try_many_names_or_links(visitor: TestClient, app: Any, database: Database) -> None:
    with database.write() as session:
        for _ in range(attempts.MOST_OF_ADDRESS - 1):
            attempts.begin(session, attempts.of_address("testclient"), now=clock.now())
    assert visitor.post("/sign-in", data={"token": "no such link"}).status_code == 401
    for form in ({"token": "no such link"}, {"name": "Nobody", "password": GOOD}):
        answer = visitor.post("/sign-in", data=form)
        assert answer.status_code == 429
        assert answer.headers["retry-after"].isdigit()
    with TestClient(app, base_url=BASE, client=("192.0.2.7", 5), follow_redirects=False) as elsewhere:
        assert elsewhere.post("/sign-in", data={"token": "no such link"}).status_code == 401


def test_right_sign_ins_use_no_attempts_up(visitor: TestClient, database: Database, secret: str) -> None:
    add(database, secret_hash=secret)
    sign_in_as(visitor, "Anna")
    with database.read() as session:
        assert {found.succeeded for found in session.exec(select(SignInAttempt))} == {True}


def set_password(person: Person, new: str = GOOD, **more: str) -> Any:
    answer = person.post("/password", {"new": new, "again": new, **more})
    return answer


def test_a_password_is_set_after_a_link_and_the_other_sessions_end(
    database: Database, sign_in: SignIn, visitor: TestClient
) -> None:
    anna = add(database)
    person, elsewhere = sign_in(anna), sign_in(anna)
    before = person.client.cookies["annotator_session"]
    assert "You have none" in person.get("/password").text
    answer = set_password(person)
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert elsewhere.get("/").status_code == 303
    page = person.get("/password").text
    assert "Change it" in page
    assert GOOD not in page
    person.client.cookies.clear()
    person.client.cookies.set("annotator_session", before)
    assert person.get("/").status_code == 303
    assert sign_in_as(visitor, "Anna").status_code == 303
    with database.read() as session:
        assert "$argon2" not in "".join(event.model_dump_json() for event in session.exec(select(Event)))


def test_an_old_session_must_prove_itself(database: Database, sign_in: SignIn, secret: str) -> None:
    person = sign_in(add(database))
    age_sessions(database)
    refused = set_password(person)
    assert (refused.status_code, "Sign in again by a link" in refused.text) == (422, True)
    with database.write() as session:
        session.get_one(Reviewer, person.reviewer.id).secret_hash = secret
    for wrong in ("", OTHER):
        for path in ("/password", "/password/delete"):
            refused = person.post(path, {"new": OTHER, "again": OTHER, "current": wrong})
            assert (refused.status_code, "This is not your password." in refused.text) == (422, True)
    assert set_password(person, OTHER, current=GOOD).status_code == 303


def test_an_old_session_cannot_guess_the_password_for_long(database: Database, sign_in: SignIn, secret: str) -> None:
    person = sign_in(add(database, secret_hash=secret))
    age_sessions(database)
    with database.write() as session:
        for _ in range(attempts.MOST_OF_ACCOUNT):
            attempts.begin(session, attempts.of_account("Anna"), now=clock.now())
    answer = set_password(person, OTHER, current=GOOD)
    assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (429, True)


def test_a_password_is_removed_and_links_still_work(database: Database, sign_in: SignIn, visitor: TestClient) -> None:
    person = sign_in(add(database))
    set_password(person)
    person = Person(person.client, person.reviewer, token_of(person))
    elsewhere = sign_in(person.reviewer)
    assert person.post("/password/delete").status_code == 303
    assert elsewhere.get("/").status_code == 303
    assert "You have none" in person.get("/password").text
    assert sign_in_as(visitor, "Anna").status_code == 401


def token_of(person: Person) -> str:
    return str(person.get("/password").text.split('name="token" value="')[1].split('"')[0])


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("short", "short", "at least 12 characters"),
        ("x" * 300, "x" * 300, "at most 256 characters"),
        (GOOD, OTHER, "The two do not match."),
        ("anna anna anna anna", "anna anna anna anna", "too easy to guess"),
        ("", "", "at least 12 characters"),
    ],
)
def test_a_wrong_form_comes_back_with_the_reason_and_without_the_password(
    database: Database, sign_in: SignIn, new: str, again: str, said: str
) -> None:
    person = sign_in(add(database))
    answer = person.post("/password", {"new": new, "again": again})
    assert answer.status_code == 422
    assert said in answer.text
    assert 'role="alert"' in answer.text
    assert len(new) < 5 or new not in answer.text
    with database.read() as session:
        assert session.get_one(Reviewer, person.reviewer.id).secret_hash is None


def test_a_form_from_before_a_change_is_void(database: Database, secret: str) -> None:
    app = create_app(Settings(), database)
    anna = add(database)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        with database.write() as session:
            link = reviewers.link(session, Actor(None), anna.name, days=1)
        client.post("/sign-in", data={"token": link})
        page = client.get("/password").text
        token = page.split('name="token" value="')[1].split('"')[0]
        with database.write() as session:
            session.get_one(Reviewer, anna.id).secret_hash = secret
        assert client.post("/password", data={"token": token, "new": OTHER, "again": OTHER}).status_code == 303
        stale = client.post("/password", data={"token": token, "new": GOOD, "again": GOOD})
        assert stale.status_code == 403  # the session got a new id, so the form of the old one is void
