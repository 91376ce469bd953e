"""annotator serve: upgrade the database with a backup first, then serve it."""

import gc
import socket
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out, settings
from annotator.errors import Refused

if TYPE_CHECKING:
    from annotator.settings import Settings
    from db.engine import Database

EXAMPLE = "Example: annotator serve --port 8010 --database work.db"
FIRST_LEAD = "Lead"
HostOption = Annotated[str | None, typer.Option(help="Address to listen on; ANNOTATOR_HOST does the same.")]
WorkersOption = Annotated[int, typer.Option(min=1, max=64, help="Server processes; more than one need PostgreSQL.")]
PortOption = Annotated[int | None, typer.Option(min=1, max=65535, help="Port; ANNOTATOR_PORT does the same.")]


def serve(
    host: HostOption = None, port: PortOption = None, workers: WorkersOption = 1, database: DatabaseOption = None
) -> None:
    """Upgrade the database (with a backup first) and serve it; while there is no lead, print a new one's link."""
    server = _application()
    chosen = settings(host=host, port=port, database=database)
    with opened(database, upgrade=True, serve=True) as db:
        check_free(chosen)
        if workers > 1 and db.sqlite:
            raise Refused("SQLite has one server process. Several workers need PostgreSQL: see annotator db copy.")
        for line in first_lines(chosen, db):
            out(line)
        sys.stdout.flush()
        if workers == 1:
            server.run(chosen, db)
    if workers > 1:  # this process only watches them, so its connections are closed
        server.run_workers(chosen, workers)


def _application() -> ModuleType:
    """The server with all of the application.

    Nothing that is made while it is imported ever goes, and looking for what could takes a tenth of the time.
    """
    gc.disable()
    try:
        from annotator import server  # only this command needs it, and it takes a second
    finally:
        gc.enable()
    return server


def check_free(chosen: "Settings") -> None:
    """Refuse an address that cannot be listened on, before anything says that it is served there."""
    try:
        socket.create_server(
            (chosen.host, chosen.port), family=socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
        ).close()
    except (OSError, OverflowError) as error:
        # Python adds “(while attempting to bind on …)”, which has the address a second time
        why = str(getattr(error, "strerror", None) or error).partition(" (while ")[0]
        raise Refused(f"{chosen.host}, port {chosen.port}: {why}. Take another one with --port or --host.") from error


def first_lines(chosen: "Settings", db: "Database") -> list[str]:
    """Where the program is served, and the link of a new lead while the database has none."""
    from annotator.services import reviewers  # as in opened()
    from annotator.services.history import Actor
    from db.vocabulary import ReviewerRole

    lines = [f"Serving {db.name} on {chosen.site} (Ctrl-C stops)."]
    with db.write() as session:
        people = reviewers.listed(session)
        if not any(person.role == ReviewerRole.LEAD for person in people):
            taken = {person.name.casefold() for person in people}
            names = (FIRST_LEAD, *(f"{FIRST_LEAD} {number}" for number in range(2, len(people) + 2)))
            name = next(name for name in names if name.casefold() not in taken)
            reviewers.add(session, Actor(None), name, role=ReviewerRole.LEAD)
            token = reviewers.link(session, Actor(None), name, days=chosen.link_days)
            lines.append(f"Sign in as {name} (works once): {chosen.site}/sign-in?token={token}")
    return lines
