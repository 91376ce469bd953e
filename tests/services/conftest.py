"""A desk: one article of five sentences, assigned to two reviewers, and what it takes to change something on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from sqlmodel import Session, col, func, select

from annotator.services.history import Actor
from db import integrity
from db.engine import Database
from db.models import Annotation, AnnotationRevision, Event, Sentence
from db.queries import history
from tests import factories

AT = "2025-03-01T12:00:00.000Z"


@dataclass(frozen=True)
class Desk:
    """Sentences are uids in the order of the text; reviewers are database ids."""

    database: Database
    article: str
    article_id: int
    sentences: list[str]
    ada: int
    ben: int

    def actor(self, request: str | None = None, *, reviewer: int | None = None) -> Actor:
        return Actor(reviewer or self.ada, request, AT)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with self.database.write() as session:
            yield session

    def annotation(self, number: int, *, reviewer: int | None = None) -> Annotation:
        """A reviewer's annotation of the sentence with this number, counted from 1."""
        with self.database.read() as session:
            statement = select(Annotation).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
            mine = (Sentence.uid == self.sentences[number - 1], Annotation.reviewer_id == (reviewer or self.ada))
            return session.exec(statement.where(*mine)).one()

    def state(self, number: int) -> str:
        """The digest of all that one of Ada's annotations says."""
        with self.database.read() as session:
            return history.digest(history.snapshot(session, self.annotation(number)))

    def stored(self) -> tuple[int, int]:
        """How many revisions and events there are."""
        with self.database.read() as session:
            counts = [session.exec(select(func.count()).select_from(t)).one() for t in (AnnotationRevision, Event)]
        return counts[0], counts[1]

    def sound(self) -> None:
        """Hash chain, spans, references: nothing is wrong."""
        assert [str(finding) for finding in integrity.check(self.database)] == []


def prepare(database: Database) -> Desk:
    with database.write() as session:
        article = factories.make_article(session)
        ada, ben = factories.make_reviewer(session, "Ada"), factories.make_reviewer(session, "Ben")
        factories.assign(session, article, ada, ben)
        sentences = [sentence.uid for sentence in factories.sentences_of(session, article)]
        assert article.id is not None
        assert ada.id is not None
        assert ben.id is not None
        return Desk(database, article.uid, article.id, sentences, ada.id, ben.id)


@pytest.fixture
def desk(database: Database) -> Desk:
    return prepare(database)


@pytest.fixture
def any_desk(any_database: Database) -> Desk:
    """A desk on each of the two databases in turn."""
    return prepare(any_database)
