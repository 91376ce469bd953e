"""What supports, refutes or puts in context a claim: a passage of a source, with the reviewer's stance."""

from dataclasses import asdict, dataclass

from sqlmodel import Session

from annotator.domain import evidence as rules
from annotator.domain import ids
from annotator.errors import Conflict, Invalid, NotFound
from annotator.language import gettext as _
from annotator.services import annotations, claims, merging, sources
from annotator.services.annotations import Edit, reviewer_of
from annotator.services.history import Actor
from annotator.services.sources import SourceDetails
from db import canonical
from db.models import Annotation, Claim, Evidence, Source
from db.queries import claims as claim_rows
from db.queries import evidence
from db.queries.history import Logged
from db.vocabulary import Stance


@dataclass(frozen=True, kw_only=True)
class EvidenceWording:
    """Evidence as a reviewer types it. `url` is an address or the title of a source used before.

    `source` is the id of a known source, instead of the address and title.
    """

    stance: Stance
    url: str = ""
    title: str = ""
    publisher: str | None = None
    issued: str | None = None
    accessed_on: str | None = None
    archived_url: str | None = None
    excerpt: str | None = None
    locator: str | None = None
    note: str | None = None
    question: str | None = None
    answer: str | None = None
    source: str | None = None


def add(
    session: Session,
    actor: Actor,
    sentence_uid: str,
    wording: EvidenceWording,
    *,
    revision: int | None,
    claim_uid: str | None = None,
) -> Evidence:
    """Add evidence to a claim, to the first one without `claim_uid`; the first claim is made when there is none.

    Raises as `annotations.begin`, NotFound for an unknown claim, Invalid for what does not fit, Conflict for a passage
    that is there already.
    """
    payload = {"add": asdict(wording), "claim": claim_uid}
    edit = annotations.begin(session, actor, sentence_uid, revision=revision, payload=payload)
    if edit.repeated:
        return _added(session, actor, annotations.answered(session, actor, edit.asked))
    claims.require_label(edit.annotation)
    claim = _claim(session, edit, claim_uid)
    claim.last_evidence_seq += 1
    seq = claim.last_evidence_seq
    source = _source(session, actor, wording)
    assert claim.id is not None
    assert source.id is not None
    stored = Evidence(
        claim_id=claim.id,
        seq=seq,
        uid=ids.evidence_id(claim.uid, seq),
        source_id=source.id,
        stance=wording.stance,
    )
    _write(session, stored, source, wording)
    annotations.finish(session, edit, "evidence", evidence=stored.uid, source=source.uid)
    return stored


def _added(session: Session, actor: Actor, event: Logged | None) -> Evidence:
    """The evidence that a request added when it came first."""
    uid = canonical.decode(event.detail)["evidence"] if event else ""
    found = evidence.of_reviewer(session, uid, reviewer_of(actor))
    if found is None:
        raise Conflict(_("This evidence was added and has been taken away again."))
    return found[0]


def _claim(session: Session, edit: Edit, claim_uid: str | None) -> Claim:
    stored = claim_rows.of_annotation(session, edit.annotation.id)
    if claim_uid is None or claim_uid == claims.next_uid(edit.annotation):
        return stored[0] if stored and claim_uid is None else claims.add(session, edit)
    found = next((claim for claim in stored if claim.uid == claim_uid), None)
    if found is None:
        raise NotFound(_("There is no such claim."))
    return found


def update(
    session: Session, actor: Actor, evidence_uid: str, wording: EvidenceWording, *, revision: int | None
) -> Evidence:
    """Write evidence anew; another address means another source. Raises NotFound, and otherwise as `add`."""
    found = evidence.of_reviewer(session, evidence_uid, reviewer_of(actor))
    if found is None:
        raise NotFound(_("There is no such evidence."))
    stored, _claim_row, sentence = found
    payload = {"evidence": evidence_uid, "update": asdict(wording)}
    edit = annotations.begin(session, actor, sentence.uid, revision=revision, payload=payload)
    if edit.repeated:
        return stored
    claims.require_label(edit.annotation)
    source = _source(session, actor, wording)
    _write(session, stored, source, wording)
    annotations.finish(session, edit, "evidence", evidence=evidence_uid, source=source.uid)
    return stored


def delete(session: Session, actor: Actor, evidence_uid: str, *, revision: int | None) -> Annotation:
    """Take evidence away; its claim and source stay. Raises NotFound for evidence of somebody else."""
    payload = {"evidence": evidence_uid, "delete": True}
    found = evidence.of_reviewer(session, evidence_uid, reviewer_of(actor))
    if found is None:
        return annotations.deleted_before(session, actor, payload, _("There is no such evidence."))
    stored, _claim_row, sentence = found
    edit = annotations.begin(session, actor, sentence.uid, revision=revision, payload=payload)
    if edit.repeated:  # deleted, and brought back by an undo since
        return edit.annotation
    session.delete(stored)
    return annotations.finish(session, edit, "evidence_deleted", evidence=evidence_uid)


def _source(session: Session, actor: Actor, wording: EvidenceWording) -> Source:
    if wording.source:
        try:
            return merging.final(session, sources.get(session, wording.source))
        except NotFound as error:
            raise Invalid(error.message, field="source") from error
    details = SourceDetails(
        url=wording.url,
        title=wording.title,
        publisher=wording.publisher,
        issued=wording.issued,
        archived_url=wording.archived_url,
        accessed_on=wording.accessed_on,
    )
    return sources.get_or_create(session, actor, details)


def _write(session: Session, stored: Evidence, source: Source, wording: EvidenceWording) -> None:
    """Check the wording and put it into the row."""
    excerpt, locator = _text(wording.excerpt), _text(wording.locator)
    digest = canonical.sha256(excerpt) if excerpt else None
    same = evidence.same_passage(session, stored.claim_id, source.id, digest, locator)
    if same is not None and same.id != stored.id:
        raise Conflict(_("This passage of “{title}” is evidence for this claim already.").format(title=source.title))
    assert source.id is not None
    stored.source_id = source.id
    stored.stance = wording.stance
    stored.excerpt, stored.excerpt_sha256 = excerpt, digest
    stored.locator = locator
    stored.question, stored.answer, stored.note = _text(wording.question), _text(wording.answer), _text(wording.note)
    stored.accessed_on = rules.partial_date(wording.accessed_on, "accessed_on")
    stored.archived_url = rules.address(wording.archived_url or "", "archived_url")
    session.add(stored)
    session.flush()


def _text(typed: str | None) -> str | None:
    return (typed or "").strip() or None
