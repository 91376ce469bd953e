"""The project that a database holds, made with its first guideline, and its options; people's stay with the people."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from annotator.domain import options as rules
from annotator.domain.options import Options
from annotator.errors import Conflict
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


class Changed(Conflict):
    """Somebody else changed the options meanwhile: `stored` is what they are now."""

    def __init__(self, stored: Options) -> None:
        super().__init__("The project was changed by somebody else in the meantime, so nothing was stored.")
        self.stored = stored


def options(session: Session) -> Options:
    """What the lead has decided for the project."""
    project = get(session)
    return rules.of_project(project.title, project.required_reviewers, canonical.decode(project.options))


def stored_options(session: Session) -> dict[str, Any]:
    """All that is stored with the project, what nobody decides included."""
    found: dict[str, Any] = canonical.decode(get(session).options)
    return found


def version_of(chosen: Options) -> str:
    """A short hash of all options: a form carries the one that it rests on."""
    values = {"title": chosen.title, "required_reviewers": chosen.required_reviewers, **chosen.stored}
    return canonical.sha256(canonical.text(values))[:16]


def check(session: Session, wanted: Options) -> None:
    """Load the pipelines that are newly named, which takes its time: not while writing. Raises Invalid."""
    from annotator.nlp import installed  # spaCy takes most of a second, and no page may wait for it

    for language, name in sorted(set(rules.checked(wanted).pipelines) - set(options(session).pipelines)):
        installed.check(language, name)


def update(session: Session, actor: Actor, wanted: Options, *, version: str) -> Options:
    """Store all options, resting on those of this `version`; nothing happens when they are so already.

    Raises Invalid, and Changed when the options are not those of the version any more.
    """
    stored, wanted = options(session), rules.checked(wanted)
    if wanted != stored and version != version_of(stored):
        raise Changed(stored)
    return _store(session, actor, stored, wanted)


def change(session: Session, actor: Actor, **values: Any) -> Options:
    """Change some options and leave the others as they are. Raises Invalid."""
    stored = options(session)
    return _store(session, actor, stored, rules.checked(replace(stored, **values)))


def _store(session: Session, actor: Actor, stored: Options, wanted: Options) -> Options:
    names = [f.name for f in fields(Options) if getattr(wanted, f.name) != getattr(stored, f.name)]
    if names:
        project = get(session)
        project.title, project.required_reviewers = wanted.title, wanted.required_reviewers
        store_options(session, actor, wanted.stored, {name: getattr(wanted, name) for name in names})
    return wanted


def store_options(
    session: Session, actor: Actor, values: Mapping[str, Any], detail: dict[str, Any] | None = None
) -> None:
    """Store values among the project's options; the event tells of `detail`, else of the values."""
    project = get(session)
    project.options = canonical.text({**stored_options(session), **values})
    session.add(project)
    session.flush()
    history.log(session, actor, "options", "project", project.slug, detail=detail or dict(values))
