"""Finding words in an article: where they stand, as links to the sentences; without words its headings."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotator.domain.spans import Span, occurrences
from annotator.web.views.desk import ArticleView, Desk, article_view
from annotator.web.views.rows import MarkView, judgement, mark, one_line

MOST = 200  # places that a page lists
CONTEXT = 60  # code points on either side


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place in the article: the sentence, the words, and what stands before and after them."""

    n: int
    mark: MarkView
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class FindView:
    """`places` are the first of `count`; `n` is the sentence to go back to."""

    article: ArticleView
    total: int
    n: int
    asked: str
    count: int
    places: tuple[PlaceView, ...]


def find_view(desk: Desk, asked: str, n: int) -> FindView:
    """The places of some words, or the headings where nothing is asked."""
    found = list(occurrences(desk.text, asked)) if asked.strip() else list(_headings(desk))
    places = tuple(_place(desk, span, context=CONTEXT if asked.strip() else 0) for span in found[:MOST])
    return FindView(article_view(desk), len(desk.outline), n, asked, len(found), places)


def _headings(desk: Desk) -> Iterable[Span]:
    rows = (desk.outline[n - 1] for n in desk.answers.headings)
    return (Span(row.start_cp, row.end_cp) for row in rows)


def _place(desk: Desk, span: Span, *, context: int) -> PlaceView:
    n = desk.number_at(span.start)
    return PlaceView(
        n,
        mark(judgement(desk.outline[n - 1])),
        _before(desk.text, span.start, context),
        one_line(span.of(desk.text)),
        _after(desk.text, span.end, context),
    )


def _before(text: str, at: int, most: int) -> str:
    """The last words before a place; begun at a space where the article goes on before."""
    words = text[max(0, at - most) : at]
    return "…" + words.partition(" ")[2] if at > most and " " in words else words


def _after(text: str, at: int, most: int) -> str:
    words = text[at : at + most]
    return words.rpartition(" ")[0] + "…" if at + most < len(text) and " " in words else words
