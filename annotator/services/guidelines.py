"""Changing the guidelines: a new version each time, which becomes the one in force; older ones stay."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain import adjudication
from annotator.domain import guidelines as rules
from annotator.domain.guidelines import Rule
from annotator.errors import Invalid, NotFound, Stale
from annotator.language import gettext as _
from annotator.reports.disagreement_sentences import Mark, mark_of, said
from annotator.reports.disagreements import title_of
from annotator.services import history, projects
from annotator.services.gold import rested_on
from annotator.services.history import Actor
from db.models import Guideline, Reviewer
from db.queries import disagreements, guidelines
from db.queries import history as past
from db.queries.guidelines import Share
from db.vocabulary import ReviewerRole, Status

ACTIVATE = "activate"


def change(session: Session, actor: Actor, body: str, version: str, *, based_on: str | None) -> Guideline:
    """Store a text as a new version, in force from now on; work that is there keeps the version it was done under.

    `based_on` is the version that the text was written over. Raises NotFound for a reviewer who is no lead (nobody, the
    command line, may), Invalid for a text or a name that cannot be, Stale when another version came into force since.
    """
    _may(session, actor)
    name, text = rules.version_name(version), rules.clean(body)
    project, current = guidelines.for_change(session)
    detail = {"replaces": based_on or current.version}
    if history.repeated(session, actor, ACTIVATE, name, detail):
        return get(session, name)
    if based_on is not None and based_on != current.version:
        said = _("Version {new} came into force while you were writing over {old}.")
        raise Stale(said.format(new=current.version, old=based_on), current=current.id or 0)
    if text == current.body:
        raise Invalid(
            _("Nothing is changed: this is the text of version {version}.").format(version=current.version),
            field="body",
        )
    if guidelines.by_version(session, name) is not None:
        taken = _("There is a version {name} already. A version never changes: give this one another name.")
        raise Invalid(taken.format(name=name), field="version")
    made = projects.add_guideline(session, actor, project, name, text)
    project.active_guideline_id = made.id
    session.flush()
    history.log(
        session, actor, ACTIVATE, "guideline", name, before=current.sha256, after=made.sha256, detail=detail
    )  # fmt: skip
    return made


def _may(session: Session, actor: Actor) -> None:
    if actor.reviewer_id is None:
        return
    person = session.get(Reviewer, actor.reviewer_id)
    if person is None or person.role != ReviewerRole.LEAD or not person.active:
        raise NotFound(_("There is no such page."))


def get(session: Session, version: str) -> Guideline:
    """A version by its name; the one in force for "". Raises NotFound."""
    found = guidelines.by_version(session, version) if version else guidelines.active(session)
    if found is None:
        raise NotFound(_("There are no guidelines {version}.").format(version=version))
    return found


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule, or words that are none, and how many decisions cite it."""

    anchor: str
    name: str
    title: str
    decisions: int
    is_rule: bool = True


def cited(session: Session, body: str, articles: Sequence[str] | None) -> list[Cited]:
    """The rules of a text in their order, then what is cited besides; with decisions in these articles, or in all."""
    counts: dict[str, int] = {}
    names: dict[str, str] = {}
    for words, count in guidelines.citations(session, articles).items():
        key = rules.key_of(words)
        counts[key] = counts.get(key, 0) + count
        names.setdefault(key, words)
    known = [Cited(one.anchor, one.name, one.title, counts.pop(one.anchor, 0)) for one in rules.rules_of(body)]
    others = [Cited(key, names[key], "", count, is_rule=False) for key, count in sorted(counts.items()) if key]
    return known + others


def rule(session: Session, cited: str) -> tuple[Rule | None, str | None]:
    """A rule as the newest version that has it puts it, and that version; nothing where none has it."""
    key, current = rules.key_of(cited), guidelines.active(session)
    older = [version.guideline for version in guidelines.versions(session) if version.guideline.id != current.id]
    for guideline in (current, *older):
        for found in rules.rules_of(guideline.body):
            if found.anchor == key:
                return found, guideline.version
    return None, None


def wordings(session: Session, cited: str, articles: Sequence[str] | None) -> dict[str, int]:
    """The words in which decisions cite a rule, with how many do."""
    key = rules.key_of(cited)
    found = guidelines.citations(session, articles)
    return {words: count for words, count in found.items() if rules.key_of(words) == key}


@dataclass(frozen=True, slots=True)
class Against:
    """An answer that a decision went against, without a name."""

    mark: Mark
    words: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that cites a rule."""

    sentence: str  # uid
    article: str  # uid
    title: str
    number: int  # of the sentence, from 1
    text: str
    mark: Mark
    words: str
    reason: str | None
    against: tuple[Against, ...]
    answers: int
    version: str
    day: str
    is_open: bool  # reopened, so that it does not stand


def decided_by(
    session: Session, wordings: Sequence[str], articles: Sequence[str] | None, *, most: int
) -> Iterator[Decided]:
    """Decisions that cite a rule in these words, the latest first; in these articles, or in all."""
    found = guidelines.decisions(session, wordings, articles, most=most) if wordings else []
    numbers = disagreements.numbers(session, {article.id or 0 for _, _, article, _ in found})
    for gold, sentence, article, version in found:
        state, answers = past.snapshot(session, gold), rested_on(session, gold)
        by_uid = {answer.annotation.uid: answer.state for answer in answers}
        against = tuple(_against(by_uid[uid]) for uid in adjudication.against(state, by_uid))
        yield Decided(
            sentence=sentence.uid,
            article=article.uid,
            title=title_of(article),
            number=numbers[sentence.uid],
            text=article.text[sentence.start_cp : sentence.end_cp],
            mark=mark_of(adjudication.vote_of(state).labels),
            words=describe(state),
            reason=gold.note,
            against=against,
            answers=len(answers),
            version=version,
            day=gold.updated_at[:10],
            is_open=gold.status != Status.COMPLETE,
        )


def _against(state: Mapping[str, Any]) -> Against:
    return Against(mark_of(adjudication.vote_of(state).labels), describe(state), state["note"])


def describe(state: Mapping[str, Any]) -> str:
    """The labels of a snapshot with whose they are, whether it stands or not."""
    return said(adjudication.vote_of({**state, "status": Status.COMPLETE}))


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label that was made under a version."""

    sentence: str  # uid
    number: int
    text: str
    mark: Mark
    words: str


def labelled(session: Session, guideline_id: int, share: Share, *, most: int) -> Iterator[Labelled]:
    """What one reviewer labelled in one article under a version, in the order of the text."""
    reviewer, article = share.reviewer.id or 0, share.article
    numbers = disagreements.numbers(session, [article.id or 0])
    for row, sentence in guidelines.labelled(session, guideline_id, reviewer, article.id or 0, most=most):
        vote = adjudication.vote_of(row.model_dump(), share.reviewer.uid)
        yield Labelled(
            sentence=sentence.uid,
            number=numbers[sentence.uid],
            text=article.text[sentence.start_cp : sentence.end_cp],
            mark=Mark("unsure") if vote.status == Status.UNSURE else mark_of(vote.labels, review=not vote.counts),
            words=said(vote),
        )
