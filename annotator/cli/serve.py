"""annotator serve: upgrade the database with a backup first, then serve it."""

import sys
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
    """Upgrade the database (with a backup first) and serve it; on an empty one, print the lead's sign-in link."""
    from annotator import server  # the web application takes half a second to import

    chosen = settings(host=host, port=port, database=database)
    with opened(database, upgrade=True, serve=True) as db:
        if workers > 1 and db.sqlite:
            raise Refused("SQLite has one server process. Several workers need PostgreSQL: see annotator db copy.")
        for line in first_lines(chosen, db):
            out(line)
        sys.stdout.flush()
        if workers == 1:
            server.run(chosen, db)
    if workers > 1:  # this process only watches them, so its connections are closed
        server.run_workers(chosen, workers)


def address(chosen: "Settings") -> str:
    return f"http://{chosen.host}:{chosen.port}"


def first_lines(chosen: "Settings", db: "Database") -> list[str]:
    """Where the program is served, and a lead's link while there is nobody in the database."""
    from annotator.services import reviewers  # as in opened()
    from annotator.services.history import Actor
    from db.vocabulary import ReviewerRole

    lines = [f"Serving {db.name} on {address(chosen)} (Ctrl-C stops)."]
    with db.write() as session:
        if not reviewers.listed(session):
            reviewers.add(session, Actor(None), FIRST_LEAD, role=ReviewerRole.LEAD)
            token = reviewers.link(session, Actor(None), FIRST_LEAD, days=chosen.link_days)
            lines.append(f"Sign in as {FIRST_LEAD} (works once): {address(chosen)}/sign-in?token={token}")
    return lines
