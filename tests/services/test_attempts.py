"""Sign-in attempts are counted in the database: per account and address, over restarts, at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from annotator.errors import TooMany
from annotator.services import attempts, clock
from db.engine import Database, open_database
from db.models import SignInAttempt
from tests.factories import AT

ONE = {"account:one": 3}


def fail(database: Database, limits: dict[str, int], times: int = 1, *, now: str = AT) -> None:
    for _ in range(times):
        with database.write() as session:
            attempts.begin(session, limits, now=now)


def is_refused(database: Database, limits: dict[str, int], *, now: str = AT) -> bool:
    try:
        with database.write() as session:
            attempts.begin(session, limits, now=now)
            session.rollback()
    except TooMany:
        return True
    return False


def test_attempt_is_refused_when_too_many_failed(any_database: Database) -> None:
    fail(any_database, ONE, 3)
    with any_database.write() as session, pytest.raises(TooMany) as refused:
        attempts.begin(session, ONE, now=clock.later(AT, minutes=5))
    assert refused.value.retry_after == 600
    assert refused.value.message == "Too many wrong attempts. Wait 10 minutes, then try again."
    assert not is_refused(any_database, {"account:two": 3})


def test_attempts_are_forgotten_one_by_one_after_the_window(database: Database) -> None:
    for minute in range(3):
        fail(database, ONE, now=clock.later(AT, minutes=minute))
    assert is_refused(database, ONE, now=clock.later(AT, minutes=14.9))
    assert not is_refused(database, ONE, now=clock.later(AT, minutes=15.1))


def test_who_waits_as_told_may_try_again(database: Database) -> None:
    fail(database, ONE, 3)
    with database.write() as session, pytest.raises(TooMany) as refused:
        attempts.begin(session, ONE, now=clock.later(AT, seconds=1))
    assert not is_refused(database, ONE, now=clock.later(AT, seconds=1 + refused.value.retry_after))


def test_refused_tries_do_not_lengthen_the_wait(database: Database) -> None:
    fail(database, ONE, 3)
    for minute in range(1, 15):
        assert is_refused(database, ONE, now=clock.later(AT, minutes=minute))
    assert not is_refused(database, ONE, now=clock.later(AT, minutes=15))


def test_right_attempts_count_against_nobody(any_database: Database) -> None:
    for _ in range(5):
        with any_database.write() as session:
            keys = attempts.begin(session, ONE, now=AT)
        with any_database.write() as session:
            attempts.succeed(session, keys)
    assert not is_refused(any_database, ONE)


def test_attempts_outlive_a_restart(database: Database) -> None:
    fail(database, ONE, 3)
    assert database.path is not None
    again = open_database(str(database.path))
    assert is_refused(again, ONE)
    again.close()


def test_attempts_at_once_are_all_counted(any_database: Database) -> None:
    barrier = Barrier(8)

    def attempt(_: int) -> bool:
        barrier.wait(60)
        return is_refused_after_all(any_database)

    with ThreadPoolExecutor(8) as pool:
        refused = list(pool.map(attempt, range(8)))
    assert refused.count(False) == 3


def is_refused_after_all(database: Database) -> bool:
    try:
        fail(database, ONE)
    except TooMany:
        return True
    return False


def test_old_attempts_are_pruned(database: Database) -> None:
    fail(database, ONE, 2)
    fail(database, {"account:two": 3}, now=clock.later(AT, hours=25))
    with database.read() as session:
        assert [found.subject for found in session.exec(select(SignInAttempt))] == ["account:two"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("testclient", None, True),
    ],
)
def test_an_address_is_one_host_or_one_network_of_ipv6(one: str, other: str | None, same: bool) -> None:
    assert (attempts.of_address(one) == attempts.of_address(other)) is same


def test_an_account_is_the_same_however_its_name_is_written() -> None:
    assert attempts.of_account("Ada  Lind") == attempts.of_account("ADA LIND")
    assert "Ada" not in str(attempts.of_account("Ada Lind"))


def test_a_clock_that_jumped_back_makes_nobody_wait_longer(database: Database) -> None:
    fail(database, ONE, 3)
    with database.write() as session, pytest.raises(TooMany) as refused:
        attempts.begin(session, ONE, now=clock.later(AT, days=-1))
    assert refused.value.retry_after == 900
