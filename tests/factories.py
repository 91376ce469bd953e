"""Rows that tests need, made without a language model; what a service does is done through the service."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from annotator.domain import ids
from annotator.domain.changes import Change
from annotator.services import annotations, projects
from annotator.services.history import Actor, record
from db import canonical
from db.models import (
    Annotation,
    Article,
    Assignment,
    Attribution,
    AttributionSpan,
    Block,
    Claim,
    Evidence,
    ImportBatch,
    Reviewer,
    Segmentation,
    Sentence,
    Source,
    Speaker,
    Suggestion,
)
from db.queries import history
from db.vocabulary import BlockKind, GoldMethod, ImportFormat, Label, Status

AT = "2025-01-02T03:04:05.678Z"
TEXT = (
    "The ferry stays in port\n\n"
    "“The pier is unsafe,” said the harbour master, Ida Holm. Two ferries a day used it until May.\n\n"
    "The council should have closed it long ago. Who pays for the repair?"
)  # fiction

Spans = Sequence[tuple[int, int]]


def make_reviewer(session: Session, name: str | None = None, **fields: Any) -> Reviewer:
    if name is None:
        name = f"Reviewer {session.exec(select(func.count()).select_from(Reviewer)).one() + 1}"
    reviewer = Reviewer(uid=ids.reviewer_id(name), name=name, created_at=AT, **fields)
    session.add(reviewer)
    session.flush()
    return reviewer


def make_lead(session: Session, name: str | None = None) -> Reviewer:
    return make_reviewer(session, name, role="lead")


def make_batch(session: Session, file_sha256: str | None = None, *, imported_at: str = AT) -> ImportBatch:
    project = projects.get(session)
    assert project.id is not None
    uid = ids.import_id(project.slug, file_sha256, imported_at)
    batch = ImportBatch(
        project_id=project.id,
        uid=uid,
        format=ImportFormat.TXT,
        file_sha256=file_sha256,
        imported_at=imported_at,
        importer_version="test",
    )
    session.add(batch)
    session.flush()
    return batch


def make_article(
    session: Session,
    text: str = TEXT,
    *,
    sentences: Spans | None = None,
    blocks: Sequence[tuple[str, int, int]] | None = None,
    **fields: Any,
) -> Article:
    """An article with blocks and live sentences: the given spans, else cut at blank lines and at “. ”."""
    project, batch = projects.get(session), make_batch(session, canonical.sha256(text))
    assert project.id is not None
    assert batch.id is not None
    article = Article(
        project_id=project.id,
        batch_id=batch.id,
        uid=ids.article_id(text),
        text=text,
        text_sha256=canonical.sha256(text),
        text_length=len(text),
        **fields,
    )
    session.add(article)
    session.flush()
    _segment(session, article, list(cut_blocks(text) if blocks is None else blocks), sentences)
    return article


def _segment(session: Session, article: Article, blocks: list[tuple[str, int, int]], sentences: Spans | None) -> None:
    assert article.id is not None
    segmentation = Segmentation(article_id=article.id, version=1, engine="test", created_at=AT)
    session.add(segmentation)
    session.flush()
    assert segmentation.id is not None
    for ordinal, (kind, start, end) in enumerate(blocks):
        block = Block(article_id=article.id, ordinal=ordinal, kind=kind, start_cp=start, end_cp=end)
        session.add(block)
        session.flush()
        assert block.id is not None
        inside = cut_sentences(article.text, start, end) if sentences is None else sentences
        for first, last in inside:
            if start <= first < end:
                session.add(
                    Sentence(
                        article_id=article.id,
                        block_id=block.id,
                        uid=ids.sentence_id(article.uid, first, last),
                        start_cp=first,
                        end_cp=last,
                        created_in=segmentation.id,
                    )
                )
    session.flush()


def cut_blocks(text: str) -> Iterator[tuple[str, int, int]]:
    """Blank lines part blocks; one that does not end a sentence is a heading."""
    for match in re.finditer(r"\S(?:.|\n(?![ \t]*\n))*", text):
        end = match.start() + len(match.group().rstrip())
        kind = BlockKind.PARAGRAPH if re.search(r"[.!?…:][\"'”’)]*$", text[match.start() : end]) else BlockKind.HEADING
        yield kind, match.start(), end


def cut_sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences end at a full stop, question or exclamation mark with white space after it."""
    for match in re.finditer(r"\S.*?(?:[.!?…][\"'”’)]*(?=\s|$)|$)", text[start:end], re.DOTALL):
        yield start + match.start(), start + match.end()


def sentences_of(session: Session, article: Article) -> Sequence[Sentence]:
    """The live sentences of an article in their order."""
    live = select(Sentence).where(Sentence.article_id == article.id, col(Sentence.retired_in).is_(None))
    return session.exec(live.order_by(col(Sentence.start_cp))).all()


def assign(session: Session, article: Article, *reviewers: Reviewer, **fields: Any) -> list[Assignment]:
    """Assignments of one article; one that is there already stays."""
    made = []
    for reviewer in reviewers:
        assert article.id is not None
        assert reviewer.id is not None
        both = (Assignment.article_id == article.id, Assignment.reviewer_id == reviewer.id)
        found = session.exec(select(Assignment).where(*both)).first()
        made.append(found or Assignment(article_id=article.id, reviewer_id=reviewer.id, assigned_at=AT, **fields))
    session.add_all(made)
    session.flush()
    return made


def annotate(
    session: Session,
    sentence: Sentence,
    reviewer: Reviewer,
    labels: Sequence[str] = ("claim",),
    *,
    request: str | None = None,
    at: str = AT,
    **change: Any,
) -> Annotation:
    """What a reviewer saves, through the service; the article is assigned to them when it is not yet."""
    article = session.get_one(Article, sentence.article_id)
    assign(session, article, reviewer)
    mine = select(Annotation.revision).where(
        Annotation.sentence_id == sentence.id, Annotation.reviewer_id == reviewer.id, Annotation.role == "reviewer"
    )
    revision = session.exec(mine).first() or 0
    actor = Actor(reviewer.id, request, at)
    return annotations.save(session, actor, sentence.uid, Change(labels=tuple(labels), **change), revision=revision)


def make_gold(
    session: Session, sentence: Sentence, labels: Sequence[str] = ("claim",), *, lead: Reviewer | None = None
) -> Annotation:
    """A gold annotation with its first revision: a lead's decision, or unanimous without one."""
    project, article = projects.get(session), session.get_one(Article, sentence.article_id)
    assert sentence.id is not None
    assert article.id is not None
    assert project.active_guideline_id is not None
    voice = "attributed" if "quote" in labels else "author"
    gold = Annotation(
        uid=ids.annotation_id(sentence.uid, None),
        sentence_id=sentence.id,
        reviewer_id=lead.id if lead else None,
        role="gold",
        method=GoldMethod.ADJUDICATED if lead else GoldMethod.UNANIMOUS,
        status=Status.COMPLETE,
        is_claim=Label.CLAIM in labels,
        is_quote=Label.QUOTE in labels,
        is_opinion=Label.OPINION in labels,
        claim_voice=voice if Label.CLAIM in labels else None,
        opinion_voice=voice if Label.OPINION in labels else None,
        none_reason=None if labels else "other",
        guideline_id=project.active_guideline_id,
        created_at=AT,
        updated_at=AT,
    )
    session.add(gold)
    session.flush()
    actor = Actor(lead.id if lead else None, None, AT)
    record(session, actor, gold, "adjudicate", article_id=article.id, before=None)
    return gold


def make_speaker(session: Session, name: str, kind: str = "person") -> Speaker:
    project = projects.get(session)
    assert project.id is not None
    speaker = Speaker(
        project_id=project.id, uid=ids.speaker_id(kind, name), name=name, name_key=ids.name_key(name), kind=kind
    )
    session.add(speaker)
    session.flush()
    return speaker


def make_source(session: Session, title: str = "Minutes of the harbour board", **fields: Any) -> Source:
    """A source known by its citation; nothing is looked up."""
    project = projects.get(session)
    assert project.id is not None
    key = fields.pop("dedup_key", f"cite:{ids.name_key(title)}")
    source = Source(project_id=project.id, uid=ids.source_id(key), dedup_key=key, title=title, **fields)
    session.add(source)
    session.flush()
    return source


def make_attribution(
    session: Session, annotation: Annotation, *, cue: Spans = (), content: Spans | None = None, **fields: Any
) -> Attribution:
    """An attribution straight into its table; the content is the whole sentence unless given. No new revision."""
    sentence = session.get_one(Sentence, annotation.sentence_id)
    assert annotation.id is not None
    annotation.last_attribution_seq += 1
    seq = annotation.last_attribution_seq
    fields = {"type": "direct", **fields}
    attribution = Attribution(
        annotation_id=annotation.id, seq=seq, uid=ids.attribution_id(annotation.uid, seq), **fields
    )
    session.add(attribution)
    session.flush()
    assert attribution.id is not None
    parts = {"cue": cue, "content": [(sentence.start_cp, sentence.end_cp)] if content is None else content}
    for part, spans in parts.items():
        for n, (start, end) in enumerate(spans):
            session.add(AttributionSpan(attribution_id=attribution.id, part=part, n=n, start_cp=start, end_cp=end))
    session.flush()
    return attribution


def make_claim(session: Session, annotation: Annotation, **fields: Any) -> Claim:
    """A claim over the whole sentence straight into its table. No new revision."""
    sentence = session.get_one(Sentence, annotation.sentence_id)
    assert annotation.id is not None
    annotation.last_claim_seq += 1
    seq = annotation.last_claim_seq
    place = {"start_cp": sentence.start_cp, "end_cp": sentence.end_cp}
    claim = Claim(annotation_id=annotation.id, seq=seq, uid=ids.claim_id(annotation.uid, seq), **{**place, **fields})
    session.add(claim)
    session.flush()
    return claim


def make_evidence(
    session: Session, claim: Claim, source: Source, *, excerpt: str | None = None, **fields: Any
) -> Evidence:
    """Evidence for a claim straight into its table. No new revision."""
    assert claim.id is not None
    assert source.id is not None
    claim.last_evidence_seq += 1
    seq = claim.last_evidence_seq
    evidence = Evidence(
        claim_id=claim.id,
        seq=seq,
        uid=ids.evidence_id(claim.uid, seq),
        source_id=source.id,
        excerpt=excerpt,
        excerpt_sha256=None if excerpt is None else canonical.sha256(excerpt),
        **{"stance": "context", **fields},
    )
    session.add(evidence)
    session.flush()
    return evidence


def make_suggestion(
    session: Session, sentence: Sentence, *said: dict[str, Any], version: str = "1", **labels: Any
) -> Suggestion:
    """A stored suggestion: attributions by words of the article, and scores of labels. It hides on no sentence."""
    project, text = projects.get(session), session.get_one(Article, sentence.article_id).text
    project.options = canonical.text({"suggestions_hidden_share": 0, **canonical.decode(project.options)})
    attributions = []
    for one in said:
        spans = {name: _spans(text, one.get(name), sentence.start_cp) for name in ("speaker", "cue", "content")}
        earlier = [] if "antecedent" not in one else _spans(text, one["antecedent"], 0)
        rest = {"type": "direct", "mode": "statement", "naming": "named", "negated": False, "parent": None}
        attributions.append({**rest, "reason": "reporting verb said", **one, **spans, "antecedent": earlier})
    scores = {str(label): [labels.get(label, 0.1), "number and year"] for label in Label}
    assert sentence.id is not None
    suggestion = Suggestion(
        sentence_id=sentence.id,
        engine="annotator-suggest",
        engine_version=version,
        payload=canonical.text({"attributions": attributions, "labels": scores}),
    )
    session.add(suggestion)
    session.flush()
    return suggestion


def _spans(text: str, words: str | None, start: int) -> list[list[int]]:
    at = text.index(words, start) if words else 0
    return [[at, at + len(words)]] if words else []


def keep(session: Session, annotation: Annotation, action: str = "detail") -> None:
    """Record rows that were put under an annotation by hand as its next revision, as a service would have done."""
    sentence = session.get_one(Sentence, annotation.sentence_id)
    last = history.revision(session, annotation.id or 0, annotation.revision)
    before = canonical.sha256(last.snapshot) if last else None
    annotation.revision += 1
    session.flush()
    actor = Actor(annotation.reviewer_id, None, AT)
    record(session, actor, annotation, action, article_id=sentence.article_id, before=before)
