"""A speaker's page: what they are said to have said, article by article, and by which names."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.words import word
from annotator.language import gettext as _
from annotator.language import ngettext
from annotator.reports import directory, words
from db.models import Speaker
from db.queries import speakers, statements
from db.queries.statements import Known, Place, Statement, Use, Viewer
from db.vocabulary import AnnotationRole, AttributionType, Stance

Span = tuple[int, int]
Seen = TypeVar("Seen", Statement, Use)


class Show(StrEnum):
    """Which statements are listed."""

    ALL = "all"
    CLAIM = "claim"
    UNSOURCED = "unsourced"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a sentence; `said` when they are attributed to the speaker."""

    text: str
    said: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A statement: the sentence cut into pieces, how it is reported, and by whom it was recorded.

    `cue_in`: the sentence of the cue when it is another one. `stances`: how many sources say what of its claims.
    `by`: the reviewers whose work it is, empty for the visitor's own and for gold.
    """

    place: Place
    pieces: tuple[Piece, ...]
    type: str
    mode: str
    negated: bool
    cue: str
    cue_in: int | None
    surface: str | None
    stances: tuple[tuple[str, int], ...]
    by: tuple[str, ...]

    @property
    def unsourced(self) -> bool:
        return self.place.is_claim and not self.stances


@dataclass(frozen=True, slots=True)
class Name:
    """Another name of a speaker: its key in the list, and in how many visible statements it stands."""

    id: int
    alias: str
    statements: int


@dataclass(frozen=True, slots=True)
class SpeakerReport:
    """All that a speaker's page shows; `listed` are the statements that the filter lets through."""

    speaker: Speaker
    show: Show
    said: tuple[Said, ...]
    names: tuple[Name, ...]
    into: Known | None
    merged: tuple[Known, ...]
    others: tuple[Known, ...]

    @property
    def listed(self) -> list[Said]:
        if self.show is Show.CLAIM:
            return [said for said in self.said if said.place.is_claim]
        return [said for said in self.said if self.show is Show.ALL or said.unsourced]

    @property
    def lede(self) -> str:
        """The figures of the page in one or two sentences."""
        if not self.said:
            return _("No statement yet.")
        types = Counter(said.type for said in self.said)
        kinds = [f"{words.number(types[name])} {word(name)}" for name in AttributionType if types[name]]
        said, articles = len(self.said), len({said.place.article_uid for said in self.said})
        first = _("{statements} {places}: {kinds}.").format(
            statements=ngettext("{n} statement", "{n} statements", said).format(n=words.number(said)),
            places=ngettext("in {n} article", "in {n} articles", articles).format(n=words.number(articles)),
            kinds=words.listed(kinds),
        )
        return f"{words.capital(first)} {self._about_claims()}"

    def _about_claims(self) -> str:
        claims = sum(said.place.is_claim for said in self.said)
        open_ = sum(said.unsourced for said in self.said)
        if not claims:
            return _("None holds a claim.")
        if not open_:
            text = ngettext("{n} holds a claim, with a source.", "{n} hold a claim, with a source.", claims)
        else:
            text = ngettext(
                "{n} holds a claim, without a source yet.",
                "{n} hold a claim, {open} of them without a source yet.",
                claims,
            )
        return words.capital(text.format(n=words.number(claims), open=words.number(open_)))


def report(session: Session, speaker: Speaker, viewer: Viewer, show: Show = Show.ALL) -> SpeakerReport | None:
    """The page of a speaker; None when the viewer may not know of them."""
    assert speaker.id is not None
    known, counts = statements.speakers(session), statements.speaker_counts(session, viewer)
    visible = {one.id: one for one in directory.visible(known, counts, sees_all=viewer.is_lead)}
    members = directory.family(known, speaker.id)
    if not any(member in visible for member in members):
        return None
    own = [] if speaker.merged_into_id else statements.of_speakers(session, members, viewer)
    said = _said(session, own, viewer)
    into = next((one for one in known if one.id == speaker.merged_into_id), None)
    merged = [one for one in directory.merged_here(known, members, speaker.id) if one.id in visible]
    others = [e.known for e in directory.entries(known, counts, sees_all=viewer.is_lead) if e.known.id != speaker.id]
    names = tuple(_names(session, speaker, own))
    return SpeakerReport(speaker, show, tuple(said), names, into, tuple(merged), tuple(others))


def _names(session: Session, speaker: Speaker, own: Iterable[Statement]) -> Iterable[Name]:
    seen = Counter(ids.name_key(statement.surface) for statement in own if statement.surface)
    for alias in speakers.aliases(session, speaker.id):
        assert alias.id is not None
        yield Name(alias.id, alias.alias, seen[alias.alias_key])


def _said(session: Session, own: Sequence[Statement], viewer: Viewer) -> list[Said]:
    """Statements in reading order; the same one recorded by several reviewers is one."""
    keys = [statement.attribution_id for statement in own]
    spans, cues = statements.spans(session, keys), statements.words(session, keys, "cue")
    sources = _sources(session, own)
    grouped: dict[object, list[Statement]] = {}
    for statement in own:
        place, content = statement.place, tuple(spans.get((statement.attribution_id, "content"), ()))
        how = (statement.type, statement.mode, statement.negated, statement.surface)
        key = (place.article_uid, place.ordinal, how, content, tuple(cues.get(statement.attribution_id, ())))
        grouped.setdefault(key, []).append(statement)
    return [_one(group, spans, cues, sources, viewer) for group in grouped.values()]


def _sources(session: Session, own: Sequence[Statement]) -> dict[int, set[tuple[str, int]]]:
    """(stance, source) of the claims that hang on each attribution, and of those that hang on none."""
    found: dict[tuple[int, int | None], set[tuple[str, int]]] = {}
    for annotation, attribution, stance, source in statements.stances(session, [s.place.annotation_id for s in own]):
        found.setdefault((annotation, attribution), set()).add((stance, source))
    empty: set[tuple[str, int]] = set()
    return {
        s.attribution_id: found.get((s.place.annotation_id, s.attribution_id), empty)
        | found.get((s.place.annotation_id, None), empty)
        for s in own
        if s.place.is_claim
    }


def _one(
    group: Sequence[Statement],
    spans: Mapping[tuple[int, str], list[Span]],
    cues: Mapping[int, list[tuple[str, int]]],
    sources: Mapping[int, set[tuple[str, int]]],
    viewer: Viewer,
) -> Said:
    first = usual(group)
    cue = cues.get(first.attribution_id, [])
    elsewhere = cue[0][1] if cue and cue[0][1] != first.place.ordinal else None
    proofs = {proof for statement in group for proof in sources.get(statement.attribution_id, ())}
    stances = Counter(stance for stance, _source in proofs)
    return Said(
        place=first.place,
        pieces=tuple(pieces(first.place, spans.get((first.attribution_id, "content"), []))),
        type=first.type,
        mode=first.mode,
        negated=first.negated,
        cue=" … ".join(text for text, _sentence in cue),
        cue_in=elsewhere,
        surface=first.surface,
        stances=tuple((stance, stances[stance]) for stance in Stance if stances[stance]),
        by=tuple(names_of((statement.place for statement in group), viewer)),
    )


def usual(group: Sequence[Seen]) -> Seen:
    """The one whose labels most of a group have: reviewers may agree on who speaks and differ on the labels."""
    labels = [(one.place.is_claim, one.place.is_quote, one.place.is_opinion, one.place.status) for one in group]
    return group[labels.index(Counter(labels).most_common(1)[0][0])]


def names_of(places: Iterable[Place], viewer: Viewer) -> list[str]:
    """Whose work it is, by name; nobody's for gold and for the viewer's own."""
    own = (AnnotationRole.GOLD, viewer.reviewer_id)
    return [p.reviewer for p in places if p.reviewer and p.role != own[0] and p.reviewer_id != own[1]]


def pieces(place: Place, spans: Iterable[Span]) -> Iterable[Piece]:
    """A sentence cut at the edges of the spans that lie in it."""
    at = place.start_cp
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, place.end_cp)
        if start >= end:
            continue
        if start > at:
            yield Piece(_cut(place, at, start), False)
        yield Piece(_cut(place, start, end), True)
        at = end
    if at < place.end_cp:
        yield Piece(_cut(place, at, place.end_cp), False)


def _cut(place: Place, start: int, end: int) -> str:
    return place.text[start - place.start_cp : end - place.start_cp]
