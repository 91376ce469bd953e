"""Public ids are the contract's: anybody who knows what a thing is can compute the id it has."""

import hashlib

from annotator.domain import ids


def hashed(prefix: str, words: str) -> str:
    return f"{prefix}_{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def test_an_id_is_a_prefix_and_the_first_16_digits_of_a_hash() -> None:
    assert ids.article_id("Ein Satz. 👩🏽‍🚒") == hashed("art", "Ein Satz. 👩🏽‍🚒")
    assert ids.sentence_id("art_1", 3, 17) == hashed("sen", "art_1:3:17")
    assert ids.reviewer_id("  Ada\u00a0LIND ") == hashed("rev", "ada lind")
    assert ids.speaker_id("person", "Ida Holm") == hashed("spk", "person:ida holm")
    assert ids.source_id("doi:10.1000/abc") == hashed("src", "doi:10.1000/abc")
    assert ids.attribution_id("ann_1", 2) == hashed("att", "ann_1:2")
    assert ids.claim_id("ann_1", 2) == hashed("clm", "ann_1:2")
    assert ids.evidence_id("clm_1", 2) == hashed("evi", "clm_1:2")


def test_gold_has_an_id_beside_those_of_the_reviewers() -> None:
    assert ids.annotation_id("sen_1", "rev_1") == hashed("ann", "sen_1:rev_1")
    assert ids.annotation_id("sen_1", None) == hashed("ann", "sen_1:gold")


def test_an_import_is_known_by_project_file_and_time() -> None:
    at = "2025-01-02T03:04:05Z"
    assert ids.import_id("corpus", "ab12", at) == hashed("imp", f"corpus:ab12:{at}")
    assert ids.import_id("corpus", None, at) == hashed("imp", f"corpus::{at}")


def test_names_that_read_alike_share_their_key() -> None:
    assert ids.name_key("Straße\u2003Ⅳ") == ids.name_key(" STRASSE iv") == "strasse iv"
