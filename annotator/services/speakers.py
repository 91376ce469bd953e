"""Speakers of a project: found by name or made, their other names, two that turn out to be one."""

from collections.abc import Sequence

from sqlmodel import Session

from annotator.domain import attributions, ids
from annotator.errors import Invalid, NotFound
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import history, merging, projects
from annotator.services.history import Actor
from annotator.services.merging import Kind
from db.models import Speaker, SpeakerAlias
from db.queries import speakers
from db.vocabulary import SpeakerKind

LONGEST_NAME = 300
KIND = Kind(
    Speaker,
    "speaker",
    lambda speaker: speaker.name,
    later("{one} is part of {other} already. Part them first."),
    later("These two are one speaker already."),
)


def get(session: Session, uid: str) -> Speaker:
    """A speaker by id. Raises NotFound."""
    found = speakers.by_uid(session, project_id(session), uid)
    if found is None:
        raise NotFound(_("There is no such speaker."))
    return found


def project_id(session: Session) -> int:
    found = projects.get(session).id
    assert found is not None, "the project is stored"
    return found


def get_or_create(session: Session, actor: Actor, name: str, kind: SpeakerKind | None = None) -> Speaker:
    """The speaker of this name or other name, made when there is none; of two merged ones the one they became.

    The kind is guessed from the name when it is not given. Raises Invalid for an empty or overlong name.
    """
    clean, project = _name(name, "speaker"), project_id(session)
    found = find(session, clean, kind)
    if found is not None:
        return found
    kind = kind or attributions.speaker_kind(clean)
    uid = ids.speaker_id(kind, clean)
    speaker = Speaker(project_id=project, uid=uid, name=clean, name_key=ids.name_key(clean), kind=kind)
    session.add(speaker)
    session.flush()
    history.log(session, actor, "create", "speaker", uid, detail={"name": clean, "kind": kind})
    return speaker


def find(session: Session, name: str, kind: SpeakerKind | None = None) -> Speaker | None:
    """The speaker of this name, else the only one who is also called so; None where there is none."""
    project, key = project_id(session), ids.name_key(name)
    named = speakers.named(session, project, key, kind)
    if named:
        guess = attributions.speaker_kind(name)
        return merging.final(session, next((speaker for speaker in named if speaker.kind == guess), named[0]))
    called = {
        speaker.id: speaker
        for speaker in (merging.final(session, s) for s in speakers.called(session, project, key, kind))
    }
    return next(iter(called.values())) if len(called) == 1 else None


def _name(text: str, field: str) -> str:
    clean = " ".join(text.split())
    if not clean:
        raise Invalid(_("A name has at least one letter."), field=field)
    if len(clean) > LONGEST_NAME:
        raise Invalid(_("A name has at most {n} characters.").format(n=LONGEST_NAME), field=field)
    return clean


def names_for(session: Session, article_id: int, mentioned: Sequence[str], reviewer_id: int) -> list[str]:
    """Names to offer: those the reviewer used in an article, then those its text mentions, then others of late."""
    own = speakers.names_used(session, reviewer_id, article_id=article_id)
    return list(dict.fromkeys([*own, *mentioned, *speakers.names_used(session, reviewer_id)]))


def add_alias(session: Session, actor: Actor, speaker_uid: str, alias: str) -> Speaker:
    """Give a speaker another name; nothing happens when it is there already. Raises NotFound, Invalid."""
    speaker, clean = get(session, speaker_uid), _name(alias, "alias")
    key, detail = ids.name_key(clean), {"alias": clean}
    if key == speaker.name_key:
        raise Invalid(_("That is the name the speaker has already."), field="alias")
    there = any(other.alias_key == key for other in speakers.aliases(session, speaker.id))
    if there or history.repeated(session, actor, "alias", speaker.uid, detail):
        return speaker
    assert speaker.id is not None
    session.add(SpeakerAlias(speaker_id=speaker.id, alias=clean, alias_key=key))
    session.flush()
    history.log(session, actor, "alias", "speaker", speaker.uid, detail=detail)
    return speaker


def remove_alias(session: Session, actor: Actor, speaker_uid: str, alias: str) -> Speaker:
    """Take away another name; nothing happens when it is not there. Attributions stay with the speaker they have."""
    speaker, key = get(session, speaker_uid), ids.name_key(alias)
    there = next((other for other in speakers.aliases(session, speaker.id) if other.alias_key == key), None)
    detail = {"alias": there.alias if there else alias}
    if there is None or history.repeated(session, actor, "alias_removed", speaker.uid, detail):
        return speaker
    session.delete(there)
    session.flush()
    history.log(session, actor, "alias_removed", "speaker", speaker.uid, detail=detail)
    return speaker


def merge(session: Session, actor: Actor, speaker_uid: str, into_uid: str) -> Speaker:
    """Say that a speaker is another one: statements and names count there from now on; rows stay, so it can be undone.

    Raises NotFound, Conflict when they are one already.
    """
    return merging.merge(session, actor, KIND, get(session, speaker_uid), get(session, into_uid))


def unmerge(session: Session, actor: Actor, speaker_uid: str) -> Speaker:
    """Part a speaker from the one it was merged into; nothing happens when it was not merged. Raises NotFound."""
    return merging.unmerge(session, actor, KIND, get(session, speaker_uid))
