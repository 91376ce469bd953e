"""The API for scripts: JSON, bearer tokens, cursors, problem+json. A script sees and does what its person may."""

import json
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Path, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from annotator.domain.changes import Change
from annotator.errors import Forbidden, Invalid, NotFound, SignedOut
from annotator.export import contract
from annotator.intake import record
from annotator.intake.incoming import Incoming, Rejected
from annotator.language import ENGLISH, spoken
from annotator.reports import disagreement_files as files
from annotator.services import annotations, articles, clock, reviewers
from annotator.services.history import Actor
from annotator.services.storing import File
from annotator.web import api_models as models
from annotator.web import disagreements, errors, security
from annotator.web.deps import DatabaseDep, SessionDep, SettingsDep, Visitor
from db import canonical
from db.engine import Database
from db.models import Annotation, Article, Assignment
from db.queries import listing
from db.vocabulary import ImportFormat, Label

MOST, USUAL = 200, 50
JSONL = "application/x-ndjson"
PROBLEM = "application/problem+json"
NO_TOKEN = "This needs a token: Authorization: Bearer … (annotator reviewer token NAME makes one)."
NO_BROWSER = "Tokens are for scripts: this request came from a browser or carries its session."
WORDS = {
    400: "The request cannot be read.",
    401: "No token, or one that has ended.",
    403: "The request came from a browser.",
    404: "There is no such thing, or it is not this person's to see.",
    409: "Something changed in the meantime, so nothing was stored.",
    413: "Too large.",
    422: "A field does not fit, so nothing was stored.",
    423: "The person has finished this article.",
}
bearer = HTTPBearer(auto_error=False, description="A token that `annotator reviewer token NAME` printed.")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that an operation may answer, for its documentation."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": WORDS[status], "content": content} for status in (*statuses, 400, 401, 403, 422)}


router = APIRouter(prefix="/api/v1", tags=["api"])


def caller(
    request: Request,
    database: DatabaseDep,
    settings: SettingsDep,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Visitor:
    """Whose token it is. Its last use is stored once an hour. Raises SignedOut, and Forbidden for a browser."""
    cookie = security.cookie_name(settings.secure_cookies)
    if cookie in request.cookies or "sec-fetch-site" in request.headers:
        raise Forbidden(NO_BROWSER)
    if given is None:
        raise SignedOut(NO_TOKEN)
    now = clock.now()
    with database.read() as session:
        found = reviewers.of_token(session, given.credentials, now=now)
    if found is None:
        raise SignedOut(NO_TOKEN)
    reviewer, token = found
    if token.last_used_at is None or token.last_used_at < clock.later(now, hours=-1):
        with database.write() as session:
            reviewers.token_used(session, token, now=now)
    assert reviewer.id is not None
    return Visitor(reviewer.id, reviewer, token="", form_token="", since=token.created_at)


CallerDep = Annotated[Visitor, Depends(caller)]


def lead_of(script: CallerDep) -> Visitor:
    if not script.is_lead:
        raise NotFound(errors.NO_PAGE)
    return script


LeadDep = Annotated[Visitor, Depends(lead_of)]
LEAD = [Depends(lead_of)]
ArticleId = Annotated[str, Path(pattern="^art_[0-9a-f]{16}$", examples=[models.ARTICLE])]
SentenceId = Annotated[str, Path(pattern="^sen_[0-9a-f]{16}$", examples=[models.SENTENCE])]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
After = Annotated[str | None, Query(pattern="^[0-9]{1,15}$", description="`next` of the page before.", examples=["17"])]
AfterArticle = Annotated[
    str | None,
    Query(pattern="^art_[0-9a-f]{16}$", description="`next` of the page before.", examples=[models.ARTICLE]),
]


def _seen_by(script: Visitor) -> int | None:
    """None for a lead, who sees all."""
    return None if script.is_lead else script.id


@router.get("/articles", responses=problems(), summary="List articles")
def list_articles(
    session: SessionDep, script: CallerDep, cursor: AfterArticle = None, limit: Limit = USUAL
) -> models.Page[models.ArticleItem]:
    """A lead gets all articles, a reviewer those that they are to read, in the order of their ids."""
    found = listing.articles(session, _seen_by(script), after=cursor or "", limit=limit + 1)
    amounts = listing.amounts(session, [article.id or 0 for article, _ in found])
    items = [models.ArticleItem(**_article(article, mine, amounts)) for article, mine in found[:limit]]
    return models.Page(items=items, next=items[-1].id if len(found) > limit else None)


def _article(article: Article, mine: Assignment | None, amounts: dict[int, int]) -> dict[str, Any]:
    same = ("external_id", "title", "url", "publisher", "published", "language", "license", "text_length")
    return {
        "id": article.uid,
        **{name: getattr(article, name) for name in same},
        "byline": canonical.decode(article.byline),
        "sentences": amounts.get(article.id or 0, 0),
        "state": mine.state if mine else None,
    }


@router.get("/articles/{article_id}", responses=problems(404), summary="Get an article")
def get_article(session: SessionDep, script: CallerDep, article_id: ArticleId) -> models.ArticleWhole:
    """With its text and blocks. Offsets are code points."""
    article, mine = _found(session, script, article_id)
    key = article.id or 0
    blocks = [
        models.BlockItem(start=block.start_cp, end=block.end_cp, kind=block.kind, level=block.level)  # type: ignore[arg-type]  # a word of the vocabulary
        for block in listing.blocks(session, key)
    ]
    base = _article(article, mine, listing.amounts(session, [key]))
    return models.ArticleWhole(**base, text=article.text, text_sha256=article.text_sha256, blocks=blocks)


def _found(session: Session, script: Visitor, uid: str) -> tuple[Article, Assignment | None]:
    found = listing.article(session, _seen_by(script), uid)
    if found is None:
        raise NotFound("There is no such article.")
    return found


@router.get("/articles/{article_id}/sentences", responses=problems(404), summary="List sentences")
def list_sentences(
    session: SessionDep, script: CallerDep, article_id: ArticleId, cursor: After = None, limit: Limit = USUAL
) -> models.Page[models.SentenceItem]:
    """The live sentences of an article in their order."""
    article, _ = _found(session, script, article_id)
    after = int(cursor) if cursor else -1
    found = listing.sentences(session, article.id or 0, after=after, limit=limit + 1)
    items = [
        models.SentenceItem(
            id=place.uid,
            ordinal=place.ordinal,
            start=place.start_cp,
            end=place.end_cp,
            text=article.text[place.start_cp : place.end_cp],
            block=place.kind,  # type: ignore[arg-type]  # a word of the vocabulary
            level=place.level,
            segmentation=place.version,
        )
        for place in found[:limit]
    ]
    return models.Page(items=items, next=str(items[-1].start) if len(found) > limit else None)


@router.get("/articles/{article_id}/annotations", responses=problems(404), summary="List annotations")
def list_annotations(
    session: SessionDep, script: CallerDep, article_id: ArticleId, cursor: After = None, limit: Limit = USUAL
) -> models.Page[models.AnnotationItem]:
    """A reviewer gets their own, and everybody's once they have finished the article; a lead everybody's and gold.

    Attributions, claims and evidence are in the export.
    """
    article, mine = _found(session, script, article_id)
    own_of = None if script.is_lead or listing.is_finished(mine) else script.id
    after = int(cursor) if cursor else 0
    found = listing.annotations(session, article.id or 0, own_of=own_of, after=after, limit=limit + 1)
    items = [_annotation(*row) for row in found[:limit]]
    return models.Page(items=items, next=str(found[limit - 1][0].id) if len(found) > limit else None)


def _annotation(row: Annotation, sentence: str, reviewer: str | None, guideline: str) -> models.AnnotationItem:
    judged = annotations.judgement(row)
    same = ("role", "status", "none_reason", "loaded_language", "confidence", "note", "revision")
    return models.AnnotationItem(
        id=row.uid,
        sentence_id=sentence,
        reviewer_id=reviewer,
        labels=[str(label) for label in Label if label in judged.labels],  # type: ignore[misc]  # words of the vocabulary
        voices=models.Voices(claim=judged.claim_voice, opinion=judged.opinion_voice),
        guideline_version=guideline,
        created_at=row.created_at,
        updated_at=row.updated_at,
        **{name: getattr(row, name) for name in same},
    )


@router.put("/sentences/{sentence_id}/annotation", responses=problems(404, 409, 423), summary="Write an annotation")
def put_annotation(
    database: DatabaseDep, script: CallerDep, sentence_id: SentenceId, change: models.AnnotationChange
) -> models.AnnotationItem:
    """The person's own judgement on a sentence of an article that they are to read, as on the page.

    A `revision` that is not the newest is answered 409 with `current_revision`, and changes nothing.
    """
    asked = Change(
        labels=tuple(change.labels) if change.labels else None,
        voice_claim=change.voice_claim,
        voice_opinion=change.voice_opinion,
        none_reason=change.none_reason,
        loaded_language=change.loaded_language,
        confidence=change.confidence,
        note=change.note,
    )
    actor = Actor(script.id, change.request)
    with database.write() as session:
        saved = annotations.save(session, actor, sentence_id, asked, revision=change.revision)
        key = saved.id
    with database.read() as session:
        return _annotation(*listing.annotation(session, key or 0))


@router.post("/articles", responses=problems(404, 413), summary="Import articles")
def import_articles(database: DatabaseDep, script: LeadDep, given: models.Import) -> models.Imported:
    """For leads. The same text again is a duplicate and changes nothing. Addresses are stored, never fetched."""
    raw = [article.model_dump(exclude_unset=True) for article in given.articles]
    records = [_record(n, article) for n, article in enumerate(raw, start=1)]
    file = File(ImportFormat.JSONL, None, canonical.sha256(json.dumps(raw, sort_keys=True)))
    report = articles.import_articles(database, records, file, partial=given.partial, actor=script.actor())
    if report.rejected and not given.partial:
        refused = Invalid("A record does not fit, so nothing was stored.", field="articles")
        refused.more = {"report": articles.summary(report)}
        raise refused
    return models.Imported.model_validate(
        {
            "batch": report.batch,
            **{name: [_plain(one) for one in getattr(report, name)] for name in ("accepted", "duplicate")},
            "rejected": [{"line": r.line, "field": r.field, "reason": r.reason} for r in report.rejected],
            "unknown": report.unknown,
        }
    )


def _plain(stored: articles.Stored) -> dict[str, Any]:
    return {"id": stored.uid, "title": stored.title, "line": stored.line}


def _record(line: int, given: dict[str, Any]) -> Incoming | Rejected:
    try:
        with spoken(ENGLISH):  # the reason of a refused record is stored
            return record.incoming(given, ImportFormat.JSONL, line)
    except Invalid as refused:
        return Rejected(line, refused.field, refused.message)


LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One JSON object a line, in the contract's canonical bytes.",
        "content": {JSONL: {"schema": {"type": "string"}, "example": '{"id":"art_0123456789abcdef", …}\n'}},
    }
}


STREAM: dict[str, Any] = {"responses": problems(404) | LINES, "response_class": StreamingResponse, "dependencies": LEAD}


@router.get("/export/articles", summary="Export articles", **STREAM)
def export_articles(database: DatabaseDep) -> StreamingResponse:
    """For leads: the same bytes as articles.jsonl of `annotator export`, streamed from one snapshot."""
    return _lines(database, contract.article_lines)


@router.get("/export/sentences", summary="Export sentences", **STREAM)
def export_sentences(database: DatabaseDep) -> StreamingResponse:
    """For leads: the same bytes as sentences.jsonl, with every annotation, attribution, claim and gold."""
    return _lines(database, contract.sentence_lines)


def _lines(database: Database, read: Callable[[Session], Iterator[bytes]]) -> StreamingResponse:
    def lines() -> Iterator[bytes]:
        with database.read() as session:
            yield from read(session)

    return StreamingResponse(lines(), media_type=JSONL)


REPORT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The disagreement report, as `annotator report --format json` prints it.",
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["type", "summary", "layers"]},
                "example": {"type": "disagreement_report", "summary": "Two reviewers agree on …", "layers": {}},
            }
        },
    }
}


@router.get("/report", responses=problems(404) | REPORT, response_class=Response, summary="Get the report")
def get_report(
    session: SessionDep,
    script: CallerDep,
    kept: disagreements.KeptDep,
    article: Annotated[str | None, Query(pattern="^art_[0-9a-f]{16}$", examples=[models.ARTICLE])] = None,
    unsure: Annotated[Literal["", "label"], Query(description="`label` counts unsure as a label of its own.")] = "",
) -> Response:
    """On one article or on all; for a reviewer on those that they have finished."""
    if article is None:
        found = disagreements.corpus(session, script, kept, unsure)
    else:
        found = disagreements.article(session, script, kept, article, unsure)
    return Response(orjson.dumps(files.as_json(found)), media_type="application/json")
