"""From a public id back to what it is the hash of, by trying: exports hold the ids only."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from annotator.domain import evidence, ids
from annotator.domain.spans import Span
from annotator.errors import Invalid

MOST_SEQ = 2_000  # nobody deletes that many attributions of one annotation
MOST_SPANS = 2_000_000  # two seconds


def seq(uid: str, id_of: Callable[[int], str], *, after: int = 0) -> int | None:
    """The number above `after` of which `id_of` makes this id; None when there is none near."""
    return next((number for number in range(after + 1, after + 1 + MOST_SEQ) if id_of(number) == uid), None)


def dedup_key(
    uid: str, *, doi: str | None, url: str | None, title: str, publisher: str | None, issued: str | None,
    authors: Sequence[str],
) -> str | None:  # fmt: skip
    """The key that made this id of a source: its DOI, its address or its citation; None when none of them did."""
    cited = evidence.citation(title, publisher, issued, authors)
    address = url if url and _is_address(url) else None
    known = ((doi, None), (None, address), (None, None))
    keys = (evidence.dedup_key(by_doi, by_address, cited) for by_doi, by_address in known)
    return next((key for key in keys if ids.source_id(key) == uid), None)


def _is_address(url: str) -> bool:
    try:
        evidence.canonical_url(url)
    except Invalid:
        return False
    return True


def span(uid: str, article: str, text: str, near: Span, block: Span) -> Span | None:
    """Where a retired sentence lay, of which a live one at `near` was made by merging, splitting or moving a boundary.

    Such sentences share an end; if they do not, every span of the block is tried, up to a limit.
    """
    tried = islice(_candidates(text, near, block), MOST_SPANS)
    return next((found for found in tried if ids.sentence_id(article, found.start, found.end) == uid), None)


def _candidates(text: str, near: Span, block: Span) -> Iterator[Span]:
    visible = [place for place in range(block.start, block.end) if not text[place].isspace()]
    yield from (Span(near.start, place + 1) for place in visible if place >= near.start)
    yield from (Span(place, near.end) for place in visible if place < near.end)
    yield from (Span(start, end + 1) for n, start in enumerate(visible) for end in visible[n:])
