"""The rows of a batch of articles, grouped by what they hang on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, product
from operator import attrgetter
from typing import Any, TypeAlias

from sqlmodel import Session

from db.models import Source, Speaker
from db.queries import export
from db.queries.articles import MOST_PARAMETERS
from db.queries.selection import EVERYTHING, Selection
from db.vocabulary import AnnotationRole, ReviewerKind, Status

Row: TypeAlias = Any  # a row of a query in db/queries/export.py, columns by name
Query: TypeAlias = Callable[[Session, Sequence[int]], Sequence[Row]]
LABEL_SETS = {
    flags: frozenset(compress(("claim", "quote", "opinion"), flags)) for flags in product((False, True), repeat=3)
}
Groups: TypeAlias = Mapping[Any, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Head:
    """What every line of an export says, and what every batch needs to know."""

    project: str
    guideline_version: str
    guideline_sha256: str
    reviewers: Mapping[str, Row]
    merged_speakers: Mapping[int, int]
    merged_sources: Mapping[int, int]
    selection: Selection = EVERYTHING


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of some articles; keys are those of the database, speakers and sources are found by what they became."""

    head: Head
    articles: Sequence[Row]  # in the order of the export
    blocks_of: Groups
    segmentation_of: Mapping[int, Row]
    sentences_of: Groups
    derived_from: Groups  # public ids
    annotations_of: Groups  # by reviewer
    gold_of: Mapping[int, Row]
    votes_of: Mapping[int, Mapping[str, frozenset[str]]]  # what counts for the agreement
    attributions_of: Groups
    attribution_ids: Mapping[int, str]
    spans_of: Groups
    claims_of: Groups
    evidence_of: Groups
    assigned_of: Groups  # public ids
    speakers: Mapping[int, Row]
    aliases_of: Mapping[int, Sequence[str]]
    sources: Mapping[int, Row]

    def speaker(self, key: int | None) -> Row | None:
        """The speaker, or the one it was merged into."""
        return None if key is None else self.speakers[self.head.merged_speakers.get(key, key)]

    def source(self, key: int | None) -> Row | None:
        """The source, or the one it was merged into."""
        return None if key is None else self.sources[self.head.merged_sources.get(key, key)]


def head(session: Session, selection: Selection = EVERYTHING) -> Head:
    """Read what is the same for the whole export."""
    return Head(
        *export.project(session),
        reviewers={row.uid: row for row in export.reviewers(session)},
        merged_speakers=export.merged(session, Speaker),
        merged_sources=export.merged(session, Source),
        selection=selection,
    )


def load(session: Session, keys: Sequence[int], head: Head) -> Batch:
    """Read the articles with these database keys, in this order, and all that is exported with them."""
    place = {key: number for number, key in enumerate(keys)}
    kept = head.selection
    judged = _judged(export.annotations(session, keys, kept))
    attributions, evidence = export.attributions(session, keys, kept), export.evidence(session, keys, kept)
    speakers = _ends((row.speaker_id for row in attributions), head.merged_speakers)
    sources = _ends((row.source_id for rows in (attributions, evidence) for row in rows), head.merged_sources)
    alike = sorted(speakers | {key for key, end in head.merged_speakers.items() if end in speakers})
    known = {row.id: row for row in _in_parts(export.speakers, session, alike)}
    return Batch(
        head,
        sorted(export.articles(session, keys), key=lambda row: place[row.id]),
        blocks_of=_by(export.blocks(session, keys), "article_id"),
        segmentation_of={row.article_id: row for row in export.segmentations(session, keys)},
        sentences_of=_by(export.sentences(session, keys), "article_id"),
        derived_from=_pairs(export.lineage(session, keys)),
        annotations_of=judged[0],
        gold_of=judged[1],
        votes_of=judged[2],
        attributions_of=_by(attributions, "annotation_id"),
        attribution_ids={row.id: row.uid for row in attributions},
        spans_of=_spans(export.spans(session, keys, kept)),
        claims_of=_by(export.claims(session, keys, kept), "annotation_id"),
        evidence_of=_by(evidence, "claim_id"),
        assigned_of=_pairs(export.assigned(session, keys)),
        speakers=known,
        aliases_of=_aliases(known, _in_parts(export.aliases, session, alike), head.merged_speakers),
        sources={row.id: row for row in _in_parts(export.sources, session, sorted(sources))},
    )


def label_set(row: Row) -> frozenset[str]:
    """The labels of an annotation; one object for each of the eight sets."""
    return LABEL_SETS[row.is_claim, row.is_quote, row.is_opinion]


Judged: TypeAlias = tuple[dict[int, list[Row]], dict[int, Row], dict[int, dict[str, frozenset[str]]]]


def _judged(rows: Iterable[Row]) -> Judged:
    """Per sentence: reviewers' annotations in the order of their ids, gold, and what complete humans said."""
    by_reviewer: dict[int, list[Row]] = {}
    gold: dict[int, Row] = {}
    votes: dict[int, dict[str, frozenset[str]]] = {}
    for row in rows:
        sentence = row.sentence_id
        if row.role == AnnotationRole.GOLD:
            gold[sentence] = row
            continue
        by_reviewer.setdefault(sentence, []).append(row)
        if row.status == Status.COMPLETE and row.kind == ReviewerKind.HUMAN:
            votes.setdefault(sentence, {})[row.reviewer] = LABEL_SETS[row.is_claim, row.is_quote, row.is_opinion]
    for found in by_reviewer.values():
        found.sort(key=_reviewer)
    return by_reviewer, gold, votes


_reviewer = attrgetter("reviewer")


def _ends(keys: Iterable[int | None], merged: Mapping[int, int]) -> set[int]:
    return {merged.get(key, key) for key in keys if key is not None}


def _in_parts(query: Query, session: Session, keys: Sequence[int]) -> list[Row]:
    """All rows of a query over so many keys that one statement cannot name them."""
    parts = (keys[start : start + MOST_PARAMETERS] for start in range(0, len(keys), MOST_PARAMETERS))
    return [row for part in parts for row in query(session, part)]


def _by(rows: Iterable[Row], column: str) -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = {}
    key = attrgetter(column)
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _pairs(rows: Iterable[Row]) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = {}
    for key, value in rows:
        groups.setdefault(key, []).append(value)
    return groups


def _spans(rows: Iterable[Row]) -> dict[Any, list[list[int]]]:
    groups: dict[Any, list[list[int]]] = {}
    for key, part, start, end in rows:
        groups.setdefault((key, part), []).append([start, end])
    return groups


def _aliases(known: Mapping[int, Row], aliases: Iterable[Row], merged: Mapping[int, int]) -> dict[int, list[str]]:
    """What else each speaker is called: its aliases, and names and aliases of those merged into it, each once."""
    names = [(row.id, row.name, row.name_key) for row in known.values() if row.id in merged]
    found: dict[int, dict[str, tuple[bool, str]]] = {}
    for key, alias, alias_key in [*map(tuple, aliases), *names]:
        end = merged.get(key, key)
        if alias_key != known[end].name_key:
            spelling = (end != key, alias)  # its own spelling counts before that of one merged into it
            spellings = found.setdefault(end, {})
            spellings[alias_key] = min(spelling, spellings.get(alias_key, spelling))
    return {key: sorted(alias for _, alias in spellings.values()) for key, spellings in found.items()}
