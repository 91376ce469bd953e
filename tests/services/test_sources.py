"""Sources: offered without showing what others did, merging that can be undone."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from annotator.errors import Conflict, NotFound
from annotator.services import annotations, evidence, finishing, sources
from annotator.services.annotations import Change
from annotator.services.evidence import EvidenceWording
from annotator.services.sources import SourceDetails
from db.models import Source
from db.vocabulary import Medium, SourceType, Stance, Tier
from tests.services.conftest import Desk


def made(desk: Desk, *urls: str) -> list[Source]:
    with desk.writing() as session:
        return [sources.get_or_create(session, desk.actor(), SourceDetails(url=url)) for url in urls]


def prove(desk: Desk, url: str, number: int, *, reviewer: int) -> None:
    with desk.writing() as session:
        actor, place = desk.actor(reviewer=reviewer), desk.sentences[number - 1]
        annotations.save(session, actor, place, Change(labels=("claim",)), revision=0)
        evidence.add(session, actor, place, EvidenceWording(url=url, stance=Stance.CONTEXT), revision=1)


def offered(desk: Desk, reviewer: int) -> list[str]:
    with desk.database.read() as session:
        return [source.title for source in sources.offered(session, reviewer)]


def test_all_that_is_known_of_a_source_is_stored(any_desk: Desk) -> None:
    with any_desk.writing() as session:
        details = SourceDetails(
            url="https://harbour.example/log.pdf",
            title=" Bridge  log ",
            publisher="Hask Line",
            issued="2024-05",
            authors=("Ida Holm", " "),
            archived_url="https://archive.example/log",
            accessed_on="2024-06-01",
            type=SourceType.DOCUMENT,
            tier=Tier.PRIMARY,
            medium=Medium.PDF,
            note=" n ",
        )
        source = sources.get_or_create(session, any_desk.actor(), details)
    assert (source.title, source.authors, source.type, source.tier) == (
        "Bridge log", '["Ida Holm"]', "document", "primary",
    )  # fmt: skip
    assert (source.medium, source.note, source.accessed_on) == ("pdf", "n", "2024-06-01")
    any_desk.sound()


def test_sources_of_others_are_offered_only_when_the_article_is_finished(desk: Desk) -> None:
    prove(desk, "https://harbour.example/mine", 1, reviewer=desk.ada)
    prove(desk, "https://harbour.example/theirs", 2, reviewer=desk.ben)
    assert offered(desk, desk.ada) == ["harbour.example/mine"]
    for number in range(2, 6):
        with desk.writing() as session:
            change = Change(labels=("claim",))
            annotations.save(session, desk.actor(), desk.sentences[number - 1], change, revision=0)
    with desk.writing() as session:
        finishing.finish(session, desk.actor(), desk.article)
    assert offered(desk, desk.ada) == ["harbour.example/theirs", "harbour.example/mine"]
    assert offered(desk, desk.ben) == ["harbour.example/theirs"]


def test_merging_says_what_moves_and_can_be_undone(any_desk: Desk) -> None:
    one, two = "https://harbour.example/hsi.pdf?download=1", "https://harbour.example/hsi.pdf"
    prove(any_desk, one, 1, reviewer=any_desk.ada)
    prove(any_desk, two, 2, reviewer=any_desk.ada)
    old, new = made(any_desk, one, two)
    with any_desk.writing() as session:
        assert sources.what_moves(session, old.uid, any_desk.ada) == 1
        assert sources.what_moves(session, old.uid, any_desk.ben) == 0
        sources.merge(session, any_desk.actor(), old.uid, new.uid)
        assert sources.what_moves(session, new.uid, any_desk.ada) == 2
        assert [s.uid for s in sources.offered(session, any_desk.ada)] == [new.uid]
        sources.unmerge(session, any_desk.actor(), old.uid)
        assert {s.uid for s in sources.offered(session, any_desk.ada)} == {old.uid, new.uid}
    any_desk.sound()


def test_merging_never_goes_in_a_circle(desk: Desk) -> None:
    one, two = made(desk, "https://harbour.example/1", "https://harbour.example/2")
    with desk.writing() as session:
        sources.merge(session, desk.actor("r1"), one.uid, two.uid)
        assert sources.merge(session, desk.actor("r1"), one.uid, two.uid).uid == two.uid
        with pytest.raises(Conflict, match="one source already"):
            sources.merge(session, desk.actor(), two.uid, one.uid)
        with pytest.raises(Conflict, match="Part them first"):
            sources.merge(session, desk.actor(), one.uid, two.uid)


def test_a_source_that_is_not_there_is_not_found(desk: Desk) -> None:
    (one,) = made(desk, "https://harbour.example/1")
    changes: tuple[Callable[[Session], object], ...] = (
        lambda s: sources.get(s, "src_0000000000000000"),
        lambda s: sources.merge(s, desk.actor(), one.uid, "src_0000000000000000"),
        lambda s: sources.unmerge(s, desk.actor(), "src_0000000000000000"),
    )
    for change in changes:
        with pytest.raises(NotFound), desk.writing() as session:
            change(session)
