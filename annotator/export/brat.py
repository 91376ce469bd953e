"""brat standoff: a text and its annotations an article, in a folder for gold and one for each reviewer.

Offsets are code points. A span over a line end is written in parts, as brat has it. An attribution is an event whose
trigger is its cue; one without a cue is triggered by its content.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from annotator.domain.display import visible
from annotator.export.target import Target
from annotator.export.works import GOLD, Line, Work, judgements

LOSSES = {
    "annotations_without_label": "annotations that are begun and hold no answer",
    "attribution_details": "attributions: naming, record, affiliation, confidence; a note has speaker and role",
    "evidence": "evidence of claims",
    "nested_attributions": "attributions inside another one or that continue one: the events do not say so",
    "agreement": "agreement of sentences",
    "times": "when annotations and gold were made, and their revision",
}
CONFIG = """[entities]
Sentence
Source
Content
Checkable

[relations]

[events]
Attribution Source*:Source, Content*:Content

[attributes]
Claim Arg:Sentence
Quote Arg:Sentence
Opinion Arg:Sentence
Unsure Arg:Sentence
Loaded Arg:Sentence
ClaimVoice Arg:Sentence, Value:author|attributed|both
OpinionVoice Arg:Sentence, Value:author|attributed|both
None Arg:Sentence, Value:heading|disclaimer|boilerplate|question|fragment|other
Type Arg:Attribution, Value:direct|indirect|mixed
Mode Arg:Attribution, Value:statement|question|directive|belief|intention
Negated Arg:Attribution
Voice Arg:Checkable, Value:author|attributed
Verdict Arg:Checkable, Value:supported|refuted|not_enough_evidence|conflicting
"""


@dataclass(slots=True)
class _Lines:
    """The lines of one .ann file; ids count from 1 within their kind."""

    text: str
    lines: list[str] = field(default_factory=list)
    last: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, rest: str) -> str:
        self.last[kind] += 1
        uid = f"{kind}{self.last[kind]}"
        self.lines.append(f"{uid}\t{rest}\n")
        return uid

    def span(self, type_: str, spans: Sequence[Sequence[int]]) -> str:
        """A text-bound annotation over one or several spans, none of which crosses a line end."""
        parts = [part for start, end in sorted(map(tuple, spans)) for part in _pieces(self.text, start, end)]
        places = ";".join(f"{start} {end}" for start, end in parts)
        return self.add("T", f"{type_} {places}\t{' '.join(self.text[start:end] for start, end in parts)}")

    def attribute(self, name: str, of: str, value: str | bool | None) -> None:
        if value:
            self.add("A", f"{name} {of}" if value is True else f"{name} {of} {value}")

    def note(self, of: str, words: str | None) -> None:
        if words:
            self.add("#", f"AnnotatorNotes {of}\t{visible(' '.join(words.split()))}")


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in re.finditer(r"[^\n]+", text[start:end]):
        yield start + match.start(), start + match.end()


def write(target: Target, works: Iterable[Work]) -> None:
    """Write annotation.conf, and under gold/ and under each reviewer's id a .txt and an .ann an article."""
    with target.file("annotation.conf") as put:
        put(CONFIG.encode())
    for work in works:
        for who in work.layers():
            name = f"{who}/{work.article['id']}"
            with target.file(f"{name}.txt") as put:
                put(work.text.encode())
            with target.file(f"{name}.ann") as put:
                put("".join(_layer(target, work, who)).encode())
        for sentence in work.sentences:
            target.lose("agreement", sentence["agreement"]["reviewers"] > 0)


def _layer(target: Target, work: Work, who: str) -> list[str]:
    lines = _Lines(work.text)
    for sentence in work.sentences:
        for by, judged in judgements(sentence):
            if by == who:
                target.wrote("gold" if who == GOLD else "annotations")
                _count(target, judged)
                _sentence(lines, sentence, judged)
                for attribution in judged["attributions"]:
                    _attribution(lines, work, attribution)
                for claim in judged["claims"]:
                    _claim(lines, claim)
    return lines.lines


def _is_answered(judged: Line) -> bool:
    return bool(judged["labels"] or judged["none_reason"] or judged.get("status") == "unsure")


def _count(target: Target, judged: Line) -> None:
    attributions = judged["attributions"]
    target.wrote("attributions", len(attributions))
    target.wrote("claims", len(judged["claims"]))
    target.lose("annotations_without_label", not _is_answered(judged))
    target.lose("attribution_details", len(attributions))
    target.lose("evidence", sum(len(claim["evidence"]) for claim in judged["claims"]))
    target.lose("nested_attributions", sum(bool(a["parent_id"] or a["continues_id"]) for a in attributions))
    target.lose("times")


def _sentence(lines: _Lines, sentence: Line, judged: Line) -> None:
    if not _is_answered(judged):
        return
    uid = lines.span("Sentence", [[sentence["start"], sentence["end"]]])
    for label in judged["labels"]:
        lines.attribute(label.capitalize(), uid, True)
    lines.attribute("Unsure", uid, judged.get("status") == "unsure")
    lines.attribute("Loaded", uid, judged["loaded_language"])
    lines.attribute("ClaimVoice", uid, judged["voices"]["claim"])
    lines.attribute("OpinionVoice", uid, judged["voices"]["opinion"])
    lines.attribute("None", uid, judged["none_reason"])
    lines.note(uid, judged["note"])


def _attribution(lines: _Lines, work: Work, attribution: Line) -> None:
    cue, content = attribution["cue_spans"], attribution["content_spans"]
    trigger = lines.span("Attribution", cue or content)
    roles = [f"Source:{lines.span('Source', [attribution['speaker_span']])}"] if attribution["speaker_span"] else []
    roles.append(f"Content:{lines.span('Content', content)}")
    uid = lines.add("E", " ".join([f"Attribution:{trigger}", *roles]))
    lines.attribute("Type", uid, attribution["type"])
    lines.attribute("Mode", uid, attribution["mode"])
    lines.attribute("Negated", uid, attribution["negated"])
    speaker = work.speaker(attribution)
    words = (f"speaker: {speaker['name']}" if speaker else None, attribution["role"], attribution["note"])
    lines.note(uid, "; ".join(filter(None, words)))


def _claim(lines: _Lines, claim: Line) -> None:
    uid = lines.span("Checkable", [claim["span"]])
    lines.attribute("Voice", uid, claim["voice"])
    lines.attribute("Verdict", uid, claim["verdict"])
    lines.note(uid, claim["text_normalized"])
