"""Copies of an SQLite database: made while it is in use, put back only after they were checked."""

import logging
import re
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from annotator.errors import Conflict, Refused
from annotator.services import clock
from annotator.settings import Settings
from db import migrate
from db.engine import Database
from db.lock import serving

POSTGRESQL = (
    "A PostgreSQL database is copied with pg_dump --format=custom, also while people work on it,"
    " and put back into an empty database with pg_restore."
)
DAILY = "-daily-"
LOOK_SECONDS = 600  # how often a server looks whether a day has begun
log = logging.getLogger("annotator")


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


def folder(settings: Settings, file: Path) -> Path:
    """Where automatic backups go: beside the SQLite file unless the setting is absolute."""
    return file.resolve().parent / settings.backups


def newest(settings: Settings, file: Path) -> Path | None:
    """The latest automatic backup of a file that is whole."""
    found = folder(settings, file).glob(f"{_escaped(file.stem)}-*.db")
    for copy in sorted(found, key=lambda path: _time(path), reverse=True):
        try:
            inspect(copy)
        except Refused:
            continue
        return copy
    return None


def check_file(settings: Settings, file: Path) -> None:
    """Refuse to work on a damaged file, and name the newest backup. Raises Refused."""
    if not file.exists() or file.stat().st_size == 0:
        return
    try:
        with closing(migrate.reading(file)) as connection:
            problem = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:
        raise  # it cannot be opened or is busy, which says nothing about its pages
    except sqlite3.DatabaseError as error:
        problem = str(error)
    if problem == "ok":
        return
    copy = newest(settings, file)
    there = f"The newest backup is {copy}: annotator db restore {copy}" if copy else "There is no backup of it"
    raise Refused(f"{file} is damaged ({problem}), so nothing was changed in it. {there}.")


@contextmanager
def daily(database: Database, settings: Settings) -> Iterator[None]:
    """While the block runs, make a backup of an SQLite database on every day (UTC), and remove what is too old."""
    if database.path is None or settings.backup_days == 0:
        yield
        return
    stop = threading.Event()
    worker = threading.Thread(target=_every_day, args=(database.path, settings, stop), daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def _every_day(file: Path, settings: Settings, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            make_daily(file, settings)
        except (OSError, sqlite3.Error):
            log.exception("no daily backup")  # serving goes on, the next look tries again
        stop.wait(LOOK_SECONDS)


def make_daily(file: Path, settings: Settings) -> Path | None:
    """Today's backup unless it is there; then those are removed that the rule does not keep."""
    there = _daily(file, settings)
    if clock.today() in there.values():
        return None
    made = migrate.backup_into(file, folder(settings, file), DAILY.strip("-"))
    there = _daily(file, settings)
    kept_ones = kept(there.items(), days=settings.backup_days, weeks=settings.backup_weeks) | {made}
    for copy in set(there) - kept_ones:
        copy.unlink(missing_ok=True)
    return made


def _daily(file: Path, settings: Settings) -> dict[Path, date]:
    """Daily backups of a file and their days."""
    found = folder(settings, file).glob(f"{_escaped(file.stem)}{DAILY}*.db")
    return {copy: datetime.strptime(_time(copy)[:8], "%Y%m%d").date() for copy in found if _time(copy)}  # noqa: DTZ007


def kept(backups: Iterable[tuple[Path, date]], *, days: int, weeks: int) -> set[Path]:
    """The rule: the newest of each of the last so many days and weeks that have one; days without one do not count."""
    ordered = sorted(backups, key=lambda backup: _time(backup[0]))
    by_day = {day: copy for copy, day in ordered}
    by_week = {day.isocalendar()[:2]: copy for copy, day in ordered}
    return {by_day[day] for day in sorted(by_day)[-days:]} | {
        by_week[week] for week in sorted(by_week)[len(by_week) - min(weeks, len(by_week)) :]
    }


def _time(copy: Path) -> str:
    """The time in the name of an automatic backup, "" where there is none."""
    found = re.search(r"-(\d{8}T[\d.]+Z)\.db$", copy.name)
    return found[1] if found else ""


def _escaped(stem: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", stem)


def _keep(file: Path) -> Path | None:
    """Give a file a second name with the time, with the writes that SQLite still has beside it.

    The file keeps its own name until the new one takes it, so that there is one at every moment.
    """
    if not file.exists():
        return None
    with (
        suppress(sqlite3.DatabaseError),
        closing(sqlite3.connect(file)) as connection,
    ):  # damaged: the log stays as it is
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    kept = file.with_name(f"{file.stem}-replaced-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{file.suffix}")
    try:
        kept.hardlink_to(file)
    except OSError:  # a file system without links
        file.rename(kept)
    for ending in ("-wal", "-shm"):  # a log that stayed behind would be replayed into the new file
        beside = file.with_name(file.name + ending)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + ending))
    return kept
