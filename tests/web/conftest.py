"""A client of the application on a fresh database, and people who are signed in."""

import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from annotator import server
from annotator.services import clock, reviewers, sessions
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web.app import create_app
from db.engine import Database
from db.models import Reviewer
from tests import factories

BASE = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Person:
    """Somebody signed in: `get` and `post` as a browser with script off does, `htmx` as htmx does."""

    client: TestClient
    reviewer: Reviewer
    token: str

    def get(self, url: str, **headers: str) -> Any:
        return self.client.get(url, headers=_named(headers), follow_redirects=False)

    def post(self, url: str, data: Mapping[str, Any] | None = None, **headers: str) -> Any:
        return self.client.post(
            url, data={"token": self.token, **(data or {})}, headers=_named(headers), follow_redirects=False
        )

    def htmx(self, url: str, data: Mapping[str, Any] | None = None) -> Any:
        return self.get(url, hx_request="true") if data is None else self.post(url, data, hx_request="true")


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


SignIn = Callable[[Reviewer], Person]


@pytest.fixture
def app(database: Database) -> Any:
    return create_app(Settings(), database)


@pytest.fixture
def sign_in(app: Any, database: Database) -> Iterator[SignIn]:
    """Sign somebody in by a link of their own."""
    clients = []

    def signed(reviewer: Reviewer) -> Person:
        with database.write() as session:
            link = reviewers.link(session, Actor(None), reviewer.name, days=1)
            token = sessions.redeem(session, link, now=clock.now(), days=1)
        client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
        client.cookies.set("annotator_session", token)
        clients.append(client)
        return Person(client, reviewer, sessions.form_token(token))

    yield signed
    for client in clients:
        client.close()


@contextmanager
def running(app: FastAPI, **settings: Any) -> Iterator[int]:
    """The application on a real server, as `serve` runs it; gives the port."""
    served = uvicorn.Server(server.config_of(Settings(port=0, **settings), app))
    thread = threading.Thread(target=served.run)
    thread.start()
    while not served.started:
        time.sleep(0.01)
    yield served.servers[0].sockets[0].getsockname()[1]
    served.should_exit = True
    thread.join(10)


class _Forms(HTMLParser):
    """The forms of a page with the values that a browser would send, and every element with an id."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.inside: dict[str, Any] | None = None
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = {"action": at.get("action", ""), "id": at.get("id", ""), "fields": []}
            self.forms.append(self.inside)
        if self.inside is None:
            return
        fields = self.inside["fields"]
        if tag == "input" and at.get("name") and (at.get("type") not in ("checkbox", "radio") or "checked" in at):
            fields.append((at["name"], at.get("value", "")))
        elif tag == "select":
            self.select = at["name"]
            fields.append((self.select, ""))
        elif tag == "option" and self.select and "selected" in at:
            fields[-1] = (self.select, at.get("value", ""))
        elif tag == "textarea":
            self.area = at["name"]
            fields.append((self.area, ""))

    def handle_data(self, data: str) -> None:
        if self.area and self.inside:
            name, value = self.inside["fields"][-1]
            self.inside["fields"][-1] = (name, (value + data).removeprefix("\n"))

    def handle_endtag(self, tag: str) -> None:
        self.inside = None if tag == "form" else self.inside
        self.select = None if tag == "select" else self.select
        self.area = None if tag == "textarea" else self.area


def forms_of(html: str) -> list[dict[str, Any]]:
    """Action, id and fields (name, value) of every form, as a browser with script off would send them."""
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def fields_of(html: str, action: str, **wanted: str) -> dict[str, str]:
    """The fields of the first form with this action (and these values), the last value of each."""
    for form in forms_of(html):
        fields = dict(form["fields"])
        if form["action"] == action and all(fields.get(name) == value for name, value in wanted.items()):
            return fields
    raise AssertionError(f"there is no form with the action {action}")


def in_hand(html: str) -> int | None:
    """The number of the sentence in hand."""
    found = re.search(r'id="s-(\d+)" aria-current="true"', html)
    return int(found[1]) if found else None


@pytest.fixture
def reading(database: Database, sign_in: SignIn) -> Any:
    """A reviewer at work on an article of seven sentences, fiction, and another reviewer of it."""
    with database.write() as session:
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        article = factories.make_article(session, title="The ferry stays in port")
        factories.assign(session, article, anna, ben)
        sentences = list(factories.sentences_of(session, article))
    return Reading(sign_in(anna), ben, article.uid, [sentence.uid for sentence in sentences], database)


@dataclass(frozen=True)
class Reading:
    person: Person
    other: Reviewer
    article: str
    sentences: list[str]
    database: Database

    @property
    def url(self) -> str:
        return f"/articles/{self.article}"

    def page(self, n: int = 1) -> str:
        answer = self.person.get(f"{self.url}?s={n}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def label(self, n: int, *labels: str, **more: str) -> Any:
        """Send the label form of sentence n as it is on its page."""
        fields = fields_of(self.page(n), "/annotations")
        return self.person.post("/annotations", {**fields, "label": list(labels), **more})
