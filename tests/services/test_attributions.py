"""Attributions: words found by the server, speakers found or made, chains, refusals. All people are invented."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from annotator.domain.changes import Change
from annotator.errors import Conflict, Invalid, NotFound, ReadOnly, Stale
from annotator.services import annotations, attributions, claims, finishing, speakers
from annotator.services.attributions import Wording
from annotator.services.claims import ClaimDetails
from db.models import Article, Attribution, Claim, Event, Reviewer, Source, Speaker
from db.queries import attributions as rows
from db.vocabulary import AttributionType, Mode, Naming, Origin, SpanPart, SpeakerKind
from tests import factories
from tests.services.conftest import Desk

HOLM = Wording(
    speaker="Ida Holm",
    cue="said",
    content="“The pier is unsafe,”",
    type=AttributionType.DIRECT,
    role="harbour master",
)


def create(desk: Desk, wording: Wording = HOLM, *, number: int = 2, revision: int | None = 0, **more: Any) -> str:
    with desk.writing() as session:
        actor = desk.actor(more.pop("request", None))
        made = attributions.create(session, actor, desk.sentences[number - 1], wording, revision=revision, **more)
        return made.uid


def update(desk: Desk, uid: str, wording: Wording, *, revision: int | None, request: str | None = None) -> Attribution:
    with desk.writing() as session:
        return attributions.update(session, desk.actor(request), uid, wording, revision=revision)


def delete(desk: Desk, uid: str, *, revision: int | None, request: str | None = None) -> int:
    with desk.writing() as session:
        return attributions.delete(session, desk.actor(request), uid, revision=revision).revision


def words(desk: Desk, uid: str) -> dict[str, list[str]]:
    """What the stored spans of Ada's attribution read in the article."""
    with desk.database.read() as session:
        found = rows.of_reviewer(session, uid, desk.ada)
        assert found is not None
        attribution, sentence = found
        text = session.get_one(Article, sentence.article_id).text
        read = {
            str(part): [text[s.start_cp : s.end_cp] for s in rows.spans(session, attribution.id, part)]
            for part in SpanPart
        }
        spot = attribution.speaker_start, attribution.speaker_end
        return {**read, "speaker": [] if spot[0] is None else [text[slice(*spot)]]}


def stored(desk: Desk, uid: str) -> tuple[Attribution, str | None]:
    """Ada's attribution and the name of its speaker."""
    with desk.database.read() as session:
        found = rows.of_reviewer(session, uid, desk.ada)
        assert found is not None
        speaker = session.get(Speaker, found[0].speaker_id) if found[0].speaker_id else None
        return found[0], speaker.name if speaker else None


def test_words_are_found_in_the_article(any_desk: Desk) -> None:
    uid = create(any_desk)
    assert words(any_desk, uid) == {"cue": ["said"], "content": ["“The pier is unsafe,”"], "speaker": ["Ida Holm"]}
    attribution, name = stored(any_desk, uid)
    assert (attribution.seq, attribution.role, name) == (1, "harbour master", "Ida Holm")
    any_desk.sound()


def test_straight_quotation_marks_find_curly_ones(desk: Desk) -> None:
    assert words(desk, create(desk, replace(HOLM, content='"The pier is unsafe,"')))["content"] == [
        "“The pier is unsafe,”"
    ]


def test_an_attribution_may_come_before_the_label(desk: Desk) -> None:
    create(desk)
    annotation = desk.annotation(2)
    assert (annotation.status, annotation.revision, annotation.origin) == ("draft", 1, "human")


def test_one_change_is_one_revision_and_one_event_of_the_annotation(desk: Desk) -> None:
    create(desk)
    assert desk.stored()[0] == 1
    with desk.database.read() as session:
        events = session.exec(select(Event).where(Event.entity == "annotation")).all()
        made = session.exec(select(Event).where(Event.entity == "speaker")).all()
    assert [event.action for event in events] == ["attribution"]
    assert [event.action for event in made] == ["create"]
    create(desk, replace(HOLM, content="unsafe"), revision=1)
    with desk.database.read() as session:
        assert len(session.exec(select(Event).where(Event.entity == "speaker")).all()) == 1


def test_an_accepted_suggestion_is_recorded_as_one(desk: Desk) -> None:
    create(desk, origin=Origin.SUGGESTION_ACCEPTED)
    assert desk.annotation(2).origin == "suggestion_accepted"


def test_content_may_be_in_pieces_and_the_cue_in_a_neighbouring_sentence(desk: Desk) -> None:
    wording = Wording(
        speaker="the harbour master", cue="said", content=("Two ferries", "until May"), type=AttributionType.INDIRECT
    )
    uid = create(desk, wording, number=3)
    assert words(desk, uid) == {
        "cue": ["said"], "content": ["Two ferries", "until May"], "speaker": ["the harbour master"],
    }  # fmt: skip


def test_a_pronoun_is_linked_to_the_name_and_marked_where_it_stands(desk: Desk) -> None:
    wording = replace(HOLM, speaker="the harbour master", speaker_name="Ida Holm")
    uid = create(desk, wording)
    assert (words(desk, uid)["speaker"], stored(desk, uid)[1]) == (["the harbour master"], "Ida Holm")


def test_a_speaker_that_the_text_does_not_name_has_no_place(desk: Desk) -> None:
    uid = create(desk, replace(HOLM, speaker="Ida K. Holm"))
    assert (words(desk, uid)["speaker"], stored(desk, uid)[1]) == ([], "Ida K. Holm")


def test_a_speaker_may_be_missing_where_nobody_is_named(desk: Desk) -> None:
    uid = create(desk, replace(HOLM, speaker="", naming=Naming.UNSPECIFIED, role=None))
    assert stored(desk, uid)[1] is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"content": "The pier is safe"}, "content"),
        ({"content": "Who pays"}, "content"),
        ({"content": ""}, "content"),
        ({"cue": "whispered"}, "cue"),
        ({"speaker": ""}, "speaker"),
        ({"naming": Naming.UNSPECIFIED}, "naming"),
        ({"parent": "att_0000000000000000"}, "parent"),
        ({"continues": "att_0000000000000000"}, "continues"),
        ({"source": "src_0000000000000000"}, "source"),
        ({"speaker": "x" * 400}, "speaker"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field_and_nothing_stored(
    desk: Desk, wrong: dict[str, Any], field: str
) -> None:
    before = desk.stored()
    with pytest.raises(Invalid) as refused:
        create(desk, replace(HOLM, **wrong))
    assert refused.value.field == field
    assert desk.stored() == before


@pytest.mark.parametrize("revision", [None, 0, 2])
def test_a_stale_or_missing_revision_is_refused_and_nothing_stored(desk: Desk, revision: int | None) -> None:
    uid = create(desk)
    before = desk.stored()
    with pytest.raises(Stale):
        create(desk, replace(HOLM, content="unsafe"), revision=revision)
    with pytest.raises(Stale):
        update(desk, uid, replace(HOLM, mode=Mode.QUESTION), revision=revision)
    with pytest.raises(Stale):
        delete(desk, uid, revision=revision)
    assert desk.stored() == before


def test_a_repeated_request_gives_the_attribution_it_made(desk: Desk) -> None:
    uid = create(desk, request="r1")
    before = desk.stored()
    assert create(desk, request="r1") == uid
    with pytest.raises(Stale):
        create(desk, replace(HOLM, cue=""), revision=1, request="r1")
    assert desk.stored() == before


def test_a_repeated_request_whose_attribution_is_gone_says_so(desk: Desk) -> None:
    uid = create(desk, request="r1")
    delete(desk, uid, revision=1)
    with pytest.raises(Conflict, match="taken away again"):
        create(desk, request="r1")


def test_a_repeated_deletion_is_answered_like_the_first_time(desk: Desk) -> None:
    uid = create(desk)
    assert delete(desk, uid, revision=1, request="r2") == 2
    before = desk.stored()
    assert delete(desk, uid, revision=1, request="r2") == 2
    assert desk.stored() == before
    with pytest.raises(NotFound):
        delete(desk, uid, revision=2, request="r3")


def test_an_update_writes_everything_anew_and_can_be_repeated(desk: Desk) -> None:
    uid = create(desk)
    wording = Wording(
        speaker="Per Lund", content=["The pier", "unsafe"], type=AttributionType.MIXED, negated=True, note=" n "
    )
    update(desk, uid, wording, revision=1, request="r2")
    before = desk.stored()
    attribution, name = stored(desk, uid)
    assert (attribution.type, attribution.negated, attribution.note, attribution.role) == ("mixed", True, "n", None)
    assert (name, words(desk, uid)) == (
        "Per Lund", {"cue": [], "content": ["The pier", "unsafe"], "speaker": []},
    )  # fmt: skip
    update(desk, uid, wording, revision=1, request="r2")
    assert desk.stored() == before
    desk.sound()


def test_numbers_are_never_used_again(desk: Desk) -> None:
    first = create(desk)
    delete(desk, first, revision=1)
    assert create(desk, revision=2) != first
    assert desk.annotation(2).last_attribution_seq == 2


def test_somebody_elses_attribution_does_not_exist(desk: Desk) -> None:
    uid = create(desk)
    actor = desk.actor(reviewer=desk.ben)
    with pytest.raises(NotFound) as others, desk.writing() as session:
        attributions.delete(session, actor, uid, revision=1)
    with pytest.raises(NotFound) as unknown, desk.writing() as session:
        attributions.delete(session, actor, "att_0000000000000000", revision=1)
    assert others.value.message == unknown.value.message
    with pytest.raises(NotFound), desk.writing() as session:
        attributions.update(session, actor, uid, HOLM, revision=1)
    for wording in (replace(HOLM, parent=uid), replace(HOLM, continues=uid)):
        with pytest.raises(Invalid), desk.writing() as session:
            attributions.create(session, actor, desk.sentences[1], wording, revision=0)


def test_a_finished_article_is_read_only(desk: Desk) -> None:
    uid = create(desk)
    for number in range(1, 6):
        with desk.writing() as session:
            change, revision = Change(labels=("claim",)), 1 if number == 2 else 0
            annotations.save(session, desk.actor(), desk.sentences[number - 1], change, revision=revision)
    with desk.writing() as session:
        finishing.finish(session, desk.actor(), desk.article)
    for change_it in (
        lambda: create(desk, revision=2),
        lambda: update(desk, uid, HOLM, revision=2),
        lambda: delete(desk, uid, revision=2),
    ):
        with pytest.raises(ReadOnly):
            change_it()


def test_a_chain_is_second_hand_and_its_outer_link_cannot_go(desk: Desk) -> None:
    outer = create(desk, replace(HOLM, speaker="Ellory Lantern"))
    inner = create(desk, replace(HOLM, parent=outer), revision=1)
    with pytest.raises(Conflict, match="reported by this one"):
        delete(desk, outer, revision=2)
    assert delete(desk, inner, revision=2) == 3
    assert delete(desk, outer, revision=3) == 4


def test_a_chain_never_comes_back_to_itself(desk: Desk) -> None:
    outer = create(desk)
    inner = create(desk, replace(HOLM, parent=outer), revision=1)
    for uid, parent in ((outer, inner), (outer, outer)):
        with pytest.raises(Invalid) as refused:
            update(desk, uid, replace(HOLM, parent=parent), revision=2)
        assert refused.value.field == "parent"


def test_a_parent_must_be_of_the_same_sentence(desk: Desk) -> None:
    elsewhere = create(desk)
    with pytest.raises(Invalid) as refused:
        create(desk, replace(HOLM, content="ferries", parent=elsewhere), number=3)
    assert refused.value.field == "parent"


def test_speech_goes_on_in_the_next_sentence_and_holds_the_first_part(desk: Desk) -> None:
    first = create(desk)
    second = create(desk, replace(HOLM, content="Two ferries a day", continues=first), number=3)
    assert stored(desk, second)[0].continues_id == stored(desk, first)[0].id
    with pytest.raises(Conflict, match="continues this one"):
        delete(desk, first, revision=1)
    with pytest.raises(Invalid):
        update(desk, first, replace(HOLM, continues=second), revision=1)


def test_a_claim_that_rests_on_a_deleted_attribution_stays_attributed(desk: Desk) -> None:
    uid = create(desk)
    with desk.writing() as session:
        labelled = annotations.save(
            session, desk.actor(), desk.sentences[1], Change(labels=("quote", "claim")), revision=1
        )
        details = ClaimDetails(attribution=uid)
        claims.save(session, desk.actor(), desk.sentences[1], claims.next_uid(labelled), details, revision=2)
    delete(desk, uid, revision=3)
    with desk.database.read() as session:
        claim = session.exec(select(Claim)).one()
    assert (claim.attribution_id, claim.voice) == (None, "attributed")
    desk.sound()


def test_the_same_name_is_the_same_speaker_however_it_is_written(desk: Desk) -> None:
    create(desk)
    uid = create(desk, replace(HOLM, speaker="ida  HOLM"), revision=1)
    assert stored(desk, uid)[1] == "Ida Holm"
    other = create(desk, replace(HOLM, speaker_kind=SpeakerKind.ORGANIZATION), revision=2)
    with desk.database.read() as session:
        kinds = {s.kind for s in session.exec(select(Speaker))}
    assert kinds == {"person", "organization"}
    assert stored(desk, other)[1] == "Ida Holm"


def test_an_alias_and_a_merged_speaker_lead_to_the_one_they_became(desk: Desk) -> None:
    with desk.writing() as session:
        holm, master = (
            factories.make_speaker(session, "Ida Holm"),
            factories.make_speaker(session, "the harbour master"),
        )
        speakers.add_alias(session, desk.actor(), holm.uid, "I. Holm")
        speakers.merge(session, desk.actor(), master.uid, holm.uid)
    assert stored(desk, create(desk, replace(HOLM, speaker="i. holm")))[1] == "Ida Holm"
    assert stored(desk, create(desk, replace(HOLM, speaker="The Harbour Master"), revision=1))[1] == "Ida Holm"


def test_a_mentioned_source_is_kept(desk: Desk) -> None:
    with desk.writing() as session:
        source = factories.make_source(session).uid
    uid = create(desk, replace(HOLM, source=source))
    with desk.database.read() as session:
        assert session.get_one(Source, stored(desk, uid)[0].source_id).uid == source


def test_offsets_are_code_points_beside_emoji_combining_marks_and_other_directions(any_desk: Desk) -> None:
    text = "👨🏻‍🚒 warned.\u2028“The cafe\u0301 at שדרות הים is unsafe,” she said."
    with any_desk.writing() as session:
        article = factories.make_article(
            session, text, sentences=[(0, len(text))], blocks=[("paragraph", 0, len(text))]
        )
        factories.assign(session, article, session.get_one(Reviewer, any_desk.ada))
        (sentence,) = factories.sentences_of(session, article)
        wording = Wording(
            speaker="she",
            speaker_name="Ida Holm",
            cue="said",
            content='"The caf\u00e9 at שדרות הים',
            type=AttributionType.DIRECT,
        )
        uid = attributions.create(session, any_desk.actor(), sentence.uid, wording, revision=0).uid
    assert words(any_desk, uid) == {"cue": ["said"], "content": ["“The cafe\u0301 at שדרות הים"], "speaker": ["she"]}
    any_desk.sound()
