"""Tables of documents for deputies, of who viewed confidential ones, and of weekly messages."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()

DOCUMENT = sa.Table(
    "duty_document",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("topic", sa.String(20), nullable=False),
    sa.Column("marking", sa.String(20), nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Index("duty_document_by_state", "state", "id"),
)
"""``secrecy`` is that of its state: restricted, and so the office's, but while it is published.
``unit`` is always null.
"""
VIEW = sa.Table(
    "duty_document_view",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("document", sa.Integer, sa.ForeignKey("duty_document.id"), nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("signed", sa.String(210), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("duty_document_view_by_document", "document", "id"),
)
DIGEST = sa.Table(
    "duty_document_digest",
    METADATA,
    sa.Column("week", sa.String(8), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""The weekly message of an ISO week such as 2026-W48, from when on documents wait for the next."""

MIGRATIONS = Migrations(
    "duty-briefing",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("duty_document_view", "duty_document_digest"),
)
MARKS = Marks(DOCUMENT.c.unit, DOCUMENT.c.secrecy, sa.false())
