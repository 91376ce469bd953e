"""Single keys: which may be chosen, which would do two things, what they are together with Shift."""

import pytest

from annotator.domain.keys import ACTIONS, USUAL, Keys, chosen, kept
from annotator.errors import Invalid


def test_without_a_choice_the_keys_are_the_usual_ones() -> None:
    assert chosen({}, lead=True) == USUAL
    assert {action.name: USUAL[action.name] for action in ACTIONS} == {action.name: action.key for action in ACTIONS}
    assert USUAL.labels == "12345"


def test_letters_of_any_keyboard_and_digits_may_be_chosen_in_either_case() -> None:
    keys = chosen({"next": "Ш", "previous": "a\u0308", "claim": "q", "undo": "ת", "attribution": "7"}, lead=False)
    assert dict(keys.changed) == {"next": "ш", "previous": "ä", "claim": "q", "undo": "ת", "attribution": "7"}
    assert kept(dict(keys.changed)) == keys


def test_two_actions_may_change_their_keys_with_each_other() -> None:
    keys = chosen({"next": "k", "previous": "j", "claim": "2", "quote": "1"}, lead=False)
    assert (keys["next"], keys["previous"], keys.labels) == ("k", "j", "21345")


@pytest.mark.parametrize("typed", ["?", "ab", "!", " . ", "🙂", "İ", "\u0301"])
def test_what_is_no_key_is_refused_at_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        chosen({"note": typed}, lead=True)
    assert refused.value.field == "note"


def test_a_key_for_two_actions_is_refused_at_the_field_that_was_changed() -> None:
    for typed, field in (({"note": "j"}, "note"), ({"next": "n"}, "next"), ({"low": "x", "todo": "X"}, "low")):
        with pytest.raises(Invalid, match="would do two things") as refused:
            chosen(typed, lead=False)
        assert refused.value.field == field


def test_keys_of_leads_are_free_for_who_is_none() -> None:
    assert chosen({"note": "m"}, lead=False)["note"] == "m"
    with pytest.raises(Invalid, match="“m” would do two things: Note, and Merge"):
        chosen({"note": "m"}, lead=True)


def test_an_action_that_there_is_not_is_refused_and_a_stored_one_is_passed_over() -> None:
    with pytest.raises(Invalid, match="is not one of claim, quote"):
        chosen({"dance": "d"}, lead=False)
    assert kept({"dance": "d"}) == USUAL


def test_shift_goes_by_place_for_the_first_five_digits_and_by_the_capital_for_letters() -> None:
    keys = Keys((("claim", "q"), ("note", "7"), ("quote", "ш"), ("undo", "ת"), ("unsure", "ß")))
    shifted = [keys.shifted(name) for name in ("claim", "quote", "opinion", "undo", "note", "unsure")]
    assert shifted == ["Q", "Ш", "33", "", "", ""]
