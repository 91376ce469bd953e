"""Before every handler and after it: hosts, sizes, patience, headers on every answer, verbs, logs."""

import asyncio
import json
import logging
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.testclient import TestClient
from uvicorn.server import ServerState

from annotator import server
from annotator.settings import Settings
from annotator.web import guard, logs, security
from annotator.web.app import create_app
from db.engine import Database
from tests.web.conftest import BASE, SignIn, running
from tests.web.work import recorded

FORM = {"content-type": "application/x-www-form-urlencoded"}
FILES = {"content-type": "multipart/form-data; boundary=x"}
SECRET = "words that nobody may log"


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A browser in which nobody is signed in, and two addresses that go wrong."""

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError(SECRET)

    @app.get("/broken-later")
    def broken_later() -> StreamingResponse:
        def lines() -> Iterator[bytes]:
            yield b"one\n"
            raise RuntimeError(SECRET)

        return StreamingResponse(lines())

    with TestClient(app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False) as found:
        yield found


def chunks(size: int) -> Iterator[bytes]:
    """A body without a length."""
    for _ in range(size // 65536 + 1):
        yield b"x" * 65536


ANSWERS = {
    "page": ("GET", "/sign-in", {}, 200),
    "redirect to sign in": ("GET", "/", {}, 303),
    "no such page": ("GET", "/nothing", {}, 404),
    "no such static file": ("GET", "/static/nothing.css", {}, 404),
    "static file": ("GET", "/static/app.css", {}, 200),
    "health": ("GET", "/healthz", {}, 200),
    "verb": ("DELETE", "/sign-in", {}, 405),
    "odd verb": ("PROPFIND", "/people", {}, 405),
    "trace": ("TRACE", "/people", {}, 405),
    "options": ("OPTIONS", "/sign-in", {}, 405),
    "head": ("HEAD", "/sign-in", {}, 200),
    "signed out form": ("POST", "/annotations", {}, 401),
    "foreign form": ("POST", "/sign-in", {"headers": {"sec-fetch-site": "cross-site"}}, 403),
    "wrong link": ("POST", "/sign-in", {"data": {"token": "no"}}, 401),
    "wrong address": ("GET", "/?page=x", {}, 303),
    "bug": ("GET", "/broken", {}, 500),
    "json error": ("GET", "/nothing.json", {}, 404),
    "host": ("GET", "/", {"headers": {"host": "other.example"}}, 400),
    "length that is none": ("POST", "/sign-in", {"headers": {"content-length": "many"}}, 400),
    "long form": ("POST", "/sign-in", {"headers": {**FORM, "content-length": "1048577"}}, 413),
    "long form in chunks": ("POST", "/sign-in", {"headers": FORM, "content": chunks(guard.FORM_LIMIT)}, 413),
    "long upload in chunks": ("POST", "/sign-in", {"headers": FILES, "content": chunks(guard.BODY_LIMIT)}, 413),
    "broken upload": ("POST", "/sign-in", {"headers": FILES, "content": b"no boundary"}, 400),
}


@pytest.mark.parametrize(("method", "url", "more", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_has_every_header(
    client: TestClient, method: str, url: str, more: dict[str, Any], status: int
) -> None:
    answer = client.request(method, url, **more)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in security.HEADERS} == security.HEADERS
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.headers["x-request-id"]) == 16
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers
    if status == 405:
        assert "GET" in answer.headers["allow"]


def test_the_policy_is_strict() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in security.POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert "unsafe" not in security.POLICY
    assert "*" not in security.POLICY


def test_browsers_are_told_to_stay_with_https_only_there(database: Database) -> None:
    for secure in (False, True):
        app = create_app(Settings(secure_cookies=secure), database)
        with TestClient(app, base_url="https://127.0.0.1") as client:
            assert ("strict-transport-security" in client.get("/healthz").headers) is secure


def test_static_files_may_be_kept_for_a_year_by_their_hash(client: TestClient) -> None:
    assert "immutable" in client.get("/static/app.css?v=1").headers["cache-control"]


@pytest.mark.parametrize(
    "host",
    [
        "other.example", "127.0.0.1.other.example", "127.0.0.1:8000@other.example", "127.0.0.1:8000:80", "127.0.0.1 ",
        "other.example#127.0.0.1", "[::1", "[127.0.0.1]", "localhost.", "127.0.0.1/..", "127.0.0.1:port", "0", "",
    ],
)  # fmt: skip
def test_other_hosts_are_not_served(client: TestClient, host: str) -> None:
    assert client.get("/sign-in", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:8000", "localhost:1", "LOCALHOST"])
def test_the_own_hosts_are_served(client: TestClient, host: str) -> None:
    assert client.get("/sign-in", headers={"host": host}).status_code == 200


def test_head_is_get_without_its_body(client: TestClient, database: Database, sign_in: SignIn) -> None:
    work = recorded(database, sign_in)
    for url in ("/", "/speakers", f"/articles/{work.article}", "/export/articles.jsonl", "/nothing", "/healthz"):
        get, head = (work.lead.client.request(verb, url, follow_redirects=False) for verb in ("GET", "HEAD"))
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers.get("content-length") == get.headers.get("content-length")
    assert client.head("/").status_code == 303


def test_a_refused_body_closes_the_connection(client: TestClient) -> None:
    answer = client.post("/sign-in", headers=FORM, content=chunks(guard.FORM_LIMIT))
    assert answer.headers["connection"] == "close"
    assert "The form is larger than 1 MiB." in answer.text
    assert client.post("/annotations", content=chunks(1)).headers["connection"] == "close"
    assert "connection" not in client.post("/annotations", data={"label": "claim"}).headers


def test_more_requests_at_once_than_can_be_served_are_put_off(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_AT_ONCE", 0)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert "content-security-policy" in answer.headers


class Lines(logging.Handler):
    """What the log says, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.JsonLines())
        self.said: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(json.loads(self.format(record)))


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler, root, requests = Lines(), logging.getLogger(), logging.getLogger("annotator.requests")
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield handler
    root.removeHandler(handler)
    requests.setLevel(logging.NOTSET)


def test_an_error_page_has_the_number_under_which_the_log_says_where(client: TestClient, lines: Lines) -> None:
    answer = client.get("/broken")
    error, request = [line for line in lines.said if line["logger"].startswith("annotator")]
    assert f"Request {error['request']}" in answer.text
    assert error["request"] == request["request"] == answer.headers["x-request-id"]
    assert (error["level"], error["error"]) == ("error", "RuntimeError")
    assert error["where"][-1].endswith("broken")
    assert (request["route"], request["status"]) == ("/broken", 500)
    assert SECRET not in json.dumps(lines.said) + answer.text


def test_an_answer_that_breaks_off_is_logged_without_its_words(client: TestClient, lines: Lines) -> None:
    with pytest.raises(RuntimeError, match=SECRET):
        TestClient(client.app, base_url=BASE).get("/broken-later")
    assert SECRET not in json.dumps(lines.said)


def test_the_log_holds_no_token_no_name_and_no_text(
    database: Database, sign_in: SignIn, client: TestClient, lines: Lines
) -> None:
    work = recorded(database, sign_in)
    private = ["no-such-link-0123456789", "Ida Holm", "pier is unsafe", "a private note", "hunter2 hunter2 hunter2"]
    client.get(f"/sign-in?token={private[0]}&next=/speakers")
    client.post("/sign-in", data={"name": private[1], "password": private[4]})
    work.anna.get(f"/speakers?q={private[1]}")
    work.anna.post("/annotations", {"sentence": "x", "note": private[3]})
    work.anna.get(f"/articles/{work.article}?s=2")
    said = json.dumps(lines.said)
    assert len([line for line in lines.said if line["event"] == "request"]) == 5
    assert not [word for word in [*private, "Anna", work.article, work.anna.token] if word in said]


def test_the_words_of_a_database_are_not_logged(lines: Lines) -> None:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError as error:
            raise RuntimeError(f"row with {SECRET}") from error
    except RuntimeError:
        logging.getLogger("any").exception("it failed\n%s", SECRET)
    line = lines.said[0]
    assert (line["error"], line["event"]) == ("RuntimeError from ValueError", "it failed")
    assert SECRET not in json.dumps(line)


@pytest.fixture
def served(app: FastAPI) -> Iterator[int]:
    """The port of a real server; a test takes the patience from it that it is about, and no other."""

    @app.get("/address")
    def address(request: Request) -> str:
        return f"{request.client.host} {request.url.scheme}" if request.client else ""

    @app.get("/endless")
    def endless() -> StreamingResponse:
        return StreamingResponse(b"x" * 65536 for _ in range(100_000))

    with running(app, trusted_proxies="127.0.0.1") as port:
        yield port


def talk(port: int, *parts: bytes, pause: float = 0.2) -> tuple[bytes, int]:
    """Send parts with a pause before each further one; what is answered until the server closes, how many were sent."""
    answer, sent = b"", 0
    connection = socket.create_connection(("127.0.0.1", port), timeout=SLOW)
    with connection, suppress(BrokenPipeError, ConnectionResetError):
        for part in parts:
            time.sleep(pause if sent else 0)
            connection.sendall(part)
            sent += 1
        while data := connection.recv(65536):
            answer += data
    return answer, sent


SLOW = 60  # seconds for what a server does at once on a machine with nothing else to do
HEAD = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


def test_a_head_that_does_not_come_closes_the_connection(served: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_connection(("127.0.0.1", served), timeout=SLOW) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        monkeypatch.setattr(server, "HEAD_SECONDS", 0.4)
        connection.sendall(b"GET /healthz HT")
        while connection.recv(65536):
            pass
    assert talk(served) == (b"", 0)
    drops = [b"GET / HTTP/1.1\r\n"] + [b"X-Drop: 1\r\n"] * 200
    assert talk(served, *drops)[1] < len(drops)


def test_a_body_that_does_not_come_is_answered(served: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "PAUSE_SECONDS", 0.4)
    answer, _ = talk(served, HEAD + b"Content-Length: 100\r\n\r\ntoken=")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"came too slowly" in answer
    assert b"content-security-policy" in answer
    monkeypatch.setattr(guard, "PAUSE_SECONDS", SLOW)
    monkeypatch.setattr(guard, "BODY_SECONDS", 1.0)
    dripping = [HEAD + b"Content-Length: 1000\r\n\r\n"] + [b"x"] * 200
    assert talk(served, *dripping)[1] < len(dripping)


def test_a_client_that_does_not_read_is_given_up(served: int, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "SEND_SECONDS", 0.4)
    request = b"GET /endless HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with socket.create_connection(("127.0.0.1", served), timeout=SLOW) as connection:
        connection.sendall(request)
        until = time.monotonic() + SLOW
        while time.monotonic() < until and not any("does not read" in line["event"] for line in lines.said):
            time.sleep(0.05)
    assert any("does not read" in line["event"] for line in lines.said)
    assert talk(served, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")[0].endswith(b"ok")


def test_a_head_that_cannot_be_read_is_answered_with_the_same_headers(served: int) -> None:
    answer, _ = talk(served, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: other.example\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.lower().count(b"content-security-policy") == 1
    answer, _ = talk(served, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \x00\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.lower().count(b"content-security-policy") == 1
    twice = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert talk(served, twice)[0].startswith(b"HTTP/1.1 400")  # two lengths: a proxy might believe the other one
    assert talk(served, b"GET / HTTP/1.1\r\nX: " + b"y" * 200_000)[0][:12] in (b"HTTP/1.1 400", b"")


class Writes(asyncio.Transport):
    """A connection that keeps what is written to it, one item a write."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.writes: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:  # type: ignore[override]  # as it is called here
        self.writes.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def close(self) -> None:
        self.closed = True


def written(app: FastAPI, requests: bytes) -> list[bytes]:
    """What the server writes to one connection for these requests."""

    async def talk() -> list[bytes]:
        config, connection = server.config_of(Settings(), app), Writes()
        config.load()
        state = ServerState()
        protocol = server.PatientProtocol(config, state, {})
        protocol.connection_made(connection)
        protocol.data_received(requests)
        while state.tasks:
            await asyncio.gather(*state.tasks)
            await asyncio.sleep(0)  # the next one of the pipeline
        protocol.connection_lost(None)
        return connection.writes

    return asyncio.run(talk())


def test_each_answer_leaves_in_one_write(app: FastAPI) -> None:
    one = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    asked = [
        (b"GET", b"/healthz"),
        (b"HEAD", b"/healthz"),
        (b"GET", b"/nothing"),
        (b"GET", b"/"),
        (b"GET", b"/healthz"),
    ]
    found = written(app, b"".join(one % line for line in asked))
    assert [answer.split(b" ", 2)[1] for answer in found] == [b"200", b"200", b"404", b"303", b"200"]
    assert [answer.partition(b"\r\n\r\n")[2][-2:] for answer in (found[0], found[1], found[4])] == [b"ok", b"", b"ok"]
    waits = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
    found = written(app, waits + b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=")
    assert found[0].startswith(b"HTTP/1.1 100 ")
    assert len(found) == 2


def test_an_endless_upload_is_cut_off(served: int) -> None:
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    answer, _ = talk(served, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 40, pause=0.005)
    assert answer[:12] in (b"HTTP/1.1 413", b"")


def test_only_a_trusted_proxy_says_who_asks(served: int, app: FastAPI) -> None:
    claim = b"GET /address HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    claim += b"X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-Proto: https\r\n\r\n"
    assert talk(served, claim)[0].endswith(b'"192.0.2.7 https"')
    assert server.config_of(Settings(), app).proxy_headers is False
