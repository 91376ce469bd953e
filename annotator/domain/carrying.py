"""Attributions and claims of retired sentences on the new ones: each follows its words (contract, model.md 2.2).

Works on the objects of an annotation's snapshot (db/queries/history.py): lists and dictionaries, numbered by `seq`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.domain.spans import Span

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A retired sentence and one reviewer's snapshot of it."""

    span: Span
    state: Mapping[str, Any]


@dataclass(slots=True)
class Carrying:
    """One reviewer's work on its way from `parts` to the sentences `targets`, both in the order of the text."""

    parts: Sequence[Part]
    targets: Sequence[Span]
    placed: dict[tuple[int, int], str] = field(default_factory=dict)

    def attributions(
        self, target: int, there: Sequence[Row], last: int, uid_of: Any
    ) -> tuple[list[Row], dict[tuple[int, int], int]]:
        """The attributions whose content touches a target, numbered after `last`, and the number each one got.

        One whose content lies in two targets is copied, and the copy continues the first; copies that meet again are
        one. What is `there` already, in a sentence that lives again, keeps its number. `uid_of(seq)`: its id there.
        """
        span = self.targets[target]
        known = {substance(row): row["seq"] for row in there}
        rows: dict[int, Row] = {}
        numbers: dict[tuple[int, int], int] = {}
        for index, part in enumerate(self.parts):
            for told in part.state["attributions"]:
                if any(span.overlaps(Span(*content)) for content in told["content"]):
                    fresh = max([last, *known.values(), *numbers.values()]) + 1
                    seq = known.setdefault(substance(told), fresh)
                    if any(seq == number for (other, _), number in numbers.items() if other == index):
                        seq = fresh  # the reviewer said it twice
                    numbers[index, told["seq"]] = seq
                    rows.setdefault(seq, {**told, "part": index})
        for seq, row in rows.items():
            index, old = row.pop("part"), row["seq"]
            row["seq"] = seq
            row["parent"] = numbers.get((index, row["parent"]))
            row["continues"] = self.placed.get((index, old), row["continues"])
        for place, seq in numbers.items():
            self.placed.setdefault(place, uid_of(seq))
        return list(rows.values()), numbers

    def claims(self, target: int, first_seq: int, numbers: Mapping[tuple[int, int], int]) -> list[Row]:
        """The claims most of whose words lie in a target, cut to it, numbered from `first_seq`."""
        rows: list[Row] = []
        for index, part in enumerate(self.parts):
            for told in part.state["claims"]:
                span = Span(told["start_cp"], told["end_cp"])
                if self._home(span) == target:
                    rows.append(
                        {
                            **told,
                            "seq": first_seq + len(rows),
                            "start_cp": max(span.start, self.targets[target].start),
                            "end_cp": min(span.end, self.targets[target].end),
                            "attribution": numbers.get((index, told["attribution"])),
                        }
                    )
        return rows

    def _home(self, span: Span) -> int:
        shared = [min(span.end, target.end) - max(span.start, target.start) for target in self.targets]
        return shared.index(max(shared))


def substance(row: Mapping[str, Any]) -> str:
    """What makes two attributions the same: all that they say, but neither number nor place in a chain."""
    return repr(sorted((name, value) for name, value in row.items() if name not in ("seq", "parent", "continues")))
