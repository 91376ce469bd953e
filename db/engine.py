"""Open SQLite or PostgreSQL: one writer, any number of query-only readers.

SQLite: a deferred transaction that turns into a write fails at once with "database is locked", whatever the timeout.
So every write starts with BEGIN IMMEDIATE on the one writing connection, behind a lock that is held only round the
transaction; reads go through an engine of their own that cannot write.

PostgreSQL: a write takes one lock for everybody before anything else. Every write ends at the same place anyway, the
end of the event chain; who waits there while holding rows can be waited for in turn, and a save that waits for the rows
of a cut would go on with sentences that live no more.
"""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session

from db.kept import Kept

BUSY_MILLISECONDS = 10_000
OWNER_ONLY = 0o600  # labels and articles are nobody else's on a shared machine
READERS = 16
KEPT_ROWS = 200_000  # a row of an article with a reviewer's answer takes about half a kilobyte
KEPT = "kept"
WRITE_LOCK = 7_213_001  # one number for everybody who writes on PostgreSQL
CONNECTIONS = 5  # twice that at most, for reading and for writing: four workers stay below PostgreSQL's usual 100
REFUSED = "the database must be a file name, sqlite:///FILE or postgresql+psycopg://…"


class Database:
    """A database that is open: `read()` and `write()` give a session for one transaction each."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.sqlite = url.get_backend_name() == "sqlite"
        self.writer, self.reader = _sqlite(url) if self.sqlite else _postgresql(url)
        self.kept = Kept(KEPT_ROWS)
        self._lock: AbstractContextManager[Any] = threading.Lock() if self.sqlite else nullcontext()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are durable when the block ends without an error, and gone when it raises."""
        with self._lock, Session(self.writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session on one snapshot that refuses to write; its `info` holds what was kept from earlier ones."""
        with Session(self.reader, expire_on_commit=False, info={KEPT: self.kept}) as session, session.begin():
            yield session

    def close(self) -> None:
        self.writer.dispose()
        self.reader.dispose()

    @property
    def name(self) -> str:
        """What a person calls it: the file, or the URL without its password."""
        return str(self.path) if self.path is not None else self.url.render_as_string(hide_password=True)

    @property
    def path(self) -> Path | None:
        """The SQLite file; None on PostgreSQL."""
        return Path(self.url.database) if self.sqlite and self.url.database else None


def parse_url(name: str) -> URL:
    """A file name or a URL of one of the two databases. Raises ValueError in words."""
    if "://" not in name:
        return _file(URL.create("sqlite+pysqlite", database=name))
    try:
        url = make_url(name)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise ValueError(REFUSED) from error
    if url.drivername in ("sqlite", "sqlite+pysqlite"):
        return _file(url.set(drivername="sqlite+pysqlite"))
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise ValueError(REFUSED)


def _file(url: URL) -> URL:
    """A database in memory would be another one for every connection."""
    if not url.database or url.database == ":memory:":
        raise ValueError(REFUSED)
    return url


def open_database(name: str) -> Database:
    return Database(parse_url(name))


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    file = Path(url.database) if url.database and url.database != ":memory:" else None
    common = {"connect_args": {"timeout": BUSY_MILLISECONDS / 1000, "check_same_thread": False}}
    writer = create_engine(url, pool_size=1, max_overflow=1, **common)
    reader = create_engine(url, pool_size=READERS, max_overflow=READERS, **common)
    _prepare(writer, "BEGIN IMMEDIATE", "PRAGMA synchronous=FULL", "PRAGMA journal_mode=WAL", file=file)
    _prepare(reader, "BEGIN", "PRAGMA query_only=ON", file=file)
    return writer, reader


def _prepare(engine: Engine, begin: str, *pragmas: str, file: Path | None) -> None:
    """Settings of every new connection, and the statement that starts every transaction."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not start transactions of its own
        if file is not None and file.stat().st_size == 0:
            file.chmod(OWNER_ONLY)  # made by this connection; the journals beside it take its mode
        for pragma in ("PRAGMA foreign_keys=ON", f"PRAGMA busy_timeout={BUSY_MILLISECONDS}", *pragmas):
            connection.execute(pragma).close()

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.connection.driver_connection.execute(begin)  # past SQLAlchemy, which takes ten times as long


def _postgresql(url: URL) -> tuple[Engine, Engine]:
    pool = {"pool_size": CONNECTIONS, "max_overflow": CONNECTIONS, "pool_pre_ping": True}
    writer = create_engine(url, isolation_level="READ COMMITTED", **pool)

    @event.listens_for(writer, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})")

    reader = create_engine(
        url, isolation_level="REPEATABLE READ", execution_options={"postgresql_readonly": True}, **pool
    )
    return writer, reader
