"""What the command line prints: counts that agree with their nouns, and quiet where nobody reads on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator import cli
from annotator.domain.words import counted
from db.engine import Database
from tests import factories
from tests.conftest import Command

PRINTING = (
    "article list", "reviewer list", "reviewer tokens Ada", "reviewer keys Ada", "guideline list", "guideline show",
    "project show", "release list", "report", "report --format json", "report --format csv", "db check", "validate out",
    "segment text.txt", "diff out out", "agreement labels.csv", "--help",
)  # fmt: skip


@pytest.fixture
def desk(database: Database, command: Command) -> None:
    with database.write() as session:
        article = factories.make_article(session, "Nobody paid.")
        factories.annotate(
            session, factories.sentences_of(session, article)[0], factories.make_reviewer(session, "Ada")
        )
    for words in ("release v1", "export out", "reviewer token Ada"):
        assert command(*words.split()).exit_code == 0
    Path("text.txt").write_text("Nobody paid.\n", "utf-8")
    Path("labels.csv").write_text("item,annotator,label\n1,a,x\n1,b,x\n", "utf-8")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("buffering", [1, -1], ids=["while it prints", "when it ends"])
@pytest.mark.parametrize("words", PRINTING)
def test_a_command_whose_reader_has_gone_ends_without_a_word(
    words: str, buffering: int, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    monkeypatch.setattr(sys, "stderr", sys.stderr)  # both are replaced on the way out
    monkeypatch.setattr(sys, "argv", ["annotator", *words.split()])
    with os.fdopen(writing, "w", buffering=buffering) as nobody:
        monkeypatch.setattr(sys, "stdout", nobody)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        os.dup2(os.open(os.devnull, os.O_WRONLY), writing)  # what is left must go somewhere when it is closed
    assert (ended.value.code, capfd.readouterr().err) == (1, "")


@pytest.mark.usefixtures("desk")
def test_a_list_goes_through_head(database_file: Path) -> None:
    words = [sys.executable, "-m", "annotator", "--database", str(database_file), "article", "list"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listing:
        assert listing.stdout is not None
        listing.stdout.close()
        assert listing.stderr is not None
        assert (listing.stderr.read(), listing.wait()) == (b"", 1)


def test_one_thing_is_counted_in_the_singular() -> None:
    assert [counted(number, "articles") for number in (0, 1, 2)] == ["0 articles", "1 article", "2 articles"]
    assert counted(1, "gold") == "1 gold"


@pytest.mark.usefixtures("desk")
def test_commands_count_one_article_with_one_sentence_as_one(command: Command) -> None:
    assert command("export", "other").stdout.startswith("1 article, 1 sentence, 1 annotation, 0 gold, ")
    assert "\t1 article, 1 sentence, 1 annotation, 0 gold\t" in command("release", "list").stdout
    said = command("report").stdout
    assert "Counted: 0 answers on 0 sentences by 1 reviewer. " in said
    assert "1 reviewer labelled 1 sentence of 1 article without" in " ".join(said.split())
    assert command("agreement", "labels.csv").stdout.startswith("2 labels by 2 annotators on 1 item\n")
    assert command("export", "other", "--format", "csv").stdout == "1 annotation, 1 row\n"
