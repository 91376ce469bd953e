import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from annotator.errors import SignedOut
from annotator.services import clock, reviewers, sessions
from annotator.services.history import Actor
from db import integrity
from db.engine import Database
from db.models import Event, WebSession
from tests.factories import AT, make_reviewer

IDLE_HOURS, DAYS = 24, 14


def invite(database: Database, name: str = "Ada Lind") -> str:
    """The token of a link for a new person."""
    with database.write() as session:
        make_reviewer(session, name)
        return reviewers.link(session, Actor(None, None, AT), name, days=7)


def sign_in(database: Database, *, now: str = AT) -> str:
    token = invite(database)
    with database.write() as session:
        return sessions.redeem(session, token, now=now, days=DAYS)


def who(database: Database, token: str, now: str) -> str | None:
    with database.read() as session:
        found = sessions.reviewer_of(session, token, now=now, idle_hours=IDLE_HOURS)
        return found.reviewer.name if found else None


def test_link_signs_in_once(any_database: Database) -> None:
    link = invite(any_database)
    with any_database.write() as session:
        token = sessions.redeem(session, link, now=AT, days=DAYS)
    assert who(any_database, token, AT) == "Ada Lind"
    with any_database.write() as session, pytest.raises(SignedOut, match="was used, has expired or was never valid"):
        sessions.redeem(session, link, now=AT, days=DAYS)
    assert not list(integrity.check(any_database))


def test_looking_at_a_link_does_not_use_it_up(database: Database) -> None:
    link = invite(database)
    for _ in range(2):
        with database.read() as session:
            owner = sessions.link_owner(session, link, now=AT)
            assert owner is not None
            assert owner.name == "Ada Lind"
    with database.write() as session:
        sessions.redeem(session, link, now=AT, days=DAYS)
        assert sessions.link_owner(session, link, now=AT) is None


def test_link_signs_in_one_of_many_who_try_at_once(any_database: Database) -> None:
    link, barrier = invite(any_database), Barrier(6)

    def attempt(_: int) -> str | None:
        barrier.wait(60)
        try:
            with any_database.write() as session:
                return sessions.redeem(session, link, now=AT, days=DAYS)
        except SignedOut:
            return None

    with ThreadPoolExecutor(6) as pool:
        tokens = [token for token in pool.map(attempt, range(6)) if token]
    assert len(tokens) == 1
    with any_database.read() as session:
        assert len(session.exec(select(WebSession)).all()) == 1


@pytest.mark.parametrize(("days", "works"), [(6.99, True), (7, False), (8, False)])
def test_link_works_until_it_expires(database: Database, days: float, works: bool) -> None:
    link = invite(database)
    later = clock.later(AT, days=days)
    with database.read() as session:
        assert (sessions.link_owner(session, link, now=later) is not None) is works
    with database.write() as session:
        if works:
            assert sessions.redeem(session, link, now=later, days=DAYS)
        else:
            with pytest.raises(SignedOut):
                sessions.redeem(session, link, now=later, days=DAYS)


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1", "ü\udce4"])
def test_made_up_token_is_nobody(database: Database, token: str) -> None:
    sign_in(database)
    assert who(database, token.encode("utf-8", "replace").decode(), AT) is None


def test_session_ends_when_it_lies_idle(database: Database) -> None:
    token = sign_in(database)
    assert who(database, token, clock.later(AT, hours=23.99)) == "Ada Lind"
    assert who(database, token, clock.later(AT, hours=24)) is None


def test_session_in_use_does_not_lie_idle(database: Database) -> None:
    token = sign_in(database)
    seen = clock.later(AT, hours=20)
    with database.write() as session:
        sessions.touch(session, token, now=seen)
    assert who(database, token, clock.later(seen, hours=20)) == "Ada Lind"


def test_session_ends_absolutely_even_when_used(database: Database) -> None:
    token = sign_in(database)
    for day in range(1, 15):
        with database.write() as session:
            sessions.touch(session, token, now=clock.later(AT, days=day, hours=-1))
    assert who(database, token, clock.later(AT, days=13.99)) == "Ada Lind"
    assert who(database, token, clock.later(AT, days=14)) is None


def test_sign_of_life_is_due_once_a_minute(database: Database) -> None:
    token = sign_in(database)
    with database.read() as session:
        found = sessions.reviewer_of(session, token, now=AT, idle_hours=IDLE_HOURS)
        assert found is not None
        assert not sessions.is_due(found, now=clock.later(AT, seconds=60))
        assert sessions.is_due(found, now=clock.later(AT, seconds=61))


def test_clock_that_jumps_back_ends_no_session(database: Database) -> None:
    token = sign_in(database)
    earlier = clock.later(AT, days=-3)
    with database.write() as session:
        sessions.touch(session, token, now=earlier)
        assert session.exec(select(WebSession.last_seen_at)).one() == AT
    assert who(database, token, earlier) == "Ada Lind"


def test_session_is_gone_after_signing_out(database: Database) -> None:
    token = sign_in(database)
    for _ in range(2):
        with database.write() as session:
            sessions.sign_out(session, token, now=AT)
    with database.write() as session:
        sessions.sign_out(session, "never valid", now=AT)
    assert who(database, token, AT) is None
    with database.read() as session:
        actions = session.exec(select(Event.action).where(Event.entity == "reviewer")).all()
    assert sorted(actions) == ["link", "sign_in", "sign_out"]


def test_signing_out_leaves_the_other_sessions(database: Database) -> None:
    first = sign_in(database)
    with database.write() as session:
        link = reviewers.link(session, Actor(None, None, AT), "Ada Lind", days=7)
        second = sessions.redeem(session, link, now=AT, days=DAYS)
        sessions.sign_out(session, first, now=AT)
    assert who(database, second, AT) == "Ada Lind"


def test_tokens_are_stored_as_hashes_only(database: Database) -> None:
    token = sign_in(database)
    with database.read() as session:
        stored = session.exec(select(WebSession)).one()
    assert token not in stored.model_dump_json()
    assert re.fullmatch("[0-9a-f]{64}", stored.token_hash)


def test_form_token_fits_its_session_only() -> None:
    one, other = reviewers.new_token(), reviewers.new_token()
    assert sessions.is_form_token(one, sessions.form_token(one))
    assert not sessions.is_form_token(other, sessions.form_token(one))
    assert not sessions.is_form_token(one, one)
    assert not sessions.is_form_token(one, "")
    assert not sessions.is_form_token(one, "ü")
    assert one not in sessions.form_token(one)
