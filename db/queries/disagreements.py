"""Who labelled which sentence how: what a disagreement report and the queue of disputes are built from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Select, and_, case, func, or_
from sqlalchemy import select as rows
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from db.models import (
    Annotation,
    AnnotationRevision,
    Article,
    Assignment,
    Event,
    Guideline,
    Project,
    Reviewer,
    Sentence,
    Suggestion,
)
from db.vocabulary import AnnotationRole, AssignmentState, Confidence, NoneReason, ReviewerKind, Status, Voice

State: TypeAlias = tuple[Any, ...]

GOLD = aliased(Annotation, name="gold")
SENTENCE: tuple[Any, ...] = (Sentence.id, Sentence.uid, Sentence.article_id, Sentence.start_cp, Sentence.end_cp)
FLAGS: tuple[Any, ...] = (
    Annotation.is_claim, Annotation.is_quote, Annotation.is_opinion, Annotation.loaded_language
)  # fmt: skip
WORDS: tuple[tuple[Any, tuple[str, ...]], ...] = tuple((column, tuple(map(str, words))) for column, words in (
    (Annotation.status, Status), (Annotation.claim_voice, Voice), (Annotation.opinion_voice, Voice),
    (Annotation.none_reason, NoneReason), (Annotation.confidence, Confidence),
))  # fmt: skip
AT_ONCE = 5_000  # sentences named in one statement


class Readings(NamedTuple):
    """Sentences in the order of the text, and what was said of them; answers that belong to no sentence here as well.

    `sentences` have the columns id, uid, article_id, start_cp, end_cp, then status and method of the gold; `answers`
    the sentence's id, the id of the guideline that the answer was given under, what was said as one number (see
    `answer`) and the note; `people` are the uids of human reviewers by id: of others nothing counts.
    """

    sentences: Sequence[Any]
    answers: Sequence[Any]
    people: Mapping[int, str]


def state(session: Session) -> State:
    """What tells whether anything a report rests on was stored: every change adds to the log, suggestions to their own.

    The highest numbers are enough: whoever writes holds one lock from before the first number is given out until the
    commit (db/engine.py), so a smaller number is never stored later.
    """
    latest: list[Any] = [
        select(func.max(col(table.id))).scalar_subquery()
        for table in (Event, AnnotationRevision, Suggestion, Guideline, Assignment)
    ]
    options: Any = select(func.max(col(Project.options))).scalar_subquery()
    return tuple(session.connection().execute(rows(*latest, options)).one())


def log_end(session: Session) -> int:
    """The number of the latest event: what tells whether the queue of disputes is as it was."""
    return session.exec(select(func.max(Event.id))).one() or 0


class Changed(NamedTuple):
    """What the events after one have changed: sentences by key, articles; `more` where it may be anything else."""

    sentences: frozenset[int]
    articles: frozenset[int]
    more: bool


HARMLESS = ("assignment", "reviewer", "speaker", "source", "suggestion", "project", "guideline", "release")


def changed_since(session: Session, number: int, *, most: int) -> Changed:
    """What may make the queue of disputes another one, of so many events at most."""
    about: list[Any] = [Event.entity, Event.article_id, Annotation.sentence_id, Event.action]
    same = and_(col(Annotation.uid) == Event.entity_uid, col(Event.entity) == "annotation")
    statement: Select[Any] = rows(*about)
    statement = statement.select_from(Event).outerjoin(Annotation, same).where(col(Event.id) > number)
    events = session.connection().execute(statement.limit(most + 1)).all()
    new = [e[0] in ("article", "import_batch") and e[3] in ("import", "suggest") for e in events]
    told = [e for e, is_new in zip(events, new, strict=True) if not is_new and e[0] not in HARMLESS]
    more = len(events) > most or any(event[2] is None for event in told)
    return Changed(frozenset(event[2] for event in told), frozenset(event[1] for event in told), more)


def articles(session: Session, uids: Sequence[str] | None = None) -> Sequence[Article]:
    """The named articles, or all, without those taken out of the corpus."""
    statement = select(Article).where(col(Article.deleted_at).is_(None)).order_by(col(Article.uid))
    return session.exec(statement if uids is None else statement.where(col(Article.uid).in_(uids))).all()


def articles_by_id(session: Session, ids: Iterable[int]) -> Sequence[Article]:
    return session.exec(select(Article).where(col(Article.id).in_(list(ids)))).all()


def numbers(session: Session, article_ids: Iterable[int]) -> dict[str, int]:
    """Each live sentence's number in its article, counted from 1, by uid."""
    live = (col(Sentence.article_id).in_(list(article_ids)), col(Sentence.retired_in).is_(None))
    statement = select(Sentence.uid, Sentence.article_id).where(*live)
    found, last = {}, (0, 0)
    for uid, article_id in session.exec(statement.order_by(col(Sentence.article_id), col(Sentence.start_cp))):
        last = (article_id, last[1] + 1 if last[0] == article_id else 1)
        found[uid] = last[1]
    return found


def finished_articles(session: Session, reviewer_id: int) -> Sequence[str]:
    """The uids of the articles that a reviewer has finished."""
    statement = (
        select(Article.uid)
        .join(Assignment, col(Assignment.article_id) == Article.id)
        .where(Assignment.reviewer_id == reviewer_id, Assignment.state == AssignmentState.FINISHED)
    )
    return session.exec(statement.where(col(Article.deleted_at).is_(None)).order_by(col(Article.uid))).all()


def readings(session: Session, article_ids: Sequence[int] | None) -> Readings:
    """Every live sentence of the named articles or of all, with its answers."""
    live = col(Sentence.retired_in).is_(None)
    if article_ids is not None:
        inside = col(Sentence.article_id).in_(article_ids)
        return _readings(session, _sentences().where(live, inside), _answers().join(*TO_SENTENCE).where(live, inside))
    there = col(Article.deleted_at).is_(None)
    return _readings(session, _sentences().join(*TO_ARTICLE).where(live, there), _answers())


TO_SENTENCE: tuple[Any, Any] = (Sentence, col(Sentence.id) == Annotation.sentence_id)
TO_ARTICLE: tuple[Any, Any] = (Article, col(Article.id) == Sentence.article_id)


def _readings(session: Session, sentences: Select[Any], *answers: Select[Any]) -> Readings:
    """Plain rows: the session would pass each through its mapping."""
    here = session.connection()
    said = [row for one in answers for row in here.execute(one).all()]
    return Readings(here.execute(sentences).all(), said, _people(session))


def _people(session: Session) -> dict[int, str]:
    statement = select(Reviewer.id, Reviewer.uid).where(Reviewer.kind == ReviewerKind.HUMAN)
    return {key: uid for key, uid in session.exec(statement) if key is not None}


def _sentences() -> Select[Any]:
    columns: list[Any] = [*SENTENCE, GOLD.status, GOLD.method]
    statement: Select[Any] = rows(*columns)
    return (
        statement.select_from(Sentence)
        .outerjoin(GOLD, and_(col(GOLD.sentence_id) == Sentence.id, col(GOLD.role) == AnnotationRole.GOLD))
        .order_by(col(Sentence.article_id), col(Sentence.start_cp))
    )


class Answer(NamedTuple):
    """What a reviewer says of a sentence, its note aside."""

    reviewer_id: int
    is_claim: bool
    is_quote: bool
    is_opinion: bool
    loaded_language: bool
    status: str
    claim_voice: str | None
    opinion_voice: str | None
    none_reason: str | None
    confidence: str | None


def _answers() -> Select[Any]:
    """An answer is one number: a hundred thousand rows of words would take three times as long to read."""
    number: Any = col(Annotation.reviewer_id)
    for flag in FLAGS:
        number = number * 2 + case((col(flag).is_(True), 1), else_=0)
    for word, words in WORDS:
        places = {one: place for place, one in enumerate(words, start=1)}
        number = number * (len(words) + 1) + case(places, value=col(word), else_=0)
    columns: list[Any] = [Annotation.sentence_id, Annotation.guideline_id, number, Annotation.note]
    statement: Select[Any] = rows(*columns)
    return statement.where(col(Annotation.role) == AnnotationRole.REVIEWER)


def answer(number: int) -> Answer:
    """What the number of `_answers` stands for."""
    said: list[Any] = []
    for _, words in reversed(WORDS):
        number, place = divmod(number, len(words) + 1)
        said.append(words[place - 1] if place else None)
    for _ in FLAGS:
        number, flag = divmod(number, 2)
        said.append(bool(flag))
    return Answer(number, *reversed(said))


def _of_sentences(session: Session, statement: Select[Any]) -> Readings:
    """For some of many sentences: their answers are asked for by key."""
    here = session.connection()
    found = here.execute(statement).all()
    keys = [row[0] for row in found]
    said: list[Any] = []
    for start in range(0, len(keys), AT_ONCE):
        part = col(Annotation.sentence_id).in_(keys[start : start + AT_ONCE])
        said += here.execute(_answers().where(part)).all()
    return Readings(found, said, _people(session))


def disputed(session: Session, article_uid: str | None = None) -> Readings:
    """Sentences whose complete answers differ, and those whose gold was reopened."""
    there = (col(Article.deleted_at).is_(None), col(Sentence.retired_in).is_(None))
    differing, statement = _differing(), _sentences().join(*TO_ARTICLE).where(*there)
    if article_uid is not None:
        statement = statement.where(col(Article.uid) == article_uid)
        differing = differing.where(col(Annotation.sentence_id).in_(_in_articles(article_uid)))
    wanted = or_(col(Sentence.id).in_(differing), col(GOLD.status) == Status.NEEDS_REVIEW)
    return _of_sentences(session, statement.where(wanted))


def _in_articles(*uids: str) -> SelectOfScalar[Any]:
    """The live sentences of these articles."""
    here = select(Sentence.id).join(*TO_ARTICLE).where(col(Article.uid).in_(uids))
    return here.where(col(Sentence.retired_in).is_(None))


def among(session: Session, sentence_ids: Iterable[int]) -> Readings:
    """Those of the sentences that live in the corpus, with their answers."""
    there = (col(Article.deleted_at).is_(None), col(Sentence.retired_in).is_(None))
    named = col(Sentence.id).in_(list(sentence_ids))
    return _of_sentences(session, _sentences().join(*TO_ARTICLE).where(*there, named))


def _differing() -> SelectOfScalar[int]:
    """Sentences whose complete answers are not all the same."""
    said = _said()
    return (
        select(Annotation.sentence_id)
        .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
        .where(Annotation.role == AnnotationRole.REVIEWER, Annotation.status == Status.COMPLETE)
        .where(Reviewer.kind == ReviewerKind.HUMAN)
        .group_by(col(Annotation.sentence_id))
        .having(func.min(said) != func.max(said))
    )


def undecided(session: Session, article_ids: Sequence[int]) -> dict[int, int]:
    """How many sentences of these articles, by id, wait for a decision: no gold yet, or gold that was reopened."""
    inside = select(Sentence.id).where(col(Sentence.article_id).in_(article_ids), col(Sentence.retired_in).is_(None))
    gold = select(Annotation.sentence_id).where(Annotation.role == AnnotationRole.GOLD)
    gold = gold.where(col(Annotation.sentence_id).in_(inside))
    standing, reopened = (gold.where(Annotation.status == s) for s in (Status.COMPLETE, Status.NEEDS_REVIEW))
    differing = _differing().where(
        col(Annotation.sentence_id).in_(inside), col(Annotation.sentence_id).not_in(standing)
    )
    waiting = or_(col(Sentence.id).in_(differing), col(Sentence.id).in_(reopened))
    counted = select(Sentence.article_id, func.count()).where(col(Sentence.id).in_(inside), waiting)
    return dict(session.exec(counted.group_by(col(Sentence.article_id))).all())


def agreed(session: Session, article_uids: Sequence[str] | None = None) -> Sequence[tuple[str, str | None, int]]:
    """Articles with sentences whose complete answers, two or more, all agree and that have no standing gold.

    Uid, title and the number of such sentences; in the order of the uids; of these articles or of all.
    """
    said = _said()
    unanimous = (
        select(Annotation.sentence_id)
        .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
        .where(Annotation.role == AnnotationRole.REVIEWER, Annotation.status == Status.COMPLETE)
        .where(Reviewer.kind == ReviewerKind.HUMAN)
        .group_by(col(Annotation.sentence_id))
        .having(func.min(said) == func.max(said), func.count() > 1)
    )
    standing = select(Annotation.sentence_id).where(
        Annotation.role == AnnotationRole.GOLD, Annotation.status == Status.COMPLETE
    )
    if article_uids is not None:
        inside = col(Annotation.sentence_id).in_(_in_articles(*article_uids))
        unanimous, standing = unanimous.where(inside), standing.where(inside)
    statement = (
        select(Article.uid, Article.title, func.count())
        .join(Sentence, col(Sentence.article_id) == Article.id)
        .where(col(Sentence.id).in_(unanimous), col(Sentence.id).not_in(standing))
        .where(col(Sentence.retired_in).is_(None), col(Article.deleted_at).is_(None))
        .group_by(col(Article.uid), col(Article.title))
        .order_by(col(Article.uid))
    )
    return session.exec(
        statement if article_uids is None else statement.where(col(Article.uid).in_(article_uids))
    ).all()


def _said() -> ColumnElement[str]:
    """What an annotation says of a sentence as one text, so that the database can tell answers apart."""
    flags = [case((flag.is_(True), "1"), else_="0") for flag in map(col, _FLAGS)]
    words = [func.coalesce(col(word), "") for word in _WORDS]
    text: ColumnElement[str] = flags[0]
    for part in (*flags[1:], *words):
        text = text.concat("|").concat(part)
    return text


_FLAGS = (Annotation.is_claim, Annotation.is_quote, Annotation.is_opinion)
_WORDS = (Annotation.claim_voice, Annotation.opinion_voice, Annotation.none_reason)


def assignments(session: Session, article_ids: Sequence[int] | None) -> Sequence[tuple[str, int, str]]:
    """Who was to read what: (article uid, reviewer id, state), of human reviewers."""
    statement = (
        select(Article.uid, Assignment.reviewer_id, Assignment.state)
        .join(Assignment, col(Assignment.article_id) == Article.id)
        .join(Reviewer, col(Reviewer.id) == Assignment.reviewer_id)
        .where(Reviewer.kind == ReviewerKind.HUMAN, col(Article.deleted_at).is_(None))
    )
    return session.exec(
        statement if article_ids is None else statement.where(col(Assignment.article_id).in_(article_ids))
    ).all()


def reviewers(session: Session, ids: Iterable[int], uids: Iterable[str]) -> Sequence[Reviewer]:
    """People by id or uid, in the order of their uids."""
    named = or_(col(Reviewer.id).in_(list(ids)), col(Reviewer.uid).in_(list(uids)))
    return session.exec(select(Reviewer).where(named).order_by(col(Reviewer.uid))).all()


def reviewer_named(session: Session, name: str) -> Reviewer | None:
    """The person of a name, whatever its case; or of a uid."""
    wanted = or_(func.lower(col(Reviewer.name)) == name.strip().lower(), col(Reviewer.uid) == name)
    return session.exec(select(Reviewer).where(wanted, Reviewer.kind == ReviewerKind.HUMAN)).first()


def retired(session: Session, article_ids: Sequence[int] | None) -> Readings:
    """Sentences that a merge or split has retired, with their complete answers; none without one."""
    old = [col(Article.deleted_at).is_(None), col(Sentence.retired_in).is_not(None)]
    if article_ids is not None:
        old.append(col(Sentence.article_id).in_(article_ids))
    answers = _answers().join(*TO_SENTENCE).join(*TO_ARTICLE).where(*old, col(Annotation.status) == Status.COMPLETE)
    answered = {row[0] for row in session.connection().execute(answers)}
    if not answered:
        return Readings((), (), {})
    found = _readings(session, _sentences().join(*TO_ARTICLE).where(*old), answers)
    return found._replace(sentences=[row for row in found.sentences if row[0] in answered])


def guideline_versions(session: Session, ids: Iterable[int]) -> Sequence[str]:
    return session.exec(
        select(Guideline.version).where(col(Guideline.id).in_(list(ids))).order_by(col(Guideline.id))
    ).all()
