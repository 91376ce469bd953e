"""Kappas as functions of weights: items that count twice, labels that nobody shares, reviewers with gaps."""

import numpy as np
import pytest

from annotator.domain.counts import Counts
from annotator.domain.kappas import (
    ManyReviewers,
    TwoReviewers,
    cohen_of_tables,
    conger,
    corrected,
    ratio_or_nan,
    tables_of_pairs,
)
from annotator.domain.ratings import Ratings, ratings_of
from tests.domain.agreement_tables import ratings


def weights(given: Ratings, *times: list[float]) -> np.ndarray:
    """Of each pattern the weight that its item has: every line must be a pattern of its own."""
    found = np.zeros((len(times), len(given.patterns.items)))
    found[:, given.patterns.pattern_of] = np.array(times)
    return found


def test_agreement_beyond_chance_is_a_share_of_the_room_that_chance_leaves() -> None:
    found = corrected(np.array([0.8, 0.5, 0.25, 1.0, 0.9]), np.array([0.5, 0.5, 0.5, 1.0, 1 - 1e-13]))
    assert found[:3].tolist() == pytest.approx([0.6, 0, -0.5])
    assert np.isnan(found[3:]).all()
    assert corrected(np.array([1.0]), np.array([1 - 1e-9])).tolist() == [1]


def test_a_part_of_nothing_is_not_a_number() -> None:
    found = ratio_or_nan(np.array([1.0, 0.0, 3.0]), np.array([0.5, 0.0, 4.0]))
    assert found.tolist() == [2, pytest.approx(np.nan, nan_ok=True), 0.75]


def test_weights_are_items_that_come_so_often() -> None:
    """All coefficients of weighted items are those of the items written out as often."""
    lines, times = ("aab", "abb", "a.a", "bcc", "..c", "aaa"), [2, 1, 3, 1, 2, 1]
    once, often = (
        ratings(*lines),
        ratings(*(line for line, number in zip(lines, times, strict=True) for _ in range(number))),
    )
    own, written = Counts.by_reviewer(once), Counts.of(often)
    drawn = weights(once, [float(number) for number in times])
    many, plain = ManyReviewers(own), ManyReviewers(written)
    for name in ("percent_agreement", "fleiss_kappa", "gwet_ac1", "brennan_prediger"):
        assert getattr(many, name)(drawn) == pytest.approx(getattr(plain, name)(written.items[None]))
    assert conger(once, own)(drawn) == pytest.approx(
        conger(often, Counts.by_reviewer(often))(often.patterns.items[None])
    )


def test_coefficients_of_many_reviewers_are_those_worked_out_by_hand() -> None:
    """Items aab, bbb, a..: p_a = (1/3 + 1)/2; shares a (2/3 + 0 + 1)/3 = 5/9, b 4/9."""
    counts = Counts.of(ratings("aab", "bbb", "a.."))
    many, once = ManyReviewers(counts), counts.items[None]
    agreement, chance = 2 / 3, (25 + 16) / 81
    assert many.percent_agreement(once).tolist() == [pytest.approx(agreement)]
    assert many.fleiss_kappa(once).tolist() == [pytest.approx((agreement - chance) / (1 - chance))]
    assert many.gwet_ac1(once).tolist() == [pytest.approx((agreement - 40 / 81) / (1 - 40 / 81))]
    assert many.brennan_prediger(once).tolist() == [pytest.approx(1 / 3)]


def test_conger_is_chance_of_two_different_reviewers() -> None:
    """Shares of a: 1/2, 1/2, 1; of b: 1/2, 1/2, 0; two different ones agree by chance in (1/2 + 1/2 + 1/2)/3."""
    given = ratings("aaa", "bb.", "ab.", "ba.")
    found = conger(given, Counts.by_reviewer(given))(weights(given, [1, 1, 1, 1], [1, 1, 0, 0]))
    assert found.tolist() == pytest.approx([0, 1])


def test_tables_of_pairs_count_what_the_one_said_where_the_other_said_something() -> None:
    given = ratings("ab.c", "ab..", "b.a.", ".ca.", "...a", "cccc")
    tables = tables_of_pairs(given)
    expected = np.zeros((6, 3, 3))
    pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
    for line in given.codes:
        for number, (one, other) in enumerate(pairs):
            if line[one] >= 0 and line[other] >= 0:
                expected[number, line[one], line[other]] += 1
    assert tables.tolist() == expected.tolist()
    assert tables_of_pairs(ratings("a", "b")).shape == (0, 2, 2)
    assert tables_of_pairs(ratings()).shape == (0, 0, 0)


def test_kappa_of_tables_is_cohens_and_nan_where_there_is_none() -> None:
    """Cohen (1960) on the table 20, 5, 10, 15: agreement .7, chance .5."""
    tables = np.array([[[20, 5], [10, 15]], [[3, 0], [0, 0]], [[0, 0], [0, 0]]], float)
    items, agreeing, kappa = cohen_of_tables(tables)
    assert items.tolist() == [50, 3, 0]
    assert agreeing.tolist() == [0.7, 1, pytest.approx(np.nan, nan_ok=True)]
    assert kappa.tolist() == [pytest.approx(0.4), *[pytest.approx(np.nan, nan_ok=True)] * 2]


TABLE = ("aa",) * 2 + ("ab", "ba", "bb", "cb", "cc", ".a", "c.")


def test_two_reviewers_are_compared_on_what_both_have_labelled() -> None:
    given = ratings(*TABLE)
    two = TwoReviewers.of(given, 0, 1)
    one, other = two.totals(given.patterns.items[None])
    assert (one.tolist(), other.tolist()) == ([[3, 2, 2]], [[3, 3, 1]])
    assert int(two.shared.sum()) == len(two.one) == 6
    assert two.agreement(given.patterns.items[None]).tolist() == [pytest.approx(4 / 7)]
    swapped = TwoReviewers.of(given, 1, 0)
    assert swapped.one.tolist() == two.other.tolist()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cohen_kappa", (4 / 7 - 17 / 49) / (1 - 17 / 49)),  # 3·3 + 2·3 + 2·1
        ("scott_pi", (4 / 7 - 70 / 196) / (1 - 70 / 196)),  # 6² + 5² + 3² of 14²
        ("pabak", (4 / 7 - 1 / 3) / (2 / 3)),
        ("cohen_kappa_linear", 1 - 7 * 3 / (3 * 3 + 3 * 2 + 2 * 3 + 2 * 1 + 2 * 3 * 2 + 2 * 3)),
        ("cohen_kappa_quadratic", 1 - 7 * 3 / (3 * 3 + 3 * 4 + 2 * 3 + 2 * 1 + 2 * 3 * 4 + 2 * 3)),
    ],
)
def test_coefficients_of_two_reviewers_are_those_worked_out_by_hand(name: str, value: float) -> None:
    """Nine items, seven of them shared; three pairs lie one place apart."""
    given = ratings(*TABLE, declared="abc")
    two = TwoReviewers.of(given, 0, 1)
    assert getattr(two, name)(given.patterns.items[None]).tolist() == [pytest.approx(value)]


@pytest.mark.parametrize("name", ["cohen_kappa", "cohen_kappa_linear", "cohen_kappa_quadratic", "scott_pi"])
def test_two_reviewers_with_one_label_have_no_kappa_and_with_two_full_agreement_has(name: str) -> None:
    given = ratings("aa", "bb", "c.")
    two = TwoReviewers.of(given, 0, 1)
    found = getattr(two, name)(weights(given, [3, 0, 1], [2, 1, 1], [0, 0, 1]))
    assert found.tolist() == [pytest.approx(np.nan, nan_ok=True), 1, pytest.approx(np.nan, nan_ok=True)]


def test_weighted_kappas_take_places_from_numbers() -> None:
    """Numbers 1, 2 and 6: observed 4 + 1, squared 16 + 1, over three items; expected from the totals."""
    given = ratings_of(
        (f"u{item}", name, value)
        for item, pair in enumerate([(1.0, 1.0), (2.0, 6.0), (2.0, 1.0)])
        for name, value in zip("ab", pair, strict=True)
    )
    two, once = TwoReviewers.of(given, 0, 1), given.patterns.items[None]
    # the first said 1, 2, 2, the second 1, 6, 1: apart 0, 5, 0, 1, 4, 1, 1, 4, 1
    assert two.cohen_kappa_linear(once).tolist() == [pytest.approx(1 - 3 * 5 / 17)]
    assert two.cohen_kappa_quadratic(once).tolist() == [pytest.approx(1 - 3 * 17 / (25 + 1 + 16 + 1 + 1 + 16 + 1))]


@pytest.mark.parametrize(
    "name",
    ["agreement", "cohen_kappa", "cohen_kappa_linear", "cohen_kappa_quadratic", "scott_pi", "pabak",
     "percent_agreement", "fleiss_kappa", "gwet_ac1", "brennan_prediger", "conger"],
)  # fmt: skip
def test_each_replicate_is_by_itself(name: str) -> None:
    given = ratings(*dict.fromkeys(TABLE))
    own = Counts.by_reviewer(given)
    two, many = TwoReviewers.of(given, 0, 1), ManyReviewers(own)
    statistic = conger(given, own) if name == "conger" else getattr(two if hasattr(two, name) else many, name)
    drawn = weights(given, [2, 1, 1, 1, 1, 1, 1, 1], [1, 3, 0, 1, 2, 0, 1, 5], [4, 0, 1, 1, 0, 3, 0, 0])
    found = statistic(drawn)
    assert found == pytest.approx(np.concatenate([statistic(one[None]) for one in drawn]))
    assert len(set(found.round(9).tolist())) == 3
