import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from annotator.errors import Conflict, Invalid, Unavailable
from annotator.services import passwords, reviewers, sessions
from annotator.services.history import Actor
from annotator.services.passwords import Passwords
from db import integrity
from db.engine import Database
from tests.factories import AT, make_reviewer

GOOD = "four plain words here"


@pytest.fixture(scope="module")
def hashes() -> Passwords:
    return Passwords()


def test_password_is_stored_as_argon2id_and_found_again(hashes: Passwords) -> None:
    stored = hashes.hash(GOOD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,")
    assert stored != hashes.hash(GOOD)
    assert hashes.check(GOOD, stored) == (True, None)
    assert hashes.check(GOOD.upper(), stored) == (False, None)


def test_password_is_the_same_from_another_keyboard(hashes: Passwords) -> None:
    assert hashes.check("caf\u00e9 au lait \u2460", hashes.hash("cafe\u0301 au lait 1")) == (True, None)


def test_weaker_hash_is_renewed_when_its_password_comes(hashes: Passwords) -> None:
    weak = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(GOOD)
    right, renewed = hashes.check(GOOD, weak)
    assert right
    assert renewed is not None
    assert renewed.startswith("$argon2id$v=19$m=65536,")


def test_nobody_takes_as_long_as_a_wrong_password(hashes: Passwords) -> None:
    stored = hashes.hash(GOOD)
    hashes.check("x", None)  # the first comparison makes what later ones are compared with
    wrong = "wrong but long enough"
    assert 0.5 < work(hashes, wrong, None) / work(hashes, wrong, stored) < 2


def work(hashes: Passwords, password: str, stored: str | None) -> float:
    """Seconds of the processor, in all threads, for what is refused: on a busy machine they stay the same."""
    taken = []
    for _ in range(3):
        before = time.process_time()
        assert hashes.check(password, stored) == (False, None)
        taken.append(time.process_time() - before)
    return min(taken)


def test_endless_password_is_not_hashed(hashes: Passwords) -> None:
    stored = hashes.hash(GOOD)
    assert work(hashes, "x" * 10_000_000, stored) < work(hashes, "x" * 20, stored) / 10


def test_two_are_hashed_at_once_and_no_more(hashes: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.05)
    inside, leave = threading.Barrier(3), threading.Event()

    def hold() -> None:
        with hashes.turn():
            inside.wait(60)
            leave.wait(60)

    with ThreadPoolExecutor(2) as pool:
        held = [pool.submit(hold) for _ in range(2)]
        inside.wait(60)
        with pytest.raises(Unavailable, match="Try again in a few seconds"), hashes.turn():
            pass
        leave.set()
        for one in held:
            one.result(60)
    with hashes.turn():
        pass


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("elevenchars", "at least 12 characters"),
        ("x" * 257, "at most 256 characters"),
        ("aaaaaaaaaaaa", "too easy to guess"),
        ("abababababababab", "too easy to guess"),
        ("ada  LIND ada lind", "too easy to guess"),
        ("", "at least 12 characters"),
    ],
)
def test_weak_password_is_refused(password: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        passwords.refuse_weak(password, "Ada Lind")


@pytest.mark.parametrize(
    "password", [GOOD, "x y z 1 2 3 4", "пароль из слов", "👩‍🚒 🚒 🔥 🧯 🚨 ⛑", "p" * 251 + "asswo"]
)
def test_other_passwords_are_allowed(password: str) -> None:
    passwords.refuse_weak(password, "Ada Lind")


def test_new_password_ends_every_session_and_its_loser_is_told(any_database: Database) -> None:
    with any_database.write() as session:
        ada, ben = make_reviewer(session, "Ada Lind"), make_reviewer(session, "Ben Ode")
        mine, others = (sessions.enter(session, who, now=AT, days=14) for who in (ada, ben))
        assert ada.id is not None
        passwords.store(session, Actor(ada.id, None, AT), ada.id, "$argon2id$one", before=None)
    with any_database.read() as session:
        assert sessions.reviewer_of(session, mine, now=AT, idle_hours=24) is None
        assert sessions.reviewer_of(session, others, now=AT, idle_hours=24) is not None
    with any_database.write() as session, pytest.raises(Conflict):
        passwords.store(session, Actor(ada.id, None, AT), ada.id, "$argon2id$two", before=None)
    with any_database.read() as session:
        assert reviewers.find(session, "Ada Lind").secret_hash == "$argon2id$one"
    assert not list(integrity.check(any_database))


def test_deactivated_person_has_no_password_any_more(database: Database) -> None:
    with database.write() as session:
        make_reviewer(session, "Lena", role="lead")
        ada = make_reviewer(session, "Ada Lind", secret_hash="$argon2id$one")
        reviewers.deactivate(session, Actor(None), "Ada Lind")
        reviewers.activate(session, Actor(None), "Ada Lind")
        assert ada.secret_hash is None
