"""Rules in the guidelines, what a citation means, what changed between two texts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.domain import guidelines
from annotator.domain.guidelines import Piece, changes, citation, key_of, next_version, rules_of
from annotator.errors import Invalid

SHIPPED = (Path(__file__).parents[2] / "corpus" / "guidelines.md").read_text("utf-8")


def test_the_shipped_guidelines_have_these_rules() -> None:
    rules = {rule.anchor: rule for rule in rules_of(SHIPPED)}
    assert list(rules) == [
        "decision-tree-ask-all-three-questions-for-every-sentence", "question-1", "question-2", "question-3",
        "question-4", "voice", "examples", "attribution", "speaker", "cue", "type", "running-quotes",
        "sources-and-evidence", "mentioned-source", "evidence",
    ]  # fmt: skip
    first = rules["question-1"]
    assert (first.name, first.is_heading) == ("Question 1", False)
    assert first.title == "Q — Does somebody other than the author speak or write here?"
    assert first.text.startswith("1. **Q")
    assert first.text.endswith("if useful, no Q.")  # with its indented second line, without question 2
    assert "Mentioned source" in rules["sources-and-evidence"].text
    assert all(SHIPPED.split("\n")[rule.line] == rule.text.split("\n")[0] for rule in rules.values())


def test_of_two_rules_with_one_name_the_first_counts_and_code_has_none() -> None:
    body = "## Voice\n\nOne.\n\n## Voice\n\nTwo.\n\n```\n## Not a rule\n```\n\n### Ünïcode 👩🏽‍🚒 é\n\nThree.\n"
    assert [(rule.anchor, rule.text) for rule in rules_of(body)][:1] == [("voice", "## Voice\n\nOne.")]
    assert [rule.anchor for rule in rules_of(body)] == ["voice", guidelines.slug("Ünïcode 👩🏽‍🚒 é")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1.0, question 2", "Question 2"), ("QUESTION  2", "Question 2"), ("2", "Question 2"), ("02", "Question 2"),
        ("question-2", "Question 2"), ("voice", "Voice"), ("deletion\ntest", "deletion test"), ("99", "99"),
        ("", None), ("  ", None), (None, None),
    ],
)  # fmt: skip
def test_a_citation_is_kept_under_the_name_of_its_rule(typed: str | None, kept: str | None) -> None:
    assert citation(typed, SHIPPED) == kept


def test_an_endless_citation_is_refused() -> None:
    assert citation("x" * 200, SHIPPED) == "x" * 200
    with pytest.raises(Invalid) as refused:
        citation("x" * 201, SHIPPED)
    assert refused.value.field == "rule"
    assert refused.value.message == "A rule is named in at most 200 characters."


def test_a_citation_means_the_same_after_it_was_kept() -> None:
    for rule in rules_of(SHIPPED):
        assert key_of(rule.name) == rule.anchor
        assert citation(citation(rule.anchor, SHIPPED), SHIPPED) == rule.name


@pytest.mark.parametrize(
    ("version", "following"), [("1.0", "1.1"), ("1.9", "1.10"), ("draft", "draft-2"), ("2b", "3b"), ("7", "8")]
)
def test_the_next_version_counts_on(version: str, following: str) -> None:
    assert next_version(version) == following


def test_changes_show_the_words_and_leave_out_the_lines_that_stay() -> None:
    old, new = "One.\nTwo  words here.\nThree.\n", "One.\nTwo  other words.\nThree.\nFour.\n"
    assert changes(old, new)[1:] == [[Piece("new", "Four.")]]
    assert len(changes(old, new)[0]) > 2
    assert "".join(piece.text for piece in changes(old, new)[0] if piece.kind != "new") == "Two  words here."
    assert "".join(piece.text for piece in changes(old, new)[0] if piece.kind != "gone") == "Two  other words."


@given(st.text(st.sampled_from("ab \n"), max_size=40), st.text(st.sampled_from("ab \n"), max_size=40))
def test_changes_hold_every_word_that_differs(old: str, new: str) -> None:
    found = changes(old, new)
    if old.split() != new.split():
        assert found
    for passage in found:
        assert all(word in old.split() for word in "".join(p.text for p in passage if p.kind != "new").split())
        assert all(word in new.split() for word in "".join(p.text for p in passage if p.kind != "gone").split())


def test_a_text_is_stored_with_one_kind_of_line_end_and_one_at_its_end() -> None:
    assert guidelines.clean("\ufeff\r\n# One\r\n\r\nTwo\rThree\n\n") == "# One\n\nTwo\nThree\n"
    assert guidelines.clean("\n  X \n") == "  X \n"
    assert guidelines.clean("X\n\nX") == "X\n\nX\n"
    assert guidelines.clean("x" * 199_999) == "x" * 199_999 + "\n"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (" \n\t", "Guidelines without words cannot be followed: write some."),
        ("x" * 200_000, "Guidelines have at most 200,000 characters; these have 200,001."),
        ("a\0b", "This text has characters that cannot be stored."),
        ("a\ud800b", "This text has characters that cannot be stored."),
        ("a\udfff", "This text has characters that cannot be stored."),
    ],
)
def test_a_text_that_nobody_can_follow_or_store_is_refused(body: str, message: str) -> None:
    with pytest.raises(Invalid) as refused:
        guidelines.clean(body)
    assert (refused.value.field, refused.value.message) == ("body", message)


def test_characters_beside_those_that_cannot_be_stored_are_kept() -> None:
    assert guidelines.clean("\ud7ff\ue000👩🏽‍🚒\n") == "\ud7ff\ue000👩🏽‍🚒\n"


@pytest.mark.parametrize("name", ["1.0", " 2 ", "draft-2", "a" * 40, "1.0+b", "é"])
def test_a_version_has_a_short_name(name: str) -> None:
    assert guidelines.version_name(name) == name.strip()


@pytest.mark.parametrize("name", ["", "-1", "_a", "a b", "a" * 41, "1/2", ".5"])
def test_other_names_of_versions_are_refused(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        guidelines.version_name(name)
    assert refused.value.field == "version"
    assert refused.value.message == "A version is named by 1 to 40 letters, digits, points and hyphens, like 1.1."


@pytest.mark.parametrize(
    ("version", "following"),
    [("a" * 40, "a" * 37 + "-2"), ("v9-final", "v10-final"), ("1.2.3", "1.2.4"), ("9" * 40, "1" + "0" * 39)],
)
def test_the_next_version_has_a_name_that_is_not_too_long(version: str, following: str) -> None:
    assert next_version(version) == following


def test_a_passage_too_long_to_compare_is_replaced_whole() -> None:
    old, new = "a b " * 1001, "a c"  # 4,004 words and spaces
    assert changes(old, new) == [[Piece("gone", old), Piece("new", new)]]
    short = "a b " * 1000
    assert changes(short, new)[0][0] == Piece("same", "a ")


RULES = """\
# Title

## One *bold* heading ##
Text.

### Inner

**Term.** Its words,
  indented.

  And a second paragraph.
Not of the term.

* _Other_: of a list
1) A question. More of it
12. **Bold question** rest

~~~
## In code
~~~
## Two
"""


def test_headings_questions_and_terms_are_rules_with_their_texts() -> None:
    found = {rule.anchor: (rule.name, rule.title, rule.line, rule.is_heading) for rule in rules_of(RULES)}
    assert found == {
        "one-bold-heading": ("One bold heading", "", 2, True),
        "inner": ("Inner", "", 5, True),
        "term": ("Term", "", 7, False),
        "other": ("Other", "", 13, False),
        "question-1": ("Question 1", "A question", 14, False),
        "question-12": ("Question 12", "Bold question", 15, False),
        "two": ("Two", "", 20, True),
    }
    texts = {rule.anchor: rule.text for rule in rules_of(RULES)}
    assert texts["one-bold-heading"].endswith("~~~")  # up to the next heading of its depth
    assert texts["inner"].startswith("### Inner\n\n**Term.**")
    assert texts["term"] == "**Term.** Its words,\n  indented.\n\n  And a second paragraph."
    assert texts["question-1"] == "1) A question. More of it"
    assert texts["two"] == "## Two"


def test_a_term_goes_on_as_long_as_its_paragraphs_are_indented_by_a_space_or_more() -> None:
    (only,) = rules_of("**Term.** One.\n")
    assert only.text == "**Term.** One."
    (longer,) = rules_of("**Term.** One.\n\n two\n\nThree.")
    assert longer.text == "**Term.** One.\n\n two"


def test_the_text_of_a_rule_keeps_its_spaces_and_ends_before_any_other_line() -> None:
    voice, term = rules_of("## Voice\n\nX.  \n\n## *X*\n\n**Term.** One.\nx\n")[::2]
    assert voice.text == "## Voice\n\nX.  "
    assert term.text == "**Term.** One."
