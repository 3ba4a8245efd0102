"""Decisions of the office on changes, and its key expenditure: each a row that stays."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
DECISION = sa.Table(
    "budget_change_decision",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("change", sa.Text, nullable=False),
    sa.Column("triggers", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Index("budget_change_decision_by_year", "year", "id"),
)
"""``change`` is the number of a document, or of a row without one; ``triggers`` a JSON list. The
last one of a year and change holds.
"""
KEYS = sa.Table(
    "budget_key_functions",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("codes", sa.Text, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""Codes of functions as a JSON list; the last row holds."""
MIGRATIONS = Migrations(
    "budget_changes",
    Path(__file__).parent / "migrations",
    METADATA,
    insert_only=("budget_change_decision", "budget_key_functions"),
)
