"""The table of draws. It has no column for a case number, a name or a decision."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()
DRAW = sa.Table(
    "judicial_draw",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.Column("scope", sa.Text, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("number_day", sa.Date, nullable=False),
    sa.Column("count", sa.Integer),
    sa.Column("list_hash", sa.String(64)),
    sa.Column("number", sa.String(60)),
    sa.Column("typed_by", sa.String(40)),
    sa.Column("seed", sa.String(64)),
    sa.Column("drawn", sa.Text),
    sa.Column("findings", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("measures", sa.Text),
    sa.Column("secrecy", sa.Integer, nullable=False),
)
"""``count`` lines has the body's own list, which stays with it; ``list_hash`` is the list's
SHA-256. ``drawn`` are numbers of its lines, and ``findings`` counts by kind, both as JSON.
"""
MIGRATIONS = Migrations("judicial-draws", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(DRAW.c.unit, DRAW.c.secrecy, sa.false())
