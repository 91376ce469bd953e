"""The one clock of the services: UTC, RFC 3339 with milliseconds, as the contract wants it."""

from datetime import UTC, date, datetime, timedelta


def now() -> str:
    return stamp(datetime.now(UTC))


def today() -> date:
    return datetime.now(UTC).date()


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def later(at: str, **duration: float) -> str:
    """A time so many `days`, `hours`, `minutes` … after another; negative ones go back."""
    return stamp(datetime.fromisoformat(at) + timedelta(**duration))
