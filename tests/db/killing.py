"""Run by test_versions.py in a process of its own: upgrade a database again and again, killed at another statement.

python -m tests.db.killing MIGRATIONS URL STEP prints for each kill its number, then for the upgrade that came through
"done"; after each the schema version and a hash of the schema. Children are forked, which is fast and shares nothing.
"""

import hashlib
import itertools
import os
import signal
import sys
from pathlib import Path

import alembic.command
import alembic.config  # noqa: F401
from sqlalchemy import event, text

import db.models  # noqa: F401
from db import migrate
from db.engine import Database, open_database

SCHEMA = {
    True: "SELECT type || name || coalesce(sql, '') FROM sqlite_master ORDER BY 1",
    False: "SELECT table_name || column_name || data_type FROM information_schema.columns"
    " WHERE table_schema = 'public' UNION ALL SELECT tgname FROM pg_trigger UNION ALL SELECT indexdef FROM pg_indexes"
    " WHERE schemaname = 'public' UNION ALL SELECT conname FROM pg_constraint ORDER BY 1",
}


def shape(database: Database) -> str:
    with database.reader.connect() as connection:
        rows = [row[0] for row in connection.execute(text(SCHEMA[database.sqlite]))]
    return f"{migrate.current(database)} {hashlib.sha256(repr(rows).encode()).hexdigest()}"


def upgrade(url: str, last: int) -> None:
    """Kills this process before its statement number `last`, commits included."""
    database, count = open_database(url), itertools.count(1)

    def tick(*_: object) -> None:
        if next(count) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.writer, "before_cursor_execute", tick)
    event.listen(database.writer, "commit", tick)
    migrate.upgrade(database)
    database.close()


def main() -> None:
    folder, url, step = sys.argv[1], sys.argv[2], int(sys.argv[3])
    migrate.MIGRATIONS = Path(folder)
    for number in itertools.count(1, step):
        child = os.fork()
        if child == 0:
            upgrade(url, number)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        came_through = os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0
        assert came_through or os.WTERMSIG(status) == signal.SIGKILL
        database = open_database(url)
        sys.stdout.write(f"{'done' if came_through else number} {shape(database)}\n")
        database.close()
        if came_through:
            return


if __name__ == "__main__":
    main()
