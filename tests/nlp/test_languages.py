"""The language of a text, told from its words; where it is not plain, nothing is said."""

from pathlib import Path

import pytest

from annotator.nlp.languages import detect
from tests.nlp.languages import TEXTS

CORPUS = sorted((Path(__file__).parents[2] / "corpus" / "articles").glob("*.txt"))


def test_two_sentences_are_enough_in_every_language_of_the_test_texts() -> None:
    wrong = {text: found for code, texts in TEXTS.items() for text in texts if (found := detect(text)) != code}
    assert wrong == {}


def test_every_article_of_the_corpus_is_english() -> None:
    assert {detect(file.read_text("utf-8")) for file in CORPUS} == {"en"}


@pytest.mark.parametrize(
    "text",
    [
        "", "Too short.", "12 34 56 78", "👨🏻\u200d🚒 " * 30,
        "Ada Lind Mika Berg Oslo Paris Lima Kiel Bern Riga Graz Brno Lyon Nice",
        f"{TEXTS['en'][0]} {TEXTS['de'][0]}", "zq xw " * 20,
    ],
)  # fmt: skip
def test_what_is_short_or_mixed_stays_unknown(text: str) -> None:
    assert detect(text) is None


def test_marks_and_case_do_not_matter() -> None:
    assert detect(TEXTS["fr"][1].upper().replace("’", "'")) == "fr"
    assert detect("\u2028\r\n".join(TEXTS["ar"])) == "ar"
