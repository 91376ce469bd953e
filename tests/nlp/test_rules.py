"""Each boundary rule alone: sentence starts as a model may set them, and what the rule makes of them."""

import pytest

from annotator.nlp import english, marks, rules
from annotator.nlp.rules import Rule
from tests.nlp.marked import mended


def test_every_rule_has_a_test_of_its_name() -> None:
    tested = {name for name in globals() if name.startswith("test_")}
    assert [rule.__name__ for rule in rules.ENGLISH if f"test_{rule.__name__}" not in tested] == []


def check(rule: Rule, cases: dict[str, str]) -> None:
    """Check what a rule makes of each text."""
    assert {marked: mended(rule, marked) for marked in cases} == cases


def test_unmarked_ends_need_signs_of_the_web() -> None:
    check(
        english.unmarked_ends_need_signs_of_the_web,
        {
            "Anthony |Berg left. |He ran.": "Anthony Berg left. |He ran.",
            "Anna Lind 03/27/2001 01:58 PM |Thanks for the note": "Anna Lind 03/27/2001 01:58 PM |Thanks for the note",
            "It fell. [12] |Then it rose.": "It fell. [12] |Then it rose.",
        },
    )


def test_function_words_go_on() -> None:
    check(
        english.function_words_go_on,
        {"She sent it to |Berg at http://example.org": "She sent it to Berg at http://example.org"},
    )


def test_plain_ends_part() -> None:
    check(
        english.plain_ends_part,
        {
            "He called it “a mess.” Nobody spoke.": "He called it “a mess.” |Nobody spoke.",
            "Costs rose approx. Five.": "Costs rose approx. Five.",
            "It opens at noon! “Come in.”": "It opens at noon! |“Come in.”",
        },
    )


def test_broken_off_speech_parts() -> None:
    check(
        english.broken_off_speech_parts,
        {
            "You only need to — Do you see it?": "You only need to — |Do you see it?",
            "the paper — The Daily News — closed": "the paper — The Daily News — closed",
            "EASTVILLE — This is news.": "EASTVILLE — This is news.",
        },
    )


def test_abbreviations_end_before_starters() -> None:
    check(
        english.abbreviations_end_before_starters,
        {
            "She lives in the U.S. The rest do not.": "She lives in the U.S. |The rest do not.",
            "They met in Jan. It was cold.": "They met in Jan. |It was cold.",
            "She works for the U.S. |Senate now.": "She works for the U.S. Senate now.",
            "They sold Holt Inc. |in May.": "They sold Holt Inc. in May.",
            "It ends at 5 p.m. He goes home.": "It ends at 5 p.m. |He goes home.",
            "It opens at 5 p.m. Tickets are free.": "It opens at 5 p.m. |Tickets are free.",
            "At 5 p.m. Lind was late.": "At 5 p.m. Lind was late.",
            "It is on Mill St. His is not.": "It is on Mill St. |His is not.",
            "It ends at 5 p.m. Mr. Berg goes.": "It ends at 5 p.m. |Mr. Berg goes.",
            "At 5 p.m. Mr. Berg goes.": "At 5 p.m. Mr. Berg goes.",
            "It ends at 5 p.m. |(local time).": "It ends at 5 p.m. (local time).",
        },
    )


def test_hours_open_sentences() -> None:
    check(
        english.hours_open_sentences,
        {
            "At 5 a.m. |Mr. Berg rang.": "At 5 a.m. Mr. Berg rang.",
            "He left the house at 5 a.m. |Mr. Berg rang.": "He left the house at 5 a.m. |Mr. Berg rang.",
        },
    )


def test_titles_bind_right() -> None:
    check(
        english.titles_bind_right,
        {
            "She met Gen. |Holm and Sen. |Ek.": "She met Gen. Holm and Sen. Ek.",
            "ARGUMENT OF GEN. |HOLM": "ARGUMENT OF GEN. HOLM",
        },
    )


def test_saints_bind_right() -> None:
    check(
        english.saints_bind_right,
        {
            "He went to St. |Olav today.": "He went to St. Olav today.",
            "It is on 5th St. |Anna knows.": "It is on 5th St. |Anna knows.",
            "ST. |OLAV (AP) it rained.": "ST. OLAV (AP) it rained.",
        },
    )


def test_months_bind_right() -> None:
    check(english.months_bind_right, {"On Jan. |5 and Sept. |11 it rained.": "On Jan. 5 and Sept. 11 it rained."})


def test_numbers_bind_left() -> None:
    check(english.numbers_bind_left, {"See No. |9, Sec. |3 and p. |14.": "See No. 9, Sec. 3 and p. 14."})


def test_abbreviations_go_on_in_lower_case() -> None:
    check(
        english.abbreviations_go_on_in_lower_case,
        {
            "Food, care, etc. |can help. |they do.": "Food, care, etc. can help. |they do.",
            "He is 6 ft. 2 in. |tall.": "He is 6 ft. 2 in. tall.",
            "Please come in. |the door is open.": "Please come in. |the door is open.",
        },
    )


def test_inner_abbreviations_go_on() -> None:
    check(
        english.inner_abbreviations_go_on,
        {
            "Some firms, e.g. |Holt, lost.": "Some firms, e.g. Holt, lost.",
            "It is so (cf. |Lind et al. |Oslo).": "It is so (cf. Lind et al. Oslo).",
        },
    )


def test_initials_bind_right() -> None:
    check(
        english.initials_bind_right,
        {
            "J. |K. |Holm and George W. |Lind": "J. K. Holm and George W. Lind",
            "It was you and I. |Did it rain?": "It was you and I. |Did it rain?",
            "He chose plan B. The rest did not.": "He chose plan B. |The rest did not.",
            "He chose Plan B. She did not.": "He chose Plan B. |She did not.",
        },
    )


def test_exclaiming_names_go_on() -> None:
    check(
        english.exclaiming_names_go_on,
        {
            "She joined Yahoo! |Finance in May.": "She joined Yahoo! Finance in May.",
            "She left Yahoo! |The end.": "She left Yahoo! |The end.",
        },
    )


def test_postscripts_bind_right() -> None:
    check(english.postscripts_bind_right, {"See you. |P.S. |Bring food.": "See you. |P.S. Bring food."})


def test_note_numbers_bind_left() -> None:
    check(
        english.note_numbers_bind_left,
        {
            "They have rights. |4 Even so, few know.": "They have rights. 4 |Even so, few know.",
            "Few know. |12 people do.": "Few know. |12 people do.",
        },
    )


def test_speech_tags_go_on() -> None:
    check(
        english.speech_tags_go_on,
        {
            "“Will you run?” |Mayor Anna Lind asked.": "“Will you run?” Mayor Anna Lind asked.",
            "“Will you run?” |Nobody in the hall asked.": "“Will you run?” |Nobody in the hall asked.",
            "“We won.” |Berg said so.": "“We won.” |Berg said so.",
            "Oh! |he cried. |She left.": "Oh! he cried. |She left.",
        },
    )


def test_datelines_bind_right() -> None:
    check(
        english.datelines_bind_right,
        {
            "CHICAGO |(AP) — |The mayor left.": "CHICAGO (AP) — The mayor left.",
            "LONDON, Jan. |5 (Reuters) - |Oil fell.": "LONDON, Jan. 5 (Reuters) - Oil fell.",
            "Oil fell - |Then it rose.": "Oil fell - |Then it rose.",
        },
    )


def test_missing_space_parts() -> None:
    check(
        marks.missing_space_parts,
        {
            "The store will close.The owner said so.": "The store will close.|The owner said so.",
            "Is it so?yes it is": "Is it so?|yes it is",
            "We waited...Then it came": "We waited...|Then it came",
            "She wrote to ola@example.com.": "She wrote to ola@example.com.",
            "He left.“It is over.”": "He left.|“It is over.”",
        },
    )


def test_ruled_lines_part() -> None:
    check(marks.ruled_lines_part, {"Anna ________ Get it free": "Anna |________ |Get it free"})


def test_opening_marks_bind_right() -> None:
    check(
        marks.opening_marks_bind_right,
        {
            "He left. “|It is over.”": "He left. |“It is over.”",
            "He left. (“|It is over.”)": "He left. |(“It is over.”)",
            'He left. "|It is over."': 'He left. |"It is over."',
            "Er ging. »|Gut.« Ja.": "Er ging. |»Gut.« Ja.",
            "It was so. ”|Rampant“ it was.": "It was so. |”Rampant“ it was.",
        },
    )


def test_closing_marks_bind_left() -> None:
    check(
        marks.closing_marks_bind_left,
        {
            "“It is over.|” He left.": "“It is over.” |He left.",
            "„Das ist gut.|“ Er ging.": "„Das ist gut.“ |Er ging.",
            "‘He said, “Go.|”’ We went.": "‘He said, “Go.”’ |We went.",
            "(It is late.|) and so on": "(It is late.) and so on",
            '"It is over.|"': '"It is over."',
        },
    )


def test_footnote_marks_bind_left() -> None:
    check(
        marks.footnote_marks_bind_left,
        {
            "Sales rose. |[4] Costs fell.": "Sales rose. [4] |Costs fell.",
            "Costs fell. |[citation needed] Who knew?": "Costs fell. [citation needed] |Who knew?",
            "Sales rose.|[4][5] Costs fell.": "Sales rose.[4][5] |Costs fell.",
            "Sales rose.¹ Costs fell.": "Sales rose.¹ |Costs fell.",
            "Sales rose. |[The] firm won.": "Sales rose. |[The] firm won.",
        },
    )


def test_emoji_bind_left() -> None:
    check(
        marks.emoji_bind_left,
        {"It was great! |😀 👍🏽 We loved it. |:) Thanks.": "It was great! 😀 👍🏽 |We loved it. :) |Thanks."},
    )


def test_asides_stay_whole() -> None:
    check(
        marks.asides_stay_whole,
        {
            "The report (see p. 4. |It is long.) |was late.": "The report (see p. 4. It is long.) was late.",
            "The [|agreement] is one. |(It came. |It went.)": "The [agreement] is one. |(It came. |It went.)",
            "He (|left. |Then came back.": "He (|left. |Then came back.",
        },
    )


def test_quotations_part() -> None:
    check(
        marks.quotations_part, {"“Never!” “Always!” It was so.": "“Never!” |“Always!” It was so.", "'A' 'b'": "'A' 'b'"}
    )


def test_quotations_go_on() -> None:
    check(
        marks.quotations_go_on,
        {
            "“Is it over?” |she asked. |“Stop!” |cried he.": "“Is it over?” she asked. |“Stop!” cried he.",
            "He said 'This is fine.' |she recalled.": "He said 'This is fine.' she recalled.",
        },
    )


def test_short_quotations_stay_whole() -> None:
    check(
        marks.short_quotations_stay_whole,
        {
            "It read “Out! |Out!” |in red.": "It read “Out! Out!” in red.",
            "It read “Out!” |He left.": "It read “Out!” |He left.",
            "It read: “Out! |Out!” and more.": "It read: “Out! |Out!” and more.",
            'A "like" coat. |It fits the boys’ taste.': 'A "like" coat. |It fits the boys’ taste.',
        },
    )


def test_ellipses_go_on() -> None:
    check(
        marks.ellipses_go_on,
        {
            "He paused… |then went. |. |. |. It was": "He paused… then went. . . . It was",
            "Well... |That is it.": "Well... |That is it.",
            "New words. |. . . |The old": "New words. . . . |The old",
            "He left. |… |And came back.": "He left. |… And came back.",
        },
    )


def test_four_dots_part() -> None:
    check(marks.four_dots_part, {"It ends . . . . It starts . . . I see": "It ends . . . . |It starts . . . I see"})


def test_colons_go_on() -> None:
    check(
        marks.colons_go_on,
        {"He adds: |This is not it; |that is|, he said.": "He adds: This is not it; that is, he said."},
    )


def test_numbered_items_part() -> None:
    check(
        marks.numbered_items_part,
        {
            "1. |Wash it. 2. |Dry it. |It is 3. |Done.": "1. Wash it. |2. Dry it. |It is |3. Done.",
            "1) Wash it 2) Dry it": "1) Wash it |2) Dry it",
            "a. Wash it b. Dry it": "a. Wash it |b. Dry it",
            "• Wash it • Dry it": "• Wash it |• Dry it",
            "i. |Wash it ii. Dry it iii. Fold it": "i. Wash it |ii. Dry it |iii. Fold it",
            "• 3. |Wash it • 4. |Dry it": "• 3. Wash it |• 4. Dry it",
            "J. K. Holm left.": "J. K. Holm left.",
            "Two ways: 1) by sea, 2) by land": "Two ways: 1) by sea, 2) by land",
        },
    )


@pytest.mark.parametrize("text", ["”“)(", "“", '"""', "([{", "». «", "‘’”’", "'", "((((a"])
def test_unbalanced_marks_never_crash_a_rule(text: str) -> None:
    for rule in rules.ENGLISH:
        assert mended(rule, text).replace("|", "") == text
