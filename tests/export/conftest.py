"""Corpora that formats are tried on, and the way to write one format of them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from annotator.export import contract, formats
from db import canonical
from db.engine import Database
from tests import factories
from tests.export import bridge

Written = Callable[[str], Path]
# emoji with joiners, combining accents, Hebrew with a direction control, U+2028, markup, a formula: all fiction
HARD = (
    "=SUM(A1) 👨🏻‍🚒 cafe\u0301\n\n"
    "“שלום \u202eabc\u202c,” said Ada\u2028Lind. <script>alert(1)</script> & 'co' </style> is one. "
    "-5 crowns is the toll."
)
TRICK = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def example(database: Database) -> Database:
    """The contract's example."""
    with database.write() as session:
        bridge.build(session)
    return database


@pytest.fixture
def hard(database: Database) -> Database:
    """An article that is hard to carry, with gold, beside the contract's example."""
    with database.write() as session:
        bridge.build(session)
        _hard_article(session)
    return database


def _hard_article(session: Session) -> None:
    url = "https://news.example/hard"
    article = factories.make_article(session, HARD, title=f"@{TRICK}", url=url, publisher=f"P {TRICK}", language="he")
    lead = factories.make_lead(session, "Zacharias Secretname")
    heading, quote, *_, last = factories.sentences_of(session, article)
    gold = factories.make_gold(session, quote, ["claim", "quote"], lead=lead)
    speaker = factories.make_speaker(session, f"Ada \u202eLind {TRICK}")
    start = HARD.index("Ada")
    outer = factories.make_attribution(
        session, gold, cue=[(start - 5, start - 1)], content=[(quote.start_cp + 1, start - 7)], speaker_id=speaker.id,
        speaker_start=start, speaker_end=start + 8, role=f"mayor {TRICK}",
    )  # fmt: skip
    factories.make_attribution(session, gold, speaker_id=speaker.id, parent_id=outer.id)
    claim = factories.make_claim(
        session, gold, text_normalized=f"Normalised {TRICK}\u2028", verdict="conflicting", verdict_note=TRICK,
        voice="attributed", attribution_id=outer.id,
    )  # fmt: skip
    source = factories.make_source(session, f"Minutes {TRICK}", url="javascript:alert(1)", publisher=TRICK)
    factories.make_evidence(session, claim, source, excerpt=TRICK, stance="supports", locator="=1+1")
    factories.make_claim(session, gold, text_normalized="No verdict on this one")
    factories.annotate(session, last, lead, ["claim"], note="+cmd")
    factories.annotate(session, heading, lead, [])  # begun, no answer


@pytest.fixture
def written(hard: Database, tmp_path: Path) -> Written:
    """Write a format of the hard corpus and give its folder."""

    def write(name: str) -> Path:
        with hard.read() as session:
            formats.write(session, tmp_path, formats.named(name))
        return tmp_path / name

    return write


def ledger(folder: Path) -> Any:
    return json.loads((folder / "losses.json").read_bytes())


def counts(database: Database) -> dict[str, int]:
    """What the contract's manifest counts."""
    with database.read() as session:
        found: dict[str, int] = contract.summary(session)["counts"]
    return found


def lost(folder: Path) -> dict[str, int]:
    return {name: entry["count"] for name, entry in ledger(folder)["losses"].items()}


def bytes_of(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def articles(database: Database) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The corpus as the contract's files hold it."""
    with database.read() as session:
        return [(canonical.decode(canonical.encode(a)), s) for a, s in contract.works(session)]
