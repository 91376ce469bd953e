"""annotator reviewer: add, list, link, deactivate, activate, password, token, tokens, revoke-token, keys."""

import sys
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
    """Print a fresh sign-in link; it works once. Its address is that of the settings of serve."""
    from annotator.services import reviewers  # as in opened()

    chosen = settings(database=database)
    with opened(database) as db, db.write() as session:
        token = reviewers.link(session, operator(), name, days=chosen.link_days)
    out(f"{chosen.site}/sign-in?token={token}")


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


@app.command(epilog='Example: annotator reviewer token "Ada Lind" --days 90')
def token(
    name: Name,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="Days after which it ends by itself.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Print a new token for scripts (Authorization: Bearer); it is shown this once."""
    from annotator.services import reviewers  # as in opened()

    with opened(database) as db, db.write() as session:
        secret = reviewers.token(session, operator(), name, days=days)
    out(secret)


@app.command(epilog='Example: annotator reviewer tokens "Ada Lind"')
def tokens(name: Name, database: DatabaseOption = None) -> None:
    """Print a person's tokens: number, when made, when last used, whether they work; separated by tabs."""
    from annotator.services import clock, reviewers  # as in opened()

    now = clock.now()
    with opened(database) as db, db.read() as session:
        for found in reviewers.tokens(session, name):
            state = "works"
            if found.revoked_at is not None:
                state = f"{'ended' if found.revoked_at <= now else 'works until'} {found.revoked_at}"
            out("\t".join((str(found.id), found.created_at, found.last_used_at or "never used", state)))


@app.command(epilog='Example: annotator reviewer revoke-token "Ada Lind" 3')
def revoke_token(
    name: Name,
    number: Annotated[int, typer.Argument(help="Number of the token, from reviewer tokens.", show_default=False)],
    database: DatabaseOption = None,
) -> None:
    """End one token of a person at once."""
    from annotator.services import reviewers  # as in opened()

    with opened(database) as db, db.write() as session:
        person = reviewers.revoke_token(session, operator(), name, number)
    out(f"Token {number} of {person.name} has ended.")


@app.command(epilog='Example: annotator reviewer password "Ada Lind"')
def password(
    name: Name,
    remove: Annotated[bool, typer.Option("--remove", help="Remove it: then only links sign in.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Set a person's password, typed at a prompt or read from stdin, or remove it; their sessions end."""
    from annotator.services import passwords, reviewers  # as in opened()

    with opened(database) as db:
        with db.read() as session:
            person = reviewers.find(session, name)
        assert person.id is not None
        secret = None
        if not remove:
            typed = _typed_password()
            passwords.refuse_weak(typed, person.name)
            secret = passwords.Passwords().hash(typed)
        with db.write() as session:
            passwords.store(session, operator(), person.id, secret, before=person.secret_hash)
    out(f"{person.name} has {'no password any more' if remove else 'a new password'}.")


def _typed_password() -> str:
    """What is typed twice without being shown, or the first line of a file: a password never stands in a command."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")


@app.command(epilog='Example: annotator reviewer keys "Ada Lind" next=ш previous=л')
def keys(
    name: Name,
    changes: Annotated[list[str] | None, typer.Argument(help="ACTION=KEY to change.", show_default=False)] = None,
    reset: Annotated[bool, typer.Option("--reset", help="Back to the usual keys first.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Print a person's single keys of the annotate page: action and key, separated by a tab; or change some."""
    from annotator.domain.keys import ACTIONS  # as in opened()
    from annotator.services import preferences, reviewers

    typed = dict(change.partition("=")[::2] for change in changes or ())
    with opened(database) as db, db.write() as session:
        person = reviewers.find(session, name)
        assert person.id is not None
        chosen = preferences.keys(person)
        if typed or reset:
            chosen = preferences.change_keys(session, operator(), person.id, typed, reset=reset)
        for action in ACTIONS:
            if person.role == ReviewerRole.LEAD or not action.leads:
                out(f"{action.name}\t{chosen[action.name]}")
