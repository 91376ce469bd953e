"""The clock jumps: what counts is the order in which things were stored, and nobody is signed out for good."""

import pytest

from annotator.errors import Conflict
from annotator.services import adjudication, clock, reviewers, sentences, sessions, undo
from annotator.services.adjudication import Decision
from annotator.services.history import Actor
from db import integrity
from db.engine import Database
from db.queries import annotations
from db.vocabulary import Label
from tests.factories import annotate, make_article, make_lead, make_reviewer, sentences_of

NOW, BEFORE, AFTER = "2025-06-01T12:00:00.000Z", "2025-05-01T12:00:00.000Z", "2026-01-01T00:00:00.000Z"


def order(database: Database) -> list[tuple[int, str]]:
    with database.read() as session:
        query = "SELECT number, at FROM annotation_revision ORDER BY annotation_id, number"
        return [(number, at) for number, at in session.connection().exec_driver_sql(query)]


def test_changes_keep_their_order_and_undo_takes_the_last_one_back(any_database: Database) -> None:
    with any_database.write() as session:
        ada, article = make_reviewer(session, "Ada"), make_article(session)
        first, second, *_ = sentences_of(session, article)
        for sentence, label, at in ((first, "claim", NOW), (second, "quote", AFTER), (first, "opinion", BEFORE)):
            annotate(session, sentence, ada, (label,), at=at)
        assert undo.undo(session, Actor(ada.id, "u1", BEFORE), article.uid) is not None
        found = annotations.of_reviewer(session, first.id or 0, ada.id or 0)
        assert found is not None
        assert (found.is_claim, found.is_opinion) == (True, False)
    assert order(any_database) == [(1, NOW), (2, BEFORE), (3, BEFORE), (1, AFTER)]
    assert list(integrity.check(any_database)) == []


def test_boundaries_are_not_put_back_under_later_work_with_an_earlier_time(
    any_database: Database,
) -> None:
    with any_database.write() as session:
        ada, article = make_reviewer(session, "Ada"), make_article(session)
        sentence = sentences_of(session, article)[1]
        annotate(session, sentence, ada, at=NOW)
        cut = sentences.splitting(session, sentence.uid, article.text.index("said the harbour"))
        half, _ = sentences.apply(session, Actor(None, None, NOW), cut, version=1)
        assert sentences.last_change(session, article.id or 0) == (2, "split")
        annotate(session, half, ada, ("quote",), at=BEFORE)
        with pytest.raises(Conflict, match="have worked"):
            sentences.undo(session, Actor(None, None, NOW), article.uid, version=2)
        assert sentences.last_change(session, article.id or 0) == (2, None)


def test_gold_follows_the_answers_that_were_there_whatever_the_clock_said(any_database: Database) -> None:
    with any_database.write() as session:
        article, lead = make_article(session), make_lead(session, "Lena")
        ada, ben = make_reviewer(session, "Ada"), make_reviewer(session, "Ben")
        one, other = sentences_of(session, article)[1:3]
        for sentence in (one, other):
            annotate(session, sentence, ada, ("claim",), at=NOW)
        decision = Decision(labels=frozenset({Label.CLAIM}), reason="It can be checked.")
        actor = Actor(lead.id, None, BEFORE)  # the clock has gone back
        gold = [adjudication.decide(session, actor, sentence.uid, decision, revision=0) for sentence in (one, other)]
        annotate(session, one, ada, ("quote",), at=BEFORE)  # was there: the gold loses its ground
        annotate(session, other, ben, ("quote",), at="2025-04-01T00:00:00.000Z")  # came later, by an earlier time
        annotate(session, other, ben, ("opinion",), at="2025-04-01T00:00:00.000Z")
        assert [found and found.status for found in gold] == ["needs_review", "complete"]


def test_nobody_is_signed_out_by_a_clock_that_goes_wrong_and_right_again(any_database: Database) -> None:
    def known(at: str) -> bool:
        with any_database.read() as session:
            return sessions.reviewer_of(session, token, now=at, idle_hours=24) is not None

    with any_database.write() as session:
        make_reviewer(session, "Ada")
        link = reviewers.link(session, Actor(None, None, NOW), "Ada", days=7)
        token = sessions.redeem(session, link, now=NOW, days=14)
    assert known(clock.later(NOW, minutes=5))
    assert known(BEFORE)  # back: nothing ends
    with any_database.write() as session:
        sessions.touch(session, token, now=BEFORE)
        sessions.touch(session, token, now=clock.later(NOW, hours=23))  # a little on, and someone is there
    assert known(NOW)
    assert not known(AFTER)  # far on: the session would have ended
    assert known(clock.later(NOW, hours=24))  # right again: it has not
