"""Locks between processes: one server an SQLite file, one import a database."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from db.engine import Database

IMPORT_LOCK = 7_213_002  # one number for all imports on PostgreSQL


class Locked(Exception):
    """Another process serves this file."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"A server is using {file}: stop it first.")


@contextmanager
def serving(file: Path | None) -> Iterator[None]:
    """Hold the lock of an SQLite file; None (PostgreSQL) needs none. Raises Locked at once when it is taken.

    The system frees the lock with the process, however it ends; the empty FILE-lock may stay.
    """
    if file is None:
        yield
        return
    with _beside(file, "-lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(file) from error
        yield


@contextmanager
def importing(database: Database) -> Iterator[None]:
    """One import stores at a time, whichever process or machine it runs on; the next one waits here.

    The lock goes with the process, however it ends.
    """
    if database.path is not None:
        with _beside(database.path, "-import").open("a") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        return
    with database.reader.connect() as connection:  # a writer's transaction would keep others from writing
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": IMPORT_LOCK})
        connection.commit()
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": IMPORT_LOCK})
            connection.commit()


def _beside(file: Path, ending: str) -> Path:
    """A file beside the database, the same one by whichever link the database is named."""
    real = file.resolve()
    return real.with_name(real.name + ending)
