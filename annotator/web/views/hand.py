"""The sentence in hand with the reviewer's own answer: pressed buttons, voices, ticks, note, changes."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlmodel import Session

from annotator.domain import labels
from annotator.services import annotations
from annotator.web.views import changes
from annotator.web.views.changes import ChangeView
from annotator.web.views.rows import MarkView, judgement, mark
from db.models import Annotation
from db.queries import annotate
from db.queries.annotate import Outlined
from db.vocabulary import Confidence, Label, Status, Voice

SHOWN_CHANGES = 6


@dataclass(frozen=True, slots=True)
class VoiceView:
    """Whose claim or opinion it is; `folded` where the author's is meant anyway and nobody needs to choose."""

    label: str
    value: str
    folded: bool


@dataclass(frozen=True, slots=True)
class HandView:
    """The sentence in hand with the reviewer's own answer. `request` is the id that the next change will carry."""

    n: int
    uid: str
    revision: int
    request: str
    mark: MarkView
    name: str
    words: tuple[str, ...]
    status: str
    voices: tuple[VoiceView, ...]
    none_reason: str | None
    loaded_language: bool
    low: bool
    note: str
    history: tuple[ChangeView, ...]
    changes: int


def hand_view(session: Session, n: int, row: Outlined, annotation: Annotation | None) -> HandView:
    said = annotations.judgement(annotation)
    past_changes = annotate.revisions(session, annotation.id or 0, limit=SHOWN_CHANGES + 1) if annotation else ()
    return HandView(
        n=n,
        uid=row.uid,
        revision=annotation.revision if annotation else 0,
        request=secrets.token_hex(8),
        mark=mark(judgement(row)),
        name=labels.describe(said),
        words=_pressed(said),
        status=said.status,
        voices=_voices(said),
        none_reason=said.none_reason,
        loaded_language=said.loaded_language,
        low=said.confidence is Confidence.LOW,
        note=said.note or "",
        history=changes.history(past_changes, datetime.now(UTC), limit=SHOWN_CHANGES),
        changes=annotation.revision if annotation else 0,
    )


def _pressed(said: labels.Judgement) -> tuple[str, ...]:
    """The buttons that are pressed."""
    if said.status is Status.UNSURE:
        return (labels.UNSURE,)
    return (
        (labels.NONE,) if said.none_reason else tuple(label for label in labels.PRIMARY_ORDER if label in said.labels)
    )


def _voices(said: labels.Judgement) -> tuple[VoiceView, ...]:
    chosen = [(label, said.voice(label)) for label in (Label.CLAIM, Label.OPINION)]
    plain = Label.QUOTE not in said.labels and all(voice in (None, Voice.AUTHOR) for _, voice in chosen)
    return tuple(VoiceView(str(label), str(voice), plain) for label, voice in chosen if voice)
