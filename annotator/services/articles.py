"""Articles come in: what is new is segmented first, then stored with its blocks, sentences and provenance at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.options import Options
from annotator.intake import limits
from annotator.intake.incoming import GivenBlock, Incoming, Rejected
from annotator.nlp import installed, segment
from annotator.nlp.blocks import DISCLAIMER
from annotator.nlp.blocks import Block as FoundBlock
from annotator.nlp.segment import Segmented
from annotator.services import history, projects
from annotator.services.history import Actor, Entry
from db import canonical
from db.engine import Database
from db.models import Article, Block, ImportBatch, Segmentation, Sentence
from db.queries import articles
from db.queries.articles import Known
from db.vocabulary import BlockKind, ImportFormat, SentenceOrigin

PACKAGE = "claim-annotator"
Progress = Callable[[int], None]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Stored:
    """An article in a report: its id, title, and the line it came from."""

    uid: str
    title: str | None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class File:
    """Where articles come from; a pasted text has no name, and the hash of its bytes."""

    format: ImportFormat
    name: str | None = None
    sha256: str | None = None


@dataclass
class ImportReport:
    """What became of every record. `unknown` names the fields nobody reads, each with the lines that have it.

    Nothing was stored when `batch` is None.
    """

    accepted: list[Stored] = field(default_factory=list)
    duplicate: list[Stored] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unknown: dict[str, list[int | None]] = field(default_factory=dict)
    batch: str | None = None

    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in ("accepted", "duplicate", "rejected")}


@dataclass(frozen=True, slots=True)
class Draft:
    """An article ready to be stored."""

    incoming: Incoming
    segmented: Segmented
    title: str | None
    pipeline: str | None

    @property
    def uid(self) -> str:
        return ids.article_id(self.incoming.text)


def import_articles(
    database: Database,
    records: Iterable[Incoming | Rejected],
    file: File,
    *,
    partial: bool = False,
    actor: Actor | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Store the articles of one file, all or nothing unless `partial`.

    The same text again changes nothing, another text under a known external id is rejected. Nobody waits for the
    segmentation: it is done before the database is written to. `progress` is told of each article that is segmented.
    """
    given = list(records)
    report = ImportReport(unknown=_unknown(given))
    with database.read() as session:
        fresh, options = list(_fresh(session, given, report)), projects.options(session)
    if report.rejected and not partial:
        return report
    drafts = list(_drafts(fresh, report, options, progress))
    if not drafts or (report.rejected and not partial):
        return report
    with database.write() as session:
        # somebody may have stored the same articles while these were segmented
        still = {id(incoming) for incoming in _fresh(session, [draft.incoming for draft in drafts], report)}
        drafts = [draft for draft in drafts if id(draft.incoming) in still]
        if drafts and (partial or not report.rejected):
            _store(session, actor or Actor(None), file, drafts, report)
    return report


def _unknown(records: Iterable[Incoming | Rejected]) -> dict[str, list[int | None]]:
    found: dict[str, list[int | None]] = {}
    for record in records:
        for name in record.unknown if isinstance(record, Incoming) else ():
            found.setdefault(name, []).append(record.line)
    return found


def _fresh(session: Session, records: Sequence[Incoming | Rejected], report: ImportReport) -> Iterator[Incoming]:
    """The articles that are new, among themselves too; the others go into the report."""
    project = projects.get(session)
    assert project.id is not None
    incoming = [record for record in records if isinstance(record, Incoming)]
    texts = articles.by_text(session, project.id, [canonical.sha256(record.text) for record in incoming])
    named = [record.external_id for record in incoming if record.external_id is not None]
    owners: dict[str, Known | Incoming] = dict(articles.by_external_id(session, project.id, named))
    seen: set[str] = set()
    for record in records:
        if isinstance(record, Rejected):
            report.rejected.append(record)
            continue
        sha256 = canonical.sha256(record.text)
        if sha256 in seen or sha256 in texts:
            _known(record, texts.get(sha256), report)
        elif record.external_id in owners:
            reason = f"another article with the id “{record.external_id}” has another text"
            report.rejected.append(Rejected(record.line, "id", reason))
        else:
            seen.add(sha256)
            if record.external_id is not None:
                owners[record.external_id] = record
            yield record


def _known(record: Incoming, known: Known | None, report: ImportReport) -> None:
    if known is not None and known.deleted:
        report.rejected.append(Rejected(record.line, "text", "the article was stored before and removed by a lead"))
    else:
        title = record.title if known is None else known.title
        report.duplicate.append(Stored(ids.article_id(record.text), title, record.line))


def _drafts(
    fresh: Sequence[Incoming], report: ImportReport, options: Options, progress: Progress | None
) -> Iterator[Draft]:
    for incoming, segmented in zip(fresh, _segmented(fresh, options), strict=True):
        if progress is not None:
            progress(1)
        number = len(segmented.sentences)
        if number > limits.ARTICLE_SENTENCES:
            reason = f"the text has {number:,} sentences, an article may have {limits.ARTICLE_SENTENCES:,}"
            report.rejected.append(Rejected(incoming.line, "text", reason))
        else:
            title = incoming.title or _heading(incoming.text, segmented)
            yield Draft(incoming, segmented, title, options.pipeline(incoming.language))


def _segmented(fresh: Sequence[Incoming], options: Options) -> Iterator[Segmented]:
    """Blocks and sentences of each; a format that marks blocks knows them better than blank lines do."""
    unmarked = ((record.text, record.language) for record in fresh if record.blocks is None)
    found = segment.segment_many(unmarked, installed=lambda language: pipeline(options, language))
    for record in fresh:
        if record.blocks is None:
            yield next(found)
        else:
            blocks = [_found(record.text, block) for block in record.blocks]
            name = pipeline(options, record.language)
            yield from segment.segmented([(record.text, blocks)], record.language, name)


def pipeline(options: Options, language: str) -> str | None:
    """The spaCy pipeline that the project names for a language. Raises Unavailable when it is not installed."""
    return installed.require(options.pipeline(language))


def _found(text: str, block: GivenBlock) -> FoundBlock:
    """A given block; no format marks a disclaimer, its first word does."""
    is_disclaimer = block.kind is BlockKind.PARAGRAPH and DISCLAIMER.match(text, block.start, block.end)
    return FoundBlock(block.start, block.end, BlockKind.DISCLAIMER if is_disclaimer else block.kind, block.level)


def _heading(text: str, segmented: Segmented) -> str | None:
    """The first heading of the highest level, in one line."""
    titles = (b for b in segmented.blocks if b.kind is BlockKind.HEADING and b.level == 1)
    return next((" ".join(text[block.start : block.end].split()).lstrip("# ") or None for block in titles), None)


def _store(session: Session, actor: Actor, file: File, drafts: Sequence[Draft], report: ImportReport) -> None:
    """Write the drafts in bulk: no object is made of a block or a sentence."""
    report.accepted = [Stored(draft.uid, draft.title, draft.incoming.line) for draft in drafts]
    batch = _batch(session, actor, file, report)
    keys = insert_rows(session, Article, [_article(batch, draft) for draft in drafts])
    used = {(draft.incoming.language, draft.pipeline) for draft in drafts}
    engines = {one: segment.engine(one[0], installed=one[1]) for one in used}
    segmentations = insert_rows(
        session,
        Segmentation,
        [
            _segmentation(key, engines[draft.incoming.language, draft.pipeline], actor)
            for key, draft in zip(keys, drafts, strict=True)
        ],
    )
    blocks = insert_rows(
        session, Block, [row for key, draft in zip(keys, drafts, strict=True) for row in _blocks(key, draft)]
    )
    rows: Rows = []
    for key, segmentation, draft in zip(keys, segmentations, drafts, strict=True):
        number = len(draft.segmented.blocks)
        rows += _sentences(key, segmentation, blocks[:number], draft)
        blocks = blocks[number:]
    session.connection().execute(insert(Sentence), rows)
    detail = {"batch": batch.uid}
    entries = [
        Entry(
            "import", "article", draft.uid, article_id=key, after=canonical.sha256(draft.incoming.text), detail=detail
        )
        for key, draft in zip(keys, drafts, strict=True)
    ]
    history.log_many(session, actor, [Entry("import", "import_batch", batch.uid, detail=report.counts()), *entries])


def insert_rows(session: Session, table: type[Any], rows: Rows) -> list[int]:
    """Insert in bulk and give the keys of the new rows, in the order of the rows."""
    if not rows:
        return []
    statement = insert(table).returning(table.id, sort_by_parameter_order=True)
    return list(session.connection().execute(statement, rows).scalars())


def _batch(session: Session, actor: Actor, file: File, report: ImportReport) -> ImportBatch:
    project = projects.get(session)
    assert project.id is not None
    report.batch = ids.import_id(project.slug, file.sha256, actor.at)
    batch = ImportBatch(
        project_id=project.id,
        uid=report.batch,
        format=file.format,
        file_name=file.name,
        file_sha256=file.sha256,
        imported_at=actor.at,
        importer_version=version(PACKAGE),
        report=canonical.text(summary(report)),
    )
    session.add(batch)
    session.flush()
    return batch


def summary(report: ImportReport) -> dict[str, Any]:
    """The report as plain JSON, without any text of an article."""
    rejected = [{"field": r.field, "line": r.line, "reason": r.reason} for r in report.rejected]
    duplicate = [{"article": stored.uid, "line": stored.line} for stored in report.duplicate]
    return {**report.counts(), "rejected": rejected, "duplicate": duplicate, "unknown": report.unknown}


def _article(batch: ImportBatch, draft: Draft) -> dict[str, Any]:
    incoming = draft.incoming
    return {
        "project_id": batch.project_id,
        "batch_id": batch.id,
        "uid": draft.uid,
        "external_id": incoming.external_id,
        "title": draft.title,
        "url": incoming.url,
        "canonical_url": incoming.canonical_url,
        "publisher": incoming.publisher,
        "byline": canonical.text(list(incoming.byline)),
        "published": incoming.published,
        "language": incoming.language,
        "license": incoming.license,
        "rights_note": incoming.rights_note,
        "text": incoming.text,
        "text_sha256": canonical.sha256(incoming.text),
        "text_length": len(incoming.text),
    }


def _segmentation(article: int, engine: str, actor: Actor) -> dict[str, Any]:
    return {
        "article_id": article,
        "version": 1,
        "engine": engine,
        "created_by": actor.reviewer_id,
        "created_at": actor.at,
    }


def _blocks(article: int, draft: Draft) -> Rows:
    return [
        {
            "article_id": article,
            "ordinal": ordinal,
            "kind": block.kind,
            "level": block.level,
            "start_cp": block.start,
            "end_cp": block.end,
        }
        for ordinal, block in enumerate(draft.segmented.blocks)
    ]


def _sentences(article: int, segmentation: int, blocks: Sequence[int], draft: Draft) -> Rows:
    return [
        {
            "article_id": article,
            "block_id": blocks[sentence.block],
            "uid": ids.sentence_id(draft.uid, sentence.start, sentence.end),
            "start_cp": sentence.start,
            "end_cp": sentence.end,
            "created_in": segmentation,
            "origin": SentenceOrigin.AUTO,
        }
        for sentence in draft.segmented.sentences
    ]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be stored of one text: its title, blocks and sentences, or the reasons why nothing would."""

    text: str
    title: str | None
    segmented: Segmented | None
    report: ImportReport


def preview(session: Session, record: Incoming | Rejected) -> Preview:
    """Look at one article before it is stored; nothing is written."""
    report = ImportReport(unknown=_unknown([record]))
    drafts = list(_drafts(list(_fresh(session, [record], report)), report, projects.options(session), None))
    text = record.text if isinstance(record, Incoming) else ""
    report.accepted = [Stored(draft.uid, draft.title, draft.incoming.line) for draft in drafts]
    return Preview(text, drafts[0].title if drafts else None, drafts[0].segmented if drafts else None, report)
