"""ClaimReview JSON-LD: one object for each gold claim with a verdict, and the others in the ledger."""

import json
from pathlib import Path
from typing import Any

from sqlmodel import select

from annotator.export import claimreview, formats
from db.engine import Database
from db.models import Article
from tests.export.conftest import TRICK, Written, articles, ledger, lost


def graph(folder: Path) -> list[dict[str, Any]]:
    found = json.loads((folder / claimreview.FILE).read_bytes())
    assert found["@context"] == "https://schema.org"
    return list(found["@graph"])


def test_the_claim_of_the_example_is_reviewed(example: Database, tmp_path: Path) -> None:
    with example.read() as session:
        formats.write(session, tmp_path, formats.named("claimreview"))
    [review] = graph(tmp_path / "claimreview")
    [claim] = [c for _, sentences in articles(example) for s in sentences if s["gold"] for c in s["gold"]["claims"]]
    assert review["url"] == f"https://news.example/bridge#{claim['id']}"
    assert review["claimReviewed"] == claim["text_normalized"]
    assert review["reviewRating"] == {
        "@type": "Rating", "alternateName": "refuted", "bestRating": 4, "ratingValue": 1, "worstRating": 1,
    }  # fmt: skip
    assert review["datePublished"] == "2024-06-02"
    item = review["itemReviewed"]
    assert item["author"] == {"@type": "Person", "name": "Mina Olsen"}
    assert item["appearance"]["url"] == "https://news.example/bridge"
    assert item["firstAppearance"]["url"] == "https://fjordpost.example/toll"
    assert item["datePublished"] == "2024-05"
    assert [source["name"] for source in review["citation"]] == ["Bridge counts"]


def test_every_gold_claim_is_written_or_counted(written: Written, hard: Database) -> None:
    folder = written("claimreview")
    gold = [s["gold"] for _, sentences in articles(hard) for s in sentences if s["gold"]]
    found = lost(folder)
    unwritten = found["claims_without_verdict"] + found["claims_without_address"]
    assert len(graph(folder)) + unwritten == sum(len(judged["claims"]) for judged in gold)
    assert (found["claims_without_verdict"], found["claims_without_address"]) == (1, 0)
    assert ledger(folder)["written"] == {"reviews": 2}


def test_an_article_without_a_web_address_gives_no_review(written: Written, hard: Database) -> None:
    with hard.write() as session:
        for article in session.exec(select(Article)).all():
            article.url, article.canonical_url = "javascript:alert(1)", None
    folder = written("claimreview")
    assert graph(folder) == []
    assert lost(folder)["claims_without_address"] == 2


def test_an_address_that_is_no_web_address_is_not_cited_as_one(written: Written) -> None:
    review = next(found for found in graph(written("claimreview")) if TRICK in found["claimReviewed"])
    assert "url" not in review["citation"][0]
    assert review["reviewRating"]["alternateName"] == "conflicting"
    assert "Secretname" not in json.dumps(review)
