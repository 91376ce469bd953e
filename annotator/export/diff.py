"""What is different in two exports: added, changed, withdrawn; both are read side by side, an article at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from annotator.errors import Invalid
from annotator.export.validate import ARTICLES, SENTENCES
from db import canonical

Line = Mapping[str, Any]
ADDED, CHANGED, WITHDRAWN = "added", "changed", "withdrawn"
KINDS = ("article", "sentence", "annotation", "gold", "speaker", "source")
# of an article what it says of itself; what hangs on it is compared by itself, what is counted from that is not
LISTS = {"speakers": "speaker", "sources": "source"}
COUNTED = {"agreement", "sentence_ids", "reviewers", *LISTS}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that only one export has, or that they do not say the same of."""

    kind: str
    change: str
    id: str
    article_id: str
    fields: tuple[str, ...] = ()  # of what changed

    def __str__(self) -> str:
        said = f"{self.change} {self.kind} {self.id}"
        where = "" if self.kind == "article" else f" in {self.article_id}"
        return said + where + (f": {', '.join(self.fields)}" if self.fields else "")


@dataclass(frozen=True, slots=True)
class _Whole:
    """An article line and its sentence lines."""

    article: Line
    sentences: tuple[Line, ...]

    def things(self) -> Iterator[tuple[str, str, Line]]:
        """(kind, id, what is said) of all that is compared."""
        article = self.article
        yield "article", article["id"], {name: value for name, value in article.items() if name not in COUNTED}
        for name, kind in LISTS.items():
            yield from ((kind, entry["id"], entry) for entry in article[name])
        for sentence in self.sentences:
            own = {n: v for n, v in sentence.items() if n not in ("annotations", "gold", "agreement", "primary_label")}
            yield "sentence", sentence["id"], own
            yield from (("annotation", found["id"], found) for found in sentence["annotations"])
            if sentence["gold"] is not None:
                yield "gold", sentence["id"], sentence["gold"]


def compare(old: Path, new: Path) -> Iterator[Difference]:
    """Every difference, article by article in the order of their ids. Raises Invalid for what is no export."""
    before, after = _articles(old), _articles(new)
    one, other = next(before, None), next(after, None)
    while one is not None or other is not None:
        first = min(found.article["id"] for found in (one, other) if found is not None)
        left = one if one is not None and one.article["id"] == first else None
        right = other if other is not None and other.article["id"] == first else None
        yield from _between(first, left, right)
        one = next(before, None) if left is not None else one
        other = next(after, None) if right is not None else other


def _between(article: str, old: _Whole | None, new: _Whole | None) -> Iterator[Difference]:
    was, is_ = ({(kind, uid): said for kind, uid, said in whole.things()} if whole else {} for whole in (old, new))
    for key in sorted(was.keys() | is_.keys(), key=lambda key: (KINDS.index(key[0]), key[1])):
        kind, uid = key
        if key not in was:
            yield Difference(kind, ADDED, uid, article)
        elif key not in is_:
            yield Difference(kind, WITHDRAWN, uid, article)
        elif canonical.encode(was[key]) != canonical.encode(is_[key]):
            names = sorted(was[key].keys() | is_[key].keys())
            changed = tuple(name for name in names if was[key].get(name) != is_[key].get(name))
            yield Difference(kind, CHANGED, uid, article, changed)


def _articles(folder: Path) -> Iterator[_Whole]:
    """The articles of an export in its order, each with its sentences."""
    missing = [name for name in (ARTICLES, SENTENCES) if not (folder / name).is_file()]
    if missing:
        raise Invalid(f"{folder} is no export: {' and '.join(missing)} missing.")
    with (folder / ARTICLES).open("rb") as articles, (folder / SENTENCES).open("rb") as sentences:
        numbered = enumerate(iter(sentences.readline, b""), 1)
        last = ""
        for number, raw in enumerate(iter(articles.readline, b""), 1):
            article = _line(folder / ARTICLES, number, raw)
            if article["id"] <= last:
                raise Invalid(f"{folder / ARTICLES}, line {number}: the articles are not in the order of their ids.")
            last = article["id"]
            yield _Whole(article, tuple(_take(folder, numbered, article)))
        if next(numbered, None) is not None:
            raise Invalid(f"{folder / SENTENCES}: there are more sentences than the articles name.")


def _take(folder: Path, lines: Iterator[tuple[int, bytes]], article: Line) -> Iterator[Line]:
    for _ in article["sentence_ids"]:
        number, raw = next(lines, (0, b""))
        sentence = _line(folder / SENTENCES, number, raw)
        if sentence["article_id"] != article["id"]:
            raise Invalid(f"{folder / SENTENCES}, line {number}: a sentence of {article['id']} should stand here.")
        yield sentence


NEEDED = {ARTICLES: {"id", "sentence_ids", *LISTS}, SENTENCES: {"id", "article_id", "annotations", "gold"}}


def _line(file: Path, number: int, raw: bytes) -> Line:
    try:
        found = canonical.decode(raw)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"{file}, line {number}: not JSON ({error}).") from error
    if not isinstance(found, dict) or not NEEDED[file.name] <= found.keys():
        raise Invalid(f"{file}, line {number}: not a line of an export. annotator validate says what is wrong.")
    return found
