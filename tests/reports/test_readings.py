"""What the database packs into a number for a report is what was stored."""

from itertools import product

from annotator.domain.disagreements import LABEL_SETS, Vote
from annotator.reports.disagreement_readings import readings_of
from annotator.services import projects
from db.engine import Database
from db.models import Annotation
from db.queries import disagreements as stored
from db.vocabulary import Confidence, NoneReason, Status, Voice
from tests import factories as f

NOTES = (None, "", "it’s | odd 👩‍👩‍👧")


def test_every_answer_comes_back_as_it_was_stored(any_database: Database) -> None:
    """All flags and words of the vocabulary, each reviewer's answer to a sentence in the place of their uid."""
    flags, words = list(product((False, True), repeat=4)), (*Confidence, None)
    with any_database.write() as session:
        article = f.make_article(session, "\n\n".join(f"Sentence {n} about the harbour." for n in range(60)))
        people = [f.make_reviewer(session, "Ada"), f.make_reviewer(session, "Ben", id=2**31 - 1)]
        guideline = projects.get(session).active_guideline_id
        expected: dict[str, list[Vote]] = {}
        for n, (sentence, person) in enumerate(product(f.sentences_of(session, article), people)):
            claim, quote, opinion, loaded = flags[n % len(flags)]
            status = list(Status)[n % 3]  # an unsure one has no labels
            none = list(NoneReason)[n % 6] if not (claim or quote or opinion) else None
            claim_voice = list(Voice)[n % 3] if claim else None
            opinion_voice = list(Voice)[n // 3 % 3] if opinion else None
            confidence, note = words[n % len(words)], NOTES[n % len(NOTES)]
            answer = Annotation(
                uid=f"ann_{n}", sentence_id=sentence.id, reviewer_id=person.id, status=status, is_claim=claim,
                is_quote=quote, is_opinion=opinion, loaded_language=loaded, claim_voice=claim_voice,
                opinion_voice=opinion_voice, none_reason=none, confidence=confidence, note=note,
                guideline_id=guideline, created_at=f.AT, updated_at=f.AT,
            )  # fmt: skip
            session.add(answer)
            chosen = LABEL_SETS[claim, quote, opinion]
            vote = Vote(person.uid, status, chosen, claim_voice, opinion_voice, none, loaded, confidence, note)
            expected.setdefault(sentence.uid, []).append(vote)
        session.flush()
        found = readings_of(stored.readings(session, None), [article])
        assert {r.sentence: list(r.votes) for r in found} == {
            uid: sorted(votes, key=lambda vote: vote.reviewer) for uid, votes in expected.items()
        }
