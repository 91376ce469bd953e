"""One server process an SQLite file: it holds a lock beside the file for as long as it serves."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    with file.with_name(file.name + "-lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(file) from error
        yield
