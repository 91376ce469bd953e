"""annotator report: where reviewers disagree, as text, JSON, CSV or one HTML file."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, say

if TYPE_CHECKING:
    from annotator.reports.disagreements import Report

EXAMPLE = "Example: annotator report --format html -o report.html"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    HTML = "html"
    CSV = "csv"


def report(
    article: Annotated[list[str] | None, typer.Option(help="An article's id; repeatable. Without it: all.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.TEXT,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The file to write instead of stdout.", show_default=False)
    ] = None,
    database: DatabaseOption = None,
) -> None:
    """The disagreement report on the named articles or on all: agreement, pairs, disputed sentences."""
    from annotator.reports.disagreements import disagreement_report  # as in opened()

    with opened(database) as db:
        with db.read() as session:
            found = disagreement_report(session, article)
        text = _written(found, format_)
        if output is None:
            typer.echo(text, nl=False)
        else:
            output.write_text(text, "utf-8", newline="")
            say(f"Wrote {output}.")


def _written(found: "Report", format_: Format) -> str:
    from annotator.reports import disagreement_files as files  # as in opened()

    if format_ is Format.JSON:
        import orjson  # only this format needs it

        return orjson.dumps(files.as_json(found), option=orjson.OPT_INDENT_2).decode() + "\n"
    if format_ is Format.CSV:
        return files.as_csv(found)
    return files.as_html(found) if format_ is Format.HTML else files.as_text(found)
