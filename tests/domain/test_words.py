"""Words of the database as a reader sees them."""

import pytest

from annotator import language
from annotator.domain.words import WORDS, word
from db import vocabulary


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("press_release", "press release"), ("article-newspaper", "article newspaper"), ("tort", "tort")],
)
def test_a_stored_word_is_shown_without_its_signs(stored: str, shown: str) -> None:
    assert word(stored) == shown


def test_a_word_is_shown_in_the_readers_language() -> None:
    with language.spoken("de"):
        assert word("press_release") == "Pressemitteilung"
    assert len(WORDS) == len(set(WORDS))


def test_words_of_people_claims_and_sources_are_in_the_table() -> None:
    kinds = (vocabulary.ClaimType, vocabulary.Verdict, vocabulary.Stance, vocabulary.SourceType, vocabulary.Tier)
    missing = [one for kind in kinds for one in kind if one.replace("_", " ").replace("-", " ") not in WORDS]
    assert missing == []
