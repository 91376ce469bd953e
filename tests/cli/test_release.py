"""annotator release: a name freezes, list tells, get gives the same bytes."""

from pathlib import Path

from db.engine import Database
from tests import factories
from tests.conftest import Command


def fill(database: Database) -> None:
    with database.write() as session:
        article = factories.make_article(session)
        factories.annotate(
            session, factories.sentences_of(session, article)[0], factories.make_reviewer(session, "Ada")
        )


def test_a_name_freezes_and_gives_the_same_files_later(command: Command, database: Database, tmp_path: Path) -> None:
    fill(database)
    command("export", "now")
    made = command("release", "v1")
    assert (made.exit_code, made.stdout.split("\t")[0]) == (0, "v1")
    with database.write() as session:
        factories.make_article(session, "Another one.")
    assert command("release", "get", "v1", "then").stdout == made.stdout
    for name in ("articles.jsonl", "sentences.jsonl", "manifest.json"):
        assert (tmp_path / "then" / name).read_bytes() == (tmp_path / "now" / name).read_bytes()
    assert command("release", "v2", "--gold-only").stderr == "There is no article to release.\n"
    assert command("release", "make", "list").exit_code == 0  # a name like a command's must be said in full
    names = [line.split("\t")[0] for line in command("release", "list").stdout.splitlines()]
    assert names == ["list", "v1"]


def test_a_name_that_is_taken_or_not_there_ends_in_a_sentence(command: Command, database: Database) -> None:
    fill(database)
    assert command("release", "v1").exit_code == 0
    again = command("release", "V1")
    assert (again.exit_code, again.stderr.startswith("There is a release v1 already")) == (1, True)
    missing = command("release", "get", "v9", "then")
    assert (missing.exit_code, missing.stderr) == (1, "There is no release “v9”.\n")
    assert command("release", "a b").exit_code == 1
    assert command("release").exit_code == 2
