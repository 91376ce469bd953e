"""Tables. The database itself refuses doubles, orphans and nonsense: keys and CHECKs here, triggers in the migrations.

Times are TEXT, RFC 3339 in UTC with milliseconds. Spans are half-open code points of the article text.
Lists and objects are TEXT with canonical JSON, so that both databases hold the same bytes.
SQLModel does not validate table rows: forms and services do.
"""

# long because every table stands beside the others, as on the page of the contract that it follows
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    UniqueConstraint,
    func,
    text,
)
from sqlmodel import Field, SQLModel

from db import vocabulary as v

BIGINT = BigInteger().with_variant(Integer, "sqlite")

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
).naming_convention


def key() -> Any:
    return Field(default=None, primary_key=True, sa_type=BIGINT)


def foreign(target: str, *, index: bool = False, nullable: bool = False, **more: Any) -> Any:
    """A column that refers to `target` ("table.id"); nothing that something refers to can be deleted."""
    if nullable:
        more["default"] = None
    reference = [ForeignKey(target, ondelete="RESTRICT")]
    return Field(sa_type=BIGINT, sa_column_args=reference, nullable=nullable, index=index, **more)


def number(**more: Any) -> Any:
    return Field(sa_type=BIGINT, **more)


def flag(column: str, **more: Any) -> Any:
    """True or false, also on SQLite, which has no type for it."""
    return Field(sa_type=Boolean(create_constraint=True, name=f"{column}_flag"), **more)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """CHECK that a column holds a word of the vocabulary, or nothing."""
    listed = ", ".join(f"'{w}'" for w in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_word")


def check(name: str, sql: str) -> CheckConstraint:
    return CheckConstraint(sql, name=name)


SPAN = "start_cp >= 0 AND end_cp > start_cp"
SAYS_SOMETHING = "is_claim OR is_quote OR is_opinion OR none_reason IS NOT NULL"


class Project(SQLModel, table=True):
    __table_args__ = (check("required_reviewers", "required_reviewers >= 1"),)
    id: int | None = key()
    slug: str = Field(unique=True)
    title: str
    required_reviewers: int = 2
    active_guideline_id: int | None = Field(
        default=None,
        sa_type=BIGINT,
        sa_column_args=[ForeignKey("guideline.id", name="fk_project_active_guideline_id", use_alter=True)],
    )
    options: str = "{}"


class Guideline(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("project_id", "version"),)
    id: int | None = key()
    project_id: int = foreign("project.id")
    version: str
    body: str
    sha256: str
    active_from: str


class ImportBatch(SQLModel, table=True):
    __tablename__ = "import_batch"
    __table_args__ = (one_of("format", v.ImportFormat),)
    id: int | None = key()
    project_id: int = foreign("project.id", index=True)
    uid: str = Field(unique=True)
    format: str
    file_name: str | None = None
    file_sha256: str | None = None
    imported_at: str
    importer_version: str
    options: str = "{}"
    report: str = "{}"


class Article(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("project_id", "uid"),
        UniqueConstraint("project_id", "text_sha256"),
        Index(
            "uq_article_external_id",
            "project_id",
            "external_id",
            unique=True,
            sqlite_where=text("external_id IS NOT NULL"),
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index("ix_article_project_id_published", "project_id", "published"),
        Index("ix_article_deleted_at", "deleted_at"),
        check("text_not_empty", "length(text) >= 1 AND text_length >= 1"),
    )
    id: int | None = key()
    project_id: int = foreign("project.id")
    batch_id: int = foreign("import_batch.id", index=True)
    uid: str = Field(index=True)
    external_id: str | None = None
    title: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    publisher: str | None = None
    byline: str = "[]"
    published: str | None = None
    language: str = "en"
    license: str | None = None
    rights_note: str | None = None
    retrieved_at: str | None = None
    deleted_at: str | None = None
    text: str
    text_sha256: str
    text_length: int = number()


class Block(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("article_id", "ordinal"),
        UniqueConstraint("article_id", "start_cp"),
        UniqueConstraint("id", "article_id"),
        one_of("kind", v.BlockKind),
        check("span", SPAN),
        check("level", "level BETWEEN 1 AND 6"),
    )
    id: int | None = key()
    article_id: int = foreign("article.id")
    ordinal: int = number()
    kind: str
    level: int | None = None
    start_cp: int = number()
    end_cp: int = number()


class Segmentation(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("article_id", "version"),
        UniqueConstraint("id", "article_id"),
        check("version", "version >= 1"),
    )
    id: int | None = key()
    article_id: int = foreign("article.id")
    version: int
    engine: str
    reason: str | None = None
    created_by: int | None = foreign("reviewer.id", nullable=True)
    created_at: str


class Sentence(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("article_id", "start_cp", "end_cp"),
        ForeignKeyConstraint(["block_id", "article_id"], ["block.id", "block.article_id"], ondelete="RESTRICT"),
        ForeignKeyConstraint(
            ["created_in", "article_id"], ["segmentation.id", "segmentation.article_id"], ondelete="RESTRICT"
        ),
        ForeignKeyConstraint(
            ["retired_in", "article_id"], ["segmentation.id", "segmentation.article_id"], ondelete="RESTRICT"
        ),
        Index(
            "uq_sentence_live_start",
            "article_id",
            "start_cp",
            unique=True,
            sqlite_where=text("retired_in IS NULL"),
            postgresql_where=text("retired_in IS NULL"),
        ),
        Index(
            "uq_sentence_live_end",
            "article_id",
            "end_cp",
            unique=True,
            sqlite_where=text("retired_in IS NULL"),
            postgresql_where=text("retired_in IS NULL"),
        ),
        Index(
            "ix_sentence_retired",
            "article_id",
            "id",
            sqlite_where=text("retired_in IS NOT NULL"),
            postgresql_where=text("retired_in IS NOT NULL"),
        ),
        one_of("origin", v.SentenceOrigin),
        check("span", SPAN),
    )
    id: int | None = key()
    article_id: int = foreign("article.id")
    block_id: int = number(index=True)
    uid: str = Field(index=True)
    start_cp: int = number()
    end_cp: int = number()
    created_in: int = number()
    retired_in: int | None = number(default=None)
    origin: str = v.SentenceOrigin.AUTO


class SentenceLineage(SQLModel, table=True):
    __tablename__ = "sentence_lineage"
    __table_args__ = (one_of("kind", v.Lineage), check("not_itself", "old_id <> new_id"))
    old_id: int = foreign("sentence.id", primary_key=True)
    new_id: int = foreign("sentence.id", primary_key=True, index=True)
    kind: str


class Reviewer(SQLModel, table=True):
    __table_args__ = (
        Index("uq_reviewer_name_lower", func.lower(text("name")), unique=True),
        one_of("kind", v.ReviewerKind),
        one_of("role", v.ReviewerRole),
        check("name_not_empty", "length(name) >= 1"),
    )
    id: int | None = key()
    uid: str = Field(unique=True)
    name: str
    kind: str = v.ReviewerKind.HUMAN
    role: str = v.ReviewerRole.REVIEWER
    active: bool = flag("active", default=True)
    secret_hash: str | None = None
    preferences: str = "{}"
    created_at: str


class SignInLink(SQLModel, table=True):
    __tablename__ = "sign_in_link"
    id: int | None = key()
    reviewer_id: int = foreign("reviewer.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: str
    expires_at: str
    used_at: str | None = None


class SignInAttempt(SQLModel, table=True):
    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_subject_at", "subject", "at"),)
    id: int | None = key()
    subject: str
    at: str
    succeeded: bool = flag("succeeded")


class WebSession(SQLModel, table=True):
    __tablename__ = "session"
    id: int | None = key()
    reviewer_id: int = foreign("reviewer.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: str
    last_seen_at: str
    expires_at: str
    revoked_at: str | None = None


class ApiToken(SQLModel, table=True):
    __tablename__ = "api_token"
    id: int | None = key()
    reviewer_id: int = foreign("reviewer.id", index=True)
    token_hash: str = Field(unique=True)
    created_at: str
    last_used_at: str | None = None
    revoked_at: str | None = None


class Assignment(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("article_id", "reviewer_id"),
        Index("ix_assignment_reviewer_id_state", "reviewer_id", "state"),
        one_of("state", v.AssignmentState),
        check("finished_at", "(state = 'finished') = (finished_at IS NOT NULL)"),
    )
    id: int | None = key()
    article_id: int = foreign("article.id")
    reviewer_id: int = foreign("reviewer.id")
    state: str = v.AssignmentState.OPEN
    assigned_at: str
    finished_at: str | None = None
    due: str | None = None


class Annotation(SQLModel, table=True):
    """One reviewer's judgement on one sentence, or the gold one; `revision` counts its changes from 1."""

    __table_args__ = (
        Index(
            "uq_annotation_reviewer",
            "sentence_id",
            "reviewer_id",
            unique=True,
            sqlite_where=text("role = 'reviewer'"),
            postgresql_where=text("role = 'reviewer'"),
        ),
        Index(
            "uq_annotation_gold",
            "sentence_id",
            unique=True,
            sqlite_where=text("role = 'gold'"),
            postgresql_where=text("role = 'gold'"),
        ),
        Index("ix_annotation_reviewer_id_status", "reviewer_id", "status"),
        Index("ix_annotation_reviewer_id_id", "reviewer_id", "id"),
        Index("ix_annotation_sentence_id_role_status", "sentence_id", "role", "status"),
        one_of("role", v.AnnotationRole),
        one_of("method", v.GoldMethod),
        one_of("status", v.Status),
        one_of("claim_voice", v.Voice),
        one_of("opinion_voice", v.Voice),
        one_of("none_reason", v.NoneReason),
        one_of("confidence", v.Confidence),
        one_of("origin", v.Origin),
        check("claim_has_voice", "is_claim = (claim_voice IS NOT NULL)"),
        check("opinion_has_voice", "is_opinion = (opinion_voice IS NOT NULL)"),
        check("none_excludes_labels", "none_reason IS NULL OR NOT (is_claim OR is_quote OR is_opinion)"),
        check("complete_says_something", f"status <> 'complete' OR {SAYS_SOMETHING}"),
        check("unsure_has_no_label", f"status <> 'unsure' OR NOT ({SAYS_SOMETHING})"),
        check("gold_has_method", "(role = 'gold') = (method IS NOT NULL)"),
        check("gold_is_decided", "role <> 'gold' OR status IN ('complete', 'needs_review')"),
        check("somebody_judged", "reviewer_id IS NOT NULL OR (role = 'gold' AND method = 'unanimous')"),
        check("revision", "revision >= 1"),
    )
    id: int | None = key()
    uid: str = Field(index=True)
    sentence_id: int = foreign("sentence.id")
    reviewer_id: int | None = foreign("reviewer.id", nullable=True)
    role: str = v.AnnotationRole.REVIEWER
    method: str | None = None
    status: str
    is_claim: bool = flag("is_claim", default=False)
    is_quote: bool = flag("is_quote", default=False)
    is_opinion: bool = flag("is_opinion", default=False)
    claim_voice: str | None = None
    opinion_voice: str | None = None
    none_reason: str | None = None
    loaded_language: bool = flag("loaded_language", default=False)
    confidence: str | None = None
    note: str | None = None
    guideline_rule: str | None = None
    guideline_id: int = foreign("guideline.id")
    origin: str = v.Origin.HUMAN
    revision: int = 1
    last_attribution_seq: int = 0
    last_claim_seq: int = 0
    created_at: str
    updated_at: str


class AnnotationRevision(SQLModel, table=True):
    """What an annotation, with all that hangs on it, was after a change; `reverts`: the revision an undo took back."""

    __tablename__ = "annotation_revision"
    __table_args__ = (UniqueConstraint("annotation_id", "number"), check("number", "number >= 1"))
    id: int | None = key()
    annotation_id: int = foreign("annotation.id")
    number: int
    snapshot: str
    action: str
    reverts: int | None = None
    actor_id: int | None = foreign("reviewer.id", nullable=True, index=True)
    at: str
    request_id: str | None = None


class Attribution(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("annotation_id", "seq"),
        UniqueConstraint("id", "annotation_id"),
        ForeignKeyConstraint(
            ["parent_id", "annotation_id"], ["attribution.id", "attribution.annotation_id"], ondelete="RESTRICT"
        ),
        one_of("type", v.AttributionType),
        one_of("mode", v.Mode),
        one_of("naming", v.Naming),
        one_of("record", v.Record),
        one_of("confidence", v.Confidence),
        check("not_own_parent", "parent_id <> id"),
        check("seq", "seq >= 1"),
        check("speaker_span_whole", "(speaker_start IS NULL) = (speaker_end IS NULL)"),
        check("speaker_span_forward", "speaker_end > speaker_start"),
    )
    id: int | None = key()
    annotation_id: int = foreign("annotation.id")
    seq: int
    uid: str = Field(index=True)
    parent_id: int | None = number(default=None, index=True)
    continues_id: int | None = foreign("attribution.id", nullable=True, index=True)
    type: str
    mode: str = v.Mode.STATEMENT
    negated: bool = flag("negated", default=False)
    speaker_id: int | None = foreign("speaker.id", nullable=True, index=True)
    speaker_start: int | None = number(default=None)
    speaker_end: int | None = number(default=None)
    role: str | None = None
    affiliation: str | None = None
    naming: str = v.Naming.NAMED
    record: str = v.Record.ON_RECORD
    source_id: int | None = foreign("source.id", nullable=True, index=True)
    confidence: str = v.Confidence.HIGH
    note: str | None = None


class AttributionSpan(SQLModel, table=True):
    __tablename__ = "attribution_span"
    __table_args__ = (one_of("part", v.SpanPart), check("span", SPAN))
    attribution_id: int = Field(
        primary_key=True, sa_type=BIGINT, sa_column_args=[ForeignKey("attribution.id", ondelete="CASCADE")]
    )
    part: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    start_cp: int = number()
    end_cp: int = number()


class Speaker(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("project_id", "kind", "name_key"),
        one_of("kind", v.SpeakerKind),
        check("not_into_itself", "merged_into_id <> id"),
    )
    id: int | None = key()
    project_id: int = foreign("project.id")
    uid: str = Field(index=True)
    name: str
    name_key: str
    kind: str = v.SpeakerKind.PERSON
    same_as: str | None = None
    merged_into_id: int | None = foreign("speaker.id", nullable=True, index=True)


class SpeakerAlias(SQLModel, table=True):
    __tablename__ = "speaker_alias"
    __table_args__ = (UniqueConstraint("speaker_id", "alias_key"),)
    id: int | None = key()
    speaker_id: int = foreign("speaker.id")
    alias: str
    alias_key: str = Field(index=True)


class Claim(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("annotation_id", "seq"),
        ForeignKeyConstraint(
            ["attribution_id", "annotation_id"], ["attribution.id", "attribution.annotation_id"], ondelete="RESTRICT"
        ),
        one_of("claim_type", v.ClaimType),
        one_of("check_worthiness", v.CheckWorthiness),
        one_of("voice", v.ClaimVoice),
        one_of("verdict", v.Verdict),
        check("span", SPAN),
        check("attributed", "attribution_id IS NULL OR voice = 'attributed'"),
        check("seq", "seq >= 1"),
    )
    id: int | None = key()
    annotation_id: int = foreign("annotation.id")
    seq: int
    uid: str = Field(index=True)
    start_cp: int = number()
    end_cp: int = number()
    text_normalized: str | None = None
    claim_type: str | None = None
    check_worthiness: str | None = None
    voice: str = v.ClaimVoice.AUTHOR
    attribution_id: int | None = number(default=None, index=True)
    claim_date: str | None = None
    verdict: str | None = None
    verdict_note: str | None = None
    last_evidence_seq: int = 0


class Source(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("project_id", "dedup_key"),
        one_of("type", v.SourceType),
        one_of("medium", v.Medium),
        one_of("tier", v.Tier),
        check("not_into_itself", "merged_into_id <> id"),
    )
    id: int | None = key()
    project_id: int = foreign("project.id")
    uid: str = Field(index=True)
    dedup_key: str
    type: str = v.SourceType.WEBPAGE
    title: str
    authors: str = "[]"
    publisher: str | None = None
    issued: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    doi: str | None = None
    archived_url: str | None = None
    accessed_on: str | None = None
    medium: str | None = None
    tier: str = v.Tier.UNKNOWN
    note: str | None = None
    merged_into_id: int | None = foreign("source.id", nullable=True, index=True)


class SourceMention(SQLModel, table=True):
    __tablename__ = "source_mention"
    __table_args__ = (UniqueConstraint("annotation_id", "source_id", "start_cp"), check("span", SPAN))
    id: int | None = key()
    annotation_id: int = foreign("annotation.id")
    source_id: int = foreign("source.id", index=True)
    start_cp: int = number()
    end_cp: int = number()


class Evidence(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("claim_id", "seq"),
        Index(
            "uq_evidence_passage",
            "claim_id",
            "source_id",
            func.coalesce(text("excerpt_sha256"), text("''")),
            func.coalesce(text("locator"), text("''")),
            unique=True,
        ),
        one_of("stance", v.Stance),
        check("excerpt", "(excerpt IS NULL) = (excerpt_sha256 IS NULL)"),
        check("seq", "seq >= 1"),
    )
    id: int | None = key()
    claim_id: int = Field(sa_type=BIGINT, sa_column_args=[ForeignKey("claim.id", ondelete="CASCADE")])
    seq: int
    uid: str = Field(index=True)
    source_id: int = foreign("source.id", index=True)
    stance: str
    excerpt: str | None = None
    excerpt_sha256: str | None = None
    locator: str | None = None
    question: str | None = None
    answer: str | None = None
    accessed_on: str | None = None
    archived_url: str | None = None
    note: str | None = None


class Suggestion(SQLModel, table=True):
    __table_args__ = (UniqueConstraint("sentence_id", "engine", "engine_version"),)
    id: int | None = key()
    sentence_id: int = foreign("sentence.id")
    engine: str
    engine_version: str
    payload: str
    score: float | None = None


class SuggestionResponse(SQLModel, table=True):
    """A reviewer's answer to one suggestion: it is not shown to them again."""

    __tablename__ = "suggestion_response"
    __table_args__ = (UniqueConstraint("suggestion_id", "reviewer_id", "part"), one_of("answer", v.SuggestionAnswer))
    id: int | None = key()
    suggestion_id: int = foreign("suggestion.id")
    reviewer_id: int = foreign("reviewer.id", index=True)
    part: str
    answer: str
    at: str


class Event(SQLModel, table=True):
    """One per write. `sha256` covers the row and the sha256 before it, so a changed, missing or added row shows."""

    __tablename__ = "event_log"
    __table_args__ = (
        Index("ix_event_log_entity_entity_uid", "entity", "entity_uid"),
        Index("ix_event_log_at", "at"),
        Index("ix_event_log_actor_id_article_id", "actor_id", "article_id"),
        UniqueConstraint("request_id", "action", "entity_uid"),
    )
    id: int | None = key()
    at: str
    actor_id: int | None = foreign("reviewer.id", nullable=True)
    article_id: int | None = foreign("article.id", nullable=True)
    request_id: str | None = None
    action: str
    entity: str
    entity_uid: str
    before_sha: str | None = None
    after_sha: str | None = None
    detail: str = "{}"
    previous_sha256: str | None = None
    sha256: str


class Release(SQLModel, table=True):
    """An export that was frozen under a name, as it was after one event; it never changes."""

    __table_args__ = (UniqueConstraint("project_id", "name_key"), check("name_not_empty", "length(name) >= 1"))
    id: int | None = key()
    project_id: int = foreign("project.id")
    name: str
    name_key: str
    event_id: int = foreign("event_log.id")
    actor_id: int | None = foreign("reviewer.id", nullable=True)
    at: str
    manifest: str
    agreement: str


class ReleasePart(SQLModel, table=True):
    """A piece of a file of a release, packed by itself with zlib."""

    __tablename__ = "release_part"
    __table_args__ = (check("n", "n >= 0"),)
    release_id: int = foreign("release.id", primary_key=True)
    file: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    data: bytes
