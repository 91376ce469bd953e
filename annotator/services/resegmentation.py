"""Running the segmenter of today over an article that is stored: first what would differ, then all of it at once.

The text is read outside the transaction that stores, as everywhere. Boundaries that a person has mended stay where they
are unless the lead says otherwise; blocks stay as they came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from annotator.domain import resegmentation
from annotator.domain.spans import Span
from annotator.errors import Conflict
from annotator.language import gettext as _
from annotator.language import later
from annotator.nlp import segment
from annotator.nlp.blocks import Block as Part
from annotator.services import carrying, cuts, projects, segmenting, sentences
from annotator.services.carrying import Cut, key, span_of
from annotator.services.history import Actor
from db import canonical
from db.engine import Database
from db.models import Article, Sentence
from db.queries import sentences as rows
from db.vocabulary import BlockKind, Lineage, SentenceOrigin, Status

ACTION = "resegment"
CHANGED = later(
    "The sentences are found in another way since the preview was made, so nothing was stored. Look at it again."
)
BY_HAND = {str(kind) for kind in Lineage}  # actions that a person does to a boundary


@dataclass(frozen=True, slots=True)
class Found:
    """Where the segmenter of today sees sentences in an article: spans by the key of their block."""

    article: str
    engine: str
    spans: dict[int, list[Span]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What applying it would do. `stay` and `mended` count sentences: the same as before; left as a person made them.

    `key` names exactly this plan in a form.
    """

    article: Article
    version: int
    engine_before: str
    engine: str
    cuts: tuple[Cut, ...]
    stay: int
    mended: int
    key: str

    def count(self, kind: Lineage) -> int:
        """How many places are split, merged or moved."""
        return sum(cut.kind is kind for cut in self.cuts)


@dataclass(frozen=True, slots=True)
class Carried:
    """What becomes of one reviewer's labels: new sentences on which they stand as they are, and that need a look."""

    name: str
    equal: int
    needs_review: int


def find(database: Database, article_uid: str) -> Found:
    """Find the sentences of a stored article anew, in its own blocks; nothing is stored.

    Raises NotFound, Unavailable when the pipeline that the project names is not installed.
    """
    with database.read() as session:
        article = sentences.article(session, article_uid)
        name = segmenting.pipeline(projects.options(session), article.language)
        blocks = rows.blocks(session, key(article))
    parts = [Part(block.start_cp, block.end_cp, BlockKind(block.kind), block.level) for block in blocks]
    spans: dict[int, list[Span]] = {block.id or 0: [] for block in blocks}
    for one in next(segment.segmented([(article.text, parts)], article.language, name)).sentences:
        spans[blocks[one.block].id or 0].append(Span(one.start, one.end))
    return Found(article.uid, segment.engine(article.language, installed=name), spans)


def plan(session: Session, found: Found, *, mended: bool = False) -> Plan:
    """What differs from the sentences that live; `mended`: also where a person has mended a boundary."""
    article = sentences.article(session, found.article)
    live, before = rows.live(session, key(article)), rows.segmentation(session, key(article))
    kept = set() if mended else _mended(session, article, live)
    wanted, left = [], 0
    for cut in _differences(article, live, found):
        touched = any(sentence.uid in kept for sentence in cut.old)
        left += len(cut.old) if touched else 0
        if not touched:
            wanted.append(cut)
    stay = len(live) - left - sum(len(cut.old) for cut in wanted)
    told = [found.engine, before.version, [[span.start, span.end] for cut in wanted for span in cut.new]]
    name = canonical.sha256(canonical.encode(told))[:16]
    return Plan(article, before.version, before.engine, found.engine, tuple(wanted), stay, left, name)


def _differences(article: Article, live: Sequence[Sentence], found: Found) -> list[Cut]:
    by_block: dict[int, list[Sentence]] = {block: [] for block in found.spans}
    for sentence in live:
        by_block[sentence.block_id].append(sentence)
    cut: list[Cut] = []
    for block, old in by_block.items():
        spans = found.spans[block]
        for one in resegmentation.differences([*map(span_of, old)], spans):
            there, new = (old[place] for place in one.old), (spans[place] for place in one.new)
            cut.append(Cut(article, tuple(there), tuple(new), one.kind))
    return cut


def _mended(session: Session, article: Article, live: Sequence[Sentence]) -> set[str]:
    """The live sentences that a person made: by what the events tell, by their origin where none tells of them.

    Taking a change back makes no sentence: each is what it was before.
    """
    by_hand: dict[str, bool] = {}
    for event in rows.changes(session, article.uid):
        if event.action == ACTION or event.action in BY_HAND:
            by_hand |= dict.fromkeys(canonical.decode(event.detail)["new"], event.action != ACTION)
    return {one.uid for one in live if by_hand.get(one.uid, one.origin != SentenceOrigin.AUTO)}


def preview(session: Session, plan: Plan) -> list[Carried]:
    """What would become of each reviewer's labels, by name; nothing is stored."""
    found: dict[str, list[Status]] = {}
    for cut in plan.cuts:
        for mine in carrying.work(session, cut.old):
            said = (carrying.judgement(cut, mine.said, span).status for span in cut.new)
            found.setdefault(mine.reviewer.name, []).extend(said)
    return [
        Carried(name, sum(one in (Status.COMPLETE, Status.UNSURE) for one in said), said.count(Status.NEEDS_REVIEW))
        for name, said in sorted(found.items())
    ]


def apply(
    session: Session, actor: Actor, found: Found, *, version: int | None, plan_key: str, mended: bool = False
) -> list[Sentence]:
    """Make all the differences in one new segmentation that rests on `version`; nothing happens where there is none.

    `plan_key` is that of the plan whose preview was seen. A repeated request changes nothing and gets the same
    sentences. Raises Stale when the boundaries were changed since, Conflict when another plan would come out or for a
    request id that was used for something else.
    """
    article = sentences.article(session, found.article)
    done = cuts.answered(session, actor, ACTION, article, {"version": (version or 0) + 1})
    if done is not None:
        return done
    cuts.current(session, article, version)
    made = plan(session, found, mended=mended)
    if made.key != plan_key:
        raise Conflict(_(CHANGED))
    if not made.cuts:
        return []
    return cuts.make(session, actor, made.cuts, action=ACTION, version=version, engine=found.engine)
