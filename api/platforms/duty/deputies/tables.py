"""Tables of the register of deputies."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()

TERM = sa.Table(
    "duty_term",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("from_day", sa.Date, nullable=False),
    sa.Column("until_day", sa.Date),
)
"""A term 届 of the congress, from the first session of its own to that of the next one; without a
last day while nobody knows it (代表法 art. 2).
"""
DEPUTY = sa.Table(
    "duty_deputy",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("term", sa.Integer, sa.ForeignKey("duty_term.number"), nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("delegation", sa.String(40), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("constituency", sa.String(100), nullable=False),
    sa.Column("certificate", sa.String(40)),
    sa.Column("sector", sa.String(40), nullable=False),
    sa.Column("gender", sa.String(10), nullable=False),
    sa.Column("education", sa.String(40), nullable=False),
    sa.Column("code", sa.String(8), nullable=False, unique=True),
    sa.UniqueConstraint("term", "username"),
    sa.UniqueConstraint("term", "certificate"),
    sa.Index("duty_deputy_by_username", "username", "term"),
)
"""A person who is a deputy in a term. ``delegation`` is a unit of that kind, ``position`` the
order of the office's list. By ``code`` voters write to the deputy; it says nothing else.
"""

MIGRATIONS = Migrations("duty-deputies", Path(__file__).parent / "migrations", METADATA)
