import re

import pytest

from annotator.services import clock, reviewers, sessions
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
        found = reviewers.of_token(session, secret.removesuffix("\n"), now=clock.now())
        assert found is not None
        assert found[0].name == "Ada Lind"


def test_tokens_are_listed_without_themselves_and_one_is_revoked(command: Command) -> None:
    command("reviewer", "add", "Ada Lind")
    secrets = [command("reviewer", "token", "Ada Lind", *more).stdout.strip() for more in ((), ("--days", "30"))]
    rows = [row.split("\t") for row in command("reviewer", "tokens", "Ada Lind").stdout.splitlines()]
    assert [row[2] for row in rows] == ["never used", "never used"]
    assert [row[3].split(" 2")[0] for row in rows] == ["works", "works until"]
    assert not any(secret in "".join(row) for row in rows for secret in secrets)
    assert command("reviewer", "revoke-token", "Ada Lind", rows[0][0]).exit_code == 0
    assert "ended" in command("reviewer", "tokens", "Ada Lind").stdout.splitlines()[0]
    refused = command("reviewer", "revoke-token", "Ada Lind", "99")
    assert (refused.exit_code, refused.stderr) == (1, "Ada Lind has no token 99.\n")


def test_a_password_is_read_and_never_printed(command: Command, database: Database) -> None:
    command("reviewer", "add", "Ada Lind")
    answer = command("reviewer", "password", "Ada Lind", typed="four plain words here\n")
    assert (answer.exit_code, answer.stdout) == (0, "Ada Lind has a new password.\n")
    with database.read() as session:
        stored = reviewers.find(session, "Ada Lind").secret_hash
    assert stored is not None
    assert stored.startswith("$argon2id$")
    short = command("reviewer", "password", "Ada Lind", typed="short\n")
    assert (short.exit_code, "at least 12 characters" in short.stderr, "short" in short.output) == (1, True, False)
    assert command("reviewer", "password", "Ada Lind", "--remove").stdout == "Ada Lind has no password any more.\n"
    with database.read() as session:
        assert reviewers.find(session, "Ada Lind").secret_hash is None


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


def test_keys_are_printed_changed_refused_and_reset(command: Command) -> None:
    command("reviewer", "add", "Ada Lind")
    command("reviewer", "add", "Lena Lead", "--role", "lead")
    assert command("reviewer", "keys", "Ada Lind").stdout.splitlines()[:2] == ["claim\t1", "quote\t2"]
    changed = command("reviewer", "keys", "Ada Lind", "next=Ш", "previous=ä")
    assert {"next\tш", "previous\tä", "undo\tz"} < set(changed.stdout.splitlines())
    assert command("reviewer", "keys", "Ada Lind").stdout == changed.stdout
    refused = command("reviewer", "keys", "Ada Lind", "note=z")
    assert refused.exit_code == 1
    assert "“z” would do two things: Note, and Undo." in refused.stderr
    assert "is not one of claim, quote" in command("reviewer", "keys", "Ada Lind", "dance=d").stderr
    assert "next\tj" in command("reviewer", "keys", "Ada Lind", "--reset").stdout
    assert "merge\tm" not in changed.stdout
    assert "merge\tx" in command("reviewer", "keys", "Lena Lead", "merge=x").stdout
