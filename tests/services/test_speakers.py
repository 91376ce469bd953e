"""Speakers: names offered without showing what others did, other names, merging that can be undone."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from annotator.domain.attributions import names_in
from annotator.domain.changes import Change
from annotator.errors import Conflict, Invalid, NotFound
from annotator.services import annotations, attributions, finishing, speakers
from annotator.services.attributions import Wording
from db.models import Article, Event, Speaker
from db.vocabulary import AttributionType, SpeakerKind
from tests.services.conftest import Desk


def attribute(desk: Desk, speaker: str, content: str, number: int, *, reviewer: int, revision: int = 0) -> None:
    with desk.writing() as session:
        wording = Wording(speaker=speaker, content=content, type=AttributionType.INDIRECT)
        actor = desk.actor(reviewer=reviewer)
        attributions.create(session, actor, desk.sentences[number - 1], wording, revision=revision)


def names(desk: Desk, reviewer: int) -> list[str]:
    with desk.database.read() as session:
        mentioned = names_in(session.get_one(Article, desk.article_id).text)
        return speakers.names_for(session, desk.article_id, mentioned, reviewer)


def made(desk: Desk, *found: str) -> list[Speaker]:
    with desk.writing() as session:
        return [speakers.get_or_create(session, desk.actor(), name) for name in found]


def test_a_speaker_is_made_once_with_a_guessed_kind_and_an_event(any_desk: Desk) -> None:
    one, again, board = made(any_desk, "Ida  Holm", "IDA HOLM", "Harbour Board")
    assert (one.id, one.name, one.kind, board.kind) == (again.id, "Ida Holm", "person", "organization")
    with any_desk.database.read() as session:
        assert len(session.exec(select(Event).where(Event.entity == "speaker")).all()) == 2
    any_desk.sound()


def test_a_kind_that_is_chosen_counts_and_is_found_again_without_it(desk: Desk) -> None:
    with desk.writing() as session:
        ship = speakers.get_or_create(session, desk.actor(), "Grey Heron", SpeakerKind.ORGANIZATION)
        assert speakers.get_or_create(session, desk.actor(), "Grey Heron").id == ship.id
        assert speakers.get_or_create(session, desk.actor(), "Grey Heron", SpeakerKind.PERSON).id != ship.id
        assert speakers.get_or_create(session, desk.actor(), "Grey Heron").kind == "person"


def test_an_alias_of_two_speakers_decides_nothing(desk: Desk) -> None:
    ida, per = made(desk, "Ida Holm", "Per Holm")
    with desk.writing() as session:
        for speaker in (ida, per):
            speakers.add_alias(session, desk.actor(), speaker.uid, "Holm")
        assert speakers.find(session, "Holm") is None
        speakers.merge(session, desk.actor(), per.uid, ida.uid)
        found = speakers.find(session, "holm")
    assert found is not None
    assert found.uid == ida.uid


def test_names_that_the_article_mentions_are_offered_before_any_work(desk: Desk) -> None:
    assert names(desk, desk.ada) == ["Ida Holm"]


def test_own_names_come_first_and_others_show_only_when_the_article_is_finished(desk: Desk) -> None:
    attribute(desk, "Per Lund", "The pier", 2, reviewer=desk.ada)
    attribute(desk, "Secret Person", "ferries", 3, reviewer=desk.ben)
    assert names(desk, desk.ada) == ["Per Lund", "Ida Holm"]
    assert names(desk, desk.ben) == ["Secret Person", "Ida Holm"]
    for number in range(1, 6):
        with desk.writing() as session:
            revision = 1 if number == 2 else 0
            change = Change(labels=("claim",))
            annotations.save(session, desk.actor(), desk.sentences[number - 1], change, revision=revision)
    with desk.writing() as session:
        finishing.finish(session, desk.actor(), desk.article)
    assert names(desk, desk.ada) == ["Secret Person", "Per Lund", "Ida Holm"]
    assert names(desk, desk.ben) == ["Secret Person", "Ida Holm"]


def test_other_names_are_added_and_taken_away(desk: Desk) -> None:
    (ida,) = made(desk, "Ida Holm")
    with desk.writing() as session:
        for _ in range(2):
            speakers.add_alias(session, desk.actor(), ida.uid, " the harbour  master ")
        found = speakers.find(session, "The Harbour Master")
        assert found is not None
        assert found.uid == ida.uid
        for _ in range(2):
            speakers.remove_alias(session, desk.actor(), ida.uid, "The harbour master")
        assert speakers.find(session, "the harbour master") is None
        actions = session.exec(select(Event.action).where(Event.entity == "speaker").order_by(Event.id)).all()  # type: ignore[arg-type]
    assert actions == ["create", "alias", "alias_removed"]


@pytest.mark.parametrize("alias", ["", "  ", "ida holm", "x" * 301])
def test_a_name_that_says_nothing_new_is_refused(desk: Desk, alias: str) -> None:
    (ida,) = made(desk, "Ida Holm")
    with pytest.raises(Invalid) as refused, desk.writing() as session:
        speakers.add_alias(session, desk.actor(), ida.uid, alias)
    assert refused.value.field == "alias"


def test_merging_finds_one_speaker_by_all_names_and_can_be_undone(any_desk: Desk) -> None:
    attribute(any_desk, "Ida Holm", "The pier", 2, reviewer=any_desk.ada)
    attribute(any_desk, "the harbour master", "ferries", 3, reviewer=any_desk.ada)
    attribute(any_desk, "the harbour master", "Two", 3, reviewer=any_desk.ben)
    with any_desk.writing() as session:
        ida, master = speakers.find(session, "Ida Holm"), speakers.find(session, "the harbour master")
        assert ida is not None
        assert master is not None
        speakers.add_alias(session, any_desk.actor(), master.uid, "the master")
        assert speakers.merge(session, any_desk.actor(), master.uid, ida.uid).uid == ida.uid
        found = speakers.find(session, "the master")
        assert found is not None
        assert found.uid == ida.uid
        speakers.unmerge(session, any_desk.actor(), master.uid)
        found = speakers.find(session, "the master")
        assert found is not None
        assert found.uid == master.uid
    any_desk.sound()


def test_merging_goes_on_along_a_chain_and_never_in_a_circle(desk: Desk) -> None:
    one, two, three = made(desk, "One Holm", "Two Holm", "Three Holm")
    with desk.writing() as session:
        speakers.merge(session, desk.actor(), one.uid, two.uid)
        speakers.merge(session, desk.actor(), two.uid, three.uid)
        assert speakers.get_or_create(session, desk.actor(), "One Holm").uid == three.uid
        with pytest.raises(Conflict, match="one speaker already"):
            speakers.merge(session, desk.actor(), three.uid, one.uid)
        with pytest.raises(Conflict, match="Part them first"):
            speakers.merge(session, desk.actor(), one.uid, three.uid)
        with pytest.raises(Conflict):
            speakers.merge(session, desk.actor(), three.uid, three.uid)


def test_a_repeated_merge_does_not_undo_a_parting(desk: Desk) -> None:
    one, two = made(desk, "One Holm", "Two Holm")
    with desk.writing() as session:
        speakers.merge(session, desk.actor("r1"), one.uid, two.uid)
        speakers.unmerge(session, desk.actor("r2"), one.uid)
        speakers.unmerge(session, desk.actor("r3"), one.uid)
        speakers.merge(session, desk.actor("r1"), one.uid, two.uid)
        assert speakers.get(session, one.uid).merged_into_id is None


def test_a_speaker_that_is_not_there_is_not_found(desk: Desk) -> None:
    (ida,) = made(desk, "Ida Holm")
    changes: tuple[Callable[[Session], object], ...] = (
        lambda s: speakers.get(s, "spk_0000000000000000"),
        lambda s: speakers.merge(s, desk.actor(), ida.uid, "spk_0000000000000000"),
        lambda s: speakers.unmerge(s, desk.actor(), "spk_0000000000000000"),
        lambda s: speakers.add_alias(s, desk.actor(), "spk_0000000000000000", "x"),
    )
    for change in changes:
        with pytest.raises(NotFound), desk.writing() as session:
            change(session)
