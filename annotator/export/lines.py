"""Article and sentence lines of the contract, as plain dictionaries, from the rows of a batch."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

from annotator.domain import labels
from annotator.export import agreement
from annotator.export.rows import LABEL_SETS, Batch, Row, label_set
from db import canonical
from db.vocabulary import AnnotationRole, Label, Status, Voice

SCHEMA_VERSION = "1.0.0"
VOICES = {
    both: dict(zip(("claim", "opinion"), both, strict=True)) for both in product((None, *map(str, Voice)), repeat=2)
}
SORTED = {labels: sorted(labels) for labels in LABEL_SETS.values()}
Line = dict[str, Any]


def article(batch: Batch, row: Row) -> Line:
    """The article line of one article."""
    segmentation = batch.segmentation_of[row.id]
    sentences, judged = _sentences(batch, row), list(_annotations(batch, row))
    attributions = [found for one in judged for found in batch.attributions_of.get(one.id, ())]
    return {
        **{name: getattr(row, name) for name in ARTICLE_FIELDS},
        "agreement": agreement.of_article([batch.votes_of.get(s.id, {}) for s in sentences]),
        "blocks": [_block(block) for block in batch.blocks_of[row.id]],
        "byline": canonical.decode(row.byline),
        "guideline": {"sha256": batch.head.guideline_sha256, "version": batch.head.guideline_version},
        "id": row.uid,
        "import_batch": {**{name: getattr(row, name) for name in BATCH_FIELDS}, "id": row.batch_uid},
        "project": batch.head.project,
        "reviewers": _reviewers(batch, row, judged),
        "schema_version": SCHEMA_VERSION,
        "segmentation": {"engine": segmentation.engine, "version": segmentation.version},
        "sentence_ids": [sentence.uid for sentence in sentences],
        "sources": _sources(batch, [*attributions, *_evidence(batch, judged)]),
        "speakers": _speakers(batch, attributions),
        "type": "article",
    }


ARTICLE_FIELDS = (
    "canonical_url", "external_id", "language", "license", "published", "publisher", "rights_note", "text",
    "text_length", "text_sha256", "title", "url",
)  # fmt: skip
BATCH_FIELDS = ("file_name", "file_sha256", "format", "imported_at", "importer_version")
SOURCE_FIELDS = (
    "accessed_on", "archived_url", "canonical_url", "doi", "issued", "medium", "note", "publisher", "tier", "title",
    "type", "url",
)  # fmt: skip


def _sentences(batch: Batch, row: Row) -> Sequence[Row]:
    return batch.sentences_of.get(row.id, ())


def _block(row: Row) -> Line:
    return {"end": row.end_cp, "kind": row.kind, "level": row.level, "ordinal": row.ordinal, "start": row.start_cp}


def _annotations(batch: Batch, row: Row) -> Iterator[Row]:
    """Every exported annotation of an article, gold too."""
    for sentence in _sentences(batch, row):
        yield from batch.annotations_of.get(sentence.id, ())
        if sentence.id in batch.gold_of:
            yield batch.gold_of[sentence.id]


def _reviewers(batch: Batch, row: Row, judged: Iterable[Row]) -> list[Line]:
    """Who is assigned, has annotated or has decided in this article; of those left out only who has decided."""
    assigned, wanted = set(batch.assigned_of.get(row.id, ())), batch.head.selection
    listed = {uid for uid in assigned if not wanted.gold_only and (not wanted.reviewers or uid in wanted.reviewers)}
    complete = dict.fromkeys(listed, 0)
    for annotation in judged:
        if annotation.reviewer is not None:
            counts = annotation.role == AnnotationRole.REVIEWER and annotation.status == Status.COMPLETE
            complete[annotation.reviewer] = complete.get(annotation.reviewer, 0) + counts
    return [
        {"assigned": uid in assigned, "complete": complete[uid], "id": uid, "kind": person.kind, "name": person.name}
        for uid, person in ((uid, batch.head.reviewers[uid]) for uid in sorted(complete))
    ]


def _evidence(batch: Batch, judged: Iterable[Row]) -> Iterator[Row]:
    claims = (claim for annotation in judged for claim in batch.claims_of.get(annotation.id, ()))
    return (found for claim in claims for found in batch.evidence_of.get(claim.id, ()))


def _speakers(batch: Batch, attributions: Iterable[Row]) -> list[Line]:
    found = {speaker.uid: speaker for a in attributions if (speaker := batch.speaker(a.speaker_id))}
    return [
        {
            "aliases": batch.aliases_of.get(speaker.id, []),
            "id": uid,
            "kind": speaker.kind,
            "name": speaker.name,
            "same_as": speaker.same_as,
        }
        for uid, speaker in sorted(found.items())
    ]


def _sources(batch: Batch, citing: Iterable[Row]) -> list[Line]:
    """The sources of attributions and evidence."""
    found = {source.uid: source for key in {row.source_id for row in citing} if (source := batch.source(key))}
    return [
        {
            **{name: getattr(source, name) for name in SOURCE_FIELDS},
            "authors": canonical.decode(source.authors),
            "id": uid,
        }
        for uid, source in sorted(found.items())
    ]


def sentences(batch: Batch, row: Row) -> Iterator[Line]:
    """The sentence lines of one article, in order."""
    blocks = {block.id: _block(block) for block in batch.blocks_of[row.id]}
    for ordinal, sentence in enumerate(_sentences(batch, row)):
        gold = batch.gold_of.get(sentence.id)
        yield {
            "agreement": agreement.of_sentence(batch.votes_of.get(sentence.id, {}).values()),
            "annotations": [_annotation(batch, found) for found in batch.annotations_of.get(sentence.id, ())],
            "article_id": row.uid,
            "block": blocks[sentence.block_id],
            "end": sentence.end_cp,
            "gold": None if gold is None else _gold(batch, gold),
            "id": sentence.uid,
            "ordinal": ordinal,
            "primary_label": None if gold is None else labels.primary(frozenset(map(Label, label_set(gold)))),
            "project": batch.head.project,
            "schema_version": SCHEMA_VERSION,
            "segmentation": {
                "derived_from": list(batch.derived_from.get(sentence.id, ())),
                "origin": sentence.origin,
                "version": sentence.version,
            },
            "start": sentence.start_cp,
            "text": row.text[sentence.start_cp : sentence.end_cp],
            "type": "sentence",
        }


def _judgement(batch: Batch, row: Row) -> Line:
    """What reviewers' annotations and gold have in common."""
    attributions, claims = batch.attributions_of.get(row.id), batch.claims_of.get(row.id)
    return {
        "attributions": [_attribution(batch, found) for found in attributions] if attributions else [],
        "claims": [_claim(batch, found) for found in claims] if claims else [],
        "guideline_version": row.guideline,
        "labels": SORTED[LABEL_SETS[row.is_claim, row.is_quote, row.is_opinion]],
        "loaded_language": row.loaded_language,
        "none_reason": row.none_reason,
        "note": row.note,
        "revision": row.revision,
        "voices": VOICES[row.claim_voice, row.opinion_voice],
    }


def _annotation(batch: Batch, row: Row) -> Line:
    line = _judgement(batch, row)
    line["confidence"] = row.confidence
    line["created_at"] = row.created_at
    line["id"] = row.uid
    line["origin"] = row.origin
    line["reviewer_id"] = row.reviewer
    line["status"] = row.status
    line["updated_at"] = row.updated_at
    return line


def _gold(batch: Batch, row: Row) -> Line:
    judged = {**_judgement(batch, row), "adjudicator_id": row.reviewer, "decided_at": row.updated_at}
    return {**judged, "method": row.method}


def _attribution(batch: Batch, row: Row) -> Line:
    speaker, source = batch.speaker(row.speaker_id), batch.source(row.source_id)
    return {
        **{name: getattr(row, name) for name in ATTRIBUTION_FIELDS},
        "chain": _chain(batch, row),
        "content_spans": batch.spans_of.get((row.id, "content"), []),
        "continues_id": batch.attribution_ids.get(row.continues_id),
        "cue_spans": batch.spans_of.get((row.id, "cue"), []),
        "id": row.uid,
        "parent_id": batch.attribution_ids.get(row.parent_id),
        "source_id": source and source.uid,
        "speaker_id": speaker and speaker.uid,
        "speaker_span": None if row.speaker_start is None else [row.speaker_start, row.speaker_end],
    }


ATTRIBUTION_FIELDS = (
    "affiliation", "confidence", "mode", "naming", "negated", "note", "record", "role", "type",
)  # fmt: skip
CLAIM_FIELDS = (
    "check_worthiness", "claim_date", "claim_type", "text_normalized", "verdict", "verdict_note", "voice",
)  # fmt: skip
EVIDENCE_FIELDS = (
    "accessed_on", "answer", "archived_url", "excerpt", "locator", "note", "question", "stance",
)  # fmt: skip


def _chain(batch: Batch, row: Row) -> list[str]:
    """The speakers along the parents, the outermost first; empty when the last one is not known."""
    if row.speaker_id is None:
        return []
    siblings = {found.id: found for found in batch.attributions_of[row.annotation_id]}
    chain: list[Row] = []
    step = row
    while step is not None and step not in chain:
        chain.append(step)
        step = siblings.get(step.parent_id)
    return [speaker.uid for found in reversed(chain) if (speaker := batch.speaker(found.speaker_id))]


def _claim(batch: Batch, row: Row) -> Line:
    return {
        **{name: getattr(row, name) for name in CLAIM_FIELDS},
        "attribution_id": batch.attribution_ids.get(row.attribution_id),
        "evidence": [_one_evidence(batch, found) for found in batch.evidence_of.get(row.id, ())],
        "id": row.uid,
        "span": [row.start_cp, row.end_cp],
    }


def _one_evidence(batch: Batch, row: Row) -> Line:
    source = batch.source(row.source_id)
    return {
        **{name: getattr(row, name) for name in EVIDENCE_FIELDS},
        "id": row.uid,
        "source_id": source and source.uid,
    }
