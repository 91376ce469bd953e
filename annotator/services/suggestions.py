"""Suggestions: made and stored for whole articles beforehand, offered after the reviewer's own label, answered.

Nothing here is loaded by a page but rows: the language pipeline runs in `make_all` only.
"""

import secrets
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from annotator.domain import suggestions as rules
from annotator.domain.changes import Change
from annotator.domain.spans import Span
from annotator.domain.suggestions import Said, Spans, Suggested
from annotator.errors import Conflict, NotFound, ReadOnly
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import annotations, attributions, history, projects
from annotator.services.annotations import reviewer_of
from annotator.services.assignments import find_article
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from annotator.spread import Spread, one_by_one
from db import canonical
from db.engine import Database
from db.models import Annotation, Attribution, SuggestionResponse
from db.queries import annotations as annotation_rows
from db.queries import suggestions as stored
from db.queries.annotations import ForChange
from db.queries.suggestions import Stored
from db.vocabulary import AssignmentState, BlockKind, Label, Origin, Status, SuggestionAnswer

MISSING = later("There is no such suggestion.")
Payloads = dict[int, dict[str, Any]]  # by the key of the sentence
ANSWERED = (Status.COMPLETE, Status.UNSURE)  # the reviewer has said what they think of a sentence


@dataclass(frozen=True, slots=True)
class Offer:
    """One suggestion for a reviewer: an attribution or a label. `key` names it in a form.

    `outer` is the attribution that would report this one.
    """

    key: str
    reason: str
    said: Said | None = None
    label: Label | None = None
    outer: Said | None = None


def make(database: Database, article_uid: str, *, actor: Actor | None = None, seed: str | None = None) -> int:
    """Suggest for an article and store it; returns for how many sentences. Again it does nothing.

    `seed` decides which sentences show nothing; it is drawn unless given, and stays once it is stored. Raises
    Unavailable without spaCy's English pipeline, Invalid for an article that is not there.
    """
    return next(make_all(database, [article_uid], actor=actor, seed=seed))


def make_all(
    database: Database,
    article_uids: Iterable[str],
    *,
    actor: Actor | None = None,
    seed: str | None = None,
    spread: Spread = one_by_one,
) -> Iterator[int]:
    """As `make` for several articles, in their order; texts are read outside the transactions that store."""
    from annotator.nlp.suggest import engine  # spaCy takes most of a second, and no page may wait for it

    name, _, version = engine().partition(" ")
    here = {"engine": name, "engine_version": version}
    read: deque[Plain] = deque()

    def plain() -> Iterator[Plain]:
        for uid in article_uids:
            read.append(_plain(database, uid, name, version))
            yield read[-1]

    for payloads in spread(_suggested, plain()):
        article = read.popleft()
        yield _keep(database, article, payloads, actor or Actor(None), seed, here)


@dataclass(frozen=True, slots=True)
class Plain:
    """An article whose sentences have no suggestions yet, without its database; `sentences`: key, start, end, block."""

    key: int
    uid: str
    text: str
    language: str
    blocks: Sequence[tuple[int, int, BlockKind, int | None]]
    sentences: Sequence[tuple[int, int, int, int]]


def _plain(database: Database, article_uid: str, engine: str, version: str) -> Plain:
    """What is read of an article: nothing of one that has its suggestions."""
    with database.read() as session:
        article = find_article(session, article_uid)
        assert article.id is not None
        missing = stored.without(session, article.id, engine, version)
        rows = stored.live(session, article.id) if missing else []
    blocks = {block.id: block for _, block in rows}
    places = {id_: place for place, id_ in enumerate(blocks)}
    return Plain(
        article.id,
        article.uid,
        article.text if missing else "",
        article.language,
        [(block.start_cp, block.end_cp, BlockKind(block.kind), block.level) for block in blocks.values()],
        [(sentence.id or 0, sentence.start_cp, sentence.end_cp, places[block.id]) for sentence, block in rows],
    )


def _keep(
    database: Database, article: Plain, payloads: Payloads, actor: Actor, seed: str | None, here: dict[str, str]
) -> int:
    """Store what was suggested for the sentences that still have no suggestion; returns how many."""
    with database.write() as session:
        _keep_seed(session, actor, seed)
        missing = stored.without(session, article.key, here["engine"], here["engine_version"])
        made = [{"sentence_id": n, **here, **row} for n, row in payloads.items() if n in missing]
        stored.add(session, made)
        if made:
            detail = {**here, "sentences": len(made)}
            history.log(session, actor, "suggest", "article", article.uid, article_id=article.key, detail=detail)
    return len(made)


def articles(session: Session) -> list[str]:
    """The ids of all articles, for which suggestions can be made."""
    return list(stored.articles(session))


def available() -> bool:
    """Whether the pipeline that suggests is installed."""
    from annotator.nlp.suggest import installed  # as in make_all()

    return installed()


def turn(session: Session, on: bool) -> None:
    """Show suggestions in this project, or none to anybody; those that were accepted stay."""
    projects.change(session, Actor(None), suggestions=on)


def _keep_seed(session: Session, actor: Actor, seed: str | None) -> None:
    if rules.SEED not in projects.stored_options(session):
        drawn = {rules.SEED: seed or secrets.token_hex(8)}  # with the share, so that another default changes nothing
        projects.store_options(session, actor, {**drawn, rules.SHARE: projects.options(session).hidden_share})


def _suggested(article: Plain) -> Payloads:
    """A row for each sentence, from one reading of the text in the sentences that live now."""
    # as in make_all()
    from annotator.nlp.blocks import Block as Part
    from annotator.nlp.segment import Segmented, SentenceSpan
    from annotator.nlp.suggest import suggested

    if not article.sentences:
        return {}
    spans = [SentenceSpan(start, end, block) for _, start, end, block in article.sentences]
    segmented = Segmented([Part(*block) for block in article.blocks], spans)
    found = next(suggested([(article.text, segmented)], article.language))
    rows = {}
    for (key, start, end, _block), scores in zip(article.sentences, found.sentences, strict=False):  # English only
        said = _attributions(article.text, found.attributions, Span(start, end))
        payload = {"attributions": said, "labels": _labels(scores)}
        best = max(scores.claim, scores.quote, scores.opinion)
        rows[key] = {"payload": canonical.text(payload), "score": round(best, 6)}
    return rows


def _attributions(text: str, found: Sequence[Any], sentence: Span) -> list[dict[str, Any]]:
    """The attributions whose content lies in a sentence, with what of it does; one that reports comes first."""
    here = [n for n, one in enumerate(found) if rules.clipped(text, one.content, sentence)]
    here.sort(key=lambda n: found[n].parent in here)
    names = {n: f"a{place}" for place, n in enumerate(here)}
    return [
        {
            "speaker": _pairs(found[n].speaker),
            "antecedent": _pairs(found[n].antecedent),
            "cue": _pairs(found[n].cue),
            "content": _pairs(rules.clipped(text, found[n].content, sentence)),
            "type": found[n].type,
            "mode": found[n].mode,
            "naming": found[n].naming,
            "negated": found[n].negated,
            "parent": names.get(found[n].parent),
            "reason": found[n].reason,
        }
        for n in here
    ]


def _labels(scores: Any) -> dict[str, list[Any]]:
    """Score and first reason of each label."""
    reasons: dict[str, str] = {}
    for why in scores.why:
        label, _, reason = why.partition(": ")
        reasons.setdefault(label, reason)
    return {str(label): [round(getattr(scores, label), 4), reasons.get(label, "")] for label in Label}


def _pairs(spans: Sequence[Span]) -> list[list[int]]:
    return [[span.start, span.end] for span in spans]


def offers(
    session: Session,
    sentence: tuple[int, str],
    reviewer_id: int,
    text: str,
    *,
    labels: frozenset[Label],
    contents: Sequence[Spans],
) -> list[Offer]:
    """What may be suggested for a sentence (its row id and uid) that the reviewer has labelled, best first.

    What the reviewer said already (`labels`, `contents` of the own attributions) or dismissed is not among it.
    """
    found = stored.of_sentence(session, sentence[0], reviewer_id)
    if not _shown(found, sentence[1]):
        return []
    newest = rules.decoded(canonical.decode(found[-1].payload))
    dismissed = _dismissed(found)
    gone = [was.attributions[part].content for was, part in dismissed if part in was.attributions]
    spoken = [
        Offer(f"{found[-1].id}-{part}", said.reason, said=said, outer=newest.attributions.get(said.parent or ""))
        for part, said in newest.attributions.items()
        if not any(rules.same_words(text, said.content, other) for other in (*contents, *gone))
    ]
    known = {*labels, *(part for _, part in dismissed)}
    likely = [(score, label, why) for label, (score, why) in newest.labels.items() if score >= rules.LIKELY]
    rest = [entry for entry in likely if entry[1] not in known]
    return spoken + [Offer(f"{found[-1].id}-{label}", why, label=label) for _, label, why in sorted(rest, reverse=True)]


def _shown(found: Sequence[Stored], sentence_uid: str) -> bool:
    options = rules.rules_of(canonical.decode(found[-1].options)) if found else None
    return options is not None and options.on and not options.hides(sentence_uid)


def _dismissed(found: Sequence[Stored]) -> list[tuple[Suggested, str]]:
    """The parts that the reviewer dismissed, those of an older engine too: they do not come back with a newer one."""
    no = [row for row in found if row.answer == SuggestionAnswer.DISMISSED]
    return [(rules.decoded(canonical.decode(row.payload)), row.part) for row in no if row.part is not None]


def accept(
    session: Session, actor: Actor, sentence_uid: str, key: str, wording: Wording, *, revision: int | None
) -> Attribution:
    """Add a suggested attribution; who or how may be mended, but with other words it is the reviewer's own.

    Raises as `attributions.create`, and NotFound for a suggestion that was not shown to this reviewer.
    """
    place, suggestion, part, suggested = _asked(session, actor, sentence_uid, key)
    said = suggested.attributions.get(part)
    if said is None:
        raise NotFound(_(MISSING))
    if wording.content != words(place.article.text, said.content):
        return attributions.create(session, actor, sentence_uid, wording, revision=revision)
    wording = replace(wording, negated=said.negated)
    made = attributions.create(
        session, actor, sentence_uid, wording, revision=revision, origin=Origin.SUGGESTION_ACCEPTED
    )
    _answer(session, actor, suggestion, part, SuggestionAnswer.ACCEPTED)
    return made


def accept_label(
    session: Session, actor: Actor, sentence_uid: str, key: str, change: Change, *, revision: int | None
) -> Annotation:
    """Add a suggested label. Raises as `annotations.save`, and NotFound for one that was not shown to this reviewer."""
    _place, suggestion, part, suggested = _asked(session, actor, sentence_uid, key)
    if change.labels != (part,) or not change.toggle or part not in suggested.labels:
        raise NotFound(_(MISSING))
    change = replace(change, origin=Origin.SUGGESTION_ACCEPTED)
    annotation = annotations.save(session, actor, sentence_uid, change, revision=revision)
    _answer(session, actor, suggestion, part, SuggestionAnswer.ACCEPTED)
    return annotation


def dismiss(session: Session, actor: Actor, sentence_uid: str, key: str) -> None:
    """Hide a suggestion from this reviewer for good; a repeated request changes nothing.

    Raises NotFound for one that was not shown to them, ReadOnly when they have finished the article.
    """
    place, suggestion, part, suggested = _asked(session, actor, sentence_uid, key)
    if part not in suggested.attributions and part not in suggested.labels:
        raise NotFound(_(MISSING))
    if place.state == AssignmentState.FINISHED:
        raise ReadOnly(_("You have finished this article. Reopen it to change something."))
    uid, detail = f"{sentence_uid}:{suggestion}-{part}", {"part": part}
    if history.repeated(session, actor, "dismiss", uid, detail):
        return
    if _answer(session, actor, suggestion, part, SuggestionAnswer.DISMISSED):
        history.log(session, actor, "dismiss", "suggestion", uid, article_id=place.article.id, detail=detail)


def _asked(session: Session, actor: Actor, sentence_uid: str, key: str) -> tuple[ForChange, int, str, Suggested]:
    """The suggestion of a key, if this reviewer could see it. Raises NotFound, Conflict for a sentence that is gone."""
    reviewer = reviewer_of(actor)
    place = annotation_rows.for_change(session, sentence_uid, reviewer)
    if place is None and annotation_rows.is_retired(session, sentence_uid, reviewer):
        raise Conflict(_(annotations.CHANGED))
    if place is None or place.annotation is None or place.annotation.status not in ANSWERED:
        raise NotFound(_(MISSING))
    assert place.sentence.id is not None
    found = stored.of_sentence(session, place.sentence.id, reviewer)
    number, _dash, part = key.partition("-")
    wanted = [row for row in found if str(row.id) == number]
    if not wanted or not _shown(found, sentence_uid):
        raise NotFound(_(MISSING))
    return place, wanted[0].id, part, rules.decoded(canonical.decode(wanted[0].payload))


def _answer(session: Session, actor: Actor, suggestion: int, part: str, answer: SuggestionAnswer) -> bool:
    """Store what the reviewer says; tells whether that is new."""
    reviewer = reviewer_of(actor)
    row = stored.response(session, suggestion, reviewer, part)
    if row is not None and row.answer == answer:
        return False
    row = row or SuggestionResponse(
        suggestion_id=suggestion, reviewer_id=reviewer, part=part, answer=answer, at=actor.at
    )
    row.answer, row.at = answer, actor.at
    session.add(row)
    session.flush()
    return True


def words(text: str, spans: Sequence[Span]) -> str:
    """The words of spans as a form has them: each on one line, with … between pieces."""
    return " … ".join(" ".join(span.of(text).split()) for span in spans)
