"""Public ids: a prefix and the first 16 hex digits of a SHA-256 (contract, model.md section 3)."""

import hashlib
import unicodedata


def sha256(text: str) -> str:
    """The hash of a text in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def name_key(name: str) -> str:
    """NFKC, case folded, white space collapsed: names that read alike share it."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _id(prefix: str, *parts: str | int) -> str:
    return f"{prefix}_{sha256(':'.join(map(str, parts)))[:16]}"


def article_id(text: str) -> str:
    """Of the article with this text."""
    return _id("art", text)


def sentence_id(article: str, start: int, end: int) -> str:
    """Of a place in an article, in code points."""
    return _id("sen", article, start, end)


def reviewer_id(name: str) -> str:
    """Of whoever has this name, however it is written."""
    return _id("rev", name_key(name))


def speaker_id(kind: str, name: str) -> str:
    """Of a speaker of a kind with this name, however it is written."""
    return _id("spk", kind, name_key(name))


def source_id(dedup_key: str) -> str:
    """Of the source with this key (domain/evidence.py)."""
    return _id("src", dedup_key)


def annotation_id(sentence: str, reviewer: str | None) -> str:
    """Of a reviewer's annotation; of the gold one with None."""
    return _id("ann", sentence, reviewer or "gold")


def attribution_id(annotation: str, seq: int) -> str:
    """Of an attribution by its number in an annotation."""
    return _id("att", annotation, seq)


def claim_id(annotation: str, seq: int) -> str:
    """Of a claim by its number in an annotation."""
    return _id("clm", annotation, seq)


def evidence_id(claim: str, seq: int) -> str:
    """Of a piece of evidence by its number in a claim."""
    return _id("evi", claim, seq)


def import_id(project: str, file_sha256: str | None, imported_at: str) -> str:
    """Of an import by its file, None for typed text, and its time in RFC 3339."""
    return _id("imp", project, file_sha256 or "", imported_at)
