"""Score the segmentation: `python -m annotator.nlp.evaluate FILE…`, of lines `{"text", "gold": [[start, end]]}`."""

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from annotator.nlp.rivals import Span, rival, split_documents
from annotator.nlp.segment import engine, segment_many

DocumentSplitter = Callable[[Sequence[str]], Iterable[list[Span]]]


@dataclass
class Counts:
    """How many sentences were right, by whole span and by end, of how many found and how many in gold."""

    spans: int = 0
    ends: int = 0
    found: int = 0
    gold: int = 0

    def add(self, found: Sequence[Span], gold: Sequence[Span]) -> None:
        """Count one document."""
        self.spans += len({*found} & {*gold})
        self.ends += len({end for _, end in found} & {end for _, end in gold})
        self.found += len(found)
        self.gold += len(gold)

    def f1(self, right: int) -> float:
        """Give F1 in percent: twice the right ones by those found and those in gold."""
        return 200 * right / (self.found + self.gold) if self.found + self.gold else 0.0

    def line(self, name: str) -> str:
        """Show one line of the table."""
        return f"{name:24} {self.gold:6} {self.f1(self.spans):7.2f} {self.f1(self.ends):7.2f}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print exact-span F1, boundary F1 and speed for each file of gold sentences, by genre."""
    parser = argparse.ArgumentParser(prog="python -m annotator.nlp.evaluate", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--language", default="en")
    parser.add_argument("--beside", nargs="*", default=[], metavar="NAME", help="sentencizer, pysbd, a spaCy pipeline")
    options = parser.parse_args(arguments)
    splitters = {engine(options.language): ours(options.language)}
    for name in options.beside:
        splitters[name] = partial(split_documents, split=rival(name))
    for name, split in splitters.items():
        list(split(["All is loaded before the clock starts."]))
        for path in options.files:
            sys.stdout.writelines(f"{line}\n" for line in report(path, name, split))


def ours(language: str) -> DocumentSplitter:
    """Give our own segmentation of documents."""

    def split(texts: Sequence[str]) -> Iterator[list[Span]]:
        for result in segment_many((text, language) for text in texts):
            yield [(sentence.start, sentence.end) for sentence in result.sentences]

    return split


def report(path: Path, name: str, split: DocumentSplitter) -> Iterator[str]:
    """Score one file and show the table of its genres and the speed in characters per CPU second."""
    documents = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    started = time.process_time()
    results = list(split([document["text"] for document in documents]))
    seconds = time.process_time() - started
    counts: dict[str, Counts] = defaultdict(Counts)
    for document, found in zip(documents, results, strict=True):
        for genre in (document.get("genre", "no genre"), "all"):
            counts[genre].add(found, [(start, end) for start, end in document["gold"]])
    yield f"\n{name}\n{path.name:24} {'gold':>6} {'spans':>7} {'ends':>7}"
    yield from (counts[genre].line(genre) for genre in sorted(counts))
    characters = sum(len(document["text"]) for document in documents)
    yield f"{characters:,} characters, {characters / seconds:,.0f} a CPU second"


if __name__ == "__main__":
    main()
