"""Train the scores: `python -m annotator.nlp.model.train_suggestions NEWSSD.jsonl… [--out FILE]`.

Opinion is learnt from NewsSD, claim from the invented sentences of `claims.jsonl`; both by logistic regression with
a strong penalty, the classes weighed by PRIOR, so that no article and no list decides alone. The result is the same
each time.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotator.nlp.attributing import scenes_and_attributions
from annotator.nlp.evaluate_suggestions import auc
from annotator.nlp.scores import WEIGHTS, Sentence, claim_signs_of, opinion_signs_of, read
from annotator.nlp.segment import ENGLISH, segment_many
from annotator.nlp.signs import Signs
from annotator.nlp.suggest import TOGETHER, parsed

CLAIMS = Path(__file__).with_name("claims.jsonl")
PENALTY = {"claim": 60.0, "opinion": 100.0}
PRIOR = {"claim": 0.6, "opinion": 0.5}  # the share of sentences each label is expected on: most of news is claimed
TOPICAL = frozenset(
    ["name", "quoted word", "organisation or office", "event verb"]
)  # they tell NewsSD's articles apart
FOLDS = 10
CREDIT = (
    "Weights of opinion learnt from NewsSD: A Corpus for Sentence-Level Subjectivity Detection on English News "
    "Articles (2024, https://aclanthology.org/2024.lrec-main.25), CC BY 4.0; those of claim from invented sentences."
)
Array = NDArray[np.float64]


def main(arguments: Sequence[str] | None = None) -> None:
    """Train both models, show how they do on parts they have not seen, and write their weights."""
    parser = argparse.ArgumentParser(prog="python -m annotator.nlp.model.train_suggestions", description=__doc__)
    parser.add_argument("newssd", type=Path, nargs="+", metavar="NEWSSD")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    options = parser.parse_args(arguments)
    weights = {
        "claim": trained("claim", [CLAIMS], claim_signs_of, frozenset()),
        "opinion": trained("opinion", options.newssd, opinion_signs_of, TOPICAL),
    }
    text = json.dumps({"credit": CREDIT, "weights": weights}, indent=1, sort_keys=True, ensure_ascii=False)
    options.out.write_text(text + "\n", encoding="utf-8")


def trained(
    label: str, paths: Sequence[Path], reader: Callable[[Sentence], Signs], left_out: frozenset[str]
) -> dict[str, float]:
    """Train one model on files of lines `{"text", "label"}`."""
    lines = [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]
    found = [merged(list(map(reader, sentences))) for sentences in sentences_of([line["text"] for line in lines])]
    truth = np.array([line["label"] in (True, "SUBJ") for line in lines])
    names = sorted({name for one in found for name in one} - left_out)
    signs = np.array([[one.get(name, 0.0) for name in names] for one in found])
    parts = articles(lines) if "solved_conflict" in lines[0] else np.arange(len(lines)) % FOLDS
    macro, order = held_out(signs, truth, label, parts)
    sys.stdout.write(f"{label}: macro-F1 {macro:.3f}, AUC {order:.3f}, {parts.max() + 1} parts held out in turn\n")
    *weights, bias = fitted(signs, truth, label)
    return {"bias": round(bias, 4)} | {name: round(weight, 4) for name, weight in zip(names, weights, strict=True)}


def sentences_of(texts: Sequence[str]) -> list[list[Sentence]]:
    """Read the sentences of each text."""
    found: list[list[Sentence]] = []
    segmented = list(segment_many((text, ENGLISH) for text in texts))
    for start in range(0, len(texts), TOGETHER):
        batch = list(zip(texts[start : start + TOGETHER], segmented[start : start + TOGETHER], strict=True))
        for (text, one), passages in zip(batch, parsed(batch), strict=True):
            found.append(read(one, *scenes_and_attributions(text, one, passages)))
    return found


def merged(found: Sequence[Signs]) -> Signs:
    """Join the signs of a line that was cut into several sentences: the strongest of each counts."""
    return {name: max(one.get(name, 0.0) for one in found) for one in found for name in one}


def held_out(signs: Array, truth: NDArray[Any], label: str, parts: NDArray[Any]) -> tuple[float, float]:
    """Give macro-F1 and AUC where each part is scored by a model that has not seen it."""
    scores = np.zeros(len(truth))
    for part in range(parts.max() + 1):
        seen = parts != part
        *weights, bias = fitted(signs[seen], truth[seen], label)
        scores[~seen] = signs[~seen] @ np.array(weights) + bias
    macro = float(np.mean([f1(scores > 0, truth), f1(scores <= 0, ~truth)]))
    return macro, auc(truth.tolist(), scores.tolist())


def articles(lines: Sequence[dict[str, Any]]) -> NDArray[Any]:
    """Number the articles of NewsSD's lines: in each, the sentences that were argued about stand last."""
    argued = [bool(line["solved_conflict"]) for line in lines]
    return np.cumsum([False, *(before and not now for before, now in pairwise(argued))])


def f1(found: NDArray[Any], truth: NDArray[Any]) -> float:
    """Give F1 of one class."""
    return float(2 * (found & truth).sum() / max(1, found.sum() + truth.sum()))


def fitted(signs: Array, truth: NDArray[Any], label: str) -> list[float]:
    """Fit weights and a bias for signs as they are, by Newton's method over standardised ones."""
    mean, deviation = signs.mean(axis=0), signs.std(axis=0) + 0.05
    inputs = np.c_[(signs - mean) / deviation, np.ones(len(truth))]
    balance = np.where(truth, PRIOR[label] / truth.mean(), (1 - PRIOR[label]) / (1 - truth.mean()))
    penalties = np.diag([PENALTY[label]] * signs.shape[1] + [1e-6])
    weights = np.zeros(inputs.shape[1])
    for _ in range(50):
        expected = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (balance * (expected - truth)) + penalties @ weights
        curve = (inputs.T * (balance * expected * (1 - expected))) @ inputs + penalties
        weights -= np.linalg.solve(curve, slope)
    plain = weights[:-1] / deviation
    return [*map(float, plain), float(weights[-1] - plain @ mean)]


if __name__ == "__main__":
    main()
