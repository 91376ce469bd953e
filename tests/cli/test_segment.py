"""annotator segment: sentences out of text, one JSON line each."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command

TEXT = (
    "Toll rises 👨🏻‍🚒\n\nThe e\u0301lan rose. قال العمدة ذلك.\n\n- An item that ends here.\n\nDisclaimer: fiction.\n"
)


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_file_gives_one_line_a_sentence(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT, "utf-8")
    done = command("segment", file)
    found = rows(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert all(TEXT[row["start"] : row["end"]] == row["text"] for row in found)
    assert [row["block"] for row in found] == ["heading", "paragraph", "paragraph", "list_item", "disclaimer"]
    assert list(found[0]) == ["start", "end", "block", "text"]


def test_stdin_is_read_where_no_file_is_named(command: Command) -> None:
    assert rows(command("segment", typed="One ran. Two ran.").stdout) == rows(
        command("segment", "-", typed="One ran. Two ran.").stdout
    )


def test_offsets_of_a_file_count_in_the_text_as_it_is_stored(command: Command) -> None:
    found = rows(command("segment", typed=b"\xef\xbb\xbfOne ran.\r\nTwo ran.\r\n").stdout)
    assert [(row["start"], row["end"]) for row in found] == [(0, 8), (9, 17)]


def test_documents_come_out_in_order_with_offsets_in_their_own_text(command: Command) -> None:
    texts = {"b": "One ran.\r\nTwo ran.", "a": TEXT, 3: "Three ran."}
    lines = "".join(json.dumps({"doc_id": key, "text": text, "more": 1}) + "\n" for key, text in texts.items())
    done = command("segment", "--jsonl", typed=lines)
    found = rows(done.stdout)
    assert [row["doc_id"] for row in found] == list(texts)
    assert list(found[0]["sentences"][0]) == ["start", "end", "block"]
    assert [texts["b"][s["start"] : s["end"]] for s in found[0]["sentences"]] == ["One ran.", "Two ran."]


def test_a_table_is_a_block_of_another_kind_here(command: Command) -> None:
    found = rows(command("segment", typed="| Year | Toll |\n| 2024 | 4 |\n").stdout)
    assert {row["block"] for row in found} == {"other"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"doc_id": 1}', "stdin, line 2, field text: must be text"),
        ('{"text": "a"}', "stdin, line 2, field doc_id: must be text or a whole number"),
        ('{"doc_id": 1, "text": "\\ud800"}', "stdin, line 2, field text: character 0 is a lone surrogate"),
        ("{", "stdin, line 2: not JSON"),
    ],
)
def test_documents_before_a_bad_line_come_out_and_the_line_is_named(command: Command, line: str, message: str) -> None:
    done = command("segment", "--jsonl", typed='{"doc_id": 1, "text": "One ran."}\n' + line + "\n")
    assert done.exit_code == 1
    assert [row["doc_id"] for row in rows(done.stdout)] == [1]
    assert done.stderr.startswith(message)


def test_what_is_no_text_is_refused_with_its_byte(command: Command, tmp_path: Path) -> None:
    done = command("segment", typed=b"ab\xff")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "stdin: byte 2 is not valid UTF-8\n"
    assert command("segment", tmp_path / "none.txt").exit_code == 1


def test_help_has_an_example(command: Command) -> None:
    assert "Example: annotator segment" in command("segment", "--help").stdout
