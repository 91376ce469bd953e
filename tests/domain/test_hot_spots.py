"""Hot spots: the formula by hand, and what may be one."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import hot_spots as h
from annotator.domain.hot_spots import Feature, Place


def place(n: int, text: str, *, disputed: bool, kind: str = "paragraph", section: str = "") -> Place:
    return Place(f"s{n}", text, kind, section, "first third", False, frozenset(), disputed)


HARBOUR = [
    *(place(n, f"The harbour number {n}.", disputed=True) for n in range(4)),
    place(4, "The Harbour again.", disputed=False),
    *(place(n, f"A boat called {n}.", disputed=n == 5) for n in range(5, 10)),
]


def test_log_odds_are_those_worked_out_by_hand() -> None:
    """4 of 5 disputed and 1 of 5 agreed have it; the prior is worth 5 with and 5 without it in either group."""
    difference, error = h.log_odds(4, 5, 1, 5)
    assert difference == pytest.approx(math.log(9 / 6) - math.log(6 / 9))
    assert error == pytest.approx(math.sqrt(1 / 9 + 1 / 6))


def test_log_odds_of_groups_of_other_sizes_and_of_what_all_have() -> None:
    """10 of 20 have it, so the prior is worth 5 with and 5 without it."""
    difference, error = h.log_odds(4, 9, 6, 11)
    assert difference == pytest.approx(math.log(9 / 10) - math.log(11 / 10))
    assert error == pytest.approx(math.sqrt(1 / 9 + 1 / 11))
    assert h.log_odds(5, 5, 7, 7) == (0.0, pytest.approx(math.sqrt(1 / 15 + 1 / 17)))


def test_word_with_more_disagreement_than_usual_is_a_hot_spot_with_its_disputed_sentences_first() -> None:
    spot = next(spot for spot in h.hot_spots(HARBOUR) if spot.feature == Feature("word", "harbour"))
    assert spot.sentences == ("s0", "s1", "s2", "s3", "s4")
    assert spot.disputed == 4
    assert spot.ratio == pytest.approx(0.8 / 0.5)
    assert spot.z == pytest.approx(spot.log_odds / math.sqrt(1 / 9 + 1 / 6))


def test_words_are_compared_without_case_and_function_words_are_none() -> None:
    names = {spot.feature.name for spot in h.hot_spots(HARBOUR)}
    assert "harbour" in names
    assert "the" not in names
    assert "boat" not in names


@pytest.mark.parametrize("disputed", [0, 10])
def test_nothing_is_hot_where_all_or_none_are_disputed(disputed: int) -> None:
    assert h.hot_spots([place(n, "harbour", disputed=n < disputed) for n in range(10)]) == []


def test_three_disputed_sentences_are_enough_for_every_feature_that_has_them() -> None:
    places = [
        place(0, "Opening words", disputed=True, section="Opening"),  # too few, and read first
        *(place(n, f"harbour {n}", disputed=n < 4) for n in range(1, 5)),
        *(place(n, f"pier {n}", disputed=True) for n in range(5, 9)),
        *(place(n, f"boat {n}", disputed=False) for n in range(9, 20)),
    ]
    found = {spot.feature.name: spot for spot in h.hot_spots(places)}
    assert list(found) == ["pier", "harbour"]
    assert found["harbour"].sentences == ("s1", "s2", "s3", "s4")
    assert (found["harbour"].disputed, found["pier"].disputed) == (3, 4)


def test_two_disputed_sentences_are_too_few() -> None:
    assert h.hot_spots([place(n, f"harbour {n}" if n < 2 else "boat", disputed=n < 2) for n in range(10)]) == []


def test_features_are_section_kind_quotation_marks_modals_and_words() -> None:
    found = set(h.features(place(0, "“She’d rather not,” he said; she should.", disputed=True, section="Opening")))
    assert {
        Feature("section", "Opening"), Feature("kind", "paragraph"), Feature("quotation_marks", ""),
        Feature("modal_verb", ""), Feature("word", "rather"), Feature("word", "said"),
    } <= found  # fmt: skip


@pytest.mark.parametrize("text", ["", "👩‍👩‍👧 1\u2028…", "مرحبا بالعالم", "e\u0301te\u0301"])
def test_any_script_is_read(text: str) -> None:
    assert Feature("kind", "paragraph") in set(h.features(place(0, text, disputed=True)))


@given(st.lists(st.tuples(st.sampled_from(["harbour", "boat pier", "pier will"]), st.booleans()), max_size=30))
def test_every_hot_spot_is_above_the_usual_and_ordered_by_z(rows: list[tuple[str, bool]]) -> None:
    spots = h.hot_spots([place(n, text, disputed=disputed) for n, (text, disputed) in enumerate(rows)])
    assert all(spot.disputed >= h.LEAST and spot.ratio > 1 and spot.log_odds > 0 for spot in spots)
    assert [spot.z for spot in spots] == pytest.approx(sorted((spot.z for spot in spots), reverse=True))
    assert len({spot.sentences for spot in spots}) == len(spots)


def test_cues_and_positions_are_features() -> None:
    def at(n: int, third: str, cue: str, disputed: bool) -> Place:
        return Place(f"s{n}", f"Word{n} here.", "paragraph", "", third, n % 2 == 0, frozenset({cue}), disputed)

    disputed = [at(n, "last third", "claimed", True) for n in range(4)]
    agreed = [at(n, "first third", "said", False) for n in range(4, 12)]
    found = {spot.feature: spot.disputed for spot in h.hot_spots([*disputed, *agreed])}
    assert list(found.values()) == [4]  # features of the very same sentences are one spot
    assert found.keys() & {Feature("cue", "claimed"), Feature("position", "last third")}
    assert Feature("position", "opening a paragraph") in set(h.features(disputed[0]))
    assert Feature("position", "opening a paragraph") not in set(h.features(disputed[1]))


def test_all_features_of_a_sentence_in_their_order() -> None:
    full = Place(
        "s0",
        "Pier’s cat, ox; could fall",
        "list_item",
        "Opening",
        "last third",
        True,
        frozenset({"said", "claimed"}),
        True,
    )
    assert list(h.features(full)) == [
        Feature("section", "Opening"), Feature("kind", "list_item"), Feature("position", "last third"),
        Feature("position", "opening a paragraph"), Feature("cue", "claimed"), Feature("cue", "said"),
        Feature("modal_verb", ""), Feature("word", "cat"), Feature("word", "could"), Feature("word", "fall"),
        Feature("word", "pier's"),
    ]  # fmt: skip
    assert list(h.features(place(1, "“Fall!”", disputed=False))) == [
        Feature("kind", "paragraph"), Feature("position", "first third"), Feature("quotation_marks", ""),
        Feature("word", "fall"),
    ]  # fmt: skip
