"""An export of ours comes back: into an empty database whole, into any other only when it changes nothing."""

from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from annotator.errors import Conflict
from annotator.export import contract, validate
from annotator.intake import contract as intake
from annotator.intake.incoming import Rejected
from annotator.services import history, projects, storing
from annotator.services.articles import ImportReport, Progress, Stored
from annotator.services.history import Actor, Entry
from annotator.services.restoring import Restoring
from db import canonical
from db.engine import Database
from db.models import Guideline, Project
from db.queries import articles
from db.vocabulary import GUIDELINE_NOT_CARRIED

MOST_FINDINGS = 20


def restore(
    database: Database, folder: Path, *, actor: Actor | None = None, progress: Progress | None = None
) -> ImportReport:
    """Store all of an export with its ids, numbers, times and provenance; the next export has the same bytes.

    An export with findings is rejected whole. In a database that holds work the same articles are duplicates; raises
    Conflict when there is anything else in the export. `progress` is told of sentences stored.
    """
    report = ImportReport()
    for finding in validate.validate(folder):
        report.rejected.append(Rejected(finding.line, finding.where or None, f"{finding.file}: {finding.message}"))
        if len(report.rejected) == MOST_FINDINGS:
            break
    if report.rejected:
        return report
    with database.read() as session:
        empty = articles.is_empty(session)
        if not empty:
            _compare(session, folder, report)
    if empty:
        with storing.alone(database), database.write() as session:
            _fill(session, actor or Actor(None), folder, report, progress)
    return report


def _compare(session: Session, folder: Path, report: ImportReport) -> None:
    """Every article of the export must be here as it is there."""
    project = projects.get(session)
    assert project.id is not None
    for group in intake.groups(intake.records(folder)):
        known = articles.by_text(session, project.id, [record.article["text_sha256"] for record in group])
        for record in group:
            here = known.get(record.article["text_sha256"])
            there = contract.encode(record.article), [contract.encode(sentence) for sentence in record.sentences]
            if here is None or here.deleted or there not in contract.lines_of(session, [here.id]):
                uid = record.article["id"]
                what = "is not in it" if here is None or here.deleted else "is another state of the one in it"
                raise Conflict(
                    f"{folder}: the database holds work already, and article {uid} of the export {what}."
                    " An export can only be read into a database without articles."
                )
            report.duplicate.append(Stored(here.uid, here.title))


def _fill(session: Session, actor: Actor, folder: Path, report: ImportReport, progress: Progress | None) -> None:
    if not articles.is_empty(session):
        raise Conflict(f"{folder}: somebody stored articles in the meantime. Nothing was read.")
    manifest = intake.manifest(folder)
    _adopt(session, actor, manifest)
    restoring = Restoring(session, actor, projects.get(session))
    for group in intake.groups(intake.records(folder)):
        restoring.store(group)
        report.accepted += [Stored(record.article["id"], record.article["title"]) for record in group]
        if progress is not None:
            progress(sum(len(record.sentences) for record in group))
    detail = {"counts": manifest["counts"], "files": manifest["files"]}
    history.log_many(session, actor, [Entry("restore", "project", manifest["project"], detail=detail)])
    report.batch = manifest["project"]


def _adopt(session: Session, actor: Actor, manifest: dict[str, Any]) -> None:
    """Take over the name of the project, and its guideline when it is not the one that is here."""
    project = projects.get(session)
    if project.slug != manifest["project"]:
        history.log(session, actor, "rename", "project", manifest["project"], detail={"from": project.slug})
        project.slug = manifest["project"]
    version, sha256 = manifest["guideline"]["version"], manifest["guideline"]["sha256"]
    same_version = select(Guideline).where(Guideline.project_id == project.id, col(Guideline.version) == version)
    found = session.exec(same_version).first()
    if found is not None and found.sha256 != sha256:
        # nothing was done under it yet: a database without articles has no annotations
        project.active_guideline_id = None
        session.flush()
        session.delete(found)
        session.flush()
        found = None
    if found is None:
        found = _guideline(session, actor, project, version, sha256)
    project.active_guideline_id = found.id
    session.flush()


def _guideline(session: Session, actor: Actor, project: Project, version: str, sha256: str) -> Guideline:
    """A version of which the export has the hash only: the text that ships when it is that, else a note."""
    assert project.id is not None
    shipped = projects.GUIDELINES.read_text("utf-8")
    body = shipped if canonical.sha256(shipped) == sha256 else GUIDELINE_NOT_CARRIED
    guideline = Guideline(project_id=project.id, version=version, body=body, sha256=sha256, active_from=actor.at)
    session.add(guideline)
    session.flush()
    history.log(session, actor, "create", "guideline", version, after=sha256)
    return guideline
