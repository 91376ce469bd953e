"""One or many cuts of an article make one new segmentation: sentences retire, come or live again, work goes along.

Undo is the same the other way round, and brings every row back as it was, the closed assignments of reviewers too.
"""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from annotator.domain import ids, resegmentation
from annotator.domain.spans import Span
from annotator.errors import Conflict, Stale
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import carrying, finishing, gold, history
from annotator.services.carrying import Cut, key, span_of
from annotator.services.history import Actor
from db import canonical
from db.models import Article, Segmentation, Sentence, SentenceLineage
from db.queries import history as past
from db.queries import sentences
from db.vocabulary import Lineage, SentenceOrigin, Status

UNDO = "undo"
CHANGED = later(
    "The boundaries of this article were changed in the meantime, so nothing was stored. Load the page again."
)


def answered(
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
        raise Conflict(_("This request was answered before, for something else."))
    return None


def asked(version: int | None, cut: Cut) -> dict[str, Any]:
    """What the event of a cut that rests on `version` says."""
    new = [ids.sentence_id(cut.article.uid, span.start, span.end) for span in cut.new]
    return {"version": (version or 0) + 1, "old": [sentence.uid for sentence in cut.old], "new": new}


def current(session: Session, article: Article, version: int | None) -> Segmentation:
    """The segmentation in force. Raises Stale when it is not the `version` that a change rests on."""
    found = sentences.segmentation(session, key(article))
    if version != found.version:
        raise Stale(_(CHANGED), current=found.version)
    return found


def check_live(cut: Cut) -> None:
    """Raises Conflict for a cut of a sentence that lives no more."""
    if any(sentence.retired_in is not None for sentence in cut.old):
        raise Conflict(_(CHANGED))


def make(
    session: Session, actor: Actor, cuts: Sequence[Cut], *, action: str, version: int | None, engine: str | None = None
) -> list[Sentence]:
    """Make all cuts at once, resting on segmentation `version`; returns the new sentences.

    `engine` is what found the boundaries where no person did. Raises Stale, and Conflict for a sentence that lives no
    more.
    """
    article = cuts[0].article
    before = current(session, article, version)
    for cut in cuts:
        check_live(cut)
    work = [carrying.work(session, cut.old) for cut in cuts]
    segmentation = _next(session, actor, before, action, engine)
    made = _replace(session, cuts, segmentation, by_hand=engine is None)
    for sentence in (one for new in made for one in new):
        gold.reopen_gold(session, actor, key(sentence))
    waiting: set[int] = set()
    for cut, new, everybody in zip(cuts, made, work, strict=True):
        waiting |= {key(mine.reviewer) for mine in everybody if carrying.carry(session, actor, cut, mine, new)}
    finishing.open_again(session, actor, article, waiting, segmentation.version)
    old, there = [one for cut in cuts for one in cut.old], [one for new in made for one in new]
    _log(session, actor, action, article, old, there, segmentation)
    return there


def _next(session: Session, actor: Actor, before: Segmentation, reason: str, engine: str | None = None) -> Segmentation:
    segmentation = Segmentation(
        article_id=before.article_id,
        version=before.version + 1,
        engine=engine or before.engine,
        reason=reason,
        created_by=actor.reviewer_id,
        created_at=actor.at,
    )
    session.add(segmentation)
    session.flush()
    return segmentation


def _replace(
    session: Session, cuts: Sequence[Cut], segmentation: Segmentation, *, by_hand: bool
) -> list[list[Sentence]]:
    """Retire the old sentences, revive or make the new ones of each cut, and note what came from what."""
    old = [sentence for cut in cuts for sentence in cut.old]
    _retire(session, old, segmentation)
    spans = [(span.start, span.end) for cut in cuts for span in cut.new]
    there = sentences.at_spans(session, segmentation.article_id, spans)
    made = [
        [there.get((span.start, span.end)) or _made(cut, span, segmentation, by_hand=by_hand) for span in cut.new]
        for cut in cuts
    ]
    new = [sentence for group in made for sentence in group]
    _revive(session, new)
    _trace(session, old, new)
    return made


def _retire(session: Session, old: Sequence[Sentence], segmentation: Segmentation) -> None:
    for sentence in old:
        sentence.retired_in = segmentation.id
    session.flush()


def _revive(session: Session, new: Sequence[Sentence]) -> None:
    for sentence in new:
        sentence.retired_in = None
    session.add_all(new)
    session.flush()


def _made(cut: Cut, span: Span, segmentation: Segmentation, *, by_hand: bool) -> Sentence:
    origin = SentenceOrigin.MERGE if cut.kind is Lineage.MERGE else SentenceOrigin.SPLIT
    assert segmentation.id is not None
    return Sentence(
        article_id=key(cut.article),
        block_id=cut.old[0].block_id,
        uid=ids.sentence_id(cut.article.uid, span.start, span.end),
        start_cp=span.start,
        end_cp=span.end,
        created_in=segmentation.id,
        origin=origin if by_hand else SentenceOrigin.AUTO,
    )


def _trace(session: Session, old: Sequence[Sentence], new: Sequence[Sentence]) -> None:
    """Note which new sentence came from which old one, both in the order of the text."""
    there = sentences.lineage(session, [key(sentence) for sentence in old])
    for change in resegmentation.differences([*map(span_of, old)], [*map(span_of, new)]):
        for before in (old[place] for place in change.old):
            for after in (new[place] for place in change.new):
                if span_of(before).overlaps(span_of(after)) and (key(before), key(after)) not in there:
                    session.add(SentenceLineage(old_id=key(before), new_id=key(after), kind=change.kind))
    session.flush()


def _log(
    session: Session,
    actor: Actor,
    action: str,
    article: Article,
    old: Sequence[Sentence],
    new: Sequence[Sentence],
    segmentation: Segmentation,
) -> None:
    """The event of a change: the segmentation it made, the sentences before and after."""
    detail = {
        "version": segmentation.version,
        "old": [sentence.uid for sentence in old],
        "new": [sentence.uid for sentence in new],
    }
    history.log(session, actor, action, "segmentation", article.uid, article_id=key(article), detail=detail)


def undo(session: Session, actor: Actor, article: Article, *, version: int | None) -> list[Sentence]:
    """Take back the last change of boundaries: the sentences before it live again, with every row as it was.

    An assignment that it had opened is closed again, unless its reviewer has worked in the article since. A repeated
    request changes nothing and gets the same sentences. Raises Stale for another version, Conflict when there is
    nothing to take back, when work on the new sentences rests on it, or for a used request id.
    """
    done = answered(session, actor, UNDO, article, {"version": (version or 0) + 1})
    if done:
        return done
    before = current(session, article, version)
    old, new = _change(session, before)
    if not old or not new:
        raise Conflict(_("There is no change of boundaries to take back."))
    if _worked_on(session, before, new):
        raise Conflict(_("Reviewers have worked on the new sentences since: split or merge them instead."))
    segmentation = _next(session, actor, before, UNDO)
    _retire(session, new, segmentation)
    _revive(session, old)
    _trace(session, new, old)
    finishing.close_again(session, actor, article, before.version)
    finishing.open_again(session, actor, article, _waiting(session, old), segmentation.version)
    _log(session, actor, UNDO, article, new, old, segmentation)
    return list(old)


def _waiting(session: Session, there: Sequence[Sentence]) -> set[int]:
    """Whose annotations of these sentences need a look."""
    found = sentences.annotations(session, [key(sentence) for sentence in there])
    return {key(reviewer) for annotation, reviewer in found if annotation.status == Status.NEEDS_REVIEW}


def _change(session: Session, made: Segmentation) -> tuple[Sequence[Sentence], Sequence[Sentence]]:
    """The sentences that a segmentation retired, and those that live in their place."""
    assert made.id is not None
    old = sentences.retired_in(session, made.id)
    return old, sentences.successors(session, [key(sentence) for sentence in old])


def _worked_on(session: Session, made: Segmentation, new: Sequence[Sentence]) -> bool:
    return sentences.worked_on(session, made.article_id, [key(sentence) for sentence in new])


def last_change(session: Session, article_id: int) -> tuple[int, str | None]:
    """The version of an article's segmentation, and what made it (split, merge, move …) if that can be undone."""
    found = sentences.segmentation(session, article_id)
    old, new = _change(session, found) if found.version > 1 else ((), ())
    undoable = bool(old and new) and not _worked_on(session, found, new)
    return found.version, found.reason if undoable else None
