"""What an export must be beyond its JSON Schema, one article with its sentences at a time (model.md, section 3)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from annotator.domain import ids, labels, recovery
from annotator.domain.spans import Span
from annotator.export import agreement
from db import canonical
from db.vocabulary import Label, ReviewerKind, Status

Line = Mapping[str, Any]


class Problem(NamedTuple):
    """What is wrong where; `sentence` is the place of the sentence among the article's, None for the article line."""

    sentence: int | None
    where: str
    message: str


Problems = Iterator[Problem]
Said = Iterator[tuple[str, str]]  # where in a line, what


def check(article: Line, sentences: Sequence[Line]) -> Problems:
    """Every problem of an article whose lines fit the schemas."""
    for where, message in _article(article, sentences):
        yield Problem(None, where, message)
    known = _Known.of(article, sentences)
    for number, sentence in enumerate(sentences):
        for where, message in (*_sentence(article, number, sentence), *_judgements(known, sentence)):
            yield Problem(number, where, message)
    for place, message in _uncovered(article["text"], sentences):
        yield Problem(place, "start" if place is not None else "sentence_ids", message)


def _article(article: Line, sentences: Sequence[Line]) -> Said:
    yield from _text(article)
    yield from _blocks(article)
    yield from _listed(article)
    if article["sentence_ids"] != [sentence["id"] for sentence in sentences]:
        yield "sentence_ids", "not the ids of the article's sentence lines"
    yield from _taking_part(article, sentences)
    yield from _used(article, sentences)
    recomputed = agreement.of_article([votes(article, sentence) for sentence in sentences])
    if canonical.encode(recomputed) != canonical.encode(article["agreement"]):
        yield "agreement", f"recomputed it is {canonical.text(recomputed)}"


def _text(article: Line) -> Said:
    text = article["text"]
    if article["text_sha256"] != canonical.sha256(text):
        yield "text_sha256", "not the SHA-256 of the text"
    if article["text_length"] != len(text):
        yield "text_length", f"the text has {len(text)} code points"
    if article["id"] != ids.article_id(text):
        yield "id", f"the hash of the text gives {ids.article_id(text)}"
    if "\0" in text:
        yield "text", "NUL in it"


def _blocks(article: Line) -> Said:
    blocks = article["blocks"]
    if [block["ordinal"] for block in blocks] != list(range(len(blocks))):
        yield "blocks", "ordinals do not count from 0"
    for number, block in enumerate(blocks):
        if not block["start"] < block["end"] <= len(article["text"]):
            yield f"blocks/{number}", "not a span of the text"
    for one, other in pairwise(blocks):
        if one["end"] > other["start"]:
            yield f"blocks/{other['ordinal']}", "overlaps the block before it or is out of order"


def _listed(article: Line) -> Said:
    """People, speakers and sources: by id, each once, under the id that their name gives."""
    for name in ("reviewers", "speakers", "sources"):
        found = [entry["id"] for entry in article[name]]
        if found != sorted(set(found)):
            yield name, "not in the order of their ids, or one comes twice"
    for number, person in enumerate(article["reviewers"]):
        if person["id"] != ids.reviewer_id(person["name"]):
            yield f"reviewers/{number}/id", f"the name gives {ids.reviewer_id(person['name'])}"
    for number, speaker in enumerate(article["speakers"]):
        if speaker["id"] != ids.speaker_id(speaker["kind"], speaker["name"]):
            wanted = ids.speaker_id(speaker["kind"], speaker["name"])
            yield f"speakers/{number}/id", f"kind and name give {wanted}"
        if speaker["aliases"] != sorted(speaker["aliases"]):
            yield f"speakers/{number}/aliases", "not sorted"


def _taking_part(article: Line, sentences: Sequence[Line]) -> Said:
    """Reviewers are those assigned, with annotations, or who decided; `complete` counts their complete ones."""
    complete: dict[str, int] = {}
    for sentence in sentences:
        for annotation in sentence["annotations"]:
            counts = annotation["status"] == Status.COMPLETE
            complete[annotation["reviewer_id"]] = complete.get(annotation["reviewer_id"], 0) + counts
        gold = sentence["gold"]
        if gold is not None and gold["adjudicator_id"] is not None:
            complete.setdefault(gold["adjudicator_id"], 0)
    for number, person in enumerate(article["reviewers"]):
        wanted = complete.pop(person["id"], 0 if person["assigned"] else None)
        if wanted is None:
            yield f"reviewers/{number}", "neither assigned nor with any work in the article"
        elif wanted != person["complete"]:
            yield f"reviewers/{number}/complete", f"there are {wanted} complete annotations"
    for uid in sorted(complete):
        yield "reviewers", f"{uid} has work in the article and is not listed"


def _judged(sentence: Line) -> Iterator[tuple[str, Line]]:
    """Annotations and gold, each with its place in the line."""
    for number, annotation in enumerate(sentence["annotations"]):
        yield f"annotations/{number}", annotation
    if sentence["gold"] is not None:
        yield "gold", sentence["gold"]


def _used(article: Line, sentences: Sequence[Line]) -> Said:
    """Exactly the speakers and sources that attributions and evidence refer to are listed."""
    used: dict[str, set[str | None]] = {"speakers": set(), "sources": set()}
    for sentence in sentences:
        for _, judged in _judged(sentence):
            for attribution in judged["attributions"]:
                used["speakers"].add(attribution["speaker_id"])
                used["sources"].add(attribution["source_id"])
            used["sources"] |= {found["source_id"] for claim in judged["claims"] for found in claim["evidence"]}
    for name, found in used.items():
        listed = {entry["id"] for entry in article[name]}
        for uid in sorted(listed - found):
            yield name, f"{uid} is listed and nothing refers to it"
        for uid in sorted(uid for uid in found - listed if uid is not None):
            yield name, f"{uid} is referred to and not listed"


def votes(article: Line, sentence: Line) -> dict[str, frozenset[str]]:
    """What counts for the agreement: complete annotations of humans."""
    humans = {person["id"] for person in article["reviewers"] if person["kind"] == ReviewerKind.HUMAN}
    return {
        annotation["reviewer_id"]: frozenset(annotation["labels"])
        for annotation in sentence["annotations"]
        if annotation["status"] == Status.COMPLETE and annotation["reviewer_id"] in humans
    }


def _sentence(article: Line, number: int, sentence: Line) -> Said:
    start, end, blocks = sentence["start"], sentence["end"], article["blocks"]
    if sentence["ordinal"] != number:
        yield "ordinal", f"it is number {number} of its article"
    if sentence["project"] != article["project"]:
        yield "project", "not the project of its article"
    if sentence["text"] != article["text"][start:end] or not start < end:
        yield "text", f"not what stands at {start} to {end} of the article"
    if sentence["id"] != ids.sentence_id(article["id"], start, end):
        yield "id", f"article and offsets give {ids.sentence_id(article['id'], start, end)}"
    block = sentence["block"]
    if block not in blocks[block["ordinal"] : block["ordinal"] + 1]:
        yield "block", "not a block of the article"
    elif not block["start"] <= start < block["end"]:
        yield "block", "the sentence does not begin in it"
    if sentence["segmentation"]["version"] > article["segmentation"]["version"]:
        yield "segmentation/version", "later than the article's"
    if sentence["id"] in sentence["segmentation"]["derived_from"]:
        yield "segmentation/derived_from", "derived from itself"
    recomputed = agreement.of_sentence(list(votes(article, sentence).values()))
    if canonical.encode(recomputed) != canonical.encode(sentence["agreement"]):
        yield "agreement", f"recomputed it is {canonical.text(recomputed)}"
    gold = sentence["gold"]
    primary = None if gold is None else labels.primary(frozenset(map(Label, gold["labels"])))
    if sentence["primary_label"] != primary:
        yield "primary_label", f"the gold's labels give {primary}"


def _uncovered(text: str, sentences: Sequence[Line]) -> Iterator[tuple[int | None, str]]:
    place = 0
    for number, sentence in enumerate(sentences):
        start, end = sentence["start"], sentence["end"]
        if start < place:
            yield number, "overlaps the sentence before it or is out of order"
        elif not _is_blank(text[place:start]):
            yield number, f"no sentence covers the characters {place} to {start}"
        place = max(place, end)
    if not _is_blank(text[place:]):
        yield None, f"no sentence covers the characters from {place} to the end"


def _is_blank(text: str) -> bool:
    return not text or text.isspace()


class _Known(NamedTuple):
    """What references in an article may resolve to."""

    reviewers: frozenset[str]
    speakers: frozenset[str]
    sources: frozenset[str]
    attributions: frozenset[str]
    length: int

    @classmethod
    def of(cls, article: Line, sentences: Sequence[Line]) -> "_Known":
        reviewers, speakers, sources = (
            frozenset(entry["id"] for entry in article[name]) for name in ("reviewers", "speakers", "sources")
        )
        judged = (found for sentence in sentences for _, found in _judged(sentence))
        attributions = frozenset(attribution["id"] for found in judged for attribution in found["attributions"])
        return cls(reviewers, speakers, sources, attributions, len(article["text"]))


def _judgements(known: _Known, sentence: Line) -> Said:
    people = [annotation["reviewer_id"] for annotation in sentence["annotations"]]
    if people != sorted(set(people)):
        yield "annotations", "not in the order of their reviewers, or one comes twice"
    for place, judged in _judged(sentence):
        person = judged.get("reviewer_id", judged.get("adjudicator_id"))
        uid = ids.annotation_id(sentence["id"], None if place == "gold" else person)
        if judged.get("id", uid) != uid:
            yield f"{place}/id", f"sentence and reviewer give {uid}"
        if person is not None and person not in known.reviewers:
            yield place, f"the article lists no reviewer {person}"
        if judged["labels"] != sorted(judged["labels"]):
            yield f"{place}/labels", "not sorted"
        if judged.get("status") == Status.UNSURE and (judged["labels"] or judged["none_reason"]):
            yield f"{place}/status", "unsure and labelled"
        for where, message in (*_attributions(known, sentence, uid, judged), *_claims(known, sentence, uid, judged)):
            yield f"{place}/{where}", message


def _in_order(found: Iterable[Line], id_of: Callable[[int], str]) -> Said:
    """Ids are those of rising numbers."""
    last = 0
    for number, entry in enumerate(found):
        seq = recovery.seq(entry["id"], id_of, after=last)
        if seq is None:
            yield f"{number}/id", "not the hash of what it belongs to and a number above the one before"
        else:
            last = seq


def _attributions(known: _Known, sentence: Line, annotation: str, judged: Line) -> Said:
    found = {attribution["id"]: attribution for attribution in judged["attributions"]}
    for where, message in _in_order(judged["attributions"], lambda seq: ids.attribution_id(annotation, seq)):
        yield f"attributions/{where}", message
    for number, attribution in enumerate(judged["attributions"]):
        for where, message in _attribution(known, sentence, found, attribution):
            yield f"attributions/{number}/{where}", message


def _attribution(known: _Known, sentence: Line, siblings: Mapping[str, Line], attribution: Line) -> Said:
    for name, there in (("speaker_id", known.speakers), ("source_id", known.sources)):
        if attribution[name] is not None and attribution[name] not in there:
            yield name, f"the article lists no {attribution[name]}"
    if attribution["parent_id"] is not None and attribution["parent_id"] not in siblings:
        yield "parent_id", "not an attribution of the same annotation"
    if attribution["continues_id"] is not None and attribution["continues_id"] not in known.attributions:
        yield "continues_id", "not an attribution of the article"
    above = _above(siblings, attribution)
    if above is None:
        yield "parent_id", "it is its own ancestor"
    elif attribution["chain"] != _chain(above):
        yield "chain", f"the speakers along the parents are {_chain(above)}"
    spans = {name: attribution[name] for name in ("content_spans", "cue_spans")}
    spans["speaker_span"] = [attribution["speaker_span"]] if attribution["speaker_span"] else []
    for name, listed in spans.items():
        if any(not start < end <= known.length for start, end in listed):
            yield name, "not spans of the text"
    lies = Span(sentence["start"], sentence["end"])
    if not any(lies.overlaps(Span(*span)) for span in attribution["content_spans"]):
        yield "content_spans", "none touches the sentence"


def _above(siblings: Mapping[str, Line], attribution: Line) -> list[Line] | None:
    """The attribution and those it is nested in, the innermost first; None when they form a circle."""
    path: list[Line] = []
    step: Line | None = attribution
    while step is not None:
        if any(step is passed for passed in path):
            return None
        path.append(step)
        step = siblings.get(step["parent_id"])
    return path


def _chain(above: Sequence[Line]) -> list[str]:
    if above[0]["speaker_id"] is None:
        return []
    return [found["speaker_id"] for found in reversed(above) if found["speaker_id"] is not None]


def _claims(known: _Known, sentence: Line, annotation: str, judged: Line) -> Said:
    attributions = {attribution["id"] for attribution in judged["attributions"]}
    for where, message in _in_order(judged["claims"], lambda seq: ids.claim_id(annotation, seq)):
        yield f"claims/{where}", message
    for number, claim in enumerate(judged["claims"]):
        start, end = claim["span"]
        if not sentence["start"] <= start < end <= sentence["end"]:
            yield f"claims/{number}/span", "not inside the sentence"
        if claim["attribution_id"] is not None and claim["attribution_id"] not in attributions:
            yield f"claims/{number}/attribution_id", "not an attribution of the same annotation"
        if claim["attribution_id"] is not None and claim["voice"] != "attributed":
            yield f"claims/{number}/voice", "must be attributed, as it has an attribution"
        for where, message in _evidence(known, claim):
            yield f"claims/{number}/evidence/{where}", message


def _evidence(known: _Known, claim: Line) -> Said:
    def id_of(seq: int) -> str:
        return ids.evidence_id(claim["id"], seq)

    yield from _in_order(claim["evidence"], id_of)
    for number, found in enumerate(claim["evidence"]):
        if found["source_id"] not in known.sources:
            yield f"{number}/source_id", f"the article lists no {found['source_id']}"
