"""Totals of the payments of a load that stand. Each making has its generation; one row of
``budget_totals_of_load`` says which is in force, so that all of a load's totals change at once.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("budget_totals", Path(__file__).parent / "migrations", METADATA)


def _generation() -> list[sa.Column[int]]:
    return [
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("generation", sa.Integer, nullable=False),
    ]


def _sums() -> list[sa.Column[int]]:
    return [
        sa.Column("amount", sa.BigInteger, nullable=False),
        sa.Column("payments", sa.Integer, nullable=False),
    ]


TOTAL = sa.Table(
    "budget_total",
    METADATA,
    *_generation(),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("project_name", sa.Text, nullable=False),
    sa.Column("function", sa.Text, nullable=False),
    sa.Column("economic", sa.Text, nullable=False),
    sa.Column("fund", sa.Text, nullable=False),
    *_sums(),
    sa.Index("budget_total_by_generation", "generation", "month", "unit"),
)
"""By everything that totals are asked by; what a payment lacks is an empty text. ``project`` is
the code, or the name where there is none.
"""
PAYEE_TOTAL = sa.Table(
    "budget_payee_total",
    METADATA,
    *_generation(),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("unit", sa.Text, nullable=False),
    sa.Column("payee", sa.Text, nullable=False),
    *_sums(),
    sa.Index("budget_payee_total_by_generation", "generation", "month", "unit"),
)
PHRASE = sa.Table(
    "budget_phrase",
    METADATA,
    *_generation(),
    sa.Column("field", sa.String(10), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("budget_phrase_by_generation", "generation", "field"),
)
"""Each payee and use once: words are looked for in them, not in a million rows."""
OF_LOAD = sa.Table(
    "budget_totals_of_load",
    METADATA,
    sa.Column("load", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.Integer, nullable=False),
)
GENERATION = sa.Table(
    "budget_totals_generation",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("load", sa.Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""A number is drawn before totals are made, and is never drawn again."""
MADE = sa.Table(
    "budget_totals_made",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("loads", sa.Text, nullable=False),
    sa.Column("claim", sa.Integer, nullable=False),
    sa.Column("beat_ms", sa.BigInteger, nullable=False),
)
"""One row: the loads in force of which the totals are, as JSON; and the sign of life of whoever
makes them, 0 where nobody does.
"""
