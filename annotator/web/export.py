"""The corpus as files: what there is, and the same bytes as `annotator export`, streamed."""

import shlex
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from annotator.domain import labels
from annotator.errors import Invalid, NotFound
from annotator.export import contract, formats
from annotator.language import gettext as _
from annotator.language import ngettext, number
from annotator.reports.queue import Own, own
from annotator.services import exports, reviewers
from annotator.web import pages, people
from annotator.web.deps import DatabaseDep, ReviewerDep, SessionDep, lead_of
from db.engine import Database
from db.models import Reviewer
from db.queries import export
from db.queries.export import Amounts
from db.queries.selection import Selection
from db.vocabulary import Label

router = APIRouter()
LEAD = Depends(lead_of)
JSONL, JSON = "application/x-ndjson; charset=utf-8", "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address, as they were typed."""

    articles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    gold_only: bool = False
    complete_only: bool = False
    published_from: str = ""
    published_to: str = ""

    @classmethod
    def of(cls, query: QueryParams) -> "Asked":
        words = {name: query.get(name, "").strip() for name in ("published_from", "published_to")}
        return cls(
            articles=tuple(" ".join(query.getlist("articles")).split()),
            labels=tuple(query.getlist("labels")),
            reviewers=tuple(query.getlist("reviewers")),
            gold_only="gold_only" in query,
            complete_only="complete_only" in query,
            **words,
        )

    def selection(self, session: Session) -> Selection:
        return exports.selection(session, **asdict(self))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What is set, as fields of a form."""
        found = [(name, word) for name in ("articles", "labels", "reviewers") for word in getattr(self, name)]
        found += [(name, "1") for name in ("gold_only", "complete_only") if getattr(self, name)]
        return found + [(name, day) for name in ("published_from", "published_to") if (day := getattr(self, name))]

    @property
    def query(self) -> str:
        """`?…` with what is set, "" for nothing."""
        return "?" + urlencode(self.pairs) if self.pairs else ""

    @property
    def options(self) -> str:
        """The same as options of `annotator export`."""
        words = []
        for name, word in self.pairs:
            option = "--" + name.removesuffix("s").replace("_", "-")
            words.append(option if name.endswith("_only") else f"{option} {shlex.quote(word)}")
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class ExportView:
    """For a lead what an export holds, for a reviewer only their own share: others' work is not theirs to count."""

    amounts: Amounts | None
    own: Own | None
    asked: Asked
    people: Sequence[Reviewer] = ()
    query: str = ""  # the filters as the end of an address
    options: str = ""  # the same as options of the command
    message: str | None = None
    field: str | None = None

    @property
    def held(self) -> str:
        """What an export would hold now."""
        if self.amounts is None:
            return ""
        text = _("{articles} with {sentences}, {annotations} and {gold}, as they are now.")
        articles, sentences, gold = self.amounts.articles, self.amounts.sentences, self.amounts.gold
        annotations = self.amounts.annotations
        return text.format(
            articles=ngettext("{n} article", "{n} articles", articles).format(n=number(articles)),
            sentences=ngettext("{n} sentence", "{n} sentences", sentences).format(n=number(sentences)),
            annotations=ngettext("{n} reviewer’s annotation", "{n} reviewers’ annotations", annotations).format(
                n=number(annotations)
            ),
            gold=ngettext("{n} gold one", "{n} gold ones", gold).format(n=number(gold)),
        )

    @property
    def formats(self) -> list[tuple[str, str]]:
        """Each with what it writes."""
        return [(one.name, f"{_(one.files)}: {_(one.what)}") for one in formats.FORMATS]

    @property
    def labels(self) -> list[tuple[str, str]]:
        """As they are stored and as they are called."""
        return [(str(label), labels.word(label)) for label in Label]


@router.get("/export")
def show(request: Request, session: SessionDep, visitor: ReviewerDep) -> Response:
    if not visitor.is_lead:
        return pages.page(
            request, "export/show.html", ExportView(None, own(session, visitor.id, people.today()), Asked()), visitor
        )
    asked, everybody = Asked.of(request.query_params), reviewers.listed(session)
    try:
        kept = asked.selection(session)
    except Invalid as error:
        view = ExportView(None, None, asked, everybody, message=error.message, field=error.field)
        return pages.page(request, "export/show.html", view, visitor, status=422)
    amounts = export.amounts(session, kept)
    view = ExportView(amounts, None, asked, everybody, query=asked.query, options=asked.options)
    return pages.page(request, "export/show.html", view, visitor)


@router.get("/export/articles.jsonl", dependencies=[LEAD])
def articles(request: Request, database: DatabaseDep) -> Response:
    return _download(contract.ARTICLES, JSONL, _lines(request, database, contract.article_lines))


@router.get("/export/sentences.jsonl", dependencies=[LEAD])
def sentences(request: Request, database: DatabaseDep) -> Response:
    return _download(contract.SENTENCES, JSONL, _lines(request, database, contract.sentence_lines))


@router.get("/export/{format}.zip", dependencies=[LEAD])
def archive(request: Request, database: DatabaseDep, format: str) -> Response:
    """Another format's folder in one file: whole before the answer begins, gone when it has left."""
    if format not in {one.name for one in formats.FORMATS}:
        raise NotFound(_("There is no such format."))
    folder = Path(tempfile.mkdtemp(prefix="annotator-export-"))
    try:
        with database.read() as session:
            kept = Asked.of(request.query_params).selection(session)
            formats.write(session, folder, formats.named(format), selection=kept)
        packed = _packed(folder / format)
    except BaseException:
        shutil.rmtree(folder)
        raise
    gone = BackgroundTask(shutil.rmtree, folder)
    return FileResponse(packed, media_type="application/zip", filename=packed.name, background=gone)


def _packed(folder: Path) -> Path:
    """The files of a folder as an archive beside it; the same files give the same bytes."""
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for file in sorted(file for file in folder.rglob("*") if file.is_file()):
            entry = zipfile.ZipInfo(file.relative_to(folder.parent).as_posix())  # of no time
            entry.compress_type = zipfile.ZIP_DEFLATED
            with file.open("rb") as source, out.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
    return archive


def _lines(
    request: Request, database: Database, read: Callable[[Session, Selection], Iterator[bytes]]
) -> Iterator[bytes]:
    """All lines on one snapshot: what is saved meanwhile is not in it."""
    asked = Asked.of(request.query_params)
    with database.read() as session:
        asked.selection(session)  # refused before the answer begins

    def lines() -> Iterator[bytes]:
        with database.read() as session:
            yield from read(session, asked.selection(session))

    return lines()


def _download(name: str, kind: str, content: Iterator[bytes]) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return StreamingResponse(content, media_type=kind, headers=headers)


@router.get("/export/manifest.json", dependencies=[LEAD])
def manifest(request: Request, session: SessionDep) -> Response:
    """Counts and hashes of the two files as they are now."""
    kept = Asked.of(request.query_params).selection(session)
    return _download(contract.MANIFEST, JSON, iter([contract.encode(contract.summary(session, selection=kept))]))
