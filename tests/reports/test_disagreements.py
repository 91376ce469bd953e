"""The disagreement report: what counts, the same numbers everywhere, “not defined” with its reason."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from annotator.domain.disagreements import Difference
from annotator.errors import NotFound
from annotator.reports import disagreement_files as files
from annotator.reports import disagreement_text, plots, wording
from annotator.reports.agreement_file import agreement_object
from annotator.reports.disagreement_page import view_of
from annotator.reports.disagreement_sentences import Choice
from annotator.reports.disagreements import Report, disagreement_report
from annotator.services import adjudication
from annotator.services.adjudication import Decision
from annotator.services.history import Actor
from db.engine import Database
from db.models import Article, Reviewer, Segmentation, Sentence
from db.queries import disagreements as stored
from db.vocabulary import Label, Status
from tests import factories as f

# one letter a label, “-” for none, “?” unsure, “ ” not seen: a column a sentence, a row a reviewer
TABLE = {
    "Ada": ["-", "qc", "c", "o", "-"],
    "Ben": ["-", "q", "c", "o", "o"],
    "Cleo": ["c", "q", "c", "?", " "],
}
WORDS = {"c": "claim", "q": "quote", "o": "opinion"}


def fill(session: Session, table: dict[str, list[str]], article: Article | None = None) -> Article:
    article = article or f.make_article(session)
    sentences = f.sentences_of(session, article)
    for name, answers in table.items():
        reviewer = _person(session, name)
        f.assign(session, article, reviewer)
        for sentence, letters in zip(sentences, answers, strict=False):
            said(session, sentence, reviewer, letters)
    return article


def _person(session: Session, name: str) -> Reviewer:
    found = {reviewer.name: reviewer for reviewer in session.exec(select(Reviewer))}
    return found.get(name) or f.make_reviewer(session, name)


def said(session: Session, sentence: Sentence, reviewer: Reviewer, letters: str) -> None:
    if letters != " ":
        labels = {"-": ("none",), "?": ("unsure",)}.get(letters) or tuple(WORDS[letter] for letter in letters)
        f.annotate(session, sentence, reviewer, labels)


@pytest.fixture
def report(database: Database) -> Callable[..., Report]:
    """The report on the article of a table."""

    def made(table: dict[str, list[str]] = TABLE) -> Report:
        with database.write() as session:
            fill(session, table)
        with database.read() as session:
            return disagreement_report(session)

    return made


def test_counts_and_what_was_left_out_name_their_sentences(report: Callable[..., Report]) -> None:
    found = report()
    assert (found.counted.count, len(found.counted.sentences)) == (13, 5)
    groups = {group.name: (group.count, len(group.sentences)) for group in found.left_out}
    assert groups == {
        "unsure": (1, 1), "needs_review": (0, 0), "draft": (0, 0), "single": (0, 0), "to_do": (1, 1), "retired": (0, 0),
    }  # fmt: skip
    assert len(found.disputed) == 3
    assert found.without_majority == 1


def test_alpha_is_that_of_a_calculation_by_hand(report: Callable[..., Report]) -> None:
    """Claim: yes/no over 5 sentences; 4 of 9 pairs of the three-fold ones differ in two sentences.

    Coincidences (Krippendorff 2011): D_o = (2 · 2/2 + 2 · 2/2) / 13 with n = 13, n_yes = 5, n_no = 8.
    """
    found = report()
    observed = (2 * 2 / 2 + 2 * 2 / 2) / 13
    expected = 2 * 5 * 8 / (13 * 12)
    assert found.alpha["claim"].value == pytest.approx(1 - observed / expected)
    assert found.alpha["quote"].value == pytest.approx(1.0)
    assert found.exact.value == pytest.approx((1 / 3 + 1 / 3 + 1 + 1 + 0) / 5)


def test_page_and_files_show_the_numbers_of_the_agreement_object(report: Callable[..., Report]) -> None:
    found = report()
    layers = files.as_json(found)["layers"]
    beside = ("claim_voice", "opinion_voice", "attribution", "attribution_type", "stance")
    others = ("sources", "verdict", "boundaries")
    assert set(layers) == {"label_sets", "claim", "quote", "opinion", "none", *beside, *others}
    for name in beside:
        assert layers[name]["metrics"]["krippendorff_alpha_nominal"] == as_metric(found.layers.alpha[name])
    assert layers["label_sets"] == agreement_object(found.ratings)
    metrics = layers["label_sets"]["metrics"]
    assert metrics["krippendorff_alpha_masi"] == as_metric(found.alpha_sets)
    assert metrics["percent_agreement"] == as_metric(found.exact)
    for label in ("claim", "quote", "opinion", "none"):
        assert layers[label]["metrics"]["krippendorff_alpha_nominal"] == as_metric(found.alpha[label])
        assert layers["label_sets"]["per_label_alpha"][label] == pytest.approx(found.alpha[label].value)
    assert layers["label_sets"]["alpha_without"] == {line.uid: line.alpha_without for line in found.reviewers}
    assert [(p["a"], p["b"], p["shared"], p["kappa"]) for p in layers["label_sets"]["pairs"]] == [
        (p.a, p.b, p.shared, p.kappa) for p in found.pairs
    ]


def as_metric(found: Any) -> dict[str, Any]:
    return {"value": found.value, "reason": found.reason, "ci95": None if found.ci95 is None else list(found.ci95)}


def test_order_of_reviewers_and_rows_changes_nothing(database: Database) -> None:
    tables = [TABLE, dict(reversed(TABLE.items()))]
    found = []
    for n, table in enumerate(tables):
        text = f"{f.TEXT}\n\nSentence {n} of this copy of the article."
        with database.write() as session:
            article = f.make_article(session, text)
            fill(session, table, article)
        with database.read() as session:
            found.append(disagreement_report(session, [article.uid]))
    one, other = found
    assert (one.alpha_sets, one.alpha, one.exact, one.pairs) == (
        other.alpha_sets, other.alpha, other.exact, other.pairs
    )  # fmt: skip


def test_gold_machines_and_unfinished_rows_never_count(report: Callable[..., Report], database: Database) -> None:
    before = report()
    with database.write() as session:
        article = session.exec(select(Article)).one()
        first, second, *_ = f.sentences_of(session, article)
        machine = f.make_reviewer(session, "Robot", kind="machine")
        f.annotate(session, first, machine, ("opinion",))
        lead, dan = f.make_lead(session, "Lena"), f.make_reviewer(session, "Dan")
        adjudication.decide(
            session, Actor(lead.id), second.uid, Decision(labels=frozenset({Label.OPINION})), revision=0
        )
        f.annotate(session, first, dan, ("opinion",)).status = Status.NEEDS_REVIEW
        f.annotate(session, second, dan, ("unsure",))
    with database.read() as session:
        after = disagreement_report(session)
    assert (after.alpha_sets, after.alpha, after.exact) == (before.alpha_sets, before.alpha, before.exact)
    assert after.ratings.reviewers == before.ratings.reviewers
    assert (after.group("needs_review").count, after.group("unsure").count) == (1, 2)
    assert len(after.decided) == 1


def test_retired_sentences_never_count(report: Callable[..., Report], database: Database) -> None:
    report()
    with database.write() as session:
        article = session.exec(select(Article)).one()
        assert article.id is not None
        later = Segmentation(article_id=article.id, version=2, engine="test", created_at=f.AT)
        session.add(later)
        session.flush()
        f.sentences_of(session, article)[1].retired_in = later.id
    with database.read() as session:
        found = disagreement_report(session)
    assert len(found.readings) == 4
    assert found.group("retired").count == 3
    assert found.alpha["quote"].value is None


def test_only_the_newest_answer_of_a_reviewer_counts(database: Database) -> None:
    with database.write() as session:
        article = fill(session, {"Ada": ["c"], "Ben": ["q"]})
        sentence, ada = f.sentences_of(session, article)[0], _person(session, "Ada")
        f.annotate(session, sentence, ada, ("quote",))
    with database.read() as session:
        found = disagreement_report(session)
    assert found.ratings.given == 2
    assert found.readings[0].difference is Difference.NOTHING


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({}, "nothing is labelled"),
        ({"Ada": ["c", "q"]}, "only one reviewer"),
        ({"Ada": ["c", " "], "Ben": [" ", "q"]}, "no overlap"),
        ({"Ada": ["c"], "Ben": ["q"]}, "only one item"),
        ({"Ada": ["c", "c"], "Ben": ["c", "c"]}, "only one label"),
        ({"Ada": ["?", "?"], "Ben": ["c", "q"]}, "only one reviewer"),
    ],
)
def test_what_the_data_cannot_give_is_not_defined_with_the_reason(
    report: Callable[..., Report], table: dict[str, list[str]], reason: str
) -> None:
    found = report(table)
    assert found.alpha_sets.value is None
    assert reason in (found.alpha_sets.reason or "")
    assert all(one.value is None and one.reason for one in found.alpha.values())
    view = view_of(found, base="/disagreements")
    assert view.rows[0].value == "not defined"
    assert reason in view.rows[0].interval
    text = disagreement_text.as_text(found) + files.as_html(found) + files.as_csv(found)
    assert "not defined" in text
    assert not re.search(r"\bnan\b|\binf\b", text.casefold())
    for form in (files.as_json(found), files.as_csv(found)):
        assert "NaN" not in json.dumps(form)


def test_first_sentence_says_who_is_missing(database: Database) -> None:
    with database.write() as session:
        article = fill(session, {"Ada": ["c", "q"]})
        f.assign(session, article, f.make_reviewer(session, "Ben"))
    with database.read() as session:
        found = disagreement_report(session, [article.uid])
    assert wording.first_sentence(found) == (
        "There is nothing to compare yet. Still missing: Ada (2 of 5 sentences), Ben (has not begun)."
    )


def test_first_sentence_names_the_question_behind_the_most_common_split(report: Callable[..., Report]) -> None:
    text = wording.first_sentence(report({"Ada": ["qc", "qc", "c"], "Ben": ["q", "q", "c"]}))
    assert text == (
        "Two reviewers agree fully on 1 of 3 sentences. The most common split is one question: "
        "when somebody’s words are reported, is there a claim in them too?"
    )


def test_first_sentence_when_all_agree(report: Callable[..., Report]) -> None:
    text = wording.first_sentence(report({"Ada": ["q", "c"], "Ben": ["q", "c"]}))
    assert text == "Two reviewers chose the same labels for all 2 sentences that at least two of them have read."


def test_report_on_an_unknown_article_is_refused(database: Database) -> None:
    with database.read() as session, pytest.raises(NotFound):
        disagreement_report(session, ["art_0000000000000000"])


def test_report_on_several_articles_resamples_articles_too(database: Database) -> None:
    texts = [f"{f.TEXT}\n\nSentence {n} of this copy." for n in range(3)]
    tables = [{"Ada": ["c", "q", "o"], "Ben": ["c", "q", "o"]}, {"Ada": ["c", "q"], "Ben": ["q", "c"]}, TABLE]
    with database.write() as session:
        for text, table in zip(texts, tables, strict=True):
            fill(session, table, f.make_article(session, text))
    with database.read() as session:
        found = disagreement_report(session)
        alone = agreement_object(found.ratings)["metrics"]["krippendorff_alpha_masi"]["ci95"]
    assert found.is_corpus
    assert len(found.articles) == 3
    groups = found.resampling(found.ratings).groups
    assert groups is not None
    assert len(np.unique(groups)) == 3
    ci95 = found.alpha_sets.ci95
    assert ci95 is not None
    assert ci95[1] - ci95[0] >= alone[1] - alone[0]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that reading sends meanwhile."""
    statements: list[str] = []

    def note(*given: Any) -> None:
        statements.append(given[2])

    event.listen(database.reader, "before_cursor_execute", note)
    yield statements
    event.remove(database.reader, "before_cursor_execute", note)


def test_report_is_the_same_on_both_databases(any_database: Database) -> None:
    with any_database.write() as session:
        article = fill(session, TABLE)
    with any_database.read() as session:
        found = disagreement_report(session, [article.uid])
        assert stored.agreed(session) == stored.agreed(session, [article.uid]) == [(article.uid, None, 2)]
        assert stored.agreed(session, ["art_0000000000000000"]) == []
    assert (found.counted.count, len(found.disputed), found.group("to_do").count) == (13, 3, 1)
    assert found.exact.value == pytest.approx((1 / 3 + 1 / 3 + 1 + 1 + 0) / 5)


def test_number_of_queries_does_not_grow_with_sentences(database: Database) -> None:
    counts = []
    for lines in (3, 60):
        text = "\n\n".join(f"Line {n} of {lines} says something plain." for n in range(lines))
        with database.write() as session:
            article = f.make_article(session, text)
            fill(session, {"Ada": ["c"] * lines, "Ben": ["q"] * lines}, article)
        with counted(database) as statements, database.read() as session:
            disagreement_report(session, [article.uid])
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 18


def test_csv_has_a_row_a_figure_and_a_row_a_sentence_unrounded(report: Callable[..., Report]) -> None:
    found = report()
    rows = list(csv.DictReader(io.StringIO(files.as_csv(found))))
    by_name = {(row["row"], row["name"]): row for row in rows}
    assert float(by_name["figure", "alpha_masi"]["value"]) == found.alpha_sets.value
    assert float(by_name["figure", "alpha_claim"]["ci_low"]) == (found.alpha["claim"].ci95 or (0, 0))[0]
    assert by_name["left out", "unsure"]["count"] == "1"
    sentences = [row for row in rows if row["row"] == "sentence"]
    assert [row["sentence"] for row in sentences] == [r.sentence for r in found.readings]
    assert {row["answer of Ada"] for row in sentences} == {
        "none (heading)", "claim (attributed)+quote", "claim (author)", "opinion (author)", "none (question)",
    }  # fmt: skip
    assert [row["answer of Cleo"] for row in sentences].count("unsure") == 1


def test_csv_does_not_let_a_spreadsheet_run_text(database: Database) -> None:
    with database.write() as session:
        article = f.make_article(session, "=1+1 is what the board wrote.\n\n@board said so twice.")
        fill(session, {"=Ada": ["c", "q"], "Ben": ["q", "q"]}, article)
    with database.read() as session:
        cells = [c for row in csv.reader(io.StringIO(files.as_csv(disagreement_report(session)))) for c in row]
    assert "'=1+1 is what the board wrote." in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@"))]


def test_text_form_has_no_character_that_a_terminal_obeys(database: Database) -> None:
    with database.write() as session:
        article = f.make_article(session, "The \x1b[31mboard\x07 met.\n\nIt met again.")
        fill(session, {"Ada": ["c", "q"], "Ben": ["q", "q"]}, article)
    with database.read() as session:
        text = disagreement_text.as_text(disagreement_report(session))
    assert "board" in text
    assert not [c for c in text if c != "\n" and not c.isprintable()]


def test_html_file_asks_nobody_for_anything(report: Callable[..., Report]) -> None:
    html = files.as_html(report())
    assert "<script" not in html
    assert not re.search(r'(?:src|href|action)="(?!#)', html)
    assert not re.search(r"url\((?!['\"]?data:)", html)
    assert "@import" not in html
    assert " style=" not in html
    assert "default-src 'none'" in html
    assert "The pier is unsafe" in html


def test_html_file_escapes_what_people_wrote(database: Database) -> None:
    with database.write() as session:
        article = f.make_article(session, "<b>Bold</b> & more.\n\nA second one.", title="<i>Title</i>")
        fill(session, {"<u>Ada</u>": ["c", "q"], "Ben": ["q", "q"]}, article)
    with database.read() as session:
        html = files.as_html(disagreement_report(session))
    for raw in ("<b>Bold", "<i>Title", "<u>Ada"):
        assert raw not in html


@pytest.mark.parametrize(
    ("choice", "sentences"),
    [
        (Choice(), [5, 2, 1]),  # evenly split, then two to one, of which the model is surer of the first
        (Choice(show="all"), [1, 2, 3, 4, 5]),
        (Choice(show="unsure"), [4]),
        (Choice(cell="quote.claim+quote"), [2]),
        (Choice(cell="claim.claim"), [3]),
        (Choice(cell="nonsense"), []),
        (Choice(pair="nobody.at all"), []),
    ],
)
def test_every_number_leads_to_its_sentences(
    report: Callable[..., Report], choice: Choice, sentences: list[int]
) -> None:
    view = view_of(report(), base="/disagreements", choice=choice)
    found = [row.reading.ordinal for row in view.listing.rows]
    assert (found if choice == Choice() else sorted(found)) == sentences


def test_pair_leads_to_the_sentences_both_have_labelled_with_differences_first(report: Callable[..., Report]) -> None:
    found = report()
    uids = {line.name: line.uid for line in found.reviewers}
    view = view_of(found, base="/disagreements", choice=Choice(pair=f"{uids['Cleo']}.{uids['Ada']}"))
    assert sorted(row.reading.ordinal for row in view.listing.rows[:2]) == [1, 2]
    assert [row.reading.ordinal for row in view.listing.rows[2:]] == [3]


def test_matrix_links_and_totals_are_those_of_the_coincidences(report: Callable[..., Report]) -> None:
    found = report()
    view = view_of(found, base="/disagreements")
    assert sum(row.total for row in view.matrix) == found.counted.count
    assert [len(row.cells) for row in view.matrix] == list(range(1, len(view.matrix) + 1))
    cells = [cell for row in view.matrix for cell in row.cells if cell]
    assert all(cell.href.startswith("/disagreements?cell=") for cell in cells)


def test_undefined_kappa_says_why(report: Callable[..., Report]) -> None:
    view = view_of(report({"Ada": ["c", "c"], "Ben": ["c", "c"]}), base="/disagreements")
    (row,) = view.pairs
    assert row.cells[0].kappa == "not defined"
    assert row.cells[0].reason


def test_small_shared_numbers_are_marked(report: Callable[..., Report]) -> None:
    assert all(cell.few for row in view_of(report()).pairs for cell in row.cells)


@pytest.mark.parametrize(
    ("value", "text"), [(0.594, "0.59"), (-0.014, "−0.01"), (-0.001, "0.00"), (0.0, "0.00"), (1.0, "1.00")]
)
def test_numbers_have_two_places_and_a_true_minus(value: float, text: str) -> None:
    assert wording.decimal(value) == text


def test_point_outside_the_axis_stands_at_its_end_with_an_arrow() -> None:
    from annotator.domain.agreement import Coefficient

    point = plots.point(Coefficient(-0.2, None, (-0.5, 0.4)), 420)
    assert point is not None
    assert (point.x, point.low, point.arrow_low, point.arrow_high) == (8.0, 8.0, True, False)
    assert plots.point(Coefficient(None, "why"), 420) is None


@pytest.mark.parametrize("total", [0, 1, 3, 400])
def test_strip_fills_its_width(total: int) -> None:
    parts: Sequence[tuple[float, float]] = plots.strip(total)
    assert len(parts) == total
    assert all(x >= 0 and x + width <= 1000.1 for x, width in parts)


def test_mix_gives_every_label_its_share() -> None:
    bars = plots.mix({"quote": 1, "claim": 3, "opinion": 0}, 100, gap=0)
    assert [(bar.label, bar.x, bar.width) for bar in bars] == [("quote", 0.0, 25.0), ("claim", 25.0, 75.0)]
    assert plots.mix({"quote": 0}, 100) == ()
