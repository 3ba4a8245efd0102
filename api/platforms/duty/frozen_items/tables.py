"""Copies of items that suggestions were made of. Nothing of them ever changes or goes."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
FROZEN_ITEM = sa.Table(
    "duty_frozen_item",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("suggestion", sa.Integer, nullable=False),
    sa.Column("platform", sa.String(20), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("item", sa.String(100), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("suggestion", "platform", "kind", "item", name="duty_frozen_item_once"),
)
"""``body`` is canonical JSON of reference, title and content, ``hash`` its SHA-256; ``who`` saw it
so, by username.
"""
MIGRATIONS = Migrations(
    "duty-frozen-items",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("duty_frozen_item",),
)
