"""How what people wait for grows with the corpus: `python -m tests.benchmarks.growth DATABASE…` prints a table.

Each database is one that `python -m tests.made_corpus` has made, the smallest first; a URL of PostgreSQL does as well.
Requests go through HTTP to a server in this process; a figure is the least of several, in milliseconds. The last column
is the last database over the first. An article, a reviewer and a case are as large in all of them.
"""

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from sqlmodel import Session, col, func, select

from annotator.services import clock, reviewers, sessions
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web.app import create_app
from db.engine import Database, open_database
from db.models import Annotation, Article, Assignment, Reviewer, Sentence
from tests import factories as f
from tests.benchmarks.test_save_speed import seconds, served
from tests.made_corpus import LEAD

TIMES = 9
IDLE = 30  # seconds after which a server may have closed a connection
FLAT = ("queue", "annotate page", "save a label", "report, one article", "disputes, after a save", "one dispute")
GROWING = ("report, whole corpus", "disputes, first time")
EXPORT = "export, an annotation"  # in microseconds
MEMORY = "export, peak memory"  # in MB


class Visitor:
    """Somebody signed in."""

    def __init__(self, database: Database, port: int, name: str) -> None:
        with database.write() as session:
            link = reviewers.link(session, Actor(None), name, days=1)
            token = sessions.redeem(session, link, now=clock.now(), days=1)
        self.form_token = sessions.form_token(token)
        self.headers = {"cookie": f"annotator_session={token}", "sec-fetch-site": "same-origin"}
        self.connection = HTTPConnection("127.0.0.1", port, timeout=600)
        self.last = time.monotonic()

    def get(self, address: str) -> str:
        return self._send("GET", address, None, {})

    def post(self, address: str, **fields: str) -> str:
        body = urlencode({**fields, "token": self.form_token})
        kind = {"content-type": "application/x-www-form-urlencoded", "hx-request": "true"}
        return self._send("POST", address, body, kind)

    def _send(self, method: str, address: str, body: str | None, headers: dict[str, str]) -> str:
        now = time.monotonic()
        if now - self.last > IDLE:
            self.connection.close()  # opened again by the request
        self.last = now
        self.connection.request(method, address, body, {**self.headers, **headers})
        answer = self.connection.getresponse()
        text = answer.read().decode()
        assert answer.status == 200, (address, answer.status, text[:300])
        return text


@dataclass(frozen=True)
class Desk:
    """A reviewer with an article in hand, and others that they and three more have read, all of a usual length."""

    reviewer: str
    article: str
    sentences: tuple[str, ...]
    read: tuple[str, ...]
    annotations: int


def desk(session: Session) -> Desk:
    """Someone of the corpus, given one more article to read."""
    reviewer = session.exec(select(Reviewer).where(Reviewer.name.startswith("Reviewer ")).order_by(Reviewer.id)).first()
    assert reviewer is not None
    length = select(func.count()).where(Sentence.article_id == Article.id).scalar_subquery()
    mine = select(Assignment.article_id).where(Assignment.reviewer_id == reviewer.id)
    usual = select(Article).where(length.between(20, 30)).order_by(col(Article.id))
    new = session.exec(usual.where(col(Article.id).not_in(mine)).limit(1)).one()
    f.assign(session, new, reviewer)
    read = session.exec(usual.where(Article.id != new.id).limit(TIMES)).all()
    number = session.exec(select(func.count()).select_from(Annotation).where(Annotation.role == "reviewer")).one()
    sentences = tuple(sentence.uid for sentence in f.sentences_of(session, new))
    return Desk(reviewer.name, new.uid, sentences, tuple(article.uid for article in read), number)


def least(actions: Sequence[Callable[[], object]]) -> float:
    """The fewest milliseconds that one of them took."""
    return 1000 * min(seconds(action) for action in actions)


def measure(name: str) -> dict[str, float]:
    """All figures of one database, and "annotations"."""
    database = open_database(name)
    with database.write() as session:
        here = desk(session)
    with served(create_app(Settings(), database)) as port:
        reviewer, lead = Visitor(database, port, here.reviewer), Visitor(database, port, LEAD)
        found = dict(_pages(reviewer, lead, here))
        reviewer.connection.close()
        lead.connection.close()
    database.close()
    return {"annotations": here.annotations, **found, **_export(name, here.annotations)}


def _pages(reviewer: Visitor, lead: Visitor, here: Desk) -> Iterator[tuple[str, float]]:
    place = f"/articles/{here.article}"
    saves = iter(here.sentences)

    def save() -> None:
        reviewer.post(
            "/annotations", sentence=next(saves), revision="0", request=str(time.monotonic_ns()), label="claim"
        )

    def disputes() -> float:
        save()
        return least([lambda: lead.get("/adjudication")])

    for warm in ("/", place):
        reviewer.get(warm)
    yield "queue", least([lambda: reviewer.get("/")] * TIMES)
    yield "annotate page", least([lambda: reviewer.get(f"{place}?s=5")] * TIMES)
    save()
    yield "save a label", least([save] * TIMES)
    reports = [lambda uid=uid: lead.get(f"/articles/{uid}/disagreements") for uid in here.read]
    yield "report, one article", least(reports)
    yield "report, whole corpus", least([lambda: lead.get("/disagreements")])
    yield "disputes, first time", least([lambda: lead.get("/adjudication")])
    yield "disputes, after a save", min(disputes() for _ in range(3))
    cases = [unescape(href) for href in re.findall(r'href="(/adjudication/sen_[^"]+)"', lead.get("/adjudication"))]
    yield "one dispute", least([lambda case=case: lead.get(case) for case in cases[:TIMES] * 2])


def _export(name: str, annotations: int) -> dict[str, float]:
    """What the command takes, in a process of its own: microseconds an annotation, MB at most."""
    peak = 0.0
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "annotator", "export", str(Path(folder) / "out"), "--database", name]
        start = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                peak = max(peak, _peak(process.pid))
                time.sleep(0.05)
        took = time.perf_counter() - start
    assert process.returncode == 0, "the export failed"
    return {EXPORT: 1e6 * took / annotations, MEMORY: peak}


def _peak(pid: int) -> float:
    """The most MB that a process has had in memory; what rusage tells counts the one it was forked from."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0  # one that has just ended has no memory


def table(found: Sequence[dict[str, float]]) -> str:
    """The figures of several databases as a table of Markdown."""
    head = ["what", *(f"{one['annotations']:,.0f} annotations" for one in found), "last over first"]
    lines = [head, ["---"] * len(head)]
    for name in (*FLAT, *GROWING, EXPORT, MEMORY):
        unit = {EXPORT: " µs", MEMORY: " MB"}.get(name, " ms")
        values = [one[name] for one in found]
        lines.append([name, *(f"{value:,.0f}{unit}" for value in values), f"{values[-1] / values[0]:.1f}"])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    print(table([measure(name) for name in sys.argv[1:]]))  # noqa: T201  what it is for
