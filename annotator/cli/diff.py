"""annotator diff: what is different in two exports."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from annotator.cli.common import FINDINGS, out, refusals
from annotator.domain.words import counted

EXAMPLE = "Example: annotator diff corpus-2024 corpus-2025 --format json"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


def diff(
    old: Annotated[Path, typer.Argument(metavar="A", exists=True, file_okay=False, help="The older export.")],
    new: Annotated[Path, typer.Argument(metavar="B", exists=True, file_okay=False, help="The newer export.")],
    format_: Annotated[Format, typer.Option("--format", help="json: an object a line, counts last.")] = Format.TEXT,
) -> None:
    """Print what was added, changed or withdrawn from A to B; needs no database. Exit code 1 when there is anything.

    Compared are articles, sentences, annotations, gold, speakers and sources, by their ids; not what is counted from
    them (agreement, lists of ids). Of what changed the fields are named.
    """
    import orjson  # as in validate()

    from annotator.export.diff import compare

    counts: Counter[str] = Counter()
    with refusals():
        for found in compare(old, new):
            counts[f"{found.change} {found.kind}"] += 1
            if format_ is Format.TEXT:
                out(str(found))
            else:
                said = {"article_id": found.article_id, "change": found.change, "fields": found.fields}
                out(orjson.dumps({**said, "id": found.id, "kind": found.kind}, option=orjson.OPT_SORT_KEYS).decode())
    if format_ is Format.JSON:
        out(orjson.dumps({"counts": counts}, option=orjson.OPT_SORT_KEYS).decode())
    else:
        out(", ".join(counted(number, _many(what)) for what, number in sorted(counts.items())) or "No difference")
    if counts:
        raise typer.Exit(FINDINGS)


def _many(what: str) -> str:
    """“added gold” has no plural, “added article” has."""
    return what if what.endswith("gold") else f"{what}s"
