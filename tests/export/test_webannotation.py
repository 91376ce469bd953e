"""Web Annotation JSON-LD: every annotation is found again by both of its selectors, in code points."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from annotator.export import webannotation
from annotator.export.webannotation import text_fragment
from db.engine import Database
from tests.export.conftest import Written, articles, counts, ledger, lost

KNOWN = {"audience", "body", "created", "creator", "id", "modified", "motivation", "target", "type"}


def items(written: Written) -> list[dict[str, Any]]:
    page = json.loads((written("webannotation") / webannotation.FILE).read_bytes())
    assert (page["@context"], page["type"]) == ("http://www.w3.org/ns/anno.jsonld", "AnnotationPage")
    return list(page["items"])


def targets(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
    found = item["target"] if isinstance(item["target"], list) else [item["target"]]
    for target in found:
        yield target["source"], {selector["type"]: selector for selector in target["selector"]}


def test_selectors_find_the_words_in_the_text_of_the_contract(written: Written, hard: Database) -> None:
    texts = {webannotation.claimreview.address(article): article["text"] for article, _ in articles(hard)}
    for item in items(written):
        assert item.keys() <= KNOWN
        for source, selectors in targets(item):
            text, place = texts[source], selectors["TextPositionSelector"]
            quoted = selectors["TextQuoteSelector"]
            start, end = place["start"], place["end"]
            assert quoted["exact"] == text[start:end]
            assert quoted["prefix"] == text[max(0, start - 32) : start]
            assert quoted["suffix"] == text[end : end + 32]
            assert unquote(selectors["FragmentSelector"]["value"]).startswith(":~:text=")


def test_ids_are_unique_and_every_judgement_attribution_and_claim_is_there(written: Written, hard: Database) -> None:
    found = items(written)
    ids = [item["id"] for item in found]
    assert len(ids) == len(set(ids)) == ledger(written("webannotation"))["written"]["items"]
    wanted = counts(hard)
    assert sum(":clm_" in uid for uid in ids) == wanted["claims"]
    assert sum(uid.endswith(":content") for uid in ids) == wanted["attributions"]
    labelled = [item for item in found if item["motivation"] == "classifying"]
    empty = lost(written("webannotation"))["annotations_without_label"]
    assert empty == 1
    assert len(labelled) + empty == wanted["annotations"] + wanted["gold"]


def test_an_article_without_an_address_is_named_by_its_hash(hard: Database) -> None:
    article, sentences = articles(hard)[0]
    work = webannotation.Work({**article, "url": None, "canonical_url": None}, sentences)
    for item in webannotation.items(work):
        for source, selectors in targets(item):
            assert source == f"urn:sha256:{article['text_sha256']}"
            assert "FragmentSelector" not in selectors


def test_a_text_fragment_escapes_its_own_signs_and_shortens_long_texts() -> None:
    assert text_fragment("a-b, c & d\u2028e") == ":~:text=a%2Db%2C%20c%20%26%20d%20e"
    long = " ".join(f"word{number}" for number in range(60))
    assert (
        text_fragment(long)
        == ":~:text=word0%20word1%20word2%20word3%20word4,word55%20word56%20word57%20word58%20word59"
    )
