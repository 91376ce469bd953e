"""Where the parts of an annotation are, once its sentence was cut: the same ones in a sentence that lives now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.carrying import substance
from annotator.services import claims
from db.models import Annotation, Sentence
from db.queries import attributions as attribution_rows
from db.queries import evidence as evidence_rows
from db.queries import history as past
from db.queries import sentences

PLACE = ("seq", "start_cp", "end_cp", "attribution", "evidence")  # of a claim: other ones in another sentence


@dataclass(frozen=True, slots=True)
class Place:
    """A part of an annotation by its id, and the uid of the sentence it belongs to."""

    sentence: str
    uid: str


def attribution(session: Session, uid: str, reviewer_id: int) -> Place | None:
    """The attribution that says the same where the words of one are now; None where there is none."""
    found = attribution_rows.of_reviewer(session, uid, reviewer_id)
    if found is None:
        return None
    stored, old = found
    told = _told(session, stored.annotation_id, "attributions", stored.seq)
    for annotation, sentence in sentences.said_at(session, old, reviewer_id):
        for row in past.snapshot(session, annotation)["attributions"]:
            if told is not None and substance(row) == substance(told):
                return Place(sentence.uid, ids.attribution_id(annotation.uid, row["seq"]))
    return None


def claim(session: Session, uid: str, sentence_uid: str, reviewer_id: int) -> Place | None:
    """The claim that says the same; for one of `sentence_uid` that was not stored yet the next free one."""
    found = sentences.with_article(session, sentence_uid)
    there = list(sentences.said_at(session, found[0], reviewer_id)) if found else []
    before = sentences.annotation(session, found[0], reviewer_id) if found else None
    if before is None:
        return None
    told = next((one for n, one in _claims(session, before) if ids.claim_id(before.uid, n) == uid), None)
    if told is not None:
        return next(_same(session, told, there), None)
    if claims.next_uid(before) != uid:
        return None
    return next((Place(one.uid, claims.next_uid(annotation)) for annotation, one in there if annotation.is_claim), None)


def evidence(session: Session, uid: str, reviewer_id: int) -> Place | None:
    """The same evidence of the same claim."""
    found = evidence_rows.of_reviewer(session, uid, reviewer_id)
    above = claim(session, found[1].uid, found[2].uid, reviewer_id) if found else None
    return Place(above.sentence, ids.evidence_id(above.uid, found[0].seq)) if found and above else None


def _told(session: Session, annotation_id: int, part: str, seq: int) -> Mapping[str, Any] | None:
    rows = past.snapshot(session, session.get_one(Annotation, annotation_id))[part]
    return next((row for row in rows if row["seq"] == seq), None)


def _claims(session: Session, annotation: Annotation) -> Iterator[tuple[int, Mapping[str, Any]]]:
    return ((row["seq"], row) for row in past.snapshot(session, annotation)["claims"])


def _same(session: Session, told: Mapping[str, Any], there: list[tuple[Annotation, Sentence]]) -> Iterator[Place]:
    for annotation, sentence in there:
        for seq, row in _claims(session, annotation):
            if annotation.is_claim and all(row[name] == value for name, value in told.items() if name not in PLACE):
                yield Place(sentence.uid, ids.claim_id(annotation.uid, seq))
