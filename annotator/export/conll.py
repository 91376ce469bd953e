"""Tokens in columns as CoNLL files have them, with BIO tags for speaker, cue and content.

A token is a run of letters, digits and their marks, held together by one apostrophe, hyphen, full stop or comma between
two of them; any other sign is a token by itself with the marks and joiners that belong to it (an emoji stays whole).
White space is no token. Nothing here needs a language model, so that the same text always gives the same tokens.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from annotator.export.target import Target
from annotator.export.works import GOLD, Line, Work, judgements, spans_of

FILE = "tokens.conll"
PARTS = ("speaker", "cue", "content")
COLUMNS = ("id", "form", "start", "end", *PARTS)
LOSSES = {
    "overlapping_spans": "spans that share tokens with an earlier one of their column: only the tokens left are tagged",
    "split_tokens": "spans that begin or end inside a token: the whole token is tagged",
    "spans_outside": "spans in sentences that the same person has not labelled: these are not written",
    "attribution_details": "attributions: type, mode, speaker, source and which spans belong together",
    "claims": "claims, with their evidence",
    "notes": "notes of annotations and gold",
    "sentences_without_judgement": "sentences that nobody has labelled are not written",
}
# classes of signs: w letter, m mark, h holds a word together, z joiner, k tone of an emoji, r half a flag, s space
TOKEN = re.compile(r"w[wmz]*(?:h(?=w)[wmz]*)*|rr|[phkrmz][mk]*(?:z[phk][mk]*)*z?")
Span = tuple[int, int]


@lru_cache(maxsize=4096)
def _class(sign: str) -> str:
    category = unicodedata.category(sign)
    if sign.isspace() or category in ("Zl", "Zp", "Cc"):
        return "s"
    if 0x1F1E6 <= ord(sign) <= 0x1F1FF:
        return "r"
    if sign in "'’-.,‑":
        return "h"
    if sign in "\u200c\u200d":
        return "z"
    kinds = {"L": "w", "N": "w", "M": "m"}
    return "k" if 0x1F3FB <= ord(sign) <= 0x1F3FF else kinds.get(category[0], "p")


def tokens(text: str) -> list[Span]:
    """The tokens of a text as offsets in code points."""
    return [match.span() for match in TOKEN.finditer("".join(map(_class, text)))]


def write(target: Target, works: Iterable[Work]) -> None:
    """Write tokens.conll: for each sentence a block of lines for gold and for each reviewer who labelled it."""
    with target.file(FILE) as put:
        put(f"# columns = {' '.join(COLUMNS)}\n".encode())
        for work in works:
            for block in _blocks(target, work):
                put(block.encode())


def _blocks(target: Target, work: Work) -> Iterator[str]:
    layers = {who: _layer(target, work, who) for who in work.layers()}
    cut = {sentence["id"]: _cut(work, sentence) for sentence in work.sentences}
    for sentence in work.sentences:
        found = list(judgements(sentence))
        target.lose("sentences_without_judgement", not found)
        for who, judged in found:
            target.wrote("gold" if who == GOLD else "annotations")
            target.wrote("tokens", len(cut[sentence["id"]]))
            target.lose("attribution_details", len(judged["attributions"]))
            target.lose("claims", len(judged["claims"]))
            target.lose("notes", judged["note"] is not None)
            yield _head(work, sentence, who, judged) + _lines(work, cut[sentence["id"]], layers[who])


def _cut(work: Work, sentence: Line) -> list[Span]:
    start = sentence["start"]
    return [(start + first, start + last) for first, last in tokens(work.text[start : sentence["end"]])]


def _head(work: Work, sentence: Line, who: str, judged: Line) -> str:
    none = f"none:{judged['none_reason']}" if judged["none_reason"] else judged.get("status")
    said = {
        "article": work.article["id"],
        "sentence": sentence["id"],
        "by": who,
        "labels": "|".join(judged["labels"]) or none,
        "text": " ".join(sentence["text"].split()),
    }
    return "".join(f"# {name} = {value}\n" for name, value in said.items())


def _lines(work: Work, cut: Sequence[Span], tags: dict[str, dict[int, str]]) -> str:
    lines = (
        "\t".join([str(number), work.text[start:end], str(start), str(end), *(tags[p].get(start, "O") for p in PARTS)])
        for number, (start, end) in enumerate(cut, 1)
    )
    return "\n".join(lines) + "\n\n"


def _layer(target: Target, work: Work, who: str) -> dict[str, dict[int, str]]:
    """The BIO tags of one person's spans, by column and the place where a token begins."""
    own = [(sentence, judged) for sentence in work.sentences for by, judged in judgements(sentence) if by == who]
    cut = [span for sentence, _ in own for span in _cut(work, sentence)]
    tags: dict[str, dict[int, str]] = {part: {} for part in PARTS}
    for _, judged in own:
        for attribution in judged["attributions"]:
            for part, spans in spans_of(attribution):
                for start, end in spans:
                    _tag(target, tags[part], cut, start, end)
    return tags


def _tag(target: Target, tags: dict[int, str], cut: Sequence[Span], start: int, end: int) -> None:
    inside = [token for token in cut if token[0] < end and start < token[1]]
    free = [token for token in inside if token[0] not in tags]
    target.wrote("spans", bool(free))
    target.lose("spans_outside", not inside)
    target.lose("overlapping_spans", len(free) < len(inside))
    target.lose("split_tokens", any(first < start or end < last for first, last in inside))
    for number, (first, _) in enumerate(free):
        tags[first] = "I" if number else "B"
