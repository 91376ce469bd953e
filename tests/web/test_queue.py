"""The first page: the article in hand, one's own articles, a lead's list, the first run."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.engine import Database
from db.models import Assignment
from tests import factories
from tests.web.conftest import SignIn

OTHER = "A letter about the harbour\n\nThe harbour master wrote a letter. It has two pages."  # fiction


def in_days(days: int) -> str:
    return f"{datetime.now(UTC).date() + timedelta(days=days)}T23:59:59.000Z"


def test_without_an_article_the_queue_says_so(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        factories.make_article(session)
    page = sign_in(anna).get("/").text
    assert "Nothing assigned to you. New articles appear here." in page
    assert "ferry" not in page


def test_the_article_in_hand_shows_its_next_sentence_and_enter_continues(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        article = factories.make_article(session, title="The ferry stays in port")
        factories.assign(session, article, anna, due=in_days(30))
        for sentence in factories.sentences_of(session, article)[:2]:
            factories.annotate(session, sentence, anna)
    page = sign_in(anna).get("/").text
    assert "Pick up where you left off" in page
    assert "Sentence 3 of 5" in page
    assert '<blockquote dir="auto">Two ferries a day used it until May.</blockquote>' in page
    assert f'href="/articles/{article.uid}?s=3" data-key="Enter"' in page
    assert page.count('class="is-claim"') == 2
    assert 'max="5" value="2"' in page


def test_a_first_article_starts_and_a_finished_one_leads_to_its_report(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        new, done = factories.make_article(session), factories.make_article(session, OTHER, title="A letter")
        factories.assign(session, new, anna, ben)
        factories.assign(session, done, anna, ben, state="finished", finished_at=factories.AT)
    page = sign_in(anna).get("/").text
    assert "Start here" in page
    assert "1 open · 1 finished" in page
    assert "0 of 2 reviewers finished" in page
    assert "2 of 2 reviewers finished" in page
    assert f'href="/articles/{done.uid}/disagreements">Report' in page
    assert f'href="/articles/{new.uid}">Start' in page


def test_filters_are_links_that_list_what_they_say(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        soon, late = (
            factories.make_article(session, title="Soon"),
            factories.make_article(session, OTHER, title="Later"),
        )
        done = factories.make_article(session, "A note\n\nIt is done.", title="Done")
        factories.assign(session, soon, anna, due=in_days(6))
        factories.assign(session, late, anna, due=in_days(20))
        factories.assign(session, done, anna, state="finished", finished_at=factories.AT, due=in_days(1))
    person = sign_in(anna)
    listed = {show: _titles(person.get(f"/?show={show}").text) for show in ("all", "due", "finished", "nonsense")}
    assert listed == {
        "all": ["Soon", "Later", "Done"], "due": ["Soon"], "finished": ["Done"], "nonsense": ["Soon", "Later", "Done"],
    }  # fmt: skip
    assert 'href="/?show=due" aria-current="true"' in person.get("/?show=due").text


def _titles(page: str) -> list[str]:
    return re.findall(r'class="t"[^>]*>([^<]+)</a>', page)


@pytest.mark.parametrize(
    ("days", "words", "bold"), [(0, "today", True), (1, "tomorrow", True), (2, "in 2 days", False)]
)
def test_what_is_due_within_48_hours_stands_out_with_a_word(
    database: Database, sign_in: SignIn, days: int, words: str, bold: bool
) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        factories.assign(session, factories.make_article(session), anna, due=in_days(days))
    page = sign_in(anna).get("/").text
    assert f'<span class="small {"late" if bold else "soft"}">{words}</span>' in page


def test_when_all_is_labelled_the_queue_offers_to_finish(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        article = factories.make_article(session, OTHER)
        for sentence in factories.sentences_of(session, article):
            factories.annotate(session, sentence, anna)
    page = sign_in(anna).get("/").text
    assert "All 3 sentences labelled" in page
    assert f'<a class="btn primary" href="/articles/{article.uid}?s=3"' in page
    assert ">Finish <kbd" in page


def test_nothing_of_another_reviewer_but_how_many_have_finished(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Benedikt")
        article = factories.make_article(session)
        factories.assign(session, article, anna, ben)
        for sentence in factories.sentences_of(session, article):
            factories.annotate(session, sentence, ben, ("opinion",))
    page = sign_in(anna).get("/").text
    assert "Benedikt" not in page
    assert 'class="is-opinion"' not in page
    assert "not started" in page


def test_a_lead_sees_everybodys_progress_what_is_disputed_and_people(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        lead = factories.make_lead(session, "Lena")
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        article = factories.make_article(session, OTHER, title="A letter")
        factories.assign(session, article, anna, ben)
        one, two, _ = factories.sentences_of(session, article)
        for reviewer, labels in ((anna, ("claim",)), (ben, ("opinion",))):
            factories.annotate(session, one, reviewer, labels)
        factories.annotate(session, two, anna)
    page = sign_in(lead).get("/").text
    assert "<li><span>Anna</span> <span>2 of 3</span></li><li><span>Ben</span> <span>1 of 3</span></li>" in page
    assert f'href="/adjudication?article={article.uid}">1 disputed' in page
    assert f'href="/people/{anna.uid}">Anna</a><span class="soft small">1 sentence open' in page
    assert 'action="/articles"' in page
    assert "My articles" not in page


def test_a_decided_dispute_is_no_longer_counted(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        lead = factories.make_lead(session, "Lena")
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        sentence = factories.sentences_of(session, factories.make_article(session))[1]
        factories.annotate(session, sentence, anna)
        factories.annotate(session, sentence, ben, ("quote",))
        factories.make_gold(session, sentence, lead=lead)
    assert "disputed" not in sign_in(lead).get("/").text


def test_a_lead_who_reads_an_article_has_a_queue_too(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        lead = factories.make_lead(session, "Lena")
        factories.assign(session, factories.make_article(session), lead)
    page = sign_in(lead).get("/").text
    assert "My articles" in page
    assert "All articles" in page


def test_an_empty_database_greets_the_lead_with_the_import_form(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        lead = factories.make_lead(session, "Lena")
    page = sign_in(lead).get("/").text
    assert "<h1>Bring in the first article</h1>" in page
    assert 'action="/articles" enctype="multipart/form-data"' in page


def test_a_long_list_of_a_lead_has_pages(database: Database, sign_in: SignIn, monkeypatch: Any) -> None:
    monkeypatch.setattr("annotator.reports.queue.PAGE", 2)
    with database.write() as session:
        lead = factories.make_lead(session, "Lena")
        for n in range(3):
            factories.make_article(session, f"Note {n}\n\nThis is note {n}.", title=f"Note {n}")
    person = sign_in(lead)
    assert _titles(person.get("/").text) == ["Note 2", "Note 1"]
    assert _titles(person.get("/?page=2").text) == ["Note 0"]
    assert _titles(person.get("/?page=99").text) == ["Note 0"]


def test_a_deadline_of_a_date_alone_is_read_too(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
        assignment = factories.assign(session, factories.make_article(session), anna)[0]
        session.get_one(Assignment, assignment.id).due = "2001-02-03"
    assert "days late" in sign_in(anna).get("/").text


def test_own_articles_tell_how_long_they_took_without_pauses(database: Database, sign_in: SignIn) -> None:
    """Sentences 2 to 4 took 20, 40 and 100 seconds; Ben's work on the same article counts for nobody else."""
    with database.write() as session:
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        article, other = factories.make_article(session), factories.make_article(session, OTHER, title="A letter")
        factories.assign(session, other, anna)
        sentences = factories.sentences_of(session, article)
        for sentence, at in zip(sentences, ("00:00", "00:20", "01:00", "02:40", "09:00"), strict=True):
            factories.annotate(session, sentence, anna, at=f"2025-01-02T03:{at}.000Z")
            factories.annotate(session, sentence, ben, at=f"2025-01-02T03:{at[:4]}1.000Z")
    page = sign_in(anna).get("/").text
    assert re.findall(r"(\d+) min · (\d+) s each", page) == [("3", "40")]
    assert "pauses of over 5 minutes are left out" in page
    assert "3 min · je 40 s" in sign_in(anna).get("/", accept_language="de").text
