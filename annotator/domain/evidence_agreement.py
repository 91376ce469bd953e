"""How far reviewers agree on sources, on what these say of a claim, and on verdicts, over complete answers.

Sources are sets of addresses per sentence, compared with the Jaccard and the MASI distance; stances are compared on
the sources that two reviewers share; verdicts have an order. Who gave no source to a sentence did not look for one, so
that is missing and no empty set.
"""

from collections.abc import Iterable
from typing import NamedTuple

from annotator.domain import agreement
from annotator.domain.ratings import Ratings
from db.vocabulary import Stance, Verdict

# from refuted to supported; the two in between are nearer to either end than the ends are to each other
SCALE = (Verdict.REFUTED, Verdict.NOT_ENOUGH_EVIDENCE, Verdict.CONFLICTING, Verdict.SUPPORTED)


class Checked(NamedTuple):
    """One claim of one reviewer with one piece of evidence, None where it has none."""

    sentence: str
    reviewer: str
    start: int
    end: int
    seq: int  # of the claim in the reviewer's answer
    verdict: str | None
    source: str | None  # canonical address
    stance: str | None


def sources(rows: Iterable[Checked]) -> Ratings:
    """Who used which sources for a sentence, as sets of addresses."""
    used: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row.source is not None:
            used.setdefault((row.sentence, row.reviewer), set()).add(row.source)
    return agreement.ratings_of((*key, frozenset(found)) for key, found in used.items())


def stances(rows: Iterable[Checked]) -> Ratings:
    """What each shared source says of a sentence; several stances of one reviewer make a label of their own."""
    said: dict[tuple[str, str], set[str]] = {}
    for row in rows:
        if row.source is not None and row.stance is not None:
            said.setdefault((f"{row.sentence} {row.source}", row.reviewer), set()).add(row.stance)
    several = {"+".join(sorted(found)) for found in said.values() if len(found) > 1}
    declared = (*map(str, Stance), *sorted(several))
    return agreement.ratings_of(((*key, "+".join(sorted(found))) for key, found in said.items()), declared=declared)


def verdicts(rows: Iterable[Checked]) -> Ratings:
    """The verdicts on claims with the same words, the first of each reviewer's with the first of the others'."""
    claims: dict[tuple[str, str, int, int], dict[int, str]] = {}
    for row in rows:
        if row.verdict is not None:
            claims.setdefault((row.sentence, row.reviewer, row.start, row.end), {})[row.seq] = row.verdict
    given = (
        (f"{sentence} {start}-{end} {number}", reviewer, verdict)
        for (sentence, reviewer, start, end), by_seq in claims.items()
        for number, (_, verdict) in enumerate(sorted(by_seq.items()))
    )
    return agreement.ratings_of(given, declared=tuple(map(str, SCALE)))


def sentence_of(item: str) -> str:
    """The sentence that an item of `stances` or `verdicts` is about."""
    return item.partition(" ")[0]
