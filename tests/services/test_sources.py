"""Sources: offered without showing what others did, merging that can be undone."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, col, select

from annotator.domain.changes import Change
from annotator.errors import Conflict, Invalid, NotFound
from annotator.services import annotations, evidence, finishing, sources
from annotator.services.evidence import EvidenceWording
from annotator.services.sources import SourceDetails
from db import canonical
from db.models import Event, Source
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


def test_merging_offers_one_source_and_can_be_undone(any_desk: Desk) -> None:
    one, two = "https://harbour.example/hsi.pdf?download=1", "https://harbour.example/hsi.pdf"
    prove(any_desk, one, 1, reviewer=any_desk.ada)
    prove(any_desk, two, 2, reviewer=any_desk.ada)
    old, new = made(any_desk, one, two)
    with any_desk.writing() as session:
        sources.merge(session, any_desk.actor(), old.uid, new.uid)
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


def edited(desk: Desk, uid: str, details: SourceDetails, *, version: str | None = None, joins: bool = False) -> str:
    with desk.writing() as session:
        rests_on = version or sources.version_of(sources.get(session, uid))
        return sources.edit(session, desk.actor(), uid, details, version=rests_on, joins=joins).uid


def test_an_edit_changes_what_is_known_and_logs_what_was(desk: Desk) -> None:
    (source,) = made(desk, "https://harbour.example/log")
    details = SourceDetails(
        url="https://harbour.example/log?utm_source=x", title="The log 🛳", authors=("Ida Holm", ""), issued="2024-05",
        tier=Tier.PRIMARY, note="Read\nit",
    )  # fmt: skip
    assert edited(desk, source.uid, details) == source.uid
    with desk.database.read() as session:
        now = sources.get(session, source.uid)
        event = session.exec(select(Event).order_by(col(Event.id).desc())).first()
    assert (now.title, now.authors, now.issued, now.tier) == ("The log 🛳", '["Ida Holm"]', "2024-05", "primary")
    assert (now.url, now.canonical_url) == (details.url, "https://harbour.example/log")
    assert event is not None
    said = canonical.decode(event.detail)
    assert (event.action, said["was"]["title"], said["now"]["title"]) == ("edit", source.title, "The log 🛳")
    assert event.before_sha != event.after_sha
    edited(desk, source.uid, SourceDetails(url=details.url))
    with desk.database.read() as session:
        now = sources.get(session, source.uid)
    assert (now.title, now.authors, now.issued, now.note) == ("harbour.example/log", "[]", None, None)
    desk.sound()


def test_an_edit_that_rests_on_an_old_version_is_refused_unless_it_says_the_same(desk: Desk) -> None:
    (source,) = made(desk, "https://harbour.example/log")
    old = sources.version_of(source)
    mine = SourceDetails(url="https://harbour.example/log", title="Mine")
    edited(desk, source.uid, mine, version=old)
    edited(desk, source.uid, mine, version=old)
    with pytest.raises(sources.Changed):
        edited(desk, source.uid, SourceDetails(url="https://harbour.example/log", title="Theirs"), version=old)


def test_another_address_is_another_source_that_this_one_becomes(desk: Desk) -> None:
    prove(desk, "https://harbour.example/old", 1, reviewer=desk.ada)
    (source,) = made(desk, "https://harbour.example/old")
    moved = SourceDetails(url="https://harbour.example/new", title="The log")
    successor = edited(desk, source.uid, moved)
    assert successor != source.uid
    assert edited(desk, source.uid, moved) == successor
    assert offered(desk, desk.ada) == ["The log"]
    with pytest.raises(Conflict, match="is part of “The log” now"):
        edited(desk, source.uid, SourceDetails(url="https://harbour.example/third"))
    with pytest.raises(Conflict, match="part of this one"):
        edited(desk, successor, SourceDetails(url="https://harbour.example/old"))
    desk.sound()


def test_a_document_is_known_by_its_citation_and_a_source_of_the_same_is_not_doubled(desk: Desk) -> None:
    with desk.writing() as session:
        one = sources.get_or_create(session, desk.actor(), SourceDetails(title="Harbor act"))
        other = sources.get_or_create(session, desk.actor(), SourceDetails(title="Harbour act"))
    assert edited(desk, one.uid, SourceDetails(title="HARBOR act", note="of 1911")) == one.uid
    with pytest.raises(sources.Taken) as taken:
        edited(desk, one.uid, SourceDetails(title="Harbour act"))
    assert taken.value.uid == other.uid
    assert edited(desk, one.uid, SourceDetails(title="Harbour act"), joins=True) == other.uid
    desk.sound()


@pytest.mark.parametrize(
    "details",
    [
        SourceDetails(url="harbour log"), SourceDetails(url="javascript:alert(1)", title="A"), SourceDetails(),
        SourceDetails(title="A", issued="soon"), SourceDetails(title="A", archived_url="ftp://a.example/"),
    ],
)  # fmt: skip
def test_an_edit_that_does_not_fit_is_refused(desk: Desk, details: SourceDetails) -> None:
    (source,) = made(desk, "https://harbour.example/log")
    with pytest.raises(Invalid):
        edited(desk, source.uid, details)
