"""The tables of monthly figures, of breaks, of ranges, and of rows that came in files.

A version of a month is never changed but for what became of it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from api.kinds.tables import TableField, loaded_table
from api.platforms.judicial.figures.records.templates import FLOW, headers
from ingest.state.database import Migrations

METADATA = sa.MetaData()
TABLE = sa.Table(
    "judicial_table",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("body", sa.String(40), nullable=False),
    sa.Column("month", sa.String(7), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("figures", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("sent_by", sa.String(40), nullable=False),
    sa.Column("sent_ms", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("secrecy", sa.Integer, nullable=False),
    sa.Column("hidden", sa.Text, nullable=False),
    sa.Column("decided_by", sa.String(40), nullable=False),
    sa.Column("decided_ms", sa.BigInteger),
    sa.Column("load", sa.Integer),
    sa.UniqueConstraint("body", "month", "version"),
)
"""``state`` is sent, accepted, returned, or withdrawn with the load that brought it; ``figures``
whole numbers by cell as JSON, ``hidden`` the names of those that are not shown, from the moment of
acceptance on; ``why`` is the sender's for a further version, ``reason`` the office's for returning
it.
"""
BREAK = sa.Table(
    "judicial_break",
    METADATA,
    sa.Column("body", sa.String(40), primary_key=True),
    sa.Column("month", sa.String(7), primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("marked_by", sa.String(40), nullable=False),
    sa.Column("marked_ms", sa.BigInteger, nullable=False),
)
"""``month`` is the first that counts otherwise."""
RANGE = sa.Table(
    "judicial_range",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("body", sa.String(40), nullable=False),
    sa.Column("measure", sa.String(40), nullable=False),
    sa.Column("low", sa.Integer, nullable=False),
    sa.Column("high", sa.Integer, nullable=False),
    sa.Column("source", sa.String(200), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("entered_by", sa.String(40), nullable=False),
    sa.Column("entered_ms", sa.BigInteger, nullable=False),
)
"""Tenths of a percent point; of a body and measure the newest row counts."""


def _field(name: str, kind: str) -> TableField:
    names = headers()["row" if name == "kind" else name]
    words = f"judicial.figures.column-{name}"
    if kind == "text":
        return TableField(name, words, "text", names, key=True)
    return TableField(name, words, "integer", names, required=name in FLOW)


FIELDS = (
    TableField("body", "judicial.figures.body", "text", ("填报单位",), key=True, above=True),
    TableField("month", "judicial.figures.month", "month", ("统计期间",), key=True, above=True),
    _field("kind", "text"),
    *(_field(name, "integer") for name in headers() if name != "row"),
)
IMPORTED = loaded_table("judicial_imported", METADATA, FIELDS)
MIGRATIONS = Migrations("judicial-figures", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(TABLE.c.body, TABLE.c.secrecy, TABLE.c.state == "accepted")
