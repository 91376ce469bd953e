"""What reviewers said of sentences that are cut anew: it stays on the retired rows as it was; a copy follows the words.

The rules are those of domain/resegmentation.py (labels) and domain/carrying.py (attributions and claims).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from annotator.domain import ids, resegmentation
from annotator.domain.carrying import Carrying, Part
from annotator.domain.labels import Judgement
from annotator.domain.spans import Span
from annotator.services import annotations, history, snapshots
from annotator.services.history import Actor
from db.models import Annotation, Article, Reviewer, Sentence
from db.queries import annotations as annotation_rows
from db.queries import history as past
from db.queries import sentences
from db.vocabulary import Lineage, Origin, Status


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


@dataclass(slots=True)
class Work:
    """What one reviewer has said of the old sentences, by sentence."""

    reviewer: Reviewer
    said: dict[int, Annotation]


def key(row: Sentence | Reviewer | Article) -> int:
    """The key of a row that is known to be stored."""
    assert row.id is not None
    return row.id


def span_of(sentence: Sentence) -> Span:
    return Span(sentence.start_cp, sentence.end_cp)


def work(session: Session, old: Sequence[Sentence]) -> list[Work]:
    """Each reviewer's work on some sentences."""
    found: dict[int, Work] = {}
    for annotation, reviewer in sentences.annotations(session, [key(sentence) for sentence in old]):
        found.setdefault(key(reviewer), Work(reviewer, {})).said[annotation.sentence_id] = annotation
    return list(found.values())


def judgement(cut: Cut, said: Mapping[int, Annotation], span: Span) -> Judgement:
    """One reviewer's judgement on a new sentence, from what they `said` of the old ones it overlaps."""
    sources = [sentence for sentence in cut.old if span_of(sentence).overlaps(span)]
    judged = [annotations.judgement(said.get(key(sentence))) for sentence in sources]
    merged = resegmentation.carry_over_merge(judged)
    whole = sources[0].start_cp >= span.start and sources[-1].end_cp <= span.end
    return merged if whole else resegmentation.carry_over_split(merged)


def carry(session: Session, actor: Actor, cut: Cut, mine: Work, new: Sequence[Sentence]) -> bool:
    """Store one reviewer's work on the new sentences; tells whether something of it needs a look."""
    parts = [
        Part(span_of(sentence), past.snapshot(session, mine.said[key(sentence)]))
        for sentence in cut.old
        if key(sentence) in mine.said
    ]
    carrying = Carrying(parts, cut.new)
    waiting = False
    for index, sentence in enumerate(new):
        said = judgement(cut, mine.said, cut.new[index])
        _store(session, actor, cut.article, mine.reviewer, sentence, said, carrying, index)
        waiting = waiting or said.status == Status.NEEDS_REVIEW
    return waiting


def _store(
    session: Session,
    actor: Actor,
    article: Article,
    reviewer: Reviewer,
    sentence: Sentence,
    said: Judgement,
    carrying: Carrying,
    index: int,
) -> None:
    """One revision of the reviewer's annotation of a new sentence, with what follows its words."""
    there = annotation_rows.of_reviewer(session, key(sentence), key(reviewer))
    guideline = annotation_rows.active_guideline_id(session, article.project_id)
    annotation = there or annotations.blank(session, sentence, reviewer, guideline, actor)
    was = past.snapshot(session, annotation)
    before = past.digest(was) if there else None
    rows, numbers = carrying.attributions(
        index, was["attributions"], annotation.last_attribution_seq, lambda seq: ids.attribution_id(annotation.uid, seq)
    )
    claims = carrying.claims(index, annotation.last_claim_seq + 1, numbers)
    if rows or claims or was["attributions"] or was["claims"]:  # else, as mostly, nothing hangs on it
        state = {**snapshots.nothing(annotation), "attributions": rows, "claims": claims}
        snapshots.restore(session, annotation, state)
    annotation.last_attribution_seq = max([annotation.last_attribution_seq, *(row["seq"] for row in rows)])
    annotation.last_claim_seq += len(claims)
    annotations.store(annotation, said)
    annotation.origin = Origin.CARRIED_OVER
    annotation.revision += 1 if there else 0
    annotation.updated_at = actor.at
    session.flush()
    history.record(
        session, actor, annotation, history.CARRY_OVER, article_id=key(article), before=before,
        detail={"revision": annotation.revision},
    )  # fmt: skip
