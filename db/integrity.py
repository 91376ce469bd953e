"""What keys and CHECKs cannot say: text and spans fit, ids are the hashes they should be, the history is unbroken."""

import hashlib
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Table, and_, text
from sqlalchemy import select as rows
from sqlalchemy.exc import DatabaseError, NoResultFound
from sqlmodel import Session, SQLModel, col, func, select

from db import canonical
from db.engine import Database
from db.models import (
    Annotation,
    AnnotationRevision,
    Article,
    Attribution,
    AttributionSpan,
    Block,
    Claim,
    Event,
    Evidence,
    Guideline,
    Release,
    Reviewer,
    Sentence,
    Source,
    SourceMention,
    Speaker,
)
from db.queries import history, releases
from db.queries.articles import finished
from db.vocabulary import GUIDELINE_NOT_CARRIED

BATCH = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: the kind of check, where, and what."""

    check: str
    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: {self.problem}"


def check(database: Database) -> Iterator[Finding]:
    """Every finding of one snapshot of the database; none for a sound one."""
    try:
        yield from _all(database)
    except DatabaseError as error:
        if not database.sqlite:
            raise
        yield Finding("integrity", "file", f"it cannot be read to the end: {error.orig}")


def _all(database: Database) -> Iterator[Finding]:
    with database.read() as session:
        if database.sqlite:
            yield from file_integrity(session)
        yield from orphans(session)
        yield from articles(session)
        yield from uids(session)
        yield from hashes(session)
        yield from annotation_spans(session)
        yield from parents(session)
        yield from chain(session)
        yield from annotations(session)
        yield from lost_rows(session)
        yield from frozen(session)


def file_integrity(session: Session) -> Iterator[Finding]:
    """SQLite's own check of pages, indexes, NOT NULL, UNIQUE and CHECK."""
    for (problem,) in session.connection().execute(text("PRAGMA integrity_check")):
        if problem != "ok":
            yield Finding("integrity", "file", problem)


def orphans(session: Session) -> Iterator[Finding]:
    """Rows that refer to a row that is not there."""
    for table in SQLModel.metadata.sorted_tables:
        for constraint in table.foreign_key_constraints:
            pairs = [(key.parent, key.column) for key in constraint.elements]
            target = constraint.referred_table.alias("target")
            same = and_(*(here == target.c[there.name] for here, there in pairs))
            given = and_(*(here.is_not(None) for here, _ in pairs))
            lacking = rows(*table.primary_key).where(given, ~rows(target).where(same).exists())
            for key in session.execute(lacking):
                columns = ", ".join(here.name for here, _ in pairs)
                yield Finding("orphan", _row(table, key), f"{columns} names no {constraint.referred_table.name}")


def _row(table: Table, key: Sequence[Any]) -> str:
    return f"{table.name} " + ", ".join(map(str, key))


def articles(session: Session) -> Iterator[Finding]:
    """Text, blocks and sentences of each article that came in whole."""
    for article_id in session.exec(select(Article.id).where(finished()).order_by(col(Article.id))).all():
        article = session.get_one(Article, article_id)
        blocks = session.exec(
            select(Block).where(Block.article_id == article_id).order_by(col(Block.start_cp), col(Block.id))
        ).all()
        sentences = session.exec(
            select(Sentence)
            .where(Sentence.article_id == article_id)
            .order_by(col(Sentence.start_cp), col(Sentence.end_cp))
        ).all()
        for kind, problem in _article(article, blocks, sentences):
            yield Finding(kind, f"article {article.uid}", problem)
        session.expunge_all()


def _article(article: Article, blocks: Sequence[Block], sentences: Sequence[Sentence]) -> Iterator[tuple[str, str]]:
    if article.text_sha256 != canonical.sha256(article.text):
        yield "hash", "text_sha256 is not the hash of the text"
    if article.text_length != len(article.text):
        yield "span", f"text_length is {article.text_length}, the text has {len(article.text)} characters"
    if article.uid != uid("art", article.text):
        yield "id", "the id is not the hash of the text"
    by_id = {block.id: block for block in blocks}
    for sentence in sentences:
        yield from _sentence(article, by_id.get(sentence.block_id), sentence)
    for block in blocks:
        if block.end_cp > len(article.text):
            yield "span", f"block {block.ordinal} ends behind the text"
    if [block.ordinal for block in blocks] != list(range(len(blocks))):
        yield "span", "the blocks' numbers do not follow their places from 0"
    yield from _overlapping("blocks", [(b.start_cp, b.end_cp, str(b.ordinal)) for b in blocks])
    live = [(s.start_cp, s.end_cp, s.uid) for s in sentences if s.retired_in is None]
    yield from _overlapping("live sentences", live)
    yield from _uncovered(article.text, live)


def _sentence(article: Article, block: Block | None, sentence: Sentence) -> Iterator[tuple[str, str]]:
    if sentence.uid != uid("sen", article.uid, sentence.start_cp, sentence.end_cp):
        yield "id", f"sentence {sentence.uid}: the id is not the hash of article and offsets"
    if sentence.end_cp > len(article.text):
        yield "span", f"sentence {sentence.uid} ends behind the text"
    if block is not None and not block.start_cp <= sentence.start_cp < block.end_cp:
        yield "span", f"sentence {sentence.uid} does not begin in its block {block.ordinal}"


def _overlapping(what: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    for (_, end, one), (start, _, other) in pairwise(spans):
        if start < end:
            yield "overlap", f"{what} {one} and {other} overlap"


def _uncovered(words: str, live: Iterable[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    place = 0
    for start, end, _ in [*live, (len(words), len(words), "")]:
        if start > place and not words[place:start].isspace():
            yield "span", f"no sentence covers the characters {place} to {start}"
        place = max(place, end)


def uid(prefix: str, *parts: str | int) -> str:
    """A public id (contract, model.md section 3)."""
    return f"{prefix}_{canonical.sha256(':'.join(map(str, parts)))[:16]}"


def name_key(name: str) -> str:
    """NFKC, case folded, white space collapsed (contract, model.md section 3)."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def uids(session: Session) -> Iterator[Finding]:
    """Ids of people, speakers, sources and all that is annotated are the hashes of what they name."""
    for kind, stored, wanted in _expected_uids(session):
        if stored != wanted:
            yield Finding("id", f"{kind} {stored}", f"the id should be {wanted}")


def _expected_uids(session: Session) -> Iterator[tuple[str, str, str]]:
    for person in session.exec(select(Reviewer)):
        yield "reviewer", person.uid, uid("rev", name_key(person.name))
    for speaker in session.exec(select(Speaker)):
        yield "speaker", speaker.uid, uid("spk", speaker.kind, name_key(speaker.name))
    for source in session.exec(select(Source.uid, Source.dedup_key)):
        yield "source", source[0], uid("src", source[1])
    judged = (
        rows(col(Annotation.uid), col(Annotation.role), col(Sentence.uid), col(Reviewer.uid))
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .outerjoin(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
    )
    for stored, role, sentence, reviewer in session.execute(judged):
        yield "annotation", stored, uid("ann", sentence, "gold" if role == "gold" else reviewer)
    for table, parent, key, prefix in (
        (Attribution, Annotation, Attribution.annotation_id, "att"),
        (Claim, Annotation, Claim.annotation_id, "clm"),
        (Evidence, Claim, Evidence.claim_id, "evi"),
    ):
        below = rows(col(table.uid), col(table.seq), col(parent.uid)).join(parent, col(parent.id) == key)
        for stored, seq, above in session.execute(below):
            yield table.__name__.lower(), stored, uid(prefix, above, seq)


def hashes(session: Session) -> Iterator[Finding]:
    """Keys and hashes beside the words they were made of."""
    for speaker in session.exec(select(Speaker)):
        if speaker.name_key != name_key(speaker.name):
            yield Finding("hash", f"speaker {speaker.uid}", "name_key does not fit the name")
    for guideline in session.exec(select(Guideline)):
        if guideline.body != GUIDELINE_NOT_CARRIED and guideline.sha256 != canonical.sha256(guideline.body):
            yield Finding("hash", f"guideline {guideline.version}", "sha256 is not the hash of the body")
    quoted = select(Evidence.uid, Evidence.excerpt, Evidence.excerpt_sha256).where(col(Evidence.excerpt).is_not(None))
    for stored, excerpt, sha256 in session.exec(quoted):
        if sha256 != canonical.sha256(excerpt or ""):
            yield Finding("hash", f"evidence {stored}", "excerpt_sha256 is not the hash of the excerpt")


def annotation_spans(session: Session) -> Iterator[Finding]:
    """Spans lie in the article, claims in their sentence, attributed content touches the sentence."""
    yield from _behind_text(session)
    inside = and_(col(Claim.start_cp) >= Sentence.start_cp, col(Claim.end_cp) <= Sentence.end_cp)
    outside = (
        select(Claim.uid)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(~inside)
    )
    for stored in session.exec(outside):
        yield Finding("span", f"claim {stored}", "it is not inside its sentence")
    touching = (
        rows(col(AttributionSpan.attribution_id))
        .where(col(AttributionSpan.attribution_id) == Attribution.id, col(AttributionSpan.part) == "content")
        .where(col(AttributionSpan.start_cp) < Sentence.end_cp, col(AttributionSpan.end_cp) > Sentence.start_cp)
    )
    apart = (
        select(Attribution.uid)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(~touching.exists())
    )
    for stored in session.exec(apart):
        yield Finding("span", f"attribution {stored}", "no content touches its sentence")


def _behind_text(session: Session) -> Iterator[Finding]:
    within = (
        select(Attribution.uid)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
    )
    spans = within.join(AttributionSpan, col(AttributionSpan.attribution_id) == Attribution.id)
    for stored in session.exec(spans.where(AttributionSpan.end_cp > Article.text_length).distinct()):
        yield Finding("span", f"attribution {stored}", "a span ends behind the text")
    wrong_speaker = (col(Attribution.speaker_end) > Article.text_length) | (col(Attribution.speaker_start) < 0)
    for stored in session.exec(within.where(wrong_speaker)):
        yield Finding("span", f"attribution {stored}", "the speaker's span is not in the text")
    mentions = (
        select(Annotation.uid)
        .join(SourceMention, col(SourceMention.annotation_id) == Annotation.id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .join(Article, col(Article.id) == Sentence.article_id)
    )
    for stored in session.exec(mentions.where(SourceMention.end_cp > Article.text_length)):
        yield Finding("span", f"annotation {stored}", "the mention of a source ends behind the text")


def parents(session: Session) -> Iterator[Finding]:
    """No attribution is its own ancestor; numbers given out are counted."""
    nested = select(Attribution.id, Attribution.parent_id, Attribution.uid).where(
        col(Attribution.parent_id).is_not(None)
    )
    above = {key: (parent, stored) for key, parent, stored in session.exec(nested)}
    for key, (parent, stored) in above.items():
        seen = {key}
        while parent is not None and parent not in seen:
            seen.add(parent)
            parent = above.get(parent, (None, ""))[0]
        if parent == key:
            yield Finding("parent", f"attribution {stored}", "it is its own ancestor")
    for table, owner, key_column, last in (
        (Attribution, Annotation, Attribution.annotation_id, Annotation.last_attribution_seq),
        (Claim, Annotation, Claim.annotation_id, Annotation.last_claim_seq),
        (Evidence, Claim, Evidence.claim_id, Claim.last_evidence_seq),
    ):
        uncounted = rows(col(table.uid)).join(owner, col(owner.id) == key_column).where(col(table.seq) > last)
        for (stored,) in session.execute(uncounted):
            yield Finding("number", f"{table.__name__.lower()} {stored}", "its number was never given out")


def chain(session: Session) -> Iterator[Finding]:
    """Each event's hash covers what it says and the hash before it."""
    before: str | None = None
    for event in session.exec(select(Event).order_by(col(Event.id)).execution_options(yield_per=BATCH)):
        if event.previous_sha256 != before:
            yield Finding("chain", f"event {event.id}", "it does not follow the event before it")
        if event.sha256 != history.chained(event):
            yield Finding("chain", f"event {event.id}", "it is not what was written")
        before = event.sha256


def annotations(session: Session) -> Iterator[Finding]:
    """Each annotation is what its newest revision and its newest event say, and no revision is missing."""
    after = 0
    batch = select(Annotation).order_by(col(Annotation.id)).limit(BATCH)
    while found := session.exec(batch.where(col(Annotation.id) > after)).all():
        keys = [annotation.id for annotation in found if annotation.id is not None]
        revisions = _revisions(session, keys)
        events = _newest_events(session, [annotation.uid for annotation in found])
        for annotation in found:
            numbers, newest = revisions.get(annotation.id, ([], None))
            for problem in _history(session, annotation, numbers, newest, events.get(annotation.uid)):
                yield Finding("history", f"annotation {annotation.uid}", problem)
        after = keys[-1]
        session.expunge_all()


def _revisions(session: Session, keys: list[int]) -> dict[int | None, tuple[list[int], str | None]]:
    """Of each annotation the numbers of its revisions and the newest one's snapshot."""
    statement = select(AnnotationRevision.annotation_id, AnnotationRevision.number, AnnotationRevision.snapshot)
    ordered = statement.where(col(AnnotationRevision.annotation_id).in_(keys)).order_by(col(AnnotationRevision.number))
    found: dict[int | None, tuple[list[int], str | None]] = {}
    for key, number, snapshot in session.exec(ordered):
        found[key] = ([*found.get(key, ([], None))[0], number], snapshot)
    return found


def _newest_events(session: Session, annotation_uids: list[str]) -> dict[str, str | None]:
    newest = (
        select(func.max(Event.id))
        .where(Event.entity == "annotation", col(Event.entity_uid).in_(annotation_uids))
        .group_by(col(Event.entity_uid))
    )
    return dict(session.exec(select(Event.entity_uid, Event.after_sha).where(col(Event.id).in_(newest))).all())


def _history(
    session: Session, annotation: Annotation, numbers: list[int], newest: str | None, logged: str | None
) -> Iterator[str]:
    if newest is None:
        yield "it has no revision"
        return
    # an import brings only the newest revision, so the first number may be above 1
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        yield "a revision is missing"
    if numbers[-1] != annotation.revision:
        yield f"it says revision {annotation.revision}, the newest stored one is {numbers[-1]}"
    now = history.digest(history.snapshot(session, annotation))
    if now != canonical.sha256(newest):
        yield "it is not what its newest revision says"
    if logged is None:
        yield "no event tells of it"
    elif logged != canonical.sha256(newest):
        yield "its newest event tells of another state"


def lost_rows(session: Session) -> Iterator[Finding]:
    """Events tell of annotations, articles and people that are still there: none of them is ever deleted."""
    for entity, table in (("annotation", Annotation), ("article", Article), ("reviewer", Reviewer)):
        gone = (
            rows(col(Event.entity_uid))
            .where(col(Event.entity) == entity, ~rows(table).where(col(table.uid) == Event.entity_uid).exists())
            .distinct()
        )
        for (stored,) in session.execute(gone):
            yield Finding("lost", f"{entity} {stored}", "events tell of it, but it is not there")


def frozen(session: Session) -> Iterator[Finding]:
    """The bytes of every release have the hashes that its manifest names."""
    for release in session.exec(select(Release).order_by(col(Release.id))):
        manifest = canonical.decode(release.manifest)
        wanted = {name: found["sha256"] for name, found in manifest["files"].items()}
        wanted["manifest.json"] = canonical.sha256(release.manifest + "\n")
        for name, sha256 in wanted.items():
            digest = hashlib.sha256()
            try:
                for piece in releases.content(session, release.id or 0, name):
                    digest.update(piece)
                whole = digest.hexdigest() == sha256
            except (zlib.error, NoResultFound):
                whole = False
            if not whole:
                yield Finding("release", f"{release.name}/{name}", "the bytes are not those that were released")
