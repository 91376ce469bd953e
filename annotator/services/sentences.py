"""Mending sentence boundaries: split, merge, move, and back again. Text never changes, and no label is lost.

A new segmentation retires old sentences and makes or revives new ones (services/cuts.py). What reviewers said stays on
the retired rows as it was; a copy follows the words (services/carrying.py).
"""

from dataclasses import dataclass

from sqlmodel import Session

from annotator.domain import resegmentation
from annotator.errors import Conflict, Invalid, NotFound
from annotator.language import gettext as _
from annotator.services import carrying, cuts
from annotator.services.carrying import Cut, key, span_of
from annotator.services.history import Actor
from db.models import Article, Sentence
from db.queries import sentences
from db.vocabulary import Lineage, Status


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
    first, second = resegmentation.split_spans(article.text, span_of(sentence), at)
    return Cut(article, (sentence,), (first, second), Lineage.SPLIT)


def merging(session: Session, sentence_uid: str) -> Cut:
    """A merge with the next sentence of the same block. Raises NotFound, Invalid."""
    sentence, other, article = _pair(session, sentence_uid)
    if other is None:
        raise Invalid(_("There is no next sentence in this paragraph to merge with."))
    merged = resegmentation.merge_spans(span_of(sentence), span_of(other))
    return Cut(article, (sentence, other), (merged,), Lineage.MERGE)


def moving(session: Session, sentence_uid: str, at: int) -> Cut:
    """The boundary to the next sentence of the same block moves before code point `at`. Raises NotFound, Invalid."""
    sentence, other, article = _pair(session, sentence_uid)
    if other is None:
        raise Invalid(_("This sentence is the last of its paragraph: no boundary after it can be moved."))
    whole = resegmentation.merge_spans(span_of(sentence), span_of(other))
    first, second = resegmentation.split_spans(article.text, whole, at)
    if second.start == other.start_cp:
        raise Invalid(_("The boundary is there already."), field="at")
    return Cut(article, (sentence, other), (first, second), Lineage.MOVE)


def _found(session: Session, uid: str) -> tuple[Sentence, Article]:
    """A sentence, retired or not: a request that comes again names what its first time retired."""
    found = sentences.with_article(session, uid)
    if found is None:
        raise NotFound(_("There is no such sentence."))
    return found


def _pair(session: Session, uid: str) -> tuple[Sentence, Sentence | None, Article]:
    """A sentence and the next one of its paragraph, if there is one. Raises NotFound, Conflict."""
    sentence, article = _found(session, uid)
    other = sentences.following(session, sentence)
    if other is None and sentence.retired_in is not None:
        raise Conflict(_(cuts.CHANGED))
    return sentence, other if other is not None and other.block_id == sentence.block_id else None, article


def preview(session: Session, cut: Cut) -> Preview:
    """What would become of the labels; nothing is stored. Raises Conflict for a sentence that lives no more."""
    cuts.check_live(cut)
    work = carrying.work(session, cut.old)
    carried = [carrying.judgement(cut, mine.said, span) for mine in work for span in cut.new]
    return Preview(
        cut.texts,
        reviewers=len(work),
        needs_review=sum(judgement.status == Status.NEEDS_REVIEW for judgement in carried),
        version=sentences.segmentation(session, key(cut.article)).version,
    )


def apply(session: Session, actor: Actor, cut: Cut, *, version: int | None) -> list[Sentence]:
    """Make a cut that rests on segmentation `version`; returns the new sentences.

    A repeated request changes nothing and gets the same sentences. Raises Stale when the segmentation is not that
    version any more, Conflict for a sentence that lives no more or a request id that was used for something else.
    """
    done = cuts.answered(session, actor, cut.kind, cut.article, cuts.asked(version, cut))
    return done or cuts.make(session, actor, [cut], action=cut.kind, version=version)


def version(session: Session, article_uid: str) -> int:
    """The newest segmentation of an article. Raises NotFound."""
    return sentences.segmentation(session, key(article(session, article_uid))).version


def article(session: Session, uid: str) -> Article:
    """An article by id. Raises NotFound."""
    found = sentences.article(session, uid)
    if found is None:
        raise NotFound(_("There is no such article."))
    return found


def undo(session: Session, actor: Actor, article_uid: str, *, version: int | None) -> list[Sentence]:
    """Take back the last change of boundaries in an article. Raises NotFound, and as `cuts.undo`."""
    return cuts.undo(session, actor, article(session, article_uid), version=version)


def last_change(session: Session, article_id: int) -> tuple[int, str | None]:
    """As `cuts.last_change`."""
    return cuts.last_change(session, article_id)
