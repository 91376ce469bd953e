"""ClaimReview JSON-LD (schema.org): one object for each gold claim with a verdict in an article with an address."""

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.domain.display import web_address
from annotator.domain.evidence_agreement import SCALE
from annotator.export.target import Target
from annotator.export.works import Line, Work
from db import canonical

FILE = "claimreview.jsonld"
CONTEXT = "https://schema.org"
LOSSES = {
    "claims_without_verdict": "gold claims that nobody has given a verdict: there is nothing to review yet",
    "claims_without_address": "gold claims with a verdict in an article without a web address: a review needs a URL",
    "claims_of_reviewers": "claims in reviewers' own annotations: only gold is published as a review",
    "attributions": "attributions of gold: only the speaker of a claim is carried, no span, cue or content",
    "evidence_details": "evidence of written claims: its source is cited; stance, excerpt, place and note are not",
    "labels": "labels, voices, notes and agreement of gold sentences",
}
# a rating needs a number: the order is how far the evidence speaks for the claim
RATINGS = {str(verdict): number for number, verdict in enumerate(SCALE, start=1)}
TYPES = {"person": "Person", "organization": "Organization", "group": "Organization"}


def write(target: Target, works: Iterable[Work]) -> None:
    """Write claimreview.jsonld, one object a line inside its graph."""
    with target.file(FILE) as put:
        put(b'{"@context":' + canonical.encode(CONTEXT) + b',"@graph":[')
        for work in works:
            _count(target, work)
            for review in reviews(work):
                put((b",\n" if target.written["reviews"] else b"\n") + canonical.encode(review))
                target.wrote("reviews")
        put(b"\n]}\n")


def _count(target: Target, work: Work) -> None:
    for sentence in work.sentences:
        target.lose("claims_of_reviewers", sum(len(judged["claims"]) for judged in sentence["annotations"]))
        gold = sentence["gold"]
        if gold is not None:
            target.lose("labels")
            target.lose("attributions", len(gold["attributions"]))
            target.lose("claims_without_verdict", sum(not claim["verdict"] for claim in gold["claims"]))
    found = [claim for _, _, claim in judged_claims(work)]
    if address(work.article) is None:
        target.lose("claims_without_address", len(found))
    else:
        target.lose("evidence_details", sum(len(claim["evidence"]) for claim in found))


def address(article: Line) -> str | None:
    """The article's canonical address, else the one it was found at; http and https only."""
    return web_address(article["canonical_url"]) or web_address(article["url"])


def judged_claims(work: Work) -> Iterator[tuple[Line, Line, Line]]:
    """(sentence, gold, claim) for each gold claim with a verdict."""
    for sentence in work.sentences:
        gold = sentence["gold"]
        for claim in gold["claims"] if gold is not None else ():
            if claim["verdict"]:
                yield sentence, gold, claim


def reviews(work: Work) -> Iterator[dict[str, Any]]:
    """The ClaimReview objects of one article; none without a web address.

    The contract knows no address of the project: a review's is the article's with the claim's id as its fragment.
    """
    url = address(work.article)
    if url is None:
        return
    for _, gold, claim in judged_claims(work):
        found = {
            "@type": "ClaimReview",
            "@id": f"{url.split('#')[0]}#{claim['id']}",
            "url": f"{url.split('#')[0]}#{claim['id']}",
            "author": {"@type": "Organization", "name": work.article["project"]},
            "claimReviewed": claim["text_normalized"] or work.words([claim["span"]]),
            "datePublished": gold["decided_at"][:10],
            "inLanguage": work.article["language"],
            "itemReviewed": _claim(work, gold, claim, url),
            "reviewBody": claim["verdict_note"],
            "reviewRating": _rating(claim["verdict"]),
            "citation": [_citation(source) for found in claim["evidence"] if (source := work.source(found))],
        }
        yield _known(found)


def _rating(verdict: str) -> dict[str, Any]:
    return {
        "@type": "Rating",
        "alternateName": verdict.replace("_", " "),
        "bestRating": 4,
        "ratingValue": RATINGS[verdict],
        "worstRating": 1,
    }


def _claim(work: Work, gold: Line, claim: Line, url: str) -> dict[str, Any]:
    """What was claimed, by whom: the speaker of its attribution, else the article's own authors."""
    said = next((found for found in gold["attributions"] if found["id"] == claim["attribution_id"]), None)
    speaker, source = (work.speaker(said), work.source(said)) if said else (None, None)
    return _known(
        {
            "@type": "Claim",
            "appearance": _known({"@type": "CreativeWork", "name": work.article["title"], "url": url}),
            "author": _speaker(speaker) if speaker else _authors(work.article) if said is None else None,
            "datePublished": claim["claim_date"],
            "firstAppearance": _citation(source) if source else None,
        }
    )


def _speaker(speaker: Line) -> dict[str, Any]:
    named = {"@type": TYPES.get(speaker["kind"], "Thing"), "name": speaker["name"], "sameAs": speaker["same_as"]}
    return _known(named)


def _authors(article: Line) -> list[dict[str, Any]]:
    people = [{"@type": "Person", "name": name} for name in article["byline"]]
    return people or ([{"@type": "Organization", "name": article["publisher"]}] if article["publisher"] else [])


def _citation(source: Line) -> dict[str, Any]:
    publisher = {"@type": "Organization", "name": source["publisher"]} if source["publisher"] else None
    found = {
        "@type": "CreativeWork",
        "archivedAt": web_address(source["archived_url"]),
        "datePublished": source["issued"],
        "name": source["title"],
        "publisher": publisher,
        "url": web_address(source["url"]),
    }
    return _known(found)


def _known(found: dict[str, Any]) -> dict[str, Any]:
    """The same without what is not known."""
    return {name: value for name, value in found.items() if value is not None and value != []}
