"""A corpus in which every field that people or files fill holds every trick, and its twin with plain words."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from db import canonical
from db.models import Annotation, ImportBatch, Reviewer, Sentence, Source, SpeakerAlias
from tests import factories
from tests.tricks import ADDRESSES, ALL

EVERYTHING = " ¦ ".join(ALL)
SAID = "Ida said: "
GOOD_ADDRESS = "https://x.example/\"><img/src=x/onerror=alert(1)>?q='onfocus=alert(1)&lt;"
Say = Callable[[str], str]


@dataclass(frozen=True)
class Tricky:
    """Who is who, and the ids of what can be looked at."""

    lead: Reviewer
    reviewer: Reviewer
    ids: dict[str, str]


def tricks(_plain: str) -> str:
    return EVERYTHING


def plain(words: str) -> str:
    return words


def body(is_tricky: bool) -> str:
    """A sentence a trick, each a paragraph of its own; line ends as an import leaves them."""
    parts = [trick if is_tricky else f"plain {n}" for n, trick in enumerate(ALL)]
    return "\n\n".join(SAID + part.replace("\r\n", "\n").replace("\r", "\n") for part in parts)


def build(session: Session, *, is_tricky: bool) -> Tricky:
    say: Say = tricks if is_tricky else plain
    lead = factories.make_lead(session, f"L {say('lead')}")
    anna, ben = (factories.make_reviewer(session, f"{n} {say('reviewer')}") for n in "AB")
    text, spans, start = body(is_tricky), [], 0
    parts = [trick if is_tricky else f"plain {n}" for n, trick in enumerate(ALL)]
    for part in parts:
        end = start + len(SAID) + len(part.replace("\r\n", "\n"))
        spans.append((start, end))
        start = end + 2
    bad = ADDRESSES[0] if is_tricky else "ftp://x.example"
    article = factories.make_article(
        session, text, sentences=spans, blocks=[("heading", *spans[0]), *(("paragraph", *span) for span in spans[1:])],
        title=say("title"), publisher=say("publisher"), byline=canonical.text([say("byline")]), published="2025-01-02",
        url=GOOD_ADDRESS if is_tricky else "https://x.example/good", canonical_url=bad, license=say("licence"),
        rights_note=say("rights"), external_id=say("id"),
    )  # fmt: skip
    session.get_one(ImportBatch, article.batch_id).file_name = say("file")
    factories.assign(session, article, anna, ben, lead)
    sentences = factories.sentences_of(session, article)
    ida = factories.make_speaker(session, say("speaker"))
    other = factories.make_speaker(session, f"other {say('speaker')}")
    ida.same_as = bad
    session.add(SpeakerAlias(speaker_id=ida.id or 0, alias=say("alias"), alias_key=say("alias")))
    sources = [
        factories.make_source(
            session, f"{n} {say('source')}", url=url, canonical_url=url, archived_url=bad, publisher=say("publisher"),
            authors=canonical.text([say("author")]), note=say("note"), doi=say("doi"), issued="2025",
        )
        for n, url in enumerate((article.url, bad))
    ]  # fmt: skip
    for who in (anna, ben):
        for n, sentence in enumerate(sentences):
            labels = ("quote", "claim") if n % 2 == (who is ben) else ("opinion",)
            judged = factories.annotate(session, sentence, who, labels, note=say("note"))
            if n in (1, 2) and "quote" in labels:
                work(session, judged, ida.id, [source.id for source in sources], say, sentence.start_cp, bad)
    gold = factories.make_gold(session, sentences[1], ("quote", "claim"), lead=lead)
    gold.note = say("reason")
    work(session, gold, ida.id, [source.id for source in sources], say, sentences[1].start_cp, bad)
    suggestion = {"speaker": "Ida", "cue": "said", "content": parts[3].split("\n")[0], "reason": say("reason")}
    factories.make_suggestion(session, sentences[3], suggestion, opinion=0.9)
    for share in factories.assign(session, article, anna):
        share.state, share.finished_at = "finished", factories.AT
    ids = {
        "article_id": article.uid, "articles_uid": article.uid, "speakers_uid": ida.uid, "other_speakers": other.uid,
        "sources_uid": sources[0].uid, "other_sources": sources[1].uid, "people_uid": anna.uid,
        "adjudication_uid": sentences[3].uid,
    }  # fmt: skip
    return Tricky(lead, anna, ids)


def work(
    session: Session, judged: Annotation, speaker: int | None, sources: list[int | None], say: Say,
    start: int, bad: str,
) -> None:  # fmt: skip
    """An attribution with a claim that both sources prove."""
    end = session.get_one(Sentence, judged.sentence_id).end_cp
    said = factories.make_attribution(
        session, judged, cue=[(start + 4, start + 8)], content=[(start + len(SAID), end)], speaker_id=speaker,
        speaker_start=start, speaker_end=start + 3, role=say("role"), affiliation=say("office"), note=say("note"),
        source_id=sources[0],
    )  # fmt: skip
    claim = factories.make_claim(
        session, judged, text_normalized=say("claim"), verdict="refuted", verdict_note=say("why"), claim_date="2025",
        voice="attributed", attribution_id=said.id,
    )  # fmt: skip
    for source in sources:
        factories.make_evidence(
            session, claim, session.get_one(Source, source), excerpt=say("excerpt"), locator=say("place"),
            archived_url=bad, note=say("note"), question=say("question"), answer=say("answer"),
        )  # fmt: skip
    factories.keep(session, judged)
