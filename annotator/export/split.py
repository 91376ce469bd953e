"""An export cut into parts by article, so that no article and no near-duplicate of one is in two of them."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from annotator.domain.near_duplicates import ALIKE, Index, clusters
from annotator.domain.splits import split
from annotator.errors import Invalid
from annotator.export import contract, filters
from annotator.export.manifest import Tally, manifest
from annotator.export.target import whole_folder
from db import canonical

SPLIT = "split.json"
LINES = (contract.ARTICLES, contract.SENTENCES)
Line = Mapping[str, Any]


@dataclass(slots=True)
class _Part:
    """One part while it is written: an export of its own."""

    files: Mapping[str, BinaryIO]
    tally: Tally = field(default_factory=Tally)
    hashes: dict[str, Any] = field(default_factory=lambda: {name: hashlib.sha256() for name in LINES})

    def put(self, name: str, raw: bytes) -> None:
        self.files[name].write(raw)
        self.hashes[name].update(raw)


def write(source: Path, target: Path, ratios: Mapping[str, int], *, seed: int) -> dict[str, Any]:
    """Write a folder with a part in each sub-folder and split.json; the parts' sizes, by name.

    The source must be an export that validates: its lines are taken as they are.
    """
    whole = canonical.decode((source / contract.MANIFEST).read_bytes())
    if filters.SPLIT in whole.get("filters", {}):
        raise Invalid(f"{source} is a part of a split already.")
    groups = clusters(_near(source))
    part_of = split(groups, ratios, seed=seed)
    named = {"ratios": dict(ratios), "seed": seed}
    with whole_folder(target, ledger=SPLIT) as folder, ExitStack() as stack:
        parts = {}
        for name in ratios:
            (folder / name).mkdir()
            parts[name] = _Part({n: stack.enter_context((folder / name / n).open("wb")) for n in LINES})
        for raw, article, sentences in _articles(source):
            _copy(parts[part_of[article["id"]]], raw, article, sentences)
        for name, part in parts.items():
            limits = {**whole.get("filters", {}), filters.SPLIT: {"name": name, **named}}
            (folder / name / contract.MANIFEST).write_bytes(contract.encode(_manifest(whole, part, limits)))
        found = _report(named, part_of, groups)
        found["files"] = {f"{name}/{file}": {} for name in ratios for file in (*part.files, contract.MANIFEST)}
        (folder / SPLIT).write_bytes(contract.encode(found))
    return found


def _near(source: Path) -> dict[str, list[str]]:
    """Each article with those before it that are nearly the same."""
    index = Index()
    with (source / contract.ARTICLES).open("rb") as lines:
        articles = (canonical.decode(line) for line in lines)
        return {found["id"]: [other for other, _ in index.add(found["id"], found["text"])] for found in articles}


def _articles(source: Path) -> Iterator[tuple[bytes, Line, Iterator[bytes]]]:
    with (source / contract.ARTICLES).open("rb") as articles, (source / contract.SENTENCES).open("rb") as sentences:
        for raw in articles:
            article = canonical.decode(raw)
            yield raw, article, (sentences.readline() for _ in article["sentence_ids"])


def _copy(part: _Part, raw: bytes, article: Line, sentences: Iterator[bytes]) -> None:
    part.tally.article(article)
    part.put(contract.ARTICLES, raw)
    for line in sentences:
        part.tally.sentence(canonical.decode(line))
        part.put(contract.SENTENCES, line)


def _manifest(whole: Line, part: _Part, limits: Line) -> dict[str, Any]:
    return manifest(
        project=whole["project"], guideline=whole["guideline"], counts=part.tally.counts(),
        files={name: digest.hexdigest() for name, digest in part.hashes.items()}, filters=limits,
    )  # fmt: skip


def _report(named: Line, part_of: Mapping[str, str], groups: list[list[str]]) -> dict[str, Any]:
    """What split.json says: the part of every article, and which stayed together because they are nearly the same."""
    return {
        **named,
        "articles": dict(sorted(part_of.items())),
        "near_duplicates": {"alike": ALIKE, "clusters": [group for group in groups if len(group) > 1]},
        "type": "split",
    }
