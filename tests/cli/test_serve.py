"""What serve says before it serves: where, whose link, and why not."""

import re
import socket

import pytest
import typer

from annotator import cli
from annotator.cli.serve import first_lines
from annotator.services import clock, reviewers, sessions
from annotator.services.history import Actor
from annotator.settings import Settings
from db.engine import Database
from db.vocabulary import ReviewerRole
from tests.conftest import Command

LINE = re.compile(r"Sign in as (.+) \(works once\): http://127\.0\.0\.1:8000/sign-in\?token=([\w-]{43})")


def link_of(database: Database, line: str) -> tuple[str, str]:
    """The name that a line says, and the role of the person whom its link lets in."""
    found = LINE.fullmatch(line)
    assert found, line
    with database.read() as session:
        owner = sessions.link_owner(session, found[2], now=clock.now())
        assert owner is not None
        assert owner.name == found[1]
        return owner.name, owner.role


def test_a_database_without_a_lead_gets_one_also_when_reviewers_are_there(database: Database) -> None:
    with database.write() as session:
        reviewers.add(session, Actor(None), "lead", role=ReviewerRole.REVIEWER)
    served, link = first_lines(Settings(), database)
    assert served.endswith("on http://127.0.0.1:8000 (Ctrl-C stops).")
    assert link_of(database, link) == ("Lead 2", ReviewerRole.LEAD)
    assert len(first_lines(Settings(), database)) == 1


def test_a_port_in_use_is_named_before_anything_is_promised(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for words in (("serve",), ("demo", "--no-browser")):
            refused = command(*words, "--port", str(port))
            assert refused.exit_code == 1
            assert refused.stdout == ""
            why = f"127.0.0.1, port {port}: Address already in use. Take another one with --port or --host.\n"
            assert refused.stderr == why


@pytest.mark.parametrize(
    ("given", "site"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1"}, "http://[::1]:8000"),
        ({"host": "0.0.0.0", "allowed_hosts": "desk.example, other"}, "http://desk.example:8000"),
        ({"secure_cookies": True, "allowed_hosts": "annotate.example.org"}, "https://annotate.example.org"),
    ],
)
def test_a_link_has_the_address_at_which_people_reach_the_server(given: dict[str, object], site: str) -> None:
    assert Settings(**given).site == site  # type: ignore[arg-type]  # by name, each of its own type


def test_every_example_of_the_help_is_one_line_that_can_be_pasted(command: Command) -> None:
    def walk(group: object, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        inner = getattr(group, "commands", None)
        return [path] if inner is None else [p for name, c in inner.items() for p in walk(c, (*path, name))]

    found = walk(typer.main.get_command(cli.app), ())
    assert len(found) > 30
    for words in found:
        lines = command(*words, "--help").stdout.rstrip("\n").splitlines()
        assert re.match(r"  Examples?: annotator ", lines[-1]), words
