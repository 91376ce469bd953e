"""Reviewers' errors and the true labels estimated together, against the paper's equations written out as loops."""

import math
from collections.abc import Mapping
from itertools import product

import numpy as np
import pytest

from annotator.domain.agreement import ratings_of
from annotator.domain.dawid_skene import CLOSE_ENOUGH, MOST_CLASSES, STEPS, DawidSkene, dawid_skene

# one letter a reviewer, a point where they have not labelled; Cleo never says c
LINES = ["aab", "aa.", "abb", "bbb", "bb.", "b.b", "ccb", "cca", "c.a", "aaa", "bba", ".ca", "ab.", "ccb", "..b"]
Given = Mapping[str, Mapping[int, int]]


def given() -> dict[str, dict[int, int]]:
    return {
        f"u{n:02}": {reviewer: "abc".index(label) for reviewer, label in enumerate(line) if label != "."}
        for n, line in enumerate(LINES)
    }


def model_of(lines: list[str]) -> DawidSkene | None:
    return dawid_skene(
        ratings_of(
            (f"u{n:02}", name, label)
            for n, line in enumerate(lines)
            for name, label in zip(("ada", "ben", "cleo"), line, strict=True)
            if label != "."
        )
    )


def maximised(truth: Mapping[str, list[float]], items: Given) -> tuple[list[float], np.ndarray]:
    """Equations 2.3 and 2.4: shares of the labels, and how often who says what where it is true."""
    tallies = np.zeros((3, 3, 3))
    for item, said in items.items():
        for (reviewer, label), true in product(said.items(), range(3)):
            tallies[reviewer, true, label] += truth[item][true]
    with np.errstate(invalid="ignore"):
        rates = tallies / tallies.sum(axis=2, keepdims=True)
    return [sum(one[true] for one in truth.values()) / len(truth) for true in range(3)], rates


def expected(shares: list[float], rates: np.ndarray, items: Given) -> dict[str, list[float]]:
    """Equation 2.5: how likely each label is to be the true one."""
    found = {}
    for item, said in items.items():
        likely = [
            shares[true] * math.prod(np.nan_to_num(rates[reviewer, true, label]) for reviewer, label in said.items())
            for true in range(3)
        ]
        found[item] = [one / sum(likely) for one in likely]
    return found


def test_estimates_are_those_of_the_equations_written_out() -> None:
    items = given()
    truth = {item: [list(said.values()).count(true) / len(said) for true in range(3)] for item, said in items.items()}
    shares, rates = maximised(truth, items)
    change, steps = math.inf, 0
    while change > CLOSE_ENOUGH:
        truth, before, steps = expected(shares, rates, items), (shares, rates), steps + 1
        shares, rates = maximised(truth, items)
        change = max(np.abs(np.subtract(shares, before[0])).max(), np.nan_to_num(np.abs(rates - before[1])).max())
    model = model_of(LINES)
    assert model is not None
    assert (model.reviewers, model.labels) == (("ada", "ben", "cleo"), ("a", "b", "c"))
    assert 2 < model.steps < steps < STEPS  # leaps save some
    near = 10 * CLOSE_ENOUGH  # the two stop at different places near the same end
    assert model.class_marginals == pytest.approx(shares, abs=near)
    assert model.error_rates == pytest.approx(rates, abs=near, nan_ok=True)
    assert model.posterior[model.pattern_of] == pytest.approx(np.array(list(truth.values())), abs=near)


def test_probabilities_sum_to_one_and_steps_end_when_nothing_moves() -> None:
    model = model_of(LINES)
    assert model is not None
    assert model.posterior.sum(axis=1) == pytest.approx(1)
    assert model.class_marginals.sum() == pytest.approx(1)
    assert 2 <= model.steps <= STEPS
    sure = model_of(["aaa", "bbb", "ccc", "aaa"])
    assert sure is not None
    assert model_of(["aa.", "bb."]) is not None
    assert sure.steps == 2  # steps go by two, and the second changes no more than CLOSE_ENOUGH
    assert CLOSE_ENOUGH < 1e-3


def test_entropy_is_none_where_the_label_is_sure_and_a_bit_where_two_are_alike() -> None:
    model = model_of(["aa.", "bb.", "ab.", "ba.", "aa.", "bb."])
    assert model is not None
    bits = model.entropy[model.pattern_of]
    assert bits[0] == pytest.approx(bits[4], abs=1e-9)
    assert bits[2] == pytest.approx(1, abs=1e-6)
    assert (model.entropy >= 0).all()


def test_a_label_that_somebody_never_saw_leaves_their_errors_on_it_open() -> None:
    model = model_of(["aa.", "aaa", "bb.", "aaa", "bb.", "aaa"])
    assert model is not None
    assert np.isnan(model.error_rates[2, 1]).all()  # Cleo saw no item that is b
    assert model.error_rates[2, 0].tolist() == [1, 0]
    assert model.competence.tolist() == pytest.approx([1, 1, 4 / 6])


@pytest.mark.parametrize("lines", [[], ["aab"], ["a..", ".b.", "..a"], ["aaa", "aa."], ["a..", "bb."]])
def test_without_overlap_or_a_second_label_there_is_no_estimate(lines: list[str]) -> None:
    assert model_of(lines) is None


def test_more_labels_than_data_could_tell_apart_are_not_estimated() -> None:
    def labelled(labels: int) -> DawidSkene | None:
        return dawid_skene(ratings_of((f"u{n:03}", name, f"l{n % labels:03}") for n in range(120) for name in "ab"))

    assert labelled(MOST_CLASSES) is not None
    assert labelled(MOST_CLASSES + 1) is None
