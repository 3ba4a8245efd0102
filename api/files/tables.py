"""Tables of files: contents by their hash, and the things that they are attached to."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("files", Path(__file__).parent / "migrations", METADATA)

FILE = sa.Table(
    "file",
    METADATA,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("stored_ms", sa.BigInteger, nullable=False),
    sa.Column("scan", sa.String(10), nullable=False),
    sa.Column("virus", sa.String(200), nullable=False),
    sa.Column("scanned_ms", sa.BigInteger),
    sa.Column("gone_ms", sa.BigInteger),
    sa.Index("file_by_scan", "scan"),
)
ATTACHMENT = sa.Table(
    "attachment",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("file.sha256"), nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("sent_as", sa.String(200), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
    sa.Column("added_by", sa.String(40), nullable=False),
    sa.Column("added_for", sa.String(40), nullable=False),
    sa.Column("added_ms", sa.BigInteger, nullable=False),
    sa.Column("removed_by", sa.String(40)),
    sa.Column("removed_ms", sa.BigInteger),
    sa.Column("removed_why", sa.String(500), nullable=False),
    sa.Column("hidden_seen_by", sa.String(40)),
    sa.Column("hidden_seen_ms", sa.BigInteger),
    sa.Column("public_by", sa.String(40)),
    sa.Column("public_ms", sa.BigInteger),
    sa.Index("attachment_by_subject", "platform", "kind", "subject"),
    sa.Index("attachment_by_content", "sha256"),
)
