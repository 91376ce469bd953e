from collections import Counter

import pytest
from sqlmodel import Session, select

from annotator.errors import Invalid
from annotator.services import assignments, reviewers
from annotator.services.assignments import Assigned
from annotator.services.history import Actor
from db import integrity
from db.engine import Database
from db.models import Article, Assignment, Event
from tests.factories import AT, make_article, make_lead, make_reviewer, sentences_of

OPERATOR = Actor(None, None, AT)


def article_of(session: Session, length: int, name: str = "this text") -> Article:
    """An article with so many sentences."""
    return make_article(session, " ".join(f"Sentence {n} of {name}." for n in range(length)))


def test_named_reviewers_read_an_article(any_database: Database) -> None:
    with any_database.write() as session:
        article = make_article(session)
        for name in ("Ada Lind", "Ben Okoro"):
            make_reviewer(session, name)
        made = assignments.assign(session, OPERATOR, article.uid, ["ada lind", "Ben Okoro", "ADA LIND"])
        assert [(one.reviewer.name, one.new) for one in made] == [("Ada Lind", True), ("Ben Okoro", True)]
        stored = session.exec(select(Assignment)).all()
    assert [(a.state, a.assigned_at, a.due) for a in stored] == [("open", AT, None)] * 2
    assert not list(integrity.check(any_database))


def test_assigning_again_changes_nothing(database: Database) -> None:
    with database.write() as session:
        article, _ = make_article(session), make_reviewer(session, "Ada Lind")
        assignments.assign(session, OPERATOR, article.uid, ["Ada Lind"])
        before = session.exec(select(Event.id)).all()
        again = assignments.assign(session, OPERATOR, article.uid, ["Ada Lind"])
        assert [one.new for one in again] == [False]
        assert session.exec(select(Event.id)).all() == before
        assert len(session.exec(select(Assignment)).all()) == 1


def test_article_is_named_by_its_external_id_too(database: Database) -> None:
    with database.write() as session:
        article, _ = make_article(session, external_id="desk-1"), make_reviewer(session, "Ada Lind")
        assert assignments.assign(session, OPERATOR, "desk-1", ["Ada Lind"])[0].article is article


def test_id_of_an_article_wins_over_an_external_id_that_equals_it(database: Database) -> None:
    with database.write() as session:
        article = make_article(session)
        make_article(session, "It borrows an id.", external_id=article.uid)
        assert assignments.find_article(session, article.uid) is article


def test_due_date_is_the_end_of_the_day_and_can_be_moved(database: Database) -> None:
    with database.write() as session:
        article, _ = make_article(session), make_reviewer(session, "Ada Lind")
        assignments.assign(session, OPERATOR, article.uid, ["Ada Lind"], due="2025-03-31")
        assert session.exec(select(Assignment.due)).one() == "2025-03-31T23:59:59.000Z"
        assignments.assign(session, OPERATOR, article.uid, ["Ada Lind"])
        assert session.exec(select(Assignment.due)).one() == "2025-03-31T23:59:59.000Z"
        assignments.assign(session, OPERATOR, article.uid, ["Ada Lind"], due="2025-04-01")
        assert session.exec(select(Assignment.due)).one() == "2025-04-01T23:59:59.000Z"
        events = session.exec(select(Event.action).where(Event.entity == "assignment").order_by(Event.id)).all()  # type: ignore[arg-type]
    assert events == ["assign", "due"]


@pytest.mark.parametrize(
    ("article", "names", "due", "message", "field"),
    [
        ("art_0", ["Ada Lind"], None, "no article “art_0”", "article"),
        ("desk-1", ["Nobody"], None, "no reviewer named “Nobody”", "name"),
        ("desk-1", ["Ben Okoro"], None, "Ben Okoro is deactivated", "name"),
        ("desk-1", [], None, "at least one reviewer", "reviewers"),
        ("desk-1", ["Ada Lind"], "31.3.2025", "“31.3.2025” is not a date like", "due"),
        ("desk-1", ["Ada Lind"], "2025-02-30", "is not a date", "due"),
    ],
)
def test_what_cannot_be_assigned_is_refused_in_words(
    database: Database, article: str, names: list[str], due: str | None, message: str, field: str
) -> None:
    with database.write() as session:
        make_article(session, external_id="desk-1")
        make_reviewer(session, "Ada Lind")
        make_reviewer(session, "Ben Okoro", active=False)
        with pytest.raises(Invalid, match=message) as refused:
            assignments.assign(session, OPERATOR, article, names, due=due)
        assert refused.value.field == field
        assert not session.exec(select(Assignment)).all()


def test_deleted_article_cannot_be_assigned(database: Database) -> None:
    with database.write() as session:
        article, _ = make_article(session, deleted_at=AT), make_reviewer(session, "Ada Lind")
        with pytest.raises(Invalid, match="no article"):
            assignments.assign(session, OPERATOR, article.uid, ["Ada Lind"])


def loads(session: Session, made: list[Assigned]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in made:
        found[one.reviewer.name] += len(sentences_of(session, one.article))
    return found


def test_overlap_spreads_sentences_evenly(any_database: Database) -> None:
    lengths = [40, 30, 22, 20, 11, 10, 9, 5, 5, 4, 3, 1]
    with any_database.write() as session:
        articles = [article_of(session, length, f"text {n}").uid for n, length in enumerate(lengths)]
        for number in range(4):
            make_reviewer(session, f"Reader {number}")
        make_lead(session, "Lena Lead")
        made = assignments.overlap(session, OPERATOR, articles, 2)
        load = loads(session, made)
    assert Counter(one.article.uid for one in made) == dict.fromkeys(articles, 2)
    assert len({(one.article.uid, one.reviewer.uid) for one in made}) == len(made)
    assert sum(load.values()) == 2 * sum(lengths)
    assert max(load.values()) - min(load.values()) <= min(lengths) * 2
    assert set(load) == {f"Reader {number}" for number in range(4)}


def test_overlap_is_the_same_whatever_the_order(database: Database) -> None:
    seen = []
    with database.write() as session:
        articles = [article_of(session, length, f"text {n}").uid for n, length in enumerate((3, 3, 5, 8, 8))]
        for number in range(3):
            make_reviewer(session, f"Reader {number}")
        for order in (articles, articles[::-1], articles + articles):
            with session.begin_nested() as attempt:
                made = assignments.overlap(session, OPERATOR, order, 2)
                seen.append({(one.article.uid, one.reviewer.uid) for one in made})
                attempt.rollback()
    assert len(seen[0]) == 10
    assert seen[0] == seen[1] == seen[2]


def test_overlap_counts_who_reads_already_and_can_be_repeated(database: Database) -> None:
    with database.write() as session:
        article, long = article_of(session, 5), article_of(session, 50, "a long text")
        ada, ben, _ = (make_reviewer(session, name) for name in ("Ada Lind", "Ben Okoro", "Cleo Marsh"))
        assignments.assign(session, OPERATOR, article.uid, ["Ada Lind"])
        assignments.assign(session, OPERATOR, long.uid, ["Ben Okoro"])
        made = assignments.overlap(session, OPERATOR, [article.uid], 2)
        assert [(one.reviewer.name, one.new) for one in made] == [("Cleo Marsh", True)]
        assert assignments.overlap(session, OPERATOR, [article.uid], 2) == []
        reviewers.deactivate(session, OPERATOR, ada.uid)
        again = assignments.overlap(session, OPERATOR, [article.uid], 2)
        assert [one.reviewer.uid for one in again] == [ben.uid]


def test_overlap_ignores_machines(database: Database) -> None:
    with database.write() as session:
        article = make_article(session)
        make_reviewer(session, "Machine", kind="machine")
        make_reviewer(session, "Ada Lind")
        assert [one.reviewer.name for one in assignments.overlap(session, OPERATOR, [article.uid], 1)] == ["Ada Lind"]


@pytest.mark.parametrize(("readers", "message"), [(0, "at least one reader"), (3, "there are 2")])
def test_overlap_that_cannot_be_is_refused_in_words(database: Database, readers: int, message: str) -> None:
    with database.write() as session:
        article = make_article(session)
        for _ in range(2):
            make_reviewer(session)
        with pytest.raises(Invalid, match=message):
            assignments.overlap(session, OPERATOR, [article.uid], readers)
