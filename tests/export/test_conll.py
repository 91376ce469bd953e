"""CoNLL-like tokens: every sign that is not white space is in a token, tags are sound BIO."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.export import conll
from db.engine import Database
from tests.export.conftest import HARD, Written, articles, counts, ledger, lost

Block = tuple[dict[str, str], list[list[str]]]


def blocks(written: Written) -> list[Block]:
    text = (written("conll") / conll.FILE).read_text("utf-8")
    found = []
    for block in text.split("\n\n")[:-1]:
        lines = block.split("\n")
        head = dict(line[2:].split(" = ", 1) for line in lines if line.startswith("# "))
        found.append((head, [line.split("\t") for line in lines if not line.startswith("# ")]))
    return found


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Ada’s half-time pay: 4.50!", ["Ada’s", "half-time", "pay", ":", "4.50", "!"]),
        ("cafe\u0301 👨🏻‍🚒🇳🇴 ok.", ["cafe\u0301", "👨🏻‍🚒", "🇳🇴", "ok", "."]),
        ("שלום עולם\u2028‮x", ["שלום", "עולם", "\u202e", "x"]),
        (" \t\n", []),
    ],
)
def test_tokens_are_words_and_signs(text: str, forms: list[str]) -> None:
    assert [text[start:end] for start, end in conll.tokens(text)] == forms


@given(st.text())
def test_tokens_are_in_order_and_leave_only_white_space_and_controls(text: str) -> None:
    end = 0
    for start, last in conll.tokens(text):
        assert not text[end:start] or set(map(conll._class, text[end:start])) <= {"s", "m", "z"}
        assert end <= start < last
        end = last
    assert set(map(conll._class, text[end:])) <= {"s", "m", "z"}


def test_there_is_a_block_for_every_judgement_and_forms_stand_at_their_offsets(
    written: Written, hard: Database
) -> None:
    texts = {article["id"]: article["text"] for article, _ in articles(hard)}
    found, wanted = blocks(written), counts(hard)
    assert len(found) == wanted["annotations"] + wanted["gold"]
    assert sum(head["by"] == "gold" for head, _ in found) == wanted["gold"]
    for head, rows in found:
        assert all(len(row) == len(conll.COLUMNS) for row in rows)
        for _, form, start, end, *_ in rows:
            assert texts[head["article"]][int(start) : int(end)] == form


def test_tags_are_sound_and_tag_the_words_of_the_attribution(written: Written, hard: Database) -> None:
    uid = next(article["id"] for article, _ in articles(hard) if article["text"] == HARD)
    [(_, rows)] = [found for found in blocks(written) if found[0]["by"] == "gold" and found[0]["article"] == uid]
    assert [(row[1], row[4]) for row in rows if row[4] != "O"] == [("Ada", "B"), ("Lind", "I")]
    assert [(row[1], row[5]) for row in rows if row[5] != "O"] == [("said", "B")]
    for column in (4, 5, 6):
        before = "O"
        for row in rows:
            assert not (row[column] == "I" and before == "O")
            before = row[column]


def test_spans_are_written_or_counted_as_lost(written: Written, hard: Database) -> None:
    found, gone = ledger(written("conll"))["written"], lost(written("conll"))
    assert gone["overlapping_spans"] == 1
    assert gone["claims"] == counts(hard)["claims"]
    assert gone["attribution_details"] == counts(hard)["attributions"]
    assert found["spans"] > 0
