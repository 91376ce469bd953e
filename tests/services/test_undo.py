"""Undo and redo: the state before comes back byte for byte, with everything that hangs on an annotation."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from annotator.domain import ids
from annotator.domain.changes import Change
from annotator.errors import Conflict, NotFound, ReadOnly, Refused, Stale
from annotator.services import annotations, attributions, claims, evidence, finishing, projects, undo
from annotator.services.attributions import Wording
from annotator.services.claims import ClaimDetails
from annotator.services.evidence import EvidenceWording
from annotator.services.history import Actor, record
from annotator.services.undo import Undone
from db import canonical
from db.models import Annotation, AnnotationRevision, Article, Attribution, Claim, Event, Evidence, Reviewer
from db.queries import history
from db.vocabulary import AttributionType, Mode, Naming, Stance, Verdict
from tests import factories
from tests.services.conftest import Desk

SAID = Wording(speaker="Ida Holm", cue="said", content="The pier is unsafe", type=AttributionType.DIRECT)
NOTICE = EvidenceWording(
    url="https://harbour.example/notice", stance=Stance.SUPPORTS, excerpt="Closed.", locator="p. 1"
)
Act = Callable[[Session, Actor], object]


def act(desk: Desk, change: Act) -> None:
    with desk.writing() as session:
        change(session, desk.actor())


def label(desk: Desk, number: int, *labels: str, revision: int = 0, **change: object) -> None:
    asked = Change(labels=labels or None, **change)  # type: ignore[arg-type]
    act(desk, lambda s, a: annotations.save(s, a, desk.sentences[number - 1], asked, revision=revision))


def take_back(desk: Desk, request: str | None = None) -> Undone | None:
    with desk.writing() as session:
        return undo.undo(session, desk.actor(request), desk.article)


def do_again(desk: Desk, request: str | None = None) -> Undone | None:
    with desk.writing() as session:
        return undo.redo(session, desk.actor(request), desk.article)


def state(desk: Desk) -> list[str]:
    """Every snapshot of Ada's annotations that say anything, as canonical text."""
    with desk.database.read() as session:
        mine = select(Annotation).where(Annotation.reviewer_id == desk.ada).order_by(Annotation.sentence_id)  # type: ignore[arg-type]
        texts = [(a.uid, canonical.text(history.snapshot(session, a)), a) for a in session.exec(mine)]
    empty: dict[str, object] = {"status": "draft", "attributions": [], "claims": [], "note": None, "confidence": None}
    return [uid + said for uid, said, _ in texts if not empty.items() <= canonical.decode(said).items()]


def test_there_is_nothing_to_take_back_on_an_untouched_article(desk: Desk) -> None:
    assert take_back(desk) is None
    assert do_again(desk) is None
    assert desk.stored()[0] == 0


def test_the_first_label_is_taken_back_to_not_labelled(any_desk: Desk) -> None:
    label(any_desk, 3, "claim")
    undone = take_back(any_desk)
    assert undone == Undone(any_desk.sentences[2], "Not labelled")
    annotation = any_desk.annotation(3)
    assert (annotation.status, annotation.is_claim, annotation.claim_voice, annotation.revision) == (
        "draft", False, None, 2,
    )  # fmt: skip
    any_desk.sound()


def test_an_undo_is_a_revision_and_an_event_of_its_own(desk: Desk) -> None:
    label(desk, 3, "claim")
    label(desk, 3, "opinion", revision=1)
    before = desk.stored()
    take_back(desk)
    assert desk.stored() == (before[0] + 1, before[1] + 1)
    with desk.database.read() as session:
        last = session.exec(select(AnnotationRevision)).all()[-1]
        event = session.exec(select(Event)).all()[-1]
    assert (last.action, last.reverts, last.number) == ("undo", 2, 3)
    assert (event.action, event.after_sha) == ("undo", canonical.sha256(last.snapshot))


def test_undo_goes_back_step_by_step_over_several_sentences(desk: Desk) -> None:
    label(desk, 1, "none")
    label(desk, 3, "claim")
    label(desk, 1, "opinion", revision=1)
    undone = [take_back(desk) for _ in range(4)]
    assert undone == [
        Undone(desk.sentences[0], "None"),
        Undone(desk.sentences[2], "Not labelled"),
        Undone(desk.sentences[0], "Not labelled"),
        None,
    ]


def test_a_change_after_an_undo_is_what_the_next_undo_takes_back(desk: Desk) -> None:
    label(desk, 3, "claim")
    label(desk, 3, "quote", revision=1)
    take_back(desk)
    label(desk, 3, "opinion", revision=3)
    first, second = take_back(desk), take_back(desk)
    assert first is not None
    assert second is not None
    assert (first.judgement, second.judgement) == ("Claim", "Not labelled")
    assert take_back(desk) is None


def test_redo_does_it_again_until_something_else_is_changed(desk: Desk) -> None:
    label(desk, 3, "claim")
    label(desk, 4, "opinion")
    take_back(desk)
    take_back(desk)
    assert do_again(desk) == Undone(desk.sentences[2], "Claim")
    assert do_again(desk) == Undone(desk.sentences[3], "Opinion")
    assert do_again(desk) is None
    take_back(desk)
    label(desk, 5, "none")
    assert do_again(desk) is None


def test_what_was_done_again_can_be_taken_back_again(desk: Desk) -> None:
    label(desk, 3, "claim")
    for _ in range(3):
        assert take_back(desk) == Undone(desk.sentences[2], "Not labelled")
        assert do_again(desk) == Undone(desk.sentences[2], "Claim")
    assert desk.annotation(3).revision == 7
    desk.sound()


def full_work(desk: Desk) -> list[Act]:
    """Changes of every kind on one sentence, each on the newest revision."""
    place = desk.sentences[1]

    def uid(session: Session, table: type[Attribution] | type[Evidence], n: int) -> str:
        return session.exec(select(table.uid).order_by(table.id)).all()[n]  # type: ignore[arg-type]

    def last(session: Session) -> int:
        return session.exec(select(Annotation.revision).where(Annotation.reviewer_id == desk.ada)).first() or 0

    def claim(session: Session) -> str:
        known = session.exec(select(Claim.uid)).first()
        return known or claims.next_uid(
            session.exec(select(Annotation).where(Annotation.reviewer_id == desk.ada)).one()
        )

    outer = replace(SAID, speaker="Ellory Lantern", content=["The pier", "unsafe"])
    return [
        lambda s, a: annotations.save(s, a, place, Change(labels=("quote", "claim"), note="n"), revision=last(s)),
        lambda s, a: attributions.create(s, a, place, outer, revision=last(s)),
        lambda s, a: attributions.create(s, a, place, replace(SAID, parent=uid(s, Attribution, 0)), revision=last(s)),
        lambda s, a: claims.save(
            s, a, place, claim(s), ClaimDetails(attribution=uid(s, Attribution, 1), claim_date="2024"), revision=last(s)
        ),
        lambda s, a: evidence.add(s, a, place, NOTICE, revision=last(s)),
        lambda s, a: evidence.add(s, a, place, replace(NOTICE, locator="p. 2"), revision=last(s)),
        lambda s, a: evidence.update(s, a, uid(s, Evidence, 0), replace(NOTICE, note="x"), revision=last(s)),
        lambda s, a: attributions.update(
            s, a, uid(s, Attribution, 1), replace(SAID, mode=Mode.BELIEF, cue="", note="m"), revision=last(s)
        ),
        lambda s, a: evidence.delete(s, a, uid(s, Evidence, 1), revision=last(s)),
        lambda s, a: claims.save(s, a, place, claim(s), ClaimDetails(verdict=Verdict.REFUTED), revision=last(s)),
        lambda s, a: attributions.delete(s, a, uid(s, Attribution, 0), revision=last(s)),
        lambda s, a: annotations.save(s, a, place, Change(labels=("none",)), revision=last(s)),
    ]


def test_every_kind_of_change_is_taken_back_and_done_again_byte_for_byte(any_desk: Desk) -> None:
    states = [state(any_desk)]
    changes = full_work(any_desk)
    for change in changes:
        act(any_desk, change)
        states.append(state(any_desk))
    assert len(set(map(str, states))) == len(states)
    for earlier in reversed(states[:-1]):
        assert take_back(any_desk) is not None
        assert state(any_desk) == earlier
    any_desk.sound()
    assert take_back(any_desk) is None
    for later in states[1:]:
        assert do_again(any_desk) is not None
        assert state(any_desk) == later
    assert do_again(any_desk) is None
    any_desk.sound()


def test_rows_come_back_under_their_numbers_and_ids_and_numbers_are_not_used_again(desk: Desk) -> None:
    for change in full_work(desk)[:6]:
        act(desk, change)
    before = ids_of(desk)
    for _ in range(5):
        take_back(desk)
    assert ids_of(desk) == [set(), set(), set()]
    for _ in range(5):
        do_again(desk)
    assert ids_of(desk) == before
    take_back(desk)
    act(
        desk,
        lambda s, a: evidence.add(
            s, a, desk.sentences[1], replace(NOTICE, locator="p. 3"), revision=desk.annotation(2).revision
        ),
    )
    with desk.database.read() as session:
        assert sorted(session.exec(select(Evidence.seq))) == [1, 3]
    assert (desk.annotation(2).last_attribution_seq, desk.annotation(2).last_claim_seq) == (2, 1)


def ids_of(desk: Desk) -> list[set[tuple[str, int]]]:
    with desk.database.read() as session:
        return [{(row.uid, row.seq) for row in session.exec(select(t))} for t in (Attribution, Claim, Evidence)]  # type: ignore[attr-defined]


def test_a_running_quote_is_taken_back_and_done_again_over_two_sentences(any_desk: Desk) -> None:
    act(any_desk, lambda s, a: attributions.create(s, a, any_desk.sentences[1], SAID, revision=0))
    with any_desk.database.read() as session:
        first = session.exec(select(Attribution.uid)).one()
    goes_on = replace(SAID, content="Two ferries a day", continues=first)
    act(any_desk, lambda s, a: attributions.create(s, a, any_desk.sentences[2], goes_on, revision=0))
    done = state(any_desk)
    take_back(any_desk)
    take_back(any_desk)
    # another attribution takes the freed database key meanwhile
    other = replace(SAID, content="Who pays", naming=Naming.ANONYMOUS)
    with any_desk.writing() as session:
        actor = any_desk.actor(reviewer=any_desk.ben)
        attributions.create(session, actor, any_desk.sentences[4], other, revision=0)
    do_again(any_desk)
    do_again(any_desk)
    assert state(any_desk) == done
    any_desk.sound()


def test_long_random_work_is_taken_back_to_every_state_it_went_through(desk: Desk) -> None:
    draw = random.Random(7)
    states, stack = [state(desk)], []
    for _ in range(40):
        number = draw.randrange(1, 6)
        revision = next((a.revision for a in annotations_of(desk) if a.sentence_id == number), 0)
        before = state(desk)
        try:
            act(desk, random_change(desk, draw, number, revision))
        except Refused:
            assert state(desk) == before
            continue
        stack.append(before)
        states.append(state(desk))
        if draw.random() < 0.3:
            assert take_back(desk) is not None
            assert state(desk) == stack.pop()
    assert len(stack) > 12
    while stack:
        assert take_back(desk) is not None
        assert state(desk) == stack.pop()
    assert take_back(desk) is None
    desk.sound()


def annotations_of(desk: Desk) -> list[Annotation]:
    with desk.database.read() as session:
        return list(session.exec(select(Annotation).where(Annotation.reviewer_id == desk.ada)))


def random_change(desk: Desk, draw: random.Random, number: int, revision: int) -> Act:
    place = desk.sentences[number - 1]
    text = ("The ferry", "The pier", "Two ferries", "The council", "Who pays")[number - 1]
    labels = draw.choice([("claim",), ("quote", "claim"), ("opinion",), ("none",), ("unsure",), ("claim", "opinion")])
    wording = replace(SAID, content=text, mode=draw.choice(list(Mode)), cue=draw.choice(["said", ""]))
    passage = replace(NOTICE, locator=str(draw.randrange(4)))

    def remove(session: Session, actor: Actor) -> object:
        found = session.exec(
            select(Attribution.uid).join(Annotation).where(Annotation.uid == ids_at(desk, number))
        ).first()
        return attributions.delete(session, actor, found or "", revision=revision)

    return draw.choice(
        [
            lambda s, a: annotations.save(s, a, place, Change(labels=labels), revision=revision),
            lambda s, a: annotations.save(s, a, place, Change(note=str(draw.random())), revision=revision),
            lambda s, a: attributions.create(s, a, place, wording, revision=revision),
            lambda s, a: evidence.add(s, a, place, passage, revision=revision),
            remove,
        ]
    )


def ids_at(desk: Desk, number: int) -> str:
    return next((a.uid for a in annotations_of(desk) if a.sentence_id == number), "")


def test_a_repeated_undo_takes_back_one_change_only(desk: Desk) -> None:
    label(desk, 3, "claim")
    label(desk, 4, "opinion")
    first = take_back(desk, "u1")
    before = desk.stored()
    assert take_back(desk, "u1") == first
    assert desk.stored() == before
    with pytest.raises(Stale):
        do_again(desk, "u1")
    assert take_back(desk, "u2") == Undone(desk.sentences[2], "Not labelled")


def test_only_ones_own_changes_are_taken_back(desk: Desk) -> None:
    label(desk, 3, "claim")
    with desk.writing() as session:
        actor = desk.actor(reviewer=desk.ben)
        annotations.save(session, actor, desk.sentences[2], Change(labels=("opinion",)), revision=0)
    take_back(desk)
    assert take_back(desk) is None
    assert desk.annotation(3, reviewer=desk.ben).is_opinion


def test_a_finished_article_is_read_only(desk: Desk) -> None:
    for number in range(1, 6):
        label(desk, number, "claim")
    act(desk, lambda s, a: finishing.finish(s, a, desk.article))
    for verb in (take_back, do_again):
        if verb is take_back:
            with pytest.raises(ReadOnly):
                verb(desk)
        else:
            assert verb(desk) is None


def test_an_article_that_is_not_assigned_does_not_exist(desk: Desk) -> None:
    with desk.writing() as session:
        carl = factories.make_reviewer(session, "Carl").id
    with pytest.raises(NotFound), desk.writing() as session:
        undo.undo(session, desk.actor(reviewer=carl), desk.article)


def test_a_change_stays_when_somebody_else_changed_the_annotation_since(desk: Desk) -> None:
    label(desk, 3, "claim")
    with desk.writing() as session:
        annotation = session.merge(desk.annotation(3))
        annotation.status, annotation.revision = "needs_review", 2
        history_of_lead = Actor(desk.ben, None, factories.AT)
        before = history.digest(history.snapshot(session, desk.annotation(3)))
        session.flush()
        record(session, history_of_lead, annotation, "carry", article_id=desk.article_id, before=before)
    before_undo = desk.stored()
    with pytest.raises(Conflict, match="Somebody else changed"):
        take_back(desk)
    assert desk.stored() == before_undo


def test_a_change_of_a_sentence_that_was_cut_anew_stays(desk: Desk) -> None:
    label(desk, 5, "none")
    with desk.writing() as session:
        last = factories.sentences_of(session, session.get_one(Article, desk.article_id))[-1]
        last.retired_in = last.created_in
    with pytest.raises(Conflict, match="boundaries"):
        take_back(desk)


def test_the_guideline_of_the_time_comes_back(desk: Desk) -> None:
    label(desk, 3, "claim")
    before = state(desk)
    with desk.writing() as session:
        project = projects.get(session)
        project.active_guideline_id = projects.add_guideline(session, Actor(None), project, "2.0", "Read twice.").id
    label(desk, 3, "opinion", revision=1)
    assert desk.annotation(3).guideline_id == 2
    take_back(desk)
    assert state(desk) == before


def test_work_that_was_imported_is_not_taken_back_but_what_came_after_is(desk: Desk) -> None:
    with desk.writing() as session:
        article, ada = (
            session.get_one(Article, desk.article_id),
            session.get_one(Reviewer, desk.ada),
        )
        sentence = factories.sentences_of(session, article)[2]
        assert sentence.id is not None
        uid, guideline = ids.annotation_id(sentence.uid, ada.uid), projects.get(session).active_guideline_id
        assert guideline is not None
        imported = Annotation(
            uid=uid,
            sentence_id=sentence.id,
            reviewer_id=ada.id,
            status="complete",
            is_quote=True,
            revision=7,
            guideline_id=guideline,
            created_at=factories.AT,
            updated_at=factories.AT,
        )
        session.add(imported)
        session.flush()
        record(session, desk.actor(), imported, "import", article_id=desk.article_id, before=None)
    label(desk, 3, "opinion", revision=7)
    assert take_back(desk) == Undone(desk.sentences[2], "Quote")
    assert take_back(desk) is None
    assert do_again(desk) == Undone(desk.sentences[2], "Opinion")


def test_an_undo_reads_on_over_many_changes_that_are_taken_back_already(desk: Desk) -> None:
    label(desk, 3, "claim")
    for n in range(30):
        label(desk, 3, note=str(n), revision=2 * n + 1)
        take_back(desk)
    assert take_back(desk) == Undone(desk.sentences[2], "Not labelled")
    assert take_back(desk) is None
