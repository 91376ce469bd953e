"""Articles as spaCy Docs, packed: tokens of a blank tokenizer, sentence starts as given, spans in named groups."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, DocBin

ATTRIBUTES = ("ORTH", "SPACY", "SENT_START")
ENGLISH, ANY = "en", "xx"


@dataclass(frozen=True, slots=True)
class Marked:
    """A span of the text in code points; `id` names what it belongs to."""

    group: str
    label: str
    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True)
class Plain:
    """An article to make a Doc of; `starts` are the sentences' first code points, `data` is kept with the Doc."""

    text: str
    language: str
    starts: Sequence[int]
    marked: Sequence[Marked]
    data: Mapping[str, Any]


@dataclass(slots=True)
class Packed:
    """Docs in one file, and what tokens could not carry."""

    bin: "DocBin" = field(default_factory=lambda: _bin())
    widened: int = 0  # spans that begin or end inside a token
    shared: int = 0  # sentences that begin inside a token of the one before

    def add(self, article: Plain) -> None:
        doc = _blank(article.language).make_doc(article.text)
        assert doc.text == article.text
        starts = {token.idx: token.i for token in doc}
        self.shared += sum(start not in starts for start in article.starts)
        first = {starts[start] for start in article.starts if start in starts}
        for token in doc:
            token.is_sent_start = token.i in first or token.i == 0
        self._mark(doc, article.marked)
        doc.user_data.update(article.data)
        self.bin.add(doc)

    def _mark(self, doc: "Doc", marked: Iterable[Marked]) -> None:
        groups: dict[str, list[Any]] = {}
        for one in marked:
            span = doc.char_span(one.start, one.end, one.label, alignment_mode="expand", span_id=one.id)
            if span is None:  # it has no character
                continue
            self.widened += (span.start_char, span.end_char) != (one.start, one.end)
            groups.setdefault(one.group, []).append(span)
        for name in sorted(groups):
            doc.spans[name] = groups[name]

    def to_bytes(self) -> bytes:
        """What `DocBin.from_disk` reads; the same Docs give the same bytes."""
        found: bytes = self.bin.to_bytes()
        return found


def packed(articles: Iterable[Plain], *, characters: int) -> Iterator[Packed]:
    """Articles packed until a file holds so many characters."""
    found, size = Packed(), 0
    for article in articles:
        found.add(article)
        size += len(article.text)
        if size >= characters:
            yield found
            found, size = Packed(), 0
    if size:
        yield found


def _bin() -> "DocBin":
    from spacy.tokens import DocBin  # a second to import: the server starts without it

    return DocBin(attrs=ATTRIBUTES, store_user_data=True)


def _blank(language: str) -> "Language":
    return _tokenizer(ENGLISH if language.split("-")[0] == ENGLISH else ANY)


@cache
def _tokenizer(code: str) -> "Language":
    """spaCy's rules for English, its rules for any language otherwise: others need more packages."""
    import spacy  # as in _bin()

    return spacy.blank(code)
