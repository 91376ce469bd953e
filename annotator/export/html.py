"""The published article: one self-contained page an article, with the labels of gold and no reviewer's name.

Labels are gold's only, never a majority's: what nobody has decided is shown without a mark. How far reviewers agreed
is said in numbers. Underlined from the start is only what has a note: who speaks, what proves it, a verdict.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from annotator.domain.display import visible, web_address
from annotator.domain.words import counted
from annotator.export import claimreview
from annotator.export.target import Target
from annotator.export.works import Line, Work
from db import canonical

TEMPLATES = Path(__file__).parent / "templates"
LOSSES = {
    "annotations": "reviewers' annotations: a page shows gold, and of reviewers how many chose each label",
    "sentences_without_gold": "sentences that are not decided: the page shows their text without a mark",
    "gold_notes": "reasons for decisions, which were written for colleagues",
    "claims_without_note": "gold claims with neither evidence nor a verdict: only the label of their sentence is shown",
    "spans": "speaker, cue, content and claim spans: a page marks whole sentences",
    "nested_attributions": "attributions inside another one or that continue one: the page shows them side by side",
    "heading_levels": "headings below the first level: a page has a title and one level below it",
}
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
TAGS = {"heading": "h2", "list_item": "li", "quote": "blockquote", "caption": "figcaption"}
CLASSES = {"claim": "c", "quote": "q", "opinion": "o"}
CONTENT_OF = {
    "numerical": "A number", "causal": "A cause", "event_property": "Event or property", "law_or_rule": "Law or rule",
    "position_statement": "A position", "quote_verification": "Whether it was said", "prediction": "A prediction",
    "personal_experience": "Personal experience",
}  # fmt: skip
VERDICTS = {
    "supported": "supported", "refuted": "refuted", "not_enough_evidence": "not enough evidence",
    "conflicting": "conflicting evidence",
}  # fmt: skip
STANCES = {
    "supports": "Supported by", "refutes": "Refuted by", "context": "Context:", "not_enough": "Not enough to decide:",
}  # fmt: skip
NAMELESS = {
    "described": "Described, not named", "collective": "Several people", "anonymous": "Anonymous",
    "unspecified": "Nobody in particular",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    before: str
    title: str
    url: str | None
    after: str
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One speaker or claim in a note: its head, its lines, its sources."""

    head: str
    lines: tuple[str, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence as it is shown; `before` is the white space between it and the one before."""

    number: int
    before: str
    text: str
    classes: str
    labels: str
    entries: tuple[Entry, ...]
    dissent: str


@dataclass(frozen=True, slots=True)
class Part:
    tag: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Parts that share a column of notes: one block, or the items of one list."""

    tag: str
    parts: tuple[Part, ...]

    @property
    def notes(self) -> list[Passage]:
        return [passage for part in self.parts for passage in part.passages if passage.entries]


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    heading: Section | None  # the article's own first heading where that is its title
    sections: tuple[Section, ...]
    language: str | None
    facts: tuple[str, ...]
    counts: dict[str, int]
    dissent: int
    agreement: str
    rights: tuple[str, ...]
    url: str | None
    article: Line
    data: Markup | None


def write(target: Target, works: Iterable[Work]) -> None:
    """Write one page an article, named by the article's id."""
    for work in works:
        _count(target, work)
        with target.file(f"{work.article['id']}.html") as put:
            put(page(work).encode())
        target.wrote("pages")


def _count(target: Target, work: Work) -> None:
    target.lose("heading_levels", sum((block["level"] or 0) > 1 for block in work.article["blocks"]))
    for sentence in work.sentences:
        target.lose("annotations", len(sentence["annotations"]))
        gold = sentence["gold"]
        if gold is None:
            target.lose("sentences_without_gold")
            continue
        target.wrote("gold")
        attributions, claims = gold["attributions"], gold["claims"]
        target.lose("gold_notes", gold["note"] is not None)
        target.lose("claims_without_note", sum(not _has_note(claim) for claim in claims))
        spans = (1 + len(a["cue_spans"]) + len(a["content_spans"]) - (a["speaker_span"] is None) for a in attributions)
        target.lose("spans", len(claims) + sum(spans))
        target.lose("nested_attributions", sum(bool(a["parent_id"] or a["continues_id"]) for a in attributions))


def page(work: Work) -> str:
    """The whole page of one article."""
    return _environment().get_template("published.html").render(page=_page(work))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters["visible"] = visible
    return environment


def _page(work: Work) -> Page:
    article = work.article
    sections = tuple(_sections(work))
    first = work.text[slice(*_span(article["blocks"][0]))] if article["blocks"] else ""
    title = article["title"] or (first if sections and sections[0].tag == "h2" else "") or "Untitled article"
    titled = bool(sections) and sections[0].tag == "h2" and " ".join(first.split()) == " ".join(title.split())
    gold = [sentence["gold"] for sentence in work.sentences if sentence["gold"] is not None]
    return Page(
        title=title,
        heading=sections[0] if titled else None,
        sections=sections[titled:],
        language=article["language"] if LANGUAGE.fullmatch(article["language"] or "") else None,
        facts=tuple(_facts(work, gold)),
        counts={label: sum(label in found["labels"] for found in gold) for label in CLASSES},
        dissent=sum(bool(passage.dissent) for s in sections for part in s.parts for passage in part.passages),
        agreement=_agreement(article["agreement"]),
        rights=tuple(filter(None, (article["license"], article["rights_note"]))),
        url=claimreview.address(article),
        article=article,
        data=_data(work),
    )


def _span(found: Line) -> tuple[int, int]:
    return found["start"], found["end"]


def _facts(work: Work, gold: Sequence[Line]) -> Iterator[str]:
    article = work.article
    yield from filter(None, (article["publisher"], ", ".join(article["byline"]), article["published"]))
    yield f"{len(work.sentences)} sentence{'' if len(work.sentences) == 1 else 's'}"
    yield f"guidelines {article['guideline']['version']}"
    if not gold:
        yield "no label has been decided yet"
        return
    last = date.fromisoformat(max(found["decided_at"] for found in gold)[:10])
    share = "" if len(gold) == len(work.sentences) else f" for {len(gold)} of them"
    yield f"labels decided{share}, {last.day} {last:%B %Y}"


def _agreement(found: Line) -> str:
    if found["reviewers"] < 2 or found["alpha_masi"] is None:
        return (
            "Reviewers’ agreement is not defined for this article: too few have read the same sentences, or all agree."
        )
    number = f"{found['alpha_masi']:.2f}".replace("-", "−")
    sentences = counted(found["sentences"], "sentences")
    return (
        f"Before that, {found['reviewers']} reviewers worked alone. On {sentences} that at "
        f"least two of them labelled they reached alpha {number} over label sets (1 is full agreement, 0 is chance)."
    )


def _data(work: Work) -> Markup | None:
    """The reviews as JSON-LD; no character in it can end the element that holds it."""
    found = list(claimreview.reviews(work))
    if not found:
        return None
    text = canonical.text({"@context": claimreview.CONTEXT, "@graph": found})
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # the signs that HTML knows are gone


def _sections(work: Work) -> Iterator[Section]:
    """Blocks in their order, items of one list together; a block whose sentences all began before it is not shown."""
    number = 0
    parts: list[Part] = []
    for _, found in groupby(work.sentences, key=lambda sentence: sentence["block"]["ordinal"]):
        sentences = list(found)
        tag = TAGS.get(sentences[0]["block"]["kind"], "p")
        parts.append(Part(tag, tuple(_passages(work, sentences, number))))
        number += len(sentences)
    for tag, group in groupby(parts, key=lambda part: part.tag):
        if tag == "li":
            yield Section("ul", tuple(group))
        else:
            yield from (Section(tag, (part,)) for part in group)


def _passages(work: Work, sentences: Sequence[Line], first: int) -> Iterator[Passage]:
    end = sentences[0]["start"]
    for number, sentence in enumerate(sentences, first + 1):
        gold = sentence["gold"]
        entries = tuple(_entries(work, sentence, gold)) if gold is not None else ()
        labels = gold["labels"] if gold is not None else []
        in_order = [label for label in ("quote", "claim", "opinion") if label in labels]
        yield Passage(
            number=number,
            before=work.text[end : sentence["start"]],
            text=sentence["text"],
            classes=" ".join(["s", *(CLASSES[label] for label in in_order), *(["n"] if entries else [])]),
            labels=" and ".join(in_order).capitalize(),
            entries=entries,
            dissent=_dissent(sentence["agreement"]),
        )
        end = sentence["end"]


def _dissent(agreement: Line) -> str:
    """How many reviewers chose each disputed label."""
    of = agreement["reviewers"]
    return ", ".join(f"{label} {agreement['labels'][label]['yes']} of {of}" for label in agreement["disputed"])


def _entries(work: Work, sentence: Line, gold: Line) -> Iterator[Entry]:
    for attribution in gold["attributions"]:
        yield _speaker(work, gold, attribution)
    for claim in gold["claims"]:
        if _has_note(claim):
            yield _claim(work, sentence, claim)


def _has_note(claim: Line) -> bool:
    return bool(claim["evidence"] or claim["verdict"] or claim["verdict_note"])


def _speaker(work: Work, gold: Line, attribution: Line) -> Entry:
    speaker = work.speaker(attribution)
    words = (attribution["role"], attribution["affiliation"], work.words(attribution["cue_spans"]), attribution["type"])
    lines = [" · ".join(filter(None, words)) + (" · negated" if attribution["negated"] else "")]
    if gold["voices"]["opinion"] == "author" and "quote" in gold["labels"]:
        lines.append("The opinion is the author’s.")
    source = work.source(attribution)
    links = (_link("Reported in", source, ""),) if source else ()
    return Entry(speaker["name"] if speaker else NAMELESS.get(attribution["naming"], "Not named"), tuple(lines), links)


def _claim(work: Work, sentence: Line, claim: Line) -> Entry:
    verdict, wording = claim["verdict"], claim["text_normalized"]
    lines = [
        f"Verdict: {VERDICTS[verdict]}" if verdict else "",
        f"Read as: {wording}" if wording and wording != sentence["text"] else "",
        claim["verdict_note"] or "",
    ]
    links = []
    for found in claim["evidence"]:
        source = work.source(found)
        if source is not None:
            place = f", {found['locator']}" if found["locator"] else ""
            links.append(_link(STANCES[found["stance"]], source, place, found["excerpt"] or ""))
    return Entry(CONTENT_OF.get(claim["claim_type"], "Claim"), tuple(filter(None, lines)), tuple(links))


def _link(before: str, source: Line, after: str, quoted: str = "") -> Link:
    by = f", {source['publisher']}" if source["publisher"] else ""
    issued = f", {source['issued']}" if source["issued"] else ""
    title: Any = source["title"] or source["url"] or "a source without a title"
    return Link(
        before, title, web_address(source["url"]) or web_address(source["archived_url"]), by + issued + after, quoted
    )
