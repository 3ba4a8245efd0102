"""Tables of accounts, sessions and the audit, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "api", Path(__file__).parent / "migrations", METADATA, insert_only=("audit", "audit_link")
)

ACCOUNT = sa.Table(
    "account",
    METADATA,
    sa.Column("username", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("area", sa.String(100), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("language", sa.String(20), nullable=False, server_default=sa.text("''")),
)
SESSION = sa.Table(
    "session",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
)
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False, server_default=sa.text("''")),
    sa.Index("audit_by_time", "at_ms"),
    sa.Index("audit_by_person", "who", "id"),
    sa.Index("audit_by_person_acted_for", "on_behalf", "id"),
    sa.Index("audit_by_action", "action", "id"),
)
AUDIT_LINK = sa.Table(
    "audit_link",
    METADATA,
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("audit_id", sa.Integer, sa.ForeignKey("audit.id"), nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
    sa.Index("audit_link_by_row", "audit_id", unique=True),
)
