"""Each request is answered in its reader's language; an unknown one changes nothing."""

import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

from annotator.services import preferences
from db.engine import Database
from db.models import Reviewer
from tests import factories
from tests.web.conftest import BASE, Person, SignIn


@pytest.fixture
def ada(database: Database, sign_in: SignIn) -> Person:
    with database.write() as session:
        reviewer = factories.make_reviewer(session, "Ada")
    return sign_in(reviewer)


def test_pages_follow_the_browser(ada: Person) -> None:
    german = ada.get("/guidelines", accept_language="de-DE,de;q=0.9,en;q=0.5")
    assert '<html lang="de">' in german.text
    assert "Abmelden" in german.text
    assert "Accept-Language" in german.headers["vary"]
    assert '<html lang="en">' in ada.get("/guidelines").text


def test_errors_are_in_the_reader_s_language(ada: Person) -> None:
    assert "Hier ist nichts" in ada.get("/nothing", accept_language="de").text


def test_a_choice_wins_over_the_browser_and_is_kept(ada: Person, database: Database) -> None:
    answer = ada.post("/settings", {"language": "de"})
    assert answer.status_code == 303
    assert 'lang="de"' in ada.get("/guidelines", accept_language="en").text
    with database.read() as session:
        reviewer = session.get(Reviewer, ada.reviewer.id)
        assert reviewer is not None
        assert preferences.language(reviewer) == "de"


def test_a_language_that_is_not_spoken_is_refused(ada: Person) -> None:
    assert ada.post("/settings", {"language": "xx"}).status_code == 422
    ada.client.cookies.set("annotator_language", "../../etc")
    assert '<html lang="en">' in ada.get("/guidelines").text


def test_requests_at_once_do_not_change_each_other_s_language(ada: Person) -> None:
    seen: dict[str, set[str]] = {"de": set(), "en": set()}

    def ask(code: str) -> None:
        for _turn in range(5):
            html = ada.get("/guidelines", accept_language=code).text
            seen[code].add(html.partition('<html lang="')[2][:2])

    threads = [threading.Thread(target=ask, args=(code,)) for code in ("de", "en", "de", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"de": {"de"}, "en": {"en"}}


def test_signed_out_pages_speak_it_too(app: Any) -> None:
    with TestClient(app, base_url=BASE) as client:
        assert '<html lang="de">' in client.get("/sign-in", headers={"accept-language": "de"}).text
