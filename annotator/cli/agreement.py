"""annotator agreement: all agreement statistics of any label file."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from annotator.cli.common import fail, out, say
from annotator.domain.words import counted
from annotator.errors import Invalid

if TYPE_CHECKING:
    from annotator.intake.label_file import LabelFile


COUNTED = {"ratings": "labels", "annotators": "annotators", "items": "items"}
EXAMPLE = "Example: annotator agreement labels.jsonl --format json"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


class Level(StrEnum):
    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def agreement(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="JSONL or CSV.")],
    format_: Annotated[Format, typer.Option("--format", help="A table for people or one JSON object.")] = Format.TEXT,
    level: Annotated[Level, typer.Option(help="What the labels are; ordinal takes --labels as the order.")] = (
        Level.NOMINAL
    ),
    labels: Annotated[
        str | None, typer.Option(help="All labels that could be chosen, with commas; others are refused.")
    ] = None,
) -> None:
    """Agreement of a label file with rows item, annotator, label (text, number, list or null; null is missing).

    Optional are revision (only the highest counts), role (gold and adjudicator rows never count) and deleted.
    """
    from annotator.domain.agreement import ratings_of  # numpy: only commands that count wait for it
    from annotator.intake.label_file import read_labels
    from annotator.reports.agreement_file import agreement_object

    declared = tuple(name.strip() for name in labels.split(",") if name.strip()) if labels else ()
    try:
        read = read_labels(file, declared=declared)
        ratings = ratings_of(read.rows, declared=declared)
    except Invalid as error:
        fail(str(error))
    except (OSError, ValueError) as error:
        fail(f"{file}: {error}")
    if read.unknown:
        say(f"{file}: fields not used: {', '.join(read.unknown)}")
    found = agreement_object(ratings, level=level.value)
    if format_ is Format.JSON:
        import orjson  # only this format needs it

        out(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        _print_tables(found, read)


def _print_tables(found: dict[str, Any], read: "LabelFile") -> None:
    """The numbers a methods section cites; the JSON has the rest."""
    from rich.console import Console  # only the tables need it
    from rich.markup import escape
    from rich.table import Table

    from annotator.domain.agreement import SAMPLES, SEED

    console = Console(highlight=False)
    left_out = ", ".join(f"{number} {reason}" for reason, number in read.left_out.items()) or "none"
    ratings, people, items = (counted(found[name], word) for name, word in COUNTED.items())
    console.print(f"{ratings} by {people} on {items}")
    console.print(f"labels: {', '.join(found['labels'])}", markup=False)
    console.print(f"rows left out: {left_out}")
    metrics = found["metrics"].items()
    coefficients = [(name, _number(one["value"]), _interval(one["ci95"]), one["reason"] or "") for name, one in metrics]
    pairs = [(pair["a"], pair["b"], str(pair["shared"]), _number(pair["kappa"])) for pair in found["pairs"]]
    for title, rows in (
        (("coefficient", "value", "95 % interval", "why not"), coefficients),
        (("label", "alpha"), [(name, _number(value)) for name, value in found["per_label_alpha"].items()]),
        (("annotator", "annotator", "shared items", "kappa"), pairs),
        (("annotator", "alpha without"), [(name, _number(value)) for name, value in found["alpha_without"].items()]),
    ):
        table = Table(*title)
        table.columns[0].no_wrap = True  # names are copied into other programs
        for row in rows:
            table.add_row(*map(escape, row))
        console.print(table)
    console.print(f"Intervals: {SAMPLES} bootstrap samples of items, seed {SEED}.")


def _number(value: float | None) -> str:
    return "not defined" if value is None else f"{round(value, 3) + 0.0:.3f}"  # no minus zero


def _interval(ends: list[float] | None) -> str:
    return "" if ends is None else f"{_number(ends[0])} to {_number(ends[1])}"
