"""What every other format is made from: the contract's own lines, an article with its sentences at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from annotator.export import contract
from db.queries.selection import EVERYTHING, Selection

Line = Mapping[str, Any]
GOLD = "gold"


@dataclass(frozen=True, slots=True)
class Work:
    """One article line with its sentence lines; speakers and sources by their id."""

    article: Line
    sentences: Sequence[Line]
    speakers: Mapping[str, Line] = field(init=False)
    sources: Mapping[str, Line] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("speakers", "sources"):
            object.__setattr__(self, name, {entry["id"]: entry for entry in self.article[name]})

    @property
    def text(self) -> str:
        return str(self.article["text"])

    def words(self, spans: Sequence[Sequence[int]]) -> str:
        """What stands in spans of the article, parts of it joined by an ellipsis."""
        return " … ".join(self.text[start:end] for start, end in spans)

    def speaker(self, attribution: Line) -> Line | None:
        return self.speakers.get(attribution["speaker_id"])

    def source(self, found: Line) -> Line | None:
        """The source of an attribution or of a piece of evidence."""
        return self.sources.get(found["source_id"])

    def layers(self) -> list[str]:
        """Whose judgements the article holds: gold first, then reviewers by their id."""
        found = {who for sentence in self.sentences for who, _ in judgements(sentence)}
        return sorted(found, key=lambda who: (who != GOLD, who))


def judgements(sentence: Line) -> Iterator[tuple[str, Line]]:
    """(whose, judgement): gold where there is one, then each reviewer's annotation under the reviewer's id."""
    if sentence["gold"] is not None:
        yield GOLD, sentence["gold"]
    for annotation in sentence["annotations"]:
        yield annotation["reviewer_id"], annotation


def spans_of(attribution: Line) -> Iterator[tuple[str, list[list[int]]]]:
    """(speaker, cue or content, its spans) of what an attribution marks in the text."""
    speaker = attribution["speaker_span"]
    yield "speaker", [speaker] if speaker else []
    yield "cue", attribution["cue_spans"]
    yield "content", attribution["content_spans"]


def read(session: Session, selection: Selection = EVERYTHING) -> Iterator[Work]:
    """Every article of an export, in its order, on the session's snapshot."""
    for article, sentences in contract.works(session, selection):
        yield Work(article, sentences)
