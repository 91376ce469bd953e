"""Releases: an export frozen under a name, as it was after one event.

The bytes themselves are stored, packed. To rebuild them from revisions is not possible: articles, sources, speakers and
guidelines change beside the annotations, and a later version of the program may write another format.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from annotator.domain.labels import NONE
from annotator.errors import Conflict, Invalid, NotFound
from annotator.export import contract
from annotator.export.agreement import Pooled
from annotator.language import gettext as _
from annotator.services import history, projects
from annotator.services.articles import Progress
from annotator.services.history import Actor
from db import canonical
from db.engine import Database
from db.models import Release, ReleasePart
from db.queries import history as past
from db.queries import releases
from db.queries.selection import EVERYTHING, Selection
from db.vocabulary import Label

FILES = (contract.ARTICLES, contract.SENTENCES, contract.MANIFEST)
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
PIECE = 1 << 20  # bytes of a file that are packed together


@dataclass(frozen=True, slots=True)
class Released:
    """A release as it is shown; `by` is None for the command line."""

    name: str
    event: int
    at: str
    by: str | None
    manifest: dict[str, Any]
    agreement: dict[str, Any]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What is in it, the most telling first."""
        counts = self.manifest["counts"]
        return [
            (name, counts[name]) for name in ("articles", "sentences", "annotations", "gold", "attributions", "claims")
        ]

    @property
    def alphas(self) -> list[tuple[str, dict[str, Any]]]:
        """(label or "label sets", its alpha with interval or reason)."""
        alpha = self.agreement["alpha"]
        return [*((name, alpha[name]) for name in (*Label, NONE)), ("label sets (MASI)", alpha["masi"])]


def make(
    database: Database,
    name: str,
    *,
    actor: Actor | None = None,
    selection: Selection = EVERYTHING,
    progress: Progress | None = None,
) -> Released:
    """Freeze what is there now under a name that no release has. Raises Invalid and Conflict.

    The export is read on a snapshot without keeping anybody from writing; the lock is held to store it only.
    """
    actor, key = actor or Actor(None), _key(name)
    with TemporaryDirectory() as folder:
        with database.read() as session:
            _refuse_taken(session, key)
            event = releases.last_event(session)
            found, pooled = Path(folder), Pooled()
            manifest = _read(session, found, selection, progress, pooled)
        if event is None or not manifest["counts"]["articles"]:
            raise Invalid(_("There is no article to release."), field="name")
        with database.write() as session:
            past.last_event_hash(session)  # waits for whoever is storing something on PostgreSQL
            _refuse_taken(session, key)
            made = Release(
                project_id=projects.get(session).id or 0, name=name, name_key=key, event_id=event,
                actor_id=actor.reviewer_id, at=actor.at, manifest=canonical.text(manifest),
                agreement=canonical.text(pooled.result()),
            )  # fmt: skip
            session.add(made)
            session.flush()
            _store(session, made.id or 0, found)
            detail = {"event": event, "files": manifest["files"]}
            history.log(session, actor, "release", "release", name, detail=detail)
            return _shown(made, None)


def _key(name: str) -> str:
    if not NAME.fullmatch(name):
        message = _(
            "A release is named by up to 64 letters, digits, dots, hyphens and underscores, a letter or digit first."
        )
        raise Invalid(message, field="name")
    return name.casefold()


def _refuse_taken(session: Session, key: str) -> None:
    there = releases.by_key(session, projects.get(session).id or 0, key)
    if there is not None:
        raise Conflict(
            _("There is a release {name} already, and a release never changes: take another name.").format(
                name=there.name
            )
        )


def _read(
    session: Session, folder: Path, selection: Selection, progress: Progress | None, pooled: Pooled
) -> dict[str, Any]:
    """Export into the folder; the manifest."""
    with (folder / contract.ARTICLES).open("wb") as articles, (folder / contract.SENTENCES).open("wb") as sentences:
        files = {contract.ARTICLES: articles, contract.SENTENCES: sentences}
        manifest = contract.summary(
            session, lambda name, data: files[name].write(data), progress, selection, pooled=pooled
        )
    (folder / contract.MANIFEST).write_bytes(contract.encode(manifest))
    return manifest


def _store(session: Session, release_id: int, folder: Path) -> None:
    for name in FILES:
        with (folder / name).open("rb") as file:
            for n, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
                row = {"release_id": release_id, "file": name, "n": n, "data": zlib.compress(piece)}
                session.connection().execute(insert(ReleasePart), row)


def _shown(release: Release, by: str | None) -> Released:
    manifest, agreement = canonical.decode(release.manifest), canonical.decode(release.agreement)
    return Released(release.name, release.event_id, release.at, by, manifest, agreement)


def listed(session: Session) -> list[Released]:
    """Every release, the newest first."""
    return [_shown(release, by) for release, by in releases.all_of(session, projects.get(session).id or 0)]


def find(session: Session, name: str) -> Release:
    """The release of a name, written in any case. Raises NotFound."""
    found = releases.by_key(session, projects.get(session).id or 0, name.casefold())
    if found is None:
        raise NotFound(_("There is no release “{name}”.").format(name=name[:80]))
    return found


def content(session: Session, release: Release, file: str) -> Iterator[bytes]:
    """A file of a release, a piece at a time."""
    return releases.content(session, release.id or 0, file)


def get(session: Session, name: str, folder: Path) -> Released:
    """Write the files of a release into a folder, each whole or not at all."""
    found = find(session, name)
    folder.mkdir(parents=True, exist_ok=True)
    with contract.whole_files(folder, *FILES) as files:
        for file in FILES:
            for piece in content(session, found, file):
                files[file].write(piece)
    return _shown(found, None)
