"""A newer segmenter over a stored article: what differs is said first, then done in one step, labels go along."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import Session, col, select

from annotator.errors import Conflict, NotFound, Stale
from annotator.services import annotations, attributions, finishing, resegmentation, sentences
from annotator.services.attributions import Wording
from annotator.services.history import Actor
from annotator.services.resegmentation import Carried, Plan
from db import integrity
from db.engine import Database
from db.models import Annotation, Assignment, Event, Reviewer, Segmentation, Sentence
from db.queries import history
from db.vocabulary import AttributionType, Lineage
from tests import factories

# fiction; the factories cut after every full stop, so titles come apart and a lacking space keeps two together
TEXT = (
    "The pier\n\n"
    "Mr. Holm closed the pier 👩🏽‍🚒. The board met Dr. Zoé Lind. Nobody paid.The ferry sank.\n\n"
    "“We left,” said Gen. Okereh. It rained."
)
ANEW = [
    "The pier", "Mr. Holm closed the pier 👩🏽‍🚒.", "The board met Dr. Zoé Lind.", "Nobody paid.", "The ferry sank.",
    "“We left,” said Gen. Okereh.", "It rained.",
]  # fmt: skip


class Case:
    def __init__(self, database: Database) -> None:
        self.database = database
        with database.write() as session:
            article = factories.make_article(session, TEXT)
            self.article = article.uid
            self.lead = factories.make_lead(session, "Lena").id
            self.people = [factories.make_reviewer(session, name) for name in ("Ada", "Ben", "Cleo")]
            factories.assign(session, article, *self.people)
            ada, ben, _ = self.people
            for sentence in factories.sentences_of(session, article):
                factories.annotate(session, sentence, ada, ["claim"])
            first, second = factories.sentences_of(session, article)[1:3]
            factories.annotate(session, first, ben, ["quote"])
            factories.annotate(session, second, ben, ["opinion"])
            wording = Wording(speaker="Holm", cue="said", content="closed the pier", type=AttributionType.INDIRECT)
            attributions.create(session, Actor(ada.id), second.uid, wording, revision=1)
            finishing.finish(session, Actor(ada.id), article.uid)

    def plan(self, *, mended: bool = False) -> tuple[Plan, list[Carried]]:
        found = resegmentation.find(self.database, self.article)
        with self.database.read() as session:
            plan = resegmentation.plan(session, found, mended=mended)
            return plan, resegmentation.preview(session, plan)

    def apply(
        self, plan: Plan, *, request: str | None = None, mended: bool = False, **other: Any
    ) -> Sequence[Sentence]:
        found = resegmentation.find(self.database, self.article)
        rests = {"version": plan.version, "plan_key": plan.key, **other}
        with self.database.write() as session:
            return resegmentation.apply(session, Actor(self.lead, request), found, mended=mended, **rests)

    def undo(self, version: int) -> None:
        with self.database.write() as session:
            sentences.undo(session, Actor(self.lead), self.article, version=version)

    def split(self, start: str, at: str, *, version: int) -> None:
        with self.database.write() as session:
            cut = sentences.splitting(session, self.uid(session, start), TEXT.index(at))
            sentences.apply(session, Actor(self.lead), cut, version=version)

    def uid(self, session: Session, start: str) -> str:
        live = select(Sentence.uid).where(col(Sentence.retired_in).is_(None), Sentence.start_cp == TEXT.index(start))
        return session.exec(live).one()

    def live(self) -> list[str]:
        with self.database.read() as session:
            rows = session.exec(select(Sentence).where(col(Sentence.retired_in).is_(None)))
            return [TEXT[one.start_cp : one.end_cp] for one in sorted(rows, key=lambda one: one.start_cp)]

    def said(self, start: str) -> dict[str, tuple[set[str], str]]:
        with self.database.read() as session:
            statement = select(Annotation, Reviewer).join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
            here = statement.join(Sentence, col(Sentence.id) == Annotation.sentence_id)
            rows = session.exec(here.where(Sentence.uid == self.uid(session, start)))
            return {
                reviewer.name: ({str(one) for one in annotations.judgement(said).labels}, said.status)
                for said, reviewer in rows
            }

    def rows(self) -> list[Any]:
        """All that lives: sentences, annotations with what hangs on them, assignments."""
        with self.database.read() as session:
            live = session.exec(select(Sentence).where(col(Sentence.retired_in).is_(None)).order_by(col(Sentence.id)))
            keys = {one.id: one.model_dump() for one in live}
            said = session.exec(select(Annotation).order_by(col(Annotation.id)))
            work = [(one.model_dump(), history.snapshot(session, one)) for one in said if one.sentence_id in keys]
            shares = [one.model_dump() for one in session.exec(select(Assignment).order_by(col(Assignment.id)))]
            return [keys, work, shares]

    def stored(self) -> tuple[int, int]:
        with self.database.read() as session:
            return len(session.exec(select(Segmentation.id)).all()), len(session.exec(select(Event.id)).all())


@pytest.fixture
def case(database: Database) -> Case:
    return Case(database)


@pytest.fixture
def any_case(any_database: Database) -> Case:
    return Case(any_database)


def test_the_plan_says_what_stays_and_what_becomes_of_whose_labels_and_stores_nothing(case: Case) -> None:
    before = case.stored()
    plan, people = case.plan()
    assert (plan.stay, plan.mended, plan.version) == (2, 0, 1)
    assert [plan.count(kind) for kind in (Lineage.SPLIT, Lineage.MERGE, Lineage.MOVE)] == [1, 3, 0]
    assert people == [Carried("Ada", 3, 2), Carried("Ben", 0, 1)]
    assert plan.engine.startswith("annotator-senter")
    assert case.stored() == before


def test_applying_it_is_one_version_and_undo_brings_everything_back_byte_for_byte(any_case: Case) -> None:
    case = any_case
    before, texts = case.rows(), case.live()
    plan, _ = case.plan()
    assert len(case.apply(plan)) == 5
    assert case.live() == ANEW
    assert case.said("Mr. Holm") == {"Ada": ({"claim"}, "complete"), "Ben": ({"quote", "opinion"}, "needs_review")}
    assert case.said("Nobody paid") == {"Ada": ({"claim"}, "needs_review")} == case.said("The ferry")
    with case.database.read() as session:
        newest = session.exec(select(Segmentation).order_by(col(Segmentation.version).desc())).first()
        assert newest is not None
        assert (newest.version, newest.reason, newest.engine) == (2, "resegment", plan.engine)
        assert {one.state for one in session.exec(select(Assignment))} == {"open"}
        assert sentences.last_change(session, newest.article_id) == (2, "resegment")
    assert [str(one) for one in integrity.check(case.database)] == []
    case.undo(2)
    assert (case.live(), case.rows()) == (texts, before)
    case.undo(3)
    assert case.live() == ANEW
    assert [str(one) for one in integrity.check(case.database)] == []


def test_nothing_happens_where_nothing_differs(case: Case) -> None:
    case.apply(case.plan()[0])
    before = case.stored()
    plan, people = case.plan()
    assert (plan.cuts, plan.stay, people) == ((), len(ANEW), [])
    assert case.apply(plan) == []
    assert case.stored() == before


def test_a_plan_that_rests_on_older_boundaries_is_refused(case: Case) -> None:
    plan, _ = case.plan()
    case.split("It rained", "rained", version=1)
    before = case.stored()
    for version in (plan.version, None, 7):
        with pytest.raises(Stale):
            case.apply(plan, version=version)
    with pytest.raises(Conflict, match="found in another way"):
        case.apply(case.plan()[0], plan_key="another")
    assert case.stored() == before


def test_a_repeated_request_is_answered_like_the_first_time(case: Case) -> None:
    plan, _ = case.plan()
    first = [one.uid for one in case.apply(plan, request="r1")]
    before = case.stored()
    assert [one.uid for one in case.apply(plan, request="r1")] == first
    with pytest.raises(Conflict, match="something else"):
        case.apply(plan, request="r1", version=4)
    assert case.stored() == before


def test_boundaries_that_a_person_mended_stay_unless_the_lead_says_otherwise(case: Case) -> None:
    case.split("It rained", "rained", version=1)
    plan, _ = case.plan()
    assert (plan.mended, plan.count(Lineage.MERGE)) == (2, 3)
    case.apply(plan)
    assert case.live()[-2:] == ["It", "rained."]
    assert case.plan()[0].cuts == ()
    again, _ = case.plan(mended=True)
    assert (again.mended, again.count(Lineage.MERGE)) == (0, 1)
    case.apply(again, mended=True)
    assert case.live() == ANEW


def test_a_cut_by_hand_that_revives_older_sentences_counts_as_mended_and_one_that_was_undone_does_not(
    case: Case,
) -> None:
    case.apply(case.plan()[0])
    case.split("Mr. Holm", "Holm closed", version=2)  # as before the newer segmenter
    assert case.plan()[0].mended == 2
    case.undo(3)
    plan, _ = case.plan()
    assert (plan.mended, plan.cuts) == (0, ())


def test_an_unknown_article_is_refused(case: Case) -> None:
    with pytest.raises(NotFound):
        resegmentation.find(case.database, "art_0000000000000000")
