"""A made corpus, always the same: fictional articles of a harbour town, read by reviewers with habits of their own.

Each reviewer errs in a way of their own, articles differ in how hard they are, new guidelines come half-way,
suggestions are stored, some evidence is given, a few answers are unsure, some sentences come back in other articles,
one article in four is decided. Rows go straight into the tables, with the revisions and events that services would
have left, so that a million answers take minutes and `annotator db check` finds nothing.

`python -m tests.made_corpus FILE` fills a new database with 50 articles by 4 reviewers;
`--articles 10000 --sentences 250000 --reviewers 50` makes 1,000,000 answers. FILE may be a URL of PostgreSQL.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlmodel import Session

from annotator.domain import ids
from annotator.services import projects, snapshots
from db import canonical, migrate
from db.engine import Database, open_database
from db.models import (
    Annotation,
    AnnotationRevision,
    Article,
    Assignment,
    Attribution,
    AttributionSpan,
    Block,
    Claim,
    Event,
    Evidence,
    Guideline,
    Segmentation,
    Sentence,
    Suggestion,
)
from db.queries import history
from tests import factories as f
from tests.bulk import Row, Rows

SEED = 20261124
LEAD = "Lead of the made corpus"
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
LONG, LEAST_SHARE = (10_000, 1_000, 300), 8  # one article of each length that is an eighth of the corpus at most
DECIDED = 4  # every so many articles have gold
PIECE = 5_000  # answers stored in one go
TABLES = (Article, Segmentation, Block, Sentence, Assignment, Annotation, AnnotationRevision, Attribution,
          AttributionSpan, Claim, Evidence, Suggestion, Event)  # fmt: skip  # those first that others refer to


@dataclass(frozen=True)
class Size:
    """How much is made: sentences in all articles together; `readers` of the reviewers read each article."""

    articles: int = 50
    sentences: int = 1_200
    reviewers: int = 4
    readers: int = 4

    @property
    def lengths(self) -> Iterator[int]:
        """Sentences of each article: the long ones first, the rest spread evenly."""
        long = [length for length in LONG if length * LEAST_SHARE <= self.sentences]
        rest, number = self.sentences - sum(long), self.articles - len(long)
        yield from long
        yield from (rest * (n + 1) // number - rest * n // number for n in range(number))


@dataclass(frozen=True)
class Made:
    """What was made: the uids of the articles."""

    articles: tuple[str, ...]


def fill(session: Session, size: Size = Size()) -> Made:
    """Fill an empty project; the same size makes the same corpus."""
    corpus = _Corpus(session, size)
    for _ in corpus.pieces():
        corpus.rows.store(session)
    return Made(tuple(corpus.uids))


def fill_in_pieces(database: Database, size: Size) -> Made:
    """As `fill`, for more than one transaction should hold."""
    with database.write() as session:
        corpus = _Corpus(session, size)
    for _ in corpus.pieces():
        with database.write() as session:
            corpus.rows.store(session)
    return Made(tuple(corpus.uids))


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


@dataclass(frozen=True)
class _Line:
    """A sentence of an article: its row, the label set that it has, who speaks in it."""

    row: Row
    kind: str
    who: str | None


class _Corpus:
    """People, sources and guidelines are stored at once; `pieces` collects rows of articles and of work on them."""

    def __init__(self, session: Session, size: Size) -> None:
        self.size = size
        self.people = [
            f.make_reviewer(session, NAMES[n] if n < len(NAMES) else f"Reviewer {n + 1}")
            for n in range(size.reviewers)
        ]  # fmt: skip
        self.lead = f.make_lead(session, LEAD)
        self.guidelines = _guidelines(session)
        addresses = [f"https://example.org/{n}" for n in range(12)]
        self.sources = [f.make_source(session, f"Minutes {n} of the harbour board", canonical_url=one, url=one,
                                      dedup_key=one) for n, one in enumerate(addresses)]  # fmt: skip
        self.speakers = {who: f.make_speaker(session, who) for who in PEOPLE}
        self.batch = f.make_batch(session)
        self.rows = Rows(session.connection(), TABLES)
        self.end = history.last_event_hash(session)
        self.uids: list[str] = []

    def pieces(self) -> Iterator[None]:
        """Every pause is a place where the rows collected so far are to be stored."""
        for number, length in enumerate(self.size.lengths):
            chance = random.Random(f"{SEED}/{number}")
            _Reading(self, chance, number).read(_article(self, chance, number, length))
            if len(self.rows.tables[Annotation]) >= PIECE:
                yield
        yield

    def log(self, action: str, entity: str, uid: str, *, at: str, actor: int | None, article: int,
            after: str) -> None:  # fmt: skip
        """An event, chained to the one before it."""
        said = {
            "at": at, "actor_id": actor, "article_id": article, "request_id": None, "action": action, "entity": entity,
            "entity_uid": uid, "before_sha": None, "after_sha": after, "detail": "{}", "previous_sha256": self.end,
        }  # fmt: skip
        self.end = canonical.sha256(canonical.encode(said))
        self.rows.add(Event, **said, sha256=self.end)


def _article(corpus: _Corpus, chance: random.Random, n: int, sentences: int) -> tuple[Row, list[_Line]]:
    said = list(_said(chance, n, sentences))
    lines = [text for text, *_ in said]
    text = lines[0] + "\n\n" + "\n\n".join(" ".join(lines[at : at + 4]) for at in range(1, len(lines), 4))
    sha256, uid = canonical.sha256(text), ids.article_id(text)
    article = corpus.rows.add(
        Article, project_id=corpus.batch.project_id, batch_id=corpus.batch.id, uid=uid, title=lines[0], text=text,
        text_sha256=sha256, text_length=len(text),
    )  # fmt: skip
    corpus.uids.append(uid)
    corpus.log("import", "article", uid, at=f.AT, actor=None, article=article["id"], after=sha256)
    return article, _segmented(corpus.rows, article, said)


def _said(chance: random.Random, n: int, sentences: int) -> Iterator[tuple[str, str, str | None]]:
    """The sentences of an article: words, label set, who speaks."""
    topic = TOPICS[n % len(TOPICS)]
    yield f"The {topic} and the town, part {n + 1}", "", None
    for name in chance.choices(list(KINDS), WEIGHTS, k=sentences - 2):
        usual, patterns = KINDS[name]
        who = chance.choice(PEOPLE)
        words = {"topic": topic, "who": who, "Who": who[0].upper() + who[1:], "year": chance.randint(1985, 2025),
                 "n": chance.randint(12, 9800)}  # fmt: skip
        yield chance.choice(patterns).format(**words), usual, who if "q" in usual else None
    yield BOILERPLATE, "", None


def _segmented(rows: Rows, article: Row, said: Sequence[tuple[str, str, str | None]]) -> list[_Line]:
    """Blocks of four sentences behind the title."""
    segmentation = rows.add(Segmentation, article_id=article["id"], version=1, engine="made", created_at=f.AT)
    found, at = [], 0
    for ordinal, first in enumerate([0, *range(1, len(said), 4)]):
        inside = said[first : first + (4 if first else 1)]
        starts = list(accumulate((len(text) + 1 for text, *_ in inside), initial=at))
        block = rows.add(
            Block, article_id=article["id"], ordinal=ordinal, kind="paragraph" if first else "heading",
            start_cp=at, end_cp=starts[-1] - 1,
        )  # fmt: skip
        for start, (text, kind, who) in zip(starts, inside, strict=False):
            end = start + len(text)
            sentence = rows.add(
                Sentence, article_id=article["id"], block_id=block["id"], start_cp=start, end_cp=end,
                uid=ids.sentence_id(article["uid"], start, end), created_in=segmentation["id"],
            )  # fmt: skip
            found.append(_Line(sentence, kind, who))
        at = starts[-1] + 1
    return found


class _Reading:
    """What is done to one article: by its readers, in the order of the weeks, and by the lead."""

    def __init__(self, corpus: _Corpus, chance: random.Random, number: int) -> None:
        self.corpus, self.rows, self.chance, self.number = corpus, corpus.rows, chance, number
        self.hard = 0.5 + 1.5 * chance.random() ** 2
        self.week = timedelta(weeks=10 * number // max(1, corpus.size.articles))
        self.guideline = corpus.guidelines[self.is_late]

    @property
    def is_late(self) -> bool:
        return self.week >= timedelta(weeks=5)

    def read(self, made: tuple[Row, list[_Line]]) -> None:
        self.article, lines = made
        for line in lines:
            if self.chance.random() < 0.5:
                self.rows.add(Suggestion, sentence_id=line.row["id"], engine="made", engine_version="1",
                              payload=canonical.text({"attributions": [], "labels": {}}))  # fmt: skip
        said: list[list[str | None]] = [[] for _ in lines]
        for place in self._readers():
            now = START + self.week + timedelta(hours=place)
            for line, answers in zip(lines, said, strict=True):
                now += timedelta(seconds=self._seconds(place))
                answers.append(self._say(line, place, _at(now)))
            self.rows.add(Assignment, article_id=self.article["id"], reviewer_id=self.corpus.people[place].id,
                          state="finished", assigned_at=_at(START), finished_at=_at(now))  # fmt: skip
        if self.number % DECIDED == 1:
            for line, answers in zip(lines, said, strict=True):
                self._decide(line, answers)

    def _readers(self) -> Iterator[int]:
        """Some of the people; where all read everything, one is absent from each fifth article."""
        size = self.corpus.size
        if size.readers < size.reviewers:
            yield from sorted(self.chance.sample(range(size.reviewers), size.readers))
        else:
            absent = self.number % size.reviewers if self.number % 5 == 4 else None
            yield from (place for place in range(size.reviewers) if place != absent)

    def _seconds(self, place: int) -> float:
        gap = self.chance.lognormvariate(0, 0.5) * SECONDS[place % len(SECONDS)]
        return gap if self.chance.random() > 0.02 else gap + 1800  # a pause

    def _say(self, line: _Line, place: int, at: str) -> str | None:
        """One reader's answer; returns its labels, None for unsure."""
        chance, person = self.chance, self.corpus.people[place]
        unsure = chance.random() < 0.015
        errs = ERRS[place % len(ERRS)] * self.hard * (0.6 if self.is_late else 1)
        letters = chance.choice(TAKEN_FOR[line.kind]) if chance.random() < errs else line.kind
        uid = ids.annotation_id(line.row["uid"], person.uid)
        row = self._annotation(line, uid, None if unsure else letters, at, reviewer_id=person.id, role="reviewer")
        said = [self._attribute(line, row)] if row["is_quote"] else []
        checked = [self._check(line, row)] if row["is_claim"] and chance.random() < 0.25 else []
        self._record(row, "save", person.id, said, checked)
        return None if unsure else letters

    def _annotation(self, line: _Line, uid: str, letters: str | None, at: str, **more: Any) -> Row:
        said = letters or ""
        voice = "attributed" if "q" in said else "author"
        return self.rows.add(
            Annotation, uid=uid, sentence_id=line.row["id"], status="unsure" if letters is None else "complete",
            is_claim="c" in said, is_quote="q" in said, is_opinion="o" in said,
            claim_voice=voice if "c" in said else None, opinion_voice=voice if "o" in said else None,
            none_reason="other" if letters == "" else None, guideline_id=self.guideline, created_at=at, updated_at=at,
            **more,
        )  # fmt: skip

    def _decide(self, line: _Line, answers: Sequence[str | None]) -> None:
        """Gold: what all said, or, of two disputes in three, what the lead says."""
        decided = {one for one in answers if one is not None}
        if not decided or (len(decided) > 1 and self.chance.random() < 1 / 3):
            return
        lead = self.corpus.lead.id if len(decided) > 1 else None
        letters, at = decided.pop() if lead is None else line.kind, _at(START + self.week + timedelta(days=6))
        row = self._annotation(line, ids.annotation_id(line.row["uid"], None), letters, at, reviewer_id=lead,
                               role="gold", method="adjudicated" if lead else "unanimous")  # fmt: skip
        self._record(row, "adjudicate" if lead else "unanimous", lead, [], [])

    def _record(self, row: Row, action: str, actor: int | None, said: list[Row], checked: list[Row]) -> None:
        """The revision of an answer, as `history.snapshot` would say it, and its event."""
        state = {name: row[name] for name in snapshots.ANNOTATION_FIELDS}
        text = canonical.text({**state, "attributions": said, "claims": checked})
        at, row["last_attribution_seq"], row["last_claim_seq"] = row["updated_at"], len(said), len(checked)
        self.rows.add(AnnotationRevision, annotation_id=row["id"], number=1, snapshot=text, action=action,
                      actor_id=actor, at=at)  # fmt: skip
        self.corpus.log(action, "annotation", row["uid"], at=at, actor=actor, article=self.article["id"],
                        after=canonical.sha256(text))  # fmt: skip

    def _attribute(self, line: _Line, annotation: Row) -> Row:
        """Who says it, if anybody does; returns what a snapshot says of it."""
        speaker = self.corpus.speakers[line.who] if line.who else None
        attribution = self.rows.add(
            Attribution, annotation_id=annotation["id"], seq=1, uid=ids.attribution_id(annotation["uid"], 1),
            type="direct" if self.chance.random() < 0.5 else "indirect", speaker_id=speaker.id if speaker else None,
        )  # fmt: skip
        start, end = line.row["start_cp"], line.row["end_cp"]
        middle = start + (end - start) // 2
        spans = {"content": [start, middle + self.chance.randint(-2, 2)], "cue": [middle + 3, middle + 7]}
        for part, (first, last) in spans.items():
            self.rows.add(AttributionSpan, attribution_id=attribution["id"], part=part, n=0, start_cp=first,
                          end_cp=last)  # fmt: skip
        fields = {name: attribution[name] for name in history.ATTRIBUTION_FIELDS}
        rest = {"parent": None, "speaker": speaker.uid if speaker else None, "source": None, "continues": None}
        return {**fields, **rest, **{part: [span] for part, span in spans.items()}}

    def _check(self, line: _Line, annotation: Row) -> Row:
        """A claim with its evidence; returns what a snapshot says of it."""
        usual = line.row["id"] % 4
        verdict = ("supported", "refuted", "not_enough_evidence", "conflicting")[self._near(usual, 4)]
        claim = self.rows.add(
            Claim, annotation_id=annotation["id"], seq=1, uid=ids.claim_id(annotation["uid"], 1),
            start_cp=line.row["start_cp"], end_cp=line.row["end_cp"], verdict=verdict,
        )  # fmt: skip
        told = []
        for seq, number in enumerate(self._near_all(line.row["id"] % len(self.corpus.sources)), start=1):
            source = self.corpus.sources[number]
            stance = ("supports", "refutes", "not_enough", "context")[self._near(usual, 4)]
            row = self.rows.add(Evidence, claim_id=claim["id"], seq=seq, uid=ids.evidence_id(claim["uid"], seq),
                                source_id=source.id, stance=stance)  # fmt: skip
            told.append({**{name: row[name] for name in history.EVIDENCE_FIELDS}, "source": source.uid})
        claim["last_evidence_seq"] = len(told)
        fields = {name: claim[name] for name in history.CLAIM_FIELDS}
        return {**fields, "attribution": None, "evidence": told}

    def _near(self, usual: int, of: int) -> int:
        return usual if self.chance.random() < 0.7 else self.chance.randrange(of)

    def _near_all(self, first: int) -> Iterator[int]:
        yield first
        if self.chance.random() < 0.4:
            yield (first + self.chance.choice((1, 2))) % len(self.corpus.sources)


def make(name: str, size: Size) -> Made:
    """Bring an empty database to the newest schema and fill it."""
    database = open_database(name)
    migrate.upgrade(database)
    with database.write() as session:
        projects.ensure(session)
    made = fill_in_pieces(database, size)
    if not database.sqlite:
        with database.write() as session:
            session.connection().exec_driver_sql("ANALYZE")  # what PostgreSQL does by itself within a minute
    database.close()
    return made


def main() -> None:
    usual, parser = Size(), argparse.ArgumentParser(prog="python -m tests.made_corpus", description=__doc__)
    parser.add_argument("database", help="a file or postgresql+psycopg://…, empty or new")
    for one in fields(Size):
        parser.add_argument(f"--{one.name}", type=int, default=getattr(usual, one.name), metavar="N")
    given = vars(parser.parse_args())
    made = make(given.pop("database"), Size(**given))
    print(f"{len(made.articles)} articles")  # noqa: T201


if __name__ == "__main__":
    main()
