"""Checkable assertions in a sentence that is labelled a claim: wording, type, date, verdict."""

from dataclasses import asdict, dataclass

from sqlmodel import Session

from annotator.domain import evidence as rules
from annotator.domain import ids
from annotator.domain.spans import Span
from annotator.errors import Invalid, NotFound
from annotator.language import gettext as _
from annotator.services import annotations
from annotator.services.annotations import Edit
from annotator.services.history import Actor
from db.models import Annotation, Attribution, Claim
from db.queries import attributions, claims
from db.vocabulary import CheckWorthiness, ClaimType, ClaimVoice, SpanPart, Verdict, Voice


@dataclass(frozen=True, kw_only=True)
class ClaimDetails:
    """A claim as a reviewer describes it; `attribution` is the id of the attribution that makes it.

    Without `voice` a claim that rests on an attribution is the speaker's, another one keeps the voice it has.
    """

    text_normalized: str | None = None
    claim_type: ClaimType | None = None
    check_worthiness: CheckWorthiness | None = None
    voice: ClaimVoice | None = None
    attribution: str | None = None
    claim_date: str | None = None
    verdict: Verdict | None = None
    verdict_note: str | None = None


def next_uid(annotation: Annotation) -> str:
    """The id that the next claim of an annotation will have."""
    return ids.claim_id(annotation.uid, annotation.last_claim_seq + 1)


def save(
    session: Session, actor: Actor, sentence_uid: str, claim_uid: str, details: ClaimDetails, *, revision: int | None
) -> Claim:
    """Describe a claim; it is made when the id is the next free one. Raises as `annotations.begin`.

    Also NotFound for another id, Invalid for a sentence that is not labelled a claim and for details that do not fit.
    """
    payload = {"claim": claim_uid, **asdict(details)}
    edit = annotations.begin(session, actor, sentence_uid, revision=revision, payload=payload)
    stored = claims.by_uid(session, edit.annotation.id, claim_uid)
    if stored is None and (edit.repeated or claim_uid != next_uid(edit.annotation)):
        raise NotFound(_("There is no such claim."))
    if edit.repeated and stored is not None:
        return stored
    require_label(edit.annotation)
    claim = stored or add(session, edit)
    _write(session, edit, claim, details)
    annotations.finish(session, edit, "claim", claim=claim.uid)
    return claim


def require_label(annotation: Annotation) -> None:
    """Details and evidence belong to a sentence that is labelled a claim. Raises Invalid."""
    if not annotation.is_claim:
        raise Invalid(_("Label the sentence as a claim first."), field="label")


def add(session: Session, edit: Edit) -> Claim:
    """A new claim of the whole sentence, in the voice that the label has."""
    annotation = edit.annotation
    assert annotation.id is not None
    uid = next_uid(annotation)
    annotation.last_claim_seq += 1
    author = annotation.claim_voice == Voice.AUTHOR
    claim = Claim(
        annotation_id=annotation.id,
        seq=annotation.last_claim_seq,
        uid=uid,
        start_cp=edit.sentence.start_cp,
        end_cp=edit.sentence.end_cp,
        voice=ClaimVoice.AUTHOR if author else ClaimVoice.ATTRIBUTED,
    )
    session.add(claim)
    session.flush()
    return claim


def _write(session: Session, edit: Edit, claim: Claim, details: ClaimDetails) -> None:
    attribution = _attribution(session, edit, details.attribution)
    if attribution and details.voice is ClaimVoice.AUTHOR:
        raise Invalid(_("A claim that rests on an attribution is the speaker's, not the author's."), field="voice")
    claim.text_normalized = (details.text_normalized or "").strip() or None
    claim.claim_type = details.claim_type
    claim.check_worthiness = details.check_worthiness
    claim.claim_date = rules.partial_date(details.claim_date, "claim_date")
    claim.verdict = details.verdict
    claim.verdict_note = (details.verdict_note or "").strip() or None
    claim.voice = ClaimVoice.ATTRIBUTED if attribution else details.voice or claim.voice
    if claim.attribution_id != (attribution.id if attribution else None):
        span = _span(session, edit, attribution)
        claim.start_cp, claim.end_cp = span.start, span.end
    claim.attribution_id = attribution.id if attribution else None
    session.flush()


def _attribution(session: Session, edit: Edit, uid: str | None) -> Attribution | None:
    if not uid:
        return None
    of_annotation = attributions.of_annotation(session, edit.annotation.id)
    found = next((attribution for attribution in of_annotation if attribution.uid == uid), None)
    if found is None:
        raise Invalid(_("The attribution must be one of this sentence."), field="attribution")
    return found


def _span(session: Session, edit: Edit, attribution: Attribution | None) -> Span:
    """The part of the sentence that the attribution's content covers; the whole sentence without one."""
    sentence = Span(edit.sentence.start_cp, edit.sentence.end_cp)
    stored = attributions.spans(session, attribution.id, SpanPart.CONTENT) if attribution else []
    inside = [span for span in (Span(s.start_cp, s.end_cp) for s in stored) if span.overlaps(sentence)]
    if not inside:
        return sentence
    start, end = min(span.start for span in inside), max(span.end for span in inside)
    return Span(max(start, sentence.start), min(end, sentence.end))
