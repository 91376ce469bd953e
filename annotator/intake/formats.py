"""Which reader a file gets, and its bytes within the limits."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TypeAlias

from annotator.errors import Invalid
from annotator.intake import csv, doccano, html, jsonl, labelstudio, limits, markdown, text
from annotator.intake.incoming import Incoming, Rejected
from annotator.intake.labelled import Reading, Tool
from annotator.spread import Spread, one_by_one
from db.vocabulary import ImportFormat

Reader = Callable[[bytes], Iterator[Incoming | Rejected]]
READERS: Mapping[ImportFormat, Reader] = {
    ImportFormat.TXT: text.read,
    ImportFormat.MD: markdown.read,
    ImportFormat.HTML: html.read,
    ImportFormat.JSONL: jsonl.read,
    ImportFormat.CSV: csv.read,
}
TOOLS: Mapping[Tool, Callable[[bytes, Reading, str | None], Iterator[Incoming | Rejected]]] = {
    Tool.LABELSTUDIO: labelstudio.read,
    Tool.DOCCANO: doccano.read,
}
Kind: TypeAlias = ImportFormat | Tool
OTHER_NAMES: Mapping[str, ImportFormat] = {"htm": ImportFormat.HTML, "markdown": ImportFormat.MD}
READABLE = ", ".join(f".{name}" for name in READERS) + ", .json of Label Studio"
EXPORT_FILES = ("articles.jsonl", "sentences.jsonl", "manifest.json")


def export_folder(path: Path) -> Path | None:
    """The folder when the path is an export of ours or a file of one."""
    folder = path if path.is_dir() else path.parent
    named = path.is_dir() or path.name in EXPORT_FILES
    return folder if named and all((folder / name).is_file() for name in EXPORT_FILES) else None


def format_of(path: Path) -> Kind:
    """The format that the file name or the folder says. Raises Invalid with those that can be read."""
    if export_folder(path) is not None:
        return ImportFormat.CONTRACT
    if path.is_dir():
        raise Invalid(f"{path}: not a folder with {', '.join(EXPORT_FILES)}.")
    found = named(path.name)
    if found is None:
        raise Invalid(f"{path}: files of this kind are not read, only {READABLE} and a folder that annotator exported.")
    return found


def named(name: str) -> Kind | None:
    """The format that the end of a file name says; None when no reader has it."""
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    if suffix == "json":
        return Tool.LABELSTUDIO
    return OTHER_NAMES.get(suffix) or next((kind for kind in READERS if kind == suffix), None)


def kind_of(word: str) -> Kind:
    """The format of this name."""
    return Tool(word) if word in list(Tool) else ImportFormat(word)


def beginning(path: Path) -> bytes:
    """The first line of a file, or as much of it as a record may have. Raises OSError when it cannot be read."""
    with path.open("rb") as file:
        return file.readline(limits.FILE_BYTES)


def sha256(path: Path) -> str:
    """The hash of a file of any length."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def looked_into(kind: Kind, data: bytes, reading: Reading) -> Kind:
    """The format after a look at the first record: JSON lines are doccano's when they have its labels."""
    return Tool.DOCCANO if kind is ImportFormat.JSONL and doccano.is_doccano(data, reading) else kind


def stored_as(kind: Kind) -> ImportFormat:
    """The word that the import batch keeps: other tools write JSON."""
    return ImportFormat.JSONL if isinstance(kind, Tool) else kind


def read(kind: Kind, data: bytes, reading: Reading, name: str | None) -> Iterator[Incoming | Rejected]:
    """The articles of a file of this format."""
    return TOOLS[kind](data, reading, name) if isinstance(kind, Tool) else READERS[kind](data)


@dataclass(frozen=True, slots=True)
class Lines:
    """The articles of a file of JSON lines, read anew from the disk each time that they are gone through."""

    path: Path
    spread: Spread = one_by_one

    def __iter__(self) -> Iterator[Incoming | Rejected]:
        with self.path.open("rb") as file:
            yield from jsonl.records(file, spread=self.spread)

    def count(self) -> int:
        """How many articles there are, about: none of them is read."""
        with self.path.open("rb") as file:
            return jsonl.count(file)


def file_bytes(path: Path) -> bytes:
    """All bytes of an article file. Raises Invalid when there are too many, OSError when it cannot be read."""
    with path.open("rb") as file:
        data = file.read(limits.FILE_BYTES + 1)
    refuse_large(data, str(path))
    return data


def refuse_large(data: bytes, name: str) -> None:
    """Raises Invalid when an article file is larger than the limit."""
    if len(data) > limits.FILE_BYTES:
        raise Invalid(f"{name}: the file has more than {limits.FILE_BYTES // 2**20} MiB, which is the most.")
