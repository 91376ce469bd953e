"""Indexes for a large corpus: a reviewer's latest answers, and sentences that a merge or split has retired."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

RETIRED = sa.text("retired_in IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_annotation_reviewer_id_id", "annotation", ["reviewer_id", "id"])
    op.create_index(
        "ix_sentence_retired", "sentence", ["article_id", "id"], sqlite_where=RETIRED, postgresql_where=RETIRED
    )
