"""annotator segment: sentences of texts, without a database."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from annotator.cli import spreading
from annotator.cli.common import refusals
from annotator.cli.documents import STDIN, Answered, Portion, Row, answered, encoded, stream
from annotator.cli.spreading import SchedulerOption, WorkersOption
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
    workers: WorkersOption = None,
    scheduler: SchedulerOption = None,
) -> None:
    """Cut text into sentences: one JSON line each with start, end (code points), block and text.

    Offsets of a file count in the text as it would be stored: LF at line ends, no byte order mark.
    """
    spreading.check(workers, scheduler)
    from annotator.nlp.versions import Versions  # as in opened()

    with refusals(), spreading.spread(workers, scheduler, Versions()) as spread:
        names = files or [STDIN]
        if not jsonl:
            for lines in spread(_sentences, _texts(names, language)):
                sys.stdout.buffer.write(lines)
            return
        for name in names:
            if name == STDIN:
                stream(sys.stdin.buffer, "stdin", language, spread, documents)
            else:
                with Path(name).open("rb") as file:
                    stream(file, name, language, spread, documents)


def _texts(names: Iterable[str], language: str) -> Iterator[tuple[str, bytes, str]]:
    """Name, bytes and language of each file; one byte more than is allowed tells that there are too many."""
    for name in names:
        if name == STDIN:
            yield "stdin", _some(sys.stdin.buffer), language
        else:
            with Path(name).open("rb") as file:
                yield name, _some(file), language


def _some(file: BinaryIO) -> bytes:
    from annotator.intake import limits  # as in opened()

    return file.read(limits.FILE_BYTES + 1)


def _sentences(read: tuple[str, bytes, str]) -> bytes:
    """The sentences of one text as JSON lines. Raises Invalid with the file's name."""
    from annotator.intake import clean, limits  # as in opened()
    from annotator.nlp.segment import segment_many

    name, data, language = read
    try:
        if len(data) > limits.FILE_BYTES:
            raise Invalid(f"more than {limits.FILE_BYTES // 2**20} MiB, which is the most")
        text = clean.clean(data)
    except Invalid as error:
        raise Invalid(f"{name}: {error.message}") from error
    rows = _rows(next(segment_many([(text, language)])))
    return b"".join(encoded({**row, "text": text[row["start"] : row["end"]]}) for row in rows)


def documents(portion: Portion) -> Answered:
    """One line of sentences a document."""
    from annotator.nlp.segment import segment_many  # as in opened()

    return answered(portion, lambda texts: ({"sentences": list(_rows(found))} for found in segment_many(texts)))


def _rows(found: "Segmented") -> Iterator[Row]:
    for sentence in found.sentences:
        kind = found.blocks[sentence.block].kind
        yield {"start": sentence.start, "end": sentence.end, "block": _word(kind)}


def _word(kind: "BlockKind") -> str:
    """The contract's words for a block here are seven; a table is not among them."""
    return "other" if kind == "table" else str(kind)
