"""Entries of the table of laws that the office saved; none ever changes or goes."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
LAW = sa.Table(
    "documents_law",
    METADATA,
    sa.Column("key", sa.String(16), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("author", sa.String(100), nullable=False),
    sa.Column("account", sa.String(40), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("saved_ms", sa.BigInteger, nullable=False),
)
"""``document`` is JSON of a ``Law``; ``author`` the name as it was signed then."""
MIGRATIONS = Migrations(
    "documents_laws", Path(__file__).parent / "migrations", METADATA, insert_only=(LAW.name,)
)
