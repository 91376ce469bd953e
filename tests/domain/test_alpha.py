"""Alpha and what every coefficient shares: its reason where there is none, its items, its interval."""

import numpy as np
import pytest

from annotator.domain import alpha as module
from annotator.domain.alpha import (
    Coefficient,
    Resampling,
    alpha,
    alpha_by_group,
    alpha_values,
    estimate,
    items_to_settle,
    label_alpha,
    per_label_alpha,
    set_alpha,
    why_undefined,
)
from annotator.domain.counts import Counts
from annotator.domain.distances import Nominal, Ordinal, jaccard
from annotator.domain.ratings import ratings_of
from tests.domain.agreement_tables import KRIPPENDORFF_2011, ratings, sheet

NO_INTERVALS = Resampling(samples=0)
NOTHING = "nothing is labelled"
ALONE = "only one reviewer: agreement needs at least two"
APART = "no overlap: no item was labelled by two reviewers"
ONCE = "only one item was labelled by two reviewers"
ONE_LABEL = "only one label was used, so agreement cannot be told from chance"
CHANCE = "agreement by chance would be complete"


@pytest.mark.parametrize(
    ("lines", "reviewers", "reason"),
    [
        ((), None, NOTHING),
        (("a", "b"), 1, ALONE),
        (("a.", ".b"), 2, APART),
        (("ab", "a."), 2, ONCE),
        (("aa", "aa", "b."), 2, ONE_LABEL),
        (("aa", "ab"), 2, None),
    ],
)
def test_each_lack_has_its_reason_the_gravest_first(
    lines: tuple[str, ...], reviewers: int | None, reason: str | None
) -> None:
    counts = Counts.of(ratings(*lines))
    assert why_undefined(counts, reviewers=reviewers) == reason
    assert why_undefined(counts, reviewers=reviewers, one_label_will_do=True) == (
        None if reason == ONE_LABEL else reason
    )
    expected = Coefficient(None, reason, None, counts.paired_items)
    if reason is not None:
        assert estimate(counts, {"x": alpha_values(counts, Nominal())}, NO_INTERVALS, reviewers=reviewers) == {
            "x": expected
        }


def test_an_estimate_has_its_value_its_interval_and_the_items_it_rests_on() -> None:
    counts = Counts.of(ratings("aa", "ab", "bb", "a."))
    found = estimate(
        counts,
        {"one": lambda weights: weights.sum(axis=1), "none": lambda weights: np.full(len(weights), np.nan)},
        Resampling(samples=20),
        reviewers=2,
    )
    assert found == {"one": Coefficient(4.0, None, (4.0, 4.0), 3), "none": Coefficient(None, CHANCE, None, 3)}
    plain = estimate(counts, {"one": lambda weights: weights.sum(axis=1)}, NO_INTERVALS)
    assert plain == {"one": Coefficient(4.0, None, None, 3)}


def test_what_bears_a_single_label_is_estimated_and_the_rest_has_the_reason() -> None:
    counts = Counts.of(ratings("aa", "aa"))
    same = {name: lambda weights: weights.sum(axis=1) for name in ("raw", "beyond chance")}
    found = estimate(counts, same, NO_INTERVALS, uncorrected=("raw",))
    assert found == {
        "raw": Coefficient(2.0, None, None, 2),
        "beyond chance": Coefficient(None, ONE_LABEL, None, 2),
    }


def test_alpha_of_weights_is_alpha_of_items_that_come_so_often() -> None:
    """Also where distances hang on the totals, as ordinal ones do."""
    lines, times = ("112", "133", "2.2", "311", "..3"), (2, 1, 3, 1, 4)
    numbers = [
        ratings_of(
            (f"u{item:02}", f"r{column}", float(label))
            for item, line in enumerate(given)
            for column, label in enumerate(line)
            if label != "."
        )
        for given in (lines, [line for line, number in zip(lines, times, strict=True) for _ in range(number)])
    ]
    once, often = (Counts.of(given) for given in numbers)
    weights = np.zeros((2, len(once.items)))
    weights[0, once.pattern_of], weights[1, once.pattern_of[4]] = times, 3
    for distance in (Nominal(), Ordinal()):
        found = alpha_values(once, distance)(weights)
        assert found[0] == pytest.approx(alpha(often, distance, NO_INTERVALS).value)
        assert np.isnan(found[1])


def test_alpha_of_each_article_is_that_of_its_sentences_alone() -> None:
    """Two articles to measure, then one sentence, one label, no sentence, none that two labelled, and none again."""
    lines = ("aa", "ab", "bb", "ba", "b.", "ab", "aa", "aa", "a.", ".b", "aa", "ab")
    groups = np.array([0, 0, 0, 0, 0, 2, 3, 3, 5, 5, 1, 1])
    counts = Counts.of(ratings(*lines))
    found = alpha_by_group(counts, Nominal(), groups, number=7, reviewers=2)
    first = alpha(Counts.of(ratings(*lines[:5])), Nominal(), NO_INTERVALS)
    assert found == [
        Coefficient(pytest.approx(first.value), None, None, 4),
        Coefficient(pytest.approx(0), None, None, 2),
        Coefficient(None, ONCE, None, 1),
        Coefficient(None, ONE_LABEL, None, 2),
        Coefficient(None, NOTHING, None, 0),
        Coefficient(None, APART, None, 0),
        Coefficient(None, NOTHING, None, 0),
    ]


def test_articles_by_the_thousand_are_taken_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("aa", "ab", "bb") * 5 + ("ab", "bb") * 3
    groups = np.repeat(np.arange(8), [3] * 5 + [2] * 3)
    counts = Counts.of(ratings(*lines))
    whole = alpha_by_group(counts, Nominal(), groups, number=8, reviewers=2)
    monkeypatch.setattr(module, "CELLS", 3 * counts.work)
    assert alpha_by_group(counts, Nominal(), groups, number=8, reviewers=2) == whole
    monkeypatch.setattr(module, "CELLS", 1)
    assert alpha_by_group(counts, Nominal(), groups, number=8, reviewers=2) == whole


def test_articles_of_nothing_and_of_one_reviewer_have_their_reason() -> None:
    nothing = Counts.of(ratings())
    none = np.zeros(0, np.intp)
    assert alpha_by_group(nothing, Nominal(), none, number=2, reviewers=0) == [Coefficient(None, NOTHING)] * 2
    alone = Counts.of(ratings("a", "b"))
    found = alpha_by_group(alone, Nominal(), np.array([0, 0]), number=1, reviewers=1)
    assert found == [Coefficient(None, ALONE, None, 0)]


def test_alpha_of_a_label_rests_on_counts_of_yes_and_no() -> None:
    """Yes and no 2/0, 1/1, 0/2, 0/2, an item of one left out: n = 8, yes 3; 1 - 7·2 / (2·3·5)."""
    found = label_alpha(np.array([[2, 0], [1, 1], [0, 2], [0, 2], [1, 0]]), NO_INTERVALS)
    assert found == Coefficient(pytest.approx(1 - 7 * 2 / 30), None, None, 4)
    assert label_alpha(np.array([[1, 1], [0, 2]]), Resampling(samples=9)).ci95 is not None


def test_alpha_of_sets_takes_single_labels_as_sets_of_one() -> None:
    given = ratings("aa", "ab", "bb")
    single = alpha(Counts.of(given), Nominal(), NO_INTERVALS)
    assert set_alpha(given, resampling=NO_INTERVALS) == single
    assert set_alpha(given, jaccard, NO_INTERVALS) == single
    assert set_alpha(given).ci95 is not None
    members = ratings_of(
        (f"u{item}", name, frozenset(labels))
        for item, pair in enumerate([("a", "ab"), ("ab", "ab"), ("b", "a")])
        for name, labels in zip("xy", pair, strict=True)
    )
    # Jaccard: apart 1/2, 0, 1; given a 2, b 1, ab 3: 2 (2·1·1 + 2·3/2 + 1·3/2)
    assert set_alpha(members, jaccard, NO_INTERVALS).value == pytest.approx(1 - 5 * 2 * (1 / 2 + 1) / 13)


def test_more_sets_than_can_be_compared_have_that_as_their_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LABELS", 2)
    found = set_alpha(ratings("ab", "bc"), resampling=NO_INTERVALS)
    assert found == Coefficient(None, "3 distinct labels are more than the 2 compared here")


def test_alpha_of_each_single_label_counts_sets_that_have_it() -> None:
    """Four items by two; a is in 2, 1, 0 and 2 of two sets, b in 1, 1, 1 and 0: n = 8, a 5, b 3."""
    sheet = [("a", "ab"), ("b", "a"), ("", "b"), ("a", "a"), ("b", None)]
    given = ratings_of(
        (
            (f"u{item}", name, None if labels is None else frozenset(labels))
            for item, pair in enumerate(sheet)
            for name, labels in zip("xy", pair, strict=True)
        ),
        declared=("b", "a", "z"),
    )
    found = per_label_alpha(given, NO_INTERVALS)
    never = "every rating is the same: the label was always or never given"
    assert list(found.items()) == [
        ("b", Coefficient(pytest.approx(1 - 7 * 2 * 3 / (2 * 3 * 5)), None, None, 4)),
        ("a", Coefficient(pytest.approx(1 - 7 * 2 * 1 / (2 * 5 * 3)), None, None, 4)),
        ("z", Coefficient(None, never, None, 4)),
        ("none", Coefficient(pytest.approx(1 - 7 * 2 * 1 / (2 * 1 * 7)), None, None, 4)),
    ]
    drawn = per_label_alpha(given, Resampling(samples=50))
    assert [name for name, one in drawn.items() if one.ci95 is None] == ["z"]


def test_alpha_of_single_labels_that_are_no_sets_is_against_all_others() -> None:
    """Three items by two; a 2, 1, 0 times: n = 6."""
    found = per_label_alpha(ratings("aa", "ab", "bc", "b."), NO_INTERVALS)
    assert found == {
        "a": Coefficient(pytest.approx(1 - 5 * 2 / (2 * 3 * 3)), None, None, 3),
        "b": Coefficient(pytest.approx(1 - 5 * 4 / (2 * 2 * 4)), None, None, 3),
        "c": Coefficient(pytest.approx(1 - 5 * 2 / (2 * 1 * 5)), None, None, 3),
    }


@pytest.mark.parametrize(("most", "is_there"), [(2, True), (1, False)])
def test_labels_by_the_hundred_have_no_intervals(most: int, is_there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_INTERVALS", most)
    found = per_label_alpha(ratings("aa", "ab", "bb"), Resampling(samples=30))
    assert [one.ci95 is not None for one in found.values()] == [is_there] * 2
    assert all(one.value is not None for one in found.values())


@pytest.mark.parametrize(("lines", "reason"), [(("a", "b"), ALONE), (("a.", ".b"), APART), (("ab", "a."), ONCE)])
def test_single_labels_without_overlap_have_the_reason(lines: tuple[str, ...], reason: str) -> None:
    assert per_label_alpha(ratings(*lines)) == {name: Coefficient(None, reason) for name in "ab"}


def test_one_label_is_always_given_where_it_is_the_only_one() -> None:
    (found,) = per_label_alpha(ratings("aa", "aa")).values()
    assert (found.value, found.items) == (None, 2)
    assert (found.reason or "").startswith("every rating is the same")


def test_no_label_has_no_alpha() -> None:
    assert per_label_alpha(ratings()) == {}


def test_intervals_of_articles_differ_from_those_of_sentences() -> None:
    given = sheet(KRIPPENDORFF_2011)
    counts = Counts.of(given)
    groups = np.arange(len(given.items)) // 6
    alone = alpha(counts, Nominal(), Resampling(samples=60)).ci95
    both = alpha(counts, Nominal(), Resampling(samples=60, groups=groups)).ci95
    assert alone is not None
    assert both is not None
    assert both[1] - both[0] >= alone[1] - alone[0]
    assert alpha(counts, Nominal(), Resampling(samples=60)) == alpha(counts, Nominal(), Resampling(samples=60))


def test_many_items_to_settle_are_rounded_to_two_figures_upwards() -> None:
    assert items_to_settle(Coefficient(0.75, None, (0.5, 0.875), 7), 0.625) == 21  # (2² - 1) times 7
    assert items_to_settle(Coefficient(0.75, None, (0.5, 0.875), 67), 0.625) == 210  # 201
    assert items_to_settle(Coefficient(None, "none", (0.5, 0.875), 67), 0.625) is None
