"""Finishing an article: what is left, what is refused, until when it can be opened again."""

import pytest
from sqlmodel import select

from annotator.domain.changes import Change
from annotator.errors import Conflict, Invalid, NotFound, ReadOnly
from annotator.services import annotations, attributions, finishing
from annotator.services.attributions import Wording
from annotator.services.finishing import Left
from db.models import Article, Assignment, Event
from db.vocabulary import AttributionType, Naming, Status
from tests import factories
from tests.services.conftest import Desk


def label(desk: Desk, number: int, *labels: str, revision: int = 0, **change: str) -> None:
    with desk.writing() as session:
        asked = Change(labels=labels, **change)  # type: ignore[arg-type]
        annotations.save(session, desk.actor(), desk.sentences[number - 1], asked, revision=revision)


def label_all(desk: Desk) -> None:
    for number in range(1, 6):
        label(desk, number, "claim")


def left(desk: Desk) -> Left:
    with desk.database.read() as session:
        return finishing.left(session, desk.article_id, desk.ada)


def finish(desk: Desk, request: str | None = None) -> Assignment:
    with desk.writing() as session:
        return finishing.finish(session, desk.actor(request), desk.article)


def reopen(desk: Desk, request: str | None = None) -> Assignment:
    with desk.writing() as session:
        return finishing.reopen(session, desk.actor(request), desk.article)


def actions(desk: Desk) -> list[str]:
    with desk.database.read() as session:
        return [e.action for e in session.exec(select(Event).where(Event.entity == "assignment"))]


def test_all_is_left_of_an_untouched_article(desk: Desk) -> None:
    assert left(desk) == Left([1, 2, 3, 4, 5], [], [], [], [])
    assert not left(desk).ready


def test_what_is_left_is_listed_by_number_and_kind(any_desk: Desk) -> None:
    label(any_desk, 1, "none")
    label(any_desk, 2, "quote", confidence="low")
    label(any_desk, 3, "unsure")
    with any_desk.writing() as session:
        annotations.save(session, any_desk.actor(), any_desk.sentences[3], Change(note="later"), revision=0)
    label(any_desk, 5, "claim")
    with any_desk.writing() as session:
        session.merge(any_desk.annotation(5)).status = Status.NEEDS_REVIEW
    assert left(any_desk) == Left(
        not_labelled=[4], needs_review=[5], quotes_without_attribution=[2], low_confidence=[2], unsure=[3]
    )


def test_a_quote_with_an_attribution_is_done(desk: Desk) -> None:
    label(desk, 2, "quote")
    with desk.writing() as session:
        wording = Wording(content="unsafe", type=AttributionType.MIXED, naming=Naming.UNSPECIFIED)
        attributions.create(session, desk.actor(), desk.sentences[1], wording, revision=1)
    assert left(desk).quotes_without_attribution == []


def test_other_reviewers_work_and_retired_sentences_do_not_count(desk: Desk) -> None:
    with desk.writing() as session:
        annotations.save(
            session, desk.actor(reviewer=desk.ben), desk.sentences[0], Change(labels=("claim",)), revision=0
        )
        last = factories.sentences_of(session, session.get_one(Article, desk.article_id))[-1]
        last.retired_in = last.created_in
    assert left(desk).not_labelled == [1, 2, 3, 4]


def test_a_labelled_article_is_finished_with_one_event(desk: Desk) -> None:
    label_all(desk)
    done = finish(desk)
    assert (done.state, done.finished_at) == ("finished", "2025-03-01T12:00:00.000Z")
    assert actions(desk) == ["finish"]
    desk.sound()


def test_unsure_and_low_confidence_do_not_keep_an_article_open(desk: Desk) -> None:
    label_all(desk)
    label(desk, 3, "unsure", revision=1, confidence="low")
    assert left(desk).ready
    assert finish(desk).state == "finished"


def test_finishing_is_refused_in_words_while_work_is_left(desk: Desk) -> None:
    for number in (1, 2, 3):
        label(desk, number, "claim")
    with desk.writing() as session:
        session.merge(desk.annotation(3)).status = Status.NEEDS_REVIEW
    with pytest.raises(Invalid, match=r"Not finished yet: 2 sentences are not labelled, 1 sentence needs review\."):
        finish(desk)
    assert actions(desk) == []


def test_finishing_twice_changes_nothing(desk: Desk) -> None:
    label_all(desk)
    finish(desk, "r1")
    finish(desk, "r1")
    finish(desk, "r2")
    assert actions(desk) == ["finish"]


def test_a_finished_article_can_be_opened_again(desk: Desk) -> None:
    label_all(desk)
    finish(desk)
    opened = reopen(desk)
    assert (opened.state, opened.finished_at) == ("open", None)
    reopen(desk)
    assert actions(desk) == ["finish", "reopen"]
    label(desk, 1, "none", revision=1)
    desk.sound()


def test_a_form_that_is_sent_again_after_reopening_does_not_finish_the_article(desk: Desk) -> None:
    label_all(desk)
    finish(desk, "r1")
    reopen(desk, "r2")
    assert finish(desk, "r1").state == "open"
    with pytest.raises(Conflict):
        finish(desk, "r2")


def test_it_stays_finished_once_the_adjudication_has_started(desk: Desk) -> None:
    label_all(desk)
    finish(desk)
    with desk.writing() as session:
        article = session.get_one(Article, desk.article_id)
        factories.make_gold(session, factories.sentences_of(session, article)[0])
    with pytest.raises(ReadOnly, match="adjudication"):
        reopen(desk)


def test_an_article_that_is_not_assigned_does_not_exist(desk: Desk) -> None:
    with desk.writing() as session:
        carl = factories.make_reviewer(session, "Carl").id
    for verb in (finishing.finish, finishing.reopen):
        with pytest.raises(NotFound), desk.writing() as session:
            verb(session, desk.actor(reviewer=carl), desk.article)
        with pytest.raises(NotFound), desk.writing() as session:
            verb(session, desk.actor(), "art_0000000000000000")
