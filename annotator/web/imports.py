"""Bringing articles in: text and files are shown first, then stored and given to reviewers with one button."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from sqlmodel import Session
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from annotator.domain import ids
from annotator.errors import Invalid
from annotator.intake import formats, limits
from annotator.intake.incoming import Incoming, Rejected
from annotator.intake.labelled import Reading, parse_map
from annotator.language import ENGLISH, later, spoken
from annotator.language import gettext as _
from annotator.reports.queue import open_work
from annotator.services import articles, assignments, reviewers
from annotator.services.history import Actor
from annotator.services.near import Lookout
from annotator.services.storing import File
from annotator.web import pages
from annotator.web.deps import DatabaseDep, LeadDep, PostedDep, Visitor
from annotator.web.forms import Fields
from annotator.web.views import imports as views
from annotator.web.views.imports import FileView, ImportView, Upload
from db.engine import Database
from db.queries import queue
from db.vocabulary import ImportFormat

router = APIRouter()
REFUSED = later("Nothing was imported, because something is wrong: see the list of files.")


@dataclass(frozen=True, slots=True)
class Readers:
    """Who gets the new articles: people by id, new ones by name, so many for each article (None: all), until when."""

    uids: tuple[str, ...]
    names: tuple[str, ...]
    overlap: int | None
    due: str | None


@router.post("/articles")
def create(request: Request, database: DatabaseDep, visitor: LeadDep, fields: PostedDep) -> Response:
    """Show what would be stored, or store and assign it; nothing is stored while something is wrong."""
    with database.read() as session:
        view = form(session, fields)
    try:
        with database.read() as session:
            uploads, readers = _uploads(fields, labels(fields)), _readers(session, fields)
    except Invalid as refused:
        return _show(request, visitor, replace(view, message=refused.message, field=refused.field), refused.status)
    if "preview" in fields:
        return _show(request, visitor, _look(database, view, uploads))
    if not view.partial and any(upload.rejected for upload in uploads):
        return _show(request, visitor, replace(_look(database, view, uploads), message=_(REFUSED)), 422)
    files, uids, labelled = _store(database, visitor, uploads, partial=view.partial)
    if uids:
        with database.write() as session:
            _assign(session, visitor.actor(), uids, readers)
    if uids and not any(file.problems or file.notes for file in files):
        return pages.see_other("/")
    with database.read() as session:
        view = replace(
            form(session, None), files=files, stored=len(uids), message=None if uids or labelled else _nothing(files)
        )
    return _show(request, visitor, view, 200 if uids or not view.problems else 422)


def _nothing(files: Sequence[FileView]) -> str:
    return _(REFUSED) if any(file.problems for file in files) else _("Nothing new: everything in it is here already.")


def _show(request: Request, visitor: Visitor, view: ImportView, status: int = 200) -> Response:
    return pages.page(request, "imports/create.html", view, visitor, status=status)


def form(session: Session, fields: Fields | None) -> ImportView:
    """The import form, empty or with what was typed."""
    chosen = fields.all("reviewers") if fields else []
    people = tuple(views.people(reviewers.listed(session), open_work(session), chosen))
    empty = ImportView(people, is_first=queue.count_articles(session) == 0)
    if fields is None:
        return empty
    return replace(
        empty,
        text=fields.text("text", limit=limits.FILE_BYTES),
        partial=bool(fields.ticked("partial")),
        names=fields.text("names"),
        overlap=fields.text("overlap"),
        due=fields.text("due"),
        map=fields.text("map"),
    )


def labels(fields: Fields) -> dict[str, str]:
    """What the labels of other tools are called here: pairs “theirs=ours”, by commas or lines. Raises Invalid."""
    return parse_map(views.names(fields.text("map")))


def _look(database: Database, view: ImportView, uploads: Sequence[Upload]) -> ImportView:
    """The form with what would be stored; only the first articles are cut into sentences."""
    left, found, lookout = views.MOST_ARTICLES, [], Lookout()
    with database.read() as session:
        for upload in uploads:
            records = [record for record in upload.records if isinstance(record, Incoming)][:left]
            left -= len(records)
            found.append((upload, [articles.preview(session, record, lookout) for record in records]))
    return views.looked(view, found)


def _store(
    database: Database, visitor: Visitor, uploads: Sequence[Upload], *, partial: bool
) -> tuple[tuple[FileView, ...], list[str], int]:
    """Import every upload; what became of each, the ids of the new articles, how many sentences came labelled."""
    files, uids, labelled, lookout = [], [], 0, Lookout()
    for upload in uploads:
        file = File(formats.stored_as(upload.format), upload.name, upload.sha256, upload.tool)
        report = articles.import_articles(
            database, upload.records, file, partial=partial, actor=visitor.actor(), lookout=lookout
        )
        files.append(views.stored(upload, report))
        uids += [stored.uid for stored in report.accepted] if report.batch else []
        labelled += sum(report.labels.values()) if report.batch else 0
    return tuple(files), uids, labelled


def _assign(session: Session, actor: Actor, uids: Sequence[str], readers: Readers) -> None:
    """Add the people who are new, then give out the articles."""
    people = [*readers.uids, *(reviewers.add(session, actor, name).uid for name in readers.names)]
    if readers.overlap is not None and readers.overlap < len(people):
        assignments.overlap(session, actor, uids, readers.overlap, due=readers.due, among=people)
    elif people:
        for uid in uids:
            assignments.assign(session, actor, uid, people, due=readers.due)


def _readers(session: Session, fields: Fields) -> Readers:
    """The lower part of the form. Raises Invalid before anything is stored."""
    known = {reviewer.uid for reviewer in reviewers.listed(session)}
    uids = [reviewers.find_active(session, uid).uid for uid in fields.all("reviewers")]
    names = []
    for name in map(reviewers.clean_name, views.names(fields.text("names"))):
        if ids.reviewer_id(name) in known:
            uids.append(reviewers.find_active(session, name).uid)
        else:
            names.append(name)
    overlap, due = fields.number("overlap"), fields.optional("due")
    if overlap is not None and not 1 <= overlap <= max(1, len(uids) + len(names)):
        raise Invalid(_("Choose at least as many reviewers as each article is to have."), field="overlap")
    assignments.end_of(due)
    return Readers(tuple(uids), tuple(names), overlap, due)


def _uploads(fields: Fields, names: Mapping[str, str]) -> list[Upload]:
    """All that was given: pasted text, chosen files, files kept from a look. Raises Invalid for nothing at all."""
    chosen = [file for file in fields.files("files") if file.filename]
    named = [(_bare(file.filename or ""), _bytes(file)) for file in chosen]
    fresh = {name for name, _ in named}
    named += [(name, data) for name, data in _kept(fields) if name not in fresh]
    found = [_upload(name, data, Reading(names)) for name, data in named]
    text = fields.text("text", limit=limits.FILE_BYTES)
    if text.strip():
        data = text.encode()
        with spoken(ENGLISH):  # why a record is refused is stored with the import
            records = tuple(formats.READERS[ImportFormat.TXT](data))
        found.insert(0, Upload(None, data, ImportFormat.TXT, records))
    if not found:
        raise Invalid(_("Paste a text or choose a file first."), field="text")
    return found


def _bare(name: str) -> str:
    """A file's name without folders, whichever way round their slashes are."""
    return name.replace("\\", "/").rpartition("/")[2][:200]


def _bytes(file: UploadFile) -> bytes:
    return file.file.read(limits.FILE_BYTES + 1)


def _kept(fields: Fields) -> Iterator[tuple[str, bytes]]:
    for name, encoded in zip(fields.all("kept_name"), fields.all("kept"), strict=False):
        try:
            yield _bare(name), base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise Invalid(_("A file from before cannot be read any more: choose it again."), field="files") from error


def _upload(name: str, data: bytes, reading: Reading) -> Upload:
    """A file with its records; one that cannot be read at all is one refused record."""
    known = formats.named(name)
    if known is None:
        reason = f"files of this kind are not read here, only {formats.READABLE}"
        return Upload(name, data, ImportFormat.TXT, (Rejected(None, None, reason),))
    if len(data) > limits.FILE_BYTES:
        reason = f"the file has more than {limits.FILE_BYTES // 2**20} MiB, which is the most"
        return Upload(name, data, known, (Rejected(None, None, reason),))
    known = formats.looked_into(known, data, reading)
    with spoken(ENGLISH):  # why a record is refused is stored with the import
        return Upload(name, data, known, tuple(formats.read(known, data, reading, name)))
