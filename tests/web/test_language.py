"""Each request is answered in its reader's language; an unknown one changes nothing."""

import threading
from enum import StrEnum
from typing import Any

import pytest
from starlette.testclient import TestClient

from annotator.domain.words import WORDS, word
from annotator.language import spoken
from annotator.nlp.scores import weights
from annotator.services import preferences, reviewers
from annotator.services.history import Actor
from annotator.web.views.reasons import told
from db.engine import Database
from db.models import Reviewer
from db.vocabulary import (
    AttributionType,
    CheckWorthiness,
    ClaimType,
    Mode,
    Naming,
    NoneReason,
    Record,
    SourceType,
    SpeakerKind,
    Stance,
    Status,
    Tier,
    Verdict,
)
from tests import factories
from tests.web.conftest import BASE, Person, Reading, SignIn, fields_of


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


def test_the_form_beside_the_password_changes_the_language(ada: Person) -> None:
    form = fields_of(ada.get("/password").text, "/settings")
    assert form["language"] == "en"
    answer = ada.post("/settings", {**form, "language": "de"}, referer=f"{BASE}/password")
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    german = ada.get("/password").text
    assert "Neues Passwort" in german
    assert fields_of(german, "/settings")["language"] == "de"
    ada.post("/settings", {**form, "language": "en"}, referer=f"{BASE}/password")
    assert "New password" in ada.get("/password", accept_language="de").text


def test_whoever_signs_in_finds_their_language_again(app: Any, ada: Person, database: Database) -> None:
    ada.post("/settings", {"language": "de"})
    with database.write() as session:
        link = reviewers.link(session, Actor(None), "Ada", days=1)
        other = reviewers.link(session, Actor(None), factories.make_reviewer(session, "Ben").uid, days=1)
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        assert "annotator_language" not in client.post("/sign-in", data={"token": other}).headers.get("set-cookie", "")
        assert "Sign out" in client.get("/guidelines").text
    with TestClient(app, base_url=BASE, follow_redirects=False) as client:
        assert "Sign in as Ada" in client.get(f"/sign-in?token={link}").text
        client.post("/sign-in", data={"token": link})
        assert "Abmelden" in client.get("/guidelines").text


def test_refusals_of_services_are_in_the_reader_s_language(ada: Person) -> None:
    form = {"new": "short", "again": "short"}
    assert "Ein Passwort hat mindestens 12 Zeichen." in ada.post("/password", form, accept_language="de").text
    assert "A password has at least 12 characters." in ada.post("/password", form).text


def test_what_was_typed_cannot_break_a_translated_sentence(ada: Person) -> None:
    page = ada.get("/speakers?q=%25(name)s{n}<b>\N{GRINNING FACE}", accept_language="de").text
    assert "Niemand heißt „%(name)s{n}&lt;b&gt;\N{GRINNING FACE}“." in page


VOCABULARY = (
    SpeakerKind, SourceType, Stance, AttributionType, Mode, Tier, Naming, Record, ClaimType, Verdict, CheckWorthiness,
    NoneReason, Status,
)  # fmt: skip


@pytest.mark.parametrize("words", VOCABULARY)
def test_every_word_of_the_vocabulary_that_pages_show_is_in_the_table(words: type[StrEnum]) -> None:
    with spoken("en"):
        assert {word(one) for one in words} <= set(WORDS)


def test_parts_that_stay_rendered_are_kept_for_each_language(reading: Reading) -> None:
    reading.label(1, "claim")
    for code in ("en", "de", "en", "de"):
        page = reading.person.get(f"{reading.url}?s=1", accept_language=code).text
        for english, german in (
            ("Claim", "Behauptung"),
            ("Loaded language", "Wertende Sprache"),
            ("Save note", "Notiz speichern"),
        ):
            assert (english in page, german in page) == (code == "en", code == "de"), english


def test_changes_and_refusals_of_the_annotate_page_are_in_the_reader_s_language(reading: Reading) -> None:
    answer = reading.label(1, "claim")
    assert answer.status_code == 303
    page = reading.person.get(f"{reading.url}?s=2", accept_language="de").text
    assert "Satz 1 gespeichert: Behauptung" in page
    fields = fields_of(page, "/annotations")
    refused = reading.person.post("/annotations", {**fields, "label": "quote", "mode": "both"}, accept_language="de")
    assert (refused.status_code, "Der Modus ist set oder toggle." in refused.text) == (422, True)


def test_every_sign_behind_a_suggestion_has_words() -> None:
    with spoken("de"):
        signs = {sign for model in weights().values() for sign in model} - {"bias", "length"}
        assert {sign for sign in signs if told(sign) == sign} == set()
        assert told("reporting verb {said}") == "Redeverb „{said}“"
        assert told("something else {0}") == "something else {0}"


def test_the_hidden_name_of_a_sentence_has_its_own_language_where_the_article_has_another(reading: Reading) -> None:
    url = f"{reading.url}?s=2"
    german = reading.person.get(url, accept_language="de").text
    assert german.count('<span class="vh" lang="de">') == 5
    assert '<span class="vh" lang="de">2, noch nicht eingeordnet: </span>' in german
    assert '<span class="vh" lang' not in reading.person.get(url).text
    moved = reading.person.get(f"{reading.url}?s=3&was=2", hx_request="true", accept_language="de")
    assert moved.text.count('<span class="vh" lang="de">') == 2
