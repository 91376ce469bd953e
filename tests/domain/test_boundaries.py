"""Boundaries: who saw a sentence end where, when a merge or split came between answers."""

from annotator.domain.boundaries import boundaries

LIVE, OLD = True, False


def answers(rows: list[tuple[str, str, int, int, bool]]) -> dict[str, list[str]]:
    found = boundaries(rows)
    names = [*found.labels, "missing"]
    return {item: [names[code] for code in codes] for item, codes in zip(found.items, found.codes, strict=True)}


def test_one_saw_two_sentences_where_the_other_saw_one() -> None:
    rows = [("art", "a", 0, 20, LIVE), ("art", "b", 0, 9, OLD), ("art", "b", 10, 20, OLD)]
    assert answers(rows) == {"art:000000009": ["no", "yes"], "art:000000020": ["yes", "yes"]}


def test_of_one_place_the_newest_sentence_is_the_answer() -> None:
    rows = [("art", "a", 0, 9, LIVE), ("art", "a", 10, 20, LIVE), ("art", "a", 0, 20, OLD), ("art", "b", 0, 20, OLD)]
    assert answers(rows) == {"art:000000009": ["yes", "no"], "art:000000020": ["yes", "yes"]}
    covered = [("art", "a", 2, 5, LIVE), ("art", "a", 0, 20, OLD), ("art", "b", 0, 20, OLD)]
    assert answers(covered) == {"art:000000005": ["yes", "no"], "art:000000020": ["missing", "yes"]}


def test_a_place_where_nothing_was_labelled_is_missing() -> None:
    rows = [("art", "a", 0, 9, LIVE), ("art", "b", 0, 20, OLD), ("other", "c", 0, 5, LIVE)]
    found = answers(rows)
    assert found["art:000000020"] == ["missing", "yes", "missing"]
    assert found["other:000000005"] == ["missing", "missing", "yes"]


def test_the_same_sentences_are_nothing_to_compare() -> None:
    assert boundaries([("art", "a", 0, 9, LIVE), ("art", "b", 0, 9, LIVE)]).items == ()
    assert boundaries([]).items == ()


def test_sentences_that_touch_are_both_answers_and_of_those_that_overlap_the_newest() -> None:
    rows = [("art", "a", 9, 20, LIVE), ("art", "a", 0, 9, LIVE), ("art", "b", 5, 12, LIVE), ("art", "b", 0, 6, OLD)]
    assert answers([*rows, ("art", "b", 11, 20, OLD), ("art", "b", 12, 20, OLD)]) == {
        "art:000000009": ["yes", "no"],
        "art:000000012": ["no", "yes"],
        "art:000000020": ["yes", "yes"],
    }
    assert answers([*rows, ("art", "b", 3, 14, OLD), ("art", "b", 6, 11, OLD), ("art", "b", 1, 5, OLD)]) == {
        "art:000000005": ["no", "yes"],
        "art:000000009": ["yes", "no"],
        "art:000000012": ["no", "yes"],
        "art:000000020": ["yes", "missing"],
    }


def test_sentences_of_one_code_point_are_answers() -> None:
    rows = [("art", "a", 0, 1, LIVE), ("art", "a", 1, 2, LIVE), ("art", "b", 0, 2, LIVE)]
    assert answers(rows) == {"art:000000001": ["yes", "no"], "art:000000002": ["yes", "yes"]}
    assert boundaries(rows).declared == ("no", "yes")
