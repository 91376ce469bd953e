"""Score the suggestions: `python -m annotator.nlp.evaluate_suggestions FILE…`.

A file of lines `{"text", "attributions"}` is scored for attributions, one of `{"text", "label"}` (SUBJ or OBJ, or
true or false for a claim) for sentence scores.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.nlp.suggest import engine, suggest, suggest_many
from annotator.nlp.suggestions import Attribution

EDGES = " \t\n“”‘’\"'«»„.,:;"
ASPECTS = ("speaker", "exact content", "exact cue", "type", "mode", "naming", "negated", "nested")
Pieces = Sequence[tuple[int, int]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print precision, recall and F1 for each file of gold attributions, and macro-F1 for each of gold sentences."""
    parser = argparse.ArgumentParser(prog="python -m annotator.nlp.evaluate_suggestions", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--verbose", action="store_true", help="show each attribution that is wrong or missing")
    options = parser.parse_args(arguments)
    suggest("The model is loaded before the clock starts.")
    sys.stdout.write(f"{engine()}\n")
    for path in options.files:
        documents = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        sys.stdout.write(f"\n{path.name}\n")
        started = time.process_time()
        results = list(suggest_many((document["text"], "en") for document in documents))
        seconds = time.process_time() - started
        if "attributions" in documents[0]:
            sys.stdout.writelines(f"{line}\n" for line in attribution_report(documents, results, options.verbose))
        else:
            sys.stdout.writelines(f"{line}\n" for line in sentence_report(documents, results, options.verbose))
        characters = sum(len(document["text"]) for document in documents)
        sys.stdout.write(f"{characters:,} characters, {characters / seconds:,.0f} a CPU second\n")


@dataclass
class Tally:
    """What was right of the attributions of a file."""

    gold: int = 0
    found: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("relation", *ASPECTS), 0))
    quoted: list[int] = field(default_factory=lambda: [0, 0, 0])  # letters right, found, in gold

    def add(
        self, text: str, gold: Sequence[Any], found: Sequence[Attribution], pairs: Sequence[tuple[int, int]]
    ) -> None:
        """Count one text."""
        self.gold += len(gold)
        self.found += len(found)
        for one, other in ((gold[g], found[f]) for g, f in pairs):
            for aspect, is_right in compared(text, one, other).items():
                self.right[aspect] += is_right
        in_gold = inside(text, [one["content"] for one in gold if one["type"] == "direct"])
        in_found = inside(text, [spans(one.content) for one in found if one.type == "direct"])
        for place, letters in enumerate((in_gold & in_found, in_found, in_gold)):
            self.quoted[place] += len(letters)

    def lines(self) -> Iterator[str]:
        """Show the tally."""
        matched = self.right["relation"]
        yield f"relations       {prf(matched, self.found, self.gold)}  of {self.gold}"
        yield f"quoted content  {prf(*self.quoted)}  by letter"
        for aspect in ASPECTS:
            yield f"{aspect:15} {self.right[aspect] / max(matched, 1):.3f}  of the {matched} right relations"


def attribution_report(documents: Sequence[Any], results: Sequence[Any], verbose: bool) -> Iterator[str]:
    """Pair gold and suggested attributions of each text, and show how many are right."""
    tally = Tally()
    for document, result in zip(documents, results, strict=True):
        text, gold, found = document["text"], document["attributions"], result.attributions
        pairs = list(paired(gold, found))
        tally.add(text, gold, found, pairs)
        if verbose:
            yield from (f"  {document.get('doc_id')} {line}" for line in differences(text, gold, found, pairs))
    yield from tally.lines()


def compared(text: str, one: Any, other: Attribution) -> dict[str, bool]:
    """Tell what of a suggested attribution is as in gold; the speaker is right where the mentions meet."""
    return {
        "relation": True,
        "speaker": overlap(one["speaker"], spans(other.speaker)) > 0 or not (one["speaker"] or other.speaker),
        "exact content": bare(text, one["content"]) == bare(text, spans(other.content)),
        "exact cue": bare(text, one["cue"]) == bare(text, spans(other.cue)),
        "type": one["type"] == other.type,
        "mode": one["mode"] == other.mode,
        "naming": one["naming"] == other.naming,
        "negated": one["negated"] == other.negated,
        "nested": (one["parent"] is None) == (other.parent is None),
    }


def differences(
    text: str, gold: Sequence[Any], found: Sequence[Attribution], pairs: Sequence[tuple[int, int]]
) -> Iterator[str]:
    """Show each attribution that is missing, too many, or not as in gold."""
    for g, f in pairs:
        wrong = [aspect for aspect, is_right in compared(text, gold[g], found[f]).items() if not is_right]
        if wrong:
            yield f"differs in {', '.join(wrong)}: {show(text, gold[g])} FOUND {show_found(text, found[f])}"
    for g in sorted(set(range(len(gold))) - {g for g, _ in pairs}):
        yield f"missing: {show(text, gold[g])}"
    for f in sorted(set(range(len(found))) - {f for _, f in pairs}):
        yield f"too many: {show_found(text, found[f])}"


def paired(gold: Sequence[Any], found: Sequence[Attribution]) -> Iterator[tuple[int, int]]:
    """Pair attributions whose cues and contents meet, those whose contents share most letters first."""
    likeness = sorted(
        (-alike(one["content"], spans(other.content)), g, f)
        for g, one in enumerate(gold)
        for f, other in enumerate(found)
        if overlap(one["cue"], spans(other.cue)) and overlap(one["content"], spans(other.content))
    )
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _, g, f in likeness:
        if g not in used_gold and f not in used_found:
            used_gold.add(g)
            used_found.add(f)
            yield g, f


def alike(one: Pieces, other: Pieces) -> float:
    """Give twice the shared characters of two contents by the characters of both."""
    return 2 * overlap(one, other) / max(1, length(one) + length(other))


def spans(pieces: Iterable[Any]) -> list[tuple[int, int]]:
    """Give spans as pairs."""
    return [(piece.start, piece.end) for piece in pieces]


def length(pieces: Pieces) -> int:
    """Give how many characters some pieces have."""
    return sum(end - start for start, end in pieces)


def overlap(one: Pieces, other: Pieces) -> int:
    """Give how many characters two lists of pieces share."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in one for b in other)


def inside(text: str, contents: Iterable[Pieces]) -> set[int]:
    """Give the places of the letters in some contents."""
    return {
        place for pieces in contents for start, end in pieces for place in range(start, end) if text[place].isalnum()
    }


def bare(text: str, pieces: Pieces) -> list[str]:
    """Give the words of pieces without blanks, quotation marks and punctuation at their edges."""
    return [text[start:end].strip(EDGES) for start, end in pieces]


def prf(right: int, found: int, gold: int) -> str:
    """Show precision, recall and F1."""
    precision, recall = right / max(found, 1), right / max(gold, 1)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {2 * right / max(found + gold, 1):.3f}"


def show(text: str, one: Any) -> str:
    """Show a gold attribution in one line."""
    parts = [" | ".join(text[start:end] for start, end in one[name]) for name in ("speaker", "cue", "content")]
    return f"[{parts[0]}] {{{parts[1]}}} ({parts[2]}) {one['type']} {one['mode']} {one['naming']}"


def show_found(text: str, one: Attribution) -> str:
    """Show a suggested attribution in one line."""
    parts = {name: spans(getattr(one, name)) for name in ("speaker", "cue", "content")}
    return show(text, {**parts, "type": one.type, "mode": one.mode, "naming": one.naming}) + f" «{one.reason}»"


def sentence_report(documents: Sequence[Any], results: Sequence[Any], verbose: bool) -> Iterator[str]:
    """Score opinion or claim of sentences at the threshold 0.5, and the order of the scores."""
    name = "opinion" if documents[0]["label"] in {"SUBJ", "OBJ"} else "claim"
    gold = [document["label"] in {"SUBJ", True} for document in documents]
    scores = [max((getattr(one, name) for one in result.sentences), default=0.0) for result in results]
    found = [score >= 0.5 for score in scores]
    values = []
    for kind in (True, False):
        right = sum(g == f == kind for g, f in zip(gold, found, strict=True))
        values.append(2 * right / max(1, found.count(kind) + gold.count(kind)))
        yield f"{name} {kind!s:5}  {prf(right, found.count(kind), gold.count(kind))}"
    yield f"macro-F1 {sum(values) / 2:.3f}  AUC {auc(gold, scores):.3f}"
    if verbose:
        for document, score, g in zip(documents, scores, gold, strict=True):
            if (score >= 0.5) != g:
                yield f"  {score:.2f} {g} {document['text'][:150]}"


def auc(gold: Sequence[bool], scores: Sequence[float]) -> float:
    """Give the share of pairs of a right and a wrong one that are in order, ties half."""
    yes = [score for score, g in zip(scores, gold, strict=True) if g]
    no = [score for score, g in zip(scores, gold, strict=True) if not g]
    wins = sum((a > b) + 0.5 * (a == b) for a in yes for b in no)
    return wins / max(1, len(yes) * len(no))


if __name__ == "__main__":
    main()
