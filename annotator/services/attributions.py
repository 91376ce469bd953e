"""Who says what in a sentence: attributions of one reviewer, their words found in the article."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlmodel import Session

from annotator.domain import attributions as rules
from annotator.domain import ids
from annotator.domain.attributions import Pieces
from annotator.domain.spans import Span, place
from annotator.errors import Conflict, Invalid, NotFound
from annotator.language import gettext as _
from annotator.services import annotations, merging, sources, speakers
from annotator.services.annotations import Edit, reviewer_of
from annotator.services.history import Actor
from db import canonical
from db.models import Annotation, Attribution, AttributionSpan, Sentence
from db.queries import attributions
from db.queries.history import Logged
from db.vocabulary import AttributionType, Confidence, Mode, Naming, Origin, Record, SpanPart, SpeakerKind


@dataclass(frozen=True, kw_only=True)
class Wording:
    """An attribution as a reviewer types it; cue and content are words of the article, in one or several pieces.

    `speaker_name` is the name where the words of the text are a pronoun or a role; `parent` and `continues` are ids of
    the reviewer's own attributions, `source` is the id of a source that the article mentions. `picked` says where
    speaker, cue or content were selected, for words that stand there twice: from a code point of the article, so many
    units of UTF-16 on.
    """

    content: Pieces
    type: AttributionType
    speaker: str = ""
    cue: Pieces = ""
    mode: Mode = Mode.STATEMENT
    naming: Naming = Naming.NAMED
    record: Record = Record.ON_RECORD
    role: str | None = None
    affiliation: str | None = None
    negated: bool = False
    parent: str | None = None
    source: str | None = None
    continues: str | None = None
    confidence: Confidence = Confidence.HIGH
    note: str | None = None
    speaker_name: str | None = None
    speaker_kind: SpeakerKind | None = None
    picked: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def place(self, name: str, text: str) -> int | None:
        """The code point at which the words of a field were selected, None where they were typed."""
        return place(text, *self.picked[name]) if name in self.picked else None


def create(
    session: Session,
    actor: Actor,
    sentence_uid: str,
    wording: Wording,
    *,
    revision: int | None,
    origin: Origin = Origin.HUMAN,
) -> Attribution:
    """Add an attribution to a sentence. Raises as `annotations.begin`, and Invalid for words that do not fit."""
    payload = {"create": asdict(wording), "origin": origin}
    edit = annotations.begin(session, actor, sentence_uid, revision=revision, payload=payload)
    if edit.repeated:
        return _made(session, actor, annotations.answered(session, actor, edit.asked))
    annotation = edit.annotation
    assert annotation.id is not None
    annotation.last_attribution_seq += 1
    seq = annotation.last_attribution_seq
    attribution = Attribution(
        annotation_id=annotation.id, seq=seq, uid=ids.attribution_id(annotation.uid, seq), type=wording.type
    )
    _write(session, edit, attribution, wording)
    if origin is not Origin.HUMAN:
        annotation.origin = origin
    annotations.finish(session, edit, "attribution", attribution=attribution.uid)
    return attribution


def _made(session: Session, actor: Actor, event: Logged | None) -> Attribution:
    """The attribution that a request made when it came first."""
    uid = canonical.decode(event.detail)["attribution"] if event else ""
    found = attributions.of_reviewer(session, uid, reviewer_of(actor))
    if found is None:
        raise Conflict(_("This attribution was made and has been taken away again."))
    return found[0]


def update(
    session: Session, actor: Actor, attribution_uid: str, wording: Wording, *, revision: int | None
) -> Attribution:
    """Write an attribution anew. Raises NotFound for one of somebody else, and otherwise as `create`."""
    attribution, sentence = _own(session, actor, attribution_uid)
    payload = {"attribution": attribution_uid, "update": asdict(wording)}
    edit = annotations.begin(session, actor, sentence.uid, revision=revision, payload=payload)
    if edit.repeated:
        return attribution
    _write(session, edit, attribution, wording)
    annotations.finish(session, edit, "attribution", attribution=attribution_uid)
    return attribution


def delete(session: Session, actor: Actor, attribution_uid: str, *, revision: int | None) -> Annotation:
    """Take an attribution away; claims that rest on it stay. Raises Conflict while another attribution needs it."""
    payload = {"attribution": attribution_uid, "delete": True}
    found = attributions.of_reviewer(session, attribution_uid, reviewer_of(actor))
    if found is None:
        return annotations.deleted_before(session, actor, payload, _("There is no such attribution."))
    attribution, sentence = found
    edit = annotations.begin(session, actor, sentence.uid, revision=revision, payload=payload)
    if edit.repeated:  # deleted, and brought back by an undo since
        return edit.annotation
    _refuse_while_needed(session, attribution)
    for claim in attributions.claims_of(session, attribution.id):
        claim.attribution_id = None
    for span in attributions.all_spans(session, attribution.id):
        session.delete(span)
    session.flush()
    session.delete(attribution)
    return annotations.finish(session, edit, "attribution_deleted", attribution=attribution_uid)


def _own(session: Session, actor: Actor, uid: str) -> tuple[Attribution, Sentence]:
    found = attributions.of_reviewer(session, uid, reviewer_of(actor))
    if found is None:
        raise NotFound(_("There is no such attribution."))
    return found


def _refuse_while_needed(session: Session, attribution: Attribution) -> None:
    resting = attributions.resting_on(session, attribution.id)
    if any(other.parent_id == attribution.id for other in resting):
        raise Conflict(_("Another attribution is reported by this one. Change or delete that one first."))
    if resting:
        raise Conflict(_("Another attribution continues this one. Change or delete that one first."))


def _write(session: Session, edit: Edit, attribution: Attribution, wording: Wording) -> None:
    """Check the wording and put it into the row and its spans."""
    text, sentence = edit.article.text, Span(edit.sentence.start_cp, edit.sentence.end_cp)
    content = rules.content(text, wording.content, sentence, wording.place("content", text))
    speaker = wording.speaker.strip() or (wording.speaker_name or "").strip()
    rules.check_naming(speaker, wording.naming)
    cue = rules.located(text, wording.cue, sentence, "cue", avoid=content, picked=wording.place("cue", text))
    mention = _mention(text, wording, sentence, (*content, *cue))
    for name, value in _columns(wording).items():
        setattr(attribution, name, value)
    attribution.speaker_start, attribution.speaker_end = (mention.start, mention.end) if mention else (None, None)
    attribution.speaker_id = _speaker_id(session, edit.actor, speaker, wording)
    attribution.source_id = _source_id(session, wording.source)
    attribution.parent_id = _parent_id(session, edit.annotation, attribution, wording.parent)
    attribution.continues_id = _continues_id(session, edit, attribution, wording.continues)
    session.add(attribution)
    session.flush()
    write_spans(session, attribution, {SpanPart.CUE: cue, SpanPart.CONTENT: content})


def _mention(text: str, wording: Wording, sentence: Span, avoid: tuple[Span, ...]) -> Span | None:
    if not wording.speaker.strip():
        return None
    return rules.mention(text, wording.speaker, sentence, avoid, wording.place("speaker", text))


def _columns(wording: Wording) -> dict[str, Any]:
    """The columns that are stored as they are given."""
    return {
        "type": wording.type,
        "mode": wording.mode,
        "naming": wording.naming,
        "record": wording.record,
        "negated": wording.negated,
        "confidence": wording.confidence,
        "role": (wording.role or "").strip() or None,
        "affiliation": (wording.affiliation or "").strip() or None,
        "note": (wording.note or "").strip() or None,
    }


def write_spans(session: Session, attribution: Attribution, parts: dict[SpanPart, tuple[Span, ...]]) -> None:
    """Replace the cue and content spans of a stored attribution where they differ."""
    assert attribution.id is not None
    for part, spans in parts.items():
        stored = attributions.spans(session, attribution.id, part)
        if [(span.start_cp, span.end_cp) for span in stored] == [(span.start, span.end) for span in spans]:
            continue
        for old in stored:
            session.delete(old)
        session.flush()
        for n, span in enumerate(spans):
            place = {"n": n, "start_cp": span.start, "end_cp": span.end}
            session.add(AttributionSpan(attribution_id=attribution.id, part=part, **place))
    session.flush()


def _speaker_id(session: Session, actor: Actor, speaker: str, wording: Wording) -> int | None:
    if not speaker:
        return None
    name = (wording.speaker_name or "").strip() or speaker
    return speakers.get_or_create(session, actor, name, wording.speaker_kind).id


def _source_id(session: Session, uid: str | None) -> int | None:
    if not uid:
        return None
    try:
        return merging.final(session, sources.get(session, uid)).id
    except NotFound as error:
        raise Invalid(error.message, field="source") from error


def _parent_id(session: Session, annotation: Annotation, child: Attribution, uid: str | None) -> int | None:
    """The attribution of the same annotation that reports this one; a chain must not come back to itself."""
    if not uid:
        return None
    of_annotation = {other.id: other for other in attributions.of_annotation(session, annotation.id)}
    parent = next((other for other in of_annotation.values() if other.uid == uid), None)
    if parent is None:
        raise Invalid(_("The outer attribution must be one of this sentence."), field="parent")
    above: Attribution | None = parent
    while above is not None:
        if above.uid == child.uid:
            raise Invalid(_("An attribution cannot be reported by itself, nor by one that it reports."), field="parent")
        above = of_annotation.get(above.parent_id)
    return parent.id


def _continues_id(session: Session, edit: Edit, attribution: Attribution, uid: str | None) -> int | None:
    """The reviewer's own attribution in the same article whose speech goes on here."""
    if not uid:
        return None
    found = attributions.of_reviewer(session, uid, reviewer_of(edit.actor))
    if found is None or found[1].article_id != edit.article.id:
        raise Invalid(_("There is no such attribution of yours in this article to continue."), field="continues")
    earlier: Attribution | None = found[0]
    while earlier is not None:
        if earlier.uid == attribution.uid:
            raise Invalid(_("An attribution cannot continue itself, nor one that continues it."), field="continues")
        earlier = session.get(Attribution, earlier.continues_id) if earlier.continues_id else None
    return found[0].id
