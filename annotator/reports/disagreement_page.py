"""What the report's page and its HTML file show: every text, mark and link, ready for the template."""

from dataclasses import dataclass
from urllib.parse import quote

from annotator.domain import labels
from annotator.domain.agreement import SAMPLES, SEED, Coefficient, Pair
from annotator.domain.disagreements import describe
from annotator.domain.display import initials
from annotator.domain.labels import NONE, UNSURE
from annotator.language import decimal, ngettext, number
from annotator.language import gettext as _
from annotator.reports import methods, plots, wording
from annotator.reports.disagreement_details import BiasCell, Details, PlotRow, bias_cells, details_of, plot_row
from annotator.reports.disagreement_people import ReviewerLine
from annotator.reports.disagreement_sentences import DETAILS, Choice, Link, Listing, Listings, Mark, mark_of
from annotator.reports.disagreements import ArticleLine, Report
from annotator.reports.plots import Axis, Bar

WIDTH = 420
FEW = 20  # shared sentences below which a kappa is no firm number


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    shade: int
    href: str
    words: str
    same: bool = False


@dataclass(frozen=True, slots=True)
class MatrixRow:
    mark: Mark
    words: str
    total: int
    cells: tuple[Cell | None, ...]  # None where nobody chose both


@dataclass(frozen=True, slots=True)
class PairCell:
    kappa: str
    shared: int
    shade: int
    few: bool
    href: str
    reason: str


@dataclass(frozen=True, slots=True)
class PairRow:
    name: str
    cells: tuple[PairCell, ...]


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    line: ReviewerLine
    initials: str
    bars: tuple[Bar, ...]
    said: str
    overlap: str
    alpha_without: str
    competence: str
    seconds: str
    oneself: str
    bias: tuple[BiasCell, ...]


@dataclass(frozen=True, slots=True)
class ArticleRow:
    title: str
    href: str
    line: ArticleLine
    alpha: str
    why: str  # there is no alpha


@dataclass(frozen=True)
class ReportView:
    """The whole report. Links are "" in a file, which has no server behind it."""

    report: Report
    title: str
    first_sentence: str
    meaning: str
    dominated: tuple[str, ...]
    missing: str | None
    axis: Axis
    rows: tuple[PlotRow, ...]  # label sets, then each label
    counted: tuple[Link, ...]
    left_out: tuple[Link, ...]
    exact: tuple[str, str]
    unsure: str
    unsure_links: tuple[Link, ...]
    unsure_switch: Link
    disputed: tuple[Link, ...]  # without a majority, decided, all
    matrix: tuple[MatrixRow, ...]
    pair_names: tuple[str, ...]
    pairs: tuple[PairRow, ...]
    listing: Listing
    reviewers: tuple[ReviewerRow, ...]
    articles: tuple[ArticleRow, ...]
    details: Details | None  # None on a page that only says where they are
    details_href: str
    base: str  # the page's address, "" in a file
    files: tuple[Link, ...]
    formulas: tuple[methods.Formula, ...]
    versions: str
    paragraph: str
    intervals: str
    adjudicates: bool  # the reader is a lead
    samples: int = SAMPLES
    seed: int = SEED

    @property
    def command(self) -> str:
        named = "" if self.report.is_corpus else f" --article {self.report.articles[0].uid}"
        return f"annotator report{named}{' --unsure label' if self.report.unsure_is_label else ''}"


def view_of(report: Report, *, base: str = "", choice: Choice = Choice(), adjudicates: bool = False) -> ReportView:
    """The report as a page at `base`, or as a file without links when `base` is empty."""
    parts = _Parts(report, base, adjudicates)
    defined = len(report.ratings.reviewers) > 1 and bool(report.counted.sentences)
    return ReportView(
        report=report,
        title=_("All articles") if report.is_corpus else report.articles[0].title,
        first_sentence=wording.first_sentence(report),
        meaning=wording.meaning(report.alpha_sets),
        dominated=tuple(wording.dominated(report)),
        missing=wording.missing(report) if report.missing and defined else None,  # else the first sentence has it
        axis=plots.axis(WIDTH),
        rows=(
            plot_row("sets", _("Label sets"), report.alpha_sets, WIDTH),
            *(plot_row(label, describe({label}), report.alpha[label], WIDTH) for label in report.labels),
        ),
        counted=parts.counted(),
        left_out=tuple(Link(text, parts.to(show=name)) for name, text in wording.left_out(report)),
        exact=_percent(report.exact),
        unsure=f"{decimal(100 * report.unsure.count / report.answers, 1)} %" if report.answers else "–",
        unsure_links=parts.sentence_links(report.unsure.sentences),
        unsure_switch=parts.unsure_switch(),
        disputed=parts.disputed_links(),
        matrix=parts.matrix(),
        pair_names=tuple(report.names[uid] for uid in parts.rated[:-1]),
        pairs=parts.pairs(),
        listing=parts.listing(choice),
        reviewers=tuple(reviewer_row(line) for line in report.reviewers),
        articles=parts.articles() if report.is_corpus else (),
        details=None if report.beside is None else details_of(report, parts),
        details_href=parts.details(DETAILS),
        base=base,
        files=parts.files() if base else (),
        formulas=tuple(methods.shown(formula) for formula in methods.FORMULAS),
        versions=", ".join(f"{name} {number}" for name, number in methods.versions().items()),
        paragraph=methods.paragraph(report),
        intervals=methods.interval_words(report),
        adjudicates=adjudicates,
    )


def _percent(found: Coefficient) -> tuple[str, str]:
    if found.value is None:
        return _("not defined"), wording.why(found.reason)
    low, high = found.ci95 or (found.value, found.value)
    return f"{found.value:.0%}".replace("%", " %"), _("95 % interval {low} – {high} %").format(
        low=f"{100 * low:.0f}", high=f"{100 * high:.0f}"
    )


def reviewer_row(line: ReviewerLine) -> ReviewerRow:
    given = ", ".join(f"{count} {labels.word(label)}" for label, count in line.mix.items() if count)
    return ReviewerRow(
        line=line,
        initials=initials(line.name),
        bars=plots.mix(line.mix, 150),
        said=given or _("nothing yet"),
        overlap=wording.or_dash(line.overlap),
        alpha_without=wording.or_dash(line.alpha_without),
        competence=wording.or_dash(line.competence),
        seconds=wording.seconds(line.seconds),
        oneself=_oneself(line),
        bias=bias_cells(line),
    )


def _oneself(line: ReviewerLine) -> str:
    """How far they agree with themselves; nothing where no sentence came back to them."""
    found = line.oneself
    if not found.items:
        return ""
    percent, interval = _percent(found.agreement)
    if not interval:
        return percent
    text = ngettext("{percent} of {n} sentence ({interval})", "{percent} of {n} sentences ({interval})", found.items)
    return text.format(percent=percent, n=found.items, interval=interval)


class _Parts(Listings):
    """Builds the parts of one report that link to its sentences."""

    def counted(self) -> tuple[Link, ...]:
        """Answers, sentences and reviewers that count, each leading to where it is from."""
        counted, people = self.report.counted, len(self.report.ratings.reviewers)
        sentences = len(counted.sentences)
        to = self.to(show="counted")
        return (
            Link(ngettext("{n} answer", "{n} answers", counted.count).format(n=number(counted.count)), to),
            Link(ngettext("{n} sentence", "{n} sentences", sentences).format(n=number(sentences)), to),
            Link(ngettext("{n} reviewer", "{n} reviewers", people).format(n=people), self._reviewers()),
        )

    def _reviewers(self) -> str:
        """The table of reviewers on this page, or on the one that has it."""
        there = self.report.beside is None
        return self.details("reviewers") if there else "#reviewers" if self.base else ""

    def disputed_links(self) -> tuple[Link, ...]:
        return (
            Link(_("{n} without a majority").format(n=self.report.without_majority), self.to(show="majority")),
            Link(_("{n} decided").format(n=len(self.report.decided)), self.to(show="decided")),
            Link(_("{n} disputed").format(n=len(self.report.disputed)), self.to(show="disputed")),
        )

    def unsure_switch(self) -> Link:
        """The same page with unsure counted the other way."""
        if self.report.unsure_is_label:
            return Link(_("Count unsure as missing"), self.base)
        return Link(_("Count unsure as a label"), f"{self.base}?unsure=label" if self.base else "")

    def files(self) -> tuple[Link, ...]:
        endings = (".json", ".csv", ".counts.csv", ".html")
        return tuple(Link(f"disagreements{ending}", self.file(ending)) for ending in endings)

    def matrix(self) -> tuple[MatrixRow, ...]:
        """The lower half of the coincidences, in the order of the labels."""
        report = self.report
        members = report.members
        names = sorted(report.coincidence, key=lambda name: _place(members[name]))
        apart = [n for one, row in report.coincidence.items() for other, n in row.items() if one != other]
        most = max(apart, default=0.0)
        return tuple(
            MatrixRow(
                mark_of(members[one]),
                describe(members[one]),
                round(sum(report.coincidence[one].values())),
                tuple(self._cell(one, other, most) for other in names[: row + 1]),
            )
            for row, one in enumerate(names)
        )

    def _cell(self, one: str, other: str, most: float) -> Cell | None:
        amount = self.report.coincidence[one].get(other, 0.0)
        if not amount:
            return None
        words = wording.sets_named(one, other)
        same = one == other
        shade = 0 if same else plots.shade(amount, most)
        return Cell(decimal(amount, 1), shade, self.to(cell=f"{one}.{other}"), words, same)

    @property
    def rated(self) -> list[str]:
        """The reviewers whose answers count, by name."""
        return [uid for uid in self.report.names if uid in self.report.ratings.reviewers]

    def pairs(self) -> tuple[PairRow, ...]:
        """Each reviewer against those before; the first one has no row."""
        by_pair = {frozenset((pair.a, pair.b)): pair for pair in self.report.pairs}
        return tuple(
            PairRow(self.report.names[one], tuple(self._pair(by_pair[frozenset((one, other))]) for other in before))
            for one, before in ((one, self.rated[:row]) for row, one in enumerate(self.rated))
            if before
        )

    def _pair(self, pair: Pair) -> PairCell:
        kappa = _("not defined") if pair.kappa is None else wording.decimal(pair.kappa)
        href = self.to(pair=f"{pair.a}.{pair.b}")
        few = pair.shared < FEW
        return PairCell(kappa, pair.shared, plots.shade(pair.kappa or 0, 1), few, href, wording.why(pair.reason))

    def articles(self) -> tuple[ArticleRow, ...]:
        """The most disputed first."""
        ordered = sorted(self.report.articles, key=lambda line: (-line.disputed / max(1, line.compared), line.uid))
        return tuple(
            ArticleRow(
                line.title,
                f"/articles/{quote(line.uid)}/disagreements" if self.base else "",
                line,
                wording.figure(line.alpha),
                wording.why(line.alpha.reason),
            )
            for line in ordered
        )


def _place(label_set: frozenset[str]) -> tuple[int, ...]:
    """Single labels and pairs in the order claim, quote, opinion; none last."""
    order = {"claim": 0, "quote": 1, "opinion": 2, NONE: 9, UNSURE: 10}
    return (int(bool(label_set & {NONE, UNSURE})), len(label_set), *sorted(order[label] for label in label_set))
