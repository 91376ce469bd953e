"""A JSON-LD processor that fetches nothing: the two contexts that our files name, as far as they use them."""

from typing import Any

from pyld import jsonld

AS, DC, DCT, OA = (
    "http://www.w3.org/ns/activitystreams#", "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/",
    "http://www.w3.org/ns/oa#",
)  # fmt: skip
RDF, SCHEMA, XSD = (
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://schema.org/", "http://www.w3.org/2001/XMLSchema#",
)  # fmt: skip
# terms of the Web Annotation vocabulary, written down for these tests; a term that is not here is lost and fails them
TYPES = {
    "Annotation": OA, "AnnotationPage": AS + "OrderedCollectionPage", "TextualBody": OA, "SpecificResource": OA,
    "TextPositionSelector": OA, "TextQuoteSelector": OA, "FragmentSelector": OA, "Audience": SCHEMA,
}  # fmt: skip
MOTIVATIONS = ("assessing", "classifying", "commenting", "describing", "identifying", "linking", "tagging")
ANNOTATION = {
    "id": "@id", "type": "@type",
    **{name: space if "Page" in name else space + name for name, space in TYPES.items()},
    **{name: OA + name for name in MOTIVATIONS},
    "body": {"@id": OA + "hasBody", "@type": "@id"}, "target": {"@id": OA + "hasTarget", "@type": "@id"},
    "source": {"@id": OA + "hasSource", "@type": "@id"}, "selector": {"@id": OA + "hasSelector", "@type": "@id"},
    "motivation": {"@id": OA + "motivatedBy", "@type": "@vocab"},
    "purpose": {"@id": OA + "hasPurpose", "@type": "@vocab"}, "value": RDF + "value",
    "exact": OA + "exact", "prefix": OA + "prefix", "suffix": OA + "suffix",
    "start": {"@id": OA + "start", "@type": XSD + "nonNegativeInteger"},
    "end": {"@id": OA + "end", "@type": XSD + "nonNegativeInteger"},
    "conformsTo": {"@id": DCT + "conformsTo", "@type": "@id"}, "creator": {"@id": DCT + "creator", "@type": "@id"},
    "created": {"@id": DCT + "created", "@type": XSD + "dateTime"},
    "modified": {"@id": DCT + "modified", "@type": XSD + "dateTime"},
    "audience": {"@id": SCHEMA + "audience", "@type": "@id"},
    "items": {"@id": AS + "items", "@type": "@id", "@container": "@list"},
}  # fmt: skip
CONTEXTS = {
    "http://www.w3.org/ns/anno.jsonld": ANNOTATION,
    "https://schema.org": {"@vocab": SCHEMA},
    "https://schema.org/": {"@vocab": SCHEMA},
    "http://schema.org/": {"@vocab": SCHEMA},
}


def _loader(url: str, _options: dict[str, Any]) -> dict[str, Any]:
    assert url in CONTEXTS, f"{url} is not here, and nothing is fetched"
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": CONTEXTS[url]},
    }


def expanded(document: Any) -> list[dict[str, Any]]:
    """What a JSON-LD processor understands of a document: full addresses only."""
    found: list[dict[str, Any]] = jsonld.expand(document, {"documentLoader": _loader})
    return found


def quads(document: Any) -> int:
    """How many statements it makes as RDF."""
    dataset = jsonld.to_rdf(document, {"documentLoader": _loader})
    return sum(map(len, dataset.values()))


def terms(document: Any) -> set[str]:
    """Keys of a document as it is written, at any depth, but for those of JSON-LD itself."""
    if isinstance(document, dict):
        own = {key for key in document if not key.startswith("@")}
        return own.union(*(terms(value) for key, value in document.items() if key != "@context"))
    return set().union(*map(terms, document)) if isinstance(document, list) else set()


def properties(found: Any) -> set[str]:
    """Last parts of the addresses of all properties that a processor understood."""
    if isinstance(found, dict):
        own = {key.replace("#", "/").rpartition("/")[2] for key in found if not key.startswith("@")}
        return own.union(*map(properties, found.values()))
    return set().union(*map(properties, found)) if isinstance(found, list) else set()
