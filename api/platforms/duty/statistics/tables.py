"""Counts of each suggestion: derived from events, and made anew at any time."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.platforms.duty.statistics.records import MEASURES
from ingest.state.database import Migrations

METADATA = sa.MetaData()
_CHOSEN = ("unit", "secrecy", "year", "session", "topic")
COUNTED = sa.Table(
    "duty_counted",
    METADATA,
    sa.Column("suggestion", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("session", sa.String(10), nullable=False),
    sa.Column("topic", sa.String(20), nullable=False),
    *(sa.Column(name, sa.Integer, nullable=False) for name in MEASURES),
    sa.Index("duty_counted_by_unit", *_CHOSEN, *MEASURES),
)
"""Of each suggestion that is or was in the hands of a unit: 1 or 0, and of promises how many. The
index holds all columns: sums read nothing else.
"""
THROUGH = sa.Table(
    "duty_counted_through",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("event", sa.Integer, nullable=False),
)
"""One row: the last event of procedures that was counted."""
MIGRATIONS = Migrations("duty-statistics", Path(__file__).parent / "migrations", METADATA)
