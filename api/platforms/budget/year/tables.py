"""Days that the office entered, and every act on one."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
YEAR = sa.Table(
    "budget_year",
    METADATA,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
)
"""Years whose terms of the calendar run."""
ENTRY = sa.Table(
    "budget_year_entry",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("occasion", sa.String(20), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("note", sa.String(100), nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Index("budget_year_entry_by_day", "day", "id"),
)
ACT = sa.Table(
    "budget_year_act",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("entry", sa.Integer, sa.ForeignKey("budget_year_entry.id"), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("why", sa.String(500), nullable=False),
    sa.Column("before", sa.String(10)),
    sa.Column("after", sa.String(10), nullable=False),
    sa.Index("budget_year_act_by_entry", "entry", "id"),
)
MIGRATIONS = Migrations(
    "budget_year", Path(__file__).parent / "migrations", METADATA, insert_only=("budget_year_act",)
)
