"""The table of appraisals; ballots lie in a room of their own, and nobody can tell them apart."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from api.accounts.visibility import Marks
from ingest.state.database import Migrations

METADATA = sa.MetaData()
APPRAISAL = sa.Table(
    "judicial_appraisal",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("unit", sa.String(40), nullable=False),
    sa.Column("person", sa.String(40), nullable=False),
    sa.Column("office", sa.String(80), nullable=False),
    sa.Column("basis", sa.String(100), nullable=False),
    sa.Column("poll", sa.Integer, nullable=False, unique=True),
    sa.Column("report", sa.Text),
    sa.Column("last_day", sa.Date),
    sa.Column("meeting", sa.String(100)),
    sa.Column("decided_day", sa.Date),
    sa.Column("decision", sa.Text),
    sa.Column("measures", sa.Text),
    sa.Column("secrecy", sa.Integer, nullable=False),
)
"""``person`` in ``office`` of ``unit`` is appraised by the plan or resolution of ``basis``."""
MIGRATIONS = Migrations("judicial-appraisals", Path(__file__).parent / "migrations", METADATA)
MARKS = Marks(APPRAISAL.c.unit, APPRAISAL.c.secrecy, sa.false())
