"""annotator reviewer: add, list, link, deactivate, activate, token."""

from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out, settings
from db.vocabulary import ReviewerRole

if TYPE_CHECKING:
    from annotator.services.history import Actor

app = typer.Typer(help="People who label, and leads.", no_args_is_help=True, rich_markup_mode=None)

Name = Annotated[str, typer.Argument(help="Name or id of the person.", show_default=False)]


def operator() -> "Actor":
    """Whoever runs the command: nobody in the database."""
    from annotator.services.history import Actor  # as in opened()

    return Actor(None)


@app.command(epilog='Example: annotator reviewer add "Ada Lind" --role lead')
def add(
    name: Annotated[str, typer.Argument(help="1 to 80 characters.", show_default=False)],
    role: Annotated[ReviewerRole, typer.Option(help="What the person does.")] = ReviewerRole.REVIEWER,
    database: DatabaseOption = None,
) -> None:
    """Add a person."""
    from annotator.services import reviewers  # as in opened()

    with opened(database, make=True) as db, db.write() as session:
        added = reviewers.add(session, operator(), name, role=role)
    out(f"{added.name} was added as {added.role} ({added.uid}).")


@app.command("list", epilog="Example: annotator reviewer list")
def list_(database: DatabaseOption = None) -> None:
    """Print everybody: id, role, active or not, name; separated by tabs."""
    from annotator.services import reviewers  # as in opened()

    with opened(database) as db, db.read() as session:
        for person in reviewers.listed(session):
            out("\t".join((person.uid, person.role, "active" if person.active else "deactivated", person.name)))


@app.command(epilog='Example: annotator reviewer link "Ada Lind"')
def link(name: Name, database: DatabaseOption = None) -> None:
    """Print a fresh sign-in link; it works once."""
    from annotator.services import reviewers  # as in opened()

    chosen = settings(database=database)
    with opened(database) as db, db.write() as session:
        token = reviewers.link(session, operator(), name, days=chosen.link_days)
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    out(f"http://{host}:{chosen.port}/sign-in?token={token}")


@app.command(epilog='Example: annotator reviewer deactivate "Ada Lind"')
def deactivate(name: Name, database: DatabaseOption = None) -> None:
    """End a person's sessions, links and tokens; their work stays."""
    from annotator.services import reviewers  # as in opened()

    with opened(database) as db, db.write() as session:
        person = reviewers.deactivate(session, operator(), name)
    out(f"{person.name} is deactivated.")


@app.command(epilog='Example: annotator reviewer activate "Ada Lind"')
def activate(name: Name, database: DatabaseOption = None) -> None:
    """Let a deactivated person in again, by a new link."""
    from annotator.services import reviewers  # as in opened()

    with opened(database) as db, db.write() as session:
        person = reviewers.activate(session, operator(), name)
    out(f"{person.name} is active.")


@app.command(epilog='Example: annotator reviewer token "Ada Lind"')
def token(name: Name, database: DatabaseOption = None) -> None:
    """Print a new token for scripts (Authorization: Bearer); it is shown this once."""
    from annotator.services import reviewers  # as in opened()

    with opened(database) as db, db.write() as session:
        secret = reviewers.token(session, operator(), name)
    out(secret)
