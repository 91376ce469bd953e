"""Alembic history for SQLite and PostgreSQL. A version is never edited once merged."""
