"""A deleted article is nowhere to be seen, and comes back with everything."""

import re
from typing import Any

import pytest

from annotator.export import contract
from annotator.reports import disagreement_files as files
from annotator.reports.disagreements import disagreement_report
from annotator.services import assignments
from db import integrity
from db.engine import Database
from tests import factories
from tests.conftest import Command
from tests.web.conftest import Person, SignIn
from tests.web.work import Work, recorded

OTHER = "The bridge\n\nThe bridge opened in June. Nobody asked why."  # fiction
PAGES = (
    "/", "/?show=finished", "/speakers", "/sources", "/disagreements", "/disagreements.json", "/disagreements.csv",
    "/adjudication", "/export", "/export/articles.jsonl", "/export/sentences.jsonl", "/export/manifest.json", "/people",
)  # fmt: skip
NUMBERS = r'Request [0-9a-f]{16}|"request":"[0-9a-f]{16}"|name="request" value="[^"]*"'


@pytest.fixture
def work(database: Database, sign_in: SignIn) -> Work:
    """The article of `recorded`, decided in part, and another one."""
    found = recorded(database, sign_in)
    with database.write() as session:
        other = factories.make_article(session, OTHER, title="The bridge")
        factories.annotate(session, factories.sentences_of(session, other)[1], found.anna.reviewer, ("opinion",))
        pier = assignments.find_article(session, found.article)
        factories.make_gold(session, factories.sentences_of(session, pier)[1], lead=found.lead.reviewer)
    return found


def pages_of(work: Work) -> dict[str, str]:
    """Every page of everybody, without what differs each time."""
    found = {}
    for person in (work.lead, work.anna, work.ben):
        own = (*PAGES, f"/articles/{work.article}", work.speaker_url, work.source_url, f"/people/{person.reviewer.uid}")
        for path in own:
            answer = person.get(path)
            text = re.sub(
                r'Request [0-9a-f]{16}|"request":"[0-9a-f]{16}"|name="request" value="[^"]*"|\d\d:\d\d UTC',
                "",
                answer.text,
            )
            found[f"{person.reviewer.name} {path}"] = f"{answer.status_code} {text}"
    return found


def files_of(database: Database) -> tuple[list[bytes], dict[str, Any]]:
    with database.read() as session:
        lines = [*contract.article_lines(session), *contract.sentence_lines(session)]
        return lines, files.as_json(disagreement_report(session))


def test_deleted_article_vanishes_everywhere_and_comes_back_as_it_was(work: Work) -> None:
    before, exported = pages_of(work), files_of(work.database)
    assert all(page.startswith("200") for key, page in before.items() if key.startswith("Lena"))
    assert work.lead.post(f"/articles/{work.article}/delete").headers["location"] == "/deleted"
    gone = pages_of(work)
    assert gone != before
    for key, page in gone.items():
        for words in ("pier is unsafe", "The pier", work.article, "pile 4 is rotten"):
            assert words not in page, key
    assert gone[f"Lena /articles/{work.article}"].startswith("404")
    assert b"pier" not in b"".join(files_of(work.database)[0])
    assert "bridge" in gone["Lena /"]
    assert list(integrity.check(work.database)) == []
    assert "The pier" in work.lead.get("/deleted").text
    back = work.lead.post(f"/articles/{work.article}/recover")
    assert back.headers["location"] == f"/articles/{work.article}"
    assert pages_of(work) == before
    assert files_of(work.database) == exported
    assert list(integrity.check(work.database)) == []


def test_nothing_can_be_saved_in_a_deleted_article(work: Work) -> None:
    with work.database.read() as session:
        sentence = factories.sentences_of(session, assignments.find_article(session, work.article))[0].uid
    form = {"sentence": sentence, "revision": "0", "request": "r1", "label": "claim"}
    work.lead.post(f"/articles/{work.article}/delete")
    assert work.anna.post("/annotations", form).status_code == 404
    assert work.lead.post(f"/articles/{work.article}/recover").status_code == 303
    assert work.anna.post("/annotations", form).status_code == 303


def test_page_says_what_vanishes_before_it_does(work: Work) -> None:
    page = " ".join(work.lead.get(f"/articles/{work.article}/delete").text.split())
    assert (
        "<dt>Sentences</dt><dd>4</dd><dt>Labelled by</dt><dd>2 reviewers</dd><dt>Decided</dt><dd>1 sentence</dd>"
        in page
    )
    assert f'href="/articles/{work.article}/delete"' in work.lead.get("/").text


@pytest.mark.parametrize("verb", ["delete", "recover"])
def test_twice_is_once(work: Work, verb: str) -> None:
    work.lead.post(f"/articles/{work.article}/delete")
    for _ in range(2):
        assert work.lead.post(f"/articles/{work.article}/{verb}").status_code == 303
    with work.database.read() as session:
        query = f"SELECT count(*) FROM event_log WHERE entity = 'article' AND action = '{verb}'"
        assert session.connection().exec_driver_sql(query).scalar() == 1


def ask(person: Person, verb: str, article: str) -> Any:
    return person.post(f"/articles/{article}/{verb}")


def test_unknown_article_is_404(work: Work) -> None:
    for verb in ("delete", "recover"):
        assert ask(work.lead, verb, "art_0123456789abcdef").status_code == 404
    assert work.lead.get("/articles/art_0123456789abcdef/delete").status_code == 404


def test_commands_list_delete_and_recover(command: Command, database: Database) -> None:
    with database.write() as session:
        uid = factories.make_article(session, title="The pier", external_id="p1").uid
    assert command("article", "list").stdout == f"{uid}\tThe pier\t\n"
    assert command("article", "delete", "p1").stdout == f"{uid}\tdeleted\n"
    assert command("article", "list").stdout == ""
    assert re.fullmatch(rf"{uid}\tThe pier\t\d{{4}}-\S+Z\n", command("article", "list", "--deleted").stdout)
    again = command("article", "recover", uid, "nowhere")
    assert (again.exit_code, again.stderr) == (1, "There is no article “nowhere”.\n")
    assert command("article", "list").stdout == ""
    assert command("article", "recover", uid).stdout == f"{uid}\trecovered\n"
    assert command("article", "list", "--deleted").stdout == ""
