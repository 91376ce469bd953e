"""W3C Web Annotation JSON-LD: labels, what is said by whom, and claims, each on its place in the article's text."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from annotator.export import claimreview
from annotator.export.target import Target
from annotator.export.works import GOLD, Line, Work, judgements, spans_of
from db import canonical

FILE = "annotations.jsonld"
CONTEXT = "http://www.w3.org/ns/anno.jsonld"
FRAGMENT = "https://wicg.github.io/scroll-to-text-fragment/"
AROUND = 32  # code points of the text before and after a quoted one
LONGEST, ENDS = 200, 5  # a longer text is found in a page by this many words at both ends of it
LOSSES = {
    "agreement": "agreement of sentences: it is computed from the annotations and can be again",
    "annotations_without_label": "annotations that are begun and hold no answer",
    "attribution_details": "attributions: mode, naming, record, role, affiliation, confidence and note",
    "nested_attributions": "attributions inside another one or that continue one: their annotations stand alone",
    "source_details": "sources: the address or title is linked, not the rest",
    "confidence": "annotations with a confidence",
    "revisions": "annotations changed after they were made: the number of the revision",
}


def write(target: Target, works: Iterable[Work]) -> None:
    """Write annotations.jsonld: one page of annotations, one a line."""
    head = {"@context": CONTEXT, "id": "urn:x-annotator:annotations", "type": "AnnotationPage"}
    with target.file(FILE) as put:
        put(canonical.encode(head)[:-1] + b',"items":[')
        for work in works:
            _count(target, work)
            for item in items(work):
                put((b",\n" if target.written["items"] else b"\n") + canonical.encode(item))
                target.wrote("items")
        put(b"\n]}\n")


def _count(target: Target, work: Work) -> None:
    sources = {found["source_id"] for s in work.sentences for _, j in judgements(s) for found in _cited(j)} - {None}
    target.lose("source_details", len(sources))
    for sentence in work.sentences:
        target.lose("agreement", sentence["agreement"]["reviewers"] > 0)
        for who, judged in judgements(sentence):
            attributions = judged["attributions"]
            target.wrote("gold" if who == GOLD else "annotations")
            target.lose("annotations_without_label", not _labels(judged))
            target.lose("attribution_details", len(attributions))
            target.lose("nested_attributions", sum(bool(a["parent_id"] or a["continues_id"]) for a in attributions))
            target.lose("confidence", judged.get("confidence") is not None)
            target.lose("revisions", judged["revision"] > 1)


def _cited(judged: Line) -> list[Line]:
    return [*judged["attributions"], *(found for claim in judged["claims"] for found in claim["evidence"])]


def items(work: Work) -> Iterator[dict[str, Any]]:
    """The annotations of one article: a label set, a part of an attribution or a claim each."""
    for sentence in work.sentences:
        for who, judged in judgements(sentence):
            said = _said_by(judged, who)
            uid = judged.get("id") or f"{sentence['id']}:gold"
            if _labels(judged):
                place = [sentence["start"], sentence["end"]]
                yield _item(work, uid, "classifying", said, _labels(judged), [place])
            for attribution in judged["attributions"]:
                for part, spans in spans_of(attribution):
                    if spans:
                        bodies = _attributed(work, attribution, part)
                        yield _item(work, f"{attribution['id']}:{part}", "identifying", said, bodies, spans)
            for claim in judged["claims"]:
                motivation = "assessing" if claim["verdict"] else "describing"
                yield _item(work, claim["id"], motivation, said, _claimed(work, claim), [claim["span"]])


def _said_by(judged: Line, who: str) -> dict[str, Any]:
    person = judged.get("reviewer_id") or judged.get("adjudicator_id")
    return {
        **({"creator": f"urn:x-annotator:{person}"} if person else {}),
        "created": judged.get("created_at") or judged["decided_at"],
        "modified": judged.get("updated_at") or judged["decided_at"],
        "audience": {"id": f"urn:x-annotator:{'gold' if who == GOLD else 'reviewers'}", "type": "Audience"},
    }


def _item(
    work: Work, uid: str, motivation: str, said: Line, bodies: Sequence[Line], spans: Sequence[Sequence[int]]
) -> dict[str, Any]:
    targets = [_target(work, start, end) for start, end in spans]
    return {
        **said,
        "id": f"urn:x-annotator:{uid}",
        "type": "Annotation",
        "motivation": motivation,
        "body": list(bodies),
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _body(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _labels(judged: Line) -> list[dict[str, Any]]:
    voices = [f"{label}:{voice}" for label, voice in sorted(judged["voices"].items()) if voice]
    none = ["none", f"none:{judged['none_reason']}"] if judged["none_reason"] else []
    tags = [*judged["labels"], *voices, *none, *(["loaded_language"] if judged["loaded_language"] else [])]
    if judged.get("status") in ("unsure", "needs_review"):
        tags.append(judged["status"])
    notes = [_body("commenting", judged["note"])] if judged["note"] else []
    return [_body("tagging", tag) for tag in tags] + notes


def _attributed(work: Work, attribution: Line, part: str) -> list[dict[str, Any]]:
    speaker, source = work.speaker(attribution), work.source(attribution)
    bodies = [_body("tagging", part), _body("tagging", attribution["type"])]
    if speaker:
        linked = {"type": "SpecificResource", "purpose": "linking", "source": f"urn:x-annotator:{speaker['id']}"}
        bodies += [linked, _body("identifying", speaker["name"])]
    return bodies + ([_link(source)] if source else [])


def _claimed(work: Work, claim: Line) -> list[dict[str, Any]]:
    tags = ("claim_type", "check_worthiness", "claim_date", "voice", "verdict")
    bodies = [_body("tagging", f"{name}:{claim[name]}") for name in tags if claim[name]]
    bodies += [_body("describing", claim["text_normalized"])] if claim["text_normalized"] else []
    bodies += [_body("commenting", claim["verdict_note"])] if claim["verdict_note"] else []
    for found in claim["evidence"]:
        source = work.source(found)
        if source:
            bodies.append(_link(source))
        words = [f"{name}: {found[name]}" for name in EVIDENCE if found[name]]
        bodies.append(_body("describing", "\n".join(words)))
    return bodies


EVIDENCE = ("stance", "excerpt", "locator", "question", "answer", "note", "accessed_on", "archived_url")


def _link(source: Line) -> dict[str, Any]:
    address = source["url"] or f"urn:x-annotator:{source['id']}"
    return {"type": "SpecificResource", "purpose": "linking", "source": address}


def _target(work: Work, start: int, end: int) -> dict[str, Any]:
    """A place in the text in code points, by its words, and where the article has an address as a text fragment."""
    url, text = claimreview.address(work.article), work.text
    selectors: list[dict[str, Any]] = [
        {"type": "TextPositionSelector", "start": start, "end": end},
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND],
        },
    ]
    if url:
        fragment = text_fragment(text[start:end])
        selectors.append({"type": "FragmentSelector", "conformsTo": FRAGMENT, "value": fragment})
    return {"source": url or f"urn:sha256:{work.article['text_sha256']}", "selector": selectors}


def text_fragment(text: str) -> str:
    """What goes after the # of an address so that a browser finds this text in the page."""
    words = text.split()
    whole = " ".join(words)
    ends = [whole] if len(whole) <= LONGEST or len(words) < 2 * ENDS else [words[:ENDS], words[-ENDS:]]
    parts = (" ".join(end) if isinstance(end, list) else end for end in ends)
    return ":~:text=" + ",".join(quote(part, safe="").replace("-", "%2D") for part in parts)
