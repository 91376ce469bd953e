"""The project that a database holds, made with its first guideline; people's preferences stay with the people."""

from pathlib import Path

from sqlmodel import Session, col, select

from annotator.services import history
from annotator.services.history import Actor
from db import canonical
from db.models import Guideline, Project

SLUG, TITLE = "default", "Corpus"
GUIDELINES = Path(__file__).resolve().parents[2] / "corpus" / "guidelines.md"
GUIDELINE_VERSION = "1.0"


def get(session: Session) -> Project:
    """The database's project."""
    return session.exec(select(Project).order_by(col(Project.id)).limit(1)).one()


def ensure(session: Session, *, slug: str = SLUG, title: str = TITLE) -> Project:
    """The project, made with the guidelines that ship when there is none yet."""
    found = session.exec(select(Project).order_by(col(Project.id)).limit(1)).first()
    if found is not None:
        return found
    actor = Actor(None)
    project = Project(slug=slug, title=title)
    session.add(project)
    session.flush()
    guideline = add_guideline(session, actor, project, GUIDELINE_VERSION, GUIDELINES.read_text("utf-8"))
    project.active_guideline_id = guideline.id
    session.flush()
    history.log(session, actor, "create", "project", slug)
    return project


def add_guideline(session: Session, actor: Actor, project: Project, version: str, body: str) -> Guideline:
    """Store a version of the guidelines; it becomes the active one only when the project names it."""
    assert project.id is not None
    guideline = Guideline(
        project_id=project.id, version=version, body=body, sha256=canonical.sha256(body), active_from=actor.at
    )
    session.add(guideline)
    session.flush()
    history.log(session, actor, "create", "guideline", version, after=guideline.sha256)
    return guideline
