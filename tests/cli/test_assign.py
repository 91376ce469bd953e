import pytest
from sqlmodel import select

from db.engine import Database
from db.models import Assignment
from tests.conftest import Command
from tests.factories import make_article, make_reviewer


@pytest.fixture(autouse=True)
def articles(database: Database) -> list[str]:
    """Two articles and three reviewers."""
    with database.write() as session:
        for name in ("ada", "ben", "cleo"):
            make_reviewer(session, name)
        return [make_article(session, external_id="desk-1").uid, make_article(session, "Another one. With two.").uid]


def pairs(database: Database) -> int:
    with database.read() as session:
        return len(session.exec(select(Assignment)).all())


def test_named_reviewers_are_assigned(command: Command, database: Database, articles: list[str]) -> None:
    done = command("assign", "desk-1", articles[1], "--reviewers", "ada, ben", "--due", "2025-03-31")
    assert done.exit_code == 0
    first, second = articles
    assert done.stdout.splitlines() == [
        f"{first}\tada\tassigned",
        f"{first}\tben\tassigned",
        f"{second}\tada\tassigned",
        f"{second}\tben\tassigned",
    ]
    again = command("assign", *articles, "--reviewers", "ada,ben")
    assert again.stdout.count("assigned before") == 4
    assert pairs(database) == 4


def test_overlap_gives_each_article_so_many_readers(command: Command, database: Database, articles: list[str]) -> None:
    assert command("assign", *articles, "--overlap", "2").exit_code == 0
    assert pairs(database) == 4
    assert command("assign", *articles, "--overlap", "2").stdout == ""
    assert pairs(database) == 4


@pytest.mark.parametrize(
    "words",
    [("desk-1",), ("desk-1", "--reviewers", "ada", "--overlap", "2"), ("--overlap", "2"), ("desk-1", "--overlap", "0")],
)
def test_wrong_usage_ends_with_2(command: Command, database: Database, words: tuple[str, ...]) -> None:
    assert command("assign", *words).exit_code == 2
    assert pairs(database) == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("desk-1", "desk-9", "--reviewers", "ada"), "There is no article “desk-9”."),
        (("desk-1", "--reviewers", "ada,dan"), "There is no reviewer named “dan”."),
        (("desk-1", "--reviewers", ","), "Name at least one reviewer."),
        (("desk-1", "--reviewers", "ada", "--due", "soon"), "“soon” is not a date like 2025-03-31."),
        (("desk-1", "--overlap", "4"), "4 readers an article need as many active reviewers; there are 3."),
    ],
)
def test_refusal_is_one_sentence_and_stores_nothing(
    command: Command, database: Database, words: tuple[str, ...], message: str
) -> None:
    done = command("assign", *words)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", message + "\n")
    assert pairs(database) == 0


def test_help_has_an_example(command: Command) -> None:
    assert "Example: annotator assign" in command("assign", "--help").stdout
