import re

import pytest

from annotator.services import reviewers, sessions
from db.engine import Database
from tests.conftest import Command

LATER = "2025-06-01T00:00:00.000Z"


def test_person_is_added_listed_and_deactivated(command: Command) -> None:
    added = command("reviewer", "add", "Ada Lind")
    assert added.exit_code == 0
    assert re.fullmatch(r"Ada Lind was added as reviewer \(rev_[0-9a-f]{16}\)\.\n", added.stdout)
    assert "as lead" in command("reviewer", "add", "Lena Lead", "--role", "lead").stdout
    assert command("reviewer", "deactivate", "ada lind").stdout == "Ada Lind is deactivated.\n"
    rows = [line.split("\t")[1:] for line in command("reviewer", "list").stdout.splitlines()]
    assert rows == [["reviewer", "deactivated", "Ada Lind"], ["lead", "active", "Lena Lead"]]
    assert command("reviewer", "activate", "ada lind").stdout == "Ada Lind is active.\n"


def test_link_is_printed_fresh_each_time_with_the_servers_address(
    command: Command, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_PORT", "8123")
    command("reviewer", "add", "Ada Lind")
    links = [command("reviewer", "link", "Ada Lind").stdout for _ in range(2)]
    assert links[0] != links[1]
    for link in links:
        found = re.fullmatch(r"http://127\.0\.0\.1:8123/sign-in\?token=([\w-]{43})\n", link)
        assert found
        with database.read() as session:
            owner = sessions.link_owner(session, found[1], now=LATER)
            assert owner is not None
            assert owner.name == "Ada Lind"


def test_link_to_an_ipv6_address_has_brackets(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_HOST", "::1")
    command("reviewer", "add", "Ada Lind")
    assert command("reviewer", "link", "Ada Lind").stdout.startswith("http://[::1]:8000/sign-in?token=")


def test_token_is_printed_alone(command: Command, database: Database) -> None:
    command("reviewer", "add", "Ada Lind")
    secret = command("reviewer", "token", "Ada Lind").stdout
    with database.read() as session:
        found = reviewers.of_token(session, secret.removesuffix("\n"))
        assert found is not None
        assert found.name == "Ada Lind"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("add", "ADA LIND"), "There is already a reviewer named Ada Lind."),
        (("add", "x" * 81), "A name has at most 80 characters, this one has 81."),
        (("link", "Nobody"), "There is no reviewer named “Nobody”."),
        (("token", "Nobody"), "There is no reviewer named “Nobody”."),
        (("deactivate", "Nobody"), "There is no reviewer named “Nobody”."),
        (("deactivate", "Lena Lead"), "Lena Lead is the last active lead: add another lead first."),
    ],
)
def test_refusal_is_one_sentence_on_stderr(command: Command, words: tuple[str, str], message: str) -> None:
    command("reviewer", "add", "Ada Lind")
    command("reviewer", "add", "Lena Lead", "--role", "lead")
    done = command("reviewer", *words)
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", message + "\n")


@pytest.mark.parametrize("words", [(), ("add",), ("add", "Ada", "--role", "boss"), ("frobnicate",)])
def test_wrong_usage_ends_with_2(command: Command, words: tuple[str, ...]) -> None:
    assert command("reviewer", *words).exit_code == 2


@pytest.mark.postgresql
def test_people_can_be_kept_on_postgresql(command: Command, postgresql_url: str) -> None:
    at = ("--database", postgresql_url)
    assert command(*at, "reviewer", "add", "Änne Öst").exit_code == 0
    assert command(*at, "reviewer", "add", "äNNE öST").exit_code == 1
    assert "Änne Öst" in command("reviewer", "list", *at).stdout
