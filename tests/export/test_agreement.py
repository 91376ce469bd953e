"""The agreement fields by hand: pairs of reviewers, and the alphas of the contract's example."""

import pytest

from annotator.export import agreement

CLAIM, QUOTE = frozenset({"claim"}), frozenset({"quote"})
BOTH, ALL, NONE = CLAIM | QUOTE, CLAIM | QUOTE | {"opinion"}, frozenset[str]()


def test_exact_and_jaccard_are_over_pairs_of_reviewers() -> None:
    found = agreement.of_sentence([BOTH, ALL, BOTH])
    assert (found["exact"], found["jaccard"]) == (round(1 / 3, 6), round((2 / 3 + 1 + 2 / 3) / 3, 6))
    assert (found["disputed"], found["unanimous"], found["reviewers"]) == (["opinion"], False, 3)
    assert found["labels"]["opinion"] == {"no": 2, "yes": 1}


@pytest.mark.parametrize("sets", [[], [CLAIM]])
def test_below_two_reviewers_nothing_is_said(sets: list[frozenset[str]]) -> None:
    found = agreement.of_sentence(sets)
    assert (found["exact"], found["jaccard"], found["unanimous"]) == (None, None, None)
    assert (found["disputed"], found["reviewers"]) == ([], len(sets))


def test_none_is_an_answer_like_any_other() -> None:
    found = agreement.of_sentence([NONE, NONE])
    assert (found["exact"], found["jaccard"], found["unanimous"]) == (1.0, 1.0, True)
    assert found["labels"]["none"] == {"no": 0, "yes": 2}
    assert agreement.of_sentence([NONE, CLAIM])["disputed"] == ["claim", "none"]
    assert agreement.of_sentence([NONE, CLAIM])["jaccard"] == 0.0


def test_the_order_of_reviewers_changes_nothing() -> None:
    assert agreement.of_sentence([ALL, CLAIM, NONE]) == agreement.of_sentence([NONE, ALL, CLAIM])


def test_the_alphas_of_the_example() -> None:
    found = agreement.of_article([{"a": CLAIM, "b": CLAIM}, {"a": CLAIM, "b": CLAIM}, {"a": BOTH, "b": ALL}])
    assert found == {
        "alpha": {"claim": None, "none": None, "opinion": 0.0, "quote": 1.0},
        "alpha_masi": 0.561404,
        "reviewers": 2,
        "sentences": 3,
    }


def test_sentences_that_one_reviewer_saw_do_not_count() -> None:
    shared = [{"a": CLAIM, "b": QUOTE}, {"a": QUOTE, "b": QUOTE}]
    found = agreement.of_article([*shared, {"a": CLAIM}, {}])
    assert found["sentences"] == 2
    assert found["alpha"] == agreement.of_article(shared)["alpha"]


def test_nobody_and_one_reviewer_alone_have_no_alpha() -> None:
    assert agreement.of_article([])["alpha_masi"] is None
    found = agreement.of_article([{"a": CLAIM}, {"a": QUOTE}])
    assert (found["alpha_masi"], found["reviewers"], found["sentences"]) == (None, 1, 0)
