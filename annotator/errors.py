"""Errors that a person caused or can mend: one sentence for the reader and the HTTP status that fits."""

from annotator.language import ngettext


class Refused(Exception):
    """A sentence for the reader; `status` is the HTTP status, `more` is what scripts are told beside it."""

    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
        self.more: dict[str, object] = {}


class NotFound(Refused):
    """It does not exist, or this person may not see it: both answer alike."""

    status = 404


class Forbidden(Refused):
    status = 403


class SignedOut(Refused):
    status = 401


class Invalid(Refused):
    """What was typed or read does not fit; `field` names the place."""

    status = 422

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Conflict(Refused):
    """Something changed in between, so nothing was stored."""

    status = 409


class Stale(Conflict):
    """The revision a change rests on is missing or no longer the newest; `current` is the revision that is stored."""

    def __init__(self, message: str, *, current: int) -> None:
        super().__init__(message)
        self.current = current


class ReadOnly(Refused):
    """Finished or adjudicated: readable, not changeable."""

    status = 423


class TooMany(Refused):
    """Too many wrong attempts; `retry_after` is the seconds to wait."""

    status = 429

    def __init__(self, retry_after: int) -> None:
        minutes = -(-retry_after // 60)
        wait = ngettext(
            "Too many wrong attempts. Wait a minute, then try again.",
            "Too many wrong attempts. Wait {n} minutes, then try again.",
            minutes,
        )
        super().__init__(wait.format(n=minutes))
        self.retry_after = retry_after


class Unavailable(Refused):
    """Nothing was stored, trying again later can work."""

    status = 503
