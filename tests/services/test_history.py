"""One revision and one event a change, chained by hash: a changed, missing or added row shows."""

from itertools import pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from annotator.domain.changes import Change
from annotator.errors import Conflict
from annotator.services import annotations, attributions, history, undo
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from db import canonical, integrity
from db.models import Annotation, AnnotationRevision, Event
from db.queries import history as past
from db.vocabulary import AttributionType
from tests.services.conftest import Desk


def label(desk: Desk, number: int, *labels: str, revision: int = 0, request: str | None = None) -> None:
    with desk.writing() as session:
        change = Change(labels=labels)
        annotations.save(session, desk.actor(request), desk.sentences[number - 1], change, revision=revision)


def events(session: Session) -> list[Event]:
    return list(session.exec(select(Event).order_by(Event.id)))  # type: ignore[arg-type]


def test_every_event_holds_the_hash_of_the_one_before(any_desk: Desk) -> None:
    label(any_desk, 2, "quote")
    label(any_desk, 3, "claim")
    with any_desk.database.read() as session:
        chain = events(session)
    assert chain[0].previous_sha256 is None
    for one, next_one in pairwise(chain):
        assert next_one.previous_sha256 == one.sha256
    assert all(event.sha256 == past.chained(event) for event in chain)
    any_desk.sound()


def test_an_event_names_who_what_and_the_state_before_and_after(desk: Desk) -> None:
    label(desk, 3, "claim", request="r1")
    label(desk, 3, "opinion", revision=1, request="r2")
    with desk.database.read() as session:
        first, second = events(session)[-2:]
        revisions = session.exec(select(AnnotationRevision).order_by(AnnotationRevision.number)).all()  # type: ignore[arg-type]
    assert (first.actor_id, first.article_id, first.request_id, first.action) == (
        desk.ada,
        desk.article_id,
        "r1",
        "label",
    )
    assert (first.before_sha, first.after_sha) == (None, canonical.sha256(revisions[0].snapshot))
    assert (second.before_sha, second.after_sha) == (first.after_sha, canonical.sha256(revisions[1].snapshot))
    assert second.after_sha == desk.state(3)
    assert [(r.number, r.request_id, r.actor_id) for r in revisions] == [(1, "r1", desk.ada), (2, "r2", desk.ada)]


def test_an_event_holds_no_text_of_the_article(desk: Desk) -> None:
    with desk.writing() as session:
        wording = Wording(speaker="Ida Holm", content="The pier is unsafe", type=AttributionType.DIRECT)
        attributions.create(session, desk.actor(), desk.sentences[1], wording, revision=0)
    with desk.database.read() as session:
        assert not any("unsafe" in event.detail for event in events(session))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE event_log SET at = '2020-01-01T00:00:00.000Z' WHERE id = (SELECT max(id) FROM event_log)",
        "DELETE FROM event_log WHERE id = (SELECT max(id) - 1 FROM event_log)",
        "UPDATE annotation_revision SET snapshot = '{}' WHERE number = 1",
        "UPDATE annotation SET is_opinion = 1, opinion_voice = 'author' WHERE is_claim",
    ],
)
def test_tampering_shows(desk: Desk, damage: str) -> None:
    label(desk, 2, "quote")
    label(desk, 3, "claim")
    with desk.writing() as session:
        for table in ("event_log", "annotation_revision"):
            for verb in ("update", "delete"):
                session.connection().execute(text(f"DROP TRIGGER {table}_no_{verb}"))
        session.connection().execute(text(damage))
    assert list(integrity.check(desk.database)) != []


@pytest.mark.parametrize("statement", ["UPDATE event_log SET action = 'x'", "DELETE FROM annotation_revision"])
def test_the_database_refuses_to_change_the_past(any_desk: Desk, statement: str) -> None:
    label(any_desk, 3, "claim")
    with pytest.raises(DatabaseError, match="append-only"), any_desk.writing() as session:
        session.connection().execute(text(statement))


def test_a_change_that_fails_leaves_neither_revision_nor_event(desk: Desk) -> None:
    before = desk.stored()
    with pytest.raises(RuntimeError):
        _label_and_fail(desk)
    assert desk.stored() == before
    with desk.database.read() as session:
        assert session.exec(select(Annotation)).all() == []


def _label_and_fail(desk: Desk) -> None:
    with desk.writing() as session:
        annotations.save(session, desk.actor(), desk.sentences[2], Change(labels=("claim",)), revision=0)
        raise RuntimeError("the machine stops here")


def test_a_snapshot_says_all_that_hangs_on_an_annotation(desk: Desk) -> None:
    label(desk, 2, "quote", "claim")
    with desk.writing() as session:
        wording = Wording(speaker="Ida Holm", cue="said", content=("The pier", "unsafe"), type=AttributionType.DIRECT)
        outer = attributions.create(session, desk.actor(), desk.sentences[1], wording, revision=1)
        goes_on = Wording(speaker="Ida Holm", content="ferries", type=AttributionType.DIRECT, continues=outer.uid)
        attributions.create(session, desk.actor(), desk.sentences[2], goes_on, revision=0)
    with desk.database.read() as session:
        (said,) = past.snapshot(session, desk.annotation(2))["attributions"]
        (more,) = past.snapshot(session, desk.annotation(3))["attributions"]
    assert (said["content"], said["cue"], said["continues"]) == ([[26, 34], [38, 44]], [[47, 51]], None)
    assert more["continues"] == outer.uid
    assert "continues_id" not in more  # a key of this database says nothing in another one


def test_the_steps_of_a_reviewer_come_newest_first(desk: Desk) -> None:
    label(desk, 2, "quote")
    label(desk, 3, "claim")
    with desk.writing() as session:
        undo.undo(session, desk.actor(), desk.article)
        annotations.save(
            session, desk.actor(reviewer=desk.ben), desk.sentences[0], Change(labels=("none",)), revision=0
        )
        found = list(past.steps(session, desk.article_id, desk.ada))
    assert [(number, action, reverts) for _, number, action, reverts in found] == [
        (2, "undo", 1), (1, "label", None), (1, "label", None),
    ]  # fmt: skip


def test_a_request_is_known_by_all_it_said(desk: Desk) -> None:
    actor = Actor(desk.ada, "r1", "2025-03-01T12:00:00.000Z")
    with desk.writing() as session:
        assert not history.repeated(session, actor, "merge", "spk_1", {"into": "spk_2"})
        history.log(session, actor, "merge", "speaker", "spk_1", detail={"into": "spk_2"})
        assert history.repeated(session, actor, "merge", "spk_1", {"into": "spk_2"})
        with pytest.raises(Conflict):
            history.repeated(session, actor, "merge", "spk_1", {"into": "spk_3"})
        assert not history.repeated(session, Actor(desk.ben, "r1"), "merge", "spk_1", {"into": "spk_2"})
        assert not history.repeated(session, Actor(desk.ada), "merge", "spk_1", {"into": "spk_2"})
