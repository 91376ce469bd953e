"""Half-open spans, and words found in a text: whole words, near the sentence, in whatever shape they were typed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain.spans import Span, distance, find_words, occurrences, place

FIREFIGHTER = "👨🏻‍🚒"


def found(text: str, words: str, near: tuple[int, int] | None = None, **how: object) -> str | None:
    span = find_words(text, words, Span(*(near or (0, len(text)))), **how)  # type: ignore[arg-type]
    return span.of(text) if span else None


def test_spans_are_half_open() -> None:
    assert Span(2, 5).contains(Span(2, 5))
    assert not Span(2, 5).contains(Span(2, 6))
    assert Span(2, 5).overlaps(Span(4, 9))
    assert not Span(2, 5).overlaps(Span(5, 9))
    assert len(Span(2, 5)) == 3


def test_distance_counts_the_code_points_between() -> None:
    assert distance(Span(0, 3), Span(5, 9)) == 2
    assert distance(Span(9, 12), Span(5, 9)) == 0
    assert distance(Span(10, 12), Span(5, 9)) == 1
    assert distance(Span(0, 7), Span(5, 9)) == distance(Span(6, 7), Span(5, 9)) == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("She said “it’s late” twice.", 'said "it\'s late"'),
        ('She said "it\'s late" twice.', "said “it’s late”"),
        ("Er sagte „so nicht“ und ging.", 'sagte "so nicht"'),
        ("Il dit « jamais » et part.", 'dit " jamais "'),
        ("a well‑known man", "well-known man"),
        ("first\nsecond\u2028third", "first second third"),
        ("one\u00a0two", "one two"),
        ("a  b", " a b "),
    ],
)
def test_quotation_marks_dashes_and_white_space_match_in_any_shape(text: str, words: str) -> None:
    place = find_words(text, words, Span(0, len(text)))
    assert place is not None
    assert place.of(text).split() != []
    assert len(place.of(text).split()) == len(words.split())


def test_words_are_taken_literally_not_as_a_pattern() -> None:
    assert found("Is it (really) 5.0?", "(really) 5.0?") == "(really) 5.0?"
    assert found("Is it really 5x0?", "5.0?") is None


def test_nothing_is_found_for_nothing() -> None:
    assert found("Some text.", "  \n ") is None
    assert found("", "word") is None


def test_case_counts_unless_it_is_told_not_to() -> None:
    assert found("The mayor left.", "the mayor") is None
    assert found("The mayor left.", "the mayor", ignore_case=True) == "The mayor"


def test_offsets_are_code_points_beside_emoji_combining_marks_and_other_directions() -> None:
    text = f"{FIREFIGHTER} said “cafe\u0301” to שלום עולם\u2028and left."
    for words in ("said “cafe\u0301”", "שלום עולם", "and left."):
        place = find_words(text, words, Span(0, len(text)))
        assert place == Span(text.index(words), text.index(words) + len(words))


def test_a_composed_letter_is_found_where_the_text_has_it_decomposed() -> None:
    text = "The cafe\u0301 is closed."
    assert found(text, "caf\u00e9") == "cafe\u0301"
    assert found(unicodedata.normalize("NFC", text), "cafe\u0301") == "caf\u00e9"


SIGN = "an \u212bngstr\u00f6m  unit"
LETTERS = ["an \u00c5ngstr\u00f6m\nunit", "an \u00c5ngstro\u0308m unit", "an A\u030angstr\u00f6m unit"]


@pytest.mark.parametrize("typed", [SIGN, *LETTERS])
def test_letters_are_found_however_they_were_composed_and_also_by_their_sign(typed: str) -> None:
    assert [found(f"x {letters} y", typed) for letters in LETTERS] == LETTERS


def test_a_sign_is_found_by_itself_alone() -> None:
    assert [found(f"x {SIGN} y", typed) for typed in (SIGN, *LETTERS)] == [SIGN, None, None, None]


def test_an_occurrence_in_the_sentence_wins() -> None:
    text = "he said. Later she said. Then he said."
    assert find_words(text, "said", Span(9, 24)) == Span(19, 23)


def test_without_one_in_the_sentence_the_closest_wins() -> None:
    text = "said far away, then nothing at all here, said."
    assert find_words(text, "said", Span(20, 30)) == Span(41, 45)


def test_whole_words_win_over_parts_of_words() -> None:
    text = "The council met. She said that he left."
    assert find_words(text, "he", Span(0, 16)) == Span(text.index("he left"), text.index("he left") + 2)


def test_part_of_a_word_is_found_when_there_is_nothing_else() -> None:
    assert found("Donaudampfschiff", "dampf") == "dampf"


def test_a_visible_character_is_not_cut_while_a_whole_one_is_there() -> None:
    text = "cafe\u0301 and cafe"
    assert find_words(text, "cafe", Span(0, len(text))) == Span(10, 14)
    people = f"{FIREFIGHTER} and 👨"
    assert find_words(people, "👨", Span(0, len(people))) == Span(len(people) - 1, len(people))


def test_scripts_without_spaces_have_no_parts_of_words() -> None:
    text = "市長は言った。市長は去った。"
    assert find_words(text, "言った", Span(0, 7)) == Span(3, 6)


def test_a_span_to_avoid_is_taken_last() -> None:
    text = "“He said no,” said Ana."
    quoted = Span(0, text.index("”") + 1)
    assert find_words(text, "said", Span(0, len(text)), avoid=[quoted]) == Span(14, 18)
    assert find_words(text, "no", Span(0, len(text)), avoid=[quoted]) == Span(9, 11)


@given(st.text(min_size=1, max_size=60), st.data())
def test_any_part_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    words = text[start:end]
    place = find_words(text, words, Span(0, len(text)))
    if words.split():
        assert place is not None
        assert 0 <= place.start < place.end <= len(text)
    else:
        assert place is None


def test_the_occurrence_that_was_picked_wins_over_one_to_avoid_and_over_whole_words() -> None:
    text = "said and unsaid, said"
    places = {picked: find_words(text, "said", Span(0, len(text)), picked=picked) for picked in (0, 11, 15, 17, 21, 3)}
    assert [span.start if span else None for span in places.values()] == [0, 11, 11, 17, 17, 0]
    assert find_words(text, "said", Span(0, 5), avoid=[Span(17, 21)], picked=17) == Span(17, 21)


@given(st.text(alphabet="aé🙂👨🏻\u0301א\u2028 "), st.text(alphabet="aé🙂👨🏻\u0301א\u2028 "))
def test_units_of_utf_16_lead_to_the_code_point_that_a_browser_means(before: str, after: str) -> None:
    units = len(after[: len(after) // 2].encode("utf-16-le")) // 2
    assert place(before + after, len(before), units) == len(before) + len(after) // 2
    assert place(before, len(before) + 3, 7) <= len(before) + 7


def test_every_occurrence_is_found_in_any_case_and_inside_words() -> None:
    text = "Over the moor, OVER it — “over\nit” and clover it."
    assert [span.of(text) for span in occurrences(text, "over  it")] == ["OVER it", "over\nit", "over it"]
    assert next(occurrences(text, "over")) == Span(0, 4)
    assert len(list(occurrences(text, '"over it"'))) == 1
    assert list(occurrences(text, "  ")) == list(occurrences("", "over")) == []


@pytest.mark.parametrize(
    ("text", "words", "start"),
    [
        ("市長は言った。言った。", "言った", 3),  # no cut between characters without case
        ("x言った。言った。", "言った", 5),  # but after a letter that has one
        ("👨\u200d🚒 and 🚒", "🚒", 8),
        ("❤\ufe0f and ❤", "❤", 7),
        ("👍🏿 and 👍", "👍", 7),
        ("👍🏻 and 👍", "👍", 7),
        ("می\u200cخواهم خواهم", "خواهم", 3),  # a joiner that parts the halves of a word
        ("he said he", "he", 0),
        ("4he 9 he", "he", 6),
    ],
)
def test_of_two_the_first_that_parts_no_word_and_no_character(text: str, words: str, start: int) -> None:
    assert find_words(text, words, Span(0, len(text))) == Span(start, start + len(words))
