"""How long a sentence takes a reviewer."""

from annotator.domain.reviewing import seconds_per_sentence


def at(seconds: int) -> str:
    return f"2025-01-02T03:{seconds // 60:02}:{seconds % 60:02}.500Z"


def test_time_belongs_to_the_sentence_of_the_later_change_and_long_gaps_are_left_out() -> None:
    """Sentence 2 takes 4 + 6, sentence 3 takes 30; the 10 minutes before sentence 4 are none."""
    rows = [("ada", 1, 1, at(0)), ("ada", 1, 2, at(4)), ("ada", 1, 2, at(10)), ("ada", 1, 3, at(40))]
    assert seconds_per_sentence([*rows, ("ada", 1, 4, at(640))]) == {"ada": 20.0}
    assert seconds_per_sentence([("ada", 1, 1, at(0)), ("ada", 1, 2, at(300))]) == {"ada": 300.0}


def test_no_time_runs_from_one_article_or_reviewer_to_another() -> None:
    rows = [("ada", 1, 1, at(0)), ("ada", 2, 2, at(4)), ("ben", 1, 1, at(6))]
    assert seconds_per_sentence(rows) == {}


def test_order_of_rows_changes_no_time() -> None:
    rows = [("ada", 1, n, at(n * n)) for n in range(8)]
    assert seconds_per_sentence(rows[::-1]) == seconds_per_sentence(rows) == {"ada": 7.0}
