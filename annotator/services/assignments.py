"""Who reads what: named reviewers, or a number of readers an article with the work spread evenly."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.language import ngettext
from annotator.services import history
from annotator.services import reviewers as people
from annotator.services.history import Actor
from db.models import Article, Assignment, Reviewer
from db.queries import assignments, reviewers
from db.vocabulary import ReviewerKind


@dataclass(frozen=True, slots=True)
class Assigned:
    """One reader of one article; `new` unless it was so before."""

    article: Article
    reviewer: Reviewer
    new: bool


def assign(
    session: Session, actor: Actor, article: str, names: Sequence[str], *, due: str | None = None
) -> list[Assigned]:
    """Let these reviewers read an article, named by its id or external id; whoever reads it already stays.

    `due` is a date: the work is due at its end, UTC. Raises Invalid for an unknown article, name or date.
    """
    found, readers = find_article(session, article), [people.find_active(session, name) for name in names]
    if not readers:
        raise Invalid(_("Name at least one reviewer."), field="reviewers")
    until = end_of(due)
    unique = {reader.uid: reader for reader in readers}.values()
    return [_assign(session, actor, found, reader, until) for reader in unique]


def overlap(
    session: Session,
    actor: Actor,
    articles: Sequence[str],
    readers: int,
    *,
    due: str | None = None,
    among: Sequence[str] | None = None,
) -> list[Assigned]:
    """Give each article so many readers in all, spread so that everybody has about as many sentences.

    `among`: the names of those who may be chosen, else all active reviewers.

    Long articles first, each to those with the fewest sentences so far; equal ones in the order of their ids.
    Raises Invalid for an unknown article, a wrong number, or too few active reviewers.
    """
    chosen = {found.uid: found for found in (find_article(session, name) for name in articles)}
    candidates, until = _candidates(session, among), end_of(due)
    if readers < 1:
        raise Invalid(_("An article needs at least one reader."), field="overlap")
    if readers > len(candidates):
        raise Invalid(
            ngettext(
                "A reader an article needs an active reviewer; there is none.",
                "{n} readers an article need as many active reviewers; there are {active}.",
                readers,
            ).format(n=readers, active=len(candidates)),
            field="overlap",
        )
    lengths, load, reading = _work(session)
    made = []
    for article in sorted(chosen.values(), key=lambda a: (-lengths.get(a.id or 0, 0), a.uid)):
        have = reading.get(article.id or 0, set())
        free = [person for person in candidates if person.id not in have]
        free.sort(key=lambda person: (load[person.id], person.uid))
        for reader in free[: max(0, readers - len(have))]:
            load[reader.id] += lengths.get(article.id or 0, 0)
            made.append(_assign(session, actor, article, reader, until))
    return made


def _candidates(session: Session, among: Sequence[str] | None) -> Sequence[Reviewer]:
    if among is None:
        return reviewers.active_reviewers(session)
    named = (people.find_active(session, name) for name in among)
    return sorted({person.uid: person for person in named}.values(), key=lambda person: person.uid)


def _work(session: Session) -> tuple[dict[int, int], Counter[int | None], dict[int, set[int | None]]]:
    """Sentences of each article, sentences each reviewer has, and the active people who read each article."""
    lengths = assignments.sentence_counts(session)
    load: Counter[int | None] = Counter()
    reading: dict[int, set[int | None]] = {}
    for assignment, reviewer in assignments.everything(session):
        load[reviewer.id] += lengths.get(assignment.article_id, 0)
        if reviewer.active and reviewer.kind == ReviewerKind.HUMAN:
            reading.setdefault(assignment.article_id, set()).add(reviewer.id)
    return lengths, load, reading


def find_article(session: Session, name: str) -> Article:
    """The article of an id or an external id. Raises Invalid."""
    found = assignments.articles_named(session, name)
    if not found:
        raise Invalid(_("There is no article “{name}”.").format(name=name), field="article")
    return found[0]


def end_of(due: str | None) -> str | None:
    """The last second of a date like 2025-03-31. Raises Invalid."""
    if not due:
        return None
    try:
        return f"{date.fromisoformat(due)}T23:59:59.000Z"
    except ValueError as error:
        raise Invalid(_("“{day}” is not a date like 2025-03-31.").format(day=due), field="due") from error


def _assign(session: Session, actor: Actor, article: Article, reviewer: Reviewer, due: str | None) -> Assigned:
    assert article.id is not None
    assert reviewer.id is not None
    there = assignments.of(session, article.id, reviewer.id)
    if there is None:
        new = Assignment(article_id=article.id, reviewer_id=reviewer.id, assigned_at=actor.at, due=due)
        _store(session, actor, article, reviewer, new, "assign")
    elif due is not None and there.due != due:
        there.due = due
        _store(session, actor, article, reviewer, there, "due")
    return Assigned(article, reviewer, there is None)


def _store(
    session: Session, actor: Actor, article: Article, reviewer: Reviewer, assignment: Assignment, action: str
) -> None:
    session.add(assignment)
    session.flush()
    uid = f"{article.uid}:{reviewer.uid}"
    history.log(
        session, actor, action, "assignment", uid, article_id=article.id, detail={"due": assignment.due}
    )  # fmt: skip
