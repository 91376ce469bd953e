"""Runs the migrations on the connection that db/migrate.py hands over, each whole or not at all."""

from alembic import context
from sqlmodel import SQLModel

import db.models  # noqa: F401  the tables register themselves

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
