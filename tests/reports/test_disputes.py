"""The kept queue of disputes is the one that would be computed now, whatever was stored meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event
from sqlmodel import Session

from annotator.domain.adjudication import Decision
from annotator.domain.changes import Change
from annotator.reports.disputes import KeptDisputes, queue
from annotator.services import adjudication, annotations
from annotator.services.history import Actor
from db.engine import Database
from db.models import Article, Reviewer
from db.vocabulary import Label
from tests import factories as f
from tests.reports.test_disagreements import TABLE, fill

CLAIM = Decision(labels=frozenset({Label.CLAIM}))


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """The statements that a connection runs inside."""
    said: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(connection, "before_cursor_execute", listen)
    yield said
    event.remove(connection, "before_cursor_execute", listen)


class Desk:
    """A lead and the queue that is kept for them; every look is held beside the queue computed now."""

    def __init__(self, session: Session) -> None:
        self.session, self.kept = session, KeptDisputes()
        self.article = fill(session, TABLE)
        self.sentences = f.sentences_of(session, self.article)
        self.ada = next(who for who in session.exec(f.select(Reviewer)) if who.name == "Ada")
        self.lead = f.make_lead(session, "Lena")
        self.look()

    def look(self, article: Article | None = None) -> list[tuple[str, str | None]]:
        uid = article.uid if article else None
        found = self.kept.queue(self.session, uid)
        assert found == queue(self.session, uid)
        sentences = [one.reading.sentence for one in found.disputes]
        assert [found.place(one) for one in sentences] == list(range(len(sentences)))
        assert list(found.agreed) == sorted(found.agreed)
        return [(one.reading.sentence, one.reading.gold) for one in found.disputes]

    def decide(self, number: int, decision: Decision = CLAIM) -> None:
        sentence = self.sentences[number - 1]
        gold = adjudication.case(self.session, sentence.uid).revision
        adjudication.decide(self.session, Actor(self.lead.id), sentence.uid, decision, revision=gold)

    def undo(self, number: int) -> None:
        sentence = self.sentences[number - 1]
        gold = adjudication.case(self.session, sentence.uid).revision
        adjudication.undo(self.session, Actor(self.lead.id), sentence.uid, revision=gold)

    def relabel(self, number: int, label: str) -> None:
        sentence = self.sentences[number - 1]
        (own,) = (row for row, who in adjudication.rows.answers(self.session, sentence.id) if who.uid == self.ada.uid)
        change = Change(labels=(label,))
        annotations.save(self.session, Actor(self.ada.id), sentence.uid, change, revision=own.revision)


def test_queue_follows_decisions_and_answers(any_database: Database) -> None:
    with any_database.write() as session:
        desk = Desk(session)
        before = desk.look()
        assert desk.look() == before
        assert len(before) == 3
        desk.decide(5)
        assert desk.look() == [(desk.sentences[4].uid, "complete"), *before[1:]]
        desk.undo(5)
        assert desk.look()[0] == (desk.sentences[4].uid, "needs_review")
        desk.decide(1, Decision(open=True, reason="ask"))
        desk.decide(5)
        desk.look()
        desk.relabel(5, "opinion")
        assert (desk.sentences[4].uid, "needs_review") in desk.look()
        assert desk.look(desk.article) == desk.look()


def test_unanimous_gold_comes_into_the_queue_when_it_is_taken_back_and_leaves_it_when_decided(
    database: Database,
) -> None:
    with database.write() as session:
        desk = Desk(session)
        before, actor = desk.look(), Actor(desk.lead.id)
        waiting = adjudication.agreeing(session, actor, desk.article.uid)
        adjudication.accept_unanimous(session, actor, desk.article.uid, waiting)
        assert desk.look() == before
        number = next(n for n, one in enumerate(desk.sentences, start=1) if one.uid == waiting[0])
        desk.undo(number)
        assert (waiting[0], "needs_review") in desk.look()
        desk.decide(number)
        assert desk.look() == before


def test_a_decision_and_an_answer_read_their_own_sentence_alone(database: Database) -> None:
    with database.write() as session:
        desk = Desk(session)
        for change in (lambda: desk.decide(5), lambda: desk.relabel(1, "opinion")):
            change()
            with statements(session.connection()) as said:
                desk.kept.disputes(session)
            reading = [one for one in said if "none_reason" in one]
            assert reading
            assert all(re.search(r"sentence(_id|\.id) IN \((\?|SELECT sentence.id)", one) for one in reading)
            desk.look()
