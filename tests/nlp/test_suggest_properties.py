"""Whatever the text: no crash, spans in range, in order, without white space at their edges, parents that hold."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.domain.spans import Span
from annotator.nlp.segment import segment
from annotator.nlp.suggest import Suggestions, suggest

WORDS = st.sampled_from(
    [
        "said",
        "Ada Finch",
        "according to",
        "“",
        "”",
        '"',
        "‘",
        "’",
        "«",
        "»",
        ",",
        ".",
        ":",
        "\n\n",
        "\n",
        "she",
        "told",
        "the mayor",
        "that the well is dry",
        "?",
        "as",
        "reported by",
        "claim",
        "was",
        "HAVEL:",
        "🙂",
        "e\u0301",
        "\u2028",
        "قال العمدة",
        "(",
        ")",
        "—",
        "…",
        "not",
        "asked",
        "whether",
        "called",
        "a disgrace",
        "\t",
        "I",
        "to go",
        "\xa0",
    ]
)
SENTENCES = st.lists(WORDS, max_size=40).map(" ".join)
TEXTS = st.one_of(st.text(max_size=200), SENTENCES)


def check(text: str, found: Suggestions) -> None:
    for place, one in enumerate(found.attributions):
        assert one.cue
        assert one.content
        for spans in (one.speaker, one.cue, one.content):
            check_spans(text, spans)
        if one.parent is not None:
            assert one.parent != place
            outer = found.attributions[one.parent].content
            assert all(any(piece.contains(part) for piece in outer) for part in (*one.cue, *one.content))
    for sentence in found.sentences:
        assert all(0 <= score <= 1 for score in (sentence.claim, sentence.quote, sentence.opinion))


def check_spans(text: str, spans: tuple[Span, ...]) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(span.of(text) == span.of(text).strip() for span in spans)
    assert all(first.end <= second.start for first, second in pairwise(spans))


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_spans_stay_in_the_text(text: str) -> None:
    found = suggest(text)
    check(text, found)
    assert [(one.start, one.end) for one in found.sentences] == [(one.start, one.end) for one in segment(text)]


@settings(max_examples=10, deadline=None)
@given(TEXTS)
def test_the_result_does_not_depend_on_the_run(text: str) -> None:
    assert suggest(text) == suggest(text)


def test_a_sentence_that_never_ends_and_a_wall_of_marks_are_survived() -> None:
    for text in ("word " * 900, '"' * 3_500, "“a” said b, " * 300, "“" * 900, "x" * 9_000):
        check(text, suggest(text))
