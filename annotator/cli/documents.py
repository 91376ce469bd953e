"""Documents of a JSONL file or stdin, one after the other, and JSON lines out, for commands that stream."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from annotator.errors import Invalid

STDIN = "-"


@dataclass
class Documents:
    """Documents of a file in order; the first line that is none ends it."""

    file: BinaryIO
    ids: list[Any] = field(default_factory=list)
    problem: str | None = None

    def texts(self) -> Iterator[str]:
        from annotator.intake import jsonl  # as in opened()
        from annotator.intake.clean import decode, refuse_unstorable

        for number, line in enumerate(self.file, start=1):
            if not line.strip():
                continue
            try:
                record = jsonl.parse(decode(line))
                if type(record.get("doc_id")) not in (str, int):
                    raise Invalid("must be text or a whole number", field="doc_id")
                if not isinstance(record.get("text"), str):
                    raise Invalid("must be text", field="text")
                for name in ("doc_id", "text"):
                    refuse_unstorable(str(record[name]), field=name)
            except Invalid as error:
                place = f"line {number}" + (f", field {error.field}" if error.field else "")
                self.problem = f"{place}: {error.message}"
                return
            self.ids.append(record["doc_id"])
            yield record["text"]


def write(row: dict[str, Any]) -> None:
    """Write one JSON line to stdout."""
    # bytes: JSON lines are UTF-8 whatever the terminal's language
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    sys.stdout.buffer.write(line.encode() + b"\n")
