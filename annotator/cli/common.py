"""What commands share: the database option, opening it, ending in one sentence instead of a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from annotator.errors import Refused
from annotator.settings import Settings, from_environment

if TYPE_CHECKING:
    from db.engine import Database

FINDINGS = 1

DatabaseOption = Annotated[
    str | None,
    typer.Option(
        "--database", help="File or URL of the database; ANNOTATOR_DATABASE does the same.", show_default=False
    ),
]


def settings(**given: object) -> Settings:
    """Settings from the environment and the options of this command; wrong ones end with exit code 2."""
    named = {name: value for name, value in given.items() if value is not None}
    try:
        return from_environment(named)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


@contextmanager
def opened(
    database: str | None, *, make: bool = False, upgrade: bool = False, serve: bool = False
) -> Iterator["Database"]:
    """The open database with its tables and project.

    `make` allows for a new one; `upgrade` brings an older schema up to date, with a backup first; `serve` holds the
    server's lock from before the upgrade to the end. Errors that a person can mend end the command in one sentence
    with exit code 1.
    """
    # SQLAlchemy takes half a second to import: only commands that need it wait for it
    from annotator.services import backups, projects
    from db.engine import open_database
    from db.lock import serving

    chosen = settings(database=database)
    with refusals():
        try:
            db = open_database(chosen.database)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error
        try:
            with serving(db.path if serve else None):
                if upgrade and db.path is not None:
                    backups.check_file(chosen, db.path)
                _prepare(chosen, db, make=make or upgrade, upgrade=upgrade)
                with db.write() as session:
                    projects.ensure(session)
                yield db
        finally:
            db.close()


def _prepare(chosen: Settings, db: "Database", *, make: bool, upgrade: bool) -> None:
    """Make or upgrade the tables where that is wanted, refuse the database where it is not."""
    from annotator.services import backups  # as in opened()
    from db import migrate

    if not make and db.path is not None and not db.path.exists():
        raise Refused(f"There is no database {db.path}: name it with --database.")
    if migrate.current(db) is None and not make:
        raise Refused("The database has no tables of this program: run annotator db upgrade.")
    if upgrade or migrate.current(db) is None:
        backup = migrate.upgrade(db, backups.folder(chosen, db.path) if db.path is not None else None)
        if backup is not None:
            say(f"The database was copied to {backup} before the upgrade.")
    elif migrate.pending(db):
        raise Refused("The database has an older schema: run annotator db upgrade (it makes a backup first).")


@contextmanager
def refusals() -> Iterator[None]:
    """Turn an error with a sentence into that sentence on stderr and exit code 1."""
    from sqlalchemy.exc import DatabaseError, OperationalError  # as in opened()

    from db.copying import CopyRefused
    from db.lock import Locked
    from db.migrate import NewerDatabase

    try:
        yield
    except (Refused, NewerDatabase, Locked, CopyRefused) as error:
        fail(str(error))
    except OperationalError as error:
        fail(f"The database cannot be used: {error.orig}")
    except DatabaseError as error:
        fail(f"The database refused it: {error.orig}")
    except BrokenPipeError:  # nobody reads on: main() ends it
        raise
    except OSError as error:
        fail(f"{error.filename or 'The file'}: {error.strerror or error}")


def fail(message: str) -> NoReturn:
    say(message)
    raise typer.Exit(FINDINGS)


def say(message: str) -> None:
    """A line on stderr: stdout stays for what a command produces."""
    sys.stderr.write(message + "\n")


def out(text: str) -> None:
    sys.stdout.write(text + "\n")
