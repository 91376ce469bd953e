"""What people labelled in another tool -> annotations of the sentences that they covered, each person their own.

Where somebody has work on an article already, nothing is added to it: the same file again changes nothing, and nobody's
own answers are written over. Sentences that nobody marked stay not labelled: silence is not “none”.
"""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from annotator.domain import ids, labels
from annotator.domain.labels import Judgement
from annotator.errors import Conflict
from annotator.intake.incoming import GivenLabels
from annotator.services import gold, history, projects, restored_judgements, reviewers
from annotator.services.history import Actor, Entry
from annotator.services.restored_judgements import Judged, Keys
from db.models import Assignment, Reviewer
from db.queries import annotations, labelled
from db.queries.reviewers import by_uid
from db.vocabulary import AssignmentState, Label, NoneReason, Origin, Status, Voice

REVIEWER = re.compile(r"rev_[0-9a-f]{16}")
MARKED = 0.5  # of a sentence, or of the span, that lies in the other
INSIDE = "spans of a part of a sentence: the sentence has the label, the words are not kept"
SEVERAL = "spans of several sentences, or of a whole text: each sentence has the label"
THERE = "answers of people who have work on the article already, which stays as it is"
TWICE = "second readings of a text by the same person"
LEFT_OUT = "none or unsure beside a label of the same person: the label counts"
Span = tuple[int, int]


@dataclass
class Work:
    """What is to be stored: for the ids of each article and person, the judgement of each sentence; `lost` in words."""

    judged: dict[tuple[str, str], dict[Span, Judgement]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(map(len, self.judged.values()))

    def by_person(self) -> dict[str, int]:
        """How many sentences each labelled."""
        found: Counter[str] = Counter()
        for (_, person), judged in self.judged.items():
            found[self.names[person]] += len(judged)
        return dict(sorted(found.items()))

    def add(self, article: str, sentences: Sequence[Span], given: Iterable[GivenLabels]) -> None:
        """What was said in one reading of an article; its sentences are in order."""
        ends = [end for _, end in sentences]
        by_person: defaultdict[str, list[GivenLabels]] = defaultdict(list)
        for one in given:
            by_person[uid_of(one.by)].append(one)
            self.names.setdefault(uid_of(one.by), one.by)
        for person, theirs in by_person.items():
            if (article, person) in self.judged:
                self.lost[TWICE] += 1
                continue
            marked: defaultdict[Span, list[GivenLabels]] = defaultdict(list)
            for one in theirs:
                for sentence in self._covered(sentences, ends, one):
                    marked[sentence].append(one)
            if marked:
                self.judged[article, person] = {span: self._judgement(found) for span, found in sorted(marked.items())}

    def _covered(self, sentences: Sequence[Span], ends: Sequence[int], given: GivenLabels) -> list[Span]:
        """The sentences a span marks: half of the sentence lies in it, or half of the span in the sentence."""
        start, end = given.start, given.end
        touched = takewhile(lambda s: s[0] < end, islice(sentences, bisect_right(ends, start), None))
        shared = {s: min(end, s[1]) - max(start, s[0]) for s in touched}
        whole = sum(shared.values())
        found = [s for s, both in shared.items() if both >= MARKED * (s[1] - s[0]) or both >= MARKED * whole]
        self.lost[SEVERAL] += len(found) > 1
        self.lost[INSIDE] += len(found) == 1 and whole < found[0][1] - found[0][0]
        return found

    def _judgement(self, given: Sequence[GivenLabels]) -> Judgement:
        """One answer of all that a person said of a sentence."""
        words = frozenset(word for one in given for word in one.words)
        chosen = frozenset(Label(word) for word in words if word in list(Label))
        self.lost[LEFT_OUT] += bool(chosen) and bool(words - chosen)
        voices = {Label(n): Voice(v) for one in given for n, v in one.voices.items() if n in chosen}
        reason = next((one.none_reason for one in given if one.none_reason), NoneReason.OTHER)
        if chosen:
            found = labels.set_labels(Judgement(), chosen, voices)
        elif labels.NONE in words:
            found = labels.set_none(Judgement(), NoneReason(reason))
        else:
            found = labels.set_unsure(Judgement())
        note = "\n".join(dict.fromkeys(one.note for one in given if one.note)) or None
        return replace(found, loaded_language=any(one.loaded_language for one in given), note=note)

    def to_name(self) -> list[tuple[str, str]]:
        """The people whose work is to be stored, by id and name."""
        return [(person, self.names[person]) for person in sorted({person for _, person in self.judged})]

    def leave_out(self, known: Collection[tuple[str, str]]) -> None:
        """Take out what people have done here already; `known` are ids of articles and reviewers."""
        for article, person in list(self.judged):
            if (article, person) in known or (article, ids.reviewer_id(self.names[person])) in known:
                self.lost[THERE] += len(self.judged.pop((article, person)))


def uid_of(name: str) -> str:
    """The reviewer's id: our own exports name people by it."""
    return name if REVIEWER.fullmatch(name) else ids.reviewer_id(name)


def store(session: Session, actor: Actor, work: Work) -> None:
    """Write the annotations, their people and assignments; the articles are there. People come without rights.

    Raises Conflict when the boundaries of a sentence were changed since the work was fitted to them.
    """
    project = projects.get(session)
    assert project.id is not None
    keys = Keys({}, {}, {}, {"": annotations.active_guideline_id(session, project.id)}, {}, {})
    of_article: dict[str, dict[str, int]] = {}
    judged, given = [], []
    people = {person: _person(session, actor, person, name) for person, name in work.to_name()}
    for (article, who), found in work.judged.items():
        if article not in of_article:
            key = labelled.article_id(session, article)
            of_article[article] = labelled.live_sentences(session, key) if key is not None else {}
            keys.articles[article] = key or 0
        person = people[who].uid
        theirs = [_judged(article, person, span, judgement, actor) for span, judgement in found.items()]
        if not {one.sentence["id"] for one in theirs} <= of_article[article].keys():
            raise Conflict(
                f"Somebody changed article {article} in the meantime, so nothing was stored: import it again."
            )
        judged += theirs
        done = sum(one.line["status"] == Status.COMPLETE for one in theirs) == len(of_article[article])
        given.append((article, person, done))
    keys.reviewers.update({person.uid: person.id for person in people.values() if person.id is not None})
    for known in of_article.values():
        keys.sentences.update(known)
    restored_judgements.store(session, actor, keys, judged)
    for annotation in labelled.with_gold(session, [one.uid for one in judged]):
        gold.follow(session, actor, annotation)
    _assign(session, actor, keys, given)


def _assign(session: Session, actor: Actor, keys: Keys, given: Sequence[tuple[str, str, bool]]) -> None:
    """Whoever labelled an article has it to read; whoever is done with every sentence has finished, as in an export."""
    there = labelled.assigned(session, list(keys.articles.values()))
    rows, entries = [], []
    for article, person, done in given:
        pair = keys.articles[article], keys.reviewers[person]
        if pair not in there:
            state = {"state": AssignmentState.FINISHED, "finished_at": actor.at} if done else {}
            rows.append(
                {
                    "article_id": pair[0],
                    "reviewer_id": pair[1],
                    "assigned_at": actor.at,
                    "state": AssignmentState.OPEN,
                    "finished_at": None,
                    **state,
                }
            )
            detail = {"finished": done, "reviewer": person}
            entries.append(Entry("assign", "article", article, article_id=pair[0], detail=detail))
    if rows:
        session.connection().execute(insert(Assignment), rows)
        history.log_many(session, actor, entries)


def _person(session: Session, actor: Actor, uid: str, name: str) -> Reviewer:
    """The reviewer of an id or a name, who is added when there is none."""
    found = by_uid(session, uid) or by_uid(session, ids.reviewer_id(name))
    return found or reviewers.add(session, actor, name)


def _judged(article: str, person: str, span: Span, found: Judgement, actor: Actor) -> Judged:
    """As a line of our own export says it, so that both are stored in one way."""
    sentence = ids.sentence_id(article, *span)
    line: dict[str, Any] = {
        "reviewer_id": person,
        "status": found.status,
        "labels": list(found.labels),
        "voices": {"claim": found.claim_voice, "opinion": found.opinion_voice},
        "none_reason": found.none_reason,
        "loaded_language": found.loaded_language,
        "note": found.note,
        "guideline_version": "",
        "origin": Origin.IMPORT,
        "revision": 1,
        "created_at": actor.at,
        "updated_at": actor.at,
        "attributions": [],
        "claims": [],
    }
    uid = ids.annotation_id(sentence, person)
    return Judged(uid, line, {"id": sentence, "article_id": article}, False, [], [], {})
