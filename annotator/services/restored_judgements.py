"""Annotations and gold of an export -> rows, with their attributions, claims, evidence, newest revision and event."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, SQLModel

from annotator.domain import ids, recovery
from annotator.errors import Invalid
from annotator.intake.contract import Line
from annotator.services import history
from annotator.services.history import Actor, Entry
from annotator.services.storing import Rows
from db import canonical
from db.bulk import insert_rows
from db.models import Annotation, AnnotationRevision, Attribution, AttributionSpan, Claim, Evidence, Source
from db.queries import history as past
from db.vocabulary import Label, Origin, SpanPart, Status

ATTRIBUTION_FIELDS = (
    "type", "mode", "negated", "role", "affiliation", "naming", "record", "confidence", "note",
)  # fmt: skip
CLAIM_FIELDS = (
    "text_normalized", "claim_type", "check_worthiness", "voice", "claim_date", "verdict", "verdict_note",
)  # fmt: skip
EVIDENCE_FIELDS = (
    "stance", "excerpt", "locator", "question", "answer", "accessed_on", "archived_url", "note",
)  # fmt: skip
# what history.snapshot says of the row itself
ANNOTATION_FIELDS = (
    "status", "is_claim", "is_quote", "is_opinion", "claim_voice", "opinion_voice", "none_reason", "loaded_language",
    "confidence", "note", "guideline_rule", "guideline_id", "method", "origin",
)  # fmt: skip
Numbered = list[tuple[int, Line]]  # each with the number its id was made of


@dataclass(frozen=True, slots=True)
class Judged:
    """An annotation or gold of an export."""

    uid: str
    line: Line
    sentence: Line
    gold: bool
    attributions: Numbered
    claims: Numbered
    evidence: dict[str, Numbered]  # by claim


@dataclass(frozen=True, slots=True)
class Keys:
    """What judgements refer to: public ids (for guidelines, versions) -> keys in the database."""

    articles: dict[str, int]
    sentences: dict[str, int]
    reviewers: dict[str, int]
    guidelines: dict[str, int]
    speakers: dict[str, int]
    sources: dict[str, int]


def read(sentence: Line) -> Iterator[Judged]:
    """The annotations of a sentence line, and its gold."""
    for line in sentence["annotations"]:
        yield _judged(sentence, line, ids.annotation_id(sentence["id"], line["reviewer_id"]), gold=False)
    if sentence["gold"] is not None:
        yield _judged(sentence, sentence["gold"], ids.annotation_id(sentence["id"], None), gold=True)


def _judged(sentence: Line, line: Line, uid: str, *, gold: bool) -> Judged:
    return Judged(
        uid,
        line,
        sentence,
        gold,
        attributions=_numbered(line["attributions"], ids.attribution_id, uid),
        claims=_numbered(line["claims"], ids.claim_id, uid),
        evidence={claim["id"]: _numbered(claim["evidence"], ids.evidence_id, claim["id"]) for claim in line["claims"]},
    )


def _numbered(entries: Sequence[Line], id_of: Callable[[str, int], str], above: str) -> Numbered:
    """Raises Invalid for an id that is no hash of what it belongs to and a number; validation comes before."""
    found: Numbered = []
    for entry in entries:
        seq = recovery.seq(entry["id"], lambda number: id_of(above, number), after=_last(found))
        if seq is None:
            raise Invalid(f"{entry['id']} is not the hash of what it belongs to and a number.")
        found.append((seq, entry))
    return found


def _last(numbered: Numbered) -> int:
    return numbered[-1][0] if numbered else 0


def store(session: Session, actor: Actor, keys: Keys, judged: Sequence[Judged]) -> None:
    """Write them with all that hangs on them."""
    rows = [_annotation(keys, found) for found in judged]
    annotations = insert_rows(session, Annotation, rows)
    attributions = _store_attributions(session, keys, list(zip(annotations, judged, strict=True)))
    twins = {uid: twin for found in judged for claim in found.line["claims"] for uid, twin in _twins(claim)}
    _store_twins(session, keys, judged, twins)
    _store_claims(session, keys, list(zip(annotations, judged, strict=True)), attributions, twins)
    revisions, entries = [], []
    for key, row, found in zip(annotations, rows, judged, strict=True):
        snapshot = canonical.text(_snapshot(row, found, twins))
        revisions.append(_revision(key, row, snapshot))
        article, detail = keys.articles[found.sentence["article_id"]], {"revision": row["revision"]}
        after = canonical.sha256(snapshot)
        entries.append(Entry("import", "annotation", found.uid, article, after=after, detail=detail))
    _insert(session, AnnotationRevision, revisions)
    history.log_many(session, actor, entries)


def _insert(session: Session, table: type[SQLModel], rows: Rows) -> None:
    if rows:
        session.connection().execute(insert(table), rows)


def _annotation(keys: Keys, found: Judged) -> dict[str, Any]:
    line = found.line
    at = line["decided_at"] if found.gold else line["updated_at"]
    person = line["adjudicator_id"] if found.gold else line["reviewer_id"]
    return {
        "uid": found.uid,
        "sentence_id": keys.sentences[found.sentence["id"]],
        "reviewer_id": None if person is None else keys.reviewers[person],
        "role": "gold" if found.gold else "reviewer",
        "method": line.get("method"),
        "status": line.get("status", Status.COMPLETE),
        **{f"is_{label}": label in line["labels"] for label in Label},
        "claim_voice": line["voices"]["claim"],
        "opinion_voice": line["voices"]["opinion"],
        "none_reason": line["none_reason"],
        "loaded_language": line["loaded_language"],
        "confidence": line.get("confidence"),
        "note": line["note"],
        "guideline_rule": None,
        "guideline_id": keys.guidelines[line["guideline_version"]],
        "origin": line.get("origin", Origin.HUMAN),
        "revision": line["revision"],
        "last_attribution_seq": _last(found.attributions),
        "last_claim_seq": _last(found.claims),
        "created_at": line.get("created_at", at),
        "updated_at": at,
    }


def _store_attributions(session: Session, keys: Keys, judged: Sequence[tuple[int, Judged]]) -> dict[str, int]:
    """Attributions with their spans; what they hang on is set when all of them have a key."""
    rows = [
        _attribution(keys, annotation, seq, line) for annotation, found in judged for seq, line in found.attributions
    ]
    stored = dict(zip((row["uid"] for row in rows), insert_rows(session, Attribution, rows), strict=True))
    lines = [line for _, found in judged for _, line in found.attributions]
    links = [
        {"key": stored[line["id"]], "parent": stored.get(line["parent_id"]), "before": stored.get(line["continues_id"])}
        for line in lines
        if line["parent_id"] or line["continues_id"]
    ]
    if links:
        table = Attribution.__table__  # type: ignore[attr-defined]  # SQLModel makes it at run time
        linked = update(table).where(table.c.id == bindparam("key"))
        values: dict[str, Any] = {"parent_id": bindparam("parent"), "continues_id": bindparam("before")}
        session.connection().execute(linked.values(values), links)
    _insert(session, AttributionSpan, [row for line in lines for row in _spans(stored[line["id"]], line)])
    return stored


def _attribution(keys: Keys, annotation: int, seq: int, line: Line) -> dict[str, Any]:
    start, end = line["speaker_span"] or (None, None)
    return {
        "annotation_id": annotation,
        "seq": seq,
        "uid": line["id"],
        "speaker_id": line["speaker_id"] and keys.speakers[line["speaker_id"]],
        "speaker_start": start,
        "speaker_end": end,
        "source_id": line["source_id"] and keys.sources[line["source_id"]],
        **{name: line[name] for name in ATTRIBUTION_FIELDS},
    }


def _spans(attribution: int, line: Line) -> Iterator[dict[str, Any]]:
    for part, spans in ((SpanPart.CUE, line["cue_spans"]), (SpanPart.CONTENT, line["content_spans"])):
        for n, (start, end) in enumerate(spans):
            yield {"attribution_id": attribution, "part": part, "n": n, "start_cp": start, "end_cp": end}


def _twins(claim: Line) -> Iterator[tuple[str, str]]:
    """Evidence that names the same passage as one before it: its source was merged into the other's.

    The merged source left with no export, so a stand-in takes its place.
    """
    seen = set()
    for line in claim["evidence"]:
        passage = (line["source_id"], line["excerpt"], line["locator"])
        if passage in seen:
            yield line["id"], _twin_key(line["id"])
        seen.add(passage)


def _twin_key(evidence: str) -> str:
    return f"merged:{evidence}"


def _store_twins(session: Session, keys: Keys, judged: Sequence[Judged], twins: dict[str, str]) -> None:
    for line in (line for found in judged for numbered in found.evidence.values() for _, line in numbered):
        if line["id"] in twins:
            real = session.get_one(Source, keys.sources[line["source_id"]])
            twin = Source(
                **real.model_dump(exclude={"id", "uid", "dedup_key", "merged_into_id"}),
                uid=ids.source_id(twins[line["id"]]),
                dedup_key=twins[line["id"]],
                merged_into_id=real.id,
            )
            session.add(twin)
            session.flush()
            assert twin.id is not None
            keys.sources[twin.uid] = twin.id


def _source_of(line: Line, twins: dict[str, str]) -> str:
    return ids.source_id(twins[line["id"]]) if line["id"] in twins else line["source_id"]


def _store_claims(
    session: Session,
    keys: Keys,
    judged: Sequence[tuple[int, Judged]],
    attributions: dict[str, int],
    twins: dict[str, str],
) -> None:
    claims = [
        (found, _claim(annotation, found, seq, line, attributions))
        for annotation, found in judged
        for seq, line in found.claims
    ]
    stored = insert_rows(session, Claim, [row for _, row in claims])
    evidence = [
        _evidence(keys, key, seq, line, twins)
        for key, (found, row) in zip(stored, claims, strict=True)
        for seq, line in found.evidence[row["uid"]]
    ]
    _insert(session, Evidence, evidence)


def _claim(annotation: int, found: Judged, seq: int, line: Line, attributions: dict[str, int]) -> dict[str, Any]:
    return {
        "annotation_id": annotation,
        "seq": seq,
        "uid": line["id"],
        "start_cp": line["span"][0],
        "end_cp": line["span"][1],
        "attribution_id": line["attribution_id"] and attributions[line["attribution_id"]],
        "last_evidence_seq": _last(found.evidence[line["id"]]),
        **{name: line[name] for name in CLAIM_FIELDS},
    }


def _evidence(keys: Keys, claim: int, seq: int, line: Line, twins: dict[str, str]) -> dict[str, Any]:
    return {
        "claim_id": claim,
        "seq": seq,
        "uid": line["id"],
        "source_id": keys.sources[_source_of(line, twins)],
        "excerpt_sha256": None if line["excerpt"] is None else canonical.sha256(line["excerpt"]),
        **{name: line[name] for name in EVIDENCE_FIELDS},
    }


def _revision(annotation: int, row: dict[str, Any], snapshot: str) -> dict[str, Any]:
    return {
        "annotation_id": annotation,
        "number": row["revision"],
        "snapshot": snapshot,
        "action": "import",
        "at": row["updated_at"],
    }


def _snapshot(row: dict[str, Any], found: Judged, twins: dict[str, str]) -> dict[str, Any]:
    """What history.snapshot says of the stored annotation; to ask the database for each would take minutes."""
    numbers = {line["id"]: seq for seq, line in found.attributions}
    return {
        **{name: row[name] for name in ANNOTATION_FIELDS},
        "attributions": [_attribution_snapshot(seq, line, numbers) for seq, line in found.attributions],
        "claims": [
            {
                **_fields(
                    past.CLAIM_FIELDS, {**line, "seq": seq, "start_cp": line["span"][0], "end_cp": line["span"][1]}
                ),
                "attribution": numbers.get(line["attribution_id"]),
                "evidence": [
                    {**_fields(past.EVIDENCE_FIELDS, {**e, "seq": number}), "source": _source_of(e, twins)}
                    for number, e in found.evidence[line["id"]]
                ],
            }
            for seq, line in found.claims
        ],
    }


def _attribution_snapshot(seq: int, line: Line, numbers: dict[str, int]) -> dict[str, Any]:
    start, end = line["speaker_span"] or (None, None)
    return {
        **_fields(past.ATTRIBUTION_FIELDS, {**line, "seq": seq, "speaker_start": start, "speaker_end": end}),
        "parent": numbers.get(line["parent_id"]),
        "speaker": line["speaker_id"],
        "source": line["source_id"],
        "continues": line["continues_id"],
        "cue": line["cue_spans"],
        "content": line["content_spans"],
    }


def _fields(names: Sequence[str], line: Line) -> dict[str, Any]:
    return {name: line[name] for name in names}
