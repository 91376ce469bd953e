"""Guidelines change by new versions: what is there keeps its own, and nobody writes over another's text."""

import pytest
from sqlmodel import Session, select

from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.services import guidelines
from annotator.services.history import Actor
from db import canonical
from db.engine import Database
from db.models import Event, Guideline
from db.queries import guidelines as stored
from tests import factories as f

NEW = "# Rules\n\n1. **Who speaks?** Somebody else: quote.\n"


def actor(session: Session, request: str | None = None) -> Actor:
    return Actor(f.make_lead(session, "Lena").id, request)


def test_a_change_is_a_new_version_in_force_and_work_keeps_its_own(any_database: Database) -> None:
    with any_database.write() as session:
        sentences = f.sentences_of(session, f.make_article(session))
        ada = f.make_reviewer(session, "Ada")
        old = f.annotate(session, sentences[1], ada, ("quote",))
        before = stored.active(session)
        made = guidelines.change(session, actor(session), NEW, " 1.1 ", based_on="1.0")
        new = f.annotate(session, sentences[2], ada, ("claim",))
        assert stored.active(session).id == made.id
        assert (made.version, made.body, made.sha256) == ("1.1", NEW, canonical.sha256(NEW))
        assert (old.guideline_id, new.guideline_id) == (before.id, made.id)
        assert guidelines.get(session, "1.0").body == before.body
        counts = [(v.guideline.version, v.labels, v.decisions) for v in stored.versions(session)]
        assert counts == [("1.1", 1, 0), ("1.0", 1, 0)]
        (share,) = stored.shares(session, before.id or 0)
        assert (share.reviewer.name, share.labels) == ("Ada", 1)
        article = share.article.id or 0
        (found,) = stored.labelled(session, before.id or 0, ada.id or 0, article, most=9)
        assert found[1].id == sentences[1].id


def test_labelling_again_moves_a_label_to_the_version_in_force(database: Database) -> None:
    with database.write() as session:
        sentence = f.sentences_of(session, f.make_article(session))[1]
        ada = f.make_reviewer(session, "Ada")
        f.annotate(session, sentence, ada, ("quote",))
        before = stored.active(session)
        guidelines.change(session, actor(session), NEW, "1.1", based_on="1.0")
        f.annotate(session, sentence, ada, ("quote",))
        assert stored.shares(session, before.id or 0) == []


def test_a_change_is_logged_and_a_repeated_request_stores_nothing_twice(any_database: Database) -> None:
    with any_database.write() as session:
        lena = actor(session, "r1")
        first = guidelines.change(session, lena, NEW, "1.1", based_on="1.0")
        again = guidelines.change(session, lena, NEW, "1.1", based_on="1.0")
        assert first.id == again.id
        events = session.exec(select(Event).where(Event.request_id == "r1").order_by(Event.id)).all()  # type: ignore[arg-type]
        assert [(e.action, e.entity_uid, e.after_sha) for e in events] == [
            ("create", "1.1", first.sha256),
            ("activate", "1.1", first.sha256),
        ]
        assert events[1].before_sha == guidelines.get(session, "1.0").sha256
        with pytest.raises(Conflict):
            guidelines.change(session, lena, NEW + "More.\n", "1.2", based_on="1.1")


def test_a_text_written_over_an_older_version_is_refused(database: Database) -> None:
    with database.write() as session:
        lena = actor(session)
        guidelines.change(session, lena, NEW, "1.1", based_on="1.0")
        with pytest.raises(Stale, match=r"Version 1\.1 came into force while you were writing over 1\.0"):
            guidelines.change(session, lena, "Other words.", "1.2", based_on="1.0")
        assert stored.active(session).version == "1.1"


@pytest.mark.parametrize(
    ("body", "version", "field"),
    [
        ("", "1.1", "body"),
        ("\n \n", "1.1", "body"),
        ("x" * 200_001, "1.1", "body"),
        ("a\0b", "1.1", "body"),
        (None, "1.1", "body"),  # the text in force
        (NEW, "", "version"),
        (NEW, "1.0", "version"),
        (NEW, "one/two", "version"),
        (NEW, "v" * 41, "version"),
        (NEW, "1.1\u202e", "version"),
    ],
)
def test_a_text_or_a_name_that_cannot_be_is_refused(
    database: Database, body: str | None, version: str, field: str
) -> None:
    with database.write() as session:
        text = stored.active(session).body if body is None else body
        with pytest.raises(Invalid) as refused:
            guidelines.change(session, actor(session), text, version, based_on="1.0")
        assert refused.value.field == field
        assert len(session.exec(select(Guideline)).all()) == 1


def test_line_ends_and_a_byte_order_mark_are_no_change(database: Database) -> None:
    with database.write() as session:
        text = "\ufeff" + stored.active(session).body.replace("\n", "\r\n")
        with pytest.raises(Invalid, match="Nothing is changed"):
            guidelines.change(session, actor(session), text, "1.1", based_on="1.0")


def test_only_active_leads_and_the_command_line_change_them(database: Database) -> None:
    with database.write() as session:
        ada, gone = f.make_reviewer(session, "Ada"), f.make_reviewer(session, "Otto", role="lead", active=False)
        for person in (ada, gone):
            with pytest.raises(NotFound):
                guidelines.change(session, Actor(person.id), NEW, "1.1", based_on="1.0")
        assert guidelines.change(session, Actor(None), NEW, "1.1", based_on=None).version == "1.1"
        with pytest.raises(NotFound):
            guidelines.get(session, "9")
