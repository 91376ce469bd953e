"""The API for scripts: who gets in, what they see, writing with a revision, pages by cursor, errors in words."""

import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient

from annotator.export import contract
from annotator.services import clock, reviewers
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web import reference
from annotator.web.app import create_app
from db import integrity
from db.engine import Database
from db.queries import listing
from tests import factories
from tests.web.conftest import BASE, SignIn, running

TEXT = factories.TEXT + "\n\nThe repair took 14 days.\n\n👩\u200d🚒 e\u0301té. שלום עולם. A\u2028B."


@dataclass(frozen=True)
class Desk:
    """One article that Anna and Ben read, another that only Ben reads, and a token for everybody."""

    app: Any
    database: Database
    article: str
    other: str
    sentences: list[str]
    secrets: dict[str, str]
    clients: list[TestClient]

    def of(self, name: str) -> TestClient:
        client = TestClient(self.app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False)
        client.headers["authorization"] = f"Bearer {self.secrets[name]}"
        self.clients.append(client)
        return client


@pytest.fixture
def desk(app: Any, database: Database) -> Iterator[Desk]:
    with database.write() as session:
        people = {name: factories.make_reviewer(session, name) for name in ("Anna", "Ben")}
        people["Lena"] = factories.make_lead(session, "Lena")
        article = factories.make_article(session, TEXT, title="The ferry stays in port", byline='["Ida Holm"]')
        other = factories.make_article(session, "Another one. It is fiction.", title="Another")
        factories.assign(session, article, people["Anna"], people["Ben"])
        factories.assign(session, other, people["Ben"])
        sentences = factories.sentences_of(session, article)
        factories.annotate(session, sentences[0], people["Ben"], ("quote",), note="for Ben only")
        secrets = {name: reviewers.token(session, Actor(None), name) for name in people}
    made = Desk(app, database, article.uid, other.uid, [s.uid for s in sentences], secrets, [])
    yield made
    for client in made.clients:
        client.close()


def items(client: TestClient, url: str, **query: Any) -> list[dict[str, Any]]:
    """All of a list, page by page."""
    found, cursor = [], None
    while True:
        answer = client.get(url, params={**query, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found


def test_a_script_sees_what_its_person_may(desk: Desk) -> None:
    anna, ben, lena = desk.of("Anna"), desk.of("Ben"), desk.of("Lena")
    assert [one["id"] for one in items(anna, "/api/v1/articles")] == [desk.article]
    both = sorted([desk.article, desk.other])
    assert [one["id"] for one in items(ben, "/api/v1/articles", limit=1)] == both
    assert [one["id"] for one in items(lena, "/api/v1/articles", limit=1)] == both
    for path in ("", "/sentences", "/annotations"):
        assert anna.get(f"/api/v1/articles/{desk.other}{path}").status_code == 404
    url = f"/api/v1/articles/{desk.article}/annotations"
    assert "for Ben only" not in anna.get(url).text
    assert [one["note"] for one in items(ben, url)] == [one["note"] for one in items(lena, url)] == ["for Ben only"]
    assert anna.get("/api/v1/report").json()["articles"] == []
    assert anna.get(f"/api/v1/report?article={desk.article}").status_code == 404


def test_others_work_is_seen_after_finishing(desk: Desk) -> None:
    anna = desk.of("Anna")
    url = f"/api/v1/articles/{desk.article}/annotations"
    assert items(anna, url) == []
    with desk.database.write() as session:
        share = factories.assign(session, *_article_and(session, desk, "Anna"))[0]
        share.state, share.finished_at = "finished", factories.AT
    assert [one["labels"] for one in items(anna, url)] == [["quote"]]
    refused = anna.put(f"/api/v1/sentences/{desk.sentences[0]}/annotation", json={"revision": 0, "labels": ["claim"]})
    assert refused.status_code == 423


def _article_and(session: Any, desk: Desk, name: str) -> tuple[Any, Any]:
    found = listing.article(session, None, desk.article)
    assert found is not None
    return found[0], reviewers.find(session, name)


def test_sentences_are_pieces_of_the_text_in_code_points(desk: Desk) -> None:
    anna = desk.of("Anna")
    whole = anna.get(f"/api/v1/articles/{desk.article}").json()
    assert whole["text"] == TEXT
    for limit in (1, 3, 200):
        found = items(anna, f"/api/v1/articles/{desk.article}/sentences", limit=limit)
        assert [one["id"] for one in found] == desk.sentences
        assert [one["ordinal"] for one in found] == list(range(len(desk.sentences)))
        assert all(one["text"] == TEXT[one["start"] : one["end"]] for one in found)
    assert whole["sentences"] == len(desk.sentences)


def test_an_annotation_is_written_with_its_revision(desk: Desk) -> None:
    anna, url = desk.of("Anna"), f"/api/v1/sentences/{desk.sentences[1]}/annotation"
    first = anna.put(
        url, json={"revision": 0, "labels": ["claim", "quote"], "voice_claim": "both", "note": "e\u0301 👩"}
    )
    assert first.status_code == 200, first.text
    said = first.json()
    assert (said["labels"], said["voices"], said["revision"]) == (
        ["claim", "quote"], {"claim": "both", "opinion": None}, 1,
    )  # fmt: skip
    stale = anna.put(url, json={"revision": 0, "labels": ["opinion"]})
    assert (stale.status_code, stale.json()["current_revision"]) == (409, 1)
    assert stale.headers["content-type"] == "application/problem+json"
    second = anna.put(url, json={"revision": 1, "labels": ["none"], "none_reason": "heading"})
    assert (second.json()["labels"], second.json()["none_reason"], second.json()["revision"]) == ([], "heading", 2)
    mine = items(anna, f"/api/v1/articles/{desk.article}/annotations")
    assert mine == [second.json()]
    assert not list(integrity.check(desk.database))


def test_the_same_request_ten_times_at_once_is_one_change(desk: Desk) -> None:
    url, body = f"/api/v1/sentences/{desk.sentences[2]}/annotation", {"revision": 0, "labels": ["claim"]}
    clients = [desk.of("Anna") for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda client: client.put(url, json={**body, "request": "run-0001"}), clients))
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert answers[0].json()["revision"] == 1


def test_lists_and_writes_are_the_same_on_both_databases(any_database: Database) -> None:
    with any_database.write() as session:
        anna, lead = factories.make_reviewer(session, "Anna"), factories.make_lead(session, "Lena")
        first, second = factories.make_article(session, TEXT), factories.make_article(session, "One. Two. Three.")
        factories.assign(session, first, anna)
        secrets = [reviewers.token(session, Actor(None), who.name, days=1) for who in (anna, lead)]
    with TestClient(create_app(Settings(), any_database), base_url=BASE) as client:
        client.headers["authorization"] = f"Bearer {secrets[0]}"
        assert [one["id"] for one in items(client, "/api/v1/articles", limit=1)] == [first.uid]
        found = items(client, f"/api/v1/articles/{first.uid}/sentences", limit=2)
        assert "".join(one["text"] for one in found) == "".join(TEXT[one["start"] : one["end"]] for one in found)
        for one in found[:3]:
            url = f"/api/v1/sentences/{one['id']}/annotation"
            body = {"revision": 0, "labels": ["claim"], "request": f"run-{one['ordinal']:05}"}
            assert [client.put(url, json=body).json()["revision"] for _ in range(2)] == [1, 1]
            assert client.put(url, json={"revision": 0, "labels": ["quote"]}).status_code == 409
        assert len(items(client, f"/api/v1/articles/{first.uid}/annotations", limit=2)) == 3
        client.headers["authorization"] = f"Bearer {secrets[1]}"
        assert [one["id"] for one in items(client, "/api/v1/articles", limit=1)] == sorted([first.uid, second.uid])
        assert client.get("/api/v1/articles%00").status_code == 400
        assert client.get("/speakers?q=%00").status_code == 400
        assert client.get("/api/v1/export/sentences").content.count(b"\n") == len(found) + 3
    assert not list(integrity.check(any_database))


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"labels": ["claim"]}, "revision"),
        ({"revision": -1, "labels": ["claim"]}, "revision"),
        ({"revision": "0", "labels": ["claim"]}, "revision"),
        ({"revision": 0, "labels": ["fact"]}, "labels"),
        ({"revision": 0, "labels": []}, "labels"),
        ({"revision": 0, "labels": ["none", "claim"]}, "label"),
        ({"revision": 0, "labels": ["claim"], "reviewer": "Ben"}, "reviewer"),
        ({"revision": 0, "note": "a\0b"}, "note"),
        ({"revision": 0, "note": "x" * 10_001}, "note"),
        ({"revision": 0, "confidence": "sure"}, "confidence"),
        ({"revision": 0, "\ud800": 1}, "body"),
        ([], "body"),
    ],
)
def test_a_field_that_does_not_fit_is_named(desk: Desk, body: Any, place: str) -> None:
    url, content = f"/api/v1/sentences/{desk.sentences[1]}/annotation", json.dumps(body)
    answer = desk.of("Anna").put(url, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    problem = answer.json()
    places = [part for error in problem.get("errors") or () for part in error["place"]]
    assert place in [*places, problem.get("field")]
    assert problem["request"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("content", [b"{", b'{"revision": 0, "note": "\\ud800"}', b"[" * 100_000, b"\xff\xfe", b""])
def test_a_body_that_is_no_json_is_refused_in_words(desk: Desk, content: bytes) -> None:
    url = f"/api/v1/sentences/{desk.sentences[1]}/annotation"
    answer = desk.of("Anna").put(url, content=content, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_large_body_is_refused_while_it_streams(desk: Desk) -> None:
    chunks = (b" " * 65536 for _ in range(300))
    answer = desk.of("Lena").post("/api/v1/articles", content=chunks, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_articles_are_imported_all_or_nothing(desk: Desk) -> None:
    lena = desk.of("Lena")
    good, bad = (
        {"id": 7, "text": "A new text. It is fiction.", "mood": "x"},
        {"text": "Bad.", "url": "javascript:alert(1)"},
    )
    refused = lena.post("/api/v1/articles", json={"articles": [good, bad]})
    assert refused.status_code == 422
    assert refused.json()["report"]["rejected"][0]["line"] == 2
    assert len(items(lena, "/api/v1/articles")) == 2
    taken = lena.post("/api/v1/articles", json={"articles": [good, bad], "partial": True}).json()
    assert [(one["line"], one["field"]) for one in taken["rejected"]] == [(2, "url")]
    assert taken["unknown"] == {"mood": [1]}
    again = lena.post("/api/v1/articles", json={"articles": [good]}).json()
    assert (again["accepted"], len(again["duplicate"]), again["batch"]) == ([], 1, None)
    assert len(items(lena, "/api/v1/articles")) == 3
    assert not list(integrity.check(desk.database))


def test_the_export_has_the_bytes_of_the_command(desk: Desk) -> None:
    lena = desk.of("Lena")
    for name, read in (("articles", contract.article_lines), ("sentences", contract.sentence_lines)):
        with desk.database.read() as session:
            assert lena.get(f"/api/v1/export/{name}").content == b"".join(read(session))


def test_tokens_are_not_for_browsers_and_sessions_not_for_scripts(desk: Desk, sign_in: SignIn) -> None:
    with desk.database.read() as session:
        anna = sign_in(reviewers.find(session, "Anna"))
    assert anna.get("/api/v1/articles").status_code == 403
    anna.client.headers["authorization"] = f"Bearer {desk.secrets['Anna']}"
    assert anna.get("/api/v1/articles").status_code == 403
    script = desk.of("Anna")
    assert script.get("/api/v1/articles", headers={"sec-fetch-site": "same-origin"}).status_code == 403
    assert script.get("/").status_code == 303
    assert "set-cookie" not in script.get("/api/v1/articles").headers


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer x", "Basic YTpi", "bearer {0}x", "Token {0}"])
def test_without_a_token_nobody_gets_in(desk: Desk, header: str) -> None:
    client = desk.of("Anna")
    answer = client.get("/api/v1/articles", headers={"authorization": header.format(desk.secrets["Anna"])})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["title"] == "You are signed out"


def test_a_token_that_ended_or_whose_person_is_out_is_none(desk: Desk) -> None:
    anna, ben = desk.of("Anna"), desk.of("Ben")
    assert anna.get("/api/v1/articles").status_code == ben.get("/api/v1/articles").status_code == 200
    with desk.database.write() as session:
        token = reviewers.tokens(session, "Anna")[0]
        assert token.last_used_at is not None
        reviewers.revoke_token(session, Actor(None), "Anna", token.id or 0)
        reviewers.deactivate(session, Actor(None), "Ben")
    assert anna.get("/api/v1/articles").status_code == ben.get("/api/v1/articles").status_code == 401


def test_the_last_use_is_stored_once_an_hour(desk: Desk) -> None:
    anna = desk.of("Anna")
    long_ago = clock.later(clock.now(), hours=-2)
    for before, changes in ((None, True), (long_ago, True), (clock.now(), False)):
        with desk.database.write() as session:
            reviewers.tokens(session, "Anna")[0].last_used_at = before
        anna.get("/api/v1/articles")
        with desk.database.read() as session:
            assert (reviewers.tokens(session, "Anna")[0].last_used_at != before) is changes


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 16, "art_x", "1;", "", "\u0661"])
def test_a_cursor_is_what_a_page_gave(desk: Desk, cursor: str) -> None:
    for url in ("/api/v1/articles", f"/api/v1/articles/{desk.article}/sentences"):
        assert desk.of("Anna").get(url, params={"cursor": cursor}).status_code == 422
    assert desk.of("Anna").get("/api/v1/articles?limit=1000").status_code == 422


def test_openapi_has_an_example_of_everything_and_is_for_those_who_belong_here(desk: Desk, sign_in: SignIn) -> None:
    with TestClient(desk.app, base_url=BASE, follow_redirects=False) as nobody:
        assert nobody.get("/api/v1/openapi.json").status_code == 401
        assert nobody.get("/api").headers["location"] == "/sign-in?next=/api"
        assert all(nobody.get(url).status_code == 404 for url in ("/docs", "/redoc", "/openapi.json"))
    with desk.database.read() as session:
        anna = sign_in(reviewers.find(session, "Anna"))
    schema = anna.get("/api/v1/openapi.json").json()
    assert (
        schema == orjson.loads(orjson.dumps(reference.schema())) == desk.of("Anna").get("/api/v1/openapi.json").json()
    )
    page = anna.get("/api").text
    assert "<script" not in page
    for path, verbs in schema["paths"].items():
        for verb, operation in verbs.items():
            assert f"{verb.upper()} {path}" in page
            assert operation["summary"]
            assert operation["description"]
            assert {"200", "400", "401", "403", "422"} <= set(operation["responses"])
            assert operation["security"] == [{"HTTPBearer": []}]
    for name, model in schema["components"]["schemas"].items():
        for field, said in model.get("properties", {}).items():
            known = {"examples", "default", "$ref", "items", "anyOf"} & set(said)
            assert known or name == "Problem", f"{name}.{field} has no example"


def test_the_examples_on_the_page_fit_their_schemas() -> None:
    schema = reference.schema()
    for path, verbs in schema["paths"].items():
        for operation in verbs.values():
            contents = [operation["responses"]["200"]["content"]]
            contents += [operation["requestBody"]["content"]] if "requestBody" in operation else []
            for content in contents:
                if "application/json" in content and "/report" not in path:
                    part = content["application/json"]["schema"]
                    sample = reference.example_of(schema, part)
                    jsonschema.validate(sample, {**part, "components": schema["components"]})


OPERATIONS = sorted((verb.upper(), path) for path, verbs in reference.schema()["paths"].items() for verb in verbs)
EXAMPLES = int(os.environ.get("ANNOTATOR_TEST_EXAMPLES", "8"))  # of each operation and mode
PATIENT = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fits", "does-not-fit"])
@pytest.mark.parametrize(("verb", "path"), OPERATIONS, ids=[" ".join(one) for one in OPERATIONS])
def test_schemathesis_finds_nothing(desk: Desk, verb: str, path: str, mode: GenerationMode) -> None:
    """No 5xx, no status, type or body that is not documented, nothing taken that does not fit."""
    found = reference.schema()
    found["paths"][path][verb.lower()].pop("security")  # a token is sent below; tests above are about others
    schema = schemathesis.openapi.from_dict(found)
    # a text may fit the schema and hold no sentence, an address be no address: that is refused with 422, too
    excluded = [positive_data_acceptance] if verb != "GET" else []
    client = desk.of("Anna" if verb == "PUT" else "Lena")
    client.headers["host"] = "127.0.0.1"
    known = {"article_id": desk.article, "sentence_id": desk.sentences[0]}

    @PATIENT
    @given(schema[path][verb].as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            for name in case.path_parameters or {}:
                case.path_parameters[name] = known[name]
        sent = {**case.as_transport_kwargs(base_url=BASE), "follow_redirects": False}
        sent.pop("cookies", None)
        headers = {**sent.pop("headers", {}), "authorization": client.headers["authorization"]}
        body = sent.pop("data", None)
        answer = client.request(**sent, headers=_clean(headers), **({"content": body} if body is not None else {}))
        case.validate_response(answer, excluded_checks=excluded)

    try:
        each()
    except Exception as error:
        if "Unsatisfiable" not in type(error).__name__:  # an operation of which nothing can be wrong
            raise


def _clean(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value.isprintable() and value.isascii()}


def test_the_example_of_readme_does_what_it_says(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    source = re.search(r"^```python\n(.*?)^```", text, re.S | re.M)
    assert source is not None
    assert re.findall(r"^(?:import|from) (\w+)", source[1], re.M) == ["os", "httpx"]
    with running(desk.app) as port:
        monkeypatch.setenv("ANNOTATOR_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("ANNOTATOR_TOKEN", desk.secrets["Anna"])
        exec(compile(source[1], "README.md", "exec"), {})
    written = items(desk.of("Anna"), f"/api/v1/articles/{desk.article}/annotations")
    numbers = [one["id"] for one in items(desk.of("Anna"), f"/api/v1/articles/{desk.article}/sentences")]
    assert [one["labels"] for one in written] == [["claim"]]
    assert written[0]["sentence_id"] in numbers
