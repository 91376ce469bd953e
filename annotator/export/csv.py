"""CSV: one row per sentence and reviewer, and one for gold; RFC 4180, UTF-8, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from annotator.export.target import Target
from annotator.export.works import GOLD, Line, Work, judgements

FILE = "annotations.csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins with one of these
LOSSES = {
    "articles_metadata": "articles whose blocks, licence, byline and import are in none of the rows",
    "attributions_beyond_first": "a row has one attribution: the others are only counted in it",
    "claims_beyond_first": "a row has one claim: the others are only counted in it",
    "evidence": "a row only counts the evidence of all its claims",
    "nested_attributions": "attributions inside another one or that continue one: the row does not say which",
    "sentences_without_rows": "sentences that nobody has labelled have no row",
    "source_details": "sources: a row has the title and the address of one, not the rest",
    "speaker_details": "speakers: a row has the name of one, not its other names or its kind",
}
COLUMNS = (
    "article_id", "article_title", "article_url", "sentence_id", "ordinal", "start", "end", "block", "text", "role",
    "annotation_id", "reviewer_id", "reviewer", "status", "method", "revision", "guideline_version", "origin",
    "confidence", "created_at", "updated_at", "claim", "quote", "opinion", "primary_label", "claim_voice",
    "opinion_voice", "none_reason", "loaded_language", "note", "attributions", "attribution_id", "attribution_type",
    "mode", "naming", "negated", "speaker_id", "speaker", "speaker_span", "cue", "cue_spans", "content",
    "content_spans", "source_id", "source", "source_url", "claims", "claim_id", "claim_span", "claim_text",
    "claim_type", "check_worthiness", "claim_date", "verdict", "verdict_note", "evidence", "reviewers", "disputed",
    "escaped",
)  # fmt: skip


def write(target: Target, works: Iterable[Work]) -> None:
    """Write annotations.csv; offsets are code points of the article, lists are parted by a space."""
    with target.file(FILE) as put:
        put(_record(COLUMNS))
        for work in works:
            target.lose("articles_metadata")
            target.lose("source_details", len(work.sources))
            target.lose("speaker_details", len(work.speakers))
            for row in _rows(target, work):
                target.wrote("rows")
                put(_record([row[name] for name in COLUMNS]))


def _record(cells: Iterable[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _rows(target: Target, work: Work) -> Iterator[dict[str, Any]]:
    reviewers = {person["id"]: person["name"] for person in work.article["reviewers"]}
    for sentence in work.sentences:
        found = list(judgements(sentence))
        if not found:
            target.lose("sentences_without_rows")
        for who, judged in found:
            target.wrote("gold" if who == GOLD else "annotations")
            _count(target, judged)
            person = judged.get("reviewer_id") or judged.get("adjudicator_id")
            cells = {
                **_place(work, sentence),
                **_labels(judged),
                "role": "gold" if who == GOLD else "reviewer",
                "reviewer_id": person,
                "reviewer": reviewers.get(person),
                **_attribution(work, judged["attributions"]),
                **_claim(work, judged["claims"]),
            }
            yield _safe(cells)


def _count(target: Target, judged: Line) -> None:
    attributions, claims = judged["attributions"], judged["claims"]
    target.lose("attributions_beyond_first", max(0, len(attributions) - 1))
    target.lose("claims_beyond_first", max(0, len(claims) - 1))
    target.lose("evidence", sum(len(claim["evidence"]) for claim in claims))
    target.lose("nested_attributions", sum(bool(found["parent_id"] or found["continues_id"]) for found in attributions))


def _safe(cells: dict[str, Any]) -> dict[str, Any]:
    """Every cell that a spreadsheet would take for a formula gets an apostrophe; `escaped` names its column."""
    row = dict.fromkeys(COLUMNS) | {name: int(cell) if isinstance(cell, bool) else cell for name, cell in cells.items()}
    unsafe = [name for name in COLUMNS if isinstance(row[name], str) and row[name].startswith(FORMULA)]
    return row | {name: f"'{row[name]}" for name in unsafe} | {"escaped": " ".join(unsafe)}


def _place(work: Work, sentence: Line) -> dict[str, Any]:
    article = work.article
    return {
        "article_id": article["id"],
        "article_title": article["title"],
        "article_url": article["url"],
        "sentence_id": sentence["id"],
        **{name: sentence[name] for name in ("ordinal", "start", "end", "text")},
        "block": sentence["block"]["kind"],
        "reviewers": sentence["agreement"]["reviewers"],
        "disputed": " ".join(sentence["agreement"]["disputed"]),
    }


def _labels(judged: Line) -> dict[str, Any]:
    labels = judged["labels"]
    primary = next((label for label in ("quote", "claim", "opinion") if label in labels), "none")
    same = ("status", "method", "revision", "guideline_version", "origin", "confidence", "created_at", "none_reason")
    return {
        **{name: judged.get(name) for name in (*same, "loaded_language", "note")},
        "annotation_id": judged.get("id"),
        "updated_at": judged.get("updated_at") or judged.get("decided_at"),
        **{label: label in labels for label in ("claim", "quote", "opinion")},
        "primary_label": primary if labels or judged["none_reason"] else None,
        "claim_voice": judged["voices"]["claim"],
        "opinion_voice": judged["voices"]["opinion"],
    }


def _places(spans: Iterable[Any]) -> str:
    return " ".join(f"{start}:{end}" for start, end in spans)


def _attribution(work: Work, attributions: list[Line]) -> dict[str, Any]:
    if not attributions:
        return {"attributions": 0}
    first = attributions[0]
    speaker, source = work.speaker(first), work.source(first)
    return {
        "attributions": len(attributions),
        "attribution_id": first["id"],
        "attribution_type": first["type"],
        **{name: first[name] for name in ("mode", "naming", "negated", "speaker_id", "source_id")},
        "speaker": speaker and speaker["name"],
        "speaker_span": _places([first["speaker_span"]] if first["speaker_span"] else []),
        "cue": work.words(first["cue_spans"]),
        "cue_spans": _places(first["cue_spans"]),
        "content": work.words(first["content_spans"]),
        "content_spans": _places(first["content_spans"]),
        "source": source and source["title"],
        "source_url": source and source["url"],
    }


def _claim(work: Work, claims: list[Line]) -> dict[str, Any]:
    evidence = sum(len(claim["evidence"]) for claim in claims)
    if not claims:
        return {"claims": 0, "evidence": evidence}
    first = claims[0]
    return {
        "claims": len(claims),
        "evidence": evidence,
        "claim_id": first["id"],
        "claim_span": _places([first["span"]]),
        "claim_text": first["text_normalized"] or work.words([first["span"]]),
        **{name: first[name] for name in ("claim_type", "check_worthiness", "claim_date", "verdict", "verdict_note")},
    }
