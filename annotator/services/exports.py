"""What an export is limited to, and how one comes back: whole into an empty database, else when it changes nothing."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from annotator.errors import Conflict, Invalid
from annotator.export import contract, validate
from annotator.intake import contract as intake
from annotator.intake.incoming import Rejected
from annotator.language import gettext as _
from annotator.services import assignments, history, projects, storing
from annotator.services import reviewers as people
from annotator.services.articles import ImportReport, Progress, Stored
from annotator.services.history import Actor, Entry
from annotator.services.restoring import Restoring
from db import canonical
from db.engine import Database
from db.models import Guideline, Project
from db.queries import articles
from db.queries.selection import Selection
from db.vocabulary import GUIDELINE_NOT_CARRIED, Label

MOST_FINDINGS = 20


def selection(
    session: Session,
    *,
    articles: Sequence[str] = (),
    labels: Sequence[str] = (),
    reviewers: Sequence[str] = (),
    gold_only: bool = False,
    complete_only: bool = False,
    published_from: str | None = None,
    published_to: str | None = None,
) -> Selection:
    """What an export is limited to: articles by id or external id, reviewers by name or id, days as YYYY-MM-DD.

    Raises Invalid for what there is not and for filters that leave nothing by what they say.
    """
    if gold_only and reviewers:
        raise Invalid(
            _("Gold only leaves no reviewer's annotation: name reviewers or take gold only."), field="gold_only"
        )
    since, until = _day(published_from, "published_from"), _day(published_to, "published_to")
    if since is not None and until is not None and since > until:
        raise Invalid(
            _("Nothing is published from {since} to {until}: the days are the wrong way round.").format(
                since=since, until=until
            ),
            field="published_to",
        )
    return Selection(
        articles=tuple(sorted({assignments.find_article(session, name).uid for name in articles})),
        labels=tuple(sorted({_label(name) for name in labels})),
        reviewers=tuple(sorted({people.find(session, name).uid for name in reviewers})),
        gold_only=gold_only,
        complete_only=complete_only,
        published_from=since,
        published_to=until,
    )


def _label(name: str) -> Label:
    if name not in list(Label):
        raise Invalid(
            _("There is no label “{name}”: it is claim, quote or opinion.").format(name=name[:40]), field="labels"
        )
    return Label(name)


def _day(value: str | None, field: str) -> str | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise Invalid(_("“{day}” is no day like 2025-03-31.").format(day=value[:40]), field=field) from error


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
    said = ("counts", "files", "filters")
    detail = {name: value for name, value in manifest.items() if name in said}
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
