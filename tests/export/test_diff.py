"""Two exports side by side: added, changed, withdrawn, and nothing between an export and itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, select

from annotator.export import contract
from annotator.export.diff import Difference, compare
from db.engine import Database
from db.models import Article, Reviewer, Sentence
from tests import factories
from tests.conftest import Command

ORDER = ("first", "second")


def export(database: Database, folder: Path) -> Path:
    with database.read() as session:
        contract.write(session, folder)
    return folder


def fill(session: Session) -> dict[str, str]:
    """Two articles with work in one; ids by name."""
    one, two = (factories.make_article(session, f"It rained 👩‍🚒 {n}. It stopped.") for n in range(2))
    first, second = factories.sentences_of(session, one)
    ada, ben = factories.make_reviewer(session, "Ada"), factories.make_reviewer(session, "Ben")
    by_ada, by_ben = (factories.annotate(session, first, person) for person in (ada, ben))
    factories.make_attribution(session, by_ada, speaker_id=factories.make_speaker(session, "Ida Holm").id)
    factories.keep(session, by_ada)
    return {
        "one": one.uid, "two": two.uid, "first": first.uid, "second": second.uid, "ada": by_ada.uid, "ben": by_ben.uid,
    }  # fmt: skip


@pytest.fixture
def ids(database: Database, tmp_path: Path) -> dict[str, str]:
    """The ids of a corpus that was exported to `old`."""
    with database.write() as session:
        found = fill(session)
    export(database, tmp_path / "old")
    return found


def test_an_export_does_not_differ_from_itself(ids: dict[str, str], tmp_path: Path) -> None:
    assert ids
    assert list(compare(tmp_path / "old", tmp_path / "old")) == []


def test_every_change_is_named_once_with_its_fields(ids: dict[str, str], database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        article = session.exec(select(Article).where(Article.uid == ids["one"])).one()
        article.title = "Rain"
        first, second = (
            session.exec(select(Sentence).where(Sentence.uid == ids[n])).one() for n in ("first", "second")
        )
        cleo = factories.make_reviewer(session, "Cleo")
        ben = factories.annotate(session, first, _person(session, "Ben"), ["opinion"], note="no")
        added = factories.annotate(session, second, cleo, ["quote"])
        factories.make_gold(session, second, ["quote"], lead=cleo)
        gone = session.exec(select(Article).where(Article.uid == ids["two"])).one()
        gone.deleted_at = factories.AT
        new = factories.make_article(session, "Snow.")
        sentence = factories.sentences_of(session, new)[0].uid
        gone_sentences = [s.uid for s in factories.sentences_of(session, gone)]
    export(database, tmp_path / "new")
    one, two = ids["one"], ids["two"]
    wanted = {
        Difference("article", "changed", one, one, ("title",)),
        Difference("annotation", "changed", ben.uid, one, ("labels", "note", "revision", "voices")),
        Difference("annotation", "added", added.uid, one),
        Difference("gold", "added", ids["second"], one),
        Difference("article", "withdrawn", two, two),
        *(Difference("sentence", "withdrawn", uid, two) for uid in gone_sentences),
        Difference("article", "added", new.uid, new.uid),
        Difference("sentence", "added", sentence, new.uid),
    }
    found = list(compare(tmp_path / "old", tmp_path / "new"))
    assert len(found) == len(set(found))
    assert set(found) == wanted
    turned = {"added": "withdrawn", "withdrawn": "added", "changed": "changed"}
    back = {Difference(d.kind, turned[d.change], d.id, d.article_id, d.fields) for d in wanted}
    assert set(compare(tmp_path / "new", tmp_path / "old")) == back


def _person(session: Session, name: str) -> Reviewer:
    return session.exec(select(Reviewer).where(Reviewer.name == name)).one()


def test_the_command_says_it_as_text_and_as_json(
    ids: dict[str, str], database: Database, command: Command, tmp_path: Path
) -> None:
    with database.write() as session:
        factories.make_article(session, "Snow.")
    export(database, tmp_path / "new")
    same = command("diff", "old", "old")
    assert (same.exit_code, same.stdout) == (0, "No difference\n")
    text = command("diff", "old", "new")
    assert (text.exit_code, text.stdout.splitlines()[-1]) == (1, "1 added article, 1 added sentence")
    lines = [json.loads(line) for line in command("diff", "old", "new", "--format", "json").stdout.splitlines()]
    assert [line.get("kind") for line in lines] == ["article", "sentence", None]
    assert lines[-1] == {"counts": {"added article": 1, "added sentence": 1}}
    assert ids["one"] not in text.stdout


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("articles.jsonl", b"{\n", "articles.jsonl, line 1: not JSON"),
        ("articles.jsonl", b"[]\n", "articles.jsonl, line 1: not a line of an export"),
        ("sentences.jsonl", b"", "sentences.jsonl, line 0: not JSON"),
        ("sentences.jsonl", None, "is no export: sentences.jsonl missing"),
    ],
)
def test_what_is_no_export_is_refused_in_a_sentence(
    ids: dict[str, str], command: Command, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    assert ids
    if content is None:
        (tmp_path / "old" / name).unlink()
    else:
        (tmp_path / "old" / name).write_bytes(content)
    refused = command("diff", "old", "old")
    assert refused.exit_code == 1
    assert message in refused.stderr
    assert refused.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [("validate", "old"), ("diff", "old", "old")])
def test_exports_are_checked_and_compared_without_a_database(
    ids: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    """In a process of its own: no file of a database is opened or made."""
    assert ids
    for file in tmp_path.glob("annotator.db*"):
        file.unlink()
    watch = (
        "import sys, sqlite3; from annotator import cli\n"
        "sys.addaudithook(lambda name, given: name == 'sqlite3.connect' and sys.exit('a database was opened'))\n"
        "sys.argv = ['annotator', *sys.argv[1:]]; cli.main()"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", watch, *words], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(root), "PATH": ""},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert not list(tmp_path.glob("*.db*"))
