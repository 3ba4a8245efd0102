"""The table of sessions."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
SESSION = sa.Table(
    "duty_session",
    METADATA,
    sa.Column("town", sa.String(40), primary_key=True),
    sa.Column("term", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date),
    sa.Column("offered", sa.Boolean, nullable=False),
)
MIGRATIONS = Migrations("duty-sessions", Path(__file__).parent / "migrations", METADATA)
