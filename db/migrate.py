"""Bring a database to the newest schema: a backup first, one transaction a migration, a newer database is refused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import inspect, text

from db.engine import OWNER_ONLY, Database

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


class NewerDatabase(Exception):
    """The database was made by a newer program; nothing was touched."""

    def __init__(self, found: str, known: str) -> None:
        super().__init__(
            f"the database has schema version {found}, this program knows versions up to {known}: update it"
        )


def versions() -> list[str]:
    """Names of all migrations in their order, read off the file names (Alembic takes 0.2 s to import)."""
    return sorted(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def current(database: Database) -> str | None:
    """The schema version of a database; None when it has no tables of ours."""
    with database.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def pending(database: Database) -> list[str]:
    """Migrations that the database lacks. Raises NewerDatabase."""
    found, known = current(database), versions()
    if found is None:
        return known
    if found not in known:
        raise NewerDatabase(found, known[-1])
    return known[known.index(found) + 1 :]


def upgrade(database: Database, backups: Path | None = None, *, to: str = "head") -> Path | None:
    """Run what is pending; returns the backup that was made of an SQLite database with content, if any."""
    if not pending(database):
        return None
    backup = None
    if backups is not None and database.path is not None and current(database) is not None:
        backup = backup_into(database.path, backups, "before-upgrade")
    _run(database, to)
    return backup


def _run(database: Database, to: str) -> None:
    # Alembic is needed for an upgrade only and would slow every start
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


def backup_into(file: Path, folder: Path, why: str) -> Path:
    """A consistent copy of an SQLite file under a name with the reason and the time; the file may be in use."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{file.stem}-{why}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}.db"
    copy(file, target)
    return target


def copy(source: Path, target: Path) -> None:
    """SQLite's online backup: consistent while others write. The target becomes visible only when it is whole.

    Raises sqlite3.DatabaseError when the source is damaged; then there is no target.
    """
    unfinished = target.with_name(target.name + ".part")
    try:
        with closing(reading(source)) as original, closing(sqlite3.connect(unfinished)) as written:
            unfinished.chmod(OWNER_ONLY)
            original.backup(written)
            problems = [row[0] for row in written.execute("PRAGMA integrity_check(1)")]
        if problems != ["ok"]:
            raise sqlite3.DatabaseError(f"{source} is damaged: {problems[0]}")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def reading(file: Path) -> sqlite3.Connection:
    """A connection that cannot write; the name may hold any character."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
