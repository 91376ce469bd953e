"""The demonstration: the corpus' articles with the recorded work of three reviewers and the decisions of a lead.

Everything goes through the services that people's own work goes through. Its times are fixed, so one version of the
program always makes the same demonstration.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.adjudication import Decision
from annotator.domain.changes import Change
from annotator.intake.incoming import Incoming
from annotator.services import (
    adjudication,
    annotations,
    articles,
    assignments,
    attributions,
    claims,
    clock,
    evidence,
    finishing,
    projects,
    reviewers,
    sources,
    suggestions,
)
from annotator.services.attributions import Wording
from annotator.services.claims import ClaimDetails
from annotator.services.evidence import EvidenceWording
from annotator.services.history import Actor
from annotator.services.sources import SourceDetails
from annotator.services.storing import File
from db import canonical
from db.engine import Database
from db.models import Annotation
from db.vocabulary import (
    AttributionType,
    CheckWorthiness,
    ClaimType,
    ClaimVoice,
    ImportFormat,
    Label,
    Medium,
    Mode,
    Naming,
    NoneReason,
    Record,
    ReviewerRole,
    SourceType,
    SpeakerKind,
    Stance,
    Tier,
    Verdict,
    Voice,
)

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
SLUG, TITLE = "demo", "Demonstration"
LEAD = "Lena Falk"
REVIEWERS = ("Ada Lind", "Ben Okoro", "Cleo Marsh")
FIRST_DAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SENTENCE_SECONDS = 12
# who has pressed Finish; the others have something left to do or to look at again
FINISHED = (
    ("chicago_police_ice", "Ada Lind"),
    ("harbour_ferry_report", "Ada Lind"),
    ("harbour_ferry_report", "Ben Okoro"),
    ("harbour_ferry_report", "Cleo Marsh"),
)
FILES = {
    "articles": "index.jsonl",
    "sources": "demo/sources.jsonl",
    "work": "demo/work.jsonl",
    "gold": "demo/gold.jsonl",
}
Line = dict[str, Any]


def fill(database: Database) -> bool:
    """Make the demonstration in a database that has a project and nothing else; tells whether it has suggestions."""
    with database.write() as session:
        project = projects.get(session)
        project.slug, project.title = SLUG, TITLE
        for name in (LEAD, *REVIEWERS):
            reviewers.add(session, _actor(None, 0), name, role=_role(name))
    for line in lines("articles"):
        _import(database, line)
    with database.write() as session:
        _Loader(session).load()
    return _suggest(database)


def _suggest(database: Database) -> bool:
    """Store suggestions for every article, where the language pipeline for them is installed."""
    if not suggestions.available():
        return False
    for line in lines("articles"):
        suggestions.make(database, line["id"], actor=_actor(None, 0), seed=SLUG)
    return True


def lines(name: str) -> list[Line]:
    """The lines of one of the demonstration's files."""
    text = (CORPUS / FILES[name]).read_text("utf-8")
    return [canonical.decode(line) for line in text.split("\n") if line]


def _role(name: str) -> str:
    return ReviewerRole.LEAD if name == LEAD else ReviewerRole.REVIEWER


def _actor(reviewer: int | None, seconds: int) -> Actor:
    return Actor(reviewer, None, clock.stamp(FIRST_DAY + timedelta(seconds=seconds)))


def _import(database: Database, line: Line) -> None:
    path = CORPUS / line["file"]
    incoming = Incoming(
        path.read_text("utf-8"),
        ImportFormat.TXT,
        external_id=line["id"],
        title=line["title"],
        url=line.get("url"),
        canonical_url=line.get("url"),
        publisher=line.get("publisher"),
        byline=tuple(line.get("byline", ())),
        published=line.get("published"),
        language=line["language"],
        license=line["license"],
        rights_note=line["rights_note"],
    )
    report = articles.import_articles(
        database, [incoming], File(ImportFormat.TXT, path.name, line["sha256"]), actor=_actor(None, 0)
    )
    assert len(report.accepted) == 1, f"the corpus holds {path.name} once"


@dataclass(frozen=True, slots=True)
class _Task:
    """One recorded judgement and the moment it was made."""

    line: Line
    actor: Actor
    sentence: str


class _Loader:
    """Loads the recorded work into one transaction."""

    def __init__(self, session: Session) -> None:
        self.session = session
        people = {reviewer.name: reviewer for reviewer in reviewers.listed(session)}
        self.ids = {name: reviewer.id for name, reviewer in people.items()}
        self.uids = {name: reviewer.uid for name, reviewer in people.items()}
        self.articles = {line["id"]: assignments.find_article(session, line["id"]) for line in lines("articles")}
        self.sources = {line["key"]: self._source(line) for line in lines("sources")}

    def load(self) -> None:
        for number, name in enumerate(self.articles):
            due = (clock.today() + timedelta(days=3 + 4 * number)).isoformat()
            assignments.assign(self.session, _actor(self.ids[LEAD], 0), name, REVIEWERS, due=due)
        for task in sorted(self._tasks(), key=lambda task: (task.actor.at, task.line["reviewer"])):
            self._judge(task)
        last = max(line["minutes"] for line in lines("work")) * 60 + 3600
        for name, reviewer in FINISHED:
            finishing.finish(self.session, _actor(self.ids[reviewer], last), self.articles[name].uid)
        for number, line in enumerate(lines("gold")):
            self._decide(line, _actor(self.ids[LEAD], last + 3600 + 90 * number))

    def _source(self, line: Line) -> str:
        details = SourceDetails(
            url=line["url"] or "",
            title=line["title"],
            publisher=line["publisher"],
            issued=line["issued"],
            authors=tuple(line["authors"]),
            type=SourceType(line["type"]),
            tier=Tier(line["tier"]),
            medium=_word(Medium, line["medium"]),
        )
        return sources.get_or_create(self.session, _actor(None, 0), details).uid

    def _tasks(self) -> Iterator[_Task]:
        done: Counter[str] = Counter()
        for line in lines("work"):
            name = line["reviewer"]
            done[name] += 1
            seconds = 60 * line["minutes"] + SENTENCE_SECONDS * (done[name] % 5)
            yield _Task(line, _actor(self.ids[name], seconds), self._sentence(line))

    def _sentence(self, line: Line) -> str:
        """The id of the sentence with a line's text."""
        article = self.articles[line["article"]]
        start = article.text.index(line["sentence"])
        return ids.sentence_id(article.uid, start, start + len(line["sentence"]))

    def _judge(self, task: _Task) -> None:
        annotation = annotations.save(self.session, task.actor, task.sentence, _change(task.line), revision=0)
        made: list[str] = []
        for told in task.line["attributions"]:
            wording = self._wording(told, made)
            attribution = attributions.create(
                self.session, task.actor, task.sentence, wording, revision=annotation.revision
            )
            made.append(attribution.uid)
        for told in task.line["claims"]:
            self._claim(task, annotation, told, made)

    def _wording(self, told: Line, made: list[str]) -> Wording:
        return Wording(
            content=told["content"],
            type=AttributionType(told["type"]),
            speaker=told["speaker"] or "",
            cue=told["cue"],
            mode=Mode(told["mode"]),
            naming=Naming(told["naming"]),
            record=Record(told["record"]),
            role=told["role"],
            affiliation=told["affiliation"],
            negated=told["negated"],
            parent=None if told["parent"] is None else made[told["parent"]],
            source=told["source"] and self.sources[told["source"]],
            note=told["note"],
            speaker_name=told.get("speaker_name"),
            speaker_kind=SpeakerKind(told["speaker_kind"]) if told["speaker"] else None,
        )

    def _claim(self, task: _Task, annotation: Annotation, told: Line, made: list[str]) -> None:
        details = ClaimDetails(
            text_normalized=told["text_normalized"],
            claim_type=_word(ClaimType, told["claim_type"]),
            check_worthiness=_word(CheckWorthiness, told["check_worthiness"]),
            voice=ClaimVoice(told["voice"]),
            attribution=None if told["attribution"] is None else made[told["attribution"]],
            claim_date=told["claim_date"],
            verdict=_word(Verdict, told["verdict"]),
            verdict_note=told["verdict_note"],
        )
        uid = claims.next_uid(annotation)
        claims.save(self.session, task.actor, task.sentence, uid, details, revision=annotation.revision)
        for found in told["evidence"]:
            wording = EvidenceWording(
                stance=Stance(found["stance"]),
                source=self.sources[found["source"]],
                excerpt=found["excerpt"],
                locator=found["locator"],
                note=found["note"],
                accessed_on=found["accessed_on"],
            )
            evidence.add(self.session, task.actor, task.sentence, wording, revision=annotation.revision, claim_uid=uid)

    def _decide(self, line: Line, actor: Actor) -> None:
        take = line["take"] or {}
        decision = Decision(
            labels=frozenset(Label(word) for word in line["labels"]),
            voice_claim=_word(Voice, line["voices"].get("claim")),
            voice_opinion=_word(Voice, line["voices"].get("opinion")),
            none_reason=_word(NoneReason, line["none_reason"]),
            loaded_language=line["loaded_language"],
            reason=line["reason"],
            guideline_rule=line["rule"],
            take_attributions_of=self.uids.get(take.get("attributions_of", "")),
            take_claims_of=self.uids.get(take.get("claims_of") or ""),
        )
        adjudication.decide(self.session, actor, self._sentence(line), decision, revision=0)


def _change(line: Line) -> Change:
    words = ("unsure",) if line["unsure"] else tuple(line["labels"]) or ("none",)
    return Change(
        labels=words,
        voice_claim=_word(Voice, line["voices"].get("claim")),
        voice_opinion=_word(Voice, line["voices"].get("opinion")),
        none_reason=_word(NoneReason, line["none_reason"]),
        loaded_language=line["loaded_language"],
        confidence=line["confidence"],
        note=line["note"],
    )


def _word(words: Any, value: str | None) -> Any:
    return None if value is None else words(value)
