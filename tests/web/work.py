"""One article in which two reviewers recorded who speaks and what proves it: Ben has finished it, Anna has not."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db.engine import Database
from db.models import Annotation, Article, Source, Speaker
from tests import factories
from tests.web.conftest import Person, SignIn

TITLE = "The pier"
TEXT = (
    "The pier\n\n“The pier is unsafe,” said Ida Holm, the harbour master. Closing it costs little. "
    "She wrote that two ferries were late."
)  # fiction


@dataclass(frozen=True)
class Work:
    """The people, signed in, and the ids of what they recorded; sentence 2 is Anna's, 4 is Ben's."""

    database: Database
    anna: Person
    ben: Person
    lead: Person
    outsider: Person
    article: str
    speaker: str
    other: str
    source: str
    second: str

    @property
    def speaker_url(self) -> str:
        return f"/speakers/{self.speaker}"

    @property
    def source_url(self) -> str:
        return f"/sources/{self.source}"


def recorded(database: Database, sign_in: SignIn) -> Work:
    with database.write() as session:
        lead, otto = factories.make_lead(session, "Lena"), factories.make_reviewer(session, "Otto")
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        article = factories.make_article(session, TEXT, title=TITLE)
        sentences = factories.sentences_of(session, article)
        ida, chief = factories.make_speaker(session, "Ida Holm"), factories.make_speaker(session, "the chief")
        log = factories.make_source(
            session, "Log of the pier", url="https://pier.example/log?a=1&b=2", publisher="Port"
        )
        copy = factories.make_source(session, "Copy of the log", url="javascript:alert(1)")
        first = factories.annotate(session, sentences[1], anna, ("quote", "claim"))
        say(session, first, ida, "The pier is unsafe", cue="said", named="Ida Holm")
        prove(session, first, log, stance="supports", excerpt="pile 4 is rotten", locator="p. 3")
        last = factories.annotate(session, sentences[3], ben, ("quote", "claim"))
        say(session, last, ida, "two ferries were late", cue="wrote", named="She", type="indirect")
        say(session, last, chief, "two ferries were late", cue="wrote", named="She", type="indirect")
        prove(session, last, log, stance="refutes", excerpt="one ferry was late", locator="p. 9")
        prove(session, last, copy, stance="context")
        share = factories.assign(session, article, ben)[0]
        share.state, share.finished_at = "finished", factories.AT
    return Work(
        database, sign_in(anna), sign_in(ben), sign_in(lead), sign_in(otto),
        article.uid, ida.uid, chief.uid, log.uid, copy.uid,
    )  # fmt: skip


def say(
    session: Session, annotation: Annotation, speaker: Speaker, content: str, *, cue: str, named: str, **more: Any
) -> None:
    start, end = span(named)
    factories.make_attribution(
        session, annotation, cue=[span(cue)], content=[span(content)],
        speaker_id=speaker.id, speaker_start=start, speaker_end=end, **more,
    )  # fmt: skip
    factories.keep(session, annotation)


def prove(session: Session, annotation: Annotation, source: Source, **fields: Any) -> None:
    factories.make_evidence(session, factories.make_claim(session, annotation), source, **fields)
    factories.keep(session, annotation)


def span(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def gold_without_attribution(work: Work, ordinal: int) -> None:
    """The lead's decision on a sentence, counted from 1, into which nobody's attribution was taken."""
    with work.database.write() as session:
        article = session.get_one(Article, 1)
        sentence = factories.sentences_of(session, article)[ordinal - 1]
        factories.make_gold(session, sentence, lead=work.lead.reviewer)
