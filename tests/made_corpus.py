"""A made corpus, always the same: fictional articles of a harbour town, read by reviewers with habits of their own.

Each reviewer errs in a way of their own, articles differ in how hard they are, new guidelines come half-way,
suggestions are stored, some evidence is given, a few answers are unsure, some sentences come back in other articles.

`python -m tests.made_corpus FILE` fills a migrated database with 50 articles by 4 reviewers.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert
from sqlmodel import Session

from annotator.domain import ids
from annotator.services import projects
from db import canonical
from db.engine import open_database
from db.models import (
    Annotation,
    AnnotationRevision,
    Article,
    Assignment,
    Attribution,
    AttributionSpan,
    Claim,
    Evidence,
    Guideline,
    Reviewer,
    Sentence,
    Source,
    Suggestion,
)
from tests import factories as f

SEED = 20261124
NAMES = ("Ada Moreau", "Ben Okafor", "Chloé Lindqvist", "Dimitri Vale")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TOPICS = ("harbour", "ferry", "library", "tram", "market", "school", "bridge", "lighthouse", "museum", "reservoir")
PEOPLE = ("Ida Holm", "Tomas Reyes", "the harbour master", "Councillor Marsh", "a spokesman", "Nadia Brandt")
BOILERPLATE = "This text was made for a test and reports nothing that happened."

# kind of sentence: label set that it has, and the words
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "claim": ("c", (
        "The {topic} cost {n} crowns in {year}.", "About {n} people used the {topic} last year.",
        "The council closed the {topic} in {year}.", "Repairs to the {topic} took {n} days.",
        "The {topic} is the oldest in the county.",
    )),
    "quote": ("q", (
        "“Who will pay for the {topic}?” asked {who}.", "“Please keep off the {topic},” said {who}.",
        "{Who} thanked everybody at the {topic}.",
    )),
    "quoted claim": ("cq", (
        "“The {topic} lost {n} crowns in {year},” said {who}.", "According to {who}, the {topic} opened in {year}.",
        "{Who} said that {n} people had signed for the {topic}.",
    )),
    "quoted opinion": ("qo", (
        "“The {topic} is a disgrace,” said {who}.", "{Who} called the {topic} a gift to the town.",
    )),
    "opinion": ("o", (
        "The {topic} should have been closed long ago.", "Nobody could want such a {topic}.",
        "It would be a shame to lose the {topic}.",
    )),
    "mixed": ("co", ("The wasteful {topic} has cost {n} crowns since {year}.",)),
    "none": ("", ("What happens next?", "The {topic} in short", "Read more about the {topic} on page {n}.")),
}  # fmt: skip
WEIGHTS = (30, 8, 20, 8, 14, 5, 15)
# what each kind is taken for by those who err
TAKEN_FOR = {"c": ("co", ""), "q": ("cq", "o"), "cq": ("q", "c"), "qo": ("q", "o"), "o": ("co", "qo"), "co": ("c", "o"),
             "": ("c", "o")}  # fmt: skip
ERRS = (0.06, 0.14, 0.2, 0.3)  # of each reviewer, times how hard the article is
SECONDS = (7, 12, 16, 22)


@dataclass(frozen=True)
class Made:
    """What was made: the uids of the articles."""

    articles: tuple[str, ...]


def fill(session: Session, *, articles: int = 50, sentences: int = 24, reviewers: int = 4) -> Made:
    """Fill an empty project; the same arguments make the same corpus."""
    chance = random.Random(SEED)
    people = [f.make_reviewer(session, NAMES[n] if n < len(NAMES) else f"Reviewer {n + 1}") for n in range(reviewers)]
    guidelines = _guidelines(session)
    sources = [f.make_source(session, f"Minutes {n} of the harbour board", canonical_url=f"https://example.org/{n}",
                             url=f"https://example.org/{n}", dedup_key=f"https://example.org/{n}")
               for n in range(12)]  # fmt: skip
    made = [_article(session, chance, n, sentences) for n in range(articles)]
    rows = _Rows(session, chance, people, guidelines, sources)
    for n, (article, kinds) in enumerate(made):
        rows.read(article, kinds, n, articles)
    rows.store()
    return Made(tuple(article.uid for article, _ in made))


def _guidelines(session: Session) -> tuple[int, int]:
    """The first version and one that comes into force after five weeks."""
    first = projects.get(session)
    assert first.active_guideline_id is not None
    assert first.id is not None
    old = session.get_one(Guideline, first.active_guideline_id)
    old.active_from = _at(START - timedelta(days=10))
    body = "# Guidelines\n\nA second version, for a test."
    new = Guideline(project_id=first.id, version="made-2", body=body, sha256=canonical.sha256(body),
                    active_from=_at(START + timedelta(weeks=5)))  # fmt: skip
    session.add(new)
    session.flush()
    assert new.id is not None
    return first.active_guideline_id, new.id


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _article(session: Session, chance: random.Random, n: int, sentences: int) -> tuple[Article, list[str]]:
    topic = TOPICS[n % len(TOPICS)]
    lines, kinds = [f"The {topic} and the town, part {n + 1}"], [""]
    for name in chance.choices(list(KINDS), WEIGHTS, k=sentences - 2):
        usual, patterns = KINDS[name]
        who = chance.choice(PEOPLE)
        words = {"topic": topic, "who": who, "Who": who[0].upper() + who[1:], "year": chance.randint(1985, 2025),
                 "n": chance.randint(12, 9800)}  # fmt: skip
        lines.append(chance.choice(patterns).format(**words))
        kinds.append(usual)
    lines.append(BOILERPLATE)
    kinds.append("")
    text = lines[0] + "\n\n" + "\n\n".join(" ".join(lines[at : at + 4]) for at in range(1, len(lines), 4))
    spans, at = [], 0
    for line in lines:
        at = text.index(line, at)
        spans.append((at, at + len(line)))
        at += len(line)
    return f.make_article(session, text, sentences=spans, title=lines[0]), kinds


class _Rows:
    """Rows of reviewers' work, collected and stored in bulk."""

    def __init__(self, session: Session, chance: random.Random, people: Sequence[Reviewer],
                 guidelines: tuple[int, int], sources: Sequence[Source]) -> None:  # fmt: skip
        self.session, self.chance, self.people = session, chance, people
        self.guidelines, self.sources = guidelines, sources
        self.number = 0
        self.tables: dict[type, list[dict[str, object]]] = {
            Assignment: [], Annotation: [], AnnotationRevision: [], Attribution: [], AttributionSpan: [], Claim: [],
            Evidence: [], Suggestion: [],
        }  # fmt: skip

    def store(self) -> None:
        for table, rows in self.tables.items():
            if rows:
                self.session.execute(insert(table), rows)
        self.session.flush()

    def _add(self, table: type, **row: object) -> None:
        self.tables[table].append(row)

    def read(self, article: Article, kinds: Sequence[str], number: int, articles: int) -> None:
        """Every reviewer but, of each fifth article, one reads it; in the order of the weeks."""
        hard = 0.5 + 1.5 * self.chance.random() ** 2
        week = timedelta(weeks=10 * number // max(1, articles))
        late = week >= timedelta(weeks=5)
        found = f.sentences_of(self.session, article)
        for sentence in found:
            if self.chance.random() < 0.5:
                self._add(Suggestion, sentence_id=sentence.id, engine="made", engine_version="1",
                          payload=canonical.text({"attributions": [], "labels": {}}))  # fmt: skip
        for place, person in enumerate(self.people):
            if number % 5 == 4 and place == number % len(self.people):
                continue
            now = START + week + timedelta(hours=place)
            for sentence, kind in zip(found, kinds, strict=True):
                now += timedelta(seconds=self._seconds(place))
                self._say(sentence, kind, person, place, hard * (0.6 if late else 1), now, self.guidelines[late])
            self._add(Assignment, article_id=article.id, reviewer_id=person.id, state="finished",
                          assigned_at=_at(START), finished_at=_at(now))  # fmt: skip

    def _seconds(self, place: int) -> float:
        gap = self.chance.lognormvariate(0, 0.5) * SECONDS[place % len(SECONDS)]
        return gap if self.chance.random() > 0.02 else gap + 1800  # a pause

    def _say(self, sentence: Sentence, kind: str, person: Reviewer, place: int, hard: float, now: datetime,
             guideline: int) -> None:  # fmt: skip
        chance = self.chance
        unsure = chance.random() < 0.015
        letters = chance.choice(TAKEN_FOR[kind]) if chance.random() < ERRS[place % len(ERRS)] * hard else kind
        quoted = "q" in letters and not unsure
        self.number += 1
        voice = "attributed" if quoted else "author"
        uid = ids.annotation_id(sentence.uid, person.uid)
        self._add(
            Annotation, id=self.number, uid=uid, sentence_id=sentence.id,
            reviewer_id=person.id, role="reviewer", status="unsure" if unsure else "complete",
            is_claim="c" in letters and not unsure, is_quote=quoted, is_opinion="o" in letters and not unsure,
            claim_voice=voice if "c" in letters and not unsure else None,
            opinion_voice=voice if "o" in letters and not unsure else None,
            none_reason="other" if not letters and not unsure else None, guideline_id=guideline, origin="human",
            revision=1, created_at=_at(now), updated_at=_at(now),
        )  # fmt: skip
        self._add(AnnotationRevision, annotation_id=self.number, number=1, snapshot="{}", action="save",
                  actor_id=person.id, at=_at(now))  # fmt: skip
        if quoted:
            self._attribute(sentence, uid)
        if "c" in letters and not unsure and chance.random() < 0.25:
            self._check(sentence, uid)

    def _attribute(self, sentence: Sentence, annotation: str) -> None:
        key = len(self.tables[Attribution]) + 1
        direct = self.chance.random() < 0.5
        self._add(Attribution, id=key, annotation_id=self.number, seq=1,
                          uid=ids.attribution_id(annotation, 1),
                          type="direct" if direct else "indirect")  # fmt: skip
        length = sentence.end_cp - sentence.start_cp
        middle = sentence.start_cp + length // 2
        parts = (("content", sentence.start_cp, middle + self.chance.randint(-2, 2)), ("cue", middle + 3, middle + 7))
        for part, start, end in parts:
            self._add(AttributionSpan, attribution_id=key, part=part, n=0, start_cp=start, end_cp=end)

    def _check(self, sentence: Sentence, annotation: str) -> None:
        key = len(self.tables[Claim]) + 1
        usual = (sentence.id or 0) % 4
        verdict = ("supported", "refuted", "not_enough_evidence", "conflicting")[self._near(usual, 4)]
        self._add(Claim, id=key, annotation_id=self.number, seq=1, uid=ids.claim_id(annotation, 1),
                          start_cp=sentence.start_cp, end_cp=sentence.end_cp, verdict=verdict)  # fmt: skip
        first = (sentence.id or 0) % len(self.sources)
        for seq, source in enumerate(self._near_all(first), start=1):
            stance = ("supports", "refutes", "not_enough", "context")[self._near(usual, 4)]
            self._add(Evidence, claim_id=key, seq=seq, uid=ids.evidence_id(ids.claim_id(annotation, 1), seq),
                          source_id=self.sources[source].id, stance=stance)  # fmt: skip

    def _near(self, usual: int, of: int) -> int:
        return usual if self.chance.random() < 0.7 else self.chance.randrange(of)

    def _near_all(self, first: int) -> Iterator[int]:
        yield first
        if self.chance.random() < 0.4:
            yield (first + self.chance.choice((1, 2))) % len(self.sources)


def main(file: str) -> None:
    """Fill a migrated database."""
    opened = open_database(file)
    with opened.write() as session:
        fill(session)
    opened.close()


if __name__ == "__main__":
    main(sys.argv[1])
