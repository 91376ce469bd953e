"""Logs as JSON lines on stderr: what happened, where in the code, under which request; no text, no name, no token."""

import json
import logging
import traceback
from datetime import UTC, datetime

FIELDS = ("request", "method", "route", "status", "ms", "error", "code")
MOST_FRAMES = 12


class JsonLines(logging.Formatter):
    """One JSON object a record; messages without their arguments, errors without their words.

    The words of an error quote what was typed or stored: a database says which value it refused.
    """

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg).partition("\n")[0][:200],
            **{name: getattr(record, name) for name in FIELDS if hasattr(record, name)},
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            said |= {"error": kind(error), "where": _where(error)}
        return json.dumps(said)


def kind(error: BaseException) -> str:
    """The class of an error, and of those it comes from."""
    causes: list[str] = []
    found = error.__cause__ or error.__context__
    while found is not None and len(causes) < 3:
        causes.append(type(found).__name__)
        found = found.__cause__ or found.__context__
    return " from ".join([type(error).__name__, *causes])


def _where(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]
    return [f"{'/'.join(frame.filename.split('/')[-3:])}:{frame.lineno} {frame.name}" for frame in frames]


def configure(*, requests: bool) -> None:
    """Send every log of this process to stderr; a line a request only where it is wanted."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("annotator.requests").setLevel(logging.INFO if requests else logging.WARNING)
