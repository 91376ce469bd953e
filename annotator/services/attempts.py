"""Sign-in attempts: counted per account and per address in the database, so that a restart forgets none."""

import ipaddress
import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from annotator.domain import ids
from annotator.errors import TooMany
from annotator.services import clock
from db.models import SignInAttempt
from db.queries import attempts

WINDOW_MINUTES = 15
KEPT_HOURS = 24
MOST_OF_ACCOUNT, MOST_OF_ADDRESS = 10, 50
IPV6_NETWORK = 64  # one household has so many addresses of its own


def of_account(name: str) -> dict[str, int]:
    """How often the password of a name may be wrong, whether somebody has it or not."""
    return {f"account:{ids.reviewer_id(name)}": MOST_OF_ACCOUNT}


def of_address(host: str | None) -> dict[str, int]:
    """How often links and passwords from one address may be wrong."""
    try:
        found = ipaddress.ip_address(host or "")
    except ValueError:
        return {"address:unknown": MOST_OF_ADDRESS}
    if found.version == 6 and found.ipv4_mapped is None:
        found = ipaddress.ip_network((found, IPV6_NETWORK), strict=False).network_address
    return {f"address:{found}": MOST_OF_ADDRESS}


def begin(session: Session, limits: Mapping[str, int], *, now: str) -> list[int]:
    """Count an attempt as failed until `succeed` says otherwise, so that many at once count too. Returns its keys.

    Raises TooMany where one of the subjects has no attempt left; such a try is not counted.
    """
    attempts.lock(session)
    attempts.prune(session, before=clock.later(now, hours=-KEPT_HOURS))
    since = clock.later(now, minutes=-WINDOW_MINUTES)
    for subject, most in limits.items():
        failed = attempts.failed(session, subject, since=since, most=most)
        if len(failed) == most:
            raise TooMany(_wait(failed, now))
    rows = [SignInAttempt(subject=subject, at=now, succeeded=False) for subject in limits]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows if row.id is not None]


def _wait(failed: Sequence[str], now: str) -> int:
    """Seconds until the oldest of the failed attempts counts no more; a clock that jumped makes nobody wait longer."""
    over = datetime.fromisoformat(clock.later(failed[-1], minutes=WINDOW_MINUTES))
    left = math.ceil((over - datetime.fromisoformat(now)).total_seconds())
    return min(max(1, left), WINDOW_MINUTES * 60)


def succeed(session: Session, keys: Sequence[int]) -> None:
    """The attempt was right: it counts against nobody."""
    attempts.mark_succeeded(session, keys)
