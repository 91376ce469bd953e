"""A real server process on a database, and browsers with script off that sign in, read and save over HTTP."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from annotator.services import reviewers
from annotator.services.history import Actor
from db.engine import Database, open_database
from db.queries.reviewers import everybody as everybody_of
from tests import factories
from tests.ports import free_port
from tests.web.conftest import forms_of

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds for a server on a machine that is busy with other things


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANNOTATOR_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default", **more}


def annotator(*words: str | Path, **more: Any) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process of its own."""
    line = [sys.executable, "-m", "annotator", *map(str, words)]
    options = {"capture_output": True, "text": True, "timeout": PATIENCE * 5, "cwd": ROOT, "check": False}
    return subprocess.run(line, env=environment(), **{**options, **more})


@dataclass
class Server:
    """One `annotator serve`; `ready` is how many seconds it took from its start to its first answer."""

    database: str
    port: int = field(default_factory=free_port)
    words: Sequence[str] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] | None = None  # runs in the child before the program
    ready: float = 0.0
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> "Server":
        line = [sys.executable, "-m", "annotator", "serve", "--port", str(self.port), "--database", self.database]
        began = time.monotonic()
        self.process = subprocess.Popen(
            [*line, *self.words],
            env=environment(**self.variables),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=self.prepare,
            start_new_session=True,  # its workers can be ended with it
        )
        while not self._answers():
            assert self.process.poll() is None, f"the server ended with {self.process.returncode}"
            assert time.monotonic() < began + PATIENCE, "the server does not answer"
            time.sleep(0.02)
        self.ready = time.monotonic() - began
        return self

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9: nothing is closed, flushed or answered any more."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            finally:
                if self.process.poll() is None:
                    self.kill()


@contextmanager
def serving(database: str, **more: Any) -> Iterator[Server]:
    server = Server(database, **more)
    try:
        yield server.start()
    finally:
        server.stop()


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str


class Browser:
    """Somebody's browser: keeps its connection, its cookie and the token of its forms."""

    def __init__(self, port: int, link: str = "") -> None:
        self.port, self.cookie, self.token = port, "", ""
        self._connection: http.client.HTTPConnection | None = None
        if link:
            self.sign_in(link)

    def twin(self) -> "Browser":
        """Another window of the same browser: the same session over a connection of its own."""
        other = Browser(self.port)
        other.cookie, other.token = self.cookie, self.token
        return other

    def sign_in(self, link: str) -> None:
        answer = self.post("/sign-in", {"token": link, "next": "/"})
        assert answer.status == 303, answer.text
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        fields = [dict(form["fields"]) for form in forms_of(self.get("/").text) if form["action"] == "/sign-out"]
        self.token = fields[0]["token"]

    def get(self, path: str) -> Answer:
        return self._send("GET", path, None)

    def post(self, path: str, data: Mapping[str, Any]) -> Answer:
        return self._send("POST", path, urlencode({"token": self.token, **data}, doseq=True))

    def _send(self, method: str, path: str, body: str | None) -> Answer:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"cookie": self.cookie, "sec-fetch-site": "same-origin"}
        if body is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def label(self, sentence: str, revision: int | str, label: str, request: str) -> Answer:
        """Save one label, as the label form does; 303 acknowledges it."""
        fields = {"sentence": sentence, "revision": revision, "request": request, "label": label, "stay": "1"}
        return self.post("/annotations", fields)


@dataclass(frozen=True)
class Desk:
    """An article that several people label: its id, its sentences' ids, a sign-in link for each person."""

    article: str
    sentences: list[str]
    links: dict[str, str]


def prepare(database: Database, people: int, sentences: int) -> Desk:
    """An article of so many sentences, assigned to so many reviewers; a lead beside them."""
    with database.write() as session:
        everybody = [factories.make_lead(session, "Lena")]
        everybody += [factories.make_reviewer(session, f"Reviewer {n}") for n in range(people)]
        links = {person.name: reviewers.link(session, Actor(None), person.name, days=1) for person in everybody}
    return Desk(*another(database, "Ferry", sentences), links)


def another(database: Database, name: str, sentences: int) -> tuple[str, list[str]]:
    """An article for every reviewer: its id and its sentences' ids."""
    text = " ".join(f"{name} number {n} left the port at dawn 🚢." for n in range(sentences))
    with database.write() as session:
        article = factories.make_article(session, text, title=name)
        factories.assign(session, article, *(person for person in everybody_of(session) if person.role == "reviewer"))
        uids = [sentence.uid for sentence in factories.sentences_of(session, article)]
    assert len(uids) == sentences
    return article.uid, uids


def prepared(url: str, people: int, sentences: int) -> Desk:
    database = open_database(url)
    try:
        return prepare(database, people, sentences)
    finally:
        database.close()


def links_in(text: str) -> list[str]:
    return re.findall(r"token=(\S+)", text)


def stored(database: Database, article: str) -> dict[tuple[str, str], list[str]]:
    """(reviewer's name, sentence) in an article: the label of each of its revisions in their order."""
    query = (
        "SELECT r.name, s.uid, v.number, v.snapshot FROM annotation_revision v"
        " JOIN annotation a ON a.id = v.annotation_id JOIN sentence s ON s.id = a.sentence_id"
        " JOIN reviewer r ON r.id = a.reviewer_id JOIN article t ON t.id = s.article_id"
        f" WHERE t.uid = '{article}' ORDER BY v.annotation_id, v.number"
    )
    found: dict[tuple[str, str], list[str]] = {}
    with database.read() as session:
        for name, sentence, number, snapshot in session.connection().exec_driver_sql(query):
            said = json.loads(snapshot)
            labels = [label for label in ("claim", "quote", "opinion") if said[f"is_{label}"]]
            revisions = found.setdefault((name, sentence), [])
            revisions.append("+".join(labels))
            assert len(revisions) == number
    return found
