"""Train the sentence model: `python -m annotator.nlp.model.train TRAIN.jsonl [--out FOLDER]`."""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config, registry
from thinc.api import compounding, fix_random_seed

from annotator.nlp.rules import split_missing_spaces
from annotator.nlp.segment import MODEL, MODEL_VERSION

CONFIG = Path(__file__).with_name("config.cfg")
CURLY_SHARE = 0.3  # of the paragraphs get typographic quotation marks, as edited news has them
SMALL_SHARE = 0.05  # lose their capitals, as in e-mail
STRANGE_SHARE = 0.1  # of the words become unknown ones of the same shape, so that few names are learnt by heart
CURLY = {'"': "“”", "'": "‘’"}
CREDIT = (
    "Trained on UD English EWT (Silveira et al. 2014, https://github.com/UniversalDependencies/UD_English-EWT), "
    "CC BY-SA 4.0."
)
META = {
    "name": "annotator_senter",
    "version": MODEL_VERSION,
    "license": "CC BY-SA 4.0",
    "description": CREDIT,
    "spacy_version": ">=3.8.7,<3.9",  # as in pyproject.toml: spaCy warns where a model was made for another version
}


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of training text and where its sentences start."""

    text: str
    starts: frozenset[int]


def paragraphs(path: Path) -> Iterator[Paragraph]:
    """Read the paragraphs of a file of documents with gold sentence spans."""
    for line in path.read_text(encoding="utf-8").splitlines():
        document = json.loads(line)
        start = 0
        for text in document["text"].split("\n\n"):
            end = start + len(text)
            yield Paragraph(text, frozenset(s - start for s, _ in document["gold"] if start <= s < end))
            start = end + 2


def varied(paragraph: Paragraph, rng: random.Random) -> str:
    """Vary a paragraph without moving a character, as other kinds of text would write it."""
    text = paragraph.text
    if rng.random() < CURLY_SHARE:
        text = curly(text)
    if rng.random() < SMALL_SHARE:
        text = text.lower() if len(text.lower()) == len(text) else text
    return text


def curly(text: str) -> str:
    """Turn straight quotation marks into typographic ones, by the character before each."""
    signs = list(text)
    for place, sign in enumerate(signs):
        if sign in CURLY:
            opens = place == 0 or not (signs[place - 1].isalnum() or signs[place - 1] in ".,!?;:)]")
            signs[place] = CURLY[sign][0 if opens else 1]
    return "".join(signs)


def example(nlp: Language, paragraph: Paragraph, rng: random.Random) -> Example:
    """Make a training example of one paragraph, varied."""
    doc = nlp.make_doc(varied(paragraph, rng))
    words = [strange(token.text, rng) for token in doc]
    spaces = [bool(token.whitespace_) for token in doc]
    starts: list[bool | int | None] = [token.i == 0 or token.idx in paragraph.starts for token in doc]
    reference = Doc(nlp.vocab, words=words, spaces=spaces, sent_starts=starts)
    return Example(Doc(nlp.vocab, words=words, spaces=spaces), reference)


def strange(word: str, rng: random.Random) -> str:
    """Turn one word of letters in ten into an unknown one: the letters inside are shuffled, the shape is kept."""
    if len(word) < 5 or not word.isalpha() or rng.random() >= STRANGE_SHARE:
        return word
    inner = list(word[1:-1])
    rng.shuffle(inner)
    mixed = "".join(inner)
    return word[0] + (mixed if word.isupper() else mixed.lower()) + word[-1]


def train(source: Path, target: Path) -> None:
    """Train on one file and write the model, with its weights averaged over the steps, to a folder."""
    config = load_config(CONFIG)
    settings = config["training"]
    fix_random_seed(settings["seed"])
    rng = random.Random(settings["seed"])
    nlp = load_model_from_config(config, meta=META, auto_fill=True)
    split_missing_spaces(nlp)
    known = list(paragraphs(source))
    nlp.initialize(lambda: [example(nlp, paragraph, rng) for paragraph in known[:50]])
    optimizer = registry.resolve({"optimizer": settings["optimizer"]})["optimizer"]
    sizes = iter(compounding(100.0, 1000.0, 1.003))
    for epoch in range(settings["max_epochs"]):
        rng.shuffle(known)
        losses: dict[str, float] = {}
        for batch in batches((example(nlp, paragraph, rng) for paragraph in known), sizes):
            nlp.update(batch, drop=settings["dropout"], losses=losses, sgd=optimizer)
        sys.stderr.write(f"epoch {epoch + 1}: loss {losses['senter']:.0f}\n")
    with nlp.use_params(optimizer.averages):
        nlp.to_disk(target, exclude=["vocab"])  # the words of the training text are not needed


def batches(examples: Iterator[Example], sizes: Iterator[float]) -> Iterator[list[Example]]:
    """Gather examples into batches of a growing number of words."""
    batch: list[Example] = []
    words, limit = 0, next(sizes)
    for one in examples:
        batch.append(one)
        words += len(one.reference)
        if words >= limit:
            yield batch
            batch, words, limit = [], 0, next(sizes)
    if batch:
        yield batch


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(prog="python -m annotator.nlp.model.train", description=__doc__)
    parser.add_argument("source", type=Path, metavar="TRAIN.jsonl", help='lines {"text", "gold": [[start, end]...]}')
    parser.add_argument("--out", type=Path, default=MODEL, metavar="FOLDER")
    options = parser.parse_args()
    train(options.source, options.out)


if __name__ == "__main__":
    main()
