"""manifest.json: what an export holds, counted, and the hashes by which it can be checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.export.agreement import Pooled

LISTS = ("reviewers", "sources", "speakers")


@dataclass(slots=True)
class Tally:
    """Counts of what went through, line by line; people, speakers and sources are counted once."""

    articles: int = 0
    sentences: int = 0
    annotations: int = 0
    gold: int = 0
    attributions: int = 0
    claims: int = 0
    evidence: int = 0
    pooled: Pooled | None = None
    seen: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in LISTS})

    def article(self, line: Mapping[str, Any]) -> None:
        self.articles += 1
        if self.pooled is not None:
            self.pooled.article(line)
        for name, ids in self.seen.items():
            ids.update(entry["id"] for entry in line[name])

    def sentence(self, line: Mapping[str, Any]) -> None:
        """Attributions, claims and evidence of gold are counted too."""
        self.sentences += 1
        if self.pooled is not None:
            self.pooled.sentence(line)
        self.annotations += len(line["annotations"])
        for judged in line["annotations"]:
            self._judged(judged)
        if line["gold"] is not None:
            self.gold += 1
            self._judged(line["gold"])

    def _judged(self, judged: Mapping[str, Any]) -> None:
        self.attributions += len(judged["attributions"])
        if judged["claims"]:
            self.claims += len(judged["claims"])
            self.evidence += sum(len(claim["evidence"]) for claim in judged["claims"])

    def counts(self) -> dict[str, int]:
        single = ("articles", "sentences", "annotations", "gold", "attributions", "claims", "evidence")
        return {name: getattr(self, name) for name in single} | {name: len(ids) for name, ids in self.seen.items()}


def manifest(
    *,
    project: str,
    guideline: Mapping[str, str],
    counts: Mapping[str, int],
    files: Mapping[str, str],
    filters: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The manifest of an export: `files` are SHA-256 by name, `filters` what it is limited to, if to anything.

    No clock, no host, no path.
    """
    return {
        **({"filters": dict(filters)} if filters else {}),
        "counts": dict(counts),
        "files": {name: {"sha256": sha256} for name, sha256 in files.items()},
        "guideline": dict(guideline),
        "project": project,
        "schema_version": "1.0.0",
        "type": "manifest",
    }
