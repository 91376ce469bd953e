"""What a visitor may see of who said what and what proves it: gold where there is some, else reviewers' own work.

Blindness lives here: on an article that a reviewer has not finished, only their own work is found, not even gold.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, cast, func, null, or_
from sqlalchemy import select as rows
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, select

from db.models import (
    Annotation,
    Article,
    Assignment,
    Attribution,
    AttributionSpan,
    Claim,
    Evidence,
    Reviewer,
    Sentence,
    Source,
    SourceMention,
    Speaker,
)
from db.vocabulary import AnnotationRole, AssignmentState, Status

OPENING = 120  # characters of the text that stand for a title where there is none


class Viewer(NamedTuple):
    """Whose eyes: a lead sees everybody's work, a reviewer what `shown_to` says."""

    reviewer_id: int
    is_lead: bool


class Place(NamedTuple):
    """A sentence in its article, with the annotation that something hangs on; `ordinal` counts from 1."""

    article_uid: str
    title: str
    ordinal: int
    start_cp: int
    end_cp: int
    text: str
    annotation_id: int
    role: str
    status: str
    is_claim: bool
    is_quote: bool
    is_opinion: bool
    reviewer_id: int | None
    reviewer: str | None


class Statement(NamedTuple):
    """One attribution to a speaker; `surface` is how the article names them there."""

    place: Place
    attribution_id: int
    speaker_id: int
    type: str
    mode: str
    negated: bool
    surface: str | None


class Use(NamedTuple):
    """One piece of evidence from a source, with its claim and whom the claim is attributed to."""

    place: Place
    source_id: int
    stance: str
    excerpt: str | None
    locator: str | None
    note: str | None
    claim: str | None
    voice: str
    speaker: str | None
    speaker_uid: str | None


class Mention(NamedTuple):
    """A sentence whose article leans on a source."""

    place: Place
    source_id: int
    speaker: str | None
    speaker_uid: str | None


def shown_to(viewer: Viewer) -> ColumnElement[bool]:
    """Which annotations a viewer sees of a live sentence."""
    gold = aliased(Annotation)
    decided = select(gold.id).where(
        col(gold.sentence_id) == Annotation.sentence_id,
        col(gold.role) == AnnotationRole.GOLD,
        col(gold.status) == Status.COMPLETE,
    )
    is_gold = and_(col(Annotation.role) == AnnotationRole.GOLD, col(Annotation.status) == Status.COMPLETE)
    is_reviewers = col(Annotation.role) == AnnotationRole.REVIEWER
    all_work = or_(is_gold, and_(is_reviewers, ~decided.exists()))
    if viewer.is_lead:
        return all_work
    finished = select(Assignment.article_id).where(
        Assignment.reviewer_id == viewer.reviewer_id, Assignment.state == AssignmentState.FINISHED
    )
    has_finished = col(Sentence.article_id).in_(finished)
    mine = and_(is_reviewers, col(Annotation.reviewer_id) == viewer.reviewer_id)
    return or_(and_(has_finished, all_work), and_(~has_finished, mine))


def _cut(start: Any, end: Any) -> ColumnElement[str]:
    """The words of the article between two columns; PostgreSQL's substr takes plain integers only."""
    found: ColumnElement[str] = func.substr(Article.text, cast(start + 1, Integer), cast(end - start, Integer))
    return found


def _place() -> list[Any]:
    """The columns of a Place."""
    before = aliased(Sentence)
    earlier = and_(col(before.article_id) == Sentence.article_id, col(before.start_cp) <= Sentence.start_cp)
    ordinal = rows(func.count()).select_from(before).where(earlier, col(before.retired_in).is_(None)).scalar_subquery()
    return [
        Article.uid,
        func.coalesce(Article.title, func.substr(Article.text, 1, OPENING)),
        ordinal,
        Sentence.start_cp,
        Sentence.end_cp,
        _cut(col(Sentence.start_cp), col(Sentence.end_cp)),
        Annotation.id,
        Annotation.role,
        Annotation.status,
        Annotation.is_claim,
        Annotation.is_quote,
        Annotation.is_opinion,
        Annotation.reviewer_id,
        Reviewer.name,
    ]


PLACE = len(Place._fields)


def _seen(statement: Select[Any], viewer: Viewer) -> Select[Any]:
    """Joined from Annotation to its sentence, article and reviewer; only what the viewer sees, in reading order."""
    return (
        statement.join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .outerjoin(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
        .where(col(Sentence.retired_in).is_(None), col(Article.deleted_at).is_(None), shown_to(viewer))
        .order_by(col(Article.id), col(Sentence.start_cp), col(Annotation.role), func.lower(Reviewer.name))
    )


def of_speakers(session: Session, speaker_ids: Sequence[int], viewer: Viewer) -> list[Statement]:
    """The visible attributions to these speakers, in reading order."""
    named = _cut(col(Attribution.speaker_start), col(Attribution.speaker_end))
    columns: list[Any] = [
        *_place(), Attribution.id, Attribution.speaker_id, Attribution.type, Attribution.mode, Attribution.negated,
        named,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = statement.select_from(Attribution).join(Annotation, col(Annotation.id) == Attribution.annotation_id)
    statement = _seen(statement, viewer).where(col(Attribution.speaker_id).in_(speaker_ids))
    found = session.execute(statement.order_by(col(Attribution.seq)))
    return [Statement(Place(*row[:PLACE]), *row[PLACE:]) for row in found]


def spans(session: Session, attribution_ids: Sequence[int]) -> dict[tuple[int, str], list[tuple[int, int]]]:
    """The spans of attributions by (attribution, part), in their order."""
    statement = select(AttributionSpan).where(col(AttributionSpan.attribution_id).in_(attribution_ids))
    found: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for span in session.exec(statement.order_by(col(AttributionSpan.n))):
        found.setdefault((span.attribution_id, span.part), []).append((span.start_cp, span.end_cp))
    return found


def words(session: Session, attribution_ids: Sequence[int], part: str) -> dict[int, list[tuple[str, int]]]:
    """The words of a part of attributions, each with the number of the live sentence it begins in."""
    before = aliased(Sentence)
    earlier = and_(col(before.article_id) == Sentence.article_id, col(before.start_cp) <= AttributionSpan.start_cp)
    ordinal = rows(func.count()).select_from(before).where(earlier, col(before.retired_in).is_(None)).scalar_subquery()
    span = AttributionSpan
    columns: list[Any] = [span.attribution_id, _cut(col(span.start_cp), col(span.end_cp)), ordinal]
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(span)
        .join(Attribution, col(Attribution.id) == span.attribution_id)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
        .where(col(span.attribution_id).in_(attribution_ids), col(span.part) == part)
        .order_by(col(span.n))
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for attribution_id, said, number in session.execute(statement):
        found.setdefault(attribution_id, []).append((said, number))
    return found


def stances(session: Session, annotation_ids: Sequence[int]) -> list[tuple[int, int | None, str, int]]:
    """(annotation, attribution of the claim, stance, source) of all evidence under these annotations' claims."""
    statement = (
        select(Claim.annotation_id, Claim.attribution_id, Evidence.stance, Evidence.source_id)
        .join(Evidence, col(Evidence.claim_id) == Claim.id)
        .where(col(Claim.annotation_id).in_(annotation_ids))
    )
    return [(annotation, said, stance, source) for annotation, said, stance, source in session.exec(statement)]


def of_sources(session: Session, source_ids: Sequence[int], viewer: Viewer) -> list[Use]:
    """The visible evidence from these sources, in reading order; only while the sentence has its claim label."""
    return _uses(session, viewer, col(Evidence.source_id).in_(source_ids))


def of_article(session: Session, article_uid: str, viewer: Viewer) -> list[Use]:
    """The visible evidence for the claims of an article, as `of_sources` gives it."""
    return _uses(session, viewer, col(Article.uid) == article_uid)


def _uses(session: Session, viewer: Viewer, which: ColumnElement[bool]) -> list[Use]:
    columns: list[Any] = [
        *_place(), Evidence.source_id, Evidence.stance, Evidence.excerpt, Evidence.locator, Evidence.note,
        Claim.text_normalized, Claim.voice, Speaker.name, Speaker.uid,
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = (
        statement.select_from(Evidence)
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .outerjoin(Attribution, col(Attribution.id) == Claim.attribution_id)
        .outerjoin(Speaker, col(Speaker.id) == Attribution.speaker_id)
    )
    statement = _seen(statement, viewer).where(which, col(Annotation.is_claim).is_(True))
    found = session.execute(statement.order_by(col(Claim.seq), col(Evidence.seq)))
    return [Use(Place(*row[:PLACE]), *row[PLACE:]) for row in found]


def mentions(session: Session, source_ids: Sequence[int], viewer: Viewer) -> list[Mention]:
    """Where articles lean on these sources: by an attribution that names one, or by a mention of its own."""
    columns: list[Any] = [*_place(), Attribution.source_id, Speaker.name, Speaker.uid]
    named: Select[Any] = rows(*columns)
    named = (
        named.select_from(Attribution)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .outerjoin(Speaker, col(Speaker.id) == Attribution.speaker_id)
    )
    found = session.execute(_seen(named, viewer).where(col(Attribution.source_id).in_(source_ids)))
    by_speaker = [Mention(Place(*row[:PLACE]), *row[PLACE:]) for row in found]
    also: list[Any] = [*_place(), SourceMention.source_id]
    bare: Select[Any] = rows(*also)
    bare = bare.select_from(SourceMention).join(Annotation, col(Annotation.id) == SourceMention.annotation_id)
    alone = session.execute(_seen(bare, viewer).where(col(SourceMention.source_id).in_(source_ids)))
    return [*by_speaker, *(Mention(Place(*row[:PLACE]), row[PLACE], None, None) for row in alone)]


def speaker_counts(session: Session, viewer: Viewer) -> dict[int, tuple[int, int]]:
    """Speakers with visible statements: how many sentences, in how many articles."""
    columns: list[Any] = [
        Attribution.speaker_id, func.count(col(Sentence.id).distinct()), func.count(col(Article.id).distinct()),
    ]  # fmt: skip
    statement: Select[Any] = rows(*columns)
    statement = statement.select_from(Attribution).join(Annotation, col(Annotation.id) == Attribution.annotation_id)
    statement = _seen(statement, viewer).where(col(Attribution.speaker_id).is_not(None)).order_by(None)
    found = session.execute(statement.group_by(col(Attribution.speaker_id)))
    return {speaker_id: (sentences, articles) for speaker_id, sentences, articles in found}


def source_counts(session: Session, viewer: Viewer) -> dict[int, tuple[int, int]]:
    """Sources in visible work: how many claims' evidence, in how many articles; 0 for those that are only mentioned."""
    columns: list[Any] = [
        Evidence.source_id, func.count(col(Sentence.id).distinct()), func.count(col(Article.id).distinct()),
    ]  # fmt: skip
    proving: Select[Any] = rows(*columns)
    proving = (
        proving.select_from(Evidence)
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
    )
    proving = _seen(proving, viewer).where(col(Annotation.is_claim).is_(True)).order_by(None)
    found = session.execute(proving.group_by(col(Evidence.source_id)))
    counts = {source_id: (claims, articles) for source_id, claims, articles in found}
    return {**dict.fromkeys(_mentioned(session, viewer), (0, 0)), **counts}


def _mentioned(session: Session, viewer: Viewer) -> set[int]:
    """Sources that articles lean on in visible work."""
    by_speaker: Select[Any] = rows(col(Attribution.source_id)).distinct()
    by_speaker = by_speaker.select_from(Attribution).join(Annotation, col(Annotation.id) == Attribution.annotation_id)
    alone: Select[Any] = rows(col(SourceMention.source_id)).distinct()
    alone = alone.select_from(SourceMention).join(Annotation, col(Annotation.id) == SourceMention.annotation_id)
    both = [session.execute(_seen(s, viewer).order_by(None)).scalars() for s in (by_speaker, alone)]
    return {source_id for found in both for source_id in found if source_id is not None}


class Known(NamedTuple):
    """A speaker or source as a list shows it; `publisher` only of sources."""

    id: int
    uid: str
    name: str
    kind: str
    publisher: str | None
    merged_into_id: int | None


def speakers(session: Session) -> list[Known]:
    """All speakers, by name."""
    columns: list[Any] = [Speaker.id, Speaker.uid, Speaker.name, Speaker.kind, null(), Speaker.merged_into_id]
    statement: Select[Any] = rows(*columns)
    return [Known(*row) for row in session.execute(statement.order_by(col(Speaker.name_key), col(Speaker.id)))]


def sources(session: Session) -> list[Known]:
    """All sources, by title."""
    columns: list[Any] = [Source.id, Source.uid, Source.title, Source.type, Source.publisher, Source.merged_into_id]
    statement: Select[Any] = rows(*columns)
    return [Known(*row) for row in session.execute(statement.order_by(func.lower(Source.title), col(Source.id)))]
