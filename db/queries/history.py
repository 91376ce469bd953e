"""Revisions and events: what was, who changed it, in what order.

Statements that every change runs are built once and kept; only their parameters differ.
"""

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal_column
from sqlalchemy import select as rows
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from db import canonical
from db.models import (
    Annotation,
    AnnotationRevision,
    Attribution,
    AttributionSpan,
    Claim,
    Event,
    Evidence,
    Sentence,
    Source,
    Speaker,
)
from db.queries.labelling import OF_REVIEWERS, Stored

IMPORT = "import"  # the action of a revision that an export brought


def last_event_hash(session: Session) -> str | None:
    """The end of the chain; nobody else appends while a write is open (db/engine.py)."""
    return session.connection().execute(_last_event_hash()).scalar()


@cache
def _last_event_hash() -> Select[Any]:
    return rows(col(Event.sha256)).order_by(col(Event.id).desc()).limit(1)


class Logged(NamedTuple):
    """What an event says happened to what."""

    action: str
    entity_uid: str
    detail: str


def events_of_request(session: Session, request_id: str, actor_id: int | None) -> list[Logged]:
    session.flush()  # past the ORM, which would do so
    found = session.connection().execute(_events_of_request(), {"request": request_id, "actor": actor_id})
    return [Logged(*row) for row in found]


@cache
def _events_of_request() -> Select[Any]:
    mine = col(Event.actor_id).is_not_distinct_from(bindparam("actor"))
    columns: list[Any] = [Event.action, Event.entity_uid, Event.detail]
    statement: Select[Any] = rows(*columns)
    return statement.where(col(Event.request_id) == bindparam("request"), mine).order_by(col(Event.id))


def events_of(session: Session, entity: str, entity_uid: str, action: str) -> Sequence[Event]:
    """When one thing was done to something, the latest first."""
    mine = (col(Event.entity) == entity, col(Event.entity_uid) == entity_uid, col(Event.action) == action)
    return session.exec(select(Event).where(*mine).order_by(col(Event.id).desc())).all()


def revision(session: Session, annotation_id: int, number: int) -> AnnotationRevision | None:
    return session.execute(_revision(), {"annotation": annotation_id, "number": number}).scalar()


@cache
def _revision() -> Select[Any]:
    one = (col(AnnotationRevision.annotation_id) == bindparam("annotation"),)
    return rows(AnnotationRevision).where(*one, col(AnnotationRevision.number) == bindparam("number"))


def moments(session: Session, article_id: int, reviewer_id: int) -> list[tuple[int, int, int, str]]:
    """When a reviewer saved what: reviewer, article, sentence and time of each own change in an article."""
    statement = (
        rows(col(Annotation.sentence_id), col(AnnotationRevision.at))
        .join(Annotation, col(Annotation.id) == AnnotationRevision.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(col(Sentence.article_id) == article_id, col(AnnotationRevision.actor_id) == reviewer_id)
        .where(col(Annotation.reviewer_id) == reviewer_id, col(Annotation.role) == "reviewer")
    )
    return [(reviewer_id, article_id, sentence, at) for sentence, at in session.execute(statement)]


def reopened(session: Session, article_id: int, version: int) -> dict[str, str]:
    """When the assignments were finished that a segmentation of this version opened, by the name its events give."""
    statement = select(Event.entity_uid, Event.detail).where(
        Event.article_id == article_id, Event.entity == "assignment", Event.action == "reopen"
    )
    found = ((uid, canonical.decode(detail)) for uid, detail in session.exec(statement))
    return {uid: str(told["finished_at"]) for uid, told in found if told.get("version") == version}


def last_cut(article_id: int) -> ColumnElement[int]:
    """The event of an article's newest boundaries; what has a higher number came after, whatever its time says."""
    cut = select(func.max(Event.id)).where(Event.article_id == article_id, Event.entity == "segmentation")
    return cut.scalar_subquery()


def changed_since_cut(session: Session, article_id: int, reviewer_id: int) -> bool:
    """Whether a reviewer has changed something in an article since its boundaries were changed."""
    mine = (Event.actor_id == reviewer_id, Event.article_id == article_id, Event.entity == "annotation")
    found = select(Event.id).where(*mine, col(Event.id) > last_cut(article_id)).limit(1)
    return session.exec(found).first() is not None


def came_before(session: Session, annotation: Annotation | Stored, gold: Annotation) -> bool:
    """Whether an annotation was there when a gold one was decided: by the order of their revisions, not by a clock.

    Revisions that came in with one export are in no order: of those the times of that export count.
    """
    mine = select(AnnotationRevision).where(AnnotationRevision.annotation_id == annotation.id)
    first = session.exec(mine.order_by(col(AnnotationRevision.number)).limit(1)).first()
    decided = revision(session, gold.id or 0, gold.revision)
    if first is None or decided is None:
        return False
    if first.action == decided.action == IMPORT:
        return annotation.created_at <= gold.updated_at
    return (first.id or 0) < (decided.id or 0)


STEPS = 50  # changes read at a time


def steps(session: Session, article_id: int, reviewer_id: int) -> Iterator[tuple[int, int, str, int | None]]:
    """A reviewer's own changes in an article, newest first: annotation, revision, action, the revision it reverts.

    Read as far as they are asked for, since the last change is nearly always the one that is wanted.
    """
    given = {"article": article_id, "reviewer": reviewer_id}
    page = session.connection().execute(_steps(), given | {"before": sys.maxsize}).all()
    while page:
        for _, annotation_id, number, action, reverts in page:
            yield annotation_id, number, action, reverts
        page = session.connection().execute(_steps(), given | {"before": page[-1][0]}).all()


@cache
def _steps() -> Select[Any]:
    columns: list[Any] = [
        AnnotationRevision.id, AnnotationRevision.annotation_id, AnnotationRevision.number, AnnotationRevision.action,
        AnnotationRevision.reverts,
    ]  # fmt: skip
    own = (col(Annotation.reviewer_id) == bindparam("reviewer"), col(Annotation.role) == OF_REVIEWERS)
    return (
        rows(*columns)
        .join(Annotation, col(Annotation.id) == AnnotationRevision.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(col(Sentence.article_id) == bindparam("article"), *own)
        .where(col(AnnotationRevision.actor_id) == bindparam("reviewer"))
        .where(col(AnnotationRevision.id) < bindparam("before", type_=BigInteger))
        .order_by(col(AnnotationRevision.id).desc())
        .limit(literal_column(str(STEPS)))
    )


def snapshot(session: Session, annotation: Annotation | Stored) -> dict[str, Any]:
    """An annotation with all that hangs on it, as plain JSON: enough to restore it, and what its hash covers."""
    assert annotation.id is not None
    has_attributions = annotation.last_attribution_seq > 0
    return {
        "status": annotation.status,
        "is_claim": annotation.is_claim,
        "is_quote": annotation.is_quote,
        "is_opinion": annotation.is_opinion,
        "claim_voice": annotation.claim_voice,
        "opinion_voice": annotation.opinion_voice,
        "none_reason": annotation.none_reason,
        "loaded_language": annotation.loaded_language,
        "confidence": annotation.confidence,
        "note": annotation.note,
        "guideline_rule": annotation.guideline_rule,
        "guideline_id": annotation.guideline_id,
        "method": annotation.method,
        "origin": annotation.origin,
        "attributions": _attributions(session, annotation.id) if has_attributions else [],
        "claims": _claims(session, annotation.id) if annotation.last_claim_seq > 0 else [],
    }


ATTRIBUTION_FIELDS = (
    "seq", "type", "mode", "negated", "speaker_start", "speaker_end", "role", "affiliation", "naming", "record",
    "confidence", "note",
)  # fmt: skip
CLAIM_FIELDS = (
    "seq", "start_cp", "end_cp", "text_normalized", "claim_type", "check_worthiness", "voice", "claim_date",
    "verdict", "verdict_note",
)  # fmt: skip
EVIDENCE_FIELDS = (
    "seq", "stance", "excerpt", "locator", "question", "answer", "accessed_on", "archived_url", "note",
)  # fmt: skip


def _attributions(session: Session, annotation_id: int) -> list[dict[str, Any]]:
    continued = aliased(Attribution)
    rows = session.exec(
        select(Attribution, Speaker.uid, Source.uid, continued.uid)
        .outerjoin(Speaker, col(Speaker.id) == Attribution.speaker_id)
        .outerjoin(Source, col(Source.id) == Attribution.source_id)
        .outerjoin(continued, col(continued.id) == Attribution.continues_id)
        .where(Attribution.annotation_id == annotation_id)
        .order_by(col(Attribution.seq))
    ).all()
    seqs = {a.id: a.seq for a, *_ in rows}
    spans = _spans(session, list(seqs))
    return [
        {
            **{name: getattr(a, name) for name in ATTRIBUTION_FIELDS},
            "parent": seqs.get(a.parent_id),
            "speaker": speaker,
            "source": source,
            "continues": continues,
            "cue": spans.get((a.id, "cue"), []),
            "content": spans.get((a.id, "content"), []),
        }
        for a, speaker, source, continues in rows
    ]


def _spans(session: Session, attribution_ids: Sequence[int | None]) -> dict[tuple[int | None, str], list[list[int]]]:
    found: dict[tuple[int | None, str], list[list[int]]] = {}
    if attribution_ids:
        statement = select(AttributionSpan).where(col(AttributionSpan.attribution_id).in_(attribution_ids))
        for span in session.exec(statement.order_by(col(AttributionSpan.n))):
            found.setdefault((span.attribution_id, span.part), []).append([span.start_cp, span.end_cp])
    return found


def _claims(session: Session, annotation_id: int) -> list[dict[str, Any]]:
    claims = session.exec(
        select(Claim, Attribution.seq)
        .outerjoin(Attribution, col(Attribution.id) == Claim.attribution_id)
        .where(Claim.annotation_id == annotation_id)
        .order_by(col(Claim.seq))
    ).all()
    evidence = session.exec(
        select(Evidence, Source.uid)
        .join(Source, col(Source.id) == Evidence.source_id)
        .where(col(Evidence.claim_id).in_([claim.id for claim, _ in claims]))
        .order_by(col(Evidence.seq))
    ).all()
    return [
        {
            **{name: getattr(claim, name) for name in CLAIM_FIELDS},
            "attribution": attribution,
            "evidence": [
                {**{name: getattr(e, name) for name in EVIDENCE_FIELDS}, "source": source}
                for e, source in evidence
                if e.claim_id == claim.id
            ],
        }
        for claim, attribution in claims
    ]


def last_evidence_seq(session: Session, annotation_id: int, claim_seq: int) -> int:
    """The highest number that evidence of a claim ever had, by all revisions; 0 where there was none."""
    snapshots = session.exec(
        select(AnnotationRevision.snapshot).where(AnnotationRevision.annotation_id == annotation_id)
    )
    claims = (claim for text_ in snapshots for claim in canonical.decode(text_)["claims"])
    return max((e["seq"] for claim in claims if claim["seq"] == claim_seq for e in claim["evidence"]), default=0)


def digest(snapshot_: dict[str, Any]) -> str:
    return canonical.sha256(canonical.encode(snapshot_))


def chained(event: Event) -> str:
    """The hash of an event: all it says, and the hash before it."""
    said = event.model_dump(exclude={"id", "sha256"})
    return canonical.sha256(canonical.encode(said))
