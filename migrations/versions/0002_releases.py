"""Releases: exports that were frozen under a name, with their bytes; neither ever changes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("release", "release_part")


def upgrade() -> None:
    op.create_table(
        "release",
        sa.Column("id", ID, nullable=False),
        sa.Column("project_id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.Column("agreement", sa.String(), nullable=False),
        sa.CheckConstraint("length(name) >= 1", name=op.f("ck_release_name_not_empty")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_release_project_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event_log.id"], name=op.f("fk_release_event_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["actor_id"], ["reviewer.id"], name=op.f("fk_release_actor_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("project_id", "name_key", name=op.f("uq_release_project_id_name_key")),
    )
    op.create_table(
        "release_part",
        sa.Column("release_id", ID, nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_release_part_n")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["release.id"], name=op.f("fk_release_part_release_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("release_id", "file", "n", name=op.f("pk_release_part")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if sqlite:
            _sqlite_triggers(table)
        else:
            _postgresql_triggers(table)


def _sqlite_triggers(table: str) -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _postgresql_triggers(table: str) -> None:
    """The function `refuse` is from 0001."""
    for name, head, each in (
        ("append_only", "UPDATE OR DELETE", "ROW"),
        ("kept", "TRUNCATE", "STATEMENT"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {head} ON {table} FOR EACH {each}"
            f" EXECUTE FUNCTION refuse('{table} is append-only')"
        )
