"""annotator segment: sentences of texts, without a database."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from annotator.cli.common import FINDINGS, refusals, say
from annotator.cli.documents import STDIN, Documents, write
from annotator.errors import Invalid

if TYPE_CHECKING:
    from annotator.nlp.segment import Segmented
    from db.vocabulary import BlockKind

EXAMPLE = "Example: annotator segment article.txt"


def segment(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="[FILE…|-]", help="Text files; - is stdin.", show_default=False)
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Lines with doc_id and text in, one line of sentences a document out.")
    ] = False,
    language: Annotated[str, typer.Option(help="Language of the text, such as en or pt-BR.")] = "en",
) -> None:
    """Cut text into sentences: one JSON line each with start, end (code points), block and text.

    Offsets of a file count in the text as it would be stored: LF at line ends, no byte order mark.
    """
    with refusals():
        for name in files or [STDIN]:
            if name == STDIN:
                _one(sys.stdin.buffer, "stdin", jsonl=jsonl, language=language)
            else:
                with Path(name).open("rb") as file:
                    _one(file, name, jsonl=jsonl, language=language)


def _one(file: BinaryIO, name: str, *, jsonl: bool, language: str) -> None:
    if jsonl:
        _documents(file, name, language)
    else:
        _sentences(file, name, language)


def _sentences(file: BinaryIO, name: str, language: str) -> None:
    from annotator.intake import clean, limits  # as in opened()
    from annotator.nlp.segment import segment_many

    data = file.read(limits.FILE_BYTES + 1)
    try:
        if len(data) > limits.FILE_BYTES:
            raise Invalid(f"more than {limits.FILE_BYTES // 2**20} MiB, which is the most")
        text = clean.clean(data)
    except Invalid as error:
        raise Invalid(f"{name}: {error.message}") from error
    for row in _rows(next(segment_many([(text, language)]))):
        write({**row, "text": text[row["start"] : row["end"]]})


def _documents(file: BinaryIO, name: str, language: str) -> None:
    """Streams: a document is out before the last one is in, and those before a bad line are."""
    from annotator.nlp.segment import segment_many  # as in opened()

    reading = Documents(file)
    for found in segment_many((text, language) for text in reading.texts()):
        write({"doc_id": reading.ids.pop(0), "sentences": list(_rows(found))})
    if reading.problem is not None:
        say(f"{name}, {reading.problem}")
        raise typer.Exit(FINDINGS)


def _rows(found: "Segmented") -> Iterator[dict[str, Any]]:
    for sentence in found.sentences:
        kind = found.blocks[sentence.block].kind
        yield {"start": sentence.start, "end": sentence.end, "block": _word(kind)}


def _word(kind: "BlockKind") -> str:
    """The contract's words for a block here are seven; a table is not among them."""
    return "other" if kind == "table" else str(kind)
