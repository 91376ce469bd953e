"""One sentence of the article as the page shows it: gutter mark, words, and the lines below."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple, TypeVar

from annotator.domain import labels
from annotator.domain.labels import Judgement
from annotator.domain.spans import Span
from annotator.domain.words import word
from annotator.language import gettext as _
from annotator.language import ngettext
from db.models import AttributionSpan, Claim
from db.queries.annotate import Outlined, Proof, Said
from db.vocabulary import Confidence, Label, NoneReason, SpanPart, Status

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MarkView:
    """A gutter mark: the shape of the primary label, the others small beside it, hollow where it needs review."""

    shape: str
    extra: tuple[str, ...] = ()
    review: bool = False


class Piece(NamedTuple):
    """Words of a sentence from a code point of the article; `mark` is the class that underlines them, "" for none."""

    start: int
    words: str
    mark: str


@dataclass(frozen=True, slots=True)
class RowView:
    """`n` counts from 1; `by` are the lines under the words; `here`: it is the sentence in hand."""

    n: int
    heading: bool
    here: bool
    mark: MarkView
    name: str
    low: bool
    pieces: tuple[Piece, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What a reviewer has said about some sentences, apart from the labels: by sentence, attribution and claim."""

    said: Mapping[int, list[Said]]
    spans: Mapping[int, list[AttributionSpan]]
    claims: Mapping[int, list[Claim]]
    proofs: Mapping[int, list[Proof]]

    def spans_of(self, said: Said, part: SpanPart) -> list[Span]:
        mine = self.spans.get(said.attribution.id or 0, [])
        return [Span(span.start_cp, span.end_cp) for span in mine if span.part == part]

    def words(self, said: Said, part: SpanPart, text: str) -> str:
        return " … ".join(one_line(span.of(text)) for span in self.spans_of(said, part))


NOTHING = Work({}, {}, {}, {})
LABELS = attrgetter("status", "is_claim", "is_quote", "is_opinion", "none_reason")


def by_number(found: Iterable[T], number: Callable[[T], int]) -> dict[int, list[T]]:
    """What belongs to each sentence, attribution or claim, in the order found."""
    grouped: dict[int, list[T]] = {}
    for one in found:
        grouped.setdefault(number(one), []).append(one)
    return grouped


def one_line(words: str) -> str:
    """Words on one line: every white space, U+2028 too, as one space."""
    return " ".join(words.split())


def judgement(row: Outlined) -> Judgement:
    """What the labels of a row say."""
    flags = {Label.CLAIM: row.is_claim, Label.QUOTE: row.is_quote, Label.OPINION: row.is_opinion}
    return Judgement(
        status=Status(row.status) if row.status else Status.DRAFT,
        labels=frozenset(label for label, on in flags.items() if on),
        none_reason=NoneReason(row.none_reason) if row.none_reason else None,
        confidence=Confidence(row.confidence) if row.confidence else None,
    )


def is_done(row: Outlined) -> bool:
    """It counts in the progress: decided, or seen and not decided."""
    return row.status in (Status.COMPLETE, Status.UNSURE)


def mark(said: Judgement) -> MarkView:
    review = said.status is Status.NEEDS_REVIEW
    if said.labels:
        primary, *extra = [str(label) for label in labels.PRIMARY_ORDER if label in said.labels]
        return MarkView(primary, tuple(extra), review)
    if said.status is Status.UNSURE:
        return MarkView(labels.UNSURE)
    return MarkView(labels.NONE if said.none_reason else "todo", (), review and said.none_reason is not None)


def shape_of_most(rows: Sequence[Outlined]) -> str:
    """The shape that most marks of these rows have, the first of several; a page asks it of a whole article."""
    if len(rows) == 1:
        return _shape(*LABELS(rows[0]))
    counts: dict[str, int] = {}
    for said, n in Counter(map(LABELS, rows)).items():
        counts[_shape(*said)] = counts.get(_shape(*said), 0) + n
    return max(counts, key=counts.__getitem__)


@cache
def _shape(status: str | None, claim: bool | None, quote: bool | None, opinion: bool | None, reason: str | None) -> str:
    flags = {Label.CLAIM: claim, Label.QUOTE: quote, Label.OPINION: opinion}
    said = frozenset(label for label, on in flags.items() if on)
    known = Status(status) if status else Status.DRAFT
    return mark(Judgement(status=known, labels=said, none_reason=NoneReason(reason) if reason else None)).shape


class PlainRow(NamedTuple):
    """A row that shows its words and labels and nothing else: as long as they stay, so does what is drawn of it."""

    n: int
    row: Outlined
    text: str

    @property
    def view(self) -> RowView:
        return row_view(self.n, self.row, self.text, NOTHING, here=False)


def row_of(n: int, row: Outlined, text: str, work: Work, *, here: bool) -> RowView | PlainRow:
    """The view of a row, made at once only where there is more to it than labels."""
    if here or row.attributions or row.claims:
        return row_view(n, row, text, work, here=here)
    return PlainRow(n, row, text)


def row_view(n: int, row: Outlined, text: str, work: Work, *, here: bool) -> RowView:
    said = judgement(row)
    return RowView(
        n=n,
        heading=row.kind == "heading",
        here=here,
        mark=mark(said),
        name=spoken(said),
        low=said.confidence is Confidence.LOW,
        pieces=pieces(row, text, work) if here else (Piece(row.start_cp, text[row.start_cp : row.end_cp], ""),),
        by=(*said_by(row, text, work), *proved_by(row, work)),
    )


def spoken(said: Judgement) -> str:
    """The labels as a screen reader says them before the sentence."""
    name = labels.describe(said) if said.status is not Status.DRAFT else _("not labelled yet")
    review = _("needs review") if said.status is Status.NEEDS_REVIEW else ""
    return ", ".join(filter(None, (name, review, _("low confidence") if said.confidence is Confidence.LOW else "")))


def said_by(row: Outlined, text: str, work: Work) -> Iterable[str]:
    """A line for each attribution: speaker, cue, type."""
    for said in work.said.get(row.id, []):
        cue = work.words(said, SpanPart.CUE, text)
        yield " · ".join(
            filter(None, (said.speaker or word(said.attribution.naming), cue, word(said.attribution.type)))
        )


def proved_by(row: Outlined, work: Work) -> Iterable[str]:
    """One line for all evidence: how many sources, which stances."""
    claims = work.claims.get(row.id, []) if row.is_claim else []
    proofs = [proof for claim in claims for proof in work.proofs.get(claim.id or 0, [])]
    if proofs:
        stances = dict.fromkeys(word(proof.evidence.stance) for proof in proofs)
        count = len({proof.source.id for proof in proofs})
        sources = ngettext("{n} source", "{n} sources", count).format(n=count)
        yield f"{sources} · {', '.join(stances)}"


def pieces(row: Outlined, text: str, work: Work) -> tuple[Piece, ...]:
    """The words of the sentence in hand with its speakers and what they said underlined; together the whole text."""
    content = [span for said in work.said.get(row.id, []) for span in work.spans_of(said, SpanPart.CONTENT)]
    speakers = [
        Span(said.attribution.speaker_start, said.attribution.speaker_end)
        for said in work.said.get(row.id, [])
        if said.attribution.speaker_start is not None and said.attribution.speaker_end is not None
    ]
    edges = {row.start_cp, row.end_cp}
    edges |= {edge for span in (*content, *speakers) for edge in (span.start, span.end)}
    inside = sorted(edge for edge in edges if row.start_cp <= edge <= row.end_cp)
    return tuple(
        Piece(start, text[start:end], _underline(Span(start, end), content, speakers))
        for start, end in pairwise(inside)
    )


def _underline(span: Span, content: Sequence[Span], speakers: Sequence[Span]) -> str:
    if any(said.contains(span) for said in content):
        return "hit"
    return "who-hit" if any(speaker.contains(span) for speaker in speakers) else ""
