"""Copies of an SQLite database: made while it is in use, put back only after they were checked."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from annotator.errors import Conflict, Refused
from db import migrate
from db.engine import Database
from db.lock import serving

POSTGRESQL = "A PostgreSQL database is copied with pg_dump and put back with pg_restore."


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the schema version of the copy and where the old file was kept, if there was one."""

    schema: str
    kept: Path | None


def backup(database: Database, target: Path) -> None:
    """Write a consistent, checked copy. Raises Refused for a damaged database and never overwrites a file."""
    if database.path is None:
        raise Refused(POSTGRESQL)
    if target.exists():
        raise Conflict(f"{target} exists already: name a new file.")
    try:
        migrate.copy(database.path, target)
    except sqlite3.DatabaseError as error:
        raise Refused(f"No copy was made: {error}.") from error


def restore(file: Path | None, copy: Path) -> Restored:
    """Put a checked copy in the place of an SQLite file, which is kept beside it under a name with the time.

    Raises Refused when the copy is damaged or not ours, Locked while a server uses the file.
    """
    if file is None:
        raise Refused(POSTGRESQL)
    schema = inspect(copy)
    file.parent.mkdir(parents=True, exist_ok=True)
    with serving(file):
        new = file.with_name(file.name + ".new")
        migrate.copy(copy, new)
        kept = _keep(file)
        new.replace(file)
    return Restored(schema, kept)


def inspect(copy: Path) -> str:
    """The schema version of a copy that is whole and ours. Raises Refused."""
    if not copy.is_file():
        raise Refused(f"There is no file {copy}.")
    try:
        with closing(migrate.reading(copy)) as connection:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Refused(f"{copy} is not a database of this program: {error}.") from error
    if problems != ["ok"] or orphan:
        raise Refused(
            f"{copy} is damaged: {problems[0] if not orphan else f'a row of {orphan[0]} has lost its parent'}."
        )
    if found is None or found[0] not in migrate.versions():
        raise Refused(f"{copy} has a schema version that this program does not know: update the program.")
    return str(found[0])


def _keep(file: Path) -> Path | None:
    """Move a file and the writes that SQLite still has beside it to a name with the time."""
    if not file.exists():
        return None
    kept = file.with_name(f"{file.stem}-replaced-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{file.suffix}")
    file.rename(kept)
    for ending in ("-wal", "-shm"):  # a log that stayed behind would be replayed into the new file
        beside = file.with_name(file.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    return kept
