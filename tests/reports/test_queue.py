"""Deadlines in words, the progress strip, figures in sentences."""

from datetime import date

import pytest

from annotator.language import spoken
from annotator.reports import words
from annotator.reports.queue import MOST_SEGMENTS, deadline, strip

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("due", "said", "soon"),
    [
        ("2026-11-27T23:59:59.000Z", "in 3 days", False),
        ("2026-11-26T23:59:59.000Z", "in 2 days", False),
        ("2026-11-25T23:59:59.000Z", "tomorrow", True),
        ("2026-11-24T23:59:59.000Z", "today", True),
        ("2026-11-23", "1 day late", True),
        ("2026-11-20", "4 days late", True),
    ],
)
def test_a_deadline_is_said_in_words(due: str, said: str, soon: bool) -> None:
    found = deadline(due, TODAY)
    assert found is not None
    assert (found.words, found.soon) == (said, soon)


def test_a_finished_article_is_never_late() -> None:
    found = deadline("2026-11-01", TODAY, finished=True)
    assert found is not None
    assert (found.words, found.soon) == ("done", False)


def test_the_strip_has_one_bar_a_sentence_and_marks_the_one_in_hand() -> None:
    bars = list(strip(["claim", "", "quote"], 1))
    assert [bar.kind for bar in bars] == ["claim", "now", "quote"]
    assert bars[0].x < bars[0].width < bars[1].x


@pytest.mark.parametrize("sentences", [151, 300, 10_000])
def test_a_long_strip_joins_sentences_and_still_covers_all(sentences: int) -> None:
    kinds = ["claim"] * (sentences // 2) + [""] * (sentences - sentences // 2)
    bars = list(strip(kinds, sentences - 1))
    assert len(bars) == MOST_SEGMENTS
    assert [bar.kind for bar in bars].count("claim") in (75, 76)
    assert bars[-1].kind == "now"
    assert bars[-1].x + bars[-1].width <= 1000


def test_figures_read_like_a_sentence() -> None:
    assert [words.number(n) for n in (0, 1, 12, 13, 1234)] == ["no", "one", "twelve", "13", "1,234"]
    with spoken("de"):
        assert [words.number(n) for n in (0, 1, 1234)] == ["0", "1", "1.234"]
        assert words.listed(["a", "b", "c"]) == "a, b und c"
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.capital("three statements") == "Three statements"
