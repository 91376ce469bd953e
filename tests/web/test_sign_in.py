"""Signing in by a one-time link and out again."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from annotator.services import clock, reviewers
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web.app import create_app
from annotator.web.pages import local_path
from db.engine import Database
from db.models import WebSession
from tests import factories
from tests.web.conftest import BASE, SignIn

LONG_AGO = "2001-01-01T00:00:00.000Z"


@pytest.fixture
def visitor(app: Any) -> Iterator[TestClient]:
    """A browser in which nobody is signed in."""
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        yield client


def link_of(database: Database, name: str = "Anna", *, at: str | None = None) -> str:
    with database.write() as session:
        if not any(reviewer.name == name for reviewer in reviewers.listed(session)):
            factories.make_reviewer(session, name)
        return reviewers.link(session, Actor(None, None, at) if at else Actor(None), name, days=1)


def test_a_link_says_who_signs_in_and_its_button_does_it(visitor: TestClient, database: Database) -> None:
    link = link_of(database)
    page = visitor.get(f"/sign-in?token={link}&next=/guidelines")
    assert "autofocus>Sign in as Anna</button>" in page.text, "Enter signs in, without a search for the button"
    answer = visitor.post("/sign-in", data={"token": link, "next": "/guidelines"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/guidelines")
    assert visitor.get("/").status_code == 200


def test_looking_at_a_link_does_not_use_it_up(visitor: TestClient, database: Database) -> None:
    link = link_of(database)
    for _ in range(3):
        assert "Sign in as Anna" in visitor.get(f"/sign-in?token={link}").text
        assert visitor.head(f"/sign-in?token={link}").status_code in (200, 405)
    assert visitor.post("/sign-in", data={"token": link}).status_code == 303


def test_a_link_works_once(visitor: TestClient, app: Any, database: Database) -> None:
    link = link_of(database)
    assert visitor.post("/sign-in", data={"token": link}).status_code == 303
    with TestClient(app, base_url=BASE, follow_redirects=False) as other:
        again = other.post("/sign-in", data={"token": link})
        assert (again.status_code, "set-cookie" in again.headers) == (401, False)
        assert 'role="alert"' in again.text
        assert "Anna" not in other.get(f"/sign-in?token={link}").text


def test_the_whole_link_can_be_pasted(visitor: TestClient, database: Database) -> None:
    link = link_of(database)
    assert visitor.post("/sign-in", data={"token": f" {BASE}/sign-in?token={link}&next=/ "}).status_code == 303


def test_an_expired_link_signs_nobody_in(visitor: TestClient, database: Database) -> None:
    link = link_of(database, at=LONG_AGO)
    assert "Anna" not in visitor.get(f"/sign-in?token={link}").text
    assert visitor.post("/sign-in", data={"token": link}).status_code == 401


def test_a_deactivated_person_is_out_at_once_and_their_links_are_dead(visitor: TestClient, database: Database) -> None:
    first, second = link_of(database), link_of(database)
    visitor.post("/sign-in", data={"token": first})
    assert visitor.get("/guidelines").status_code == 200
    with database.write() as session:
        reviewers.deactivate(session, Actor(None), "Anna")
    assert visitor.get("/guidelines").headers["location"] == "/sign-in?next=/guidelines"
    assert visitor.post("/sign-in", data={"token": second}).status_code == 401


def test_the_cookie_is_for_this_site_and_no_script(visitor: TestClient, database: Database) -> None:
    cookie = visitor.post("/sign-in", data={"token": link_of(database)}).headers["set-cookie"]
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("annotator_session=")
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") or part == "secure" for part in parts)


def test_behind_https_the_cookie_is_secure_and_bound_to_the_host(database: Database) -> None:
    app = create_app(Settings(secure_cookies=True), database)
    with TestClient(app, base_url="https://127.0.0.1", follow_redirects=False) as client:
        cookie = client.post("/sign-in", data={"token": link_of(database)}).headers["set-cookie"]
        assert cookie.startswith("__Host-annotator_session=")
        assert {"secure", "path=/"} <= {part.strip().lower() for part in cookie.split(";")[1:]}
        assert client.get("/").status_code == 200


def test_every_sign_in_gives_a_new_session_and_ends_the_one_before(visitor: TestClient, database: Database) -> None:
    def sign_in() -> str:
        visitor.post("/sign-in", data={"token": link_of(database)})
        return str(visitor.cookies["annotator_session"])

    first, second = sign_in(), sign_in()
    assert first != second
    visitor.cookies.clear()
    visitor.cookies.set("annotator_session", first)
    assert visitor.get("/").status_code == 303
    assert first not in _dump(database)


def _dump(database: Database) -> str:
    with database.reader.connect() as connection:
        return "\n".join(str(row) for row in connection.exec_driver_sql("SELECT * FROM session"))


def test_a_made_up_session_is_nobody(visitor: TestClient) -> None:
    visitor.cookies.set("annotator_session", "x" * 43)
    assert visitor.get("/").headers["location"] == "/sign-in?next=/"


def test_signing_out_ends_the_session(sign_in: SignIn, database: Database) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
    person = sign_in(anna)
    kept = person.client.cookies["annotator_session"]
    assert person.post("/sign-out", {"token": ""}).status_code == 403
    assert person.get("/").status_code == 200
    answer = person.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'annotator_session=""' in answer.headers["set-cookie"]
    person.client.cookies.set("annotator_session", kept)
    assert person.get("/").status_code == 303


OUTSIDE = [
    "https://other.example/", "http:other.example", "//other.example/", "///other.example", "////other.example",
    "/\\other.example", "\\\\other.example", "\\/other.example", "/\\/other.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x", "vbscript:x", "/\t/other.example",
    "/\n/other.example", "/\r/other.example", "\t//other.example", " //other.example", "\x01//other.example",
    "other.example", "@other.example", ":@other.example", "#//other.example", "?next=//other.example",
    "/\r\nlocation: https://other.example", "https:/other.example", "https:\\\\other.example", "",
]  # fmt: skip
INSIDE = [
    "/.//other.example", "/%2f/other.example", "/%5cother.example", "/%09/other.example", "/..//other.example",
    "/a/..//other.example", "/@other.example", "/?next=https://other.example", "/#//other.example",
    "/\u2028/other.example", "/\uff0f\uff0fother.example", "/a\\..\\\\other.example", "/;@other.example",
]  # fmt: skip


def resolved(location: str) -> str:
    """The host that a browser goes to: white space at the edges, tabs and line ends count for nothing, \\ is /."""
    cleaned = re.sub(r"[\t\r\n]", "", location.strip("\x00\x1f ")).replace("\\", "/")
    return urlsplit(urljoin(BASE + "/sign-in", cleaned)).netloc


@pytest.mark.parametrize("target", OUTSIDE)
def test_next_never_leaves_the_site(visitor: TestClient, database: Database, target: str) -> None:
    page = visitor.get("/sign-in", params={"next": target})
    assert 'name="next" value="/"' in page.text
    answer = visitor.post("/sign-in", data={"token": link_of(database), "next": target})
    assert (answer.status_code, answer.headers.get("location")) in ((303, "/"), (422, None))


@pytest.mark.parametrize("target", [*OUTSIDE, *INSIDE])
def test_whatever_next_is_a_browser_stays_here(target: str) -> None:
    location = local_path(target)
    assert resolved(location) == "127.0.0.1:8000"
    assert location.isascii()
    assert location.isprintable()


def test_next_comes_back_to_the_sentence() -> None:
    assert local_path("/articles/art_1?s=14#s-14") == "/articles/art_1?s=14#s-14"


def test_who_is_signed_out_is_asked_to_sign_in_and_comes_back(visitor: TestClient) -> None:
    answer = visitor.get("/speakers?q=a b")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/speakers%3Fq%3Da%2520b")
    assert 'name="next" value="/speakers?q=a%20b"' in visitor.get(answer.headers["location"]).text


def stored_session(database: Database, **fields: str) -> None:
    with database.write() as session:
        for found in session.exec(select(WebSession)):
            for name, value in fields.items():
                setattr(found, name, value)


def test_a_session_ends_when_it_lies_idle_and_in_any_case_after_its_days(sign_in: SignIn, database: Database) -> None:
    with database.write() as session:
        person = factories.make_reviewer(session, "Anna")
    anna, now = sign_in(person), clock.now()
    stored_session(database, last_seen_at=clock.later(now, hours=-23.9))
    assert anna.get("/").status_code == 200
    stored_session(database, last_seen_at=clock.later(now, hours=-24.1))
    assert anna.get("/").status_code == 303
    anna = sign_in(person)
    stored_session(database, last_seen_at=now, expires_at=clock.later(now, seconds=-1))
    assert anna.get("/").status_code == 303
    assert anna.post("/annotations", {"sentence": "x"}).status_code == 401


def test_a_link_that_was_looked_at_signs_nobody_else_out(visitor: TestClient, database: Database) -> None:
    """A session is kept when a sign-in fails."""
    visitor.post("/sign-in", data={"token": link_of(database)})
    assert visitor.post("/sign-in", data={"token": "no such link"}).status_code == 401
    assert visitor.get("/").status_code == 200
