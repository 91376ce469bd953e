"""Evidence and its sources: one source however its address is written, passages never twice, nothing fetched."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from annotator.domain import ids
from annotator.domain.changes import Change
from annotator.errors import Conflict, Invalid, NotFound, ReadOnly, Stale
from annotator.services import annotations, claims, evidence, finishing, sources
from annotator.services.evidence import EvidenceWording
from annotator.services.sources import SourceDetails
from db.models import Claim, Event, Evidence, Source
from db.vocabulary import SourceType, Stance, Tier
from tests.services.conftest import Desk

MINUTES = EvidenceWording(
    url="https://harbour.example/minutes?utm_source=x#p2",
    title="Minutes of the harbour board",
    publisher="Harbour board",
    issued="2024-05",
    accessed_on="2024-06-01",
    archived_url="https://archive.example/1",
    excerpt=" The pier must not be used. ",
    locator="p. 2",
    stance=Stance.SUPPORTS,
)


def label(desk: Desk, *labels: str, number: int = 3, revision: int = 0) -> None:
    with desk.writing() as session:
        annotations.save(session, desk.actor(), desk.sentences[number - 1], Change(labels=labels), revision=revision)


def add(
    desk: Desk, wording: EvidenceWording = MINUTES, *, number: int = 3, revision: int | None, **more: Any
) -> Evidence:
    with desk.writing() as session:
        actor = desk.actor(more.pop("request", None))
        return evidence.add(session, actor, desk.sentences[number - 1], wording, revision=revision, **more)


def update(desk: Desk, uid: str, wording: EvidenceWording, *, revision: int, request: str | None = None) -> Evidence:
    with desk.writing() as session:
        return evidence.update(session, desk.actor(request), uid, wording, revision=revision)


def delete(desk: Desk, uid: str, *, revision: int, request: str | None = None) -> int:
    with desk.writing() as session:
        return evidence.delete(session, desk.actor(request), uid, revision=revision).revision


def all_sources(desk: Desk) -> list[Source]:
    with desk.database.read() as session:
        return list(session.exec(select(Source)))


def source_of(desk: Desk, stored: Evidence) -> Source:
    with desk.database.read() as session:
        return session.get_one(Source, stored.source_id)


def test_evidence_makes_the_first_claim_and_its_source(any_desk: Desk) -> None:
    label(any_desk, "claim")
    stored = add(any_desk, revision=1)
    with any_desk.database.read() as session:
        claim = session.exec(select(Claim)).one()
    assert (claim.seq, claim.last_evidence_seq, stored.seq) == (1, 1, 1)
    assert stored.uid == ids.evidence_id(claim.uid, 1)
    assert (stored.excerpt, stored.locator, stored.stance) == ("The pier must not be used.", "p. 2", "supports")
    source = source_of(any_desk, stored)
    assert source.url == "https://harbour.example/minutes?utm_source=x#p2"
    assert source.canonical_url == "https://harbour.example/minutes"
    assert source.uid == ids.source_id("url:https://harbour.example/minutes")
    assert (source.title, source.publisher, source.issued) == (MINUTES.title, "Harbour board", "2024-05")
    any_desk.sound()


def test_further_evidence_goes_to_the_claim_that_is_meant(desk: Desk) -> None:
    label(desk, "claim")
    first = add(desk, revision=1)
    second_claim = claims.next_uid(desk.annotation(3))
    other = add(desk, revision=2, claim_uid=second_claim)
    third = add(desk, replace(MINUTES, locator="p. 3"), revision=3)
    assert (other.claim_id != first.claim_id, other.seq) == (True, 1)
    assert (third.claim_id, third.seq) == (first.claim_id, 2)
    with pytest.raises(NotFound):
        add(desk, revision=4, claim_uid="clm_0000000000000000")


def test_evidence_needs_the_claim_label(desk: Desk) -> None:
    label(desk, "opinion")
    with pytest.raises(Invalid) as refused:
        add(desk, revision=1)
    assert refused.value.field == "label"
    assert all_sources(desk) == []


def test_one_source_serves_many_claims_however_its_address_is_written(desk: Desk) -> None:
    label(desk, "claim")
    label(desk, "claim", number=4)
    one = add(desk, revision=1)
    other = add(desk, replace(MINUTES, url="HTTPS://Harbour.example:443/minutes"), number=4, revision=1)
    assert one.source_id == other.source_id
    assert len(all_sources(desk)) == 1


def test_what_was_stored_first_stays_and_what_was_missing_is_filled_in(desk: Desk) -> None:
    label(desk, "claim")
    add(desk, EvidenceWording(url="https://harbour.example/minutes", stance=Stance.CONTEXT), revision=1)
    assert all_sources(desk)[0].title == "harbour.example/minutes"
    add(desk, replace(MINUTES, issued=None), revision=2)
    add(desk, replace(MINUTES, title="Another title", issued="2024-07", locator="p. 9"), revision=3)
    (source,) = all_sources(desk)
    assert (source.title, source.publisher, source.issued) == (MINUTES.title, "Harbour board", "2024-07")
    with desk.database.read() as session:
        actions = session.exec(select(Event.action).where(Event.entity == "source").order_by(Event.id)).all()  # type: ignore[arg-type]
    assert actions == ["create", "fill", "fill"]


def test_a_source_used_before_is_found_by_its_title(desk: Desk) -> None:
    label(desk, "claim")
    first = add(desk, revision=1)
    again = add(desk, EvidenceWording(url="minutes of the  Harbour Board", stance=Stance.REFUTES), revision=2)
    assert again.source_id == first.source_id


def test_a_known_source_may_be_named_by_its_id(desk: Desk) -> None:
    label(desk, "claim")
    with desk.writing() as session:
        details = SourceDetails(title="Harbour Act", type=SourceType.LEGISLATION, tier=Tier.PRIMARY, authors=("Town",))
        source = sources.get_or_create(session, desk.actor(), details)
    stored = add(desk, EvidenceWording(source=source.uid, stance=Stance.CONTEXT), revision=1)
    assert source_of(desk, stored).type == "legislation"
    with pytest.raises(Invalid) as refused:
        add(desk, EvidenceWording(source="src_0000000000000000", stance=Stance.CONTEXT), revision=2)
    assert refused.value.field == "source"


def test_a_title_that_was_not_used_before_or_twice_is_refused(desk: Desk) -> None:
    label(desk, "claim")
    with pytest.raises(Invalid, match="nor the title of a source used before") as refused:
        add(desk, EvidenceWording(url="Harbour news", stance=Stance.CONTEXT), revision=1)
    assert refused.value.field == "url"
    for number in (1, 2):
        wording = EvidenceWording(url=f"https://harbour.example/{number}", title="Harbour news", stance=Stance.CONTEXT)
        add(desk, wording, revision=number)
    with pytest.raises(Invalid, match="2 sources are called"):
        add(desk, EvidenceWording(url="Harbour news", stance=Stance.CONTEXT), revision=3)


def test_a_document_without_address_is_known_by_its_citation(desk: Desk) -> None:
    label(desk, "claim")
    wording = EvidenceWording(title="Log of the Heron", publisher="Hask Line", issued="2024", stance=Stance.SUPPORTS)
    one = add(desk, wording, revision=1)
    other = add(desk, replace(wording, title="log of  the heron", locator="3 May"), revision=2)
    third = add(desk, replace(wording, issued="2023"), revision=3)
    assert one.source_id == other.source_id
    assert third.source_id != one.source_id
    assert source_of(desk, one).dedup_key == "cite:log of the heron | hask line | 2024"


def test_a_citation_that_a_source_is_known_by_is_not_filled_in(desk: Desk) -> None:
    label(desk, "claim")
    add(desk, EvidenceWording(title="Log of the Heron", stance=Stance.SUPPORTS), revision=1)
    add(
        desk,
        EvidenceWording(url="Log of the Heron", publisher="Hask Line", stance=Stance.CONTEXT, excerpt="x"),
        revision=2,
    )
    (source,) = all_sources(desk)
    assert (source.publisher, source.dedup_key) == (None, "cite:log of the heron")


def test_a_doi_makes_the_source(desk: Desk) -> None:
    label(desk, "claim")
    one = add(desk, EvidenceWording(url="https://doi.org/10.1000/ABC", stance=Stance.SUPPORTS), revision=1)
    other = add(
        desk, EvidenceWording(url="http://dx.doi.org/10.1000/abc", stance=Stance.CONTEXT, locator="2"), revision=2
    )
    assert one.source_id == other.source_id
    assert source_of(desk, one).doi == "10.1000/ABC"


def test_a_merged_source_leads_to_the_one_it_became(desk: Desk) -> None:
    label(desk, "claim")
    old = add(desk, revision=1)
    new = add(desk, replace(MINUTES, url="https://harbour.example/new"), revision=2)
    with desk.writing() as session:
        sources.merge(session, desk.actor(), source_of(desk, old).uid, source_of(desk, new).uid)
    assert add(desk, replace(MINUTES, locator="p. 5"), revision=3).source_id == new.source_id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "", "title": ""}, "url"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "ftp://harbour.example/a"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "www.harbour.example"}, "url"),
        ({"archived_url": "archive"}, "archived_url"),
        ({"issued": "2024-00"}, "issued"),
        ({"accessed_on": "1 June"}, "accessed_on"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field_and_nothing_stored(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    label(desk, "claim")
    before = desk.stored()
    with pytest.raises(Invalid) as refused:
        add(desk, replace(MINUTES, **wrong), revision=1)
    assert refused.value.field == field
    assert (desk.stored(), all_sources(desk)) == (before, [])


def test_the_same_passage_twice_is_a_conflict_in_words(desk: Desk) -> None:
    label(desk, "claim")
    add(desk, revision=1)
    other = add(desk, replace(MINUTES, locator=None, excerpt=None), revision=2)
    with pytest.raises(Conflict, match="is evidence for this claim already"):
        add(desk, replace(MINUTES, stance=Stance.REFUTES), revision=3)
    with pytest.raises(Conflict):
        add(desk, replace(MINUTES, locator=" ", excerpt=""), revision=3)
    with pytest.raises(Conflict):
        update(desk, other.uid, MINUTES, revision=3)


def test_evidence_is_written_anew_in_place(desk: Desk) -> None:
    label(desk, "claim")
    uid = add(desk, revision=1).uid
    wording = replace(MINUTES, stance=Stance.REFUTES, note=" n ", question="Q?", answer="A.")
    changed = update(desk, uid, wording, revision=2, request="r2")
    assert (changed.uid, changed.stance, changed.note, changed.question) == (uid, "refutes", "n", "Q?")
    before = desk.stored()
    update(desk, uid, wording, revision=2, request="r2")
    assert desk.stored() == before
    desk.sound()


def test_deleted_evidence_leaves_claim_and_source_and_its_number(desk: Desk) -> None:
    label(desk, "claim")
    uid = add(desk, revision=1).uid
    assert delete(desk, uid, revision=2, request="r2") == 3
    before = desk.stored()
    assert delete(desk, uid, revision=2, request="r2") == 3
    assert desk.stored() == before
    assert len(all_sources(desk)) == 1
    assert add(desk, revision=3).seq == 2
    desk.sound()


def test_a_repeated_request_gives_the_evidence_it_added(desk: Desk) -> None:
    label(desk, "claim")
    first = add(desk, revision=1, request="r1")
    before = desk.stored()
    assert add(desk, revision=1, request="r1").id == first.id
    with pytest.raises(Stale):
        add(desk, replace(MINUTES, locator="p. 8"), revision=2, request="r1")
    assert desk.stored() == before


@pytest.mark.parametrize("revision", [None, 0, 3])
def test_a_stale_or_missing_revision_is_refused_and_nothing_stored(desk: Desk, revision: int | None) -> None:
    label(desk, "claim")
    uid = add(desk, revision=1).uid
    before = desk.stored()
    with pytest.raises(Stale):
        add(desk, replace(MINUTES, url="https://harbour.example/new"), revision=revision)
    with pytest.raises(Stale), desk.writing() as session:
        evidence.update(session, desk.actor(), uid, MINUTES, revision=revision)
    with pytest.raises(Stale), desk.writing() as session:
        evidence.delete(session, desk.actor(), uid, revision=revision)
    assert desk.stored() == before
    assert len(all_sources(desk)) == 1


def test_somebody_elses_evidence_does_not_exist(desk: Desk) -> None:
    label(desk, "claim")
    uid = add(desk, revision=1).uid
    actor = desk.actor(reviewer=desk.ben)
    with pytest.raises(NotFound), desk.writing() as session:
        evidence.update(session, actor, uid, MINUTES, revision=2)
    with pytest.raises(NotFound), desk.writing() as session:
        evidence.delete(session, actor, uid, revision=2)


def test_a_finished_article_is_read_only(desk: Desk) -> None:
    for number in range(1, 6):
        label(desk, "claim", number=number)
    uid = add(desk, revision=1).uid
    with desk.writing() as session:
        finishing.finish(session, desk.actor(), desk.article)
    for change in (
        lambda: add(desk, replace(MINUTES, locator="9"), revision=2),
        lambda: update(desk, uid, MINUTES, revision=2),
        lambda: delete(desk, uid, revision=2),
    ):
        with pytest.raises(ReadOnly):
            change()
