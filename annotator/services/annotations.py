"""A reviewer's judgement on a sentence: open it for a change, label it, close it with a revision."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain import changes, ids, labels
from annotator.domain.changes import Change
from annotator.domain.labels import Judgement
from annotator.errors import Conflict, NotFound, ReadOnly, Stale
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import gold, history
from annotator.services.history import Actor
from db import canonical
from db.models import Annotation, Article, Reviewer, Sentence
from db.queries import annotate, annotations, labelling
from db.queries import history as past
from db.queries.annotations import Reader
from db.queries.history import Logged
from db.queries.labelling import ForLabel, Stored
from db.vocabulary import (
    AssignmentState,
    BlockKind,
    Confidence,
    Label,
    NoneReason,
    Status,
    Voice,
)

CHANGED = later("The boundaries of this sentence were changed, so nothing was stored. Load the page again.")


@dataclass(slots=True)
class Edit:
    """A change of one annotation that has begun; `repeated` when its request was answered before."""

    annotation: Annotation
    sentence: Sentence
    article: Article
    kind: BlockKind
    guideline_id: int
    actor: Actor
    asked: dict[str, Any]
    before: str | None
    created: bool
    repeated: bool


def begin(session: Session, actor: Actor, sentence_uid: str, *, revision: int | None, payload: Any = None) -> Edit:
    """Open a sentence's annotation of this reviewer for a change; its row has an id.

    `revision` is the one the change rests on (0: nothing stored yet); `payload` is what the request asks for, so that a
    repeated request id with the same payload changes nothing (`repeated`). Raises NotFound for a sentence that is not
    assigned to the reviewer, Conflict when its boundaries were changed, ReadOnly when the article is finished, Stale
    when the revision is not the newest or the request id was used for something else.
    """
    found = annotations.for_change(session, sentence_uid, reviewer_of(actor))
    if found is None:
        raise _missing(session, actor, sentence_uid)
    sentence, kind, article, state, reviewer, guideline_id, annotation = found
    asked = {"sentence": sentence_uid, "asked": payload}
    repeated = answered(session, actor, asked, annotation) is not None
    if not repeated:
        _check(state, annotation, revision)
    stored = annotation or _new(session, sentence, reviewer, guideline_id, actor)
    before = past.digest(past.snapshot(session, annotation)) if annotation and not repeated else None
    created = annotation is None
    session.flush()
    return Edit(stored, sentence, article, BlockKind(kind), guideline_id, actor, asked, before, created, repeated)


def _missing(session: Session, actor: Actor, sentence_uid: str) -> Conflict | NotFound:
    """Why a sentence cannot be labelled."""
    if annotations.is_retired(session, sentence_uid, reviewer_of(actor)):
        return Conflict(_(CHANGED))
    return NotFound(_("There is no such sentence."))


def answered(
    session: Session, actor: Actor, asked: Any, annotation: Annotation | Stored | None = None
) -> Logged | None:
    """The event of this very request if it was answered before; `asked` is all it asked for, the place included.

    Raises Stale when its id was used for something else.
    """
    if actor.request_id is None:
        return None
    events = past.events_of_request(session, actor.request_id, reviewer_of(actor))
    known = [(event, canonical.decode(event.detail).get("payload")) for event in events]
    if not any(payload for _, payload in known):
        return None
    same = next((event for event, payload in known if payload == _digest(asked)), None)
    if same is None:
        current = annotation.revision if annotation else 0
        raise Stale(_("This request was answered before, for something else."), current=current)
    return same


def deleted_before(session: Session, actor: Actor, payload: Any, missing: str) -> Annotation:
    """The annotation under which this very request deleted something. Raises NotFound in these words if it did not."""
    sentence_uid = annotations.sentence_of_request(session, actor.request_id, reviewer_of(actor))
    asked = {"sentence": sentence_uid, "asked": payload}
    event = answered(session, actor, asked) if sentence_uid else None
    if event is None:
        raise NotFound(missing)
    return annotations.by_uid(session, event.entity_uid)


def _digest(asked: Any) -> str:
    return canonical.sha256(canonical.encode(asked))


def reviewer_of(actor: Actor) -> int:
    """The reviewer that a change is by. Raises NotFound for the command line, which annotates nothing."""
    if actor.reviewer_id is None:
        raise NotFound(_("Only a reviewer can annotate."))
    return actor.reviewer_id


def _check(state: str, annotation: Annotation | Stored | None, revision: int | None) -> None:
    if state == AssignmentState.FINISHED:
        raise ReadOnly(_("You have finished this article. Reopen it to change something."))
    current = annotation.revision if annotation else 0
    if revision != current:
        raise Stale(_("This sentence was changed in another window."), current=current)


def blank(session: Session, sentence: Sentence, reviewer: Reviewer, guideline_id: int, actor: Actor) -> Annotation:
    """A stored annotation with nothing in it, at revision 1."""
    assert reviewer.id is not None
    annotation = _new(session, sentence, Reader(reviewer.id, reviewer.uid), guideline_id, actor)
    session.flush()
    return annotation


def _new(session: Session, sentence: Sentence, reviewer: Reader, guideline_id: int, actor: Actor) -> Annotation:
    assert sentence.id is not None
    annotation = Annotation(
        uid=ids.annotation_id(sentence.uid, reviewer.uid),
        sentence_id=sentence.id,
        reviewer_id=reviewer.id,
        status=Status.DRAFT,
        guideline_id=guideline_id,
        revision=1,
        created_at=actor.at,
        updated_at=actor.at,
    )
    session.add(annotation)
    return annotation


def finish(session: Session, edit: Edit, action: str, *, reverts: int | None = None, **detail: Any) -> Annotation:
    """Close a change: the next revision, its snapshot and its event; what is restored keeps its own guideline."""
    annotation = edit.annotation
    if not edit.created:
        annotation.revision += 1
    annotation.updated_at = edit.actor.at
    if reverts is None:
        annotation.guideline_id = edit.guideline_id
    session.add(annotation)
    session.flush()
    assert edit.article.id is not None
    history.record(
        session, edit.actor, annotation, action, article_id=edit.article.id, before=edit.before, reverts=reverts,
        detail={**detail, "payload": _digest(edit.asked), "revision": annotation.revision},
    )  # fmt: skip
    gold.follow(session, edit.actor, annotation)
    return annotation


def save(session: Session, actor: Actor, sentence_uid: str, change: Change, *, revision: int | None) -> Annotation:
    """As `write`; returns the annotation with what was stored."""
    return session.get_one(Annotation, write(session, actor, sentence_uid, change, revision=revision))


def write(session: Session, actor: Actor, sentence_uid: str, change: Change, *, revision: int | None) -> int:
    """Apply a change to a reviewer's annotation; returns its row id.

    Raises as `begin`, and Invalid for words that are no labels.
    """
    session.flush()  # what follows goes past the objects of the session
    found = labelling.for_label(session, sentence_uid, reviewer_of(actor))
    if found is None:
        raise _missing(session, actor, sentence_uid)
    place, before = found
    asked = {"sentence": sentence_uid, "asked": {name: getattr(change, name) for name in Change.__slots__}}
    if answered(session, actor, asked, before) is not None and before is not None:
        return before.id
    _check(place.state, before, revision)
    after = changes.apply(judgement(before), change, BlockKind(place.kind), _text(session, place, change))
    return _stored(session, actor, sentence_uid, place, before, change, after, asked)


def _text(session: Session, place: ForLabel, change: Change) -> str:
    """The words of the sentence, read for a reason only: of a long article they would cost more than the rest."""
    if change.labels != (labels.NONE,):
        return ""
    return annotate.text(session, place.article_id)[place.start_cp : place.end_cp]


def _stored(
    session: Session,
    actor: Actor,
    sentence_uid: str,
    place: ForLabel,
    before: Stored | None,
    change: Change,
    after: Judgement,
    asked: Any,
) -> int:
    """Store a judgement with its revision and its event, and follow what rested on the one before it."""
    earlier = past.digest(past.snapshot(session, before)) if before else None
    row = before or Stored(
        ids.annotation_id(sentence_uid, place.reviewer_uid),
        place.sentence_id, actor.reviewer_id, place.guideline_id, actor.at, actor.at, revision=0,
    )  # fmt: skip
    row = row._replace(
        **labels.fields_of(after),
        guideline_id=place.guideline_id,
        origin=row.origin if change.labels is None else change.origin,
        revision=row.revision + 1,
        updated_at=actor.at,
    )
    if before:
        labelling.update_stored(session, row)
    else:
        row = labelling.insert_stored(session, row)
    history.record(
        session, actor, row, "detail" if change.labels is None else "label", article_id=place.article_id,
        before=earlier, detail={"payload": _digest(asked), "revision": row.revision},
    )  # fmt: skip
    if place.has_gold:
        gold.follow(session, actor, row)
    return row.id


def judgement(annotation: Annotation | Stored | None) -> Judgement:
    """The rule's view of a row; not labelled yet for None."""
    if annotation is None:
        return Judgement()
    flags = {Label.CLAIM: annotation.is_claim, Label.QUOTE: annotation.is_quote, Label.OPINION: annotation.is_opinion}
    return Judgement(
        status=Status(annotation.status),
        labels=frozenset(label for label, on in flags.items() if on),
        claim_voice=Voice(annotation.claim_voice) if annotation.claim_voice else None,
        opinion_voice=Voice(annotation.opinion_voice) if annotation.opinion_voice else None,
        none_reason=NoneReason(annotation.none_reason) if annotation.none_reason else None,
        loaded_language=annotation.loaded_language,
        confidence=Confidence(annotation.confidence) if annotation.confidence else None,
        note=annotation.note,
    )


def store(annotation: Annotation, after: Judgement) -> None:
    """Write a judgement into a row."""
    for name, value in labels.fields_of(after).items():
        setattr(annotation, name, value)
