"""Check an export: JSON Schemas, canonical bytes, and the rules beyond them. Streams, needs nothing but the folder."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

import jsonschema_rs
import orjson

from annotator.export import filters, rules
from annotator.export.manifest import Tally, manifest
from db import canonical

ARTICLES, SENTENCES, MANIFEST = "articles.jsonl", "sentences.jsonl", "manifest.json"
SCHEMAS = Path(__file__).parent / "schemas"
LONGEST_MESSAGE = 300
FRACTION = re.compile(rb"[:\[,]-?\d+[.eE]")
HASH = re.compile(r"[0-9a-f]{64}")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with an export: file, line (from 1), place in the line, what."""

    file: str
    line: int | None
    where: str
    message: str

    def __str__(self) -> str:
        places = [self.file, f"line {self.line}" if self.line else "", self.where]
        return f"{', '.join(filter(None, places))}: {self.message}"


def validate(folder: Path, progress: Progress | None = None) -> Iterator[Finding]:
    """Every finding; none for a sound export. `progress` is told of the sentences that were checked."""
    missing = [name for name in (ARTICLES, SENTENCES, MANIFEST) if not (folder / name).is_file()]
    for name in missing:
        yield Finding(name, None, "", "the file is missing")
    if missing:
        return
    with (folder / ARTICLES).open("rb") as articles, (folder / SENTENCES).open("rb") as sentences:
        named = _filters((folder / MANIFEST).read_bytes())
        reading = _Reading(_Lines(ARTICLES, "article", articles), _Lines(SENTENCES, "sentence", sentences), named)
        yield from reading.check(progress)
    yield from _manifest((folder / MANIFEST).read_bytes(), reading)


@dataclass(slots=True)
class _Lines:
    """The lines of one file; `current` is the one in hand."""

    name: str
    kind: str
    file: BinaryIO
    number: int = 0
    current: dict[str, Any] | None = None
    fits: bool = False
    digest: Any = field(default_factory=hashlib.sha256)

    def step(self) -> Iterator[Finding]:
        """Take the next line into hand; lines that are no objects are reported and passed over."""
        self.current = None
        while raw := self.file.readline():
            self.number += 1
            self.digest.update(raw)
            found, problems = _object(raw)
            if found is not None:
                problems += _schema_problems(self.kind, found)
                self.fits = not any(place is not None for place, _ in problems)
                self.current = found
            for place, message in problems:
                yield self.finding(place or "", message)
            if found is not None:
                return

    def finding(self, where: str, message: str) -> Finding:
        return Finding(self.name, self.number, where, message)


Place = str | None  # None: the bytes, not what they say


def _object(raw: bytes) -> tuple[dict[str, Any] | None, list[tuple[Place, str]]]:
    """A line as an object, and what is wrong with its bytes."""
    try:
        found = canonical.decode(raw)
    except orjson.JSONDecodeError as error:
        return None, [("", f"not JSON: {error}"[:LONGEST_MESSAGE])]
    if not isinstance(found, dict):
        return None, [("", "not a JSON object")]
    problems: list[tuple[Place, str]] = [
        (place, "a fraction where a whole number belongs") for place in _stray(found, raw)
    ]
    if canonical.encode(canonical.rounded(found)) + b"\n" != raw:
        problems.append((None, "the bytes are not canonical: UTF-8, keys sorted, no spaces, six decimals, one LF"))
    return found, problems


def _stray(line: Mapping[str, Any], raw: bytes) -> Iterator[str]:
    """Places of numbers with a fraction outside the agreement: a schema takes 3.0 for a whole number."""
    if FRACTION.search(raw.partition(b'"annotations":')[2] or raw):
        yield from (place for name, value in line.items() if name != "agreement" for place in _fractions(value, name))


def _fractions(value: Any, place: str) -> Iterator[str]:
    if isinstance(value, float):
        yield place
    elif isinstance(value, dict):
        yield from (found for name, inner in value.items() for found in _fractions(inner, f"{place}/{name}"))
    elif isinstance(value, list):
        yield from (found for n, inner in enumerate(value) for found in _fractions(inner, f"{place}/{n}"))


@cache
def _validator(kind: str) -> Any:
    return jsonschema_rs.Draft202012Validator(orjson.loads((SCHEMAS / f"{kind}.schema.json").read_bytes()))


def _schema_problems(kind: str, line: Mapping[str, Any]) -> list[tuple[Place, str]]:
    validator = _validator(kind)
    if validator.is_valid(line):
        return []
    return [
        ("/".join(map(str, error.instance_path)), error.message[:LONGEST_MESSAGE])
        for error in validator.iter_errors(line)
    ]


@dataclass(slots=True)
class _Reading:
    """Both files side by side: each article line with the sentence lines that name it."""

    articles: _Lines
    sentences: _Lines
    filters: Mapping[str, Any]  # what the manifest says that the export is limited to
    tally: Tally = field(default_factory=Tally)
    same: dict[tuple[str, str], str] = field(default_factory=dict)
    head: dict[str, Any] = field(default_factory=dict)  # project and guideline, as the last article has them
    whole: bool = True

    def check(self, progress: Progress | None) -> Iterator[Finding]:
        last = ""
        yield from self.articles.step()
        yield from self.sentences.step()
        while (article := self.articles.current) is not None:
            uid = str(article.get("id"))
            if uid <= last:
                yield self.articles.finding("id", "the lines are not in the order of their ids, or one comes twice")
            last = max(last, uid)
            yield from self._one(article, uid)
            if progress is not None:
                progress(len(article.get("sentence_ids") or ()))
            yield from self.articles.step()
        while self.sentences.current is not None:
            yield from self._orphan()

    def _one(self, article: dict[str, Any], uid: str) -> Iterator[Finding]:
        """One article with its sentences; rules are for lines that fit the schemas."""
        fit = self.articles.fits
        found: list[dict[str, Any]] = []
        numbers: list[int] = []
        while (sentence := self.sentences.current) is not None:
            if str(sentence.get("article_id")) < uid:
                yield from self._orphan()
                continue
            if sentence.get("article_id") != uid:
                break
            fit = fit and self.sentences.fits
            found.append(sentence)
            numbers.append(self.sentences.number)
            yield from self.sentences.step()
        if not fit:
            self.whole = False
            return
        yield from self._across(article)
        self.tally.article(article)
        for sentence in found:
            self.tally.sentence(sentence)
        for message in filters.problems(self.filters, article, found):
            yield self.articles.finding("filters", message)
        for place, where, message in rules.check(article, found):
            line = self.articles if place is None else self.sentences
            yield Finding(line.name, self.articles.number if place is None else numbers[place], where, message)

    def _orphan(self) -> Iterator[Finding]:
        yield self.sentences.finding("article_id", "no article line has this id, or the lines are out of order")
        yield from self.sentences.step()

    def _across(self, article: Mapping[str, Any]) -> Iterator[Finding]:
        """What several articles say of one thing is the same, and what belongs to one is not another's."""
        batch = article["import_batch"]
        said = [("import_batch", batch["id"], batch), ("project", "", article["project"])]
        said += [("guideline", "", article["guideline"])]
        said += [
            (name, entry["id"], {key: value for key, value in entry.items() if key not in ("assigned", "complete")})
            for name in ("reviewers", "speakers", "sources")
            for entry in article[name]
        ]
        if article["external_id"] is not None:
            said.append(("external_id", article["external_id"], article["id"]))
        for name, key, value in said:
            digest = canonical.sha256(canonical.encode(value))
            if self.same.setdefault((name, key), digest) != digest:
                yield self.articles.finding(name, f"another article says something else of it: {key}".rstrip(": "))
        self.head = {"guideline": article["guideline"], "project": article["project"]}


def _filters(raw: bytes) -> dict[str, Any]:
    """The filters that a manifest names; none where they make no sense, which is reported with the manifest."""
    found, _ = _object(raw)
    named: dict[str, Any] = (found or {}).get("filters") or {}
    return named if filters.fit(named) else {}


def _manifest(raw: bytes, reading: _Reading) -> Iterator[Finding]:
    """The manifest says what was counted; of an empty export project and guideline are its own."""
    found, problems = _object(raw)
    for place, message in problems:
        yield Finding(MANIFEST, 1, place or "", message)
    if found is None:
        return
    head: dict[str, Any] = {name: found.get(name) for name in ("guideline", "project")} | reading.head
    if not isinstance(head["project"], str) or not _is_guideline(head["guideline"]):
        yield Finding(MANIFEST, 1, "guideline", "project and guideline with version and sha256 are needed")
        return
    if "filters" in found and not filters.fit(found["filters"]):
        yield Finding(MANIFEST, 1, "filters", "not filters that this program knows, in their shape")
        return
    files = {lines.name: lines.digest.hexdigest() for lines in (reading.articles, reading.sentences)}
    wanted = manifest(**head, counts=reading.tally.counts(), files=files, filters=found.get("filters"))
    for name in sorted(wanted.keys() | found.keys()):
        expected = canonical.text(wanted[name]) if name in wanted else "nothing of this name"
        counted = name != "counts" or reading.whole  # lines that fit no schema were not counted
        if counted and canonical.encode(wanted.get(name)) != canonical.encode(found.get(name)):
            yield Finding(MANIFEST, 1, name, f"the files give {expected}")


def _is_guideline(found: Any) -> bool:
    return (
        isinstance(found, dict)
        and found.keys() == {"version", "sha256"}
        and all(isinstance(value, str) and value for value in found.values())
        and HASH.fullmatch(found["sha256"]) is not None
    )
