"""The contract's example article as database rows: three sentences, two reviewers, one adjudicator. All fiction."""

from typing import Any

from sqlmodel import Session

from annotator.domain import ids
from annotator.services import projects
from db import canonical
from db.models import (
    Annotation,
    Article,
    Guideline,
    ImportBatch,
    Reviewer,
    Segmentation,
    Sentence,
    Source,
    Speaker,
    SpeakerAlias,
)
from db.models import Block as BlockRow
from tests import factories

TEXT = (
    "Bridge toll rises\n\n"
    "The harbour board raised the toll to 4 crowns in March. "
    "“Traffic fell by a tenth,” board chair Mina Olsen told the Fjord Post — a shameful outcome."
)
NORMALIZED = "Traffic over the harbour bridge fell by 10 percent after the toll rise in March."
ARCHIVED = "https://web.archive.example/20240601/https://harbour.example/counts.csv"


def build(session: Session) -> None:
    """Write the whole example into an empty database."""
    _project(session)
    article = _article(session)
    ada, ben, cleo = (factories.make_reviewer(session, name) for name in ("ada", "ben", "cleo"))
    factories.assign(session, article, ada, ben)
    post, counts, olsen = _sources_and_speaker(session)
    heading, toll, traffic = factories.sentences_of(session, article)
    for sentence in (heading, toll):
        for reviewer in (ada, ben):
            _annotation(session, sentence, reviewer, "2024-06-01T08:00:00.000Z", is_claim=True, claim_voice="author")
    both = {"is_claim": True, "is_quote": True, "claim_voice": "attributed"}
    late = {"created_at": "2024-06-01T09:00:00.000Z", "revision": 2}
    opinion = {"is_opinion": True, "opinion_voice": "author"}
    by_ada = _annotation(session, traffic, ada, "2024-06-01T09:05:10.250Z", **both, **opinion, **late)
    by_ben = _annotation(session, traffic, ben, "2024-06-01T10:00:00.000Z", **both, loaded_language=True)
    gold = _annotation(
        session, traffic, cleo, "2024-06-02T08:00:00.000Z", **both, **opinion, role="gold", method="adjudicated",
        note="“shameful” is the author's own verdict, so opinion stands.", confidence=None,
    )  # fmt: skip
    for annotation in (by_ben, by_ada, gold):
        _judged(session, annotation, olsen, post, None if annotation is by_ben else counts)


def _project(session: Session) -> None:
    project = projects.get(session)
    assert project.id is not None
    shipped = session.get_one(Guideline, project.active_guideline_id)
    project.slug, project.active_guideline_id = "demo", None
    session.flush()
    session.delete(shipped)
    session.flush()
    guideline = Guideline(
        project_id=project.id, version="1.0", body="", sha256="0" * 64, active_from="2024-05-31T12:00:00.000Z"
    )
    session.add(guideline)
    session.flush()
    project.active_guideline_id = guideline.id


def _article(session: Session) -> Article:
    project, sha256, imported_at = projects.get(session), canonical.sha256(TEXT), "2024-05-31T12:00:00.000Z"
    assert project.id is not None
    batch = ImportBatch(
        project_id=project.id, uid=ids.import_id("demo", sha256, imported_at), format="txt", file_name="bridge.txt",
        file_sha256=sha256, imported_at=imported_at, importer_version="1.0.0",
    )  # fmt: skip
    session.add(batch)
    session.flush()
    assert batch.id is not None
    article = Article(
        project_id=project.id, batch_id=batch.id, uid=ids.article_id(TEXT), external_id="wire-17",
        title="Bridge toll rises", url="https://news.example/bridge?utm_source=x",
        canonical_url="https://news.example/bridge", publisher="News Example", byline='["Kim Berg"]',
        published="2024-05-30", license="CC-BY-4.0", text=TEXT, text_sha256=sha256, text_length=len(TEXT),
    )  # fmt: skip
    session.add(article)
    session.flush()
    assert article.id is not None
    segmentation = Segmentation(
        article_id=article.id, version=1, engine="spacy 3.8 en_core_web_sm 3.8.0", created_at=imported_at
    )
    session.add(segmentation)
    session.flush()
    assert segmentation.id is not None
    places = (("heading", 1, 0, 17, [(0, 17)]), ("paragraph", None, 19, 166, [(19, 74), (75, 166)]))
    for ordinal, (kind, level, start, end, sentences) in enumerate(places):
        block = BlockRow(article_id=article.id, ordinal=ordinal, kind=kind, level=level, start_cp=start, end_cp=end)
        session.add(block)
        session.flush()
        assert block.id is not None
        for first, last in sentences:
            uid = ids.sentence_id(article.uid, first, last)
            session.add(
                Sentence(
                    article_id=article.id, block_id=block.id, uid=uid, start_cp=first, end_cp=last,
                    created_in=segmentation.id,
                )
            )  # fmt: skip
    session.flush()
    return article


def _sources_and_speaker(session: Session) -> tuple[Source, Source, Speaker]:
    post = factories.make_source(
        session, "Traffic down after toll rise", dedup_key="url:https://fjordpost.example/toll",
        type="article-newspaper", publisher="Fjord Post", issued="2024-05-29", url="https://fjordpost.example/toll",
        canonical_url="https://fjordpost.example/toll", medium="text", tier="secondary",
    )  # fmt: skip
    counts = factories.make_source(
        session, "Bridge counts", dedup_key="url:https://harbour.example/counts.csv", type="dataset",
        publisher="Harbour board", issued="2024-05", url="https://harbour.example/counts.csv",
        canonical_url="https://harbour.example/counts.csv", medium="table", tier="primary", accessed_on="2024-06-01",
        archived_url=ARCHIVED,
    )  # fmt: skip
    olsen = factories.make_speaker(session, "Mina Olsen")
    assert olsen.id is not None
    session.add(SpeakerAlias(speaker_id=olsen.id, alias="Olsen", alias_key="olsen"))
    session.flush()
    return post, counts, olsen


def _annotation(session: Session, sentence: Sentence, reviewer: Reviewer, at: str, **fields: Any) -> Annotation:
    project = projects.get(session)
    assert project.active_guideline_id is not None
    gold = fields.get("role") == "gold"
    values: dict[str, Any] = {
        "uid": ids.annotation_id(sentence.uid, None if gold else reviewer.uid),
        "sentence_id": sentence.id,
        "reviewer_id": reviewer.id,
        "status": "complete",
        "confidence": "high",
        "guideline_id": project.active_guideline_id,
        "created_at": at,
        "updated_at": at,
    }
    annotation = Annotation(**{**values, **fields})
    session.add(annotation)
    session.flush()
    return annotation


def _judged(session: Session, annotation: Annotation, speaker: Speaker, paper: Source, counts: Source | None) -> None:
    """Who said it, and the claim; with `counts` evidence against it and a verdict."""
    attribution = factories.make_attribution(
        session, annotation, cue=[(125, 144)], content=[(75, 101)], speaker_id=speaker.id, speaker_start=102,
        speaker_end=124, role="board chair", affiliation="harbour board", source_id=paper.id,
    )  # fmt: skip
    claim = factories.make_claim(
        session, annotation, start_cp=75, end_cp=101, text_normalized=NORMALIZED, claim_type="numerical",
        check_worthiness="check_worthy", voice="attributed", attribution_id=attribution.id, claim_date="2024-05",
        verdict="refuted" if counts else None,
    )  # fmt: skip
    if counts:
        factories.make_evidence(
            session, claim, counts, excerpt="2024-04;vehicles;118240", stance="refutes", locator="row 14",
            question="How many vehicles crossed in April 2024 and April 2023?",
            answer="118,240 and 119,002: a fall of 0.6 percent.", accessed_on="2024-06-01", archived_url=ARCHIVED,
        )  # fmt: skip
