"""The table of hints that were closed."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
CLOSED = sa.Table(
    "closed_hint",
    METADATA,
    sa.Column("username", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(40), primary_key=True),
)
"""Of a person, who does not see it any more."""
MIGRATIONS = Migrations("hints", Path(__file__).parent / "migrations", METADATA)
