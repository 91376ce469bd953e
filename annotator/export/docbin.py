"""spaCy's DocBin: a Doc an article, our sentence starts, and the labels and attributions as span groups.

Groups `claim`, `quote`, `opinion` (whole sentences), `none` and `speaker`, `cue`, `content` hold gold; a reviewer's
have the reviewer's id behind a slash: `claim/rev_…`. A span's id is the sentence's or the attribution's.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.export.target import Target
from annotator.export.works import GOLD, Work, judgements, spans_of
from annotator.nlp.docs import Marked, Plain, packed

CHARACTERS = 1_000_000  # of text in one file, so that memory stays flat
FILES = "articles-0001.spacy …"
LOSSES = {
    "spans_widened": "spans that begin or end inside a token: they hold the whole token",
    "sentences_in_token": "sentences that begin inside a token: they begin with the next sentence before it",
    "annotations_without_label": "annotations that are unsure, begun or to be looked at again",
    "annotation_details": "voices, reasons, confidence, notes and times of annotations and gold",
    "attribution_details": "attributions: type, mode, speaker, source and how they are nested; their spans are there",
    "claims": "claims, with their evidence and verdicts",
    "agreement": "agreement of sentences: it is computed from the annotations and can be again",
}


def write(target: Target, works: Iterable[Work]) -> None:
    """Write articles-0001.spacy and so on, each of at least a million characters but the last."""
    for number, found in enumerate(packed(_plain(target, works), characters=CHARACTERS), 1):
        target.lose("spans_widened", found.widened)
        target.lose("sentences_in_token", found.shared)
        with target.file(f"articles-{number:04}.spacy") as put:
            put(found.to_bytes())


def _plain(target: Target, works: Iterable[Work]) -> Iterator[Plain]:
    for work in works:
        target.wrote("docs")
        article = work.article
        data = {name: article[name] for name in ("id", "external_id", "title", "url", "published", "license")}
        sentences = [sentence["id"] for sentence in work.sentences]
        starts = [sentence["start"] for sentence in work.sentences]
        marked = list(_marked(target, work))
        yield Plain(work.text, article["language"] or "", starts, marked, {**data, "sentences": sentences})


def _marked(target: Target, work: Work) -> Iterator[Marked]:
    for sentence in work.sentences:
        target.lose("agreement", sentence["agreement"]["reviewers"] > 0)
        for who, judged in judgements(sentence):
            _count(target, who, judged)
            end = "" if who == GOLD else f"/{who}"
            none = ["none"] if judged["none_reason"] and judged.get("status", "complete") == "complete" else []
            for label in [*judged["labels"], *none] if judged.get("status", "complete") == "complete" else []:
                yield Marked(label + end, label, sentence["start"], sentence["end"], sentence["id"])
            for attribution in judged["attributions"]:
                for part, spans in spans_of(attribution):
                    for first, last in spans:
                        yield Marked(part + end, part, first, last, attribution["id"])


def _count(target: Target, who: str, judged: Any) -> None:
    target.wrote("gold" if who == GOLD else "annotations")
    target.lose("annotations_without_label", judged.get("status", "complete") != "complete")
    target.lose("annotation_details")
    target.lose("attribution_details", len(judged["attributions"]))
    target.lose("claims", len(judged["claims"]))
