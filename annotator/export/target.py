"""The folder of one format: made beside its place, put there when whole, with losses.json that says what was lost."""

import hashlib
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from annotator.errors import Refused
from annotator.export.manifest import Tally
from annotator.export.works import Work
from db import canonical

LEDGER = "losses.json"
Put = Callable[[bytes], None]


@dataclass(slots=True)
class Target:
    """Where a format writes its files; it counts what passed, what was written and what was lost."""

    folder: Path
    losses: Mapping[str, str]  # what the format cannot carry, in words, by its name in the ledger
    filters: Mapping[str, Any] = field(default_factory=dict)  # what the export is limited to
    tally: Tally = field(default_factory=Tally)
    written: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    files: dict[str, str] = field(default_factory=dict)
    project: str | None = None

    @contextmanager
    def file(self, name: str) -> Iterator[Put]:
        """A function that writes to the file of this name inside the folder."""
        path, digest = self.folder / name, hashlib.sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:

            def put(data: bytes) -> None:
                digest.update(data)
                file.write(data)

            yield put
            file.flush()
            os.fsync(file.fileno())
        self.files[name] = digest.hexdigest()

    def wrote(self, what: str, number: int = 1) -> None:
        self.written[what] += number

    def lose(self, what: str, number: int = 1) -> None:
        """Count what could not be carried; `what` is one of the format's losses."""
        assert what in self.losses, what
        self.lost[what] += number

    def pass_on(self, works: Iterator[Work], progress: Callable[[int], None] | None = None) -> Iterator[Work]:
        """The same articles, counted as the contract's manifest counts them."""
        for work in works:
            self.project = work.article["project"]
            self.tally.article(work.article)
            for sentence in work.sentences:
                self.tally.sentence(sentence)
            yield work
            if progress is not None:
                progress(len(work.sentences))

    def ledger(self, format_: str) -> dict[str, Any]:
        """What the corpus held, what of it was written, what was lost and why; no clock, no host, no path."""
        return {
            "counts": self.tally.counts(),
            "files": {name: {"sha256": digest} for name, digest in self.files.items()},
            **({"filters": dict(self.filters)} if self.filters else {}),
            "format": format_,
            "losses": {name: {"count": self.lost[name], "what": what} for name, what in self.losses.items()},
            "project": self.project,
            "type": "losses",
            "written": dict(self.written),
        }

    def close(self, format_: str) -> dict[str, Any]:
        """Write the ledger, which makes the folder whole, and return it."""
        found = self.ledger(format_)
        (self.folder / LEDGER).write_bytes(canonical.encode(found) + b"\n")
        return found


@contextmanager
def whole_folder(place: Path, *, ledger: str = LEDGER) -> Iterator[Path]:
    """A new folder that takes its place when the block ends well and leaves nothing behind when it does not.

    A folder that stands there is replaced only when an export like this one wrote everything in it: `ledger` names
    the file that lists the others.
    """
    _refuse_others_files(place, ledger)
    unfinished, old = (place.with_name(f".{place.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    unfinished.mkdir(parents=True)
    try:
        yield unfinished
        if place.exists():
            place.rename(old)
        try:
            unfinished.rename(place)
        except OSError:
            if old.exists():
                old.rename(place)
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _refuse_others_files(place: Path, ledger: str) -> None:
    if not place.exists():
        return
    if not place.is_dir():
        raise Refused(f"{place} is a file, and the export needs a folder there.")
    ours = _named(place / ledger) | {ledger}
    for file in sorted(file for file in place.rglob("*") if not file.is_dir()):
        if file.relative_to(place).as_posix() not in ours:
            raise Refused(f"{file} is not from an earlier export: take it away, or export into another folder.")


def _named(ledger: Path) -> set[str]:
    """The files that the ledger of an earlier export lists."""
    if not ledger.is_file():
        return set()
    try:
        files = canonical.decode(ledger.read_bytes())["files"]
        return set(files)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return set()
