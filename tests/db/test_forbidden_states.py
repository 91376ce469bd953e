"""States that must not exist, written straight into both databases: each is refused, the allowed twin beside it is not.

The twin differs in the one thing that makes the state forbidden, so no test passes because of a typing error.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, Table, and_, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col
from sqlmodel import select as find

from annotator.domain import ids
from annotator.services import history, projects
from annotator.services.history import Actor
from db import canonical
from db.engine import Database, open_database
from db.models import (
    Annotation,
    AnnotationRevision,
    ApiToken,
    Article,
    Assignment,
    Attribution,
    AttributionSpan,
    Block,
    Claim,
    Event,
    Evidence,
    Guideline,
    ImportBatch,
    Project,
    Reviewer,
    Segmentation,
    Sentence,
    SentenceLineage,
    SignInLink,
    Source,
    SourceMention,
    Speaker,
    SpeakerAlias,
    Suggestion,
    SuggestionResponse,
    WebSession,
)
from tests import factories as make
from tests.conftest import temporary_postgresql

LATER = "2025-02-03T04:05:06.789Z"
NOBODY = 999_999


@dataclass(frozen=True)
class World:
    """Rows of a database in which people have worked."""

    project: Project
    guideline: Guideline
    unused_guideline: Guideline
    batch: ImportBatch
    article: Article
    named_article: Article
    bare_article: Article
    block: Block
    other_block: Block
    segmentation: Segmentation
    other_segmentation: Segmentation
    sentence: Sentence
    next_sentence: Sentence
    free_sentence: Sentence
    retired: Sentence
    lineage: SentenceLineage
    ada: Reviewer
    ben: Reviewer
    idle: Reviewer
    link: SignInLink
    web_session: WebSession
    api_token: ApiToken
    assignment: Assignment
    annotation: Annotation
    other_annotation: Annotation
    none: Annotation
    gold: Annotation
    revision: AnnotationRevision
    event: Event
    attribution: Attribution
    nested: Attribution
    foreign: Attribution
    span: AttributionSpan
    claim: Claim
    evidence: Evidence
    source: Source
    unused_source: Source
    mention: SourceMention
    speaker: Speaker
    alias: SpeakerAlias
    suggestion: Suggestion
    response: SuggestionResponse


def key(row: Any) -> int:
    assert isinstance(row.id, int)
    return row.id


def build(database: Database) -> World:
    """One article with work of two people, gold, evidence and history; others without work."""
    with database.write() as session:

        def first(table: Any, *where: Any) -> Any:
            return session.exec(find(table).where(*where).order_by(*table.__table__.primary_key)).first()

        project = projects.get(session)
        unused = projects.add_guideline(session, Actor(None, None, make.AT), project, "0.9", "Unused words.")
        article = make.make_article(session, external_id="desk-1")
        other = make.make_article(session, "Another article. It has two sentences.", external_id="desk-2")
        bare = make.make_article(session, "Nothing hangs on this one.", blocks=[])
        session.delete(first(Segmentation, Segmentation.article_id == bare.id))
        ada, ben, idle = (make.make_reviewer(session, name) for name in ("Ada Lind", "Änne Öst", "Idle Hand"))
        sentences = make.sentences_of(session, article)
        retired = Sentence(
            article_id=key(article), block_id=sentences[1].block_id, start_cp=25, end_cp=118,
            uid=ids.sentence_id(article.uid, 25, 118), created_in=1,
        )  # fmt: skip
        retired.created_in = retired.retired_in = key(first(Segmentation, Segmentation.article_id == article.id))
        session.add(retired)
        session.flush()
        mine = make.annotate(session, sentences[1], ada, ["quote", "claim"], request="request-1")
        others = make.annotate(session, sentences[1], ben, ["opinion"])
        none = make.annotate(session, sentences[0], ada, ["none"])
        gold = make.make_gold(session, sentences[1], ["claim"], lead=ada)
        speaker, source = make.make_speaker(session, "Ida Holm"), make.make_source(session)
        attribution = make.make_attribution(session, mine, speaker_id=speaker.id, speaker_start=70, speaker_end=78)
        nested = make.make_attribution(session, mine, parent_id=attribution.id)
        foreign = make.make_attribution(session, others)
        claim = make.make_claim(session, mine, voice="attributed", attribution_id=attribution.id)
        evidence = make.make_evidence(session, claim, source)
        make.keep(session, mine)
        lineage = SentenceLineage(old_id=key(retired), new_id=key(sentences[1]), kind="split")
        link = SignInLink(reviewer_id=key(ada), token_hash="link", created_at=make.AT, expires_at=LATER)
        web_session = WebSession(
            reviewer_id=key(ada), token_hash="session", created_at=make.AT, last_seen_at=make.AT, expires_at=LATER
        )
        api_token = ApiToken(reviewer_id=key(ada), token_hash="token", created_at=make.AT)
        mention = SourceMention(annotation_id=key(mine), source_id=key(source), start_cp=26, end_cp=30)
        alias = SpeakerAlias(speaker_id=key(speaker), alias="Holm", alias_key="holm")
        suggestion = Suggestion(sentence_id=key(sentences[1]), engine="rules", engine_version="1", payload="{}")
        session.add_all([lineage, link, web_session, api_token, mention, alias, suggestion])
        session.flush()
        response = SuggestionResponse(
            suggestion_id=key(suggestion), reviewer_id=key(ada), part="quote", answer="accepted", at=make.AT
        )
        session.add(response)
        session.flush()
        free = make.sentences_of(session, other)[0]
        return World(
            project=project, guideline=first(Guideline, Guideline.version != "0.9"), unused_guideline=unused,
            batch=first(ImportBatch), article=article, named_article=other, bare_article=bare,
            block=first(Block, Block.article_id == article.id), other_block=first(Block, Block.article_id == other.id),
            segmentation=first(Segmentation, Segmentation.article_id == article.id),
            other_segmentation=first(Segmentation, Segmentation.article_id == other.id),
            sentence=sentences[1], next_sentence=sentences[2], free_sentence=free, retired=retired, lineage=lineage,
            ada=ada, ben=ben, idle=idle, link=link, web_session=web_session, api_token=api_token,
            assignment=first(Assignment, Assignment.reviewer_id == ada.id), annotation=mine, other_annotation=others,
            none=none, gold=gold, revision=first(AnnotationRevision),
            event=first(Event, Event.request_id == "request-1"),
            attribution=attribution, nested=nested, foreign=foreign,
            span=first(AttributionSpan, AttributionSpan.attribution_id == attribution.id), claim=claim,
            evidence=evidence, source=source, unused_source=make.make_source(session, "Unused minutes"),
            mention=mention, speaker=speaker, alias=alias, suggestion=suggestion, response=response,
        )  # fmt: skip


@dataclass(frozen=True)
class Stage:
    database: Database
    world: World
    rows: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            folder = tmp_path_factory.mktemp("forbidden")
            name = str(shutil.copyfile(request.getfixturevalue("sqlite_template"), folder / "annotator.db"))
        else:
            server, template = (request.getfixturevalue(f"postgresql_{part}") for part in ("server", "template"))
            name = stack.enter_context(temporary_postgresql(server, template))
        database = open_database(name)
        stack.callback(database.close)
        world = build(database)
        yield Stage(database, world, everything(database))


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with database.reader.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in SQLModel.metadata.sorted_tables
        }


Step = Callable[[Connection], object]


def table_of(row: SQLModel) -> Table:
    table = type(row).__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return table


def like(row: SQLModel, **changes: Any) -> Step:
    """Insert a second row that is as this one but for the changes."""
    values = {**row.model_dump(exclude={"id"}), **changes}
    return lambda connection: connection.execute(insert(table_of(row)).values(**values))


def change(row: SQLModel, **changes: Any) -> Step:
    return lambda connection: connection.execute(update(table_of(row)).where(this(row)).values(**changes))


def remove(row: SQLModel) -> Step:
    return lambda connection: connection.execute(delete(table_of(row)).where(this(row)))


def this(row: SQLModel) -> Any:
    return and_(*(column == getattr(row, column.name) for column in table_of(row).primary_key))


def fresh(w: World, **changes: Any) -> Step:
    """A third reviewer's annotation of the sentence, labelled a claim of the author's."""
    plain = {
        "uid": "ann_new", "reviewer_id": w.idle.id, "is_claim": True, "is_quote": False, "is_opinion": False,
        "claim_voice": "author", "opinion_voice": None, "none_reason": None,
    }  # fmt: skip
    return like(w.annotation, **{**plain, **changes})


def empty(**changes: Any) -> dict[str, Any]:
    return {"is_claim": False, "claim_voice": None, **changes}


def article(w: World, text: str, **changes: Any) -> Step:
    plain = {"uid": ids.article_id(text), "text_sha256": canonical.sha256(text), "external_id": None}
    return like(w.article, text=text, text_length=max(1, len(text)), **{**plain, **changes})


def span(w: World, start: int, end: int, **changes: Any) -> Step:
    """One more sentence in the article; the sentence in hand is 25–81, the next one 82–118."""
    return like(w.next_sentence, uid=f"sen_{start}_{end}", start_cp=start, end_cp=end, **changes)


def person(w: World, name: str, **changes: Any) -> Step:
    return like(w.idle, name=name, **{"uid": ids.reviewer_id(name), **changes})


Make = Callable[[World], Step]
# what is forbidden: how it is written, and the allowed state beside it
STATES: dict[str, tuple[Make, Make]] = {
    # people
    "a name that differs in case only": (
        lambda w: person(w, "ADA LIND", uid="rev_x"),
        lambda w: person(w, "ADA LUND", uid="rev_x"),
    ),
    "a name that differs in the case of a letter beyond ASCII only": (
        lambda w: person(w, "äNNE öST"),
        lambda w: person(w, "äNNE åST"),
    ),
    "an empty name": (lambda w: person(w, "", uid="rev_x"), lambda w: person(w, "X", uid="rev_x")),
    "deleting a reviewer with work": (lambda w: remove(w.ada), lambda w: remove(w.idle)),
    "two sign-in links with one token": (
        lambda w: like(w.link),
        lambda w: like(w.link, token_hash="another"),
    ),
    "two sessions with one token": (
        lambda w: like(w.web_session),
        lambda w: like(w.web_session, token_hash="another"),
    ),
    "two API tokens that are one": (
        lambda w: like(w.api_token),
        lambda w: like(w.api_token, token_hash="another"),
    ),
    "a session of nobody": (
        lambda w: like(w.web_session, token_hash="another", reviewer_id=NOBODY),
        lambda w: like(w.web_session, token_hash="another", reviewer_id=w.ben.id),
    ),
    # project and guidelines
    "a project that needs no reviewer": (
        lambda w: change(w.project, required_reviewers=0),
        lambda w: change(w.project, required_reviewers=1),
    ),
    "two guidelines of one version": (
        lambda w: like(w.guideline),
        lambda w: like(w.guideline, version="1.1"),
    ),
    "an edited guideline": (
        lambda w: change(w.guideline, body="Other words."),
        lambda w: change(w.guideline, active_from=LATER),
    ),
    "deleting a guideline that work was done under": (
        lambda w: remove(w.guideline),
        lambda w: remove(w.unused_guideline),
    ),
    # articles
    "the same text twice": (
        lambda w: article(w, make.TEXT, uid="art_x"),
        lambda w: article(w, make.TEXT + " More.", uid="art_x"),
    ),
    "two articles with one id": (
        lambda w: article(w, "Other words.", uid=w.article.uid),
        lambda w: article(w, "Other words."),
    ),
    "one external id twice": (
        lambda w: article(w, "Other words.", external_id="desk-1"),
        lambda w: article(w, "Other words.", external_id=None),
    ),
    "an article without text": (lambda w: article(w, ""), lambda w: article(w, " ")),
    "an edited text": (
        lambda w: change(w.article, text=w.article.text + " "),
        lambda w: change(w.article, title="Another title"),
    ),
    "a text whose hash is edited": (
        lambda w: change(w.article, text_sha256="0" * 64),
        lambda w: change(w.article, text_sha256=w.article.text_sha256),
    ),
    "deleting an annotated article": (lambda w: remove(w.article), lambda w: remove(w.bare_article)),
    "an article without a batch": (
        lambda w: article(w, "Other words.", batch_id=NOBODY),
        lambda w: article(w, "Other words.", batch_id=w.batch.id),
    ),
    # blocks
    "two blocks with one number": (
        lambda w: like(w.block, start_cp=500, end_cp=501),
        lambda w: like(w.block, start_cp=500, end_cp=501, ordinal=77),
    ),
    "two blocks at one start": (
        lambda w: like(w.block, ordinal=77),
        lambda w: like(w.block, ordinal=77, start_cp=1),
    ),
    "a block that ends where it begins": (
        lambda w: like(w.block, ordinal=77, start_cp=500, end_cp=500),
        lambda w: like(w.block, ordinal=77, start_cp=500, end_cp=501),
    ),
    "a heading of level 7": (lambda w: change(w.block, level=7), lambda w: change(w.block, level=6)),
    "a moved block": (lambda w: change(w.block, end_cp=24), lambda w: change(w.block, kind="other")),
    # sentences
    "a sentence of no article": (
        lambda w: span(w, 500, 510, article_id=NOBODY),
        lambda w: span(w, 500, 510),
    ),
    "a sentence in another article's block": (
        lambda w: span(w, 500, 510, block_id=w.other_block.id),
        lambda w: span(w, 500, 510, block_id=w.block.id),
    ),
    "a sentence of another article's segmentation": (
        lambda w: span(w, 500, 510, created_in=w.other_segmentation.id),
        lambda w: span(w, 500, 510, created_in=w.segmentation.id),
    ),
    "two live sentences at one start": (
        lambda w: span(w, 82, 90),
        lambda w: span(w, 82, 90, retired_in=w.segmentation.id),
    ),
    "two live sentences at one end": (
        lambda w: span(w, 100, 118),
        lambda w: span(w, 100, 118, retired_in=w.segmentation.id),
    ),
    "live sentences that overlap": (lambda w: span(w, 80, 82), lambda w: span(w, 81, 82)),
    "a live sentence inside another": (lambda w: span(w, 90, 95), lambda w: span(w, 118, 119)),
    "a live sentence round others": (
        lambda w: span(w, 24, 119),
        lambda w: span(w, 24, 119, retired_in=w.segmentation.id),
    ),
    "a sentence that comes back over live ones": (
        lambda w: change(w.retired, retired_in=None),
        lambda w: (
            lambda connection: [
                change(w.sentence, retired_in=w.segmentation.id)(connection),
                change(w.next_sentence, retired_in=w.segmentation.id)(connection),
                change(w.retired, retired_in=None)(connection),
            ]
        ),
    ),
    "one span twice, also retired": (
        lambda w: span(w, 82, 118, retired_in=w.segmentation.id),
        lambda w: span(w, 82, 117, retired_in=w.segmentation.id),
    ),
    "a sentence that ends before it begins": (lambda w: span(w, 510, 500), lambda w: span(w, 500, 510)),
    "a sentence that begins before the text": (
        lambda w: span(w, -1, 0, retired_in=w.segmentation.id),
        lambda w: span(w, 0, 1, retired_in=w.segmentation.id),
    ),
    "a moved sentence": (
        lambda w: change(w.next_sentence, end_cp=117),
        lambda w: change(w.next_sentence, origin="split"),
    ),
    "deleting a sentence with work": (lambda w: remove(w.sentence), lambda w: remove(w.next_sentence)),
    "two segmentations of one version": (
        lambda w: like(w.segmentation),
        lambda w: like(w.segmentation, version=2),
    ),
    "a sentence that comes from itself": (
        lambda w: like(w.lineage, old_id=w.sentence.id),
        lambda w: like(w.lineage, old_id=w.next_sentence.id),
    ),
    # assignments
    "one article assigned twice to one reviewer": (
        lambda w: like(w.assignment),
        lambda w: like(w.assignment, reviewer_id=w.idle.id),
    ),
    "an assignment to nobody": (
        lambda w: like(w.assignment, reviewer_id=NOBODY),
        lambda w: like(w.assignment, reviewer_id=w.idle.id),
    ),
    "finished at no time": (
        lambda w: change(w.assignment, state="finished"),
        lambda w: change(w.assignment, state="finished", finished_at=LATER),
    ),
    "open but finished at a time": (
        lambda w: change(w.assignment, finished_at=LATER),
        lambda w: change(w.assignment, due=LATER),
    ),
    # annotations
    "two annotations of one reviewer and sentence": (
        lambda w: fresh(w, reviewer_id=w.ada.id),
        lambda w: fresh(w),
    ),
    "a second gold": (
        lambda w: like(w.gold, reviewer_id=w.ben.id),
        lambda w: like(w.gold, sentence_id=w.next_sentence.id),
    ),
    "an annotation of no sentence": (
        lambda w: fresh(w, sentence_id=NOBODY),
        lambda w: fresh(w, sentence_id=w.next_sentence.id),
    ),
    "an annotation under no guideline": (
        lambda w: fresh(w, guideline_id=NOBODY),
        lambda w: fresh(w, guideline_id=w.unused_guideline.id),
    ),
    "a claim without a voice": (
        lambda w: fresh(w, claim_voice=None),
        lambda w: fresh(w, claim_voice="both"),
    ),
    "a voice without a claim": (
        lambda w: fresh(w, is_quote=True, is_claim=False),
        lambda w: fresh(w, is_quote=True, is_claim=True),
    ),
    "an opinion without a voice": (
        lambda w: fresh(w, is_opinion=True),
        lambda w: fresh(w, is_opinion=True, opinion_voice="author"),
    ),
    "a voice without an opinion": (
        lambda w: fresh(w, opinion_voice="author"),
        lambda w: fresh(w, opinion_voice="author", is_opinion=True),
    ),
    "none with a label": (
        lambda w: fresh(w, none_reason="other"),
        lambda w: fresh(w, **empty(none_reason="other")),
    ),
    "complete but empty": (
        lambda w: fresh(w, **empty()),
        lambda w: fresh(w, **empty(status="draft")),
    ),
    "unsure with a label": (
        lambda w: fresh(w, status="unsure"),
        lambda w: fresh(w, **empty(status="unsure")),
    ),
    "unsure with a reason for none": (
        lambda w: change(w.none, status="unsure"),
        lambda w: change(w.none, status="unsure", none_reason=None),
    ),
    "a reviewer's annotation by nobody": (
        lambda w: fresh(w, reviewer_id=None),
        lambda w: fresh(w, reviewer_id=None, role="gold", method="unanimous", sentence_id=w.next_sentence.id),
    ),
    "gold decided by nobody": (
        lambda w: like(w.gold, sentence_id=w.next_sentence.id, reviewer_id=None),
        lambda w: like(w.gold, sentence_id=w.next_sentence.id, reviewer_id=None, method="unanimous"),
    ),
    "gold without a method": (
        lambda w: like(w.gold, sentence_id=w.next_sentence.id, method=None),
        lambda w: like(w.gold, sentence_id=w.next_sentence.id),
    ),
    "a reviewer's annotation with a method": (
        lambda w: fresh(w, method="adjudicated"),
        lambda w: fresh(w, method=None),
    ),
    "gold that is unsure": (
        lambda w: like(w.gold, sentence_id=w.next_sentence.id, **empty(status="unsure")),
        lambda w: like(w.gold, sentence_id=w.next_sentence.id, status="needs_review"),
    ),
    "a role that nobody knows": (
        lambda w: fresh(w, role="nonsense"),
        lambda w: fresh(w, role="reviewer"),
    ),
    "revision 0": (lambda w: fresh(w, revision=0), lambda w: fresh(w, revision=1)),
    "an annotation handed to another reviewer": (
        lambda w: change(w.annotation, reviewer_id=w.idle.id),
        lambda w: change(w.annotation, note="Mine."),
    ),
    "an annotation turned into gold": (
        lambda w: change(w.none, role="gold", method="adjudicated"),
        lambda w: change(w.none, role="reviewer", method=None),
    ),
    "deleting an annotation with history": (
        lambda w: remove(w.none),
        lambda w: (
            lambda connection: [
                fresh(w)(connection),
                connection.execute(delete(Annotation).where(col(Annotation.uid) == "ann_new")),
            ]
        ),
    ),
    # history
    "one revision twice": (lambda w: like(w.revision), lambda w: like(w.revision, number=99)),
    "an edited revision": (
        lambda w: change(w.revision, snapshot="{}"),
        lambda w: like(w.revision, snapshot="{}", number=99),
    ),
    "a deleted revision": (lambda w: remove(w.revision), lambda w: like(w.revision, number=99)),
    "a revision of nothing": (
        lambda w: like(w.revision, annotation_id=NOBODY),
        lambda w: like(w.revision, annotation_id=w.none.id, number=99),
    ),
    "one request answered twice": (
        lambda w: like(w.event),
        lambda w: like(w.event, request_id="request-2"),
    ),
    "an edited event": (
        lambda w: change(w.event, detail="{}"),
        lambda w: like(w.event, detail="{}", request_id=None),
    ),
    "a deleted event": (lambda w: remove(w.event), lambda w: like(w.event, request_id=None)),
    # attributions
    "a parent in another annotation": (
        lambda w: change(w.nested, parent_id=w.foreign.id),
        lambda w: change(w.nested, parent_id=None),
    ),
    "an attribution that is its own parent": (
        lambda w: change(w.nested, parent_id=w.nested.id),
        lambda w: change(w.nested, parent_id=w.attribution.id),
    ),
    "an attribution of no annotation": (
        lambda w: like(w.foreign, seq=99, annotation_id=NOBODY),
        lambda w: like(w.foreign, seq=99),
    ),
    "two attributions with one number": (lambda w: like(w.foreign), lambda w: like(w.foreign, seq=99)),
    "an attribution numbered 0": (
        lambda w: like(w.foreign, seq=0),
        lambda w: like(w.foreign, seq=99),
    ),
    "a renumbered attribution": (
        lambda w: change(w.foreign, seq=99),
        lambda w: change(w.foreign, note="Mine."),
    ),
    "half a speaker's span": (
        lambda w: change(w.foreign, speaker_start=70),
        lambda w: change(w.foreign, speaker_start=70, speaker_end=78),
    ),
    "a speaker's span that ends before it begins": (
        lambda w: change(w.foreign, speaker_start=78, speaker_end=70),
        lambda w: change(w.foreign, speaker_start=70, speaker_end=78),
    ),
    "an unknown speaker": (
        lambda w: change(w.foreign, speaker_id=NOBODY),
        lambda w: change(w.foreign, speaker_id=w.speaker.id),
    ),
    "deleting an attribution that others rest on": (
        lambda w: remove(w.attribution),
        lambda w: remove(w.nested),
    ),
    "one part of an attribution twice": (
        lambda w: like(w.span, start_cp=26),
        lambda w: like(w.span, start_cp=26, n=1),
    ),
    "a span without words": (
        lambda w: like(w.span, n=1, start_cp=30, end_cp=30),
        lambda w: like(w.span, n=1, start_cp=30, end_cp=31),
    ),
    "a span of no attribution": (
        lambda w: like(w.span, attribution_id=NOBODY),
        lambda w: like(w.span, part="cue"),
    ),
    # speakers
    "one speaker twice": (lambda w: like(w.speaker), lambda w: like(w.speaker, kind="group")),
    "a speaker merged into itself": (
        lambda w: change(w.speaker, merged_into_id=w.speaker.id),
        lambda w: change(w.speaker, merged_into_id=None),
    ),
    "one other name twice": (
        lambda w: like(w.alias),
        lambda w: like(w.alias, alias_key="the harbour master"),
    ),
    "deleting a speaker who is quoted": (
        lambda w: remove(w.speaker),
        lambda w: lambda connection: [like(w.speaker, kind="group")(connection)],
    ),
    # claims and evidence
    "a claim that rests on another annotation's attribution": (
        lambda w: change(w.claim, attribution_id=w.foreign.id),
        lambda w: change(w.claim, attribution_id=w.nested.id),
    ),
    "an attributed claim in the author's voice": (
        lambda w: change(w.claim, voice="author"),
        lambda w: change(w.claim, voice="author", attribution_id=None),
    ),
    "two claims with one number": (lambda w: like(w.claim), lambda w: like(w.claim, seq=99)),
    "a claim without words": (
        lambda w: change(w.claim, start_cp=81),
        lambda w: change(w.claim, start_cp=80),
    ),
    "a claim of no annotation": (
        lambda w: like(w.claim, seq=99, attribution_id=None, annotation_id=NOBODY),
        lambda w: like(w.claim, seq=99, attribution_id=None, annotation_id=w.gold.id),
    ),
    "the same evidence twice": (
        lambda w: like(w.evidence, seq=99),
        lambda w: like(w.evidence, seq=99, locator="p. 2"),
    ),
    "two pieces of evidence with one number": (
        lambda w: like(w.evidence, locator="p. 2"),
        lambda w: like(w.evidence, locator="p. 2", seq=99),
    ),
    "evidence for no claim": (
        lambda w: like(w.evidence, seq=99, claim_id=NOBODY),
        lambda w: like(w.evidence, seq=99, source_id=w.unused_source.id),
    ),
    "evidence from no source": (
        lambda w: change(w.evidence, source_id=NOBODY),
        lambda w: change(w.evidence, source_id=w.unused_source.id),
    ),
    "an excerpt without its hash": (
        lambda w: change(w.evidence, excerpt="words"),
        lambda w: change(w.evidence, excerpt="words", excerpt_sha256=canonical.sha256("words")),
    ),
    "deleting a source that proves something": (
        lambda w: remove(w.source),
        lambda w: remove(w.unused_source),
    ),
    "one source twice": (
        lambda w: like(w.source),
        lambda w: like(w.source, dedup_key="url:https://example.org/"),
    ),
    "a source merged into itself": (
        lambda w: change(w.source, merged_into_id=w.source.id),
        lambda w: change(w.source, merged_into_id=w.unused_source.id),
    ),
    "one mention of a source twice": (
        lambda w: like(w.mention),
        lambda w: like(w.mention, start_cp=27),
    ),
    # suggestions
    "one suggestion twice": (
        lambda w: like(w.suggestion),
        lambda w: like(w.suggestion, engine_version="2"),
    ),
    "one suggestion answered twice": (
        lambda w: like(w.response),
        lambda w: like(w.response, part="claim"),
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_forbidden_state_is_refused_and_its_twin_is_not(stage: Stage, name: str) -> None:
    forbidden, twin = STATES[name]
    with undone(stage.database) as connection:
        twin(stage.world)(connection)
    with pytest.raises(IntegrityError), undone(stage.database) as connection:
        forbidden(stage.world)(connection)
    assert everything(stage.database) == stage.rows


@contextmanager
def undone(database: Database) -> Iterator[Connection]:
    """A transaction that is rolled back in the end, whatever happened."""
    with database.writer.connect() as connection:
        yield connection
        connection.rollback()


WORDS = {
    f"{table.name}.{str(constraint.name).removesuffix('_word').removeprefix(f'ck_{table.name}_')}"
    for table in SQLModel.metadata.sorted_tables
    for constraint in table.constraints
    if isinstance(constraint, CheckConstraint) and str(constraint.name).endswith("_word")
}


# what the row must be, and what must change with the word, so that no other CHECK is in the way
COMPANIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "annotation.method": ("role = 'gold'", {}),
    "annotation.claim_voice": ("is_claim", {}),
    "annotation.opinion_voice": ("is_opinion", {}),
    "annotation.none_reason": ("none_reason IS NOT NULL", {}),
    "claim.voice": ("voice = 'attributed'", {"attribution_id": None}),
}


@pytest.mark.parametrize("column", sorted(WORDS - {"annotation.role"}))
def test_word_outside_the_vocabulary_is_refused(stage: Stage, column: str) -> None:
    table_name, column_name = column.split(".")
    table = SQLModel.metadata.tables[table_name]
    where, more = COMPANIONS.get(column, ("1 = 1", {}))
    changed = update(table).where(text(where))
    with undone(stage.database) as connection:
        assert connection.execute(changed.values({**more, column_name: table.c[column_name]})).rowcount
    refused = pytest.raises(IntegrityError, match=f"ck_{table_name}_{column_name}_word")
    with refused, undone(stage.database) as connection:
        connection.execute(changed.values({**more, column_name: "nonsense"}))


def test_every_event_and_revision_outlives_truncation(stage: Stage) -> None:
    if stage.database.sqlite:
        for table in (AnnotationRevision, Event):
            with pytest.raises(IntegrityError, match="append-only"), undone(stage.database) as connection:
                connection.execute(delete(table))
        return
    for name in ("annotation_revision", "event_log", "release", "release_part"):
        with pytest.raises(IntegrityError, match="append-only"), undone(stage.database) as connection:
            connection.exec_driver_sql(f"TRUNCATE {name} CASCADE")


def test_repeated_event_of_the_services_is_refused_too(stage: Stage) -> None:
    again = Actor(stage.world.ada.id, "request-1")
    event = stage.world.event
    with pytest.raises(IntegrityError), stage.database.write() as session:
        history.log(session, again, event.action, event.entity, event.entity_uid)
    assert everything(stage.database) == stage.rows
