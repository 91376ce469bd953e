"""Make an annotation with all that hangs on it what a snapshot says, row by row."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.spans import Span
from annotator.errors import Conflict
from annotator.language import gettext as _
from annotator.services import attributions, sources, speakers
from db import canonical
from db.models import Annotation, Attribution, Claim, Evidence
from db.queries import attributions as attribution_rows
from db.queries import claims as claim_rows
from db.queries import evidence as evidence_rows
from db.queries import history
from db.vocabulary import Origin, SpanPart, Status

State: TypeAlias = Mapping[str, Any]
"""A snapshot of an annotation (db/queries/history.py), or one object in it."""

ANNOTATION_FIELDS = (
    "status", "is_claim", "is_quote", "is_opinion", "claim_voice", "opinion_voice", "none_reason", "loaded_language",
    "confidence", "note", "guideline_rule", "guideline_id", "method", "origin",
)  # fmt: skip


def nothing(annotation: Annotation) -> dict[str, Any]:
    """The state before the first change: not labelled, nothing hanging on it."""
    empty = dict.fromkeys(ANNOTATION_FIELDS)
    flags = dict.fromkeys(("is_claim", "is_quote", "is_opinion", "loaded_language"), False)
    kept = {"guideline_id": annotation.guideline_id, "status": Status.DRAFT, "origin": Origin.HUMAN}
    return {**empty, **flags, **kept, "attributions": [], "claims": []}


def restore(session: Session, annotation: Annotation, state: State) -> None:
    """Make the rows what `state` says; numbers and ids stay. Raises Conflict when something else needs a row that goes.

    Passages go before they are written anew, attributions after the claims that rest on them.
    """
    for name in ANNOTATION_FIELDS:
        setattr(annotation, name, state[name])
    _remove_claims(session, annotation, state)
    by_seq = _attributions(session, annotation, state)
    _claims(session, annotation, state, by_seq)
    _remove_attributions(session, annotation, state)
    session.flush()


def _remove_claims(session: Session, annotation: Annotation, state: State) -> None:
    kept = {claim["seq"]: {e["seq"] for e in claim["evidence"]} for claim in state["claims"]}
    for claim in claim_rows.of_annotation(session, annotation.id):
        for evidence in evidence_rows.of_claim(session, claim.id):
            if evidence.seq not in kept.get(claim.seq, set()):
                session.delete(evidence)
        session.flush()
        if claim.seq not in kept:
            session.delete(claim)
    session.flush()


def _attributions(session: Session, annotation: Annotation, state: State) -> dict[int, Attribution]:
    """The attributions of the state by number, written."""
    assert annotation.id is not None
    by_seq = {row.seq: row for row in attribution_rows.of_annotation(session, annotation.id)}
    for wanted in state["attributions"]:
        seq = wanted["seq"]
        if seq not in by_seq:
            uid = ids.attribution_id(annotation.uid, seq)
            by_seq[seq] = Attribution(annotation_id=annotation.id, seq=seq, uid=uid, type=wanted["type"])
        for name in history.ATTRIBUTION_FIELDS:
            setattr(by_seq[seq], name, wanted[name])
        session.add(by_seq[seq])
    session.flush()
    for wanted in state["attributions"]:
        _link(session, by_seq[wanted["seq"]], wanted, by_seq)
    session.flush()
    return by_seq


def _link(session: Session, row: Attribution, wanted: State, by_seq: Mapping[int, Attribution]) -> None:
    row.parent_id = by_seq[wanted["parent"]].id if wanted["parent"] else None
    row.speaker_id = speakers.get(session, wanted["speaker"]).id if wanted["speaker"] else None
    row.source_id = sources.get(session, wanted["source"]).id if wanted["source"] else None
    row.continues_id = _continued(session, wanted["continues"]) if wanted["continues"] else None
    parts = {part: tuple(Span(start, end) for start, end in wanted[part]) for part in SpanPart}
    attributions.write_spans(session, row, parts)


def _continued(session: Session, uid: str) -> int | None:
    found = attribution_rows.by_uid(session, uid)
    if found is None:
        raise Conflict(_("The attribution that this one continues is not there any more."))
    return found.id


def _claims(session: Session, annotation: Annotation, state: State, by_seq: Mapping[int, Attribution]) -> None:
    stored = {row.seq: row for row in claim_rows.of_annotation(session, annotation.id)}
    for wanted in state["claims"]:
        row = stored.get(wanted["seq"]) or _claim(session, annotation, wanted)
        for name in history.CLAIM_FIELDS:
            setattr(row, name, wanted[name])
        row.attribution_id = by_seq[wanted["attribution"]].id if wanted["attribution"] else None
        session.add(row)
        session.flush()
        _evidence(session, row, wanted)


def _claim(session: Session, annotation: Annotation, wanted: State) -> Claim:
    """A claim that is made again; its evidence goes on counting where it was."""
    assert annotation.id is not None
    given_out = [evidence["seq"] for evidence in wanted["evidence"]]
    return Claim(
        annotation_id=annotation.id,
        seq=wanted["seq"],
        uid=ids.claim_id(annotation.uid, wanted["seq"]),
        start_cp=wanted["start_cp"],
        end_cp=wanted["end_cp"],
        last_evidence_seq=max([history.last_evidence_seq(session, annotation.id, wanted["seq"]), *given_out]),
    )


def _evidence(session: Session, claim: Claim, wanted_claim: State) -> None:
    assert claim.id is not None
    stored = {row.seq: row for row in evidence_rows.of_claim(session, claim.id)}
    for wanted in wanted_claim["evidence"]:
        seq, source_id = wanted["seq"], sources.get(session, wanted["source"]).id
        assert source_id is not None
        row = stored.get(seq)
        if row is None:
            uid = ids.evidence_id(claim.uid, seq)
            row = Evidence(claim_id=claim.id, seq=seq, uid=uid, source_id=source_id, stance=wanted["stance"])
        for name in history.EVIDENCE_FIELDS:
            setattr(row, name, wanted[name])
        row.source_id = source_id
        row.excerpt_sha256 = canonical.sha256(row.excerpt) if row.excerpt else None
        session.add(row)
    session.flush()


def _remove_attributions(session: Session, annotation: Annotation, state: State) -> None:
    kept = {wanted["seq"] for wanted in state["attributions"]}
    gone = [row for row in attribution_rows.of_annotation(session, annotation.id) if row.seq not in kept]
    going = {row.id for row in gone}
    for row in gone:
        if any(other.id not in going for other in attribution_rows.resting_on(session, row.id)):
            raise Conflict(_("Another attribution rests on the one that this would take away."))
        row.parent_id = row.continues_id = None
        for span in attribution_rows.all_spans(session, row.id):
            session.delete(span)
    session.flush()
    for row in gone:
        session.delete(row)
    session.flush()
