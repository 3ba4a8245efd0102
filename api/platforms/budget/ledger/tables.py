"""Payments of a load that stand, as columns. Each making has its generation; one row of
``budget_ledger_of_load`` says which is in force, so that a load's columns change at once.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("budget_ledger", Path(__file__).parent / "migrations", METADATA)
GENERATION = sa.Table(
    "budget_ledger_generation",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("load", sa.Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""A number is drawn before columns are made, and is never drawn again."""
PART = sa.Table(
    "budget_ledger_part",
    METADATA,
    sa.Column("generation", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(30), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""The bytes of a column, cut so that no transaction is long."""
OF_LOAD = sa.Table(
    "budget_ledger_of_load",
    METADATA,
    sa.Column("load", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.Integer, nullable=False),
)
MADE = sa.Table(
    "budget_ledger_made",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("loads", sa.Text, nullable=False),
    sa.Column("claim", sa.Integer, nullable=False),
    sa.Column("beat_ms", sa.BigInteger, nullable=False),
)
"""One row: the loads in force of which the columns are, as JSON; and the sign of life of whoever
makes them, 0 where nobody does.
"""
