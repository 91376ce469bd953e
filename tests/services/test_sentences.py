"""Boundaries are mended without losing a label: split, merge, move, and back byte for byte."""

from collections.abc import Iterator, Sequence

import pytest
from sqlmodel import Session, col, select

from annotator.errors import Conflict, Invalid, NotFound, Stale
from annotator.services import annotations, attributions, claims, evidence, finishing, sentences
from annotator.services.attributions import Wording
from annotator.services.carrying import Cut
from annotator.services.claims import ClaimDetails
from annotator.services.evidence import EvidenceWording
from annotator.services.history import Actor
from db import integrity
from db.engine import Database
from db.models import Annotation, AnnotationRevision, Article, Assignment, Attribution, Claim, Reviewer, Sentence
from db.queries import history
from db.vocabulary import AttributionType, Stance
from tests import factories

# fiction
TEXT = "“We close the pier 👩🏽‍🚒,” said Ida Holm. The board said that Zoé left, and the ferry sank. Nobody paid."
LATER = "2025-02-03T00:00:00.000Z"


class Case:
    """An article of three sentences in one block, with a lead and three reviewers."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.article = factories.make_article(session, TEXT)
        self.lead = factories.make_lead(session, "Lena")
        self.people = [factories.make_reviewer(session, name) for name in ("Ada", "Ben", "Cleo")]
        factories.assign(session, self.article, *self.people)

    def actor(self, request: str | None = None) -> Actor:
        return Actor(self.lead.id, request, LATER)

    def sentences(self) -> Sequence[Sentence]:
        return factories.sentences_of(self.session, self.article)

    def texts(self) -> list[str]:
        return [TEXT[s.start_cp : s.end_cp] for s in self.sentences()]

    def version(self) -> int:
        from db.queries import sentences as rows  # only this helper looks below the service

        assert self.article.id is not None
        return rows.segmentation(self.session, self.article.id).version

    def said(self, sentence: Sentence) -> dict[str, Annotation]:
        rows = self.session.exec(
            select(Annotation, Reviewer)
            .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
            .where(Annotation.sentence_id == sentence.id, Annotation.role == "reviewer")
        )
        return {reviewer.name: annotation for annotation, reviewer in rows}


@pytest.fixture
def session(any_database: Database) -> Iterator[Session]:
    with any_database.write() as session:
        yield session
    assert list(integrity.check(any_database)) == []


@pytest.fixture
def case(session: Session) -> Case:
    return Case(session)


def labels(annotation: Annotation) -> tuple[set[str], str]:
    return {str(label) for label in annotations.judgement(annotation).labels}, annotation.status


def test_split_makes_two_sentences_without_the_space_between_them(case: Case) -> None:
    at = TEXT.index("and the ferry")
    cut = sentences.splitting(case.session, case.sentences()[1].uid, at)
    first, second = sentences.apply(case.session, case.actor(), cut, version=1)
    assert case.texts()[1:3] == ["The board said that Zoé left,", "and the ferry sank."]
    assert (first.origin, second.origin, case.version()) == ("split", "split", 2)


def test_split_gives_both_halves_the_labels_for_review(case: Case) -> None:
    factories.annotate(case.session, case.sentences()[1], case.people[0], ["claim", "quote"])
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    for half in sentences.apply(case.session, case.actor(), cut, version=1):
        annotation = case.said(half)["Ada"]
        assert labels(annotation) == ({"claim", "quote"}, "needs_review")
        assert annotation.origin == "carried_over"
    assert case.said(half).keys() == {"Ada"}


def test_attribution_and_claim_go_to_the_half_that_holds_their_words(case: Case) -> None:
    ada, target = case.people[0], case.sentences()[1]
    said = factories.annotate(case.session, target, ada, ["claim", "quote"])
    wording = Wording(speaker="The board", cue="said", content="that Zoé left", type=AttributionType.INDIRECT)
    told = attributions.create(case.session, Actor(ada.id), target.uid, wording, revision=said.revision)
    details = ClaimDetails(text_normalized="Zoé left.", attribution=told.uid)
    claims.save(case.session, Actor(ada.id), target.uid, claims.next_uid(said), details, revision=said.revision)
    proof = EvidenceWording(stance=Stance.SUPPORTS, url="https://board.example/minutes", excerpt="Zoé resigned")
    evidence.add(case.session, Actor(ada.id), target.uid, proof, revision=said.revision)
    cut = sentences.splitting(case.session, target.uid, TEXT.index("and the ferry"))
    first, second = sentences.apply(case.session, case.actor(), cut, version=1)
    states = [history.snapshot(case.session, case.said(half)["Ada"]) for half in (first, second)]
    assert [len(state["attributions"]) for state in states] == [1, 0]
    assert [len(state["claims"]) for state in states] == [1, 0]
    assert states[0]["claims"][0]["evidence"][0]["excerpt"] == "Zoé resigned"
    assert states[0]["claims"][0]["attribution"] == 1


def test_attribution_over_both_halves_is_continued(case: Case) -> None:
    ada, target = case.people[0], case.sentences()[1]
    said = factories.annotate(case.session, target, ada, ["quote"])
    content = "that Zoé left, and the ferry sank"
    wording = Wording(speaker="The board", cue="said", content=content, type=AttributionType.INDIRECT)
    attributions.create(case.session, Actor(ada.id), target.uid, wording, revision=said.revision)
    cut = sentences.splitting(case.session, target.uid, TEXT.index("and the ferry"))
    first, second = sentences.apply(case.session, case.actor(), cut, version=1)
    one, two = (history.snapshot(case.session, case.said(half)["Ada"])["attributions"] for half in (first, second))
    assert (
        two[0]["continues"]
        == case.session.exec(
            select(Attribution.uid).where(Attribution.annotation_id == case.said(first)["Ada"].id)
        ).one()
    )
    assert one[0]["continues"] is None
    assert one[0]["content"] == two[0]["content"]


def test_equal_labels_stand_after_a_merge_and_others_wait_for_review(case: Case) -> None:
    _, second, third = case.sentences()
    ada, ben, cleo = case.people
    for sentence in (second, third):
        factories.annotate(case.session, sentence, ada, ["claim"])
    factories.annotate(case.session, second, ben, ["claim"])
    factories.annotate(case.session, third, ben, ["opinion"])
    factories.annotate(case.session, second, cleo, ["none"])
    [merged] = sentences.apply(case.session, case.actor(), sentences.merging(case.session, second.uid), version=1)
    said = case.said(merged)
    assert labels(said["Ada"]) == ({"claim"}, "complete")
    assert labels(said["Ben"]) == ({"claim", "opinion"}, "needs_review")
    assert labels(said["Cleo"]) == (set(), "needs_review")
    assert case.texts()[-1] == "The board said that Zoé left, and the ferry sank. Nobody paid."


def test_undo_brings_every_row_back_byte_for_byte(case: Case) -> None:
    for sentence in case.sentences():
        for person in case.people:
            factories.annotate(case.session, sentence, person, ["claim"])

    def rows() -> list[object]:
        return [
            (annotation.model_dump(), history.snapshot(case.session, annotation))
            for sentence in case.sentences()
            for _, annotation in sorted(case.said(sentence).items())
        ]

    before = rows()
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    sentences.apply(case.session, case.actor(), cut, version=1)
    sentences.undo(case.session, case.actor(), case.article.uid, version=2)
    assert rows() == before
    assert case.version() == 3
    sentences.undo(case.session, case.actor(), case.article.uid, version=3)
    assert len(case.sentences()) == 4


def test_undo_is_refused_once_somebody_has_worked_on_the_halves(case: Case) -> None:
    factories.annotate(case.session, case.sentences()[1], case.people[0])
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    first, _ = sentences.apply(case.session, case.actor(), cut, version=1)
    factories.annotate(case.session, first, case.people[0], ["quote"], at="2025-03-01T00:00:00.000Z")
    with pytest.raises(Conflict, match="have worked"):
        sentences.undo(case.session, case.actor(), case.article.uid, version=2)


def test_merging_the_halves_again_revives_the_sentence_under_its_id(case: Case) -> None:
    old = case.sentences()[1]
    factories.annotate(case.session, old, case.people[0], ["claim"])
    cut = sentences.splitting(case.session, old.uid, TEXT.index("and the ferry"))
    first, _ = sentences.apply(case.session, case.actor(), cut, version=1)
    [merged] = sentences.apply(case.session, case.actor(), sentences.merging(case.session, first.uid), version=2)
    assert (merged.uid, merged.id, merged.retired_in) == (old.uid, old.id, None)
    annotation = case.said(merged)["Ada"]
    assert annotation.revision == 2
    numbers = select(AnnotationRevision.number).where(AnnotationRevision.annotation_id == annotation.id)
    assert sorted(case.session.exec(numbers)) == [1, 2]


def test_a_moved_boundary_leaves_every_label_for_review(case: Case) -> None:
    _, second, third = case.sentences()
    factories.annotate(case.session, second, case.people[0], ["claim"])
    factories.annotate(case.session, third, case.people[0], ["opinion"])
    cut = sentences.moving(case.session, second.uid, TEXT.index("and the ferry"))
    one, two = sentences.apply(case.session, case.actor(), cut, version=1)
    assert labels(case.said(one)["Ada"]) == ({"claim"}, "needs_review")
    assert labels(case.said(two)["Ada"]) == ({"claim", "opinion"}, "needs_review")


def test_finished_article_with_something_to_look_at_is_open_again(case: Case) -> None:
    ada = case.people[0]
    for sentence in case.sentences():
        factories.annotate(case.session, sentence, ada, ["claim"])
    finishing.finish(case.session, Actor(ada.id), case.article.uid)
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    sentences.apply(case.session, case.actor(), cut, version=1)
    state = select(Assignment.state).where(Assignment.reviewer_id == ada.id)
    assert case.session.exec(state).one() == "open"


def test_stale_version_changes_nothing(case: Case) -> None:
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    for version in (None, 0, 2):
        with pytest.raises(Stale):
            sentences.apply(case.session, case.actor(), cut, version=version)
    assert len(case.sentences()) == 3


@pytest.mark.parametrize("place", ["start", "end", "before", "beyond"])
def test_a_cut_outside_the_sentence_or_at_its_edge_is_refused(case: Case, place: str) -> None:
    sentence = case.sentences()[1]
    at = {"start": sentence.start_cp, "end": sentence.end_cp, "before": 0, "beyond": 10**9}[place]
    with pytest.raises(Invalid):
        sentences.splitting(case.session, sentence.uid, at)


def test_the_last_sentence_has_no_neighbour_to_merge_with(case: Case) -> None:
    with pytest.raises(Invalid, match="no next sentence"):
        sentences.merging(case.session, case.sentences()[-1].uid)


def test_a_retired_sentence_cannot_be_cut_again(case: Case) -> None:
    old = case.sentences()[1]
    cut = sentences.splitting(case.session, old.uid, TEXT.index("and the ferry"))
    first, _ = sentences.apply(case.session, case.actor(), cut, version=1)
    with pytest.raises(Conflict, match="changed in the meantime"):
        sentences.merging(case.session, old.uid)
    again = sentences.splitting(case.session, old.uid, TEXT.index("said that"))
    with pytest.raises(Conflict, match="changed in the meantime"):
        sentences.preview(case.session, again)
    with pytest.raises(Conflict, match="changed in the meantime"):
        sentences.apply(case.session, case.actor(), again, version=2)
    assert case.sentences()[1] == first


@pytest.mark.parametrize("kind", ["split", "merge", "move"])
def test_a_repeated_change_of_boundaries_is_answered_like_the_first_time(case: Case, kind: str) -> None:
    uid, at = case.sentences()[1].uid, TEXT.index("and the ferry")

    def cut() -> Cut:
        if kind == "merge":
            return sentences.merging(case.session, uid)
        return (sentences.splitting if kind == "split" else sentences.moving)(case.session, uid, at)

    def again() -> list[str]:
        return [sentence.uid for sentence in sentences.apply(case.session, case.actor("r1"), cut(), version=1)]

    first = again()
    assert again() == first
    assert case.version() == 2
    sentences.undo(case.session, case.actor("r2"), case.article.uid, version=2)
    texts = case.texts()
    assert again() == first
    assert (case.version(), case.texts()) == (3, texts)


def test_a_repeated_undo_is_answered_like_the_first_time(case: Case) -> None:
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    sentences.apply(case.session, case.actor("r1"), cut, version=1)
    for _ in range(2):
        [there] = sentences.undo(case.session, case.actor("r2"), case.article.uid, version=2)
        assert there == case.sentences()[1]
    assert (case.version(), len(case.sentences())) == (3, 3)


def test_a_request_id_that_was_used_for_something_else_is_refused(case: Case) -> None:
    uid = case.sentences()[1].uid
    cut = sentences.splitting(case.session, uid, TEXT.index("and the ferry"))
    sentences.apply(case.session, case.actor("r1"), cut, version=1)
    other = sentences.splitting(case.session, uid, TEXT.index("said that"))
    with pytest.raises(Conflict, match="something else"):
        sentences.apply(case.session, case.actor("r1"), other, version=1)
    with pytest.raises(Conflict, match="something else"):
        sentences.undo(case.session, case.actor("r1"), case.article.uid, version=2)
    assert (case.version(), len(case.sentences())) == (2, 4)


def test_the_last_change_is_offered_for_undo_until_somebody_works_on_what_it_made(case: Case) -> None:
    assert case.article.id is not None
    assert sentences.last_change(case.session, case.article.id) == (1, None)
    factories.annotate(case.session, case.sentences()[1], case.people[0])
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    first, _ = sentences.apply(case.session, case.actor(), cut, version=1)
    assert sentences.last_change(case.session, case.article.id) == (2, "split")
    factories.annotate(case.session, first, case.people[0], ["quote"], at="2025-03-01T00:00:00.000Z")
    assert sentences.last_change(case.session, case.article.id) == (2, None)


def test_saving_on_a_sentence_that_was_cut_says_so_to_its_reviewers_only(case: Case) -> None:
    old, stranger = case.sentences()[1], factories.make_reviewer(case.session, "Dora")
    cut = sentences.splitting(case.session, old.uid, TEXT.index("and the ferry"))
    sentences.apply(case.session, case.actor(), cut, version=1)
    change = annotations.Change(labels=("claim",))
    with pytest.raises(Conflict, match="boundaries of this sentence were changed"):
        annotations.save(case.session, Actor(case.people[0].id), old.uid, change, revision=0)
    with pytest.raises(NotFound):
        annotations.save(case.session, Actor(stranger.id), old.uid, change, revision=0)


def test_preview_counts_reviewers_and_labels_that_need_a_look_and_stores_nothing(case: Case) -> None:
    for person in case.people[:2]:
        factories.annotate(case.session, case.sentences()[1], person)
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    found = sentences.preview(case.session, cut)
    assert (found.reviewers, found.needs_review, found.version) == (2, 4, 1)
    assert found.texts == ["The board said that Zoé left,", "and the ferry sank."]
    assert len(case.sentences()) == 3


def test_claims_are_cut_to_the_half_with_most_of_their_words(case: Case) -> None:
    said = factories.annotate(case.session, case.sentences()[1], case.people[0], ["claim"])
    factories.make_claim(case.session, said)
    factories.keep(case.session, said)
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    first, second = sentences.apply(case.session, case.actor(), cut, version=1)
    [claim] = case.session.exec(select(Claim).where(Claim.annotation_id == case.said(first)["Ada"].id)).all()
    assert (claim.start_cp, claim.end_cp) == (first.start_cp, first.end_cp)
    assert case.session.exec(select(Claim).where(Claim.annotation_id == case.said(second)["Ada"].id)).all() == []


def test_article_is_known_by_its_id_only(case: Case) -> None:
    with pytest.raises(NotFound):
        sentences.undo(case.session, case.actor(), "art_0000000000000000", version=1)
    assert case.session.exec(select(Article)).one().uid == case.article.uid


def assignments_of(case: Case) -> list[tuple[str, str | None]]:
    rows = case.session.exec(select(Assignment).order_by(col(Assignment.id)))
    return [(assignment.state, assignment.finished_at) for assignment in rows]


def finished(case: Case) -> None:
    """Ada and Ben have finished at different times, Cleo has not begun."""
    for person, day in zip(case.people[:2], ("2025-01-28", "2025-01-29"), strict=True):
        for sentence in case.sentences():
            factories.annotate(case.session, sentence, person, ["claim"])
        finishing.finish(case.session, Actor(person.id, None, f"{day}T00:00:00.000Z"), case.article.uid)


def test_undo_closes_the_assignments_that_the_cut_had_opened_and_redo_opens_them_again(case: Case) -> None:
    finished(case)
    before = assignments_of(case)
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    sentences.apply(case.session, case.actor(), cut, version=1)
    assert {state for state, _ in assignments_of(case)} == {"open"}
    sentences.undo(case.session, case.actor(), case.article.uid, version=2)
    assert assignments_of(case) == before
    sentences.undo(case.session, case.actor(), case.article.uid, version=3)
    assert {state for state, _ in assignments_of(case)} == {"open"}
    sentences.undo(case.session, case.actor(), case.article.uid, version=4)
    assert assignments_of(case) == before


def test_undo_leaves_an_article_open_whose_reviewer_has_worked_in_it_since(case: Case) -> None:
    finished(case)
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    sentences.apply(case.session, case.actor(), cut, version=1)
    factories.annotate(case.session, case.sentences()[0], case.people[0], ["quote"], at="2025-03-01T00:00:00.000Z")
    sentences.undo(case.session, case.actor(), case.article.uid, version=2)
    assert [state for state, _ in assignments_of(case)] == ["open", "finished", "open"]


def test_a_merge_of_equal_labels_leaves_finished_articles_finished(case: Case) -> None:
    finished(case)
    before = assignments_of(case)
    sentences.apply(case.session, case.actor(), sentences.merging(case.session, case.sentences()[1].uid), version=1)
    assert assignments_of(case) == before


def test_work_within_the_same_millisecond_as_the_cut_is_seen(case: Case) -> None:
    factories.annotate(case.session, case.sentences()[1], case.people[0])
    cut = sentences.splitting(case.session, case.sentences()[1].uid, TEXT.index("and the ferry"))
    first, _ = sentences.apply(case.session, case.actor(), cut, version=1)
    factories.annotate(case.session, first, case.people[0], ["quote"], at=LATER)
    with pytest.raises(Conflict, match="have worked"):
        sentences.undo(case.session, case.actor(), case.article.uid, version=2)


def test_an_attribution_over_both_halves_is_one_again_after_a_merge_and_can_be_split_again(case: Case) -> None:
    ada, target = case.people[0], case.sentences()[1]
    said = factories.annotate(case.session, target, ada, ["quote"])
    content = "that Zoé left, and the ferry sank"
    wording = Wording(speaker="The board", cue="said", content=content, type=AttributionType.INDIRECT)
    attributions.create(case.session, Actor(ada.id), target.uid, wording, revision=said.revision)
    at, told = TEXT.index("and the ferry"), []
    for version in (1, 3):
        cut = sentences.splitting(case.session, target.uid, at)
        halves = sentences.apply(case.session, case.actor(), cut, version=version)
        told.append([history.snapshot(case.session, case.said(half)["Ada"])["attributions"] for half in halves])
        again = sentences.merging(case.session, halves[0].uid)
        [target] = sentences.apply(case.session, case.actor(), again, version=version + 1)
        assert len(history.snapshot(case.session, case.said(target)["Ada"])["attributions"]) == 1
    assert told[0] == told[1]
    assert [[len(rows) for rows in halves] for halves in told] == [[1, 1], [1, 1]]
