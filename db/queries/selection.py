"""Which part of the corpus an export holds, as conditions of its queries.

Articles come whole: their text is covered by sentences, whether anything is said of them or not. What is left out is
whole articles, and judgements (reviewers' annotations and gold) with all that hangs on them.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_
from sqlmodel import col

from db.models import Annotation, Article, Reviewer, Sentence
from db.vocabulary import AnnotationRole, Label, Status

FLAGS = {Label.CLAIM: "is_claim", Label.QUOTE: "is_quote", Label.OPINION: "is_opinion"}


@dataclass(frozen=True, slots=True)
class Selection:
    """What an export is limited to; by default to nothing. Ids are public ones, days are YYYY-MM-DD, both included."""

    articles: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()  # sentences that gold or somebody gave one of these
    reviewers: tuple[str, ...] = ()
    gold_only: bool = False
    complete_only: bool = False
    published_from: str | None = None
    published_to: str | None = None

    @property
    def judging(self) -> bool:
        """Whether judgements are left out: an article that keeps none is left out too."""
        return bool(self.labels or self.reviewers or self.gold_only or self.complete_only)

    def keeps_articles(self) -> ColumnElement[bool]:
        """The condition on Article."""
        wanted: list[ColumnElement[bool]] = [col(Article.deleted_at).is_(None)]
        if self.articles:
            wanted.append(col(Article.uid).in_(self.articles))
        wanted += self._days()
        if self.judging:
            live = and_(col(Sentence.article_id) == Article.id, col(Sentence.retired_in).is_(None))
            judged = and_(col(Annotation.sentence_id) == Sentence.id, self.keeps())
            if self.reviewers:
                judged = and_(judged, col(Annotation.role) == AnnotationRole.REVIEWER)
            wanted.append(exists().where(live, judged).correlate(Article))
        return and_(*wanted)

    def _days(self) -> list[ColumnElement[bool]]:
        """A date that names a month or a year counts when some day of it does."""
        known, length = col(Article.published), func.length(Article.published)
        found: list[ColumnElement[bool]] = []
        if self.published_from is not None:
            found.append(known >= func.substr(self.published_from, 1, length))
        if self.published_to is not None:
            found.append(known <= func.substr(self.published_to, 1, length))
        return found

    def keeps(self) -> ColumnElement[bool]:
        """The condition on Annotation: decided gold and reviewers' annotations, but for what is left out."""
        kept = self._judged(Annotation)
        if not self.labels:
            return kept
        beside = Annotation.__table__.alias("beside").c  # type: ignore[attr-defined]  # SQLModel makes it at run time
        said = or_(*(getattr(beside, FLAGS[label]).is_(True) for label in self.labels))
        same = and_(beside.sentence_id == Annotation.sentence_id, self._judged(beside), said)
        return and_(kept, exists().where(same).correlate(Annotation.__table__))  # type: ignore[attr-defined]  # as above

    def _judged(self, of: Any) -> ColumnElement[bool]:
        """The condition without labels, on Annotation or an alias of it."""
        gold = and_(of.role == AnnotationRole.GOLD, of.status == Status.COMPLETE)
        if self.gold_only:
            return gold
        work = [of.role == AnnotationRole.REVIEWER]
        if self.reviewers:
            named = exists().where(Reviewer.id == of.reviewer_id, col(Reviewer.uid).in_(self.reviewers))
            work.append(named.correlate_except(Reviewer.__table__))  # type: ignore[attr-defined]  # as above
        if self.complete_only:
            work.append(of.status == Status.COMPLETE)
        return or_(gold, and_(*work))


EVERYTHING = Selection()
