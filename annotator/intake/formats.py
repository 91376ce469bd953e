"""Which reader a file gets, and its bytes within the limits."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePath

from annotator.errors import Invalid
from annotator.intake import csv, html, jsonl, limits, markdown, text
from annotator.intake.incoming import Incoming, Rejected
from db.vocabulary import ImportFormat

Reader = Callable[[bytes], Iterator[Incoming | Rejected]]
READERS: Mapping[ImportFormat, Reader] = {
    ImportFormat.TXT: text.read,
    ImportFormat.MD: markdown.read,
    ImportFormat.HTML: html.read,
    ImportFormat.JSONL: jsonl.read,
    ImportFormat.CSV: csv.read,
}
OTHER_NAMES: Mapping[str, ImportFormat] = {"htm": ImportFormat.HTML, "markdown": ImportFormat.MD}
READABLE = ", ".join(f".{name}" for name in READERS)
EXPORT_FILES = ("articles.jsonl", "sentences.jsonl", "manifest.json")


def export_folder(path: Path) -> Path | None:
    """The folder when the path is an export of ours or a file of one."""
    folder = path if path.is_dir() else path.parent
    named = path.is_dir() or path.name in EXPORT_FILES
    return folder if named and all((folder / name).is_file() for name in EXPORT_FILES) else None


def format_of(path: Path) -> ImportFormat:
    """The format that the file name or the folder says. Raises Invalid with those that can be read."""
    if export_folder(path) is not None:
        return ImportFormat.CONTRACT
    if path.is_dir():
        raise Invalid(f"{path}: not a folder with {', '.join(EXPORT_FILES)}.")
    found = named(path.name)
    if found is None:
        raise Invalid(f"{path}: files of this kind are not read, only {READABLE} and a folder that annotator exported.")
    return found


def named(name: str) -> ImportFormat | None:
    """The format that the end of a file name says; None when no reader has it."""
    suffix = PurePath(name).suffix.lower().removeprefix(".")
    return OTHER_NAMES.get(suffix) or next((kind for kind in READERS if kind == suffix), None)


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
