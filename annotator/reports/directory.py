"""Lists of speakers and of sources: merged ones counted together, only those that a visitor may know of."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.queries.statements import Known


@dataclass(frozen=True, slots=True)
class Entry:
    """A speaker or source with the sentences that hang on it and the articles they are in."""

    known: Known
    sentences: int
    articles: int


def visible(known: Iterable[Known], counts: Mapping[int, tuple[int, int]], *, sees_all: bool) -> list[Known]:
    """Those with work that the visitor may see; for a lead all."""
    return [one for one in known if sees_all or one.id in counts]


def entries(known: Sequence[Known], counts: Mapping[int, tuple[int, int]], *, sees_all: bool) -> list[Entry]:
    """One entry for each that was not merged into another; the figures of merged ones are added to it."""
    found = []
    for one in known:
        members = family(known, one.id)
        figures = [counts[member] for member in members if member in counts]
        if one.merged_into_id is None and (sees_all or figures):
            found.append(Entry(one, sum(f[0] for f in figures), max((f[1] for f in figures), default=0)))
    return found


def family(known: Iterable[Known], one: int) -> list[int]:
    """The ids of one and of all that were merged into it, directly or through others."""
    into: dict[int, list[int]] = {}
    for other in known:
        if other.merged_into_id is not None:
            into.setdefault(other.merged_into_id, []).append(other.id)
    members = [one]
    for member in members:
        members += into.get(member, [])
    return members


def merged_here(known: Iterable[Known], members: Collection[int], one: int) -> list[Known]:
    """Those that were merged into one, whatever the way."""
    return [other for other in known if other.id in members and other.id != one]


def searched(entries: Sequence[Entry], query: str, *, most: int) -> tuple[tuple[Entry, ...], str, int]:
    """The entries whose name holds all words of a query, the query as it was read, and how many more there are."""
    words = query.casefold().split()
    found = [entry for entry in entries if all(word in entry.known.name.casefold() for word in words)]
    return tuple(found[:most]), query.strip(), max(0, len(found) - most)
