"""annotator import: what it prints, where, and how it ends. The texts are fiction."""

import json
from pathlib import Path

import pytest

from annotator.domain import ids
from annotator.export import contract
from annotator.intake import limits
from db.engine import Database, open_database
from tests.conftest import Command
from tests.export import bridge

TEXT = "Bridge toll rises\n\nThe toll rose in March. Traffic fell."


def write(folder: Path, name: str, *records: object) -> Path:
    file = folder / name
    file.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), "utf-8")
    return file


@pytest.fixture
def article(tmp_path: Path) -> Path:
    return write(tmp_path, "bridge.txt", TEXT)


def test_an_article_is_accepted_and_then_a_duplicate(command: Command, article: Path) -> None:
    uid = ids.article_id(TEXT + "\n")
    first = command("import", article)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout == f"accepted\t{uid}\tBridge toll rises\n1 accepted, 0 duplicate, 0 rejected\n"
    second = command("import", article)
    assert (second.exit_code, second.stderr) == (0, "")
    assert second.stdout == f"duplicate\t{uid}\tBridge toll rises\n0 accepted, 1 duplicate, 0 rejected\n"


def test_a_bad_record_is_named_with_file_line_and_field_and_nothing_is_stored(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path, "wire.jsonl", {"text": "One."}, {"text": "Two.", "url": "x"}, "{")
    done = command("import", file)
    assert done.exit_code == 1
    assert done.stdout == "0 accepted, 0 duplicate, 2 rejected\n"
    lines = done.stderr.splitlines()
    assert lines[0].startswith(f"{file}: line 2, field url: ")
    assert lines[1].startswith(f"{file}: line 3: not JSON")
    assert lines[2] == f"{file}: nothing was stored."
    assert "Traceback" not in done.output


def test_partial_takes_the_good_records_and_writes_the_others_beside_the_file(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path, "wire.jsonl", {"text": "One."}, {"text": "Two.", "published": "May"}, {"text": "Three."})
    done = command("import", file, "--partial")
    assert done.exit_code == 1
    assert done.stdout.endswith("2 accepted, 0 duplicate, 1 rejected\n")
    rejects = [json.loads(line) for line in (tmp_path / "wire.jsonl.rejects.jsonl").read_text("utf-8").splitlines()]
    assert [(r["line"], r["field"]) for r in rejects] == [(2, "published")]
    assert json.loads(rejects[0]["record"])["text"] == "Two."
    assert rejects[0]["reason"]


def test_unknown_fields_are_named(command: Command, tmp_path: Path) -> None:
    done = command("import", write(tmp_path, "wire.jsonl", {"text": "One.", "tags": []}))
    assert done.exit_code == 0
    assert "field tags is not known and was left out (line 1)" in done.stderr


def test_one_bad_file_does_not_keep_the_others_out(command: Command, article: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"ab\xff")
    done = command("import", bad, tmp_path / "none.txt", tmp_path / "page.pdf", article)
    assert done.exit_code == 1
    assert done.stdout.endswith("1 accepted, 0 duplicate, 1 rejected, 2 files not read\n")
    assert f"{bad}: byte 2 is not valid UTF-8" in done.stderr
    assert f"{tmp_path / 'none.txt'}: No such file or directory" in done.stderr
    assert (
        "only .txt, .md, .html, .jsonl, .csv, .json of Label Studio and a folder that annotator exported" in done.stderr
    )


def test_the_format_can_be_said(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path, "wire.dump", {"text": "One."})
    assert command("import", file).exit_code == 1
    assert command("import", file, "--format", "jsonl").stdout.endswith("1 accepted, 0 duplicate, 0 rejected\n")


PAGE = "<html><title>Rain</title><body><nav>Home</nav><h1>Rain</h1><p>It rained. Then it stopped.</p>"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rain.html", PAGE),
        ("rain.htm", PAGE),
        ("rain.md", "---\ntitle: Rain\n---\n# Rain\n\nIt *rained*. Then it stopped."),
        ("rain.csv", 'title,text\r\nRain,"Rain\n\nIt rained. Then it stopped."\r\n'),
        ("rain.jsonl", json.dumps({"html": PAGE})),
    ],
)
def test_every_format_gives_the_same_article(command: Command, tmp_path: Path, name: str, content: str) -> None:
    file = write(tmp_path, name, content)
    uid = ids.article_id("Rain\n\nIt rained. Then it stopped.")
    done = command("import", file)
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"accepted\t{uid}\tRain\n1 accepted, 0 duplicate, 0 rejected\n"
    assert command("import", file).stdout.startswith(f"duplicate\t{uid}\t")
    said = tmp_path / "said.dump"
    said.write_bytes(file.read_bytes())
    kind = file.suffix.replace("htm", "html").replace("htmll", "html").removeprefix(".")
    assert command("import", said, "--format", kind).stdout.startswith(f"duplicate\t{uid}\t")
    assert command("db", "check").stdout.startswith("0 findings")


def test_what_a_page_or_its_front_matter_says_and_nobody_reads_is_named_without_a_line(
    command: Command, tmp_path: Path
) -> None:
    done = command("import", write(tmp_path, "rain.md", "---\nmood: grey\n---\nIt rained."))
    assert done.exit_code == 0
    assert done.stderr == f"{tmp_path / 'rain.md'}: field mood is not known and was left out\n"


def test_front_matter_that_does_not_fit_is_named_with_file_line_and_field(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path, "rain.md", "---\ntitle: Rain\ndate: soon\n---\nIt rained.")
    done = command("import", file)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{file}: line 3, field date: ")


def test_a_bad_row_of_a_table_keeps_the_others_only_with_partial(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path, "wire.csv", 'text,url\n"One\nday.",\nTwo.,x')
    assert f"{file}: line 4, field url: " in command("import", file).stderr
    assert command("import", file, "--partial").stdout.endswith("1 accepted, 0 duplicate, 1 rejected\n")
    (row,) = (tmp_path / "wire.csv.rejects.jsonl").read_text("utf-8").splitlines()
    assert json.loads(row)["record"] == "Two.,x\n"


def test_our_own_export_is_read(command: Command, tmp_path: Path, sqlite_template: Path) -> None:
    other = tmp_path / "other.db"
    other.write_bytes(sqlite_template.read_bytes())
    database: Database = open_database(str(other))
    with database.write() as session:
        bridge.build(session)
    with database.read() as session:
        contract.write(session, tmp_path / "export")
    database.close()
    done = command("import", tmp_path / "export")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "accepted\tart_508ed8dde749df69\tBridge toll rises"
    assert command("export", tmp_path / "again").exit_code == 0
    for name in (contract.ARTICLES, contract.SENTENCES, contract.MANIFEST):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "export" / name).read_bytes()


def test_a_damaged_export_is_refused_with_each_finding(command: Command, tmp_path: Path, article: Path) -> None:
    command("import", article)
    command("export", tmp_path / "export")
    (tmp_path / "export" / contract.SENTENCES).write_text("{}\n")
    done = command("--database", str(tmp_path / "new.db"), "import", tmp_path / "export")
    assert done.exit_code == 1
    assert "sentences.jsonl" in done.stderr
    assert "nothing was stored" in done.stderr


def test_no_path_is_wrong_usage(command: Command) -> None:
    assert command("import").exit_code == 2


def test_help_has_an_example(command: Command) -> None:
    assert "Example: annotator import" in command("import", "--help").stdout


def test_an_article_very_like_another_and_a_found_language_are_told_on_stderr(command: Command, tmp_path: Path) -> None:
    words = " ".join(f"Der Rat von Ort {n} sagte am Montag, dass die Brücke nicht offen ist." for n in range(20))
    one, two = write(tmp_path, "one.txt", words), write(tmp_path, "two.txt", words + " Das ist alles.")
    done = command("import", one, two)
    assert done.exit_code == 0
    assert f"{two}: article art_" in done.stderr
    assert f" is very like article {ids.article_id(words + chr(10))}" in done.stderr
    assert "the language of 1 article was found to be de" in done.stderr
    assert done.stdout.endswith("2 accepted, 0 duplicate, 0 rejected\n")


def test_json_lines_may_be_longer_than_a_file_of_one_article(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FILE_BYTES", 100)
    long = "\ufeff" + json.dumps({"text": "word " * 40})
    file = write(tmp_path, "wire.jsonl", long, *({"text": f"Text {n}."} for n in range(9)))
    done = command("import", file, "--partial")
    assert done.stdout.endswith("9 accepted, 0 duplicate, 1 rejected\n")
    assert "line 1: more than" in done.stderr
