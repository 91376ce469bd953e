"""Attributions and claims follow their words to the sentences that others became."""

from typing import Any

from annotator.domain.carrying import Carrying, Part, substance
from annotator.domain.spans import Span


def said(seq: int, *content: tuple[int, int], **more: Any) -> dict[str, Any]:
    return {"seq": seq, "content": list(content), "speaker": "ida", "parent": None, "continues": None, **more}


def claim(seq: int, start: int, end: int, attribution: int | None = None) -> dict[str, Any]:
    return {"seq": seq, "start_cp": start, "end_cp": end, "attribution": attribution, "type": "numerical"}


def part(start: int, end: int, *rows: dict[str, Any], claims: tuple[dict[str, Any], ...] = ()) -> Part:
    return Part(Span(start, end), {"attributions": list(rows), "claims": list(claims)})


def uid_in(target: str) -> Any:
    return lambda seq: f"{target}-{seq}"


def test_an_attribution_goes_to_the_sentence_that_holds_its_words() -> None:
    carrying = Carrying([part(0, 20, said(4, (2, 8)), said(5, (12, 18)))], [Span(0, 10), Span(11, 20)])
    first, numbers = carrying.attributions(0, [], 0, uid_in("one"))
    assert (first, numbers) == ([said(1, (2, 8))], {(0, 4): 1})
    second, numbers = carrying.attributions(1, [], 2, uid_in("two"))
    assert (second, numbers) == ([said(3, (12, 18))], {(0, 5): 3})


def test_words_in_both_halves_are_copied_and_the_copy_continues_the_first() -> None:
    carrying = Carrying([part(0, 20, said(1, (2, 18)))], [Span(0, 10), Span(11, 20)])
    first, _ = carrying.attributions(0, [], 0, uid_in("one"))
    second, _ = carrying.attributions(1, [], 0, uid_in("two"))
    assert first == [said(1, (2, 18))]
    assert second == [said(1, (2, 18), continues="one-1")]


def test_copies_that_meet_again_are_one() -> None:
    halves = [part(0, 10, said(3, (2, 18), continues="x")), part(11, 20, said(7, (2, 18), continues="one-3"))]
    rows, numbers = Carrying(halves, [Span(0, 20)]).attributions(0, [], 0, uid_in("whole"))
    assert rows == [said(1, (2, 18), continues="x")]
    assert numbers == {(0, 3): 1, (1, 7): 1}


def test_what_a_reviewer_said_twice_stays_twice() -> None:
    rows, numbers = Carrying([part(0, 20, said(1, (2, 8)), said(2, (2, 8)))], [Span(0, 20)]).attributions(
        0, [], 5, uid_in("one")
    )
    assert [row["seq"] for row in rows] == [6, 7]
    assert numbers == {(0, 1): 6, (0, 2): 7}


def test_a_sentence_that_lives_again_keeps_the_numbers_of_what_it_has() -> None:
    there = [said(2, (2, 8)), said(9, (3, 4))]
    carrying = Carrying([part(0, 20, said(1, (2, 8)), said(4, (5, 6)))], [Span(0, 20)])
    rows, numbers = carrying.attributions(0, there, 3, uid_in("one"))
    assert [row["seq"] for row in rows] == [2, 10]
    assert numbers == {(0, 1): 2, (0, 4): 10}


def test_a_part_keeps_the_attribution_that_reports_it_where_both_come_along() -> None:
    rows = (said(1, (2, 18)), said(2, (4, 8), parent=1), said(3, (12, 18), parent=2))
    carrying = Carrying([part(0, 20, *rows)], [Span(0, 10), Span(11, 20)])
    first, _ = carrying.attributions(0, [], 0, uid_in("one"))
    assert [(row["seq"], row["parent"]) for row in first] == [(1, None), (2, 1)]
    second, _ = carrying.attributions(1, [], 4, uid_in("two"))
    assert [(row["seq"], row["parent"]) for row in second] == [(5, None), (6, None)]


def test_rows_that_are_carried_leave_the_snapshot_as_it_was() -> None:
    one = part(0, 20, said(1, (2, 18)))
    Carrying([one], [Span(0, 20)]).attributions(0, [], 3, uid_in("one"))
    assert one == part(0, 20, said(1, (2, 18)))


def test_a_claim_goes_where_most_of_its_words_are_and_is_cut_to_it() -> None:
    whole = part(0, 20, claims=(claim(1, 2, 13, attribution=5), claim(2, 8, 18), claim(3, 0, 4, attribution=6)))
    carrying = Carrying([whole], [Span(0, 10), Span(11, 20)])
    assert carrying.claims(0, 7, {(0, 5): 2, (1, 6): 4}) == [claim(7, 2, 10, attribution=2), claim(8, 0, 4)]
    assert carrying.claims(1, 1, {}) == [claim(1, 11, 18)]


def test_a_claim_that_lies_in_equal_parts_goes_to_the_first() -> None:
    carrying = Carrying([part(0, 20, claims=(claim(1, 7, 13),))], [Span(0, 10), Span(10, 20)])
    assert carrying.claims(0, 1, {}) == [claim(1, 7, 10)]
    assert carrying.claims(1, 1, {}) == []


def test_claims_of_several_sentences_are_numbered_on_in_the_merged_one() -> None:
    parts = [part(0, 10, claims=(claim(4, 1, 5, attribution=1),)), part(11, 20, claims=(claim(4, 12, 15, 1),))]
    numbers = {(0, 1): 3, (1, 1): 8}
    assert Carrying(parts, [Span(0, 20)]).claims(0, 1, numbers) == [claim(1, 1, 5, 3), claim(2, 12, 15, 8)]


def test_number_and_chain_say_nothing_about_what_an_attribution_says() -> None:
    assert substance(said(1, (2, 8))) == substance(dict(reversed(said(2, (2, 8), parent=4, continues="x").items())))
    assert substance(said(1, (2, 8))) != substance(said(1, (2, 9)))
    assert substance(said(1, (2, 8))) != substance(said(1, (2, 8), speaker="per"))
