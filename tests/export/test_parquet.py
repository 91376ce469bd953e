"""Parquet: pyarrow and pandas read what the contract's lines say; the card and Croissant say what it is."""

import json
from pathlib import Path
from typing import Any

import pandas
import pytest
from pyarrow import parquet as arrow

from annotator.errors import Refused
from annotator.export import card, formats, parquet
from annotator.services import exports
from db import canonical
from db.engine import Database
from tests import factories
from tests.export.conftest import Written, articles, ledger


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = arrow.read_table(folder / name).to_pylist()
    return found


def test_every_row_says_what_its_line_says(written: Written, hard: Database) -> None:
    folder = written("parquet")
    lines = articles(hard)
    assert rows(folder, parquet.ARTICLES) == [article for article, _ in lines]
    classes = parquet.CLASSES
    sentences = [sentence for _, found in lines for sentence in found]
    for row, line in zip(rows(folder, parquet.SENTENCES), sentences, strict=True):
        labels, primary = row.pop("labels"), row.pop("primary_label")
        assert (None if primary is None else classes["primary_label"][primary]) == line["primary_label"]
        gold = line["gold"] and [classes["labels"].index(label) for label in line["gold"]["labels"]]
        assert labels == gold
        del line["primary_label"]
        assert canonical.encode(row) == canonical.encode(line)


def test_pandas_reads_it_in_one_line(written: Written, hard: Database) -> None:
    frame = pandas.read_parquet(written("parquet") / parquet.SENTENCES)
    texts = {article["id"]: article["text"] for article, _ in articles(hard)}
    assert len(frame) == sum(len(sentences) for _, sentences in articles(hard))
    for row in frame.itertuples():
        assert texts[row.article_id][row.start : row.end] == row.text
    assert frame.gold.notna().sum() == frame.primary_label.notna().sum() == 2


def test_row_groups_are_small_and_hold_everything(database: Database, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setitem(parquet.ROWS, parquet.SENTENCES, 2)
    with database.write() as session:
        for n in range(3):
            factories.make_article(session, f"One {n}. Two. Three.")
    with database.read() as session:
        formats.write(session, tmp_path, formats.named("parquet"))
    file = arrow.ParquetFile(tmp_path / "parquet" / parquet.SENTENCES)
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [2, 2, 2, 2, 1]


def test_the_classes_have_their_names_in_the_file(written: Written) -> None:
    features = json.loads(arrow.read_schema(written("parquet") / parquet.SENTENCES).metadata[b"huggingface"])
    assert features["info"]["features"]["primary_label"] == {
        "_type": "ClassLabel", "names": ["claim", "quote", "opinion", "none"],
    }  # fmt: skip


def test_the_card_tells_licence_guideline_agreement_and_filters(hard: Database, tmp_path: Path) -> None:
    with hard.read() as session:
        kept = exports.selection(session, complete_only=True)
        formats.write(session, tmp_path, formats.named("parquet"), selection=kept)
    text = (tmp_path / "parquet" / card.CARD).read_text("utf-8")
    front, _, body = text.removeprefix("---\n").partition("\n---\n")
    assert {'license: "other"', 'pretty_name: "demo"', "  data_files: sentences.parquet"} <= set(front.splitlines())
    assert "| CC-BY-4.0 | 1 |" in body
    assert "| not stated | 1 |" in body
    assert f"SHA-256 `{'0' * 64}`" in body
    assert 'Limited by filters: {"complete_only":true}.' in body
    assert "| claim | not defined | every rating is the same: the label was always or never given |" in body
    assert "3 reviewers on 3 sentences" in body
    assert "<script" not in text


def test_one_licence_is_that_of_the_whole(example: Database, tmp_path: Path) -> None:
    with example.read() as session:
        formats.write(session, tmp_path, formats.named("parquet"))
    assert 'license: "cc-by-4.0"\n' in (tmp_path / "parquet" / card.CARD).read_text("utf-8")


def test_croissant_names_files_hashes_and_columns(written: Written) -> None:
    folder = written("parquet")
    found = json.loads((folder / card.CROISSANT).read_bytes())
    assert (found["@type"], found["conformsTo"]) == ("sc:Dataset", "http://mlcommons.org/croissant/1.0")
    files = {entry["@id"]: entry["sha256"] for entry in found["distribution"]}
    assert files == {
        name: canonical.sha256((folder / name).read_bytes()) for name in (parquet.SENTENCES, parquet.ARTICLES)
    }
    for records in found["recordSet"]:
        columns = [field["source"]["extract"]["column"] for field in records["field"]]
        assert columns == arrow.read_schema(folder / f"{records['name']}.parquet").names


def test_the_ledger_has_one_loss(written: Written, hard: Database) -> None:
    found = ledger(written("parquet"))
    lines = sum(1 + len(sentences) for _, sentences in articles(hard))
    assert found["losses"]["line_bytes"]["count"] == lines == sum(found["written"].values())


def test_without_pyarrow_it_is_refused_in_a_sentence(
    hard: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with hard.read() as session, pytest.raises(Refused, match=r"pip install 'claim-annotator\[parquet\]'"):
        formats.write(session, tmp_path, formats.named("parquet"))
    assert not (tmp_path / "parquet").exists()
