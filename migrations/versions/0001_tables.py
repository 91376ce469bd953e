"""All tables, the indexes that need an expression, and the triggers that keep what is immutable as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    tables()
    expression_indexes()
    if op.get_bind().dialect.name == "sqlite":
        sqlite_triggers()
    else:
        postgresql_triggers()


def tables() -> None:
    op.create_table(
        "project",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("required_reviewers", sa.Integer(), nullable=False),
        sa.Column("active_guideline_id", ID, nullable=True),
        sa.Column("options", sa.String(), nullable=False),
        sa.CheckConstraint("required_reviewers >= 1", name=op.f("ck_project_required_reviewers")),
        sa.ForeignKeyConstraint(
            ["active_guideline_id"], ["guideline.id"], name=op.f("fk_project_active_guideline_id"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("slug", name=op.f("uq_project_slug")),
    )
    op.create_table(
        "reviewer",
        sa.Column("id", ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(create_constraint=True, name="active_flag"), nullable=False),
        sa.Column("secret_hash", sa.String(), nullable=True),
        sa.Column("preferences", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('human', 'machine')", name=op.f("ck_reviewer_kind_word")),
        sa.CheckConstraint("role IN ('reviewer', 'lead')", name=op.f("ck_reviewer_role_word")),
        sa.CheckConstraint("length(name) >= 1", name=op.f("ck_reviewer_name_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewer")),
        sa.UniqueConstraint("uid", name=op.f("uq_reviewer_uid")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("succeeded", sa.Boolean(create_constraint=True, name="succeeded_flag"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index("ix_sign_in_attempt_subject_at", "sign_in_attempt", ["subject", "at"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("id", ID, nullable=False),
        sa.Column("reviewer_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("last_used_at", sa.String(), nullable=True),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_api_token_reviewer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index("ix_api_token_reviewer_id", "api_token", ["reviewer_id"], unique=False)
    op.create_table(
        "guideline",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("active_from", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_guideline_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guideline")),
        sa.UniqueConstraint("project_id", "version", name=op.f("uq_guideline_project_id_version")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=True),
        sa.Column("file_sha256", sa.String(), nullable=True),
        sa.Column("imported_at", sa.String(), nullable=False),
        sa.Column("importer_version", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.CheckConstraint(
            "format IN ('txt', 'md', 'html', 'jsonl', 'csv', 'contract')", name=op.f("ck_import_batch_format_word")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_import_batch_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("uid", name=op.f("uq_import_batch_uid")),
    )
    op.create_index("ix_import_batch_project_id", "import_batch", ["project_id"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", ID, nullable=False),
        sa.Column("reviewer_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("last_seen_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("revoked_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_session_reviewer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index("ix_session_reviewer_id", "session", ["reviewer_id"], unique=False)
    op.create_table(
        "sign_in_link",
        sa.Column("id", ID, nullable=False),
        sa.Column("reviewer_id", ID, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("expires_at", sa.String(), nullable=False),
        sa.Column("used_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_sign_in_link_reviewer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    op.create_index("ix_sign_in_link_reviewer_id", "sign_in_link", ["reviewer_id"], unique=False)
    op.create_table(
        "source",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("dedup_key", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("authors", sa.String(), nullable=False),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("issued", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("canonical_url", sa.String(), nullable=True),
        sa.Column("doi", sa.String(), nullable=True),
        sa.Column("archived_url", sa.String(), nullable=True),
        sa.Column("accessed_on", sa.String(), nullable=True),
        sa.Column("medium", sa.String(), nullable=True),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.CheckConstraint(
            "medium IN ('text', 'table', 'pdf', 'image', 'video', 'audio', 'other')", name=op.f("ck_source_medium_word")
        ),
        sa.CheckConstraint("tier IN ('primary', 'secondary', 'tertiary', 'unknown')", name=op.f("ck_source_tier_word")),
        sa.CheckConstraint(
            "type IN ('article', 'article-newspaper', 'webpage', 'report', 'legislation', 'legal_case', 'dataset', 'speech', 'press_release', 'statement', 'interview', 'book', 'document', 'video', 'audio', 'social', 'other')",
            name=op.f("ck_source_type_word"),
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_source_not_into_itself")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["source.id"], name=op.f("fk_source_merged_into_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_source_project_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("project_id", "dedup_key", name=op.f("uq_source_project_id_dedup_key")),
    )
    op.create_index("ix_source_merged_into_id", "source", ["merged_into_id"], unique=False)
    op.create_index("ix_source_uid", "source", ["uid"], unique=False)
    op.create_table(
        "speaker",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("same_as", sa.String(), nullable=True),
        sa.Column("merged_into_id", ID, nullable=True),
        sa.CheckConstraint(
            "kind IN ('person', 'organization', 'group', 'document', 'unknown')", name=op.f("ck_speaker_kind_word")
        ),
        sa.CheckConstraint("merged_into_id <> id", name=op.f("ck_speaker_not_into_itself")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["speaker.id"], name=op.f("fk_speaker_merged_into_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_speaker_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker")),
        sa.UniqueConstraint("project_id", "kind", "name_key", name=op.f("uq_speaker_project_id_kind_name_key")),
    )
    op.create_index("ix_speaker_merged_into_id", "speaker", ["merged_into_id"], unique=False)
    op.create_index("ix_speaker_uid", "speaker", ["uid"], unique=False)
    op.create_table(
        "article",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("canonical_url", sa.String(), nullable=True),
        sa.Column("publisher", sa.String(), nullable=True),
        sa.Column("byline", sa.String(), nullable=False),
        sa.Column("published", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("license", sa.String(), nullable=True),
        sa.Column("rights_note", sa.String(), nullable=True),
        sa.Column("retrieved_at", sa.String(), nullable=True),
        sa.Column("deleted_at", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_sha256", sa.String(), nullable=False),
        sa.Column("text_length", ID, nullable=False),
        sa.CheckConstraint("length(text) >= 1 AND text_length >= 1", name=op.f("ck_article_text_not_empty")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_article_batch_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_article_project_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("project_id", "text_sha256", name=op.f("uq_article_project_id_text_sha256")),
        sa.UniqueConstraint("project_id", "uid", name=op.f("uq_article_project_id_uid")),
    )
    op.create_index("ix_article_batch_id", "article", ["batch_id"], unique=False)
    op.create_index("ix_article_project_id_published", "article", ["project_id", "published"], unique=False)
    op.create_index("ix_article_uid", "article", ["uid"], unique=False)
    op.create_index(
        "uq_article_external_id",
        "article",
        ["project_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("external_id IS NOT NULL"),
        postgresql_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_table(
        "speaker_alias",
        sa.Column("id", ID, nullable=False),
        sa.Column("speaker_id", ID, nullable=False),
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("alias_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speaker.id"], name=op.f("fk_speaker_alias_speaker_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_speaker_alias")),
        sa.UniqueConstraint("speaker_id", "alias_key", name=op.f("uq_speaker_alias_speaker_id_alias_key")),
    )
    op.create_index("ix_speaker_alias_alias_key", "speaker_alias", ["alias_key"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("reviewer_id", ID, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("assigned_at", sa.String(), nullable=False),
        sa.Column("finished_at", sa.String(), nullable=True),
        sa.Column("due", sa.String(), nullable=True),
        sa.CheckConstraint("(state = 'finished') = (finished_at IS NOT NULL)", name=op.f("ck_assignment_finished_at")),
        sa.CheckConstraint("state IN ('open', 'finished')", name=op.f("ck_assignment_state_word")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_assignment_article_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_assignment_reviewer_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("article_id", "reviewer_id", name=op.f("uq_assignment_article_id_reviewer_id")),
    )
    op.create_index("ix_assignment_reviewer_id_state", "assignment", ["reviewer_id", "state"], unique=False)
    op.create_table(
        "block",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("ordinal", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("start_cp", ID, nullable=False),
        sa.Column("end_cp", ID, nullable=False),
        sa.CheckConstraint(
            "kind IN ('heading', 'paragraph', 'list_item', 'quote', 'caption', 'table', 'disclaimer', 'other')",
            name=op.f("ck_block_kind_word"),
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 6", name=op.f("ck_block_level")),
        sa.CheckConstraint("start_cp >= 0 AND end_cp > start_cp", name=op.f("ck_block_span")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_block_article_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
        sa.UniqueConstraint("article_id", "ordinal", name=op.f("uq_block_article_id_ordinal")),
        sa.UniqueConstraint("article_id", "start_cp", name=op.f("uq_block_article_id_start_cp")),
        sa.UniqueConstraint("id", "article_id", name=op.f("uq_block_id_article_id")),
    )
    op.create_table(
        "event_log",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("article_id", ID, nullable=True),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("entity_uid", sa.String(), nullable=False),
        sa.Column("before_sha", sa.String(), nullable=True),
        sa.Column("after_sha", sa.String(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("previous_sha256", sa.String(), nullable=True),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["reviewer.id"], name=op.f("fk_event_log_actor_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_event_log_article_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_log")),
        sa.UniqueConstraint(
            "request_id", "action", "entity_uid", name=op.f("uq_event_log_request_id_action_entity_uid")
        ),
    )
    op.create_index("ix_event_log_actor_id_article_id", "event_log", ["actor_id", "article_id"], unique=False)
    op.create_index("ix_event_log_at", "event_log", ["at"], unique=False)
    op.create_index("ix_event_log_entity_entity_uid", "event_log", ["entity", "entity_uid"], unique=False)
    op.create_table(
        "segmentation",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created_by", ID, nullable=True),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_segmentation_version")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_segmentation_article_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["reviewer.id"], name=op.f("fk_segmentation_created_by"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segmentation")),
        sa.UniqueConstraint("article_id", "version", name=op.f("uq_segmentation_article_id_version")),
        sa.UniqueConstraint("id", "article_id", name=op.f("uq_segmentation_id_article_id")),
    )
    op.create_table(
        "sentence",
        sa.Column("id", ID, nullable=False),
        sa.Column("article_id", ID, nullable=False),
        sa.Column("block_id", ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("start_cp", ID, nullable=False),
        sa.Column("end_cp", ID, nullable=False),
        sa.Column("created_in", ID, nullable=False),
        sa.Column("retired_in", ID, nullable=True),
        sa.Column("origin", sa.String(), nullable=False),
        sa.CheckConstraint("origin IN ('auto', 'merge', 'split')", name=op.f("ck_sentence_origin_word")),
        sa.CheckConstraint("start_cp >= 0 AND end_cp > start_cp", name=op.f("ck_sentence_span")),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_sentence_article_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["block_id", "article_id"],
            ["block.id", "block.article_id"],
            name=op.f("fk_sentence_block_id_article_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["created_in", "article_id"],
            ["segmentation.id", "segmentation.article_id"],
            name=op.f("fk_sentence_created_in_article_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["retired_in", "article_id"],
            ["segmentation.id", "segmentation.article_id"],
            name=op.f("fk_sentence_retired_in_article_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sentence")),
        sa.UniqueConstraint("article_id", "start_cp", "end_cp", name=op.f("uq_sentence_article_id_start_cp_end_cp")),
    )
    op.create_index("ix_sentence_block_id", "sentence", ["block_id"], unique=False)
    op.create_index("ix_sentence_uid", "sentence", ["uid"], unique=False)
    op.create_index(
        "uq_sentence_live_end",
        "sentence",
        ["article_id", "end_cp"],
        unique=True,
        sqlite_where=sa.text("retired_in IS NULL"),
        postgresql_where=sa.text("retired_in IS NULL"),
    )
    op.create_index(
        "uq_sentence_live_start",
        "sentence",
        ["article_id", "start_cp"],
        unique=True,
        sqlite_where=sa.text("retired_in IS NULL"),
        postgresql_where=sa.text("retired_in IS NULL"),
    )
    op.create_table(
        "annotation",
        sa.Column("id", ID, nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("sentence_id", ID, nullable=False),
        sa.Column("reviewer_id", ID, nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("is_claim", sa.Boolean(create_constraint=True, name="is_claim_flag"), nullable=False),
        sa.Column("is_quote", sa.Boolean(create_constraint=True, name="is_quote_flag"), nullable=False),
        sa.Column("is_opinion", sa.Boolean(create_constraint=True, name="is_opinion_flag"), nullable=False),
        sa.Column("claim_voice", sa.String(), nullable=True),
        sa.Column("opinion_voice", sa.String(), nullable=True),
        sa.Column("none_reason", sa.String(), nullable=True),
        sa.Column("loaded_language", sa.Boolean(create_constraint=True, name="loaded_language_flag"), nullable=False),
        sa.Column("confidence", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("guideline_rule", sa.String(), nullable=True),
        sa.Column("guideline_id", ID, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("last_attribution_seq", sa.Integer(), nullable=False),
        sa.Column("last_claim_seq", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("updated_at", sa.String(), nullable=False),
        sa.CheckConstraint("(role = 'gold') = (method IS NOT NULL)", name=op.f("ck_annotation_gold_has_method")),
        sa.CheckConstraint(
            "claim_voice IN ('author', 'attributed', 'both')", name=op.f("ck_annotation_claim_voice_word")
        ),
        sa.CheckConstraint("confidence IN ('high', 'medium', 'low')", name=op.f("ck_annotation_confidence_word")),
        sa.CheckConstraint("method IN ('adjudicated', 'unanimous')", name=op.f("ck_annotation_method_word")),
        sa.CheckConstraint(
            "none_reason IN ('heading', 'disclaimer', 'boilerplate', 'question', 'fragment', 'other')",
            name=op.f("ck_annotation_none_reason_word"),
        ),
        sa.CheckConstraint(
            "opinion_voice IN ('author', 'attributed', 'both')", name=op.f("ck_annotation_opinion_voice_word")
        ),
        sa.CheckConstraint(
            "origin IN ('human', 'suggestion_accepted', 'import', 'carried_over')",
            name=op.f("ck_annotation_origin_word"),
        ),
        sa.CheckConstraint(
            "reviewer_id IS NOT NULL OR (role = 'gold' AND method = 'unanimous')",
            name=op.f("ck_annotation_somebody_judged"),
        ),
        sa.CheckConstraint(
            "role <> 'gold' OR status IN ('complete', 'needs_review')", name=op.f("ck_annotation_gold_is_decided")
        ),
        sa.CheckConstraint("role IN ('reviewer', 'gold')", name=op.f("ck_annotation_role_word")),
        sa.CheckConstraint(
            "status <> 'complete' OR is_claim OR is_quote OR is_opinion OR none_reason IS NOT NULL",
            name=op.f("ck_annotation_complete_says_something"),
        ),
        sa.CheckConstraint(
            "status <> 'unsure' OR NOT (is_claim OR is_quote OR is_opinion OR none_reason IS NOT NULL)",
            name=op.f("ck_annotation_unsure_has_no_label"),
        ),
        sa.CheckConstraint(
            "status IN ('complete', 'needs_review', 'draft', 'unsure')", name=op.f("ck_annotation_status_word")
        ),
        sa.CheckConstraint("is_claim = (claim_voice IS NOT NULL)", name=op.f("ck_annotation_claim_has_voice")),
        sa.CheckConstraint("is_opinion = (opinion_voice IS NOT NULL)", name=op.f("ck_annotation_opinion_has_voice")),
        sa.CheckConstraint(
            "none_reason IS NULL OR NOT (is_claim OR is_quote OR is_opinion)",
            name=op.f("ck_annotation_none_excludes_labels"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_annotation_revision")),
        sa.ForeignKeyConstraint(
            ["guideline_id"], ["guideline.id"], name=op.f("fk_annotation_guideline_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_annotation_reviewer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["sentence_id"], ["sentence.id"], name=op.f("fk_annotation_sentence_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation")),
    )
    op.create_index("ix_annotation_reviewer_id_status", "annotation", ["reviewer_id", "status"], unique=False)
    op.create_index(
        "ix_annotation_sentence_id_role_status", "annotation", ["sentence_id", "role", "status"], unique=False
    )
    op.create_index("ix_annotation_uid", "annotation", ["uid"], unique=False)
    op.create_index(
        "uq_annotation_gold",
        "annotation",
        ["sentence_id"],
        unique=True,
        sqlite_where=sa.text("role = 'gold'"),
        postgresql_where=sa.text("role = 'gold'"),
    )
    op.create_index(
        "uq_annotation_reviewer",
        "annotation",
        ["sentence_id", "reviewer_id"],
        unique=True,
        sqlite_where=sa.text("role = 'reviewer'"),
        postgresql_where=sa.text("role = 'reviewer'"),
    )
    op.create_table(
        "sentence_lineage",
        sa.Column("old_id", ID, nullable=False),
        sa.Column("new_id", ID, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('merge', 'split', 'move')", name=op.f("ck_sentence_lineage_kind_word")),
        sa.CheckConstraint("old_id <> new_id", name=op.f("ck_sentence_lineage_not_itself")),
        sa.ForeignKeyConstraint(
            ["new_id"], ["sentence.id"], name=op.f("fk_sentence_lineage_new_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["old_id"], ["sentence.id"], name=op.f("fk_sentence_lineage_old_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("old_id", "new_id", name=op.f("pk_sentence_lineage")),
    )
    op.create_index("ix_sentence_lineage_new_id", "sentence_lineage", ["new_id"], unique=False)
    op.create_table(
        "suggestion",
        sa.Column("id", ID, nullable=False),
        sa.Column("sentence_id", ID, nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("engine_version", sa.String(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sentence_id"], ["sentence.id"], name=op.f("fk_suggestion_sentence_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint(
            "sentence_id", "engine", "engine_version", name=op.f("uq_suggestion_sentence_id_engine_engine_version")
        ),
    )
    op.create_table(
        "annotation_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("reverts", sa.Integer(), nullable=True),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_annotation_revision_number")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["reviewer.id"], name=op.f("fk_annotation_revision_actor_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_annotation_revision_annotation_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation_revision")),
        sa.UniqueConstraint("annotation_id", "number", name=op.f("uq_annotation_revision_annotation_id_number")),
    )
    op.create_index("ix_annotation_revision_actor_id", "annotation_revision", ["actor_id"], unique=False)
    op.create_table(
        "attribution",
        sa.Column("id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("parent_id", ID, nullable=True),
        sa.Column("continues_id", ID, nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("negated", sa.Boolean(create_constraint=True, name="negated_flag"), nullable=False),
        sa.Column("speaker_id", ID, nullable=True),
        sa.Column("speaker_start", ID, nullable=True),
        sa.Column("speaker_end", ID, nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("affiliation", sa.String(), nullable=True),
        sa.Column("naming", sa.String(), nullable=False),
        sa.Column("record", sa.String(), nullable=False),
        sa.Column("source_id", ID, nullable=True),
        sa.Column("confidence", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("confidence IN ('high', 'medium', 'low')", name=op.f("ck_attribution_confidence_word")),
        sa.CheckConstraint(
            "mode IN ('statement', 'question', 'directive', 'belief', 'intention')",
            name=op.f("ck_attribution_mode_word"),
        ),
        sa.CheckConstraint(
            "naming IN ('named', 'described', 'collective', 'anonymous', 'unspecified')",
            name=op.f("ck_attribution_naming_word"),
        ),
        sa.CheckConstraint(
            "record IN ('on_record', 'background', 'deep_background', 'unknown')",
            name=op.f("ck_attribution_record_word"),
        ),
        sa.CheckConstraint("type IN ('direct', 'indirect', 'mixed')", name=op.f("ck_attribution_type_word")),
        sa.CheckConstraint(
            "(speaker_start IS NULL) = (speaker_end IS NULL)", name=op.f("ck_attribution_speaker_span_whole")
        ),
        sa.CheckConstraint("speaker_end > speaker_start", name=op.f("ck_attribution_speaker_span_forward")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_attribution_not_own_parent")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_attribution_seq")),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_attribution_annotation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["continues_id"], ["attribution.id"], name=op.f("fk_attribution_continues_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id", "annotation_id"],
            ["attribution.id", "attribution.annotation_id"],
            name=op.f("fk_attribution_parent_id_annotation_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_attribution_source_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speaker.id"], name=op.f("fk_attribution_speaker_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attribution")),
        sa.UniqueConstraint("annotation_id", "seq", name=op.f("uq_attribution_annotation_id_seq")),
        sa.UniqueConstraint("id", "annotation_id", name=op.f("uq_attribution_id_annotation_id")),
    )
    op.create_index("ix_attribution_continues_id", "attribution", ["continues_id"], unique=False)
    op.create_index("ix_attribution_parent_id", "attribution", ["parent_id"], unique=False)
    op.create_index("ix_attribution_source_id", "attribution", ["source_id"], unique=False)
    op.create_index("ix_attribution_speaker_id", "attribution", ["speaker_id"], unique=False)
    op.create_index("ix_attribution_uid", "attribution", ["uid"], unique=False)
    op.create_table(
        "source_mention",
        sa.Column("id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("start_cp", ID, nullable=False),
        sa.Column("end_cp", ID, nullable=False),
        sa.CheckConstraint("start_cp >= 0 AND end_cp > start_cp", name=op.f("ck_source_mention_span")),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_source_mention_annotation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_mention_source_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_mention")),
        sa.UniqueConstraint(
            "annotation_id", "source_id", "start_cp", name=op.f("uq_source_mention_annotation_id_source_id_start_cp")
        ),
    )
    op.create_index("ix_source_mention_source_id", "source_mention", ["source_id"], unique=False)
    op.create_table(
        "suggestion_response",
        sa.Column("id", ID, nullable=False),
        sa.Column("suggestion_id", ID, nullable=False),
        sa.Column("reviewer_id", ID, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.CheckConstraint("answer IN ('accepted', 'dismissed')", name=op.f("ck_suggestion_response_answer_word")),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["reviewer.id"], name=op.f("fk_suggestion_response_reviewer_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["suggestion_id"], ["suggestion.id"], name=op.f("fk_suggestion_response_suggestion_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion_response")),
        sa.UniqueConstraint(
            "suggestion_id", "reviewer_id", "part", name=op.f("uq_suggestion_response_suggestion_id_reviewer_id_part")
        ),
    )
    op.create_index("ix_suggestion_response_reviewer_id", "suggestion_response", ["reviewer_id"], unique=False)
    op.create_table(
        "attribution_span",
        sa.Column("attribution_id", ID, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("start_cp", ID, nullable=False),
        sa.Column("end_cp", ID, nullable=False),
        sa.CheckConstraint("part IN ('cue', 'content')", name=op.f("ck_attribution_span_part_word")),
        sa.CheckConstraint("start_cp >= 0 AND end_cp > start_cp", name=op.f("ck_attribution_span_span")),
        sa.ForeignKeyConstraint(
            ["attribution_id"], ["attribution.id"], name=op.f("fk_attribution_span_attribution_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribution_id", "part", "n", name=op.f("pk_attribution_span")),
    )
    op.create_table(
        "claim",
        sa.Column("id", ID, nullable=False),
        sa.Column("annotation_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("start_cp", ID, nullable=False),
        sa.Column("end_cp", ID, nullable=False),
        sa.Column("text_normalized", sa.String(), nullable=True),
        sa.Column("claim_type", sa.String(), nullable=True),
        sa.Column("check_worthiness", sa.String(), nullable=True),
        sa.Column("voice", sa.String(), nullable=False),
        sa.Column("attribution_id", ID, nullable=True),
        sa.Column("claim_date", sa.String(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("verdict_note", sa.String(), nullable=True),
        sa.Column("last_evidence_seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("attribution_id IS NULL OR voice = 'attributed'", name=op.f("ck_claim_attributed")),
        sa.CheckConstraint(
            "check_worthiness IN ('check_worthy', 'unimportant')", name=op.f("ck_claim_check_worthiness_word")
        ),
        sa.CheckConstraint(
            "claim_type IN ('numerical', 'causal', 'event_property', 'law_or_rule', 'position_statement', 'quote_verification', 'prediction', 'personal_experience', 'other')",
            name=op.f("ck_claim_claim_type_word"),
        ),
        sa.CheckConstraint(
            "verdict IN ('supported', 'refuted', 'not_enough_evidence', 'conflicting')",
            name=op.f("ck_claim_verdict_word"),
        ),
        sa.CheckConstraint("voice IN ('author', 'attributed')", name=op.f("ck_claim_voice_word")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_claim_seq")),
        sa.CheckConstraint("start_cp >= 0 AND end_cp > start_cp", name=op.f("ck_claim_span")),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotation.id"], name=op.f("fk_claim_annotation_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["attribution_id", "annotation_id"],
            ["attribution.id", "attribution.annotation_id"],
            name=op.f("fk_claim_attribution_id_annotation_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("annotation_id", "seq", name=op.f("uq_claim_annotation_id_seq")),
    )
    op.create_index("ix_claim_attribution_id", "claim", ["attribution_id"], unique=False)
    op.create_index("ix_claim_uid", "claim", ["uid"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", ID, nullable=False),
        sa.Column("claim_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("excerpt", sa.String(), nullable=True),
        sa.Column("excerpt_sha256", sa.String(), nullable=True),
        sa.Column("locator", sa.String(), nullable=True),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("accessed_on", sa.String(), nullable=True),
        sa.Column("archived_url", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "stance IN ('supports', 'refutes', 'context', 'not_enough')", name=op.f("ck_evidence_stance_word")
        ),
        sa.CheckConstraint("(excerpt IS NULL) = (excerpt_sha256 IS NULL)", name=op.f("ck_evidence_excerpt")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_evidence_seq")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_evidence_source_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("claim_id", "seq", name=op.f("uq_evidence_claim_id_seq")),
    )
    op.create_index("ix_evidence_source_id", "evidence", ["source_id"], unique=False)
    op.create_index("ix_evidence_uid", "evidence", ["uid"], unique=False)

    if op.get_bind().dialect.name != "sqlite":  # SQLite has it in the table: it cannot add one later
        op.create_foreign_key("fk_project_active_guideline_id", "project", "guideline", ["active_guideline_id"], ["id"])


def expression_indexes() -> None:
    op.execute("CREATE UNIQUE INDEX uq_reviewer_name_lower ON reviewer (lower(name))")
    op.execute(
        "CREATE UNIQUE INDEX uq_evidence_passage ON evidence"
        " (claim_id, source_id, coalesce(excerpt_sha256, ''), coalesce(locator, ''))"
    )


APPEND_ONLY = ("annotation_revision", "event_log")
# table: columns that never change once written
IMMUTABLE = {
    "article": ("project_id", "uid", "text", "text_sha256", "text_length"),
    "guideline": ("project_id", "version", "body", "sha256"),
    "block": ("article_id", "start_cp", "end_cp"),
    "sentence": ("article_id", "uid", "start_cp", "end_cp"),
    "annotation": ("uid", "sentence_id", "role"),
    "attribution": ("annotation_id", "seq", "uid"),
    "claim": ("annotation_id", "seq", "uid"),
    "evidence": ("claim_id", "seq", "uid"),
}
# a reviewer keeps what they wrote; gold passes to the lead who decides it anew
CHANGED_HANDS = "annotation: reviewer_id never changes but in gold"
OVERLAP = (
    "EXISTS (SELECT 1 FROM sentence s WHERE s.article_id = NEW.article_id AND s.retired_in IS NULL"
    " AND s.id <> NEW.id AND s.start_cp < NEW.end_cp AND s.end_cp > NEW.start_cp)"
)


def sqlite_triggers() -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            _sqlite_refuse(f"{table}_no_{verb.lower()}", f"BEFORE {verb} ON {table}", None, f"{table} is append-only")
    for table, columns in IMMUTABLE.items():
        changed = " OR ".join(f"OLD.{c} IS NOT NEW.{c}" for c in columns)
        head = f"BEFORE UPDATE OF {', '.join(columns)} ON {table}"
        _sqlite_refuse(f"{table}_immutable", head, changed, f"{table}: {', '.join(columns)} never change")
    passed_on = "OLD.role <> 'gold' AND OLD.reviewer_id IS NOT NEW.reviewer_id"
    _sqlite_refuse("annotation_reviewer", "BEFORE UPDATE OF reviewer_id ON annotation", passed_on, CHANGED_HANDS)
    for verb in ("INSERT", "UPDATE OF retired_in"):
        # after, not before: NEW.id is not known before an insert
        name = f"sentence_overlap_{verb.split()[0].lower()}"
        when = f"NEW.retired_in IS NULL AND {OVERLAP}"
        _sqlite_refuse(name, f"AFTER {verb} ON sentence", when, "live sentences overlap")


def _sqlite_refuse(name: str, head: str, when: str | None, message: str) -> None:
    condition = f" WHEN {when}" if when else ""
    op.execute(f"CREATE TRIGGER {name} {head}{condition} BEGIN SELECT RAISE(ABORT, '{message}'); END")


def postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$"
    )
    for table in APPEND_ONLY:
        _postgresql_refuse(
            f"{table}_append_only", f"BEFORE UPDATE OR DELETE ON {table}", None, f"{table} is append-only"
        )
        _postgresql_refuse(
            f"{table}_kept", f"BEFORE TRUNCATE ON {table}", None, f"{table} is append-only", each="STATEMENT"
        )
    for table, columns in IMMUTABLE.items():
        changed = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in columns)
        message = f"{table}: {', '.join(columns)} never change"
        _postgresql_refuse(f"{table}_immutable", f"BEFORE UPDATE ON {table}", changed, message)
    passed_on = "OLD.role <> 'gold' AND OLD.reviewer_id IS DISTINCT FROM NEW.reviewer_id"
    _postgresql_refuse("annotation_reviewer", "BEFORE UPDATE ON annotation", passed_on, CHANGED_HANDS)
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        "ALTER TABLE sentence ADD CONSTRAINT sentence_overlap EXCLUDE USING gist"
        " (article_id WITH =, int8range(start_cp, end_cp) WITH &&) WHERE (retired_in IS NULL)"
    )


def _postgresql_refuse(name: str, head: str, when: str | None, message: str, each: str = "ROW") -> None:
    condition = f" WHEN ({when})" if when else ""
    op.execute(f"CREATE TRIGGER {name} {head} FOR EACH {each}{condition} EXECUTE FUNCTION refuse('{message}')")
