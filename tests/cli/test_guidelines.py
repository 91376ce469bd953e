"""annotator guideline: the text in force, a new version of it, all versions."""

from pathlib import Path

from db.engine import Database
from tests import factories as f
from tests.conftest import Command

NEW = "# Rules\n\n1. **Who speaks?** Somebody else 👩🏽\u200d🚒: quote.\n"


def test_a_file_becomes_the_version_in_force_and_older_ones_stay(
    command: Command, database: Database, tmp_path: Path
) -> None:
    with database.write() as session:
        sentence = f.sentences_of(session, f.make_article(session))[1]
        f.annotate(session, sentence, f.make_reviewer(session, "Ada"))
    file = tmp_path / "rules.md"
    file.write_bytes(b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode())
    before = command("guideline", "show").stdout
    done = command("guideline", "set", str(file))
    assert (done.exit_code, done.stdout) == (
        0, "Guidelines 1.1 are in force. Labels that keep an earlier version: 1.\n"
    )  # fmt: skip
    assert command("guideline", "show").stdout == NEW
    assert command("guideline", "show", "--version", "1.0").stdout == before
    rows = [line.split("\t") for line in command("guideline", "list").stdout.splitlines()]
    assert [(row[0], *row[2:]) for row in rows] == [("1.1", "0", "0", "in force"), ("1.0", "1", "0", "older")]
    assert command("db", "check").exit_code == 0


def test_what_cannot_be_a_version_ends_in_one_sentence(command: Command, tmp_path: Path) -> None:
    file, broken, empty = (tmp_path / name for name in ("rules.md", "broken.md", "empty.md"))
    file.write_text(NEW, "utf-8")
    broken.write_bytes(b"caf\xe9")
    empty.write_bytes(b"\n")
    for arguments, words in (
        (("set", str(broken)), f"{broken}: byte 3 is not UTF-8."),
        (("set", str(empty)), "without words"),
        (("set", str(tmp_path / "none.md")), "No such file"),
        (("set", str(file), "--version", "1.0"), "There is a version 1.0 already"),
        (("set", str(file), "--version", "a b"), "A version is named by"),
        (("show", "--version", "9"), "There are no guidelines 9."),
    ):
        done = command("guideline", *arguments)
        assert (done.exit_code, done.stdout) == (1, "")
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert command("guideline", "set", str(file)).exit_code == 0
    assert "Nothing is changed" in command("guideline", "set", str(file)).stderr
    assert command("guideline", "set").exit_code == 2


def test_the_text_can_come_from_standard_input(command: Command) -> None:
    assert command("guideline", "set", "-", "--version", "2", typed=NEW.encode()).exit_code == 0
    assert command("guideline", "show").stdout == NEW
