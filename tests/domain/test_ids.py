"""Public ids are the contract's: anybody who knows what a thing is can compute the id it has."""

import hashlib

import pytest

from annotator.domain import ids


def hashed(prefix: str, words: str) -> str:
    return f"{prefix}_{hashlib.sha256(words.encode()).hexdigest()[:16]}"


@pytest.mark.parametrize(
    ("found", "prefix", "words"),
    [
        (ids.article_id("Ein Satz. 👩🏽‍🚒"), "art", "Ein Satz. 👩🏽‍🚒"),
        (ids.sentence_id("art_1", 3, 17), "sen", "art_1:3:17"),
        (ids.reviewer_id("  Ada\u00a0LIND "), "rev", "ada lind"),
        (ids.speaker_id("person", "Ida Holm"), "spk", "person:ida holm"),
        (ids.source_id("doi:10.1000/abc"), "src", "doi:10.1000/abc"),
        (ids.annotation_id("sen_1", "rev_1"), "ann", "sen_1:rev_1"),
        (ids.annotation_id("sen_1", None), "ann", "sen_1:gold"),
        (ids.attribution_id("ann_1", 2), "att", "ann_1:2"),
        (ids.claim_id("ann_1", 2), "clm", "ann_1:2"),
        (ids.evidence_id("clm_1", 2), "evi", "clm_1:2"),
        (ids.import_id("corpus", "ab12", "2025-01-02T03:04:05Z"), "imp", "corpus:ab12:2025-01-02T03:04:05Z"),
        (ids.import_id("corpus", None, "2025-01-02T03:04:05Z"), "imp", "corpus::2025-01-02T03:04:05Z"),
    ],
)
def test_an_id_is_a_prefix_and_the_first_16_digits_of_a_hash(found: str, prefix: str, words: str) -> None:
    assert found == hashed(prefix, words)


def test_names_that_read_alike_share_their_key() -> None:
    assert ids.name_key("Straße\u2003Ⅳ") == ids.name_key(" STRASSE iv") == "strasse iv"
