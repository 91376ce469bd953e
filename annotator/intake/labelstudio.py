"""Label Studio JSON, also what we export: an article a task, its annotations by their annotators."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from annotator.errors import Invalid
from annotator.intake import labelled
from annotator.intake.clean import BOM, decode
from annotator.intake.incoming import GivenLabels, Incoming, Rejected
from annotator.intake.labelled import NO_PLACE, Places, Reading
from db.vocabulary import NoneReason, Voice

PARTS = ("speaker", "cue", "content", "checkable claim")  # what our own export calls parts of an attribution, claims
OURS = ("article_id", "offsets", "text_sha256", "external_id")
GOLD = "gold"
SKIPPED = "annotations that were skipped or cancelled"
PREDICTIONS = "predictions of a model"
DRAFTS = "drafts that nobody submitted"
GOLD_LOST = "gold answers of our own export: gold is decided here"
PARTS_LOST = "speakers, cues, contents and checkable claims of our own export"
TRUTH = "marks of annotations as ground truth"


def read(data: bytes, reading: Reading, _file: str | None = None) -> Iterator[Incoming | Rejected]:
    """The articles of a file in order, or why there is none; `reading` says what the labels are called here."""
    try:
        tasks = parse(decode(data).removeprefix(BOM))
    except Invalid as error:
        yield Rejected(None, None, error.message)
        return
    found = [_task(number, task, reading) for number, task in enumerate(tasks, start=1)]
    refusal = reading.refusal()
    yield from [Rejected(None, "labels", refusal)] if refusal else found


def parse(text: str) -> list[Any]:
    """The tasks of an export. Raises Invalid for what is none."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(f"not JSON: {error.msg} at character {error.pos}") from error
    except (ValueError, RecursionError) as error:
        raise Invalid("not tasks of Label Studio: a number in it is too long, or it is nested too deeply") from error
    if not isinstance(value, list) or not value:
        raise Invalid("not tasks of Label Studio: they are a list of objects with data and annotations")
    return value


def _task(number: int, task: Any, reading: Reading) -> Incoming | Rejected:
    raw = json.dumps(task, ensure_ascii=False)
    try:
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            raise Invalid("has no data: export as JSON, not as JSON-MIN")
        data = task["data"]
        text = _text(data)
        ours = [*OURS, *(name for name, value in data.items() if value is text)]
        about = labelled.article(data, text, data.get("external_id"), ours, None)
        return replace(about, **_Work(about.text, Places(text), reading).of(task))
    except Invalid as error:
        return Rejected(None, error.field, f"task {number}: {error.message}", raw)


def _text(data: Mapping[str, Any]) -> str:
    """The field `text`, else the only one that is text. Raises Invalid."""
    if isinstance(data.get("text"), str):
        return str(data["text"])
    texts = [name for name, value in data.items() if isinstance(value, str) and name not in labelled.ABOUT]
    if len(texts) != 1:
        raise Invalid("is missing: a task needs it in its data", field="text")
    return str(data[texts[0]])


@dataclass(slots=True)
class _Work:
    """The annotations of one task, read against its text."""

    text: str
    places: Places
    reading: Reading

    def of(self, task: Mapping[str, Any]) -> dict[str, Any]:
        """The fields `labels` and `lost` of the article."""
        lost: Counter[str] = Counter()
        labels: list[GivenLabels] = []
        annotations = _dicts(task.get("annotations"))
        utf16 = self._counts_in_utf16(annotations)
        for annotation in annotations:
            by = _person(annotation.get("completed_by"))
            results = _dicts(annotation.get("result"))
            if annotation.get("was_cancelled"):
                lost[SKIPPED] += 1
            elif by == GOLD:
                lost[GOLD_LOST] += len(results)
            else:
                lost[TRUTH] += bool(annotation.get("ground_truth"))
                labels += (one for result in results for one in self._result(by, result, utf16, lost))
        lost[PREDICTIONS] += len(_dicts(task.get("predictions")))
        lost[DRAFTS] += len(_dicts(task.get("drafts")))
        return {"labels": tuple(labels), "lost": {words: number for words, number in lost.items() if number}}

    def _counts_in_utf16(self, annotations: Sequence[Mapping[str, Any]]) -> bool:
        """Which unit more regions stand on their words in; code points when both fit alike."""
        if not self.places.differ:
            return False
        values = [_value(r) for annotation in annotations for r in _dicts(annotation.get("result"))]
        quoting = [value for value in values if isinstance(value.get("text"), str)]
        units, points = (
            sum(labelled.fits(self.text, self._span(value, utf16), value["text"]) for value in quoting)
            for utf16 in (True, False)
        )
        return units > points

    def _span(self, value: Mapping[str, Any], utf16: bool) -> tuple[int, int] | None:
        return self.places.span(value, utf16=utf16, names=("start", "end"))

    def _result(self, by: str, result: Mapping[str, Any], utf16: bool, lost: Counter[str]) -> Iterator[GivenLabels]:
        kind, value = str(result.get("type")), _value(result)
        names = value.get(kind) if kind in ("labels", "choices") else None
        if not isinstance(names, list):
            lost[f"results of the type “{kind[:40]}”"] += 1
            return
        if kind == "labels" and names and all(name in PARTS for name in names):
            lost[PARTS_LOST] += 1
            return
        words = self._words(names, lost)
        if not words:
            return
        whole = kind == "choices" and "start" not in value
        spans = [(0, len(self.text))] if whole else [self._span(value, unit) for unit in (utf16, not utf16)]
        place = next((span for span in spans if span and labelled.fits(self.text, span, value.get("text"))), None)
        if place is None or (whole and not self.text):
            lost[NO_PLACE] += 1
            return
        yield GivenLabels(by, *place, words, **_ours(result.get("meta")))

    def _words(self, names: Sequence[Any], lost: Counter[str]) -> frozenset[str]:
        before = self.reading.others.copy()
        words = self.reading.words(names)
        for name, number in (self.reading.others - before).items():
            lost[labelled.other_label(name)] += number
        return words


def _ours(meta: Any) -> dict[str, Any]:
    """What our own export says beside a label; of another's meta nothing fits."""
    if not isinstance(meta, dict) or "sentence_id" not in meta:
        return {}
    voices = meta["voices"] if isinstance(meta.get("voices"), dict) else {}
    return {
        "voices": {name: voice for name, voice in voices.items() if voice in list(Voice)},
        "none_reason": meta.get("none_reason") if meta.get("none_reason") in list(NoneReason) else None,
        "loaded_language": meta.get("loaded_language") is True,
        "note": meta["note"] if isinstance(meta.get("note"), str) else None,
    }


def _person(who: Any) -> str:
    """The name of an annotator, else their address, else their number."""
    if not isinstance(who, dict):
        return f"Label Studio user {who}" if type(who) is int else "Label Studio user"
    names = [who.get("first_name"), who.get("last_name")]
    name = " ".join(part.strip() for part in names if isinstance(part, str) and part.strip())
    others = (who.get("username"), who.get("email"))
    return name or next((o for o in others if isinstance(o, str) and o), f"Label Studio user {who.get('id')}")


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _value(result: Mapping[str, Any]) -> dict[str, Any]:
    value = result.get("value")
    return value if isinstance(value, dict) else {}
