"""annotator suggest: attributions and scores, one JSON line a document; texts are invented."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from annotator.nlp import suggest
from annotator.services import projects
from db.engine import Database
from db.models import Suggestion
from tests import factories
from tests.conftest import Command

TEXT = (
    "“We counted 212 empty houses 🏚️ last winter,” said housing officer Tomas Okereh.\r\n\r\nThe town has 9,400 in all."
)


def lines(*texts: str) -> str:
    return "".join(json.dumps({"doc_id": f"d{place}", "text": text}) + "\n" for place, text in enumerate(texts))


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_document_gives_one_line_of_attributions_and_sentences(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(lines(TEXT), "utf-8")
    done = command("suggest", "--jsonl", file)
    assert (done.exit_code, done.stderr) == (0, "")
    (row,) = rows(done.stdout)
    assert list(row) == ["doc_id", "attributions", "sentences"]
    (one,) = row["attributions"]
    words = {name: [TEXT[start:end] for start, end in one[name]] for name in ("speaker", "cue", "content")}
    assert words == {
        "speaker": ["housing officer Tomas Okereh"],
        "cue": ["said"],
        "content": ["“We counted 212 empty houses 🏚️ last winter,”"],
    }
    assert (one["type"], one["mode"], one["naming"], one["negated"]) == ("direct", "statement", "named", False)
    assert list(row["sentences"][0]) == ["start", "end", "claim", "quote", "opinion", "why"]
    assert TEXT[row["sentences"][1]["start"] : row["sentences"][1]["end"]] == "The town has 9,400 in all."


def test_stdin_is_read_in_order_and_sentences_are_those_of_segment(command: Command) -> None:
    typed = lines(TEXT, "", "One ran. Two ran.")
    found = rows(command("suggest", "--jsonl", "-", typed=typed).stdout)
    cut = rows(command("segment", "--jsonl", typed=typed).stdout)
    assert [row["doc_id"] for row in found] == ["d0", "d1", "d2"]
    assert [[(s["start"], s["end"]) for s in row["sentences"]] for row in found] == [
        [(s["start"], s["end"]) for s in row["sentences"]] for row in cut
    ]


def test_documents_before_a_bad_line_are_out_and_the_line_is_named(command: Command) -> None:
    done = command("suggest", "--jsonl", typed=lines("One ran.") + '{"doc_id": 1}\n')
    assert done.exit_code == 1
    assert len(rows(done.stdout)) == 1
    assert "stdin, line 2, field text: must be text" in done.stderr


def test_without_jsonl_and_without_a_file_one_sentence_says_so(command: Command) -> None:
    assert command("suggest").exit_code == 2
    done = command("suggest", "--jsonl", "no-such-file.jsonl")
    assert (done.exit_code, done.stdout) == (1, "")


def test_a_missing_pipeline_ends_in_one_sentence(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest, "PACKAGES", ("no_such_pipeline",))
    suggest.pipeline.cache_clear()
    try:
        done = command("suggest", "--jsonl", typed=lines(TEXT))
    finally:
        suggest.pipeline.cache_clear()
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == suggest.MISSING + "\n"
    assert "claim-annotator[suggest]" in done.stderr


def test_suggestions_of_an_article_are_stored_once(command: Command, database: Database) -> None:
    with database.write() as session:
        uid = factories.make_article(session, TEXT.replace("\r", ""), external_id="houses").uid
    done = command("suggest", "--store", "houses")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "houses\t2 sentences\n", "")
    assert command("suggest", "--store").stdout == f"{uid}\t0 sentences\n"
    with database.read() as session:
        assert len(session.exec(select(Suggestion.id)).all()) == 2


def test_unknown_article_is_said(command: Command) -> None:
    done = command("suggest", "--store", "nothing")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "There is no article “nothing”.\n"


def test_suggestions_are_turned_off_and_on(command: Command, database: Database) -> None:
    for word, on in (("off", False), ("on", True)):
        assert command("suggest", "--turn", word).stdout == f"Suggestions are {word}.\n"
        with database.read() as session:
            assert json.loads(projects.get(session).options)["suggestions"] is on


@pytest.mark.parametrize("words", [(), ("--jsonl", "--store"), ("--jsonl", "a", "b"), ("--turn", "maybe")])
def test_wrong_use_is_said(command: Command, words: tuple[str, ...]) -> None:
    assert command("suggest", *words).exit_code == 2
