"""Every setting: its name in the environment, default and help. The only user of os.environ."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

PREFIX = "ANNOTATOR_"
EVERY_ADDRESS = ("0.0.0.0", "::")  # to listen on; no browser goes there


def setting(default: Any, text: str) -> Any:
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class Settings:
    database: str = setting("annotator.db", "file or URL of the database; postgresql+psycopg://… for PostgreSQL")
    host: str = setting("127.0.0.1", "address that serve listens on")
    port: int = setting(8000, "port that serve listens on")
    allowed_hosts: str = setting("127.0.0.1,localhost", "host names that requests may carry, separated by commas")
    secure_cookies: bool = setting(False, "set to 1 behind https: cookies become Secure with the __Host- prefix")
    trusted_proxies: str = setting(
        "", "addresses of proxies whose X-Forwarded-For and -Proto count, separated by commas"
    )
    log_requests: bool = setting(False, "set to 1 for a line of JSON a request on stderr")
    session_idle_hours: int = setting(24, "hours without a request after which a session ends")
    session_days: int = setting(14, "days after which a session ends in any case")
    link_days: int = setting(7, "days for which an unused sign-in link works")
    backups: str = setting("backups", "folder for automatic backups, beside the SQLite file")
    backup_days: int = setting(7, "daily backups kept: the newest of each of so many days; 0 makes none")
    backup_weeks: int = setting(4, "weekly backups kept: the newest of each of so many weeks")

    @property
    def site(self) -> str:
        """The address of the pages for people: the first allowed host behind https, and where all addresses listen."""
        named = next((name.strip() for name in self.allowed_hosts.split(",") if name.strip()), self.host)
        if self.secure_cookies:
            return f"https://{named}"
        host = named if self.host in EVERY_ADDRESS else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def choose_database(name: str) -> None:
    """Name the database for the rest of this process, as its variable would have done."""
    os.environ[PREFIX + "DATABASE"] = name


def hand_on(settings: Settings) -> None:
    """Put settings where processes that this one starts will read them."""
    for f in fields(Settings):
        value = getattr(settings, f.name)
        os.environ[PREFIX + f.name.upper()] = str(int(value)) if isinstance(value, bool) else str(value)


def from_environment(given: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; what is `given` by name wins.

    Raises ValueError with the variable's name when its text does not fit the type.
    """
    source = os.environ if environment is None else environment
    given = given or {}
    values: dict[str, Any] = {}
    for f in fields(Settings):
        name = PREFIX + f.name.upper()
        if f.name in given:
            values[f.name] = given[f.name]
        elif name in source:
            values[f.name] = _typed(name, source[name], type(f.default))
    return Settings(**values)


def _typed(name: str, raw: str, kind: type) -> Any:
    if kind is bool:
        if raw not in ("0", "1"):
            raise ValueError(f"{name} must be 0 or 1, not {raw!r}")
        return raw == "1"
    if kind is int and not raw.isdecimal():
        raise ValueError(f"{name} must be a whole number, not {raw!r}")
    return kind(raw)
