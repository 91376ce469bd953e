"""The sentences of a report's page: those behind a number, with every reviewer's mark, and where each leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from annotator.domain import labels
from annotator.domain.disagreements import Difference, Reading, Vote, has_majority
from annotator.domain.display import initials
from annotator.domain.labels import NONE, PRIMARY_ORDER, UNSURE
from annotator.language import gettext as _
from annotator.language import later
from annotator.reports import wording
from annotator.reports.disagreements import Report
from db.vocabulary import Status

FIRST = 10  # sentences shown before “Show all”
MOST = 500  # sentences on one page
VOICES = {
    ("claim", "author"): later("claim the author’s"),
    ("claim", "attributed"): later("claim the speaker’s"),
    ("claim", "both"): later("claim both"),
    ("opinion", "author"): later("opinion the author’s"),
    ("opinion", "attributed"): later("opinion the speaker’s"),
    ("opinion", "both"): later("opinion both"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A label set as the gutter shows it: the primary label's shape, the others small beside it."""

    shape: str
    extra: tuple[str, ...] = ()
    review: bool = False  # hollow: a merge or split made it


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class VoteView:
    mark: Mark | None  # None: no answer
    initials: str
    words: str


@dataclass(frozen=True, slots=True)
class SentenceRow:
    reading: Reading
    where: str  # the article's title on a page about several
    votes: tuple[VoteView, ...]
    notes: tuple[tuple[str, str], ...]  # (reviewer, note)
    href: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sentences are listed: a group by name, a cell of the matrix, or a pair of reviewers."""

    show: str = ""
    cell: str = ""
    pair: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    heading: str
    rows: tuple[SentenceRow, ...]
    total: int
    tabs: tuple[tuple[str, str, bool], ...]  # text, address, current
    more: Link | None


def mark_of(label_set: Iterable[str], *, review: bool = False) -> Mark:
    """The primary label with the others beside it."""
    chosen = [str(label) for label in PRIMARY_ORDER if label in set(label_set)]
    return Mark(chosen[0], tuple(chosen[1:]), review) if chosen else Mark(NONE, (), review)


def said(vote: Vote) -> str:
    """A vote in words: “Quote and claim (the speaker’s)”, “None, heading”, “Unsure”."""
    return labels.titled(said_inside(vote))


def said_inside(vote: Vote) -> str:
    """The same as it stands inside a sentence."""
    if not vote.counts:
        other = labels.in_words((UNSURE,))
        return {"needs_review": _("needs review"), "draft": _("not labelled")}.get(vote.status, other)
    voices = voices_of(vote)
    words = labels.in_words(vote.label_set) + (f" ({', '.join(voices)})" if voices else "")
    return words + (f", {labels.reason_word(vote.none_reason)}" if vote.none_reason else "")


def voices_of(vote: Vote) -> list[str]:
    """Whose claim and whose opinion it is, in words."""
    voices = (("claim", vote.claim_voice), ("opinion", vote.opinion_voice))
    return [_(VOICES[label, voice]) for label, voice in voices if voice]


class Listings:
    """Addresses and lists of one report's page at `base`; without a base there are no links."""

    def __init__(self, report: Report, base: str, adjudicates: bool) -> None:
        self.report, self.base, self.adjudicates = report, base, adjudicates
        self.kept = {"unsure": "label"} if report.unsure_is_label else {}  # what every link of the page keeps
        self.titles = {article.uid: article.title for article in report.articles}
        self.by_uid = {reading.sentence: reading for reading in report.readings}

    def to(self, **query: str) -> str:
        return f"{self.base}?{urlencode(query | self.kept)}#sentences" if self.base else ""

    def file(self, ending: str) -> str:
        return f"{self.base}{ending}" + (f"?{urlencode(self.kept)}" if self.kept else "")

    def sentence(self, reading: Reading) -> str:
        if not self.base or not reading.ordinal:
            return ""
        return f"/articles/{reading.article}?s={reading.ordinal}#s-{reading.ordinal}"

    def sentence_links(self, uids: Sequence[str], most: int = 4) -> tuple[Link, ...]:
        readings = sorted((self.by_uid[uid] for uid in uids[:most]), key=lambda r: (r.article, r.ordinal))
        shown = tuple(Link(str(r.ordinal), self.sentence(r)) for r in readings)
        more = Link(_("{n} more").format(n=len(uids) - most), self.to(show=UNSURE))
        return (*shown, more) if len(uids) > most else shown

    def listing(self, choice: Choice) -> Listing:
        """The sentences behind the number that was followed; without one the most disputed."""
        report = self.report
        if choice.cell:
            heading, found = self._cell_heading(choice.cell), self._in_cell(choice.cell)
        elif choice.pair:
            heading, found = self._pair_heading(choice.pair), self._of_pair(choice.pair)
        else:
            heading, found = self._group(choice.show or "disputed")
        first = MOST if (choice.show or choice.cell or choice.pair or not self.base) else FIRST
        shown = found[:first]
        everything = len(report.readings)
        tabs = (
            (_("Hide agreed"), self.to(show="disputed"), choice in (Choice(), Choice("disputed"))),
            (_("All {n}").format(n=everything), self.to(show="all"), choice == Choice("all")),
        )
        address = self.to(show=choice.show or "disputed")
        more = Link(_("Show all {n}").format(n=len(found)), address) if len(found) > first else None
        rows = tuple(self._sentence_row(reading) for reading in shown)
        return Listing(heading, rows, len(found), tabs if self.base else (), more if first == FIRST else None)

    def _group(self, name: str) -> tuple[str, list[Reading]]:
        report = self.report
        if name == "all":
            return _("All sentences"), list(report.readings)
        if name == "counted":
            return _("Sentences that count"), [self.by_uid[uid] for uid in report.counted.sentences]
        if name == "decided":
            return _("Disputed sentences with a decision"), list(report.decided)
        if name == "majority":
            return _("Disputed sentences without a majority"), [
                r for r in report.disputed if not has_majority(r.counted)
            ]
        if name == "retired":
            return _left_out(name), list(report.retired)
        if name == UNSURE:
            return _("Unsure answers"), [self.by_uid[uid] for uid in report.unsure.sentences]
        if name in wording.LEFT_OUT:
            return _left_out(name), [self.by_uid[uid] for uid in report.group(name).sentences]
        return _("Sentences, most disputed first"), list(report.disputed)

    def _in_cell(self, cell: str) -> list[Reading]:
        """Sentences for which one reviewer chose the one set and another the other."""
        one, _, other = (frozenset(part.split("+")) for part in cell.partition("."))
        found = []
        for reading in self.report.readings:
            sets = [vote.label_set for vote in reading.counted]
            if (one == other and sets.count(one) > 1) or (one != other and one in sets and other in sets):
                found.append(reading)
        return found

    def _cell_heading(self, cell: str) -> str:
        one, _dot, other = cell.partition(".")
        return _("Sentences: {labels}").format(labels=wording.sets_named(one, other))

    def _of_pair(self, pair: str) -> list[Reading]:
        """Sentences that both have labelled, those on which they differ first."""
        one, _, other = pair.partition(".")
        both = []
        for reading in self.report.readings:
            sets = {vote.reviewer: vote.label_set for vote in reading.counted if vote.reviewer in (one, other)}
            if len(sets) == 2:
                both.append((sets[one] == sets[other], reading))
        return [reading for _, reading in sorted(both, key=lambda found: found[0])]

    def _pair_heading(self, pair: str) -> str:
        one, _dot, other = pair.partition(".")
        names, nobody = self.report.names, _("nobody")
        text = _("Sentences that {one} and {other} have both labelled")
        return text.format(one=names.get(one, nobody), other=names.get(other, nobody))

    def _sentence_row(self, reading: Reading) -> SentenceRow:
        names = self.report.names
        said_by = {vote.reviewer: vote for vote in reading.votes}
        votes = tuple(_vote_view(names[uid], said_by.get(uid)) for uid in names)
        notes = tuple((names[vote.reviewer], vote.note) for vote in reading.votes if vote.note)
        decide = self.adjudicates and reading.difference is not Difference.NOTHING
        return SentenceRow(
            reading=reading,
            where=self.titles[reading.article] if self.report.is_corpus else "",
            votes=votes,
            notes=notes,
            href=self._case(reading) if decide and self.base else self.sentence(reading),
        )

    def _case(self, reading: Reading) -> str:
        scope = "" if self.report.is_corpus else f"?article={quote(reading.article)}"
        return f"/adjudication/{quote(reading.sentence)}{scope}"


def _vote_view(name: str, vote: Vote | None) -> VoteView:
    if vote is None or vote.status == Status.DRAFT:
        return VoteView(None, initials(name), _("{name}: no answer").format(name=name))
    mark = Mark(UNSURE) if vote.status == Status.UNSURE else mark_of(vote.labels, review=not vote.counts)
    words = [said(vote)] + ([_("low confidence")] if vote.confidence == "low" else [])
    return VoteView(mark, initials(name), f"{name}: {', '.join(words)}")


def _left_out(name: str) -> str:
    return _("Left out: {what}").format(what=_(wording.LEFT_OUT[name]))
