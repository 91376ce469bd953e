"""annotator demo: a fresh demonstration database, a sign-in link for each person, served on this computer only."""

import dataclasses
import socket
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import DatabaseOption, fail, opened, out, settings
from annotator.cli.serve import PortOption, check_free
from annotator.settings import Settings

if TYPE_CHECKING:
    from db.engine import Database

EXAMPLE = "Example: annotator demo --port 8010 --no-browser"
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open the lead's link in the browser.")]


def demo(port: PortOption = None, no_browser: NoBrowser = False, database: DatabaseOption = None) -> None:
    """Make a fresh demonstration (three articles, a lead, three reviewers who disagree) and serve it."""
    from annotator import server  # the web application and the models take a second to import
    from annotator.services import demo as demonstration
    from annotator.services import reviewers

    chosen = _settings(port, database)
    with opened(chosen.database, make=True, serve=True) as db:
        check_free(chosen)
        with db.read() as session:
            if reviewers.listed(session):
                fail("The demonstration needs a new database, this one has people in it already.")
        suggesting = demonstration.fill(db)
        links = _links(chosen, db)
        for line in _first_lines(chosen, db, links):
            out(line)
        if not suggesting:
            out("There are no suggestions: pip install 'claim-annotator[suggest]' brings what they need.")
        server.run(chosen, db, browse=None if no_browser else links[demonstration.LEAD])


def _settings(port: int | None, database: str | None) -> Settings:
    """On 127.0.0.1; in a folder of its own unless a database is named; on a free port if the usual one is busy."""
    chosen = settings(port=port, database=database, host="127.0.0.1", secure_cookies=False)
    if chosen.database == Settings().database:
        folder = Path(tempfile.mkdtemp(prefix="annotator-demo-"))
        chosen = dataclasses.replace(chosen, database=str(folder / "demo.db"))
    if port is None and _busy(chosen.port):
        chosen = dataclasses.replace(chosen, port=_free_port())
    return chosen


def _busy(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _links(chosen: Settings, db: "Database") -> dict[str, str]:
    """A one-time sign-in link for each person, the lead first."""
    from annotator.services import demo as demonstration  # as above
    from annotator.services import reviewers
    from annotator.services.history import Actor

    with db.write() as session:
        return {
            name: f"{chosen.site}/sign-in?token={reviewers.link(session, Actor(None), name, days=chosen.link_days)}"
            for name in (demonstration.LEAD, *demonstration.REVIEWERS)
        }


def _first_lines(chosen: Settings, db: "Database", links: dict[str, str]) -> list[str]:
    width = max(map(len, links))
    return [
        f"The demonstration is in {db.name}; annotator serve --database FILE goes on with it.",
        "Sign-in links, each works once; the first is the lead's:",
        *(f"  {name:{width}}  {link}" for name, link in links.items()),
        f"Serving on {chosen.site} (Ctrl-C stops).",
    ]
