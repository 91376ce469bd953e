"""Ids are found again from what they are the hash of."""

import pytest

from annotator.domain import evidence, ids, recovery
from annotator.domain.spans import Span

TEXT = "The toll rose. 👩‍🚒 Traffic fell. It rained."
ARTICLE = ids.article_id(TEXT)


def test_numbers_are_found_above_the_one_before() -> None:
    def id_of(seq: int) -> str:
        return ids.claim_id("ann_1", seq)

    assert recovery.seq(id_of(1), id_of) == 1
    assert recovery.seq(id_of(17), id_of, after=3) == 17
    assert recovery.seq(id_of(3), id_of, after=3) is None
    assert recovery.seq("clm_0000000000000000", id_of) is None


@pytest.mark.parametrize(
    ("near", "was"),
    [
        (Span(0, 32), Span(0, 14)),  # merged: the first half
        (Span(0, 32), Span(15, 32)),  # merged: the second half
        (Span(0, 8), Span(0, 14)),  # split: the whole
        (Span(9, 14), Span(0, 14)),  # split: the whole, by its end
        (Span(15, 32), Span(0, 18)),  # a boundary moved: neither end is shared
    ],
)
def test_a_retired_sentence_is_found_near_the_one_it_became(near: Span, was: Span) -> None:
    uid = ids.sentence_id(ARTICLE, was.start, was.end)
    assert recovery.span(uid, ARTICLE, TEXT, near, Span(0, len(TEXT))) == was


@pytest.mark.parametrize("was", [Span(3_000, 3_500), Span(3_500, 4_000), Span(3_999, 4_000), Span(3_000, 3_001)])
def test_what_shares_an_end_is_found_before_all_else_in_a_long_block(was: Span) -> None:
    """Of 8 million spans in 4,000 letters two million are tried, and these come after them in the text."""
    uid = ids.sentence_id(ARTICLE, was.start, was.end)
    assert recovery.span(uid, ARTICLE, "x" * 4_000, Span(3_000, 4_000), Span(0, 4_000)) == was


def test_a_sentence_of_another_article_is_not_found() -> None:
    uid = ids.sentence_id("art_0000000000000000", 0, 14)
    assert recovery.span(uid, ARTICLE, TEXT, Span(0, 14), Span(0, len(TEXT))) is None


@pytest.mark.parametrize(
    "source",
    [
        {"doi": "10.1234/Abc", "url": "https://doi.org/10.1234/Abc", "title": "Study"},
        {"doi": None, "url": "https://Harbour.example/counts?utm_source=x#top", "title": "Counts"},
        {"doi": None, "url": None, "title": "Minutes  of May", "publisher": "Board", "authors": ["Kim Berg"]},
    ],
)
def test_the_key_of_a_source_is_found(source: dict[str, object]) -> None:
    known = {"publisher": None, "issued": None, "authors": [], **source}
    cited = evidence.citation(
        str(known["title"]), known["publisher"], known["issued"], known["authors"]  # type: ignore[arg-type]
    )  # fmt: skip
    key = evidence.dedup_key(known["doi"], known["url"], cited)  # type: ignore[arg-type]
    assert recovery.dedup_key(ids.source_id(key), **known) == key  # type: ignore[arg-type]
    assert recovery.dedup_key("src_0000000000000000", **known) is None  # type: ignore[arg-type]


def test_an_address_that_cannot_be_read_leaves_the_citation() -> None:
    key = evidence.dedup_key(None, None, evidence.citation("Minutes of June", "Board", "2025", ["Kim Berg"]))
    found = recovery.dedup_key(
        ids.source_id(key), doi=None, url="no address", title="Minutes of June", publisher="Board", issued="2025",
        authors=["Kim Berg"],
    )  # fmt: skip
    assert found == key
