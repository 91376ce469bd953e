"""What decides where a text is cut and what is suggested for it: two machines that agree in it give the same bytes."""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from annotator.nlp import installed, segment, suggest

PACKAGE = "claim-annotator"
HASHED = 8  # hexadecimal digits of the hash of the program's files


@dataclass(frozen=True, slots=True)
class Versions:
    """Finds the versions that sentences, and suggestions where they are made, depend on, each under its name.

    `pipelines` are the (language, spaCy pipeline) pairs of a project. Raises Unavailable when one is not installed.
    """

    pipelines: tuple[tuple[str, str], ...] = ()
    suggesting: bool = False

    def __call__(self) -> Mapping[str, str]:
        found = {
            "Python": ".".join(map(str, sys.version_info[:2])),  # its tables say what a letter is
            PACKAGE: f"{version(PACKAGE)} ({program()})",
            "sentences": segment.engine(),
        }
        for language, name in self.pipelines:
            found[f"sentences in {language}"] = segment.engine(language, installed=installed.require(name))
        return found | ({"suggestions": suggest.engine()} if self.suggesting else {})


@cache
def program() -> str:
    """A hash of the program's files: the version does not tell one working copy from another."""
    folder = Path(__file__).parents[1]
    found = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        found.update(f"{file.relative_to(folder)}\n".encode() + file.read_bytes())
    return found.hexdigest()[:HASHED]
