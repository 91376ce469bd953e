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
    with pytest.raises(Invalid):
        citation("x" * 201, SHIPPED)


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
