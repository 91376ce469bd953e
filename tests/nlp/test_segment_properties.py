"""What holds for the blocks and sentences of any text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.nlp.blocks import blocks
from annotator.nlp.segment import WINDOW, segment, segment_many

SIGNS = " \n\t\r\f.!?…:;,-—'\"“”‘’«»„()[]*_•|>#1a\u00a0\u3000\u2028\u2029\u200b\ufeff\u200f।ﬁİß"
WORDS = (
    "The mayor Mr. U.S. p.m. No. said he J. 1. 2) [4] ... Photo: By ====== Yahoo! 👨🏻‍🚒 🇳🇴 e\u0301 שלום مرحبا 中文。"
)
FRAGMENTS = st.sampled_from([*SIGNS, *WORDS.split(" "), "\n\n", "\r\n", "a" * 60])
TEXTS = st.lists(st.tuples(FRAGMENTS, st.sampled_from(["", " ", " ", "  "])), max_size=40).map(
    lambda parts: "".join(part for pair in parts for part in pair)
) | st.text(max_size=80)
LANGUAGES = st.sampled_from(["en", "en", "de", "ar", "xx"])
FAST = settings(max_examples=150, deadline=None, derandomize=True, database=None)


def check_spans(text: str, spans: list[tuple[int, int]]) -> None:
    """Check that spans are in order, disjoint, not empty, without white space at the edge, and cover the visible."""
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()


@FAST
@given(TEXTS)
def test_blocks_are_in_order_and_cover_what_is_visible(text: str) -> None:
    found = blocks(text)
    check_spans(text, [(block.start, block.end) for block in found])
    assert all((block.level is None) == (block.kind.value != "heading") for block in found)


@FAST
@given(TEXTS, LANGUAGES)
def test_sentences_are_in_order_and_cover_what_is_visible(text: str, language: str) -> None:
    found = segment(text, language=language)
    check_spans(text, [(sentence.start, sentence.end) for sentence in found])
    for sentence, block in ((sentence, blocks(text)[sentence.block]) for sentence in found):
        assert block.start <= sentence.start < sentence.end <= block.end


@FAST
@given(st.lists(st.tuples(TEXTS, LANGUAGES), max_size=5))
def test_batch_gives_what_each_text_gives_alone(texts: list[tuple[str, str]]) -> None:
    alone = [segment(text, language=language) for text, language in texts]
    assert [result.sentences for result in segment_many(texts)] == alone


@settings(FAST, max_examples=5)
@given(st.lists(FRAGMENTS, min_size=5, max_size=20).map(lambda parts: " ".join(parts * (2 * WINDOW // len(parts)))))
def test_long_texts_are_covered_as_well(text: str) -> None:
    check_spans(text, [(sentence.start, sentence.end) for sentence in segment(text)])
