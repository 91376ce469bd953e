"""What the import form shows: files and what is wrong in them, articles cut into sentences, who can read them."""

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from annotator.intake.formats import Kind
from annotator.intake.incoming import Incoming, Rejected
from annotator.intake.labelled import Tool
from annotator.language import gettext, ngettext, number
from annotator.services.articles import ImportReport, Preview
from db import canonical
from db.models import Reviewer
from db.vocabulary import BlockKind, ReviewerKind, ReviewerRole

MOST_ARTICLES = 20  # so many are cut into sentences for a look before they are stored
MOST_SENTENCES = 400  # so many of each are shown
MOST_PROBLEMS = 50
MOST_KEPT = 700_000  # bytes of a file that go along in the form after a look: a field has room for 1 MiB


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, or the pasted text (which has no name): what was read from it."""

    name: str | None
    data: bytes
    format: Kind
    records: tuple[Incoming | Rejected, ...]

    @property
    def tool(self) -> str | None:
        """The other program that labelled the texts."""
        return self.format if isinstance(self.format, Tool) else None

    @property
    def sha256(self) -> str:
        return canonical.sha256(self.data)

    @property
    def is_kept(self) -> bool:
        return self.name is not None and len(self.data) <= MOST_KEPT

    @property
    def encoded(self) -> str:
        return base64.b64encode(self.data).decode()

    @property
    def rejected(self) -> list[Rejected]:
        return [record for record in self.records if isinstance(record, Rejected)]


@dataclass(frozen=True, slots=True)
class PersonView:
    """A reviewer who can be chosen, with the sentences they still have to do."""

    uid: str
    name: str
    open: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence of a look: `top` begins a block, `kind` says what kind of block where it is no paragraph."""

    n: int
    text: str
    heading: bool
    top: bool
    kind: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article as it would be cut; `sentences` are the first ones, `count` is how many there are."""

    title: str
    sentences: tuple[SentenceView, ...]
    count: int
    headings: int


@dataclass(frozen=True, slots=True)
class FileView:
    """What became, or would become, of a file in words; each problem with its line and field.

    `is_lost`: it is too large to go along in the form, so it must be chosen again.
    """

    name: str | None
    words: str
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    is_lost: bool = False


@dataclass(frozen=True, slots=True)
class ImportView:
    """The form: what was typed, what was found in it, who can read it.

    `good` articles would be new, `more` of them were not cut for the look; `stored` were imported just now.
    """

    people: tuple[PersonView, ...] = ()
    is_first: bool = False
    text: str = ""
    files: tuple[FileView, ...] = ()
    kept: tuple[Upload, ...] = ()
    articles: tuple[ArticleView, ...] = ()
    good: int = 0
    more: int = 0
    stored: int | None = None
    partial: bool = False
    names: str = ""
    overlap: str = ""
    due: str = ""
    map: str = ""
    has_labels: bool = False
    message: str | None = None
    field: str | None = None

    @property
    def problems(self) -> int:
        return sum(bool(file.problems) for file in self.files)

    @property
    def chosen(self) -> int:
        return sum(person.chosen for person in self.people) + len(names(self.names))

    @property
    def sentences(self) -> int:
        return sum(article.count for article in self.articles)

    @property
    def headings(self) -> int:
        return sum(article.headings for article in self.articles)


def names(typed: str) -> list[str]:
    """The names in a field, separated by commas or line ends."""
    return [name.strip() for name in typed.replace("\n", ",").split(",") if name.strip()]


def people(everybody: Iterable[Reviewer], open_work: Mapping[int, int], chosen: Sequence[str]) -> Iterator[PersonView]:
    """Those who can be given something to read."""
    for reviewer in everybody:
        if reviewer.active and reviewer.kind == ReviewerKind.HUMAN and reviewer.role == ReviewerRole.REVIEWER:
            assert reviewer.id is not None
            yield PersonView(reviewer.uid, reviewer.name, open_work.get(reviewer.id, 0), reviewer.uid in chosen)


def looked(view: ImportView, previews: Sequence[tuple[Upload, list[Preview]]]) -> ImportView:
    """The form after a look: each upload with the previews of its first articles."""
    shown = [article(preview) for _, found in previews for preview in found if preview.segmented]
    fresh = sum(preview.segmented is not None for _, found in previews for preview in found)
    unseen = sum(len(upload.records) - len(upload.rejected) - len(found) for upload, found in previews)
    return replace(
        view,
        files=tuple(_file(upload, found) for upload, found in previews),
        kept=tuple(upload for upload, _ in previews if upload.is_kept),
        articles=tuple(shown),
        good=fresh + unseen,
        has_labels=any(upload.tool for upload, _ in previews),
        more=unseen,
    )


def article(preview: Preview) -> ArticleView:
    """An article as it would be stored."""
    assert preview.segmented is not None
    found = preview.segmented.sentences
    blocks = preview.segmented.blocks
    rows = []
    for n, sentence in enumerate(found[:MOST_SENTENCES], start=1):
        kind, level = BlockKind(blocks[sentence.block].kind), blocks[sentence.block].level
        top = n == 1 or found[n - 2].block != sentence.block
        said = "" if kind is BlockKind.PARAGRAPH or not top else str(kind)
        if kind is BlockKind.HEADING and level == 1 and n == 1:
            said = "title"
        text = preview.text[sentence.start : sentence.end]
        rows.append(SentenceView(n, text, kind is BlockKind.HEADING, top and n > 1, said))
    headings = sum(blocks[sentence.block].kind == BlockKind.HEADING for sentence in found)
    return ArticleView(preview.title or gettext("Without a title"), tuple(rows), len(found), headings)


def _file(upload: Upload, previews: Sequence[Preview]) -> FileView:
    """What would become of an upload."""
    fresh = [article(preview) for preview in previews if preview.segmented]
    known = sum(len(preview.report.duplicate) for preview in previews)
    unseen = len(upload.records) - len(upload.rejected) - len(previews)
    refused = [*upload.rejected, *(r for preview in previews for r in preview.report.rejected)]
    parts = list(_counts(fresh, unseen)) if fresh else []
    parts += [gettext("{n} already here").format(n=known)] if known else []
    whole = ImportReport()
    for preview in previews:
        whole.add(preview.report)
    notes = (*_labelled(whole), *_remarks(whole), *unknown(previews))
    return FileView(upload.name, ", ".join(parts), problems(refused), notes, bool(upload.name) and not upload.is_kept)


def _labelled(report: ImportReport) -> Iterator[str]:
    """Who labelled how much in another tool, and what of it is lost."""
    for person, n in sorted(report.labels.items()):
        yield ngettext("{n} sentence labelled by {name}", "{n} sentences labelled by {name}", n).format(
            n=number(n), name=person
        )
    for words, n in sorted(report.lost.items()):
        yield gettext("lost: {n} {what}").format(n=number(n), what=words)


def _remarks(report: ImportReport) -> Iterator[str]:
    """What an article is very like, and the languages that were found from the words where none was given."""
    for found in report.near[:MOST_PROBLEMS]:
        place = gettext("line {n}: ").format(n=found.line) if found.line is not None else ""
        yield place + str(found)
    for language, uids in sorted(report.languages.items()):
        yield gettext("language found: {language}").format(language=language) + (f" ({len(uids)})" if uids[1:] else "")


def _counts(fresh: Sequence[ArticleView], unseen: int) -> Iterator[str]:
    """How much there is to import: articles where it is more than one, sentences, headings."""
    articles, sentences = len(fresh) + unseen, sum(article.count for article in fresh)
    headings = sum(article.headings for article in fresh)
    if articles > 1:
        yield ngettext("{n} article", "{n} articles", articles).format(n=number(articles))
    yield ngettext("{n} sentence", "{n} sentences", sentences).format(n=number(sentences))
    yield ngettext("{n} heading", "{n} headings", headings).format(n=number(headings))


def stored(upload: Upload, report: ImportReport) -> FileView:
    """What became of an upload."""
    new, known = len(report.accepted), len(report.duplicate)
    parts = [gettext("{n} imported").format(n=new)] if new else []
    parts += [gettext("{n} already here").format(n=known)] if known else []
    notes = [*_labelled(report), *(_unread(name, lines) for name, lines in report.unknown.items())]
    return FileView(upload.name, ", ".join(parts), problems(report.rejected), tuple(notes))


def problems(rejected: Sequence[Rejected]) -> tuple[str, ...]:
    """Each refused record in words, the first ones of very many."""
    shown = [str(record) for record in rejected[:MOST_PROBLEMS]]
    if len(rejected) > MOST_PROBLEMS:
        shown.append(gettext("and {n} more").format(n=len(rejected) - MOST_PROBLEMS))
    return tuple(shown)


def unknown(previews: Iterable[Preview]) -> tuple[str, ...]:
    """The fields that nobody reads."""
    found: dict[str, list[int | None]] = {}
    for preview in previews:
        for name, lines in preview.report.unknown.items():
            found.setdefault(name, []).extend(lines)
    return tuple(_unread(name, lines) for name, lines in found.items())


def _unread(name: str, lines: Sequence[int | None]) -> str:
    given = ", ".join(str(line) for line in lines[:5] if line is not None)
    if not given:
        return gettext("field {name} is not read").format(name=name)
    return gettext("field {name} is not read (line {lines})").format(
        name=name, lines=given + (" …" if len(lines) > 5 else "")
    )
