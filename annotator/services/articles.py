"""Articles come in: what is new is segmented first, then stored with its blocks, sentences and provenance at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.options import Options
from annotator.intake import limits
from annotator.intake.incoming import GivenBlock, Incoming, Rejected
from annotator.nlp import installed, segment
from annotator.nlp.blocks import DISCLAIMER
from annotator.nlp.blocks import Block as FoundBlock
from annotator.nlp.segment import Segmented
from annotator.services import projects, storing
from annotator.services.history import Actor
from annotator.services.storing import Draft, File
from db import canonical
from db.engine import Database
from db.models import Article
from db.queries import articles
from db.queries.articles import Known
from db.vocabulary import BlockKind

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Stored:
    """An article in a report: its id, title, and the line it came from."""

    uid: str
    title: str | None
    line: int | None = None


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
    with storing.alone(database):
        with database.read() as session:
            # somebody may have stored the same articles while these were segmented
            still = {id(incoming) for incoming in _fresh(session, [draft.incoming for draft in drafts], report)}
        drafts = [draft for draft in drafts if id(draft.incoming) in still]
        if drafts and (partial or not report.rejected):
            report.accepted = [Stored(draft.uid, draft.title, draft.incoming.line) for draft in drafts]
            kept = canonical.text(summary(report))
            report.batch = storing.store(database, actor or Actor(None), file, drafts, report.counts(), kept)
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
        reason = f"the article was stored before and removed by a lead: annotator article recover {known.uid}"
        report.rejected.append(Rejected(record.line, "text", reason))
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


def summary(report: ImportReport) -> dict[str, Any]:
    """The report as plain JSON, without any text of an article."""
    rejected = [{"field": r.field, "line": r.line, "reason": r.reason} for r in report.rejected]
    duplicate = [{"article": stored.uid, "line": stored.line} for stored in report.duplicate]
    return {**report.counts(), "rejected": rejected, "duplicate": duplicate, "unknown": report.unknown}


def listed(session: Session) -> Sequence[Article]:
    """Articles of the corpus in the order of their import."""
    return articles.live(session)


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
