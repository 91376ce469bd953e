"""No request about one article, one reviewer or one page goes through a large table: SQLite's plan of each statement.

Without statistics SQLite plans by the schema alone, so a small corpus shows what it would do on a large one. Pages
about everything (the whole report, an export) are not here: they read everything.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlmodel import Session, col, select

from annotator.reports.disagreements import disagreement_report
from db.engine import Database, open_database
from db.models import Article, Assignment, Reviewer
from tests import factories as f
from tests import made_corpus
from tests.made_corpus import LEAD, Size
from tests.web.conftest import Person, SignIn, app, fields_of, sign_in

__all__ = ["app", "sign_in"]  # fixtures

SMALL = {"project", "guideline", "reviewer", "release", "session", "sign_in_link", "api_token", "source", "speaker"}
# columns that a large share of all rows have the same value in: found by one of them alone is as good as not found
WIDE = {"reviewer_id", "actor_id", "speaker_id", "source_id", "project_id", "guideline_id", "role", "status", "entity"}
PERMITTED = {
    ("GET /", "all of assignment by reviewer_id"): "one's own assignments, three columns: their order takes them all",
    ("GET /?page=1", "all of assignment by reviewer_id"): "as above, of the lead",
    ("GET /people/", "all of assignment by reviewer_id"): "as above, of one person",
    (
        "GET /articles/",
        "all of assignment by reviewer_id",
    ): "which five articles were finished last; whether this one is",
    ("POST finish", "all of assignment by reviewer_id"): "as above",
    ("POST finish", "all of annotation by reviewer_id"): "two hundred answers at most, as below",
    ("GET /articles/", "all of annotation by reviewer_id"): "two hundred answers at most: the part inside stops",
    ("GET /report", "all of assignment by reviewer_id"): "which articles a reviewer may see the report of",
    ("GET /?page=1", "SCAN assignment"): "what everybody still has to do: all that is open",
    ("GET /adjudication/", "all of annotation by reviewer_id"): "two hundred decisions at most: the part inside stops",
}


@dataclass
class Watched:
    """The statements of one request at a time, and what is found in their plans."""

    database: Database
    found: dict[tuple[str, str], str] = field(default_factory=dict)  # (request, finding) -> the statement
    statements: int = 0

    @contextmanager
    def request(self, name: str) -> Iterator[None]:
        said: list[tuple[str, Any]] = []

        def listen(_connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            said.append((statement, parameters))

        engines = (self.database.reader, self.database.writer)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", listen)
        yield
        for engine in engines:
            event.remove(engine, "before_cursor_execute", listen)
        with self.database.reader.connect() as connection:
            for statement, parameters in said:
                if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
                    self._explain(connection, name, statement, parameters)

    def _explain(self, connection: Connection, name: str, statement: str, parameters: Any) -> None:
        self.statements += 1
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        for finding in findings(statement, [row[3] for row in plan]):
            self.found.setdefault((name, finding), statement)


def findings(statement: str, plan: list[str]) -> Iterator[str]:
    """Where a plan goes through a large table, or through much of it before it sorts or because it stops nowhere."""
    aliases = dict(re.findall(r"(?:FROM|JOIN) (\w+) AS (\w+)", statement))
    real = {alias: table for table, alias in aliases.items()}
    sorts = any("TEMP B-TREE" in line for line in plan)
    for line in plan:
        scan = re.match(r"SCAN (\w+)(?: USING|$)", line)
        stops = "LIMIT" in statement and not sorts
        if scan and not stops and not scan[1].startswith("anon") and real.get(scan[1], scan[1]) not in SMALL:
            yield f"SCAN {real.get(scan[1], scan[1])}"
        search = re.match(r"SEARCH (\w+) USING .*\((\w+)=\?(.*)\)", line)
        if search and search[2] in WIDE and not re.search(r"AND (?!role|status|state|entity)\w+[=><]", search[3]):
            table = real.get(search[1], search[1])
            if table not in SMALL and not stops:
                yield f"all of {table} by {search[2]}"


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = Path(shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("filled") / "annotator.db"))
    opened = open_database(str(file))
    with opened.write() as session:
        made_corpus.fill(session, Size(40, 1_000, 8))
    opened.close()
    return file


@pytest.fixture
def database_file(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(filled, tmp_path / "annotator.db"))


@dataclass(frozen=True)
class Places:
    """An article that a reviewer has in hand and one that they have read."""

    reviewer: Reviewer
    lead: Reviewer
    new: Article
    sentences: tuple[str, ...]
    read: Article


def places(session: Session) -> Places:
    reviewer = session.exec(select(Reviewer).where(Reviewer.name == "Reviewer 7")).one()
    lead = session.exec(select(Reviewer).where(Reviewer.name == LEAD)).one()
    mine = select(Assignment.article_id).where(Assignment.reviewer_id == reviewer.id)
    new, read = (session.exec(select(Article).where(there)).first() for there in (
        col(Article.id).not_in(mine), col(Article.id).in_(mine)))  # fmt: skip
    assert new is not None
    assert read is not None
    f.assign(session, new, reviewer)
    return Places(reviewer, lead, new, tuple(s.uid for s in f.sentences_of(session, new)), read)


def label(person: Person, sentence: str, revision: int, **more: Any) -> None:
    said = {"sentence": sentence, "revision": str(revision), "request": f"{sentence}{revision}", **more}
    assert person.htmx("/annotations", said).status_code == 200


def work(watched: Watched, person: Person, here: Places) -> None:
    """What a reviewer does."""
    first, second, *_ = here.sentences
    address = f"/articles/{here.new.uid}"
    for name, path in (("GET /", "/"), ("GET /", "/?show=due"), ("GET /", "/?mine=2"), ("GET /articles/", address),
                       ("GET /articles/", f"{address}?s=5"), ("GET /articles/", f"{address}?next=todo"),
                       ("GET /articles/", f"{address}?q=the"), ("GET /articles/", f"{address}?sources=1"),
                       ("GET /articles/", f"/articles/{here.read.uid}"),
                       ("GET /report", f"/articles/{here.read.uid}/disagreements")):  # fmt: skip
        with watched.request(name):
            assert person.get(path).status_code in (200, 303)
    with watched.request("POST /annotations"):
        label(person, first, 0, label="quote")
        label(person, second, 0, label="claim")
        label(person, first, 1, note="a word")
    with watched.request("POST /undo"):
        assert person.post("/undo", {"article": here.new.uid, "request": "undo"}).status_code in (200, 303, 422)
    for path in (f"{address}/finish", f"{address}/reopen"):
        with watched.request(f"POST {path.rpartition('/')[2]}"):
            assert person.post(path, {"request": path}).status_code in (200, 303, 409, 422)


def lead(watched: Watched, person: Person, here: Places) -> None:
    """What a lead does, after the queue of disputes was made once."""
    queue = person.get("/adjudication").text
    case = re.findall(r'href="(/adjudication/sen_[^"]+)"', queue)[0]
    for name, path in (("GET /?page=1", "/?page=1"), ("GET /adjudication", "/adjudication"),
                       ("GET /adjudication/", case), ("GET /people/", f"/people/{here.reviewer.uid}"),
                       ("GET /report", f"/articles/{here.read.uid}/disagreements.json")):  # fmt: skip
        with watched.request(name):
            assert person.get(path).status_code == 200
    form = fields_of(person.get(case).text, case.partition("?")[0])
    decided = {**{name: value for name, value in form.items() if name != "press"}, "label": "claim"}
    with watched.request("POST /adjudication/"):
        assert person.post(case, decided).status_code == 303
    with watched.request("GET /adjudication"):
        assert person.get("/adjudication").status_code == 200


def test_no_request_about_one_thing_goes_through_a_large_table(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        here = places(session)
    watched = Watched(database)
    work(watched, sign_in(here.reviewer), here)
    lead(watched, sign_in(here.lead), here)
    with watched.request("report --article"), database.read() as session:
        disagreement_report(session, [here.read.uid])
    unexpected = {key: statement for key, statement in watched.found.items() if key not in PERMITTED}
    assert watched.statements > 100
    assert unexpected == {}
    assert set(PERMITTED) == set(watched.found)  # a reason that is needed no more goes


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("SELECT * FROM annotation", ["SCAN annotation"]),
        ("SELECT * FROM annotation AS gold WHERE gold.note = 'x'", ["SCAN annotation"]),
        ("SELECT * FROM annotation WHERE reviewer_id = 1 ORDER BY updated_at", ["all of annotation by reviewer_id"]),
        ("SELECT * FROM annotation WHERE reviewer_id = 1 ORDER BY id DESC LIMIT 5", []),
        ("SELECT * FROM annotation WHERE sentence_id = 1", []),
        ("SELECT * FROM event_log WHERE actor_id = 1 AND article_id = 2 ORDER BY at", []),
        ("SELECT * FROM guideline", []),
        ("SELECT sha256 FROM event_log ORDER BY id DESC LIMIT 1", []),
    ],
)
def test_a_plan_through_a_large_table_is_found(database: Database, statement: str, wanted: list[str]) -> None:
    with database.reader.connect() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")]
    assert list(findings(statement, plan)) == wanted
