"""Label files as people write them: what counts, what is left out, what is refused and where."""

import json
from pathlib import Path

import pytest

from annotator.errors import Invalid
from annotator.intake.label_file import LabelFile, read_labels


def jsonl(folder: Path, *rows: object) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def table(folder: Path, text: str) -> Path:
    path = folder / "labels.csv"
    path.write_text(text, "utf-8")
    return path


def row(item: str, annotator: str, label: object, **more: object) -> dict[str, object]:
    return {"item": item, "annotator": annotator, "label": label, **more}


def labels(read: LabelFile) -> dict[tuple[str, str], object]:
    return {(item, annotator): label for item, annotator, label in read.rows}


def test_strings_numbers_lists_and_nothing_are_read(tmp_path: Path) -> None:
    read = read_labels(
        jsonl(tmp_path, row("1", "ada", "a"), row("2", "ada", 2), row("3", "ada", ["b", "a"]), row("4", "ada", None))
    )
    assert labels(read) == {("1", "ada"): "a", ("2", "ada"): 2.0, ("3", "ada"): frozenset("ab")}
    assert read.left_out == {"missing": 1}


def test_empty_list_is_the_set_of_none(tmp_path: Path) -> None:
    assert labels(read_labels(jsonl(tmp_path, row("1", "ada", [])))) == {("1", "ada"): frozenset({"none"})}


def test_only_the_highest_revision_counts_in_any_order(tmp_path: Path) -> None:
    rows = [row("1", "ada", "b", revision=2), row("1", "ada", "a"), row("1", "ada", "c", revision=10)]
    for order in (rows, rows[::-1]):
        read = read_labels(jsonl(tmp_path, *order))
        assert labels(read) == {("1", "ada"): "c"}
        assert read.left_out == {"superseded": 2}


def test_withdrawn_label_does_not_bring_back_an_earlier_one(tmp_path: Path) -> None:
    deleted = read_labels(jsonl(tmp_path, row("1", "ada", "a"), row("1", "ada", "a", revision=1, deleted=True)))
    emptied = read_labels(jsonl(tmp_path, row("1", "ada", "a"), row("1", "ada", None, revision=1)))
    assert deleted.rows == emptied.rows == []
    assert deleted.left_out == {"deleted": 1, "superseded": 1}


@pytest.mark.parametrize("role", ["gold", "adjudicator", "machine", "Gold"])
def test_gold_adjudicators_and_machines_never_count(tmp_path: Path, role: str) -> None:
    read = read_labels(jsonl(tmp_path, row("1", "ada", "a", role="annotator"), row("1", "ada", "b", role=role)))
    assert labels(read) == {("1", "ada"): "a"}
    assert read.left_out == {f"role {role.lower()}": 1}


def test_the_same_row_twice_counts_once(tmp_path: Path) -> None:
    read = read_labels(jsonl(tmp_path, row("1", "ada", "a"), row("1", "ada", "a")))
    assert len(read.rows) == 1
    assert read.left_out == {"repeated": 1}


def test_two_labels_of_one_revision_are_refused(tmp_path: Path) -> None:
    path = jsonl(tmp_path, row("1", "ada", "a"), row("1", "ada", "b"))
    with pytest.raises(Invalid) as refused:
        read_labels(path)
    assert str(refused.value) == f"{path}:2: revision: ada has another label for 1 of the same revision in line 1"


def test_fields_nobody_reads_are_named(tmp_path: Path) -> None:
    assert read_labels(jsonl(tmp_path, row("1", "ada", "a", comment="x", time=3))).unknown == ("comment", "time")


def test_csv_cells_are_numbers_only_if_all_are(tmp_path: Path) -> None:
    assert [
        label for *_, label in read_labels(table(tmp_path, "item,annotator,label\n1,a,1\n2,a,2.0\n3,a,\n")).rows
    ] == [
        1.0,
        2.0,
    ]
    mixed = read_labels(table(tmp_path, "item,annotator,label\n1,a,1\n2,a,x\n"))
    assert [label for *_, label in mixed.rows] == ["1", "x"]


def test_csv_reads_options_lists_quotes_and_a_byte_order_mark(tmp_path: Path) -> None:
    text = (
        "\ufefflabel,item,annotator,revision,role,deleted\r\n"
        '"[""claim"", ""quote""]","a, b",ada,1,,\r\n'
        '"[]","two\nlines",ben,,,false\r\n'
        '"[""claim""]",c,ada,,gold,\r\n'
        '"[""claim""]",d,ada,,,TRUE\r\n'
    )
    read = read_labels(table(tmp_path, text))
    assert labels(read) == {("a, b", "ada"): frozenset({"claim", "quote"}), ("two\nlines", "ben"): frozenset({"none"})}
    assert read.left_out == {"deleted": 1, "role gold": 1}


def test_whole_numbers_may_name_items(tmp_path: Path) -> None:
    assert labels(read_labels(jsonl(tmp_path, {"item": 7, "annotator": 1, "label": "a"}))) == {("7", "1"): "a"}


def test_text_beyond_ascii_is_kept(tmp_path: Path) -> None:
    found = labels(read_labels(jsonl(tmp_path, row("Satz\u2028 👩‍💻", "עדה", "é"))))
    assert found == {("Satz\u2028 👩‍💻", "עדה"): "é"}


def test_format_is_seen_in_a_file_without_a_known_ending(tmp_path: Path) -> None:
    for text in ('{"item":"1","annotator":"ada","label":"a"}\n', "item,annotator,label\n1,ada,a\n"):
        path = tmp_path / "labels.txt"
        path.write_text(text, "utf-8")
        assert labels(read_labels(path)) == {("1", "ada"): "a"}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("{", "row: no JSON"),
        ("[1]", "row: no JSON object"),
        ('{"annotator":"a","label":"x"}', "item: is missing"),
        ('{"item":"","annotator":"a","label":"x"}', "item: is missing"),
        ('{"item":["1"],"annotator":"a","label":"x"}', "item: must be text"),
        ('{"item":"1","annotator":true,"label":"x"}', "annotator: must be text"),
        ('{"item":"1","annotator":"a"}', "label: is missing"),
        ('{"item":"1","annotator":"a","label":true}', "label: must be text"),
        ('{"item":"1","annotator":"a","label":{"x":1}}', "label: must be text"),
        ('{"item":"1","annotator":"a","label":" "}', "label: must be text"),
        ('{"item":"1","annotator":"a","label":["x",null]}', "label: must be text"),
        ('{"item":"1","annotator":"a","label":NaN}', "row: no JSON"),
        ('{"item":"1","annotator":"a","label":"\\ud800"}', "row: no JSON"),
        ('{"item":"1","annotator":"a","label":"x","revision":-1}', "revision: must be a whole number"),
        ('{"item":"1","annotator":"a","label":"x","revision":1.5}', "revision: must be a whole number"),
        ('{"item":"1","annotator":"a","label":"x","role":3}', "role: must be text"),
        ('{"item":"1","annotator":"a","label":"x","deleted":"perhaps"}', "deleted: must be true or false"),
    ],
)
def test_bad_row_is_refused_with_line_and_field(tmp_path: Path, line: str, place: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"item":"0","annotator":"a","label":"x"}\n\n' + line + "\n", "utf-8")
    with pytest.raises(Invalid) as refused:
        read_labels(path)
    assert str(refused.value).startswith(f"{path}:3: {place}")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("item,label\n", "1: annotator: the header has no such column"),
        ("item,annotator,label,label\n", "1: label: the header has this column twice"),
        ("item,annotator,label\n1,ada\n", "2: row: 2 cells under 3 headers"),
        ('item,annotator,label\n"1"x,ada,a\n', "2: row: no CSV"),
        ('item,annotator,label\n1,ada,"[a]"\n', "2: label: no JSON list"),
        ("item,annotator,label\n1,,a\n", "2: annotator: is missing"),
    ],
)
def test_bad_table_is_refused_with_line_and_field(tmp_path: Path, text: str, place: str) -> None:
    path = table(tmp_path, text)
    with pytest.raises(Invalid) as refused:
        read_labels(path)
    assert str(refused.value).startswith(f"{path}:{place}")


@pytest.mark.parametrize(("damage", "words"), [(b"\xff", "not UTF-8 at byte 6"), (b"\0", "NUL at byte 6")])
def test_damaged_bytes_are_refused_with_their_place(tmp_path: Path, damage: bytes, words: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_bytes(b"\n\n\n  \n" + damage)
    with pytest.raises(Invalid, match=f":5: row: {words}"):
        read_labels(path)


def test_undeclared_label_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = jsonl(tmp_path, row("1", "ada", "a"), row("2", "ada", ["a", "x"]))
    with pytest.raises(Invalid, match=":2: label: 'x' is not among the declared labels"):
        read_labels(path, declared=["a", "b"])


def test_declared_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    assert len(read_labels(jsonl(tmp_path, row("1", "ada", 1), row("2", "ada", 2.0)), declared=["1.0", "2"]).rows) == 2
