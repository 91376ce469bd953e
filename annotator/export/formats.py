"""The formats beside our own: each writes its own folder, with a ledger of what it could not carry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from annotator.export import (
    brat,
    claimreview,
    conll,
    csv,
    docbin,
    filters,
    html,
    labelstudio,
    parquet,
    webannotation,
    works,
)
from annotator.export.target import Target, whole_folder
from annotator.export.works import Work
from annotator.language import later
from db.queries.selection import EVERYTHING, Selection


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its name on the command line; `files` and `what` say what is written."""

    name: str
    files: str
    what: str
    losses: Mapping[str, str]
    write: Callable[[Target, Iterable[Work]], None]


FORMATS = (
    Format("csv", csv.FILE, later("a row per sentence and reviewer, and one for gold"), csv.LOSSES, csv.write),
    Format(
        "parquet", "sentences.parquet, articles.parquet, README.md, croissant.json",
        later("for pandas and Hugging Face datasets: everything, with a dataset card"), parquet.LOSSES, parquet.write,
    ),
    Format(
        "docbin", docbin.FILES, later("spaCy: sentence starts, labels and attributions as span groups"),
        docbin.LOSSES, docbin.write,
    ),
    Format(
        "html", later("one page an article"), later("for readers: gold labels, speakers, sources"),
        html.LOSSES, html.write,
    ),
    Format(
        "claimreview", claimreview.FILE, later("gold claims with a verdict, for search engines"),
        claimreview.LOSSES, claimreview.write,
    ),
    Format(
        "webannotation", webannotation.FILE, later("W3C Web Annotation: everything on its place in the text"),
        webannotation.LOSSES, webannotation.write,
    ),
    Format("conll", conll.FILE, later("tokens with BIO tags for speaker, cue, content"), conll.LOSSES, conll.write),
    Format(
        "brat", later(".txt and .ann an article"), later("standoff, for gold and each reviewer"),
        brat.LOSSES, brat.write,
    ),
    Format(
        "labelstudio", "tasks.json, config.xml", later("a task an article, an annotation a reviewer"),
        labelstudio.LOSSES, labelstudio.write,
    ),
)  # fmt: skip


def write(
    session: Session,
    folder: Path,
    format_: Format,
    progress: Callable[[int], None] | None = None,
    selection: Selection = EVERYTHING,
) -> dict[str, Any]:
    """Write one format into its own folder below `folder`, whole or not at all, and return its ledger."""
    with whole_folder(folder / format_.name) as unfinished:
        target = Target(unfinished, format_.losses, filters.named(selection))
        found: Iterator[Work] = target.pass_on(works.read(session, selection), progress)
        format_.write(target, found)
        return target.close(format_.name)


def named(name: str) -> Format:
    """The format of this name; KeyError when there is none."""
    return {found.name: found for found in FORMATS}[name]
