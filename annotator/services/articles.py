"""Articles come in: what is new is segmented first, then stored with its blocks, sentences and provenance at once."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.options import Options
from annotator.errors import Conflict, Invalid
from annotator.intake import limits
from annotator.intake.incoming import Incoming, Rejected
from annotator.nlp.packed import Packed, unpack
from annotator.nlp.segment import Segmented
from annotator.services import clock, labelled, near, projects, reviewers, segmenting, storing
from annotator.services.history import Actor
from annotator.services.labelled import Work
from annotator.services.near import Lookout, Near
from annotator.services.segmenting import Outlined
from annotator.services.storing import Draft, File
from annotator.spread import Spread, one_by_one
from db import canonical
from db.engine import Database
from db.models import Article
from db.queries import articles
from db.queries import labelled as labelled_rows
from db.queries.articles import Known

Progress = Callable[[int], None]
Records = Iterable[Incoming | Rejected]
AT_ONCE = 500  # records that are looked up together; of `partial`, stored together
CHANGED = "The file was changed while it was read, so nothing was stored."
GROUP = 5_000  # sentences that are in memory when they are stored


@dataclass(frozen=True, slots=True)
class Stored:
    """An article in a report: its id, title, and the line it came from."""

    uid: str
    title: str | None
    line: int | None = None


@dataclass
class ImportReport:
    """What became of every record. `unknown` names the fields nobody reads, each with the lines that have it.

    `near` are articles much like another, `languages` those whose language was found from their words, `labels` how
    many sentences each person of another tool labelled, `lost` in words what of their work has no place here.
    Nothing was stored when `batch` is None.
    """

    accepted: list[Stored] = field(default_factory=list)
    duplicate: list[Stored] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unknown: dict[str, list[int | None]] = field(default_factory=dict)
    near: list[Near] = field(default_factory=list)
    languages: dict[str, list[str]] = field(default_factory=dict)
    labels: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    batch: str | None = None

    def counts(self) -> dict[str, int]:
        return {name: len(getattr(self, name)) for name in ("accepted", "duplicate", "rejected")}

    def add(self, other: "ImportReport") -> None:
        """Take in what became of the next records."""
        for name in ("accepted", "duplicate", "rejected", "near"):
            getattr(self, name).extend(getattr(other, name))
        for name, lines in other.unknown.items():
            self.unknown.setdefault(name, []).extend(lines)
        for language, found in other.languages.items():
            self.languages.setdefault(language, []).extend(found)
        self.labels.update(other.labels)
        self.lost.update(other.lost)
        self.batch = other.batch or self.batch


@dataclass(frozen=True, slots=True)
class Cut:
    """A new article between its segmentation and its storing, without its text."""

    uid: str
    sha256: str
    line: int | None
    title: str | None
    language: str
    pipeline: str | None
    packed: Packed


Cuts = dict[int, Cut]  # by the place of the record among those that came


def import_articles(
    database: Database,
    records: Records,
    file: File,
    *,
    partial: bool = False,
    actor: Actor | None = None,
    progress: Progress | None = None,
    lookout: Lookout | None = None,
    spread: Spread = one_by_one,
) -> ImportReport:
    """Store the articles of one file: all or nothing, with `partial` the good ones, some hundreds at a time.

    `records` are gone through several times and held in memory only when they are an iterator. The same text again
    changes nothing, another text under a known external id is rejected. Nobody waits for the segmentation: it is done
    before the database is written to, and `spread` says where. `progress` is told of each new article that is
    segmented. What was stored before an interruption of `partial` stays, so that the same call goes on from there.
    """
    report = ImportReport()
    actor, looking = actor or Actor(None), _Looking(near.ready(database, lookout), progress, spread)
    if not partial:
        again = tuple(records) if isinstance(records, Iterator) else records
        return _import(database, again, file, actor, looking, partial=False)
    source = iter(outlined(database, records, spread))
    while portion := tuple(islice(source, AT_ONCE)):
        report.add(_import(database, portion, file, actor, looking, partial=True))
        actor = replace(actor, at=clock.now())  # a batch's id is made of it
    return report


def outlined(database: Database, records: Records, spread: Spread) -> Iterator[Incoming | Rejected]:
    """The records, those that are not stored yet with their sentences: found before their turn where work is spread."""
    with database.read() as session:
        options, project = projects.options(session), projects.get(session).id
    assert project is not None

    def known(hashes: Sequence[str]) -> Container[str]:
        with database.read() as session:
            return articles.by_text(session, project, hashes)

    return segmenting.outlined(records, options, spread, known=known)


@dataclass(frozen=True, slots=True)
class _Looking:
    """How the texts of an import are gone through."""

    lookout: Lookout
    progress: Progress | None = None
    spread: Spread = one_by_one


def _import(
    database: Database, records: Records, file: File, actor: Actor, looking: _Looking, *, partial: bool
) -> ImportReport:
    report = ImportReport()
    with database.read() as session:
        fresh, options = _survey(session, records, report), projects.options(session)
    if report.rejected and not partial:
        return report
    cuts = dict(_cuts(records, fresh, report, options, looking))
    if report.rejected and not partial:
        return report
    with storing.alone(database):
        with database.read() as session:
            # somebody may have stored the same articles while these were segmented
            still = _survey(session, records, report, only=cuts)
            cuts = {place: cut for place, cut in cuts.items() if place in still}
            work = _work(session, records, cuts, report) if file.tool else Work()
        if (cuts or work.count) and (partial or not report.rejected):
            _store(database, records, cuts, work, report, actor, file)
    return report


def _survey(session: Session, records: Records, report: ImportReport, *, only: Cuts | None = None) -> dict[int, str]:
    """Places of the articles that are new, among themselves too, with their hash; the others go into the report.

    With `only`, of those that were found new before.
    """
    project = projects.get(session)
    assert project.id is not None
    seen = _Seen()
    found: dict[int, str] = {}
    numbered = ((n, record) for n, record in enumerate(records) if only is None or n in only)
    while portion := list(islice(numbered, AT_ONCE)):
        seen.look_up(session, project.id, [record for _, record in portion if isinstance(record, Incoming)])
        for place, record in portion:
            if only is None and isinstance(record, Incoming):
                _note(record, report)
            if (sha256 := seen.fresh(record, report)) is not None:
                found[place] = sha256
    return found


def _note(record: Incoming, report: ImportReport) -> None:
    """What is left out of a record."""
    for name in record.unknown:
        report.unknown.setdefault(name, []).append(record.line)
    report.lost.update(record.lost)


@dataclass
class _Seen:
    """Texts and external ids that are stored, or came before in the same file."""

    texts: dict[str, Known] = field(default_factory=dict)
    owners: dict[str, Known] = field(default_factory=dict)
    here: set[bytes] = field(default_factory=set)
    named: set[str] = field(default_factory=set)

    def look_up(self, session: Session, project: int, records: Sequence[Incoming]) -> None:
        self.texts = articles.by_text(session, project, [canonical.sha256(record.text) for record in records])
        named = [record.external_id for record in records if record.external_id is not None]
        self.owners = articles.by_external_id(session, project, named)

    def fresh(self, record: Incoming | Rejected, report: ImportReport) -> str | None:
        """The hash of a text that is new; what else a record is goes into the report."""
        if isinstance(record, Rejected):
            report.rejected.append(record)
            return None
        sha256 = canonical.sha256(record.text)
        if sha256 in self.texts or bytes.fromhex(sha256) in self.here:
            _known(record, self.texts.get(sha256), report)
            return None
        if record.external_id in self.owners or record.external_id in self.named:
            reason = f"another article with the id “{record.external_id}” has another text"
            report.rejected.append(Rejected(record.line, "id", reason))
            return None
        self.here.add(bytes.fromhex(sha256))
        if record.external_id is not None:
            self.named.add(record.external_id)
        return sha256


def _known(record: Incoming, known: Known | None, report: ImportReport) -> None:
    if known is not None and known.deleted:
        reason = f"the article was stored before and removed by a lead: annotator article recover {known.uid}"
        report.rejected.append(Rejected(record.line, "text", reason))
    else:
        title = record.title if known is None else known.title
        report.duplicate.append(Stored(ids.article_id(record.text), title, record.line))


def _cuts(
    records: Records, fresh: dict[int, str], report: ImportReport, options: Options, looking: _Looking
) -> Iterator[tuple[int, Cut]]:
    """The new articles segmented; what is remarkable about them goes into the report."""
    chosen = (record for place, record in enumerate(records) if place in fresh)
    places = iter(fresh.items())
    for one in segmenting.outlined(chosen, options, looking.spread):
        if not isinstance(one, Outlined) or one.found is None:
            raise Conflict(CHANGED)
        place, sha256 = next(places)
        if looking.progress is not None:
            looking.progress(1)
        packed = one.found.packed
        if packed.count > limits.ARTICLE_SENTENCES:
            reason = f"the text has {packed.count:,} sentences, an article may have {limits.ARTICLE_SENTENCES:,}"
            report.rejected.append(Rejected(one.line, "text", reason))
            continue
        uid, title = ids.article_id(one.text), one.title or one.found.heading
        alike = looking.lookout.look(one.text, title, one.line)
        report.near += [alike] if alike else []
        if not one.language_given:
            report.languages.setdefault(one.language, []).append(uid)
        yield place, Cut(uid, sha256, one.line, title, one.language, options.pipeline(one.language), packed)


def _work(session: Session, records: Records, cuts: Cuts, report: ImportReport) -> Work:
    """What people labelled elsewhere, fitted to the sentences of articles that are new or here already."""
    work, new = Work(), {cut.sha256: cut for cut in cuts.values()}
    for record in records:
        if isinstance(record, Rejected) or not record.labels:
            continue
        uid, cut = ids.article_id(record.text), new.get(canonical.sha256(record.text))
        spans = [(s, e) for s, e, _ in cut.packed.spans()] if cut else labelled_rows.live_spans(session, uid)
        work.add(uid, spans, record.labels)
    work.leave_out(labelled_rows.pairs(session, sorted({article for article, _ in work.judged})))
    for name in work.by_person():
        try:
            reviewers.clean_name(name)
        except Invalid as error:
            report.rejected.append(Rejected(None, "annotator", f"“{name[:40]}”: {error.message}"))
    return work


def _store(
    database: Database, records: Records, cuts: Cuts, work: Work, report: ImportReport, actor: Actor, file: File
) -> None:
    """Write it all; the report says so first, because it is kept with the batch."""
    report.accepted = [Stored(cut.uid, cut.title, cut.line) for cut in cuts.values()]
    report.labels.update(work.by_person())
    report.lost.update({words: number for words, number in work.lost.items() if number})
    kept = canonical.text(summary(report) | ({"tool": file.tool} if file.tool else {}))

    def also(session: Session) -> None:
        labelled.store(session, actor, work)

    groups = _groups(records, cuts)
    counts = report.counts() | ({"labelled": work.count} if work.count else {})
    report.batch = storing.store(database, actor, file, groups, counts, kept, also=also if work.count else None)


def _groups(records: Records, cuts: Cuts) -> Iterator[list[Draft]]:
    """The new articles with their texts, as many at a time as are stored together."""
    group: list[Draft] = []
    size = 0
    for place, record in enumerate(records):
        cut = cuts.get(place)
        if cut is None or isinstance(record, Rejected):
            continue
        if canonical.sha256(record.text) != cut.sha256:
            raise Conflict(CHANGED)
        group.append(Draft(replace(record, language=cut.language), unpack(cut.packed), cut.title, cut.pipeline))
        size += cut.packed.count
        if size >= GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def summary(report: ImportReport) -> dict[str, Any]:
    """The report as plain JSON, without any text of an article; of the later parts only what there is something of."""
    rejected = [{"field": r.field, "line": r.line, "reason": r.reason} for r in report.rejected]
    duplicate = [{"article": stored.uid, "line": stored.line} for stored in report.duplicate]
    alike = [{"article": n.uid, "like": n.other, "line": n.line, "share": round(n.share, 2)} for n in report.near]
    more = {
        "near": alike,
        "languages_detected": report.languages,
        "labelled": dict(report.labels),
        "lost": dict(report.lost),
    }
    found = {name: value for name, value in more.items() if value}
    return {**report.counts(), "rejected": rejected, "duplicate": duplicate, "unknown": report.unknown, **found}


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


def preview(session: Session, record: Incoming | Rejected, lookout: Lookout | None = None) -> Preview:
    """Look at one article before it is stored; nothing is written. `lookout` remembers those that were looked at."""
    report, lookout = ImportReport(), lookout or Lookout()
    fresh = _survey(session, [record], report)
    if fresh:
        lookout.load(session)
    cuts = dict(_cuts([record], fresh, report, projects.options(session), _Looking(lookout)))
    work = _work(session, [record], cuts, report)
    report.labels.update(work.by_person())
    report.lost.update({words: number for words, number in work.lost.items() if number})
    text = record.text if isinstance(record, Incoming) else ""
    report.accepted = [Stored(ids.article_id(text), cut.title, None) for cut in cuts.values()]
    cut = cuts.get(0)
    return Preview(text, cut.title if cut else None, unpack(cut.packed) if cut else None, report)
