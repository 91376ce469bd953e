"""annotator project: what holds for all articles and reviewers: title, reviewers, pipelines, suggestions."""

from dataclasses import fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.common import DatabaseOption, opened, out
from annotator.domain import options as rules
from annotator.domain.options import Options

if TYPE_CHECKING:
    from sqlmodel import Session

app = typer.Typer(help="The project's options.", no_args_is_help=True, rich_markup_mode=None)


class Turn(StrEnum):
    ON = "on"
    OFF = "off"


def about(name: str) -> str:
    """The help of an option, from where all of them are."""
    return next(str(f.metadata["help"]) for f in fields(Options) if f.name == name)


@app.command(epilog="Example: annotator project show")
def show(database: DatabaseOption = None) -> None:
    """Print every option with its value, one a line, parted by a tab."""
    from annotator.services import projects  # as in opened()

    with opened(database) as db, db.read() as session:
        _print(projects.options(session))


@app.command("set", epilog="Example: annotator project set --required-reviewers 3")
def set_(
    title: Annotated[str | None, typer.Option(help=about("title"), show_default=False)] = None,
    required_reviewers: Annotated[
        int | None, typer.Option(help=about("required_reviewers"), show_default=False)
    ] = None,
    pipeline: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LANGUAGE=NAME", help=about("pipelines") + " LANGUAGE= takes it away.", show_default=False
        ),
    ] = None,
    suggestions: Annotated[Turn | None, typer.Option(help=about("suggestions"), show_default=False)] = None,
    hidden_share: Annotated[str | None, typer.Option(help=about("hidden_share"), show_default=False)] = None,
    database: DatabaseOption = None,
) -> None:
    """Change the options that are named; the others stay as they are."""
    from annotator.services import projects  # as in opened()
    from annotator.services.history import Actor

    given: dict[str, Any] = {"title": title, "required_reviewers": required_reviewers}
    given["suggestions"] = suggestions and suggestions is Turn.ON
    with opened(database) as db:
        given["hidden_share"] = rules.share(hidden_share) if hidden_share is not None else None
        values = {name: value for name, value in given.items() if value is not None}
        with db.read() as session:
            projects.check(session, replace(projects.options(session), **_with_pipelines(session, values, pipeline)))
        with db.write() as session:
            _print(projects.change(session, Actor(None), **_with_pipelines(session, values, pipeline)))


def _with_pipelines(session: "Session", values: dict[str, Any], given: list[str] | None) -> dict[str, Any]:
    """The values with the pipelines as they are now, but for the languages that are given."""
    from annotator.services import projects  # as in opened()

    now = projects.options(session)
    return {**values, "pipelines": _pipelines(now, given or [])}


def _pipelines(now: Options, given: list[str]) -> tuple[tuple[str, str], ...]:
    found = dict(now.pipelines)
    for language, _, name in (word.partition("=") for word in given):
        found[language.strip().lower()] = name.strip()
    return tuple((language, name) for language, name in found.items() if name)


def _print(options: Options) -> None:
    for name in (f.name for f in fields(Options)):
        value = getattr(options, name)
        said = {True: "on", False: "off"}[value] if isinstance(value, bool) else value
        listed = " ".join(f"{language}={pipeline}" for language, pipeline in options.pipelines)
        out(f"{name}\t{listed if name == 'pipelines' else said}")
