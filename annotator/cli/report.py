"""annotator report: where reviewers disagree, as text, JSON, CSV or one HTML file."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.common import DatabaseOption, opened, say

if TYPE_CHECKING:
    from sqlmodel import Session

EXAMPLE = "Example: annotator report --format html -o report.html"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    HTML = "html"
    CSV = "csv"
    COUNTS = "counts"


class Unsure(StrEnum):
    MISSING = "missing"
    LABEL = "label"


def report(
    article: Annotated[list[str] | None, typer.Option(help="An article's id; repeatable. Without it: all.")] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write it; counts are a CSV of how often each label was given.")
    ] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write instead of stdout.", show_default=False)
    ] = None,
    unsure: Annotated[Unsure, typer.Option(help="What an unsure answer is.")] = Unsure.MISSING,
    reviewer: Annotated[
        str | None, typer.Option(help="A reviewer's name: their own numbers alone, on articles they have finished.")
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """The disagreement report on the named articles or on all: agreement, pairs, disputed sentences."""
    if reviewer is not None and format_ not in (Format.TEXT, Format.JSON):
        raise typer.BadParameter("A reviewer's own numbers come as text or json.", param_hint="--format")
    with opened(database) as db:
        with db.read() as session:
            text = _read(session, article, format_, unsure is Unsure.LABEL, reviewer)
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, "utf-8", newline="")
            say(f"Wrote {output}.")


def _read(session: "Session", article: list[str] | None, format_: Format, unsure: bool, name: str | None) -> str:
    from annotator.reports import disagreement_files as files  # as in opened()
    from annotator.reports import disagreement_text, own_disagreements
    from annotator.reports.disagreements import disagreement_report

    if name is not None:
        own = own_disagreements.own_report(session, name, article, unsure_is_label=unsure)
        return _json(own_disagreements.as_json(own)) if format_ is Format.JSON else disagreement_text.own_text(own)
    found = disagreement_report(session, article, unsure_is_label=unsure)
    match format_:
        case Format.JSON:
            return _json(files.as_json(found))
        case Format.CSV:
            return files.as_csv(found)
        case Format.COUNTS:
            return files.as_counts(found)
        case Format.HTML:
            return files.as_html(found)
    return disagreement_text.as_text(found)


def _json(told: dict[str, Any]) -> str:
    import orjson  # only this format needs it

    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() + "\n"
