"""Blocks: where they begin and end, and what they are."""

from pathlib import Path

import pytest

from annotator.nlp.blocks import Block, blocks
from db.vocabulary import BlockKind

SEED = Path(__file__).parents[2] / "corpus" / "articles" / "chicago_police_ice.txt"
WRAPPED = (
    "The council of Eastville met on Monday night to talk about the\n"
    "new bridge. The mayor was late because of the snow, and so was\n"
    "the man from the Northern Railway."
)


def shown(text: str) -> list[tuple[str, str]]:
    """List kind and text of each block."""
    return [(block.kind.value, text[block.start : block.end]) for block in blocks(text)]


def test_seed_article_has_a_title_four_headings_and_a_disclaimer() -> None:
    found = blocks(SEED.read_text(encoding="utf-8"))
    assert [block.level for block in found if block.kind is BlockKind.HEADING] == [1, 2, 2, 2, 2]
    assert found[-1].kind is BlockKind.DISCLAIMER
    assert len(found) == 21


@pytest.mark.parametrize(
    "blank", ["\n\n", "\r\n\r\n", "\r\r", "\n \t\n", "\n\u00a0\n", "\n\u3000\n", "\n\n\n\n", "\u2029", "\f"]
)
def test_blank_line_of_any_white_space_parts_blocks(blank: str) -> None:
    assert shown(f"It rained.{blank}It was cold.") == [("paragraph", "It rained."), ("paragraph", "It was cold.")]


def test_blocks_leave_out_white_space_at_their_edges() -> None:
    assert blocks("\n \t It rained. \u00a0\n\n") == [Block(4, 14, BlockKind.PARAGRAPH)]


def test_text_of_white_space_has_no_block() -> None:
    assert blocks("") == blocks(" \n\u00a0\n\u3000") == []


def test_hard_wrapped_prose_stays_one_paragraph() -> None:
    assert shown(WRAPPED) == [("paragraph", WRAPPED)]


def test_prose_broken_before_lower_case_stays_one_paragraph() -> None:
    text = "It was a dark \nand stormy night."
    assert shown(text) == [("paragraph", text)]


def test_short_lines_without_final_mark_are_blocks_of_their_own() -> None:
    assert shown("apples\npears, plums\nnuts") == [
        ("paragraph", "apples"),
        ("paragraph", "pears, plums"),
        ("paragraph", "nuts"),
    ]


def test_long_lines_are_paragraphs_of_their_own() -> None:
    first, second = "It rained in Eastville. " * 6 + "So it went.", "The river rose. " * 9 + "It fell."
    assert shown(f"{first}\n{second}") == [("paragraph", first), ("paragraph", second)]


def test_line_separator_counts_as_a_line_break() -> None:
    assert [text for _, text in shown("Anna Lind\u2028Per Holm")] == ["Anna Lind", "Per Holm"]


def test_list_items_are_blocks_and_keep_their_wrapped_lines() -> None:
    text = "You need:\n- a pot\n- a lid that fits\n  the pot\n2) salt"
    assert shown(text) == [
        ("paragraph", "You need:"),
        ("list_item", "- a pot"),
        ("list_item", "- a lid that fits\n  the pot"),
        ("list_item", "2) salt"),
    ]


def test_numbered_line_that_stands_alone_is_a_heading() -> None:
    assert shown("1. Results\n\nIt rained.") == [("heading", "1. Results"), ("paragraph", "It rained.")]


def test_turns_of_speakers_are_blocks() -> None:
    text = "Q: Is it cold?\nA: It is.\nMayor Anna Lind: We stay.\nPER HOLM: We go."
    assert [words for _, words in shown(text)] == text.split("\n")


def test_byline_and_time_stamp_are_other() -> None:
    text = "Bridge closed\nBy Anna Lind\nPublished 5 May 2031\n\nThe bridge is closed."
    assert [kind for kind, _ in shown(text)][1:] == ["other", "other", "paragraph"]


def test_ornament_is_other() -> None:
    assert [kind for kind, _ in shown("It rained.\n\n* * *\n\nIt was cold.")] == ["paragraph", "other", "paragraph"]


def test_marked_lines_are_one_quote() -> None:
    assert shown("He wrote:\n> It rained.\n> It was cold.\nI saw it.") == [
        ("paragraph", "He wrote:"),
        ("quote", "> It rained.\n> It was cold."),
        ("paragraph", "I saw it."),
    ]


@pytest.mark.parametrize("text", ["Photo: Anna Lind", "Figure 3. The bridge in snow", "(Photo by Per Holm)"])
def test_caption_is_known_by_its_first_word(text: str) -> None:
    assert shown(f"It rained.\n\n{text}")[1] == ("caption", text)


def test_rows_of_cells_are_one_table() -> None:
    text = "| town | rain |\n| Eastville | 5 mm |"
    assert shown(f"It rained.\n\n{text}") == [("paragraph", "It rained."), ("table", text)]


def test_marked_heading_has_its_level() -> None:
    found = blocks("# Rain\n\nIt rained.\n\n### Snow\n\nIt snowed.")
    assert [(block.kind, block.level) for block in found][::2] == [(BlockKind.HEADING, 1), (BlockKind.HEADING, 3)]


def test_line_with_final_mark_is_no_heading_but_an_initialism_may_end_one() -> None:
    assert [kind for kind, _ in shown("It rained?\n\nRain in the U.S.\n\nIt rained:")] == [
        "paragraph",
        "heading",
        "paragraph",
    ]


def test_long_line_is_no_heading() -> None:
    assert [kind for kind, _ in shown("rain " * 30)] == ["paragraph"]


def test_each_of_very_many_lines_is_a_block() -> None:
    assert len(blocks("It rained.\n" * 10_000)) == 10_000
