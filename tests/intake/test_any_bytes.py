"""Whatever bytes come in: each reader gives articles and named refusals, never a crash; what it gives can be cut."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.intake import formats, limits
from annotator.intake.incoming import Incoming, Rejected
from annotator.nlp import segment
from db import canonical
from db.vocabulary import ImportFormat
from tests.tricks import ADDRESSES, ALL

EXAMPLES = int(os.environ.get("ANNOTATOR_TEST_EXAMPLES", "40"))
PATIENT = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
PIECES = st.sampled_from(
    [
        *ALL, *ADDRESSES, "\r\n", "\n\n", "\r", "\u2028", "\x85", "\x0c", "\ufeff", "e\u0301", "👩\u200d🚒", "שלום",
        "# ", "> ", "- ", "1. ", "---\n", "title: x\n", "```\n", "| a | b |\n|---|---|\n", "[a](b)", "<p>", "</p>",
        "<article>", "<h1>x</h1>", "<li>", "<table><tr><td>", "<!--", "&amp;", "&#0;", "&#xD800;", "{", "}", '"text":',
        '{"text": "A."}\n', '{"html": "<p>A.</p>"}\n', "text,title\n", '"', ",", "'", "Disclaimer: x", "said", "“", "”",
        "Mr. ", "U.S. ", "...", "?!", "3.5 ", "\t", " ", "A sentence. ",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=25).map("".join)
BYTES = (
    st.binary(max_size=300)
    | TEXTS.map(lambda text: text.encode("utf-8", "replace"))
    | TEXTS.map(lambda text: text.encode("utf-16"))
)
READERS = sorted(formats.READERS, key=str)


@pytest.mark.parametrize("kind", READERS, ids=map(str, READERS))
@PATIENT
@given(data=BYTES)
def test_any_bytes_are_articles_or_named_refusals(kind: ImportFormat, data: bytes) -> None:
    records = list(formats.READERS[kind](data))
    assert records
    for record in records:
        if isinstance(record, Rejected):
            assert record.reason
            str(record)
        else:
            check(record)


def check(record: Incoming) -> None:
    text = record.text
    assert 1 <= len(text) <= limits.ARTICLE_CODE_POINTS
    assert "\0" not in text
    assert "\r" not in text
    text.encode()  # no lone surrogate
    for block in record.blocks or ():
        assert 0 <= block.start < block.end <= len(text)
    for url in (record.url, record.canonical_url):
        assert url is None or url.startswith(("http://", "https://"))


@PATIENT
@given(text=TEXTS.filter(lambda text: text.strip("\ufeff \n\r\t") != ""))
def test_any_text_is_cut_into_disjoint_sentences(text: str) -> None:
    records = list(formats.READERS[ImportFormat.TXT](text.encode("utf-8", "replace")))
    for record in records:
        if isinstance(record, Rejected):
            continue
        (found,) = segment.segment_many([(record.text, "en")])
        ends = [0]
        for sentence in found.sentences:
            assert ends[-1] <= sentence.start < sentence.end <= len(record.text)
            assert record.text[sentence.start : sentence.end].strip()
            ends.append(sentence.end)
        outside = "".join(record.text[a : b.start] for a, b in zip(ends, found.sentences, strict=False))
        assert not (outside + record.text[ends[-1] :]).strip()


NAMES = st.sampled_from(["id", "title", "text", "html", "url", "byline", "language", "published", "x", "\ud800", "a\0"])
VALUES = TEXTS | st.none() | st.integers() | st.floats(allow_nan=True) | st.lists(TEXTS, max_size=2)


@PATIENT
@given(record=st.dictionaries(NAMES, VALUES))
def test_any_record_of_json_lines_is_an_article_or_refused(record: dict[str, object]) -> None:
    (found,) = formats.READERS[ImportFormat.JSONL](json.dumps(record).encode())
    if isinstance(found, Incoming):
        check(found)
        canonical.text(list(found.unknown))  # the report of an import holds the names
