"""Sets of published tables, the tables in them, their figures, and what some figures stand for.
Money is whole fen.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
SET = sa.Table(
    "budget_published",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("department", sa.String(200), nullable=False),
    sa.Column("unit", sa.String(40)),
    sa.Column("year", sa.Integer),
    sa.Column("stage", sa.String(10), nullable=False),
    sa.Column("ordinal", sa.Integer),
    sa.Column("tables", sa.Integer, nullable=False),
    sa.Column("breaks", sa.Integer, nullable=False),
    sa.Column("deferred", sa.Integer, nullable=False),
    sa.Column("checked", sa.Text, nullable=False),
    sa.Column("sent_by", sa.String(40), nullable=False),
    sa.Column("sent_ms", sa.BigInteger, nullable=False),
    sa.Column("confirmed_by", sa.String(40), nullable=False),
    sa.Column("confirmed_ms", sa.BigInteger),
    sa.Column("withdrawn_by", sa.String(40), nullable=False),
    sa.Column("withdrawn_ms", sa.BigInteger),
    sa.Column("why", sa.String(500), nullable=False),
    sa.Index("budget_published_by_year", "state", "year"),
    sa.Index("budget_published_by_digest", "digest"),
)
"""``ordinal`` counts confirmations: the latest of a department, year and stage stands."""
TABLE = sa.Table(
    "budget_published_table",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("published", sa.Integer, sa.ForeignKey("budget_published.id"), nullable=False),
    sa.Column("file", sa.String(300), nullable=False),
    sa.Column("sheet", sa.String(100), nullable=False),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("unit", sa.String(10), nullable=False),
    sa.Column("unit_from", sa.String(10), nullable=False),
    sa.Index("budget_published_table_by_set", "published", "id"),
)
FIGURE = sa.Table(
    "budget_published_figure",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("table", sa.Integer, sa.ForeignKey("budget_published_table.id"), nullable=False),
    sa.Column("side", sa.Integer, nullable=False),
    sa.Column("row", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("cell", sa.String(20), nullable=False),
    sa.Column("label", sa.String(200), nullable=False),
    sa.Column("code", sa.String(20), nullable=False),
    sa.Column("heading", sa.String(200), nullable=False),
    sa.Column("is_total", sa.Boolean, nullable=False),
    sa.Column("fen", sa.BigInteger, nullable=False),
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Index("budget_published_figure_by_table", "table", "id"),
)
MEANING = sa.Table(
    "budget_published_meaning",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("published", sa.Integer, sa.ForeignKey("budget_published.id"), nullable=False),
    sa.Column("means", sa.String(40), nullable=False),
    sa.Column("label", sa.String(200), nullable=False),
    sa.Column("money", sa.String(10), nullable=False),
    sa.Column("fen", sa.BigInteger, nullable=False),
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("sheet", sa.String(100), nullable=False),
    sa.Column("cell", sa.String(20), nullable=False),
    sa.Index("budget_published_meaning_by_set", "published", "id"),
)
"""Figures that rules look at, by what they stand for."""
MIGRATIONS = Migrations("budget_published", Path(__file__).parent / "migrations", METADATA)
