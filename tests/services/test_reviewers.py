import hashlib

import pytest
from sqlmodel import Session, select

from annotator.errors import Invalid, SignedOut
from annotator.services import clock, reviewers, sessions
from annotator.services.history import Actor
from db import integrity
from db.engine import Database
from db.models import ApiToken, Event, Reviewer, SignInLink
from tests.factories import AT, annotate, make_article, make_lead, sentences_of

OPERATOR = Actor(None, None, AT)


def test_person_is_added_under_a_name_in_composed_form(any_database: Database) -> None:
    with any_database.write() as session:
        added = reviewers.add(session, OPERATOR, "  E\u0301va Šmíd ", role="lead")
    assert (added.name, added.role, added.active) == ("Éva Šmíd", "lead", True)
    assert not list(integrity.check(any_database))


@pytest.mark.parametrize("other", ["ada lind", "ADA LIND", " Ada  Lind ", "Ａda Lind"])
def test_name_that_reads_alike_is_refused_in_words(database: Database, other: str) -> None:
    with database.write() as session:
        reviewers.add(session, OPERATOR, "Ada Lind")
        with pytest.raises(Invalid, match="already a reviewer named Ada Lind"):
            reviewers.add(session, OPERATOR, other)


def test_name_beyond_ascii_that_differs_in_case_is_refused(any_database: Database) -> None:
    with any_database.write() as session:
        reviewers.add(session, OPERATOR, "Änne Öst")
        with pytest.raises(Invalid, match="already a reviewer"):
            reviewers.add(session, OPERATOR, "äNNE öST")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "visible character"),
        (" \u3000\t", "visible character"),
        ("\u200b\u200d", "visible character"),
        ("Ada\nLind", "one line"),
        ("Ada\x1b[31m", "one line"),
        ("Ada\u2028Lind", "one line"),
        ("Ada\udce4", "one line"),
        ("x" * 81, "at most 80 characters, this one has 81"),
    ],
)
def test_name_that_cannot_be_shown_on_a_line_is_refused(database: Database, name: str, problem: str) -> None:
    with database.write() as session, pytest.raises(Invalid, match=problem) as refused:
        reviewers.add(session, OPERATOR, name)
    assert refused.value.field == "name"


@pytest.mark.parametrize("name", ["x", "x" * 80, "👨🏻‍🚒", "דנה לוי", "O’Neill-Šmíd, 3rd"])
def test_any_other_name_is_taken(database: Database, name: str) -> None:
    with database.write() as session:
        assert reviewers.add(session, OPERATOR, name).name == name


def test_unknown_role_is_refused_in_words(database: Database) -> None:
    with database.write() as session, pytest.raises(Invalid, match="A role is reviewer or lead, not “boss”"):
        reviewers.add(session, OPERATOR, "Ada Lind", role="boss")


def test_person_is_found_by_name_in_any_case_and_by_id(database: Database) -> None:
    with database.write() as session:
        added = reviewers.add(session, OPERATOR, "Ada Lind")
        assert reviewers.find(session, "ADA  lind") is added
        assert reviewers.find(session, added.uid) is added
        with pytest.raises(Invalid, match="no reviewer named “Ben”"):
            reviewers.find(session, "Ben")


def test_link_is_stored_as_a_hash_only_and_expires(database: Database) -> None:
    with database.write() as session:
        reviewers.add(session, OPERATOR, "Ada Lind")
        token = reviewers.link(session, OPERATOR, "Ada Lind", days=7)
        stored = session.exec(select(SignInLink)).one()
    assert len(token) >= 43
    assert stored.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert (stored.expires_at, stored.used_at) == ("2025-01-09T03:04:05.678Z", None)


def test_token_of_a_script_is_stored_as_a_hash_and_names_its_person(database: Database) -> None:
    with database.write() as session:
        ada = reviewers.add(session, OPERATOR, "Ada Lind")
        secret = reviewers.token(session, OPERATOR, "ada lind")
        assert session.exec(select(ApiToken)).one().token_hash == hashlib.sha256(secret.encode()).hexdigest()
    with database.read() as session:
        found = reviewers.of_token(session, secret, now=AT)
        assert found is not None
        assert found[0].uid == ada.uid
        assert reviewers.of_token(session, secret + "x", now=AT) is None


def test_token_ends_by_itself_when_days_are_given(any_database: Database) -> None:
    with any_database.write() as session:
        reviewers.add(session, OPERATOR, "Ada Lind")
        secret = reviewers.token(session, OPERATOR, "Ada Lind", days=30)
    with any_database.read() as session:
        assert reviewers.of_token(session, secret, now=clock.later(AT, days=29.99)) is not None
        assert reviewers.of_token(session, secret, now=clock.later(AT, days=30)) is None


def test_one_token_is_revoked_and_the_others_stay(any_database: Database) -> None:
    with any_database.write() as session:
        for name in ("Ada Lind", "Ben Ode"):
            reviewers.add(session, OPERATOR, name)
        first, second = token_of_ada(session), reviewers.token(session, OPERATOR, "Ada Lind", days=30)
        numbers = [found.id for found in reviewers.tokens(session, "Ada Lind")]
        with pytest.raises(Invalid, match="Ben Ode has no token"):
            reviewers.revoke_token(session, OPERATOR, "Ben Ode", numbers[1] or 0)
        for _ in range(2):
            reviewers.revoke_token(session, OPERATOR, "Ada Lind", numbers[1] or 0)
        assert reviewers.of_token(session, first, now=AT) is not None
        assert reviewers.of_token(session, second, now=AT) is None
        events = session.exec(select(Event.action).where(Event.action == "token_revoked")).all()
    assert len(events) == 1


def test_no_secret_is_in_the_event_log(database: Database) -> None:
    with database.write() as session:
        reviewers.add(session, OPERATOR, "Ada Lind")
        link, token = (make(session) for make in (link_of_ada, token_of_ada))
        signed_in = sessions.redeem(session, link, now=AT, days=14)
        said = " ".join(event.model_dump_json() for event in session.exec(select(Event)))
    for secret in (link, token, signed_in):
        assert secret not in said
        assert reviewers.token_hash(secret) not in said


def link_of_ada(session: Session) -> str:
    return reviewers.link(session, OPERATOR, "Ada Lind", days=7)


def token_of_ada(session: Session) -> str:
    return reviewers.token(session, OPERATOR, "Ada Lind")


def test_deactivated_person_is_out_at_once(any_database: Database) -> None:
    with any_database.write() as session:
        reviewers.add(session, OPERATOR, "Ada Lind")
        used, unused, script = link_of_ada(session), link_of_ada(session), token_of_ada(session)
        signed_in = sessions.redeem(session, used, now=AT, days=14)
    with any_database.write() as session:
        assert not reviewers.deactivate(session, OPERATOR, "ada lind").active
    with any_database.read() as session:
        assert sessions.reviewer_of(session, signed_in, now=AT, idle_hours=24) is None
        assert reviewers.of_token(session, script, now=AT) is None
        assert sessions.link_owner(session, unused, now=AT) is None
    with any_database.write() as session:
        with pytest.raises(SignedOut):
            sessions.redeem(session, unused, now=AT, days=14)
        for give in (link_of_ada, token_of_ada):
            with pytest.raises(Invalid, match="Ada Lind is deactivated"):
                give(session)


def test_activated_person_needs_a_new_way_in(database: Database) -> None:
    with database.write() as session:
        reviewers.add(session, OPERATOR, "Ada Lind")
        script, link = token_of_ada(session), link_of_ada(session)
        reviewers.deactivate(session, OPERATOR, "Ada Lind")
        assert reviewers.activate(session, OPERATOR, "Ada Lind").active
        assert reviewers.of_token(session, script, now=AT) is None
        assert sessions.link_owner(session, link, now=AT) is None
        assert sessions.redeem(session, link_of_ada(session), now=AT, days=14)


def test_work_of_a_deactivated_person_stays(database: Database) -> None:
    with database.write() as session:
        ada = reviewers.add(session, OPERATOR, "Ada Lind")
        annotation = annotate(session, sentences_of(session, make_article(session))[0], ada)
        reviewers.deactivate(session, OPERATOR, "Ada Lind")
        assert annotation.is_claim
    assert not list(integrity.check(database))


def test_last_active_lead_cannot_be_deactivated(any_database: Database) -> None:
    with any_database.write() as session:
        first, second = make_lead(session, "Lena Lead"), make_lead(session, "Lars Lead")
        reviewers.deactivate(session, OPERATOR, second.uid)
        with pytest.raises(Invalid, match="Lena Lead is the last active lead"):
            reviewers.deactivate(session, OPERATOR, first.uid)
        assert first.active


def test_everybody_is_listed_by_name(database: Database) -> None:
    with database.write() as session:
        for name in ("cleo", "Ada", "Ben"):
            reviewers.add(session, OPERATOR, name)
        reviewers.deactivate(session, OPERATOR, "ben")
        assert [person.name for person in reviewers.listed(session)] == ["Ada", "Ben", "cleo"]


def test_each_change_of_a_person_is_one_event(database: Database) -> None:
    with database.write() as session:
        ada = reviewers.add(session, OPERATOR, "Ada Lind")
        link_of_ada(session)
        token_of_ada(session)
        for _ in range(2):
            reviewers.deactivate(session, OPERATOR, "Ada Lind")
        for _ in range(2):
            reviewers.activate(session, OPERATOR, "Ada Lind")
        events = session.exec(select(Event.action).where(Event.entity_uid == ada.uid).order_by(Event.id)).all()  # type: ignore[arg-type]
    assert events == ["create", "link", "token", "deactivate", "activate"]


def test_times_are_counted_forward_and_back() -> None:
    assert clock.later(AT, days=60) == "2025-03-03T03:04:05.678Z"
    assert clock.later(AT, hours=-4) == "2025-01-01T23:04:05.678Z"
    assert clock.later("2025-01-01T00:00:00.000Z", minutes=1) == "2025-01-01T00:01:00.000Z"


def test_reviewers_are_rows_that_the_database_knows(database: Database) -> None:
    with database.write() as session:
        reviewers.add(session, OPERATOR, "Machine", kind="machine")
        assert session.exec(select(Reviewer.kind)).one() == "machine"
