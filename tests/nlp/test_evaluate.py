"""The scores of a segmentation, on a file that is small enough to count by hand."""

import json
from pathlib import Path

import pytest

from annotator.nlp.evaluate import Counts, main
from annotator.nlp.rivals import rival
from annotator.nlp.segment import MODEL


def test_f1_counts_spans_and_ends() -> None:
    counts = Counts()
    counts.add(found=[(0, 4), (5, 9)], gold=[(0, 4), (5, 7), (7, 9)])
    assert counts.f1(counts.spans) == pytest.approx(200 * 1 / 5)
    assert counts.f1(counts.ends) == pytest.approx(200 * 2 / 5)


def test_nothing_found_and_nothing_in_gold_is_zero() -> None:
    assert Counts().f1(0) == 0.0


def test_report_shows_each_genre_and_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    documents = [
        {"genre": "news", "text": "It rained. It snowed.", "gold": [[0, 10], [11, 21]]},
        {"genre": "list", "text": "It rained; it snowed.", "gold": [[0, 10], [11, 21]]},
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    main([str(path)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["news", "2", "100.00", "100.00"] in lines
    assert ["list", "2", "0.00", "66.67"] in lines
    assert ["all", "4", "57.14", "85.71"] in lines


def test_other_splitters_are_scored_beside_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gold.jsonl"
    document = {"text": "She met Gen. Holm.  It rained.\n\nIt snowed.", "gold": [[0, 18], [20, 30], [32, 42]]}
    path.write_text(json.dumps(document), encoding="utf-8")
    main([str(path), "--beside", "sentencizer", str(MODEL)])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = [line for line in lines if line[:1] in (["all"], ["sentencizer"], [str(MODEL)])]
    assert rows[:3] == [["all", "3", "100.00", "100.00"], ["sentencizer"], ["all", "3", "100.00", "100.00"]]
    assert [row[0] for row in rows[3:]] == [str(MODEL), "all"]


def test_pysbd_is_asked_for_only_by_name() -> None:
    with pytest.raises(ModuleNotFoundError, match="pysbd"):
        list(rival("pysbd")(["It rained."]))
