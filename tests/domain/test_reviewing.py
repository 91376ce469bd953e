"""How long a sentence takes a reviewer, and how far their labels stand from the others'."""

import pytest

from annotator.domain import agreement
from annotator.domain.agreement import Resampling
from annotator.domain.bootstrap import spread
from annotator.domain.disagreements import DECLARED, LABEL_SETS
from annotator.domain.ratings import Ratings
from annotator.domain.reviewing import Bias, Biases, Pace, pace_by_article, seconds_per_sentence

CLAIM, QUOTE = LABEL_SETS[True, False, False], LABEL_SETS[False, True, False]


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


def test_changes_of_others_and_in_other_articles_come_between_without_parting_one_from_the_next() -> None:
    rows = [("ada", 1, 9, at(0)), ("ben", 1, 1, at(5)), ("ada", 2, 3, at(6)), ("ada", 1, 2, at(10))]
    assert seconds_per_sentence(rows) == {"ada": 10.0}
    assert seconds_per_sentence([("ada", 1, 9, at(0)), ("ada", 1, 2, at(4)), ("ada", 1, 5, at(12))]) == {"ada": 6.0}


def test_order_of_rows_changes_no_time() -> None:
    rows = [("ada", 1, n, at(n * n)) for n in range(8)]
    assert seconds_per_sentence(rows[::-1]) == seconds_per_sentence(rows) == {"ada": 7.0}


def bias(sets: Ratings, resampling: Resampling = Resampling()) -> dict[str, dict[str, Bias]]:
    """As the report has it, with intervals drawn for it alone."""
    found = Biases.of(sets, DECLARED)
    return found.named(spread({"bias": found.linear}, resampling.groups, resampling.samples)["bias"])


def test_bias_is_own_less_the_others_on_the_same_sentences() -> None:
    """s1: Ada says claim, Ben and Cleo quote: 1 - 0; s2: all claim: 0; s3 nobody else has answered."""
    rows = [
        ("s1", "ada", CLAIM), ("s1", "ben", QUOTE), ("s1", "cleo", QUOTE),
        ("s2", "ada", CLAIM), ("s2", "ben", CLAIM), ("s2", "cleo", CLAIM),
        ("s3", "ada", CLAIM),
    ]  # fmt: skip
    found = bias(agreement.ratings_of(rows, declared=DECLARED), Resampling(samples=0))
    assert found["ada"]["claim"].value == pytest.approx(0.5)
    assert found["ada"]["quote"].value == pytest.approx(-0.5)
    assert found["ben"]["claim"].value == pytest.approx((-0.5 + 0) / 2)
    assert found["ben"]["opinion"].value == 0.0
    assert found["ada"]["claim"].sentences == 2
    assert sum(found[name]["claim"].value or 0 for name in found) == pytest.approx(0)


def test_bias_without_another_reviewer_is_not_defined() -> None:
    found = bias(agreement.ratings_of([("s1", "ada", CLAIM)], declared=DECLARED))
    assert (found["ada"]["claim"].value, found["ada"]["claim"].sentences) == (None, 0)
    assert bias(agreement.ratings_of([], declared=DECLARED)) == {}


def test_bias_has_an_interval_round_its_value() -> None:
    rows = [(f"s{n}", name, CLAIM if (n + k * n) % 3 else QUOTE) for n in range(40) for k, name in enumerate("ab")]
    found = bias(agreement.ratings_of(rows, declared=DECLARED))["a"]["claim"]
    assert found.value is not None
    assert found.ci95 is not None
    assert found.ci95[0] <= found.value <= found.ci95[1]


def test_an_article_took_the_median_of_its_sentences_and_the_sum_without_pauses() -> None:
    rows = [("ada", 1, 1, at(0)), ("ada", 1, 2, at(4)), ("ada", 1, 3, at(14)), ("ada", 1, 4, at(1000))]
    rows += [("ada", 2, 9, at(20)), ("ada", 2, 9, at(21)), ("ada", 3, 11, at(0))]
    assert pace_by_article(rows) == {1: Pace(7.0, 14.0), 2: Pace(1.0, 1.0)}
