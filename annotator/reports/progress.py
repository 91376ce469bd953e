"""How far everybody is: what was assigned, what is done, who is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from annotator.language import gettext as _
from db.queries import disagreements as stored
from db.vocabulary import AssignmentState


@dataclass(frozen=True, slots=True)
class ReviewerProgress:
    """One reviewer on the articles of a report; `to_do` counts assigned sentences without any answer yet."""

    uid: str
    name: str
    articles: int
    finished: int
    assigned: int  # sentences
    answered: int
    to_do: int
    where: frozenset[str] = frozenset()  # uids of the articles

    @property
    def is_missing(self) -> bool:
        """Something is assigned and not finished."""
        return self.finished < self.articles

    @property
    def state(self) -> str:
        """In words: how far the work is."""
        if not self.is_missing:
            return _("finished") if self.articles else _("not assigned")
        if not self.answered:
            return _("has not begun")
        if not self.to_do:
            return _("all labelled, not finished")
        return _("{n} of {all} sentences").format(n=self.answered, all=self.assigned)


def progress(
    session: Session, article_ids: Sequence[int] | None, *, sentences: Mapping[str, int], answered: Mapping[str, int]
) -> list[ReviewerProgress]:
    """Everybody with an assignment or an answer, by name. `sentences` counts per article, `answered` per reviewer."""
    mine: dict[int, list[tuple[str, bool]]] = {}
    for article, reviewer_id, state in stored.assignments(session, article_ids):
        mine.setdefault(reviewer_id, []).append((article, state == AssignmentState.FINISHED))
    found = []
    for reviewer in stored.reviewers(session, mine, answered):
        own, done = mine.get(reviewer.id or 0, []), answered.get(reviewer.uid, 0)
        assigned = sum(sentences.get(article, 0) for article, _state in own)
        found.append(
            ReviewerProgress(
                uid=reviewer.uid,
                name=reviewer.name,
                articles=len(own),
                finished=sum(finished for _, finished in own),
                assigned=assigned,
                answered=done,
                to_do=max(0, assigned - done),
                where=frozenset(article for article, _state in own),
            )
        )
    return sorted(found, key=lambda person: (person.name.casefold(), person.uid))
