"""Indexes for a large corpus, and what SQLite is told about its shape.

Without statistics SQLite takes every index for as good as another, and finds one answer by all that its reviewer ever
gave. `sqlite_stat1` is where it looks (https://www.sqlite.org/fileformat2.html#the_sqlite_stat1_table, which lets
programs write it): rows of the table, then how many of them share the first column of an index, the first two, and so
on. The numbers are those of 10,000 articles read by four of 50 reviewers. PostgreSQL counts for itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

RETIRED = sa.text("retired_in IS NOT NULL")
SHAPE = {
    "annotation": {
        "ix_annotation_reviewer_id_id": "1000000 20000 1",
        "ix_annotation_reviewer_id_status": "1000000 20000 5000",
        "ix_annotation_sentence_id_role_status": "1000000 5 4 4",
        "ix_annotation_uid": "1000000 1",
        "uq_annotation_gold": "60000 1",
        "uq_annotation_reviewer": "1000000 4 1",
    },
    "annotation_revision": {
        "ix_annotation_revision_actor_id": "1200000 24000",
        "sqlite_autoindex_annotation_revision_1": "1200000 2 1",
    },
    "article": {
        "ix_article_batch_id": "10000 100",
        "ix_article_deleted_at": "10000 5000",
        "ix_article_project_id_published": "10000 10000 10",
        "ix_article_uid": "10000 1",
        "sqlite_autoindex_article_1": "10000 10000 1",
        "sqlite_autoindex_article_2": "10000 10000 1",
    },
    "assignment": {
        "ix_assignment_reviewer_id_state": "40000 800 400",
        "sqlite_autoindex_assignment_1": "40000 4 1",
    },
    "attribution": {
        "ix_attribution_continues_id": "300000 100",
        "ix_attribution_parent_id": "300000 100",
        "ix_attribution_source_id": "300000 500",
        "ix_attribution_speaker_id": "300000 500",
        "ix_attribution_uid": "300000 1",
        "sqlite_autoindex_attribution_1": "300000 1 1",
        "sqlite_autoindex_attribution_2": "300000 1 1",
    },
    "attribution_span": {"sqlite_autoindex_attribution_span_1": "600000 2 1 1"},
    "block": {
        "sqlite_autoindex_block_1": "70000 8 1",
        "sqlite_autoindex_block_2": "70000 8 1",
        "sqlite_autoindex_block_3": "70000 1 1",
    },
    "claim": {
        "ix_claim_attribution_id": "120000 100",
        "ix_claim_uid": "120000 1",
        "sqlite_autoindex_claim_1": "120000 1 1",
    },
    "event_log": {
        "ix_event_log_actor_id_article_id": "1200000 24000 25",
        "ix_event_log_at": "1200000 2",
        "ix_event_log_entity_entity_uid": "1200000 200000 2",
        "sqlite_autoindex_event_log_1": "1200000 2 2 1",
    },
    "evidence": {
        "ix_evidence_source_id": "170000 100",
        "ix_evidence_uid": "170000 1",
        "sqlite_autoindex_evidence_1": "170000 2 1",
        "uq_evidence_passage": "170000 2 1 1 1",
    },
    "sentence": {
        "ix_sentence_block_id": "250000 4",
        "ix_sentence_retired": "1000 5 1",
        "ix_sentence_uid": "250000 1",
        "sqlite_autoindex_sentence_1": "250000 25 1 1",
        "uq_sentence_live_end": "250000 25 1",
        "uq_sentence_live_start": "250000 25 1",
    },
    "suggestion": {"sqlite_autoindex_suggestion_1": "120000 1 1 1"},
}


def upgrade() -> None:
    op.create_index("ix_article_deleted_at", "article", ["deleted_at"])
    op.create_index("ix_annotation_reviewer_id_id", "annotation", ["reviewer_id", "id"])
    op.create_index(
        "ix_sentence_retired", "sentence", ["article_id", "id"], sqlite_where=RETIRED, postgresql_where=RETIRED
    )
    if op.get_bind().dialect.name == "sqlite":
        _tell_shape()


def _tell_shape() -> None:
    op.execute("ANALYZE sqlite_schema")  # makes the table
    op.execute("DELETE FROM sqlite_stat1")
    for table, indexes in SHAPE.items():
        for index, shape in indexes.items():
            op.execute(f"INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('{table}', '{index}', '{shape}')")
