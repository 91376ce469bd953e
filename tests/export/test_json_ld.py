"""JSON-LD that is JSON-LD: PyLD understands every property of our files, and fetches nothing for it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from annotator.export import card, claimreview, webannotation
from db.engine import Database
from tests.export import json_ld
from tests.export.conftest import Written, articles
from tests.export.json_ld import OA, SCHEMA, expanded, properties, quads, terms


def published(folder: Path) -> list[Any]:
    pages = [file.read_text("utf-8") for file in sorted(folder.glob("*.html"))]
    return [json.loads(found) for page in pages for found in re.findall(r"ld\+json\">(.*?)</script>", page, re.S)]


def documents(written: Written, name: str) -> list[Any]:
    folder = written(name)
    if name == "html":
        return published(folder)
    file = {"webannotation": webannotation.FILE, "claimreview": claimreview.FILE, "parquet": card.CROISSANT}[name]
    return [json.loads((folder / file).read_bytes())]


def test_every_web_annotation_keeps_its_words_and_selectors(written: Written, hard: Database) -> None:
    (document,) = documents(written, "webannotation")
    (page,) = expanded(document)
    items = page[json_ld.AS + "items"][0]["@list"]
    assert len(items) == len(document["items"])
    texts = {webannotation.claimreview.address(article): article["text"] for article, _ in articles(hard)}
    for item in items:
        assert item["@type"] == [OA + "Annotation"]
        assert item[OA + "motivatedBy"][0]["@id"].startswith(OA)
        for target in item[OA + "hasTarget"]:
            text = texts[target[OA + "hasSource"][0]["@id"]]
            found = {selector["@type"][0].removeprefix(OA): selector for selector in target[OA + "hasSelector"]}
            start, end = (found["TextPositionSelector"][OA + name][0]["@value"] for name in ("start", "end"))
            assert found["TextQuoteSelector"][OA + "exact"][0]["@value"] == text[start:end]


RENAMED = {
    "id": None, "type": None, "body": "hasBody", "target": "hasTarget", "source": "hasSource",
    "selector": "hasSelector", "motivation": "motivatedBy", "purpose": "hasPurpose",
}  # fmt: skip


@pytest.mark.parametrize("name", ["webannotation", "claimreview", "html"])
def test_a_processor_understands_every_property(written: Written, name: str) -> None:
    found = documents(written, name)
    assert found
    for document in found:
        wanted = {RENAMED.get(term, term) for term in terms(document)} - {None}
        assert properties(expanded(document)) == wanted
        assert quads(document) > 5


@pytest.mark.parametrize("name", ["claimreview", "html"])
def test_reviews_are_what_search_engines_look_for(written: Written, name: str) -> None:
    nodes = [node for document in documents(written, name) for node in expanded(document)]
    reviews = [node for node in nodes if node.get("@type") == [SCHEMA + "ClaimReview"]]
    assert reviews
    for review in reviews:
        assert {SCHEMA + n for n in ("claimReviewed", "itemReviewed", "reviewRating", "author", "url")} <= review.keys()
        rating = review[SCHEMA + "reviewRating"][0]
        assert 1 <= rating[SCHEMA + "ratingValue"][0]["@value"] <= 4


def test_croissant_is_a_data_set_with_files_and_record_sets(written: Written) -> None:
    (document,) = documents(written, "parquet")
    (found,) = expanded(document)
    assert found["@type"] == ["https://schema.org/Dataset"]
    assert found["http://purl.org/dc/terms/conformsTo"]
    files = found["https://schema.org/distribution"]
    assert {file["@type"][0] for file in files} == {"http://mlcommons.org/croissant/FileObject"}
    records = found["http://mlcommons.org/croissant/recordSet"]
    assert all(
        field["http://mlcommons.org/croissant/dataType"]
        for r in records
        for field in r["http://mlcommons.org/croissant/field"]
    )
