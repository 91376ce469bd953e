"""Decisions of a lead: what becomes gold, what stays as it is, how it is taken back."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from annotator.domain import adjudication as rules
from annotator.domain.changes import Change
from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.reports import disputes
from annotator.services import adjudication, annotations
from annotator.services.adjudication import Decision
from annotator.services.gold import Answer, follow, rested_on
from annotator.services.history import Actor
from db import canonical
from db.engine import Database
from db.models import Annotation, Article, Attribution, AttributionSpan, Claim, Event, Evidence, Reviewer, Sentence
from db.queries import adjudication as stored
from db.queries import history
from db.vocabulary import Label, NoneReason, Voice
from tests import factories as f

CLAIM, QUOTE, OPINION = Label.CLAIM, Label.QUOTE, Label.OPINION
LATER = "2025-02-01T00:00:00.000Z"


class Scene:
    """An article that two reviewers have labelled, differently on its second sentence, and a lead."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.article = f.make_article(session)
        self.sentences = f.sentences_of(session, self.article)
        self.ada, self.ben = f.make_reviewer(session, "Ada"), f.make_reviewer(session, "Ben")
        self.lead = f.make_lead(session, "Lena")
        self.disputed = self.sentences[1]
        self.of_ada = f.annotate(session, self.disputed, self.ada, ("quote",))
        self.of_ben = f.annotate(session, self.disputed, self.ben, ("quote", "claim"))

    def actor(self, who: Reviewer | None = None, request: str | None = None, at: str = LATER) -> Actor:
        return Actor((who or self.lead).id, request, at)

    def decide(self, *labels: Label, revision: int = 0, **more: Any) -> Annotation:
        request = more.pop("request", None)
        decision = Decision(labels=frozenset(labels), **more)
        actor = self.actor(request=request)
        gold = adjudication.decide(self.session, actor, self.disputed.uid, decision, revision=revision)
        assert gold is not None
        return gold

    def rows_of_reviewers(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that reviewers own, with its revisions, as the database has it."""
        self.session.flush()
        own = "annotation_id IN (SELECT id FROM annotation WHERE role = 'reviewer')"
        wanted = {
            "annotation": "role = 'reviewer'",
            "annotation_revision": own,
            "attribution": own,
            "attribution_span": f"attribution_id IN (SELECT id FROM attribution WHERE {own})",
            "claim": own,
            "evidence": f"claim_id IN (SELECT id FROM claim WHERE {own})",
        }
        return {
            table: [tuple(row) for row in self.session.execute(text(f"SELECT * FROM {table} WHERE {where} ORDER BY 1"))]
            for table, where in wanted.items()
        }


def with_details(scene: Scene) -> None:
    """Ben's annotation gets a nested attribution and a claim with evidence that rests on it."""
    session, annotation = scene.session, scene.of_ben
    speaker = f.make_speaker(session, "Ida Holm")
    start, end = scene.disputed.start_cp, scene.disputed.end_cp
    outer = f.make_attribution(session, annotation, content=[(start, end)], type="indirect")
    inner = f.make_attribution(
        session, annotation, cue=[(end - 4, end - 1)], content=[(start + 1, start + 5), (start + 6, start + 9)],
        speaker_id=speaker.id, parent_id=outer.id, negated=True, note="a note",
    )  # fmt: skip
    claim = f.make_claim(
        session, annotation, attribution_id=inner.id, voice="attributed", text_normalized="The pier is unsafe.",
        claim_type="event_property", verdict="supported",
    )  # fmt: skip
    f.make_evidence(session, claim, f.make_source(session), excerpt="closed in May", locator="p. 2", stance="supports")
    f.keep(session, annotation)


def test_decision_becomes_gold_of_the_lead_with_one_revision_and_one_event(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        gold = scene.decide(
            QUOTE, CLAIM, voice_claim=Voice.BOTH, loaded_language=True, reason=" Question 2. ", guideline_rule="2"
        )
        assert (gold.role, gold.method, gold.status) == ("gold", "adjudicated", "complete")
        assert (gold.reviewer_id, gold.revision, gold.created_at) == (scene.lead.id, 1, LATER)
        assert (gold.is_claim, gold.is_quote, gold.is_opinion) == (True, True, False)
        assert (gold.claim_voice, gold.opinion_voice, gold.loaded_language) == ("both", None, True)
        assert (gold.note, gold.guideline_rule) == ("Question 2.", "Question 2")
        assert [row.action for row in stored.revisions(session, gold.id)] == ["adjudicate"]
        events = session.exec(select(Event).where(Event.entity_uid == gold.uid)).all()
        assert [event.action for event in events] == ["adjudicate"]
        assert events[0].after_sha == history.digest(history.snapshot(session, gold))


def test_voice_defaults_follow_the_labels(database: Database) -> None:
    with database.write() as session:
        gold = Scene(session).decide(QUOTE, OPINION)
        assert gold.opinion_voice == "attributed"


def test_rows_of_reviewers_stay_byte_for_byte(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        with_details(scene)
        before = scene.rows_of_reviewers()
        scene.decide(CLAIM, QUOTE, take_attributions_of=scene.ben.uid, take_claims_of=scene.ben.uid)
        scene.decide(QUOTE, revision=1, take_attributions_of="", take_claims_of="")
        adjudication.undo(session, scene.actor(), scene.disputed.uid, revision=2)
        assert scene.rows_of_reviewers() == before
        assert all(before.values())


def test_taken_rows_are_copies_with_ids_of_the_gold_annotation(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        with_details(scene)
        gold = scene.decide(CLAIM, QUOTE, take_attributions_of=scene.ben.uid, take_claims_of=scene.ben.uid)
        assert without_ids(history.snapshot(session, gold)) == without_ids(history.snapshot(session, scene.of_ben))
        taken = select(Attribution).where(Attribution.annotation_id == gold.id).order_by(col(Attribution.seq))
        outer, inner = session.exec(taken).all()
        assert inner.parent_id == outer.id
        claim = session.exec(select(Claim).where(Claim.annotation_id == gold.id)).one()
        assert (claim.attribution_id, claim.last_evidence_seq) == (inner.id, 1)
        evidence = session.exec(select(Evidence).where(Evidence.claim_id == claim.id)).one()
        assert evidence.excerpt_sha256 == canonical.sha256("closed in May")
        uids = {outer.uid, inner.uid, claim.uid, evidence.uid}
        theirs = session.exec(select(Attribution.uid).where(Attribution.annotation_id == scene.of_ben.id)).all()
        assert len(uids) == 4
        assert not uids & set(theirs)


def without_ids(state: dict[str, Any]) -> dict[str, Any]:
    return {name: state[name] for name in ("attributions", "claims", "is_claim", "is_quote", "claim_voice")}


def test_taking_again_uses_new_numbers_and_drops_the_rows_before(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        with_details(scene)
        take = {"take_attributions_of": scene.ben.uid, "take_claims_of": scene.ben.uid}
        scene.decide(CLAIM, QUOTE, **take)
        gold = scene.decide(CLAIM, QUOTE, revision=1, **take)
        seqs = session.exec(select(Attribution.seq).where(Attribution.annotation_id == gold.id)).all()
        assert sorted(seqs) == [3, 4]
        assert session.exec(select(Claim.seq).where(Claim.annotation_id == gold.id)).all() == [2]


def test_decision_without_taking_leaves_what_gold_has(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        with_details(scene)
        scene.decide(CLAIM, QUOTE, take_attributions_of=scene.ben.uid, take_claims_of=scene.ben.uid)
        gold = scene.decide(CLAIM, QUOTE, revision=1, reason="shorter")
        state = history.snapshot(session, gold)
        assert len(state["attributions"]) == 2
        assert state["claims"][0]["attribution"] == 2


def test_claims_of_one_reviewer_do_not_rest_on_attributions_of_another(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        with_details(scene)
        f.make_attribution(session, scene.of_ada)
        f.keep(session, scene.of_ada)
        gold = scene.decide(CLAIM, take_attributions_of=scene.ada.uid, take_claims_of=scene.ben.uid)
        state = history.snapshot(session, gold)
        assert len(state["attributions"]) == 1
        assert (state["claims"][0]["attribution"], state["claims"][0]["voice"]) == (None, "attributed")


def test_gold_begins_without_attributions_and_claims(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        with_details(scene)
        gold = scene.decide(CLAIM, QUOTE)
        assert (gold.last_attribution_seq, gold.last_claim_seq) == (0, 0)
        spans = select(AttributionSpan).join(Attribution).where(Attribution.annotation_id == gold.id)  # type: ignore[arg-type]
        assert session.exec(spans).all() == []


@pytest.mark.parametrize(
    ("decision", "field"),
    [
        (Decision(), "label"),
        (Decision(labels=frozenset({CLAIM}), none_reason=NoneReason.OTHER), "label"),
        (Decision(labels=frozenset({QUOTE}), take_claims_of="rev_x"), "take_claims"),
        (Decision(labels=frozenset({QUOTE}), take_attributions_of="rev_0000000000000000"), "take_attributions"),
    ],
)
def test_decision_that_cannot_be_is_refused(database: Database, decision: Decision, field: str) -> None:
    with database.write() as session:
        scene = Scene(session)
        with pytest.raises(Invalid) as refused:
            adjudication.decide(session, scene.actor(), scene.disputed.uid, decision, revision=0)
        assert refused.value.field == field
        assert stored.gold(session, scene.disputed.id) is None


def test_none_is_decided_with_its_reason(database: Database) -> None:
    with database.write() as session:
        gold = Scene(session).decide(none_reason=NoneReason.QUESTION)
        assert (gold.status, gold.none_reason, gold.is_quote) == ("complete", "question", False)


def test_stale_revision_changes_nothing(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        scene.decide(QUOTE)
        for revision in (0, 2, None):
            with pytest.raises(Stale) as stale:
                adjudication.decide(
                    session, scene.actor(), scene.disputed.uid, Decision(labels=frozenset({CLAIM})), revision=revision
                )
            assert stale.value.current == 1
        gold = stored.gold(session, scene.disputed.id)
        assert gold is not None
        assert (gold.is_quote, gold.is_claim, gold.revision) == (True, False, 1)


def test_repeated_request_is_answered_like_the_first_time(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        first = scene.decide(QUOTE, request="r1")
        again = scene.decide(QUOTE, request="r1")
        assert (again.id, again.revision) == (first.id, 1)
        assert len(stored.revisions(session, first.id)) == 1
        with pytest.raises(Stale):
            scene.decide(CLAIM, request="r1")


@pytest.mark.parametrize("who", ["reviewer", "nobody", "inactive lead"])
def test_only_active_leads_decide(database: Database, who: str) -> None:
    with database.write() as session:
        scene = Scene(session)
        scene.lead.active = False
        session.flush()
        actor = {"reviewer": scene.actor(scene.ada), "nobody": Actor(None), "inactive lead": scene.actor()}[who]
        decision = Decision(labels=frozenset({CLAIM}))
        for attempt in (
            lambda: adjudication.decide(session, actor, scene.disputed.uid, decision, revision=0),
            lambda: adjudication.undo(session, actor, scene.disputed.uid, revision=0),
            lambda: accept(session, actor, scene.article),
        ):
            with pytest.raises(NotFound):
                attempt()


def test_another_lead_who_decides_anew_becomes_the_adjudicator(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        scene.decide(QUOTE)
        other = f.make_lead(session, "Otto")
        decision = Decision(labels=frozenset({CLAIM}))
        gold = adjudication.decide(session, scene.actor(other), scene.disputed.uid, decision, revision=1)
        assert gold is not None
        assert gold.reviewer_id == other.id
        adjudication.undo(session, scene.actor(other), scene.disputed.uid, revision=2)
        assert (gold.reviewer_id, gold.is_quote, gold.is_claim) == (scene.lead.id, True, False)


def test_leaving_a_case_open_stores_no_gold(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        decision = Decision(open=True, reason="ask the desk")
        actor = scene.actor(request="r1")
        for _ in range(2):
            assert adjudication.decide(session, actor, scene.disputed.uid, decision, revision=0) is None
        assert stored.gold(session, scene.disputed.id) is None
        events = session.exec(select(Event).where(Event.action == "leave_open")).all()
        assert [canonical.decode(event.detail)["reason"] for event in events] == ["ask the desk"]


def test_leaving_a_decided_case_open_sends_it_back_and_undo_brings_it_again(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        scene.decide(QUOTE)
        gold = adjudication.decide(session, scene.actor(), scene.disputed.uid, Decision(open=True), revision=1)
        assert gold is not None
        assert (gold.status, gold.is_quote) == ("needs_review", True)
        adjudication.undo(session, scene.actor(), scene.disputed.uid, revision=2)
        assert gold.status == "complete"


def test_undo_brings_back_the_decision_before_with_all_that_hung_on_it(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        with_details(scene)
        scene.decide(CLAIM, QUOTE, reason="first", take_attributions_of=scene.ben.uid, take_claims_of=scene.ben.uid)
        gold = stored.gold(session, scene.disputed.id)
        assert gold is not None
        first = history.snapshot(session, gold)
        scene.decide(OPINION, revision=1, reason="second", take_attributions_of="", take_claims_of="")
        adjudication.undo(session, scene.actor(), scene.disputed.uid, revision=2)
        assert history.snapshot(session, gold) == first
        assert gold.revision == 3
        adjudication.undo(session, scene.actor(), scene.disputed.uid, revision=3)
        assert gold.status == "needs_review"
        with pytest.raises(Conflict):
            adjudication.undo(session, scene.actor(), scene.disputed.uid, revision=4)


def test_undo_leaves_the_decision_of_another_lead(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        scene.decide(QUOTE)
        other = f.make_lead(session, "Otto")
        with pytest.raises(Conflict):
            adjudication.undo(session, scene.actor(other), scene.disputed.uid, revision=1)


def test_undo_where_nothing_is_decided_is_refused(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        with pytest.raises(Conflict):
            adjudication.undo(session, scene.actor(), scene.disputed.uid, revision=0)


@pytest.mark.parametrize(
    ("change", "reopened"),
    [
        (Change(labels=("claim",)), True),
        (Change(labels=("unsure",)), True),
        (Change(note="only a note"), False),
        (Change(confidence="low"), False),
        (Change(loaded_language=True), False),
    ],
)
def test_gold_is_reopened_when_a_reviewer_changes_what_it_rested_on(
    any_database: Database, change: Change, reopened: bool
) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        gold = scene.decide(QUOTE)
        annotations.save(session, scene.actor(scene.ada), scene.disputed.uid, change, revision=1)
        assert gold.status == ("needs_review" if reopened else "complete")
        actions = [row.action for row in stored.revisions(session, gold.id)]
        assert actions == (["reopen_gold", "adjudicate"] if reopened else ["adjudicate"])


def test_adjudicated_gold_stands_when_a_reviewer_comes_later(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        gold = scene.decide(QUOTE)
        cleo = f.make_reviewer(session, "Cleo")
        after = "2025-03-01T00:00:00.000Z"
        f.annotate(session, scene.disputed, cleo, ("opinion",), at=after)
        f.annotate(session, scene.disputed, cleo, ("claim",), at=after)
        assert gold.status == "complete"


def test_unanimous_gold_is_reopened_when_somebody_later_differs(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        sentence = scene.sentences[0]
        for reviewer in (scene.ada, scene.ben):
            f.annotate(session, sentence, reviewer, ("none",), none_reason=NoneReason.HEADING)
        assert accept(session, scene.actor(), scene.article) == 1
        gold = stored.gold(session, sentence.id)
        assert gold is not None
        cleo, dan = f.make_reviewer(session, "Cleo"), f.make_reviewer(session, "Dan")
        f.annotate(session, sentence, cleo, ("none",), none_reason=NoneReason.HEADING)
        assert gold.status == "complete"
        f.annotate(session, sentence, dan, ("claim",))
        assert gold.status == "needs_review"


def test_unanimous_sentences_become_gold_and_the_others_do_not(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        agreed, voices, single, unsure = scene.sentences[2], scene.sentences[3], scene.sentences[0], scene.sentences[4]
        for reviewer in (scene.ada, scene.ben):
            f.annotate(session, agreed, reviewer, ("claim",), loaded_language=reviewer is scene.ada)
        f.annotate(session, voices, scene.ada, ("opinion",), voice_opinion=Voice.AUTHOR)
        f.annotate(session, voices, scene.ben, ("opinion",), voice_opinion=Voice.BOTH)
        f.annotate(session, single, scene.ada, ("claim",))
        f.annotate(session, unsure, scene.ada, ("claim",))
        f.annotate(session, unsure, scene.ben, ("unsure",))
        actor = scene.actor(request="all")
        assert accept(session, actor, scene.article) == 1
        golds = session.exec(select(Annotation).where(Annotation.role == "gold")).all()
        assert [(g.sentence_id, g.method, g.reviewer_id, g.status) for g in golds] == [
            (agreed.id, "unanimous", None, "complete")
        ]
        assert (golds[0].claim_voice, golds[0].loaded_language) == ("author", False)
        assert accept(session, actor, scene.article) == 1
        assert accept(session, scene.actor(), scene.article) == 0
        assert len(stored.revisions(session, golds[0].id)) == 1


def accept(session: Session, actor: Actor, article: Article) -> int:
    """All that agree, at once."""
    waiting = adjudication.agreeing(session, actor, article.uid)
    return adjudication.accept_unanimous(session, actor, article.uid, waiting)


def test_what_agrees_no_more_and_what_was_taken_back_is_not_accepted_by_a_request_that_comes_again(
    database: Database,
) -> None:
    with database.write() as session:
        scene = Scene(session)
        first, second, third = scene.sentences[2:5]
        for sentence in (first, second, third):
            for reviewer in (scene.ada, scene.ben):
                f.annotate(session, sentence, reviewer, ("claim",))
        actor = scene.actor(request="all")
        waiting = adjudication.agreeing(session, actor, scene.article.uid)
        assert waiting == [first.uid, second.uid, third.uid]
        assert adjudication.accept_unanimous(session, actor, scene.article.uid, [first.uid]) == 1
        f.annotate(session, second, f.make_reviewer(session, "Cleo"), ("opinion",))
        adjudication.undo(session, scene.actor(), first.uid, revision=1)
        assert adjudication.accept_unanimous(session, actor, scene.article.uid, waiting) == 2
        golds = [stored.gold(session, sentence.id) for sentence in (first, second, third)]
        assert [gold and gold.status for gold in golds] == ["needs_review", None, "complete"]
        assert adjudication.agreeing(session, actor, scene.article.uid) == [first.uid]


def say_the_same(scene: Scene, *who: Annotation, note: str = "") -> None:
    """Each of them gets the same nested attribution, and a claim with evidence that rests on it."""
    speaker, source = f.make_speaker(scene.session, "Ida Holm"), f.make_source(scene.session)
    for annotation in who:
        sentence = scene.session.get_one(Sentence, annotation.sentence_id)
        start = sentence.start_cp
        outer = f.make_attribution(scene.session, annotation, type="indirect", note=f"{note} of {annotation.uid}")
        inner = f.make_attribution(
            scene.session, annotation, cue=[(start, start + 3)], speaker_id=speaker.id, parent_id=outer.id
        )
        claim = f.make_claim(
            scene.session, annotation, attribution_id=inner.id, voice="attributed", text_normalized="Two ferries."
        )
        f.make_evidence(scene.session, claim, source, excerpt="two", stance="supports", note=f"{note}, mine")
        f.keep(scene.session, annotation)


def accepted(scene: Scene, sentence: Sentence) -> tuple[Annotation, dict[str, Any]]:
    assert accept(scene.session, scene.actor(), scene.article) == 1
    gold = stored.gold(scene.session, sentence.id)
    assert gold is not None
    return gold, history.snapshot(scene.session, gold)


def test_unanimous_gold_takes_attributions_and_claims_that_all_have_alike(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        sentence = scene.sentences[2]
        both = [f.annotate(session, sentence, who, ("quote", "claim")) for who in (scene.ada, scene.ben)]
        say_the_same(scene, *both, note="a remark")
        gold, state = accepted(scene, sentence)
        outer, inner = state["attributions"]
        assert (inner["parent"], inner["note"], outer["note"]) == (outer["seq"], None, None)
        (claim,) = state["claims"]
        assert (claim["attribution"], claim["text_normalized"]) == (inner["seq"], "Two ferries.")
        assert [(one["excerpt"], one["note"]) for one in claim["evidence"]] == [("two", None)]
        assert (gold.method, gold.reviewer_id) == ("unanimous", None)


@pytest.mark.parametrize("part", ["attributions", "claims"])
def test_unanimous_gold_takes_nothing_on_which_they_differ(database: Database, part: str) -> None:
    with database.write() as session:
        scene = Scene(session)
        sentence = scene.sentences[2]
        ada, ben = (f.annotate(session, sentence, who, ("quote", "claim")) for who in (scene.ada, scene.ben))
        say_the_same(scene, ada, ben)
        if part == "attributions":
            f.make_attribution(session, ben, type="mixed")
        else:
            f.make_claim(session, ben, text_normalized="Only one ferry.")
        f.keep(session, ben)
        _, state = accepted(scene, sentence)
        assert state[part] == []
        assert len(state["attributions"]) == (0 if part == "attributions" else 2)
        assert state["claims"] == []  # they rest on attributions: together with them, or not at all


def test_unanimous_gold_is_reopened_when_one_parts_from_the_attribution_it_carries(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        sentence = scene.sentences[2]
        ada, ben = (f.annotate(session, sentence, who, ("quote", "claim")) for who in (scene.ada, scene.ben))
        say_the_same(scene, ada, ben)
        gold, _ = accepted(scene, sentence)
        late = f.annotate(session, sentence, f.make_reviewer(session, "Cleo"), ("quote", "claim"), at=LATER)
        annotations.save(session, scene.actor(scene.ada), sentence.uid, Change(note="so"), revision=ada.revision)
        assert (gold.status, late.last_attribution_seq) == ("complete", 0)
        f.make_attribution(session, ben, type="mixed")
        follow(session, scene.actor(scene.ben), ben_after(session, ben))
        assert gold.status == "needs_review"


def ben_after(session: Session, annotation: Annotation) -> Annotation:
    f.keep(session, annotation)
    return annotation


def test_gold_keeps_the_answers_it_was_decided_on(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        annotations.save(
            session, scene.actor(scene.ben), scene.disputed.uid, Change(note="It can be checked."), revision=1
        )
        gold = scene.decide(QUOTE)
        annotations.save(session, scene.actor(scene.ben), scene.disputed.uid, Change(labels=("opinion",)), revision=2)
        kept = {answer.reviewer.name: answer.state for answer in rested_on(session, gold)}
        assert {name: state["is_claim"] for name, state in kept.items()} == {"Ada": False, "Ben": True}
        assert kept["Ben"]["note"] == "It can be checked."
        assert rules.against(history.snapshot(session, gold), kept) == ["Ben"]


def test_gold_that_came_with_an_export_rests_on_the_answers_there_are(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        gold = f.make_gold(session, scene.disputed, ("claim",), lead=scene.lead)
        assert {answer.reviewer.name for answer in rested_on(session, gold)} == {"Ada", "Ben"}


def test_what_is_taken_back_is_no_decision_any_more(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        gold = scene.decide(QUOTE)
        annotations.save(session, scene.actor(scene.ada), scene.disputed.uid, Change(labels=("claim",)), revision=1)
        scene.decide(CLAIM, revision=2)
        assert claims_of(rested_on(session, gold)) == {"Ada": True, "Ben": True}
        adjudication.undo(session, scene.actor(), scene.disputed.uid, revision=3)
        assert claims_of(rested_on(session, gold)) == {"Ada": False, "Ben": True}


def claims_of(answers: list[Answer]) -> dict[str, bool]:
    return {answer.reviewer.name: answer.state["is_claim"] for answer in answers}


@pytest.mark.parametrize(
    ("typed", "kept"), [("1.0, question 2", "Question 2"), (" voice ", "Voice"), ("deletion test", "deletion test")]
)
def test_a_rule_is_cited_by_its_own_name(database: Database, typed: str, kept: str) -> None:
    with database.write() as session:
        assert Scene(session).decide(QUOTE, guideline_rule=typed).guideline_rule == kept


def test_unanimous_gold_can_be_decided_anew_and_taken_back(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        sentence = scene.sentences[2]
        for reviewer in (scene.ada, scene.ben):
            f.annotate(session, sentence, reviewer, ("claim",))
        accept(session, scene.actor(), scene.article)
        decision = Decision(labels=frozenset({OPINION}))
        gold = adjudication.decide(session, scene.actor(), sentence.uid, decision, revision=1)
        assert gold is not None
        assert (gold.method, gold.reviewer_id) == ("adjudicated", scene.lead.id)
        adjudication.undo(session, scene.actor(), sentence.uid, revision=2)
        assert (gold.method, gold.reviewer_id, gold.is_claim) == ("unanimous", None, True)


def test_queue_has_the_weightiest_disputes_first(any_database: Database) -> None:
    with any_database.write() as session:
        scene = Scene(session)
        cleo = f.make_reviewer(session, "Cleo")
        two_to_one, voices, agreed = scene.sentences[2], scene.sentences[3], scene.sentences[0]
        for reviewer, labels in ((scene.ada, ("claim",)), (scene.ben, ("claim",)), (cleo, ("opinion",))):
            f.annotate(session, two_to_one, reviewer, labels)
            f.annotate(session, agreed, reviewer, ("none",), none_reason=NoneReason.HEADING)
        f.annotate(session, voices, scene.ada, ("opinion",), voice_opinion=Voice.AUTHOR)
        f.annotate(session, voices, scene.ben, ("opinion",), voice_opinion=Voice.BOTH)
        found = disputes.disputes(session)
        assert [d.reading.sentence for d in found] == [scene.disputed.uid, two_to_one.uid, voices.uid]
        assert [d.reading.ordinal for d in found] == [2, 3, 4]
        assert [round(d.entropy, 3) for d in found] == [1.0, 0.918, 0.0]
        assert disputes.disputes(session, "art_0000000000000000") == []


def test_queue_keeps_decided_cases_and_takes_in_reopened_ones(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        scene.decide(QUOTE)
        assert [d.reading.is_decided for d in disputes.disputes(session)] == [True]
        annotations.save(
            session, scene.actor(scene.ben), scene.disputed.uid, Change(labels=("quote",)), revision=1
        )  # they agree now, but what was decided no longer stands
        (dispute,) = disputes.disputes(session, scene.article.uid)
        assert (dispute.is_reopened, dispute.reading.is_decided) == (True, False)


def test_case_shows_the_sentence_between_its_neighbours_with_every_answer(database: Database) -> None:
    with database.write() as session:
        scene = Scene(session)
        with_details(scene)
        found = adjudication.case(session, scene.disputed.uid)
        assert (found.number, found.sentences, found.revision, found.gold) == (2, 5, 0, None)
        assert found.before == "The ferry stays in port"
        assert found.text == "“The pier is unsafe,” said the harbour master, Ida Holm."
        assert found.after == "Two ferries a day used it until May."
        assert {side.reviewer.name for side in found.sides} == {"Ada", "Ben"}
        ben = next(side for side in found.sides if side.reviewer.name == "Ben")
        assert len(ben.state["attributions"]) == 2
        assert adjudication.case(session, scene.sentences[0].uid).before is None
        assert adjudication.case(session, scene.sentences[-1].uid).after is None


def test_case_of_an_unknown_sentence_is_not_found(database: Database) -> None:
    with database.read() as session, pytest.raises(NotFound):
        adjudication.case(session, "sen_0000000000000000")
