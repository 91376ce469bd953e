"""Label Studio JSON: a task an article, a result for each label, span and claim, offsets in code points."""

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.export.target import Target
from annotator.export.works import GOLD, Line, Work, judgements, spans_of
from db import canonical

FILE, CONFIG = "tasks.json", "config.xml"
LOSSES = {
    "annotations_without_label": "annotations that are begun and hold no answer have no region of their own",
    "agreement": "agreement of articles and sentences",
    "evidence": "evidence of claims: it is in the region's meta, which Label Studio shows and does not edit",
    "nested_attributions": "attributions inside another one or that continue one: the chain is in the region's meta",
    "speakers": "speakers: a region has the name in its meta, not the other names",
    "sources": "sources: a region has the title in its meta, not the rest",
    "voices": "voices of claims and opinions: they are in the region's meta",
}
LABELS = ("claim", "quote", "opinion", "none", "unsure", "speaker", "cue", "content", "checkable claim")
CHOICES = "".join(f'    <Label value="{label}"/>\n' for label in LABELS)
VIEW = f"""<View>
  <Labels name="label" toName="text">
{CHOICES}  </Labels>
  <Text name="text" value="$text"/>
</View>
"""


def write(target: Target, works: Iterable[Work]) -> None:
    """Write tasks.json, one task a line, and the labelling configuration that fits it."""
    with target.file(CONFIG) as put:
        put(VIEW.encode())
    with target.file(FILE) as put:
        put(b"[")
        for work in works:
            _count(target, work)
            put((b",\n" if target.written["tasks"] else b"\n") + canonical.encode(task(work)))
            target.wrote("tasks")
        put(b"\n]\n")


def _count(target: Target, work: Work) -> None:
    target.lose("agreement")
    target.lose("speakers", len(work.speakers))
    target.lose("sources", len(work.sources))
    for sentence in work.sentences:
        target.lose("agreement", sentence["agreement"]["reviewers"] > 0)
        for who, judged in judgements(sentence):
            attributions = judged["attributions"]
            target.wrote("gold" if who == GOLD else "annotations")
            target.lose("annotations_without_label", not _labels(judged))
            target.lose("evidence", sum(len(claim["evidence"]) for claim in judged["claims"]))
            target.lose("nested_attributions", sum(bool(a["parent_id"] or a["continues_id"]) for a in attributions))
            target.lose("voices", any(judged["voices"].values()))


def task(work: Work) -> dict[str, Any]:
    """One article: its text, and an annotation for gold and for each reviewer; `offsets` names the unit."""
    article = work.article
    same = ("title", "url", "external_id", "language", "text", "text_sha256")
    return {
        "annotations": [_annotation(work, who) for who in work.layers()],
        "data": {"article_id": article["id"], "offsets": "code points", **{name: article[name] for name in same}},
        "predictions": [],
    }


def _annotation(work: Work, who: str) -> dict[str, Any]:
    return {
        "completed_by": {"email": who, "first_name": who, "last_name": ""},
        "ground_truth": who == GOLD,
        "result": [
            found
            for sentence in work.sentences
            for by, judged in judgements(sentence)
            if by == who
            for found in results(work, sentence, judged)
        ],
    }


def results(work: Work, sentence: Line, judged: Line) -> Iterator[dict[str, Any]]:
    """The regions of one judgement; their order and ids are the contract's."""
    uid = judged.get("id") or f"{sentence['id']}:gold"
    kept = {name: judged.get(name) for name in ("note", "none_reason", "loaded_language", "status", "voices")}
    labels = _labels(judged)
    if labels:
        yield _region(work, uid, sentence["start"], sentence["end"], labels, {**kept, "sentence_id": sentence["id"]})
    for attribution in judged["attributions"]:
        speaker, source = work.speaker(attribution), work.source(attribution)
        names = {"speaker": speaker and speaker["name"], "source": source and source["title"]}
        kept = {name: value for name, value in attribution.items() if not name.endswith(("_span", "_spans"))} | names
        for part, spans in spans_of(attribution):
            for number, (start, end) in enumerate(spans):
                yield _region(work, f"{attribution['id']}:{part}:{number}", start, end, [part], kept)
    for claim in judged["claims"]:
        kept = {name: value for name, value in claim.items() if name != "span"}
        start, end = claim["span"]
        yield _region(work, claim["id"], start, end, ["checkable claim"], kept)


def _labels(judged: Line) -> list[str]:
    none = ["none"] if judged["none_reason"] else ["unsure"] if judged.get("status") == "unsure" else []
    return judged["labels"] or none


def _region(work: Work, uid: str, start: int, end: int, labels: list[str], meta: Line) -> dict[str, Any]:
    return {
        "from_name": "label",
        "id": uid,
        "meta": {name: value for name, value in meta.items() if value not in (None, False, [], {})},
        "to_name": "text",
        "type": "labels",
        "value": {"end": end, "labels": labels, "start": start, "text": work.text[start:end]},
    }
