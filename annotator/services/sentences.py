"""Mending sentence boundaries: split, merge, move, and back again. Text never changes, and no label is lost.

A new segmentation retires old sentences and makes or revives new ones. What reviewers said stays on the retired rows as
it was; a copy follows the words (domain/resegmentation.py, domain/carrying.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain import ids, resegmentation
from annotator.domain.carrying import Carrying, Part
from annotator.domain.labels import Judgement
from annotator.domain.spans import Span
from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.services import annotations, gold, history, snapshots
from annotator.services.history import Actor
from db import canonical
from db.models import Annotation, Article, Assignment, Reviewer, Segmentation, Sentence, SentenceLineage
from db.queries import annotations as annotation_rows
from db.queries import history as past
from db.queries import sentences
from db.vocabulary import AssignmentState, Lineage, Origin, SentenceOrigin, Status

UNDO = "undo"
CHANGED = "The boundaries of this article were changed in the meantime, so nothing was stored. Load the page again."


@dataclass(slots=True)
class Work:
    """What one reviewer has said of the old sentences, by sentence."""

    reviewer: Reviewer
    said: dict[int, Annotation]


@dataclass(frozen=True, slots=True)
class Cut:
    """A change of boundaries before it is made: the sentences that go, the spans that come."""

    article: Article
    old: tuple[Sentence, ...]
    new: tuple[Span, ...]
    kind: Lineage

    @property
    def texts(self) -> list[str]:
        return [span.of(self.article.text) for span in self.new]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a cut would do: the new sentences, how many reviewers are touched, how many labels need a look."""

    texts: list[str]
    reviewers: int
    needs_review: int
    version: int


def splitting(session: Session, sentence_uid: str, at: int) -> Cut:
    """A cut before code point `at` of the article. Raises NotFound, Invalid."""
    sentence, article = _found(session, sentence_uid)
    first, second = resegmentation.split_spans(article.text, _span(sentence), at)
    return Cut(article, (sentence,), (first, second), Lineage.SPLIT)


def merging(session: Session, sentence_uid: str) -> Cut:
    """A merge with the next sentence of the same block. Raises NotFound, Invalid."""
    sentence, other, article = _pair(session, sentence_uid)
    merged = resegmentation.merge_spans(_span(sentence), _span(other))
    return Cut(article, (sentence, other), (merged,), Lineage.MERGE)


def moving(session: Session, sentence_uid: str, at: int) -> Cut:
    """The boundary to the next sentence of the same block moves before code point `at`. Raises NotFound, Invalid."""
    sentence, other, article = _pair(session, sentence_uid)
    whole = resegmentation.merge_spans(_span(sentence), _span(other))
    first, second = resegmentation.split_spans(article.text, whole, at)
    if second.start == other.start_cp:
        raise Invalid("The boundary is there already.", field="at")
    return Cut(article, (sentence, other), (first, second), Lineage.MOVE)


def _found(session: Session, uid: str) -> tuple[Sentence, Article]:
    """A sentence, retired or not: a request that comes again names what its first time retired."""
    found = sentences.with_article(session, uid)
    if found is None:
        raise NotFound("There is no such sentence.")
    return found


def _pair(session: Session, uid: str) -> tuple[Sentence, Sentence, Article]:
    sentence, article = _found(session, uid)
    other = sentences.following(session, sentence)
    if other is None and sentence.retired_in is not None:
        raise Conflict(CHANGED)
    if other is None or other.block_id != sentence.block_id:
        raise Invalid("There is no next sentence in this paragraph to merge with.")
    return sentence, other, article


def _span(sentence: Sentence) -> Span:
    return Span(sentence.start_cp, sentence.end_cp)


def preview(session: Session, cut: Cut) -> Preview:
    """What would become of the labels; nothing is stored. Raises Conflict for a sentence that lives no more."""
    _check_live(cut)
    work = _work(session, cut.old)
    carried = [_judgement(cut, mine, span) for mine in work for span in cut.new]
    assert cut.article.id is not None
    return Preview(
        cut.texts,
        reviewers=len(work),
        needs_review=sum(judgement.status == Status.NEEDS_REVIEW for judgement in carried),
        version=sentences.segmentation(session, cut.article.id).version,
    )


def _check_live(cut: Cut) -> None:
    if any(sentence.retired_in is not None for sentence in cut.old):
        raise Conflict(CHANGED)


def _work(session: Session, old: Sequence[Sentence]) -> list[Work]:
    """Each reviewer's work on the old sentences."""
    found: dict[int, Work] = {}
    for annotation, reviewer in sentences.annotations(session, [_id(sentence) for sentence in old]):
        found.setdefault(_id(reviewer), Work(reviewer, {})).said[annotation.sentence_id] = annotation
    return list(found.values())


def _id(row: Sentence | Reviewer | Segmentation | Article) -> int:
    assert row.id is not None
    return row.id


def _judgement(cut: Cut, mine: Work, span: Span) -> Judgement:
    """One reviewer's judgement on a new sentence, from those on the old ones it overlaps."""
    sources = [sentence for sentence in cut.old if _span(sentence).overlaps(span)]
    said = [annotations.judgement(mine.said.get(_id(sentence))) for sentence in sources]
    merged = resegmentation.carry_over_merge(said).judgement
    whole = sources[0].start_cp >= span.start and sources[-1].end_cp <= span.end
    return merged if whole else resegmentation.carry_over_split(merged).judgement


def apply(session: Session, actor: Actor, cut: Cut, *, version: int | None) -> list[Sentence]:
    """Make a cut that rests on segmentation `version`; returns the new sentences.

    A repeated request changes nothing and gets the same sentences. Raises Stale when the segmentation is not that
    version any more, Conflict for a sentence that lives no more or a request id that was used for something else.
    """
    article_id = _id(cut.article)
    readers = sentences.lock_readers(session, article_id)
    done = _answered(session, actor, cut.kind, cut.article, _detail(cut, (version or 0) + 1))
    if done:
        return done
    current = _current(session, article_id, version)
    _check_live(cut)
    work = _work(session, cut.old)
    segmentation = _next(session, actor, current, cut.kind)
    new = _replace(session, cut, segmentation)
    for sentence in new:
        gold.reopen_gold(session, actor, _id(sentence))
    for mine in work:
        if _carry(session, actor, cut, mine, new):
            _reopen(session, actor, cut.article, readers, mine.reviewer)
    _log(session, actor, cut.kind, cut, segmentation)
    return new


def _answered(
    session: Session, actor: Actor, action: str, article: Article, asked: dict[str, Any]
) -> list[Sentence] | None:
    """The sentences that this very request made before; None for a new one.

    Raises Conflict when its id was used for something else.
    """
    events = past.events_of_request(session, actor.request_id, actor.reviewer_id) if actor.request_id else ()
    for event in events:
        detail = canonical.decode(event.detail)
        if (event.action, event.entity_uid) == (action, article.uid) and asked.items() <= detail.items():
            return list(sentences.of_uids(session, detail["new"]))
    if events:
        raise Conflict("This request was answered before, for something else.")
    return None


def _current(session: Session, article_id: int, version: int | None) -> Segmentation:
    current = sentences.segmentation(session, article_id)
    if version != current.version:
        raise Stale(CHANGED, current=current.version)
    return current


def _next(session: Session, actor: Actor, current: Segmentation, reason: str) -> Segmentation:
    segmentation = Segmentation(
        article_id=current.article_id,
        version=current.version + 1,
        engine=current.engine,
        reason=reason,
        created_by=actor.reviewer_id,
        created_at=actor.at,
    )
    session.add(segmentation)
    session.flush()
    return segmentation


def _replace(session: Session, cut: Cut, segmentation: Segmentation) -> list[Sentence]:
    """Retire the old sentences, revive or make the new ones, and note what came from what."""
    for sentence in cut.old:
        sentence.retired_in = segmentation.id
    session.flush()
    there = sentences.at_spans(session, _id(cut.article), [(span.start, span.end) for span in cut.new])
    new = [there.get((span.start, span.end)) or _made(cut, span, segmentation) for span in cut.new]
    for sentence in new:
        sentence.retired_in = None
        session.add(sentence)
    session.flush()
    _trace(session, cut.old, new, cut.kind)
    return new


def _made(cut: Cut, span: Span, segmentation: Segmentation) -> Sentence:
    return Sentence(
        article_id=_id(cut.article),
        block_id=cut.old[0].block_id,
        uid=ids.sentence_id(cut.article.uid, span.start, span.end),
        start_cp=span.start,
        end_cp=span.end,
        created_in=_id(segmentation),
        origin=SentenceOrigin.MERGE if cut.kind is Lineage.MERGE else SentenceOrigin.SPLIT,
    )


def _trace(session: Session, old: Sequence[Sentence], new: Sequence[Sentence], kind: Lineage) -> None:
    there = sentences.lineage(session, [_id(sentence) for sentence in old])
    for before in old:
        for after in new:
            pair = (_id(before), _id(after))
            if _span(before).overlaps(_span(after)) and pair not in there:
                session.add(SentenceLineage(old_id=pair[0], new_id=pair[1], kind=kind))
    session.flush()


def _carry(session: Session, actor: Actor, cut: Cut, mine: Work, new: Sequence[Sentence]) -> bool:
    """Store one reviewer's work on the new sentences; tells whether something of it needs a look."""
    parts = [
        Part(_span(sentence), past.snapshot(session, mine.said[_id(sentence)]))
        for sentence in cut.old
        if _id(sentence) in mine.said
    ]
    carrying = Carrying(parts, cut.new)
    waiting = False
    for index, sentence in enumerate(new):
        judgement = _judgement(cut, mine, cut.new[index])
        _store(session, actor, cut.article, mine.reviewer, sentence, judgement, carrying, index)
        waiting = waiting or judgement.status == Status.NEEDS_REVIEW
    return waiting


def _store(
    session: Session,
    actor: Actor,
    article: Article,
    reviewer: Reviewer,
    sentence: Sentence,
    judgement: Judgement,
    carrying: Carrying,
    index: int,
) -> None:
    """One revision of the reviewer's annotation of a new sentence, with what follows its words."""
    there = annotation_rows.of_reviewer(session, _id(sentence), _id(reviewer))
    guideline = annotation_rows.active_guideline_id(session, article.project_id)
    annotation = there or annotations.blank(session, sentence, reviewer, guideline, actor)
    before = past.digest(past.snapshot(session, annotation)) if there else None
    state = snapshots.nothing(annotation)
    rows, numbers = carrying.attributions(
        index, annotation.last_attribution_seq + 1, lambda seq: ids.attribution_id(annotation.uid, seq)
    )
    claims = carrying.claims(index, annotation.last_claim_seq + 1, numbers)
    snapshots.restore(session, annotation, {**state, "attributions": rows, "claims": claims})
    annotation.last_attribution_seq += len(rows)
    annotation.last_claim_seq += len(claims)
    annotations.store(annotation, judgement)
    annotation.origin = Origin.CARRIED_OVER
    annotation.revision += 1 if there else 0
    annotation.updated_at = actor.at
    session.flush()
    history.record(
        session, actor, annotation, "carry_over", article_id=_id(article), before=before,
        detail={"revision": annotation.revision},
    )  # fmt: skip


def _reopen(
    session: Session, actor: Actor, article: Article, readers: Sequence[Assignment], reviewer: Reviewer
) -> None:
    """A finished article with something to look at again is open again."""
    for assignment in readers:
        if assignment.reviewer_id == reviewer.id and assignment.state == AssignmentState.FINISHED:
            assignment.state, assignment.finished_at = AssignmentState.OPEN, None
            session.flush()
            uid = f"{article.uid}:{reviewer.uid}"
            history.log(session, actor, "reopen", "assignment", uid, article_id=article.id)


def _log(session: Session, actor: Actor, action: str, cut: Cut, segmentation: Segmentation) -> None:
    detail = _detail(cut, segmentation.version)
    history.log(session, actor, action, "segmentation", cut.article.uid, article_id=_id(cut.article), detail=detail)


def _detail(cut: Cut, version: int) -> dict[str, Any]:
    """What an event says of a change: the segmentation it made, the sentences before and after."""
    return {
        "version": version,
        "old": [sentence.uid for sentence in cut.old],
        "new": [ids.sentence_id(cut.article.uid, span.start, span.end) for span in cut.new],
    }


def version(session: Session, article_uid: str) -> int:
    """The newest segmentation of an article. Raises NotFound."""
    return sentences.segmentation(session, _id(_article(session, article_uid))).version


def _article(session: Session, uid: str) -> Article:
    article = sentences.article(session, uid)
    if article is None:
        raise NotFound("There is no such article.")
    return article


def undo(session: Session, actor: Actor, article_uid: str, *, version: int | None) -> list[Sentence]:
    """Take back the last change of boundaries: the sentences before it live again, with every row as it was.

    A repeated request changes nothing and gets the same sentences. Raises Stale for another version, Conflict when
    there is nothing to take back, when work on the new sentences rests on it, or for a used request id.
    """
    article = _article(session, article_uid)
    sentences.lock_readers(session, _id(article))
    done = _answered(session, actor, UNDO, article, {"version": (version or 0) + 1})
    if done:
        return done
    current = _current(session, _id(article), version)
    old, new = _change(session, current)
    if not old or not new:
        raise Conflict("There is no change of boundaries to take back.")
    if _worked_on(session, current, new):
        raise Conflict("Reviewers have worked on the new sentences since: split or merge them instead.")
    segmentation = _next(session, actor, current, UNDO)
    for sentence in new:
        sentence.retired_in = segmentation.id
    session.flush()
    for sentence in old:
        sentence.retired_in = None
    session.flush()
    _trace(session, new, old, Lineage.MERGE if len(old) < len(new) else Lineage.SPLIT)
    cut = Cut(article, tuple(new), tuple(map(_span, old)), Lineage.MOVE)
    _log(session, actor, UNDO, cut, segmentation)
    return list(old)


def _change(session: Session, current: Segmentation) -> tuple[Sequence[Sentence], Sequence[Sentence]]:
    """The sentences that a segmentation retired, and those that live in their place."""
    old = sentences.retired_in(session, _id(current))
    return old, sentences.successors(session, [_id(sentence) for sentence in old])


def _worked_on(session: Session, current: Segmentation, new: Sequence[Sentence]) -> bool:
    rows = sentences.annotations(session, [_id(sentence) for sentence in new])
    return any(annotation.updated_at > current.created_at for annotation, _ in rows)


def last_change(session: Session, article_id: int) -> tuple[int, str | None]:
    """The version of an article's segmentation, and what made it (split, merge, move, undo) if that can be undone."""
    current = sentences.segmentation(session, article_id)
    old, new = _change(session, current) if current.version > 1 else ((), ())
    undoable = bool(old and new) and not _worked_on(session, current, new)
    return current.version, current.reason if undoable else None
