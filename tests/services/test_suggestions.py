"""Suggestions: stored once for an article, offered after the own label, answered by each reviewer for themselves."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from annotator.domain import suggestions as rules
from annotator.domain.changes import Change
from annotator.domain.spans import Span
from annotator.domain.suggestions import rules_of
from annotator.errors import Conflict, NotFound, ReadOnly, Stale
from annotator.export import contract
from annotator.services import attributions, finishing, projects, suggestions
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from annotator.services.suggestions import Offer
from db.engine import Database
from db.models import Annotation, Article, Attribution, Event, Reviewer, Sentence, Suggestion, SuggestionResponse
from db.queries import attributions as attribution_rows
from db.vocabulary import AttributionType, Label, SpanPart
from tests import factories
from tests.services.conftest import Desk

SAID = {"speaker": "Ida Holm", "cue": "said", "content": "“The pier is unsafe,”"}
INNER = {"speaker": "Ida Holm", "content": "unsafe", "parent": "a0"}
WORDING = Wording(content="“The pier is unsafe,”", type=AttributionType.DIRECT, speaker="Ida Holm", cue="said")
TEXT = "The mill 🏚️\n\n“We counted 212 empty houses last winter,” said Tomas Okereh. The council met in May."  # fiction


def suggested(desk: Desk, *said: dict[str, Any], n: int = 2, version: str = "1", **labels: float) -> int:
    with desk.writing() as session:
        return factories.make_suggestion(session, sentence(session, desk, n), *said, version=version, **labels).id or 0


def sentence(session: Session, desk: Desk, n: int = 2) -> Sentence:
    return session.exec(select(Sentence).where(Sentence.uid == desk.sentences[n - 1])).one()


def label(desk: Desk, *labels: str, reviewer: int | None = None, n: int = 2) -> None:
    with desk.writing() as session:
        who = session.get_one(Reviewer, reviewer or desk.ada)
        factories.annotate(session, sentence(session, desk, n), who, labels)


def offered(desk: Desk, *, reviewer: int | None = None, labels: tuple[Label, ...] = (Label.QUOTE,)) -> list[Offer]:
    """What the page would offer for sentence 2."""
    with desk.database.read() as session:
        place, who, text = sentence(session, desk), reviewer or desk.ada, session.get_one(Article, desk.article_id).text
        mine = session.exec(
            select(Attribution.id)
            .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
            .where(Annotation.reviewer_id == who)
        )
        found = [attribution_rows.spans(session, id_, SpanPart.CONTENT) for id_ in mine]
        contents = [tuple(Span(span.start_cp, span.end_cp) for span in spans) for spans in found]
        row = (place.id or 0, place.uid)
        return suggestions.offers(session, row, who, text, labels=frozenset(labels), contents=contents)


def accept(desk: Desk, key: str, wording: Wording = WORDING, *, revision: int = 1, request: str = "r") -> Attribution:
    with desk.writing() as session:
        return suggestions.accept(
            session, desk.actor(request), desk.sentences[1], key, wording, revision=revision
        )  # fmt: skip


def dismiss(desk: Desk, key: str, *, reviewer: int | None = None, request: str = "d") -> None:
    with desk.writing() as session:
        suggestions.dismiss(session, desk.actor(request, reviewer=reviewer), desk.sentences[1], key)


def answers(desk: Desk) -> list[tuple[int, str, str]]:
    with desk.database.read() as session:
        found = session.exec(select(SuggestionResponse).order_by(col(SuggestionResponse.id)))
        return [(row.reviewer_id, row.part, row.answer) for row in found]


def test_attributions_come_first_then_likely_labels_that_are_not_set(desk: Desk) -> None:
    number = suggested(desk, SAID, claim=0.8, quote=0.9, opinion=0.49)
    assert [(one.key, one.label) for one in offered(desk)] == [(f"{number}-a0", None), (f"{number}-claim", "claim")]
    assert offered(desk)[0].reason == "reporting verb said"


def test_accepted_attribution_says_where_it_came_from(any_desk: Desk) -> None:
    desk = any_desk
    number = suggested(desk, {**SAID, "negated": True})
    label(desk, "quote")
    made = accept(desk, f"{number}-a0")
    assert made.negated
    assert desk.annotation(2).origin == "suggestion_accepted"
    assert answers(desk) == [(desk.ada, "a0", "accepted")]
    assert offered(desk) == []
    before = desk.stored()
    accept(desk, f"{number}-a0")
    assert desk.stored() == before
    assert len(answers(desk)) == 1
    desk.sound()


def test_a_mended_speaker_is_still_a_suggestion_and_other_words_are_the_reviewers_own(desk: Desk) -> None:
    number = suggested(desk, SAID, INNER)
    label(desk, "quote")
    accept(desk, f"{number}-a0", Wording(content="unsafe", type=AttributionType.DIRECT, speaker="Ida Holm"))
    assert desk.annotation(2).origin == "human"
    assert answers(desk) == []
    mended = Wording(content="“The pier is unsafe,”", type=AttributionType.MIXED, speaker="the harbour master")
    accept(desk, f"{number}-a0", mended, revision=2, request="r2")
    assert desk.annotation(2).origin == "suggestion_accepted"


def test_accepted_label_is_added_and_says_where_it_came_from(desk: Desk) -> None:
    number = suggested(desk, claim=0.8)
    label(desk, "quote")
    with desk.writing() as session:
        change = Change(labels=("claim",), toggle=True)
        for _ in range(2):
            suggestions.accept_label(
                session, desk.actor("r"), desk.sentences[1], f"{number}-claim", change, revision=1
            )  # fmt: skip
    annotation = desk.annotation(2)
    assert (annotation.is_quote, annotation.is_claim, annotation.origin) == (True, True, "suggestion_accepted")
    change = Change(labels=("opinion",), toggle=True)
    with desk.writing() as session, pytest.raises(NotFound):
        suggestions.accept_label(session, desk.actor(), desk.sentences[1], f"{number}-claim", change, revision=2)


def test_dismissed_suggestion_never_comes_back_not_even_from_a_newer_engine(any_desk: Desk) -> None:
    desk = any_desk
    number = suggested(desk, SAID, claim=0.8)
    label(desk, "quote")
    dismiss(desk, f"{number}-a0")
    dismiss(desk, f"{number}-claim", request="d2")
    assert offered(desk) == []
    newer = suggested(desk, INNER, {**SAID, "content": "The pier is unsafe"}, version="2", claim=0.9)
    assert [one.key for one in offered(desk)] == [f"{newer}-a0"]
    desk.sound()


def test_dismissing_again_stores_nothing(desk: Desk) -> None:
    number = suggested(desk, SAID, claim=0.8)
    label(desk, "quote")
    dismiss(desk, f"{number}-a0")
    before = desk.stored()
    dismiss(desk, f"{number}-a0")
    dismiss(desk, f"{number}-a0", request="another")
    assert desk.stored() == before
    with pytest.raises(Conflict, match="something else"):
        dismiss(desk, f"{number}-claim")
    with desk.database.read() as session:
        events = session.exec(select(Event.entity).where(Event.action == "dismiss")).all()
    assert events == ["suggestion"]


def test_one_reviewers_answer_is_nothing_to_another(desk: Desk) -> None:
    number = suggested(desk, SAID)
    label(desk, "quote")
    label(desk, "quote", reviewer=desk.ben)
    dismiss(desk, f"{number}-a0")
    assert [one.key for one in offered(desk, reviewer=desk.ben)] == [f"{number}-a0"]


@pytest.mark.parametrize("key", ["", "1", "1-", "1-a7", "1-none", "99-a0", "x-a0", "1-a0-a0"])
def test_key_of_nothing_answers_like_none(desk: Desk, key: str) -> None:
    suggested(desk, SAID)
    label(desk, "quote")
    with pytest.raises(NotFound):
        dismiss(desk, key)
    with pytest.raises(NotFound):
        accept(desk, key)


def test_before_the_own_label_there_is_no_suggestion_whoever_else_has_labelled(desk: Desk) -> None:
    number = suggested(desk, SAID)
    label(desk, "quote", reviewer=desk.ben)
    for revision in (0, 1):
        with pytest.raises(NotFound):
            accept(desk, f"{number}-a0", revision=revision)
    with pytest.raises(NotFound):
        dismiss(desk, f"{number}-a0")


def test_hidden_and_turned_off_suggestions_are_neither_shown_nor_answered(desk: Desk) -> None:
    number = suggested(desk, SAID)
    label(desk, "quote")
    for options in ('{"suggestions_hidden_share": 1}', '{"suggestions": false, "suggestions_hidden_share": 0}'):
        with desk.writing() as session:
            projects.get(session).options = options
        assert offered(desk) == []
        with pytest.raises(NotFound):
            accept(desk, f"{number}-a0")
        with pytest.raises(NotFound):
            dismiss(desk, f"{number}-a0")
    assert desk.annotation(2).revision == 1


def test_stale_or_finished_work_takes_no_suggestion(desk: Desk) -> None:
    number = suggested(desk, SAID)
    for n in range(1, 6):
        label(desk, "quote", n=n)
    with pytest.raises(Stale):
        accept(desk, f"{number}-a0", revision=7)
    with desk.writing() as session:
        finishing.finish(session, desk.actor(), desk.article)
    with pytest.raises(ReadOnly):
        accept(desk, f"{number}-a0")
    with pytest.raises(ReadOnly):
        dismiss(desk, f"{number}-a0")
    assert answers(desk) == []


def test_an_attribution_that_is_there_already_is_not_suggested(desk: Desk) -> None:
    suggested(desk, SAID)
    label(desk, "quote")
    with desk.writing() as session:
        typed = Wording(content="The pier is unsafe", type=AttributionType.DIRECT, speaker="Ida Holm")
        attributions.create(session, desk.actor(), desk.sentences[1], typed, revision=1)
    assert offered(desk) == []


def test_share_of_hidden_sentences_is_seeded_and_the_same_again() -> None:
    uids = [f"sen_{n:016x}" for n in range(2000)]
    for share in (0, 0.2, 1):
        drawn = [rules_of({"suggestions_seed": "demo", "suggestions_hidden_share": share}).hides(uid) for uid in uids]
        assert abs(sum(drawn) / len(uids) - share) < 0.03
    first, again, other = (
        [rules_of({"suggestions_seed": seed}).hides(uid) for uid in uids] for seed in ("demo", "demo", "another")
    )
    assert first == again != other


def test_the_mention_that_a_pronoun_stands_for_is_stored_with_its_suggestion(database: Database) -> None:
    text = "Clerk Ada Finch came in. She said the well was dry. 🏚️"  # fiction
    with database.write() as session:
        factories.make_article(session, text, external_id="well")
    suggestions.make(database, "well", seed="s")
    with database.read() as session:
        payloads = [one.payload for one in session.exec(select(Suggestion).order_by(col(Suggestion.id)))]
    said = rules.decoded(json.loads(payloads[1])).attributions["a0"]
    assert [suggestions.words(text, spans) for spans in (said.speaker, said.antecedent)] == ["She", "Clerk Ada Finch"]


def test_content_over_two_sentences_is_suggested_for_each_with_its_own_words() -> None:
    text = "“Stay home,” he said. “Wait.”"
    spans = (Span(0, 12), Span(22, 29))
    assert rules.clipped(text, spans, Span(0, 21)) == (Span(0, 12),)
    assert rules.clipped(text, spans, Span(22, 29)) == (Span(22, 29),)
    assert rules.clipped(text, (Span(0, 29),), Span(27, 29)) == ()


def test_suggestions_are_made_once_and_their_offsets_are_words_of_the_article(database: Database) -> None:
    with database.write() as session:
        uid = factories.make_article(session, TEXT, external_id="mill").uid
    assert suggestions.make(database, "mill", seed="s") == 3
    with database.read() as session:
        options = json.loads(projects.get(session).options)
        stored = session.exec(select(Suggestion).order_by(col(Suggestion.id))).all()
        events = len(session.exec(select(Event.id)).all())
    assert options == {"suggestions_seed": "s", "suggestions_hidden_share": 0.2}
    assert [one.engine for one in stored] == ["annotator-suggest"] * 3
    assert "3.8" in stored[0].engine_version
    found = rules.decoded(json.loads(stored[1].payload))
    said = found.attributions["a0"]
    assert [TEXT[s.start : s.end] for s in (*said.speaker, *said.cue)] == ["Tomas Okereh", "said"]
    assert "212 empty houses" in suggestions.words(TEXT, said.content)
    assert said.antecedent == ()
    assert found.labels[Label.QUOTE][0] > 0.5
    assert suggestions.make(database, uid, seed="other") == 0
    with database.read() as session:
        assert len(session.exec(select(Event.id)).all()) == events
        assert json.loads(projects.get(session).options) == options


def test_text_in_another_language_gets_none(database: Database) -> None:
    with database.write() as session:
        uid = factories.make_article(session, "“Nein,” sagte sie.", language="de").uid
    assert suggestions.make(database, uid) == 0


def test_turning_off_is_an_event_and_turning_off_again_is_none(database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            suggestions.turn(session, False)
    with database.read() as session:
        assert rules_of(json.loads(projects.get(session).options)).on is False
        assert len(session.exec(select(Event.id).where(Event.action == "options")).all()) == 1


def test_the_command_line_answers_no_suggestion(desk: Desk) -> None:
    number = suggested(desk, SAID)
    with desk.writing() as session, pytest.raises(NotFound):
        suggestions.dismiss(session, Actor(None), desk.sentences[1], f"{number}-a0")


def test_suggestions_are_in_no_export(desk: Desk, tmp_path: Path) -> None:
    label(desk, "quote")
    files = []
    for name in ("before", "after"):
        with desk.database.read() as session:
            contract.write(session, tmp_path / name)
        files.append([file.read_bytes() for file in sorted((tmp_path / name).iterdir())])
        suggested(desk, SAID, claim=0.8, version=name)
    assert files[0] == files[1]
