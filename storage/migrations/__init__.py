"""Alembic's migrations: the only way the schema changes."""
