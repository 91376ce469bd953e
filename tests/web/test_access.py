"""Who may do what: every route and verb for nobody, a reviewer of another article, a reviewer, and a lead."""

import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from annotator.services import clock, releases, reviewers, sessions
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web import pages
from annotator.web.access import ROLES, RULES
from annotator.web.app import create_app
from annotator.web.still import Still
from db.engine import Database, open_database
from db.models import SpeakerAlias, WebSession
from tests import factories
from tests.web.conftest import BASE, Person
from tests.web.routes import routes_of

ALLOWED = (200, 303, 409, 422)  # done, or refused by the rules of what was asked, not because of who asked
PARAMETERS = [pytest.param(*rule, id=" ".join(rule)) for rule in RULES]
ENDS_SESSIONS = ("/sign-out", "/password/delete", "/people/{uid}/deactivate")
POSTS = [pytest.param(path, id=path) for method, path in RULES if method == "POST" and not path.startswith("/api/")]


@dataclass(frozen=True)
class World:
    """One article that Anna and Ben read, with work of theirs in it, and somebody in each role."""

    database: Database
    people: Mapping[str, Person]
    nobody: TestClient
    ids: Mapping[str, Any]
    watch: sqlite3.Connection
    scripts: Mapping[str, TestClient]

    def url(self, path: str, **ids: Any) -> str:
        """A route's address with the ids of this world; the queries that some routes need included."""
        known = {**self.ids, **ids}
        if "{uid}" in path:
            noun = path.split("/")[1]
            path = path.replace("{uid}", str(known[f"{noun}_uid"]))
        path = re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: str(known[found[1]]), path)
        other = known.get(f"other_{path.split('/')[1]}")
        query = {"merge": f"?other={other}", "assign": f"?article={known['article_id']}"}
        return path + query.get(path.rpartition("/")[2], "")

    def ask(self, role: str, method: str, path: str, data: Mapping[str, Any] | None = None, **headers: str) -> Any:
        url = self.url(path, n=self.ids["n"][role])
        if path.startswith("/api/"):
            return self.scripts[role].request(method, url, json=data, headers=headers, follow_redirects=False)
        if role == "nobody":
            return self.nobody.request(method, url, data=data, headers=headers, follow_redirects=False)
        person = self.people[role]
        return person.get(url, **headers) if method == "GET" else person.post(url, data, **headers)

    def form(self, path: str) -> dict[str, Any]:
        """Fields that the form of a route would have."""
        ids = self.ids
        change = {"sentence": ids["sentence"], "revision": ids["revision"], "request": "r1"}
        forms: dict[str, dict[str, Any]] = {
            "/sign-in": {"token": "no such link"},
            "/api/v1/articles": {"articles": [{"text": "The ferry sails again."}]},
            "/api/v1/sentences/{sentence_id}/annotation": {"revision": ids["revision"], "labels": ["opinion"]},
            "/password": {"new": "four plain words here", "again": "three plain words here"},
            "/annotations": {**change, "label": "opinion"},
            "/attributions": {**change, "speaker": "Ida Holm", "content": "The pier is unsafe", "type": "direct"},
            "/attributions/suggestion/dismiss": {**change, "suggestion": ids["suggestion"]},
            "/attributions/{attribution_id}": {**change, "speaker": "Ida Holm", "content": "pier", "type": "direct"},
            "/claims/{claim_id}": {**change, "text_normalized": "The pier is unsafe."},
            "/evidence": {**change, "claim": ids["claim_id"], "url": "https://harbour.example/", "stance": "context"},
            "/evidence/{evidence_id}": {**change, "url": "https://harbour.example/", "stance": "refutes"},
            "/undo": {"article": ids["article_id"], "request": "r1"},
            "/settings": {"shortcuts": "1"},
            "/speakers/{uid}/aliases": {"alias": "the harbour master"},
            "/speakers/{uid}/merge": {"into": ids["other_speakers"]},
            "/sources/{uid}/edit": {"title": "A log", "url": "https://edited.example/"},
            "/sources/{uid}/merge": {"into": ids["other_sources"]},
            "/articles": {"preview": "1", "text": "The ferry sails again."},
            "/adjudication/unanimous": {"article": ids["article_id"]},
            "/people": {"name": "Somebody new"},
            "/releases": {"name": "v2"},
            "/people/assign": {"article": ids["article_id"], "reviewers": ids["people_uid"]},
            "/sentences/{sentence_id}/split": {"at": ids["at"], "revision": "1", "request": "r2"},
            "/sentences/{sentence_id}/merge": {"revision": "1", "request": "r3"},
            "/sentences/{sentence_id}/move": {"at": ids["at"], "revision": "1", "request": "r6"},
            "/articles/{article_id}/sentences/undo": {"revision": "1", "request": "r4"},
            "/guidelines": {"body": "# New\n\nWords.", "version": "1.1", "based_on": "1.0"},
            "/adjudication/{uid}": {"revision": "0", "label": "claim", "reason": "It can be checked."},
        }  # fmt: skip
        return forms.get(path, change if "delete" in path else {})

    def version(self) -> int:
        """A number that grows whenever somebody else writes into the database."""
        return int(self.watch.execute("PRAGMA data_version").fetchone()[0])


@dataclass(frozen=True)
class Template:
    """A file with the article, its people and their work; made once, copied for each test."""

    file: Path
    tokens: Mapping[str, str]
    secrets: Mapping[str, str]
    ids: Mapping[str, Any]


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    file = Path(shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("access") / "annotator.db"))
    database = open_database(str(file))
    with database.write() as session:
        people, ids = _people_and_work(session)
        links = {role: reviewers.link(session, Actor(None), name, days=1) for role, name in people.items()}
        tokens = {role: sessions.redeem(session, link, now=clock.now(), days=1) for role, link in links.items()}
        for signed_in in session.exec(select(WebSession)):  # a sign of life is a write: none is due while these run
            signed_in.last_seen_at = clock.later(clock.now(), hours=1)
        secrets = {role: reviewers.token(session, Actor(None), name) for role, name in people.items()}
        for name in people.values():
            reviewers.token_used(session, reviewers.tokens(session, name)[0], now=clock.now())  # it is not due again
    releases.make(database, "v1")
    database.close()
    return Template(file, tokens, secrets, ids)


def _people_and_work(session: Session) -> tuple[dict[str, str], dict[str, Any]]:
    """The names of the three roles, and the ids that addresses and forms need."""
    factories.make_lead(session, "Lena")
    anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
    outsider = factories.make_reviewer(session, "Otto")
    article = factories.make_article(session)
    sentences = factories.sentences_of(session, article)
    factories.assign(session, article, anna, ben)
    mine = factories.annotate(session, sentences[1], anna, ("claim", "quote"))
    factories.annotate(session, sentences[1], ben, ("quote",))
    speakers = [factories.make_speaker(session, name) for name in ("Ida Holm", "I. Holm", "Ida H.")]
    sources = [factories.make_source(session, name) for name in ("Minutes", "Minutes of May", "The minutes")]
    said = [factories.make_attribution(session, mine, speaker_id=one.id) for one in speakers]
    claim = factories.make_claim(session, mine)
    proofs = [factories.make_evidence(session, claim, one, locator=one.title) for one in sources]
    names = [SpeakerAlias(speaker_id=speakers[0].id or 0, alias=name, alias_key=name) for name in ("the chief", "she")]
    session.add_all(names)
    session.flush()
    factories.keep(session, mine)
    suggestion = factories.make_suggestion(session, sentences[1], opinion=0.7)
    ids = {
        "rule": "question-1", "article_id": article.uid, "articles_uid": article.uid, "sentence": sentences[1].uid,
        "sentence_id": sentences[1].uid, "at": article.text.index("said the harbour"),
        "adjudication_uid": sentences[1].uid, "revision": mine.revision, "attribution_id": said[2].uid,
        "claim_id": claim.uid, "evidence_id": proofs[2].uid, "people_uid": outsider.uid,
        "n": {"lead": names[0].id, "reviewer": names[1].id, "outsider": names[0].id, "nobody": names[0].id},
        "speakers_uid": speakers[0].uid, "other_speakers": speakers[1].uid,
        "name": "v1", "format": "csv", "file": "sentences.jsonl",
        "suggestion": f"{suggestion.id}-opinion", "sources_uid": sources[0].uid, "other_sources": sources[1].uid,
    }  # fmt: skip
    return {"outsider": "Otto", "reviewer": "Anna", "lead": "Lena"}, ids


@pytest.fixture(scope="module")
def application(template: Template) -> FastAPI:
    return create_app(Settings(), open_database(str(template.file)))


@pytest.fixture
def world(application: FastAPI, template: Template, tmp_path: Path) -> Iterator[World]:
    file = shutil.copyfile(template.file, tmp_path / "annotator.db")
    database = open_database(str(file))
    application.state.database = database
    clients = {role: TestClient(application, base_url=BASE, raise_server_exceptions=False) for role in ROLES}
    people = {}
    with database.read() as session:
        for role, token in template.tokens.items():
            clients[role].cookies.set("annotator_session", token)
            found = sessions.reviewer_of(session, token, now=clock.now(), idle_hours=1)
            assert found is not None
            people[role] = Person(clients[role], found.reviewer, sessions.form_token(token))
    scripts = {role: TestClient(application, base_url=BASE, raise_server_exceptions=False) for role in ROLES}
    for role, secret in template.secrets.items():
        scripts[role].headers["authorization"] = f"Bearer {secret}"
    with database.write() as session:  # a request writes the time of a session that is a minute old
        for token in template.tokens.values():
            sessions.touch(session, token, now=clock.now())
    watch = sqlite3.connect(file)
    with ExitStack() as stack:
        for client in (*clients.values(), *scripts.values()):
            stack.enter_context(client)  # one event loop for all requests of a test
        yield World(database, people, clients["nobody"], template.ids, watch, scripts)
    watch.close()
    database.close()


def test_every_route_is_in_the_table_and_nothing_else(application: FastAPI) -> None:
    assert set(RULES) == set(routes_of(application.routes))


@pytest.mark.parametrize(("method", "path"), PARAMETERS)
def test_each_role_may_do_what_the_table_says(world: World, method: str, path: str) -> None:
    told = {}
    for role in ROLES:
        before = world.version()
        answer = world.ask(role, method, path, world.form(path) if method != "GET" else None)
        told[role] = _in_words(answer)
        _has_title_and_heading(answer)
        if (method == "GET" or told[role] != "yes") and path != "/sign-in":  # a wrong link is counted as an attempt
            assert world.version() == before, f"{role} changed something"
    assert told == RULES[method, path]


GETS = [path for method, path in RULES if method == "GET" and not path.startswith("/api/")]
QUERY = "s=2&cut=split&show=due&page=2&q=a&token=x&next=%2F&delete=1&label=claim&revision=0"


def test_no_get_changes_anything(world: World) -> None:
    """Every route as HEAD and with all that a query could ask for: the database has the same rows afterwards."""
    before = list(world.watch.iterdump())
    for role in ("reviewer", "lead"):
        for path in GETS:
            url = world.url(path, n=1)
            world.people[role].get(f"{url}{'&' if '?' in url else '?'}{QUERY}", hx_request="true")
            world.people[role].client.head(url, follow_redirects=False)
    assert list(world.watch.iterdump()) == before


def _has_title_and_heading(answer: Any) -> None:
    """Every whole page, the errors too, says what it is."""
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert re.search(r"<title>[^<]*\w[^<]* · Annotator</title>", answer.text)
        assert answer.text.count("<h1") == 1


def _in_words(answer: Any) -> str:
    if answer.status_code == 303 and answer.headers["location"].startswith("/sign-in?next="):
        return "in"
    if answer.status_code == 404:
        return "no"
    return "yes" if answer.status_code in ALLOWED else str(answer.status_code)


@pytest.mark.parametrize("path", [path for path in POSTS if path.id != "/sign-in"])  # there the link is the token
def test_a_form_without_its_token_changes_nothing(world: World, path: str) -> None:
    role = _allowed(path)
    before = world.version()
    for token in ("", "0" * 64, world.people["outsider"].token):
        answer = world.ask(role, "POST", path, {**world.form(path), "token": token})
        assert answer.status_code == 403
    assert world.version() == before


@pytest.mark.parametrize("path", POSTS)
def test_a_form_from_another_site_changes_nothing(world: World, path: str) -> None:
    role = _allowed(path)
    before = world.version()
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}, {"origin": "https://other.example"}):
        answer = world.ask(role, "POST", path, world.form(path), **headers)
        assert answer.status_code == 403
    assert world.version() == before


def _allowed(path: str) -> str:
    return next(role for role in ("reviewer", "lead", "nobody") if RULES["POST", path][role] in ("yes", "401"))


FOR_EVERYBODY = {"/guidelines/rules/{rule}"}  # which decisions it shows to whom: tests/web/test_guideline_versions.py
WITH_IDS = [pytest.param(*rule, id=" ".join(rule)) for rule in RULES if "{" in rule[1] and rule[1] not in FOR_EVERYBODY]


@pytest.mark.parametrize(("method", "path"), WITH_IDS)
def test_what_is_forbidden_answers_like_what_is_not_there(world: World, method: str, path: str) -> None:
    role = next((role for role in ("outsider", "reviewer") if RULES[method, path][role] == "no"), None)
    assert role is not None, "somebody may not see this"
    there = world.ask(role, method, path, world.form(path) if method != "GET" else None)
    absent = {name: f"{id[:4]}0123456789abcdef" for name, id in world.ids.items() if isinstance(id, str)}
    elsewhere = replace(world, ids={**world.ids, **absent})
    nothing = elsewhere.ask(role, method, path, world.form(path) if method != "GET" else None)
    assert (there.status_code, _said(there)) == (404, _said(nothing))
    assert nothing.status_code == 404


def _said(answer: Any) -> str:
    """The page without the number of the request."""
    return re.sub(r'Request [0-9a-f]{16}|"request":"[0-9a-f]{16}"', "", answer.text)


def test_every_template_is_shown_by_some_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: set[str] = set()
    loader, read = pages.environment().loader, pages.environment().loader.get_source

    def noting(environment: Any, name: str) -> Any:
        shown.add(name)
        return read(environment, name)

    monkeypatch.setattr(loader, "get_source", noting)
    pages.environment().cache.clear()
    monkeypatch.setitem(pages.environment().globals, "still", Still(pages.environment()))  # nothing kept from before
    for look in ("q=a", "history=0", "sources=1"):
        world.people["reviewer"].get(world.url("/articles/{article_id}") + f"?{look}")
    world.people["reviewer"].get(world.url("/articles/{article_id}") + "?s=2")  # the sentence with claim and evidence
    split, lead = "/sentences/{sentence_id}/split", world.people["lead"]
    lead.get(world.url("/articles/{article_id}") + "?s=2&cut=split")
    lead.htmx(world.url(split), {**world.form(split), "preview": "1"})
    lead.get("/disagreements?part=details")
    for method, path in [rule for rule in RULES if rule[1] not in ENDS_SESSIONS]:
        for role in world.people:
            for headers in ({}, {"hx-request": "true"}):
                world.ask(role, method, path, world.form(path) if method != "GET" else None, **headers)
    lead.get(world.url("/articles/{article_id}"))  # with a split to take back
    templates = pages.HERE / "templates"
    downloads = {"disagreements/file.html"}  # `annotator report --format html` writes it
    assert {str(file.relative_to(templates)) for file in templates.rglob("*.html")} - shown == downloads
