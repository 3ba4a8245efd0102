"""The tables of monthly figures and of breaks. A version of a month is never changed but for what
the office decides of it.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
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
    sa.UniqueConstraint("body", "month", "version"),
)
"""``state`` is sent, accepted or returned; ``figures`` whole numbers by column as JSON; ``why`` is
the sender's for a further version, ``reason`` the office's for returning it.
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
MIGRATIONS = Migrations("judicial-figures", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(TABLE.c.body, TABLE.c.secrecy, TABLE.c.state == "accepted")
