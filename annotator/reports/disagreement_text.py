"""The disagreement report as text for a terminal: the numbers of the page in plain tables."""

import io
from collections.abc import Iterable
from typing import Any

from annotator.domain.agreement import Coefficient
from annotator.domain.words import counted
from annotator.reports import methods, wording
from annotator.reports.disagreement_details import ATTRIBUTIONS, EVIDENCE, SPOTS, VOICES, feature_name
from annotator.reports.disagreement_files import answer
from annotator.reports.disagreement_people import ReviewerLine
from annotator.reports.disagreements import Report
from annotator.reports.own_disagreements import OwnReport


def _plain(text: str) -> str:
    """One line without characters that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def as_text(report: Report, *, width: int = 100) -> str:
    """For a terminal: the figures, the pairs and the disputed sentences as plain tables."""
    from rich.console import Console  # only the command line prints tables

    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    title = report.articles[0].title if not report.is_corpus else counted(len(report.articles), "articles")
    console.print(f"Disagreement report: {_plain(title)}\n")
    console.print(_plain(wording.first_sentence(report)))
    console.print(f"Alpha over label sets (MASI): {_line(report.alpha_sets)}. {wording.meaning(report.alpha_sets)}\n")
    for text in wording.dominated(report):
        console.print(f"{text}\n")
    for table in _tables(report):
        console.print(table)
    console.print(_counted(report))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _line(found: Coefficient) -> str:
    return f"{wording.figure(found)} ({wording.interval(found)})"


def _counted(report: Report) -> str:
    left = "; ".join(text for _, text in wording.left_out(report)) or "nothing"
    answers, on = counted(report.counted.count, "answers"), counted(len(report.counted.sentences), "sentences")
    return (
        f"Counted: {answers} on {on} by {counted(len(report.ratings.reviewers), 'reviewers')}. Left out: {left}; "
        f"older revisions, machines and gold never count.\n\nMethods: {_plain(methods.paragraph(report))}"
    )


def _table(title: str, *columns: str) -> Any:
    from rich import box  # as in as_text()
    from rich.table import Table

    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for column in columns:
        made.add_column(column)
    return made


def _tables(report: Report) -> Iterable[Any]:
    figures = _table("Agreement", "figure", "value", "95 % interval, or why not")
    layers = report.layers
    rows = {f"alpha, {name}": found for name, found in report.alpha.items()} | {"same label set": report.exact}
    found = {**layers.alpha, **layers.spans, "sources_jaccard": layers.jaccard}
    rows |= {name: found[key] for key, name in {**VOICES, **ATTRIBUTIONS, **EVIDENCE}.items()}
    rows |= {"suggestions shown, alpha": layers.shown.alpha, "suggestions hidden, alpha": layers.hidden.alpha}
    for name, one in rows.items():
        figures.add_row(name, wording.figure(one), wording.interval(one))
    yield figures
    if report.pairs:
        yield _pairs_table(report)
    if report.reviewers:
        yield _reviewers_table(report.reviewers)
    yield from _places(report)
    if report.disputed:
        yield _disputed_table(report)


def _pairs_table(report: Report) -> Any:
    pairs = _table("Pairs (Cohen’s kappa, each label set a category)", "reviewers", "kappa", "sentences both labelled")
    for pair in report.pairs:
        kappa = "not defined" if pair.kappa is None else wording.decimal(pair.kappa)
        pairs.add_row(_plain(f"{report.names[pair.a]} / {report.names[pair.b]}"), kappa, str(pair.shared))
    return pairs


def _reviewers_table(lines: Iterable[ReviewerLine]) -> Any:
    columns = ("reviewer", "done", "unsure", "overlap", "alpha without", "competence", "median", "bias, points")
    people = _table("Reviewers", *columns)
    for line in lines:
        bias = "\n".join(
            f"{label} {wording.points(one.value)} ({wording.points(one.ci95[0])} to {wording.points(one.ci95[1])})"
            for label, one in line.bias.items()
            if one.value is not None and one.ci95
        )
        numbers = [wording.or_dash(n) for n in (line.overlap, line.alpha_without, line.competence)]
        people.add_row(
            _plain(line.name), str(line.done), str(line.unsure), *numbers, wording.seconds(line.seconds), bias or "–"
        )
    return people


def _places(report: Report) -> Iterable[Any]:
    """Drift and hot spots."""
    if report.layers.drift:
        drift = _table(f"Drift by {report.layers.drift_by}", report.layers.drift_by, "alpha", "interval", "guidelines")
        for period in report.layers.drift:
            found = period.alpha
            drift.add_row(period.name, wording.figure(found), wording.interval(found), ", ".join(period.guidelines))
        yield drift
    if report.layers.hot_spots:
        spots = _table("Hot spots", "where", "disputed", "times the usual")
        for spot in report.layers.hot_spots[:SPOTS]:
            share = f"{spot.disputed} of {len(spot.sentences)}"
            spots.add_row(_plain(feature_name(spot.feature)), share, f"{spot.ratio:.1f}")
        yield spots


def _disputed_table(report: Report) -> Any:
    titles = {article.uid: _plain(article.title) for article in report.articles}
    named = ("article",) if report.is_corpus else ()
    disputed = _table("Sentences, most disputed first", *named, "n", "sentence", "answers")
    for reading in report.disputed:
        where = (titles[reading.article],) if report.is_corpus else ()
        said = "\n".join(_plain(f"{report.names[vote.reviewer]}: {answer(vote)}") for vote in reading.votes)
        disputed.add_row(*where, str(reading.ordinal), _plain(reading.text), said)
    return disputed


def own_text(own: OwnReport, *, width: int = 100) -> str:
    """One reviewer's numbers alone."""
    from rich.console import Console  # only the command line prints tables

    if own.line is None:
        return f"{_plain(own.name)} has finished no article yet.\n"
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, highlight=False, markup=False, emoji=False)
    console.print(
        f"{_plain(own.name)}: {counted(len(own.articles), 'finished articles')}, "
        f"{counted(own.compared, 'sentences')} read by others too."
    )
    console.print(f"Alpha over label sets (MASI) of all reviewers: {_line(own.alpha)}.")
    console.print(_reviewers_table([own.line]))
    if own.alone:
        alone = _table("Sentences on which nobody gave this answer", "n", "sentence", "answer")
        for reading, vote in own.alone:
            alone.add_row(str(reading.ordinal), _plain(reading.text), answer(vote))
        console.print(alone)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
