"""CSV, opened by the csv module: every judgement a row, nothing that a spreadsheet would run."""

import csv
import io

from annotator.export import csv as format_
from db.engine import Database
from tests.export.conftest import HARD, Written, articles, counts, ledger, lost


def rows(written: Written) -> list[dict[str, str]]:
    text = (written("csv") / format_.FILE).read_bytes().decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_there_is_a_row_for_every_annotation_and_every_gold(written: Written, hard: Database) -> None:
    found, wanted = rows(written), counts(hard)
    roles = [row["role"] for row in found]
    assert (roles.count("reviewer"), roles.count("gold")) == (wanted["annotations"], wanted["gold"])
    assert ledger(written("csv"))["written"] == {
        "annotations": wanted["annotations"], "gold": wanted["gold"], "rows": len(found),
    }  # fmt: skip


def test_text_comes_back_with_its_code_points(written: Written, hard: Database) -> None:
    texts = {article["id"]: article["text"] for article, _ in articles(hard)}
    found = rows(written)
    assert any(row["text"].startswith("'=SUM") for row in found)
    for row in found:
        text = row["text"].removeprefix("'") if "text" in row["escaped"].split() else row["text"]
        assert text == texts[row["article_id"]][int(row["start"]) : int(row["end"])]


def test_cells_that_a_spreadsheet_would_run_are_escaped_and_named(written: Written) -> None:
    found = rows(written)
    assert not [cell for row in found for cell in row.values() if cell.startswith(format_.FORMULA)]
    by_place = {(row["article_id"], row["ordinal"], row["role"]): row for row in found}
    heading = next(row for row in found if "=SUM" in row["text"])
    assert set(heading["escaped"].split()) == {"article_title", "text"}
    last = next(row for row in by_place.values() if row["note"].endswith("+cmd"))
    assert last["note"] == "'+cmd"
    assert set(last["escaped"].split()) == {"article_title", "text", "note"}


def test_lines_end_as_the_rfc_says_and_the_first_is_the_header(written: Written) -> None:
    data = (written("csv") / format_.FILE).read_bytes()
    assert data.endswith(b"\r\n")
    assert data.split(b"\r\n")[0].decode() == ",".join(format_.COLUMNS)
    assert not data.startswith(b"\xef\xbb\xbf")


def test_the_first_attribution_and_claim_are_in_the_row_and_the_rest_is_counted(written: Written) -> None:
    gold = next(row for row in rows(written) if row["role"] == "gold" and row["verdict"] == "conflicting")
    assert (gold["attributions"], gold["claims"], gold["evidence"]) == ("2", "2", "1")
    assert gold["cue"] == "said"
    start, end = map(int, gold["speaker_span"].split(":"))
    assert HARD[start:end] == "Ada\u2028Lind"
    found = lost(written("csv"))
    assert (found["attributions_beyond_first"], found["claims_beyond_first"]) == (1, 1)
    assert found["nested_attributions"] == 1
    assert found["evidence"] == 3


def test_sentences_without_a_row_are_counted_as_lost(written: Written, hard: Database) -> None:
    bare = sum(not s["annotations"] and s["gold"] is None for _, sentences in articles(hard) for s in sentences)
    assert bare > 0
    assert lost(written("csv"))["sentences_without_rows"] == bare
