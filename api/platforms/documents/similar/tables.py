"""Signatures of the clauses of texts."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
SIGNATURE = sa.Table(
    "documents_signature",
    METADATA,
    sa.Column("text_version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("engine", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
"""``content`` as ``documents.comparing.signatures`` writes it, of the clauses in their order;
``engine`` the source that cut them.
"""
MIGRATIONS = Migrations("documents_similar", Path(__file__).parent / "migrations", METADATA)
