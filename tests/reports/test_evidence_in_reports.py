"""Sources, verdicts, boundaries, suggestions, unsure and guidelines in the report, on both databases."""

import pytest
from sqlmodel import Session, col, select

from annotator.domain.agreement import Coefficient
from annotator.reports import disagreement_files as files
from annotator.reports import methods, wording
from annotator.reports.disagreement_people import came_back
from annotator.reports.disagreements import Report, disagreement_report
from annotator.reports.kept import KeptReports
from annotator.services import sentences, sources
from annotator.services.history import Actor
from db import canonical
from db.engine import Database
from db.models import Annotation, Guideline, Project, Reviewer, Sentence, Source
from tests import factories as f
from tests.reports.test_disagreements import fill, said

PLACES = 12
TEXT = "\n\n".join(f"The pier cost {n} crowns, and the ferry was sold." for n in range(PLACES))


def read(database: Database, **options: bool) -> Report:
    with database.read() as session:
        return disagreement_report(session, **options)


def pair(session: Session) -> list[Reviewer]:
    return [f.make_reviewer(session, name) for name in ("Ada", "Ben")]


def checked(session: Session, annotation: Annotation, source: Source, verdict: str, stance: str) -> None:
    claim = f.make_claim(session, annotation, verdict=verdict)
    f.make_evidence(session, claim, source, stance=stance)


def test_sources_verdicts_and_stances_are_compared(any_database: Database) -> None:
    with any_database.write() as session:
        people, article = pair(session), f.make_article(session, TEXT)
        used = [f.make_source(session, f"Minutes {n}", canonical_url=f"https://example.org/{n}") for n in range(3)]
        for n, sentence in enumerate(f.sentences_of(session, article)):
            for person in people:
                annotation = f.annotate(session, sentence, person, ("claim",))
                other = n % 4 == 3 and person is people[1]
                verdict = ("supported", "refuted", "conflicting")[n % 3]
                checked(session, annotation, used[2 if other else n % 2], verdict, "supports" if n % 2 else "refutes")
    layers = read(any_database).layers
    assert layers.alpha["verdict"] == Coefficient(1.0, None, (1.0, 1.0), PLACES)
    assert layers.alpha["stance"].value == 1.0
    assert layers.alpha["stance"].items == PLACES * 3 // 4
    assert layers.ratings["sources"].items == tuple(sorted(layers.ratings["sources"].items))
    masi, jaccard = layers.alpha["sources"].value, layers.jaccard.value
    assert masi == jaccard  # of single sources the distances are the same
    assert masi is not None
    assert 0.4 < masi < 0.8


def test_merged_sources_are_one(any_database: Database) -> None:
    with any_database.write() as session:
        people, article = pair(session), f.make_article(session, TEXT)
        used = [f.make_source(session, f"Minutes {n}", canonical_url=f"https://example.org/{n}") for n in range(3)]
        for n, sentence in enumerate(f.sentences_of(session, article)):
            for person, source in zip(people, used[:2], strict=True):
                annotation = f.annotate(session, sentence, person, ("claim",))
                checked(session, annotation, used[2] if n == 0 else source, "supported", "supports")
    apart = read(any_database).layers.alpha["sources"].value
    assert apart is not None
    assert apart < 0.2
    with any_database.write() as session:
        lead = f.make_lead(session, "Lena")
        sources.merge(session, Actor(lead.id), used[0].uid, used[1].uid)
    assert read(any_database).layers.alpha["sources"].value == 1.0


def test_what_nobody_checked_says_so(database: Database) -> None:
    with database.write() as session:
        fill(session, {"Ada": ["c", "q"], "Ben": ["c", "c"]})
    layers = read(database).layers
    for name in ("sources", "stance", "verdict"):
        assert (layers.alpha[name].value, layers.alpha[name].reason) == (None, "nothing is labelled")
    assert "no merge or split" in (layers.alpha["boundaries"].reason or "")
    assert "nothing is suggested" in (layers.shown.alpha.reason or "")


def test_boundaries_are_compared_after_a_split_between_answers(any_database: Database) -> None:
    with any_database.write() as session:
        ada, ben = pair(session)
        article = f.make_article(session, TEXT)
        first = f.sentences_of(session, article)
        for sentence in first:
            f.annotate(session, sentence, ada, ("claim",))
        cut = sentences.splitting(session, first[0].uid, TEXT.index("and the ferry"))
        lead = Actor(f.make_lead(session, "Lena").id)
        sentences.apply(session, lead, cut, version=sentences.version(session, article.uid))
        for sentence in f.sentences_of(session, article):
            f.annotate(session, sentence, ben, ("claim",))
    report = read(any_database)
    found = report.layers.ratings["boundaries"]
    assert (len(found.items), found.reviewers) == (PLACES + 1, tuple(sorted([ada.uid, ben.uid])))
    assert sum(len(set(codes.tolist())) == 2 for codes in found.codes) == 1
    assert report.layers.alpha["boundaries"].value is not None
    assert [r.sentence for r in report.retired] == [first[0].uid]
    assert report.group("retired").sentences == (first[0].uid,)


def test_agreement_is_told_apart_where_suggestions_were_hidden(any_database: Database) -> None:
    with any_database.write() as session:
        people, article = pair(session), f.make_article(session, TEXT)
        found = f.sentences_of(session, article)
        for sentence in found:
            f.make_suggestion(session, sentence)
        project = session.exec(select(Project)).one()
        project.options = canonical.text({"suggestions_hidden_share": 0.5, "suggestions_seed": "seven"})
        session.flush()
    with any_database.read() as session:
        layers = disagreement_report(session).layers
    shown, hidden = set(layers.shown.sentences), set(layers.hidden.sentences)
    assert shown | hidden == {sentence.uid for sentence in found}
    assert not shown & hidden
    assert min(len(shown), len(hidden)) >= 3
    with any_database.write() as session:
        for n, sentence in enumerate(found):
            usual = ("claim", "quote")[n % 2]
            f.annotate(session, sentence, people[0], (usual,))
            f.annotate(session, sentence, people[1], (usual if sentence.uid in shown else "opinion",))
    layers = read(any_database).layers
    assert layers.shown.alpha.value == 1.0
    assert layers.hidden.alpha.value is not None
    assert layers.hidden.alpha.value <= 0


def test_unsure_is_missing_or_a_label(any_database: Database) -> None:
    with any_database.write() as session:
        fill(session, {"Ada": ["c", "q", "?"], "Ben": ["c", "q", "c"]})
    missing, label = read(any_database), read(any_database, unsure_is_label=True)
    assert (missing.counted.count, label.counted.count) == (4, 6)
    assert (len(missing.disputed), len(label.disputed)) == (0, 1)
    assert (missing.group("unsure").count, label.group("unsure").count) == (1, 0)
    assert missing.unsure.count == label.unsure.count == 1
    assert missing.alpha_sets.value == 1.0
    assert label.alpha_sets.value is not None
    assert label.alpha_sets.value < 1
    assert list(label.alpha) == ["claim", "quote", "opinion", "none", "unsure"]
    assert files.as_json(label)["method"]["unsure"] == "label"
    assert [line.done for line in label.reviewers] == [line.done for line in missing.reviewers] == [2, 3]
    assert "can it be decided at all" in wording.first_sentence(label)


def test_new_guidelines_are_marked_in_the_week_they_came(database: Database) -> None:
    with database.write() as session:
        people = pair(session)
        article, other = f.make_article(session, TEXT), f.make_article(session, TEXT.replace("pier", "quay"))
        project = session.exec(select(Project)).one()
        assert project.id is not None
        active = session.get_one(Guideline, project.active_guideline_id)
        active.active_from = "2024-12-01T00:00:00.000Z"
        session.add(
            Guideline(
                project_id=project.id, version="2.0", body="Two", sha256="2", active_from="2025-01-08T00:00:00.000Z"
            )
        )
        for made, day in ((article, "02"), (other, "16")):
            for sentence in f.sentences_of(session, made):
                for person in people:
                    f.annotate(session, sentence, person, ("claim",), at=f"2025-01-{day}T03:00:00.000Z")
    periods = read(database).layers.drift
    assert [(period.name, period.guidelines) for period in periods] == [("2025-W01", ()), ("2025-W03", ("2.0",))]


def test_sentences_with_the_same_words_tell_how_far_one_agrees_with_oneself(database: Database) -> None:
    with database.write() as session:
        ada, _ = pair(session)
        for n, labels in enumerate((("claim",), ("claim",), ("quote",))):
            article = f.make_article(session, f"Article number {n}.\n\nThe ferry was sold in May.\n\nIn short")
            _, again, short = f.sentences_of(session, article)
            f.annotate(session, again, ada, labels)
            f.annotate(session, short, ada, ("none",))
    report = read(database)
    rows = list(came_back(report.readings))
    assert {(words, number) for _, words, number, _ in rows} == {
        ("The ferry was sold in May.", f"{n:06}") for n in (1, 2, 3)
    }
    assert sorted(next(iter(labels)) for *_, labels in rows) == ["claim", "claim", "quote"]
    line = next(line for line in report.reviewers if line.name == "Ada")
    assert (line.oneself.items, line.oneself.agreement.reason) == (1, "only one item came back")


def test_low_alpha_beside_a_high_ac1_is_explained(database: Database) -> None:
    text = "\n\n".join(f"Line {n} says that nothing has changed." for n in range(40))
    with database.write() as session:
        article = f.make_article(session, text)
        fill(session, {"Ada": ["c"] * 39 + ["o"], "Ben": ["o"] + ["c"] * 39}, article)
    report = read(database)
    assert report.alpha["opinion"].value is not None
    assert report.alpha["opinion"].value < 0
    assert report.ac1["opinion"].value is not None
    assert report.ac1["opinion"].value > 0.9
    explained = [text for text in wording.dominated(report) if text.startswith("Opinion")]
    assert len(explained) == 1
    assert "98 % of answers are without this label" in explained[0]
    assert explained[0] in files.as_html(report).replace("&#39;", "'")


def test_methods_paragraph_has_the_numbers_of_the_report(database: Database) -> None:
    with database.write() as session:
        fill(session, {"Ada": ["c", "q", "o", "?"], "Ben": ["c", "q", "c", "c"]})
    report = read(database)
    told = methods.paragraph(report)
    assert report.alpha_sets.value is not None
    assert f"α = {report.alpha_sets.value:.2f}, 95 % CI" in told
    assert "2 reviewers labelled 5 sentences of 1 article " in told
    assert "Unsure answers (1) were treated as missing." in told
    assert "seed 20110125" in told
    assert all(number in told for number in methods.versions().values())


def test_counts_file_gives_back_the_coefficients(database: Database) -> None:
    with database.write() as session:
        fill(session, {"Ada": ["c", "q", "qc", "-"], "Ben": ["c", "q", "q", "c"], "Cleo": ["c", "o", "q", " "]})
    report = read(database)
    rows = [line.split(",") for line in files.as_counts(report).splitlines()]
    head, body = rows[0], rows[1:]
    assert head[4 : 4 + len(report.ratings.labels)] == [f"set {name}" for name in report.ratings.labels]
    claim = head.index("label claim")
    yes = [(int(row[claim]), int(row[3])) for row in body if int(row[3]) > 1]
    observed = sum(2 * y * (n - y) / (n - 1) for y, n in yes)
    given, total = sum(y for y, _ in yes), sum(n for _, n in yes)
    assert report.alpha["claim"].value == pytest.approx(1 - (total - 1) * observed / (2 * given * (total - given)))


def test_kept_report_is_that_of_now(any_database: Database) -> None:
    kept = KeptReports()
    with any_database.write() as session:
        fill(session, {"Ada": ["c", "q"], "Ben": ["c", "c"]})
    with any_database.read() as session:
        first = kept.report(session)
        assert kept.report(session) is first
        assert kept.report(session, unsure_is_label=True) is not first
    with any_database.write() as session:
        third = session.exec(select(Sentence).order_by(col(Sentence.start_cp))).all()[2]
        said(session, third, f.make_reviewer(session, "Cleo"), "o")
    with any_database.read() as session:
        again = kept.report(session)
        assert again is not first
        assert len(again.ratings.reviewers) == len(first.ratings.reviewers) + 1
