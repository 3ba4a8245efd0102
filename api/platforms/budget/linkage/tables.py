"""The chain of each year as columns, made by a job when loads came or were withdrawn."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("budget_linkage", Path(__file__).parent / "migrations", METADATA)
MAKING = sa.Table(
    "budget_linkage_making",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("year", sa.Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""A number is drawn before columns are made, and is never drawn again."""
PART = sa.Table(
    "budget_linkage_part",
    METADATA,
    sa.Column("making", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("name", sa.String(30), primary_key=True),
    sa.Column("part", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""The bytes of a column, cut so that no transaction is long."""
OF_YEAR = sa.Table(
    "budget_linkage_of_year",
    METADATA,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("making", sa.Integer, nullable=False),
    sa.Column("loads", sa.Text, nullable=False),
)
"""The making in force, and the loads that it is of, as JSON."""
