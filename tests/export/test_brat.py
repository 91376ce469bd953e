"""brat standoff, read by its own rules: every id resolves, every span stands on its words."""

import re
from pathlib import Path

from annotator.export import brat
from db.engine import Database
from tests.export.conftest import Written, articles, counts, ledger

SPAN = re.compile(r"(\w+) (\d+ \d+(?:;\d+ \d+)*)")


def read(ann: Path) -> dict[str, list[str]]:
    """Lines by their id; each has its fields, and no line ends inside one."""
    text = ann.with_suffix(".txt").read_bytes().decode()
    lines = ann.read_bytes().decode().split("\n")
    assert lines.pop() == ""
    found = {line.split("\t")[0]: line.split("\t")[1:] for line in lines}
    assert len(found) == len(lines)
    for uid, (first, *rest) in found.items():
        if uid[0] == "T":
            match = SPAN.fullmatch(first)
            assert match is not None
            spans = [tuple(map(int, span.split())) for span in match[2].split(";")]
            assert " ".join(text[start:end] for start, end in spans) == rest[0]
            assert "\n" not in rest[0]
        for reference in re.findall(r"(?<=[ :])[TE]\d+", first):
            assert reference in found
    return found


def documents(written: Written) -> dict[str, dict[str, list[str]]]:
    folder = written("brat")
    return {file.relative_to(folder).as_posix(): read(file) for file in folder.rglob("*.ann")}


def test_every_document_is_sound_and_has_the_text_of_its_article(written: Written, hard: Database) -> None:
    found = documents(written)
    assert any(name.startswith("gold/") for name in found)
    texts = {article["id"]: article["text"] for article, _ in articles(hard)}
    for name in found:
        text = (written("brat") / name).with_suffix(".txt").read_bytes().decode()
        assert text == texts[Path(name).stem]


def test_attributions_are_events_and_claims_are_spans(written: Written, hard: Database) -> None:
    lines = [(uid, fields) for found in documents(written).values() for uid, fields in found.items()]
    wanted = counts(hard)
    assert sum(uid[0] == "E" for uid, _ in lines) == wanted["attributions"]
    assert sum(uid[0] == "T" and fields[0].startswith("Checkable ") for uid, fields in lines) == wanted["claims"]
    written_ = ledger(written("brat"))["written"]
    assert (written_["annotations"], written_["gold"]) == (wanted["annotations"], wanted["gold"])


def test_an_event_has_the_type_of_its_trigger_and_knows_its_roles(written: Written) -> None:
    for found in documents(written).values():
        for uid, (first, *_) in found.items():
            if uid[0] == "E":
                type_, trigger = first.split()[0].split(":")
                assert found[trigger][0].startswith(f"{type_} ")
                for role, of in (part.split(":") for part in first.split()[1:]):
                    assert found[of][0].startswith(f"{role} ")


def test_every_type_and_attribute_is_in_the_configuration(written: Written) -> None:
    known = set(re.findall(r"^(\w+)", brat.CONFIG, re.M))
    for found in documents(written).values():
        for uid, (first, *_) in found.items():
            if uid[0] in "TA":
                assert first.split()[0] in known


def test_a_span_over_a_line_end_is_written_in_parts() -> None:
    lines = brat._Lines("one\ntwo three")
    lines.span("Sentence", [[0, 7]])
    assert lines.lines == ["T1\tSentence 0 3;4 7\tone two\n"]
